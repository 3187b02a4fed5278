"""Freeze a notice's text and have a second person sign it.

The signature (Ed25519) is over the hash of the frozen content, which holds the page as it will be printed: an approval
names exactly one text, whatever becomes of its template.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from sqlmodel import Session, col, select

from incident.documents.page import Page, page_of
from incident.domain.form import kind_contradicts
from incident.domain.notice import Approval, FieldValue, Filing, NoticeKind, NoticeVersion, VersionState
from incident.domain.permission import may_sign_version
from incident.errors import RefusedError
from incident.store.tables import ApprovalRow, FilingRow, NoticeRow, NoticeVersionRow, ResponderRow
from incident.store.values import value_of
from incident.store.workspace import Workspace
from incident.usecases.desk import Desk
from incident.usecases.incidents import incident_of, require_open
from incident.usecases.marked_passages import refuse_unclear_marks, unclear_marks
from incident.usecases.notice_check import notice_check
from incident.usecases.notices import Draft, draft
from incident.usecases.pages import page, plain_fields

_PURPOSE = b"incident notice approval v1\0"


@dataclass(frozen=True, slots=True)
class VersionView:
    """A version with what happened to it; the state follows from approvals and filings."""

    version: NoticeVersion
    approvals: tuple[Approval, ...]
    filings: tuple[Filing, ...]
    signature_holds: bool
    """Every approval's signature was checked against the signer's public key and this content."""

    @property
    def state(self) -> VersionState:
        """Filed, approved or draft."""
        if self.filings:
            return VersionState.FILED
        return VersionState.APPROVED if self.is_approved else VersionState.DRAFT

    @property
    def is_approved(self) -> bool:
        """Signed by a second person, the signature holds, and nobody's later refusal stands."""
        return self.signature_holds and bool(self.approvals) and self.approvals[-1].approved


