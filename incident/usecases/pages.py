"""The page of a notice as it stands: its letterhead, which notice it follows, and what changed since that one."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session, col, select

from incident.documents.lines import FieldChange
from incident.documents.page import Page, render_page
from incident.documents.render import Earlier, Frame, Letterhead
from incident.domain.form import asked_fields, said_by_kind
from incident.domain.notice import Notice, NoticeForm, NoticeKind
from incident.domain.organisation import Organisation
from incident.store.tables import FilingRow, NoticeRow, NoticeVersionRow
from incident.usecases.desk import Desk, organisation
from incident.usecases.incidents import incident_of
from incident.usecases.notices import Draft

_FOLLOWS = ("notice.report", "notice.earlier_reference")


def page(desk: Desk, drafted: Draft, kind: NoticeKind, number: int, *, now: datetime) -> Page:
    """The page of this draft as its version `number` will keep it; DocumentError when the template cannot be filled."""
    notice = drafted.notice
    incident = incident_of(desk, notice.incident_id)
    fields = {key: each.value for key, each in notice.fields.items()}
    follows = kind is not NoticeKind.INITIAL and drafted.template.form is not NoticeForm.LETTER
    with desk.workspace.reading() as session:
        earlier = _earlier(session, notice, now) if follows else None
        before = _said_before(session, drafted, now) if follows else None
    frame = Frame(
        organisation=letterhead(organisation(desk)),
        reference=incident.reference,
        code_name=incident.code_name,
        on_behalf_of=notice.on_behalf_of,
        recipient_name=notice.recipient_name,
        recipient_address=notice.recipient_address,
        kind=kind,
        version_number=number,
        made_at=now,
        zone=drafted.zone,
        language=notice.language,
        earlier=earlier,
        changes=_changes(drafted, before, _printed(drafted, fields, kind, earlier), kind) if before is not None else (),
        to_follow=drafted.to_follow if kind is NoticeKind.INITIAL else (),
        facts=drafted.facts,
    )
    return render_page(drafted.template, fields, frame)


def letterhead(profile: Organisation) -> Letterhead:
    """The organisation as it stands at the head of a document."""
    return Letterhead(
        name=profile.legal_name or profile.name,
        address_lines=tuple(line.strip() for line in profile.address.splitlines() if line.strip()),
        email=profile.contact_email,
        phone=profile.contact_phone,
        website=profile.website,
        registration=profile.registration,
        logo=profile.logo,
    )


def plain_fields(content: Mapping[str, object]) -> dict[str, object]:
    """The bare field values of a frozen content, as a template takes them."""
    held = content.get("fields", {})
    return {key: each["value"] for key, each in held.items()} if isinstance(held, dict) else {}


def _earlier(session: Session, notice: Notice, now: datetime) -> Earlier | None:
    """The first sending that met one of this notice's duties: a follow-up quotes it."""
    first = session.exec(
        select(FilingRow)
        .where(FilingRow.incident_id == notice.incident_id, FilingRow.on_behalf_of == notice.on_behalf_of)
        .where(col(FilingRow.obligation).in_(notice.obligations), FilingRow.filed_at <= now)
        .order_by(col(FilingRow.filed_at))
    ).first()
    return Earlier(first.reference, first.filed_at) if first is not None else None


def _printed(drafted: Draft, fields: Mapping[str, object], kind: NoticeKind, earlier: Earlier | None) -> dict[str, object]:
    """The answers as the page prints them: what the kind of notice says by itself stands where nobody wrote it."""
    reference = earlier.reference if earlier is not None else ""
    said = said_by_kind(drafted.template, kind, follows=earlier is not None, reference=reference)
    return {**fields, **{key: value for key, value in said.items() if fields.get(key) is None}}


def _said_before(session: Session, drafted: Draft, now: datetime) -> dict[str, object] | None:
    """What the last version sent to the same recipient in the same language printed; None when there is none."""
    notice = drafted.notice
    rows = session.exec(
        select(NoticeVersionRow, FilingRow)
        .join(FilingRow, col(FilingRow.version_id) == col(NoticeVersionRow.id))
        .join(NoticeRow, col(NoticeRow.id) == col(NoticeVersionRow.notice_id))
        .where(NoticeRow.template == notice.template, NoticeRow.on_behalf_of == notice.on_behalf_of)
        .where(NoticeRow.incident_id == notice.incident_id, FilingRow.filed_at <= now)
        .where(col(FilingRow.obligation).in_(notice.obligations))
        .order_by(col(FilingRow.filed_at).desc())
    ).all()
    found = next((version for version, _ in rows if version.content.get("language") == notice.language), None)
    if found is None:
        return None
    kind = NoticeKind(found.kind)
    earlier = _earlier(session, notice, found.made_at) if kind is not NoticeKind.INITIAL else None
    return _printed(drafted, plain_fields(found.content), kind, earlier)


def _changes(
    drafted: Draft, before: Mapping[str, object], after: Mapping[str, object], kind: NoticeKind
) -> tuple[FieldChange, ...]:
    """What the form prints differently: only what it asks, and not that this notice follows the earlier one."""
    asked = asked_fields(drafted.template.fields, after, drafted.facts, kind)
    return tuple(
        FieldChange(field.key, before.get(field.key), after.get(field.key))
        for field in drafted.template.fields
        if field.key in asked
        and (field.source not in _FOLLOWS or drafted.notice.fields[field.key].edited)
        and before.get(field.key) != after.get(field.key)
    )