def canonical(content: Mapping[str, object]) -> bytes:
    """The bytes that are hashed: JSON with sorted keys, no spaces, UTF-8."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def freeze(desk: Desk, notice_id: UUID, kind: NoticeKind, *, now: datetime, as_written: bool = False) -> NoticeVersion:
    """Make a version of the notice as it stands; one that lacks an element cannot be called complete.

    A notice to people that is hard to read is frozen only `as_written`, by somebody who means it; the journal says so.
    """
    drafted = draft(desk, notice_id, now=now)
    require_open(incident_of(desk, drafted.notice.incident_id))
    _refuse_incomplete(drafted, kind)
    if not as_written:
        _refuse_hard_text(drafted)
    with desk.workspace.reading() as session:
        number = _next_number(session, notice_id)
    content = _content(drafted, kind) | {"page": page(desk, drafted, kind, number, now=now).content()}
    head = desk.workspace.head()
    incident_id = drafted.notice.incident_id
    detail = {"notice": str(notice_id), "kind": kind.value, **({"as_written": True} if as_written else {})}
    with desk.workspace.change("notice.version", now=now, incident_id=incident_id, detail=detail) as session:
        if _next_number(session, notice_id) != number:
            raise RefusedError("Somebody froze a version at the same moment.", "Look at theirs, then freeze again.")
        row = NoticeVersionRow(
            notice_id=notice_id,
            number=number,
            kind=kind,
            content_hash=sha256(canonical(content)).hexdigest(),
            content=content,
            made_by=desk.me.id,
            made_at=now,
            journal_seq=head.seq,
            journal_hash=head.hash,
        )
        session.add(row)
        session.flush()
        return value_of(NoticeVersion, row)


def _next_number(session: Session, notice_id: UUID) -> int:
    made = session.exec(select(NoticeVersionRow.number).where(NoticeVersionRow.notice_id == notice_id)).all()
    return max(made, default=0) + 1


def _refuse_incomplete(drafted: Draft, kind: NoticeKind) -> None:
    check = drafted.completeness
    title = drafted.template.title
    if kind is NoticeKind.COMPLETE and not check.may_be_complete:
        raise RefusedError(f"«{title}» is not complete: {_some(check.missing)}.", "Fill these, or make an initial version.")
    if kind is NoticeKind.INITIAL and not check.may_be_initial:
        lacking = _some(check.wanted_at_once)
        raise RefusedError(f"«{title}» lacks what cannot follow later: {lacking}.", "Fill this first; the rest may follow.")
    if not drafted.notice.recipient_name.strip():
        raise RefusedError(f"«{title}» has no recipient.", "Say to whom it goes.")
    refuse_unclear_marks(unclear_marks(drafted.template, drafted.notice.fields))
    _refuse_other_kind(drafted, kind)


def _refuse_other_kind(drafted: Draft, kind: NoticeKind) -> None:
    """The form's own answer to what kind of notice it is cannot be another than the version's."""
    for field in drafted.template.fields:
        chosen = drafted.notice.fields[field.key].value
        if chosen is not None and kind_contradicts(field, chosen, kind):
            said = dict(field.choices).get(str(chosen), str(chosen))
            raise RefusedError(
                f"{field.label}: «{said}» was chosen, and this version is {kind.value}.",
                f"Freeze the kind that was chosen, or let the field follow: `incident notice edit N {field.key}`.",
            )


def _refuse_hard_text(drafted: Draft) -> None:
    check = notice_check(drafted)
    if check.told_against_law:
        told = check.told_against_law[0]
        raise RefusedError(f"{told.label}: {told.text}", "Mend it; if it does not tell it, freeze it as it is (--as-written).")
    hard = check.hard
    if not hard:
        return
    first = hard[0].verdict
    longest = f" Its longest sentence has {first.longest[0].words} words." if first.longest else ""
    raise RefusedError(
        f"{hard[0].label}: ordinary people read this, and it is {first.text}.{longest}",
        "`incident notice check` shows what to mend; to freeze it as it is, say so (--as-written).",
    )


def _some(lacking: Sequence[str]) -> str:
    return "; ".join(lacking[:5]) + (" …" if len(lacking) > 5 else "")


def _content(drafted: Draft, kind: NoticeKind) -> dict[str, object]:
    notice = drafted.notice
    return {
        "format": "incident-notice/2",
        "template": notice.template,
        "title": drafted.template.title_in(notice.language),
        "language": notice.language,
        "kind": kind.value,
        "obligations": list(notice.obligations),
        "recipient": {"name": notice.recipient_name, "address": notice.recipient_address},
        "on_behalf_of": notice.on_behalf_of,
        "fields": {key: _field_content(value) for key, value in notice.fields.items()},
        "to_follow": list(drafted.to_follow) if kind is NoticeKind.INITIAL else [],
    }


def _field_content(value: FieldValue) -> dict[str, object]:
    return {"value": value.value, "source": value.source, "said_by": value.said_by, "edited": value.edited}


def kept_page(version: NoticeVersion) -> Page:
    """The page that was frozen with a version; refused for one from before pages were kept."""
    kept = version.content.get("page")
    if not isinstance(kept, dict):
        raise RefusedError(f"Version {version.number} was frozen before pages were kept with it.", "Freeze it again.")
    return page_of(kept)


def changed_since(drafted: Draft, version: NoticeVersion) -> tuple[str, ...]:
    """What the draft says differently now than this version does: labels of fields, recipient, language."""
    then, now = version.content, json.loads(canonical(_content(drafted, version.kind)))
    said_then, said_now = plain_fields(then), plain_fields(now)
    found = [each.label for each in drafted.template.fields if said_then.get(each.key) != said_now.get(each.key)]
    found += [key.replace("_", " ") for key in ("recipient", "language", "on_behalf_of") if then.get(key) != now[key]]
    return tuple(found)


def void_by_change(drafted: Draft, view: VersionView, *, even_if_sent: bool = False) -> str:
    """The sentence that says that an approved version is no longer what the draft says; empty while it still is.

    A version that was sent stays what was sent, unless somebody is about to send it again (`even_if_sent`).
    """
    stands = view.is_approved and (even_if_sent or not view.filings)
    changed = changed_since(drafted, view.version) if stands else ()
    if not changed:
        return ""
    return f"The draft has changed since version {view.version.number} was approved ({_some(changed)})."


def as_it_was(number: int) -> str:
    """The mend for a version that the draft has left behind."""
    return f"Freeze and approve again, or take version {number} as it was with --version {number}."


def approve(desk: Desk, version_id: UUID, *, now: datetime, refuse: bool = False, note: str = "") -> Approval:
    """Sign a version as the second person, or refuse it with reasons."""
    with desk.workspace.reading() as session:
        version, notice = _version_in(session, version_id)
        edited_by = frozenset(UUID(each) for each in notice.edited_by) | {notice.created_by or version.made_by}
    allowed, why = may_sign_version(desk.me, made_by=version.made_by, edited_by=edited_by)
    if not allowed:
        raise RefusedError(why, "Ask another responder who may approve.")
    _refuse_second_signature(version_view(desk, version_id), desk.me.id, approves=not refuse)
    if refuse and not note.strip():
        raise RefusedError("A refusal needs its reasons.", "Say what must change.")
    kept_page(version)
    if sha256(canonical(version.content)).hexdigest() != version.content_hash:
        raise RefusedError("This version's content does not match its hash.", "Run `incident journal verify`.")
    act = "notice.refuse" if refuse else "notice.approve"
    detail = {"version": str(version_id), "content_hash": version.content_hash}
    with desk.workspace.change(act, now=now, incident_id=notice.incident_id, detail=detail) as session:
        row = ApprovalRow(
            version_id=version_id,
            by=desk.me.id,
            approved=not refuse,
            at=now,
            content_hash=version.content_hash,
            signature=desk.workspace.sign(_message(version.content_hash, approved=not refuse)),
            public_key=desk.workspace.public_key,
            note=note.strip(),
        )
        session.add(row)
        session.flush()
        return value_of(Approval, row)


def _refuse_second_signature(view: VersionView, signer: UUID, *, approves: bool) -> None:
    mine = [each for each in view.approvals if each.by == signer]
    if mine and mine[-1].approved is approves:
        done = "signed" if approves else "refused"
        raise RefusedError(f"You {done} this version already.", "Once is enough; `incident notice show` lists who signed.")


def _message(content_hash: str, *, approved: bool) -> bytes:
    return _PURPOSE + (b"approved\0" if approved else b"refused\0") + content_hash.encode()


def _version_in(session: Session, version_id: UUID) -> tuple[NoticeVersion, NoticeRow]:
    row = session.get(NoticeVersionRow, version_id)
    if row is None:
        raise RefusedError(f"There is no version {version_id}.", "`incident notice show` lists the versions.")
    notice = session.get_one(NoticeRow, row.notice_id)
    session.expunge(notice)
    return value_of(NoticeVersion, row), notice


def versions(desk: Desk, notice_id: UUID) -> tuple[VersionView, ...]:
    """Every version of a notice, the oldest first, with approvals checked against their signers' keys."""
    query = select(NoticeVersionRow).where(NoticeVersionRow.notice_id == notice_id).order_by(col(NoticeVersionRow.number))
    with desk.workspace.reading() as session:
        return tuple(_view(session, value_of(NoticeVersion, row)) for row in session.exec(query).all())


def version_view(desk: Desk, version_id: UUID) -> VersionView:
    """One version with its approvals and filings."""
    with desk.workspace.reading() as session:
        return _view(session, _version_in(session, version_id)[0])


def _view(session: Session, version: NoticeVersion) -> VersionView:
    approvals = session.exec(
        select(ApprovalRow).where(ApprovalRow.version_id == version.id).order_by(col(ApprovalRow.at))
    ).all()
    filings = session.exec(select(FilingRow).where(FilingRow.version_id == version.id).order_by(col(FilingRow.filed_at))).all()
    matches = sha256(canonical(version.content)).hexdigest() == version.content_hash
    return VersionView(
        version=version,
        approvals=tuple(value_of(Approval, each) for each in approvals),
        filings=tuple(value_of(Filing, each) for each in filings),
        signature_holds=matches and all(_holds(session, each, version) for each in approvals),
    )


def _holds(session: Session, approval: ApprovalRow, version: NoticeVersion) -> bool:
    signer = session.get(ResponderRow, approval.by)
    if signer is None or approval.content_hash != version.content_hash:
        return False
    keys = {signer.public_key, *(bytes.fromhex(each) for each in signer.former_public_keys)}
    return approval.public_key in keys and Workspace.verify_signature(
        approval.public_key, _message(version.content_hash, approved=approval.approved), approval.signature
    )
