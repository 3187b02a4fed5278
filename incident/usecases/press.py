"""Write the PDF of a version: DRAFT until a second person signed it, APPROVED afterwards, EXERCISE in an exercise.

The approved PDF is stored in the vault the first time it is written and handed out again unchanged.
"""

import json
import os
import re
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from sqlmodel import select

from incident.documents.pdf import render_pdf
from incident.documents.render import ApprovalLine, FieldChange, Frame, Letterhead, Mark, render_html
from incident.domain.incident import Incident
from incident.domain.notice import NoticeKind, NoticeTemplate, NoticeVersion
from incident.domain.organisation import Organisation
from incident.errors import StoreError
from incident.store.tables import DocumentRow, NoticeRow, NoticeVersionRow
from incident.usecases.catalogue import catalogue
from incident.usecases.desk import Desk, organisation, responders
from incident.usecases.incidents import incident_of
from incident.usecases.roles import assignments
from incident.usecases.versions import VersionView, version_view, versions


@dataclass(frozen=True, slots=True)
class Written:
    """A PDF on disk: where, what it is marked as, and its hash."""

    path: Path
    mark: Mark
    sha256: str
    title: str


def write_pdf(desk: Desk, version_id: UUID, folder: Path, *, now: datetime) -> Written:
    """Write a version's PDF into a folder (created 0700, the file 0600): the one plain copy outside the vault."""
    view = version_view(desk, version_id)
    with desk.workspace.reading() as session:
        notice = session.get_one(NoticeRow, view.version.notice_id)
        session.expunge(notice)
    incident = incident_of(desk, notice.incident_id)
    template = catalogue().template(notice.template)
    mark = _mark(incident, view)
    pdf = _stored(desk, version_id, mark)
    if pdf is None:
        pdf = _render(desk, view, notice, incident, template, mark)
        _keep(desk, incident, version_id, mark, pdf, now=now)
    path = folder / _file_name(incident, template, notice, view.version, mark)
    write_private(path, pdf)
    return Written(path, mark, sha256(pdf).hexdigest(), template.title)


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only its owner reads, whole or not at all."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside = path.with_name(path.name + ".part")
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        beside.replace(path)
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror}.", "Choose another folder with --to.") from error


def _mark(incident: Incident, view: VersionView) -> Mark:
    if incident.exercise:
        return Mark.EXERCISE
    return Mark.APPROVED if view.is_approved else Mark.DRAFT


def _stored(desk: Desk, version_id: UUID, mark: Mark) -> bytes | None:
    query = select(DocumentRow).where(DocumentRow.version_id == version_id, DocumentRow.mark == mark.value)
    with desk.workspace.reading() as session:
        row = session.exec(query).first()
        return row.pdf if row is not None else None


def _keep(desk: Desk, incident: Incident, version_id: UUID, mark: Mark, pdf: bytes, *, now: datetime) -> None:
    digest = sha256(pdf).hexdigest()
    detail = {"version": str(version_id), "mark": mark.value, "sha256": digest}
    with desk.workspace.change("notice.pdf", now=now, incident_id=incident.id, detail=detail) as session:
        session.add(DocumentRow(version_id=version_id, mark=mark.value, sha256=digest, pdf=pdf))


def _render(
    desk: Desk, view: VersionView, notice: NoticeRow, incident: Incident, template: NoticeTemplate, mark: Mark
) -> bytes:
    profile = organisation(desk)
    version = view.version
    frame = Frame(
        organisation=letterhead(profile),
        reference=incident.reference,
        code_name=incident.code_name,
        on_behalf_of=notice.on_behalf_of,
        recipient_name=notice.recipient_name,
        recipient_address=notice.recipient_address,
        kind=version.kind,
        version_number=version.number,
        mark=mark,
        made_at=version.made_at,
        zone=profile.timezone,
        language=notice.language,
        content_hash=version.content_hash,
        journal_seq=version.journal_seq,
        journal_hash=version.journal_hash,
        approvals=_approvals(desk, view, incident),
        citations=(template.citation,) if template.citation else (),
        changes=_changes(desk, view.version, template),
        to_follow=_to_follow(version),
    )
    html = render_html(template, plain_fields(version), frame)
    embedded = json.dumps(version.content, sort_keys=True, ensure_ascii=False, indent=1).encode()
    title = f"{template.title} · {incident.reference}"
    return render_pdf(html, title=title, language=notice.language, notice_json=embedded, made_at=version.made_at)


def _to_follow(version: NoticeVersion) -> tuple[str, ...]:
    follow = version.content.get("to_follow", [])
    return tuple(str(each) for each in follow) if isinstance(follow, list) else ()


def letterhead(profile: Organisation) -> Letterhead:
    """The organisation as it stands at the head of a document."""
    return Letterhead(
        name=profile.legal_name or profile.name,
        address_lines=tuple(line.strip() for line in profile.address.splitlines() if line.strip()),
        email=profile.contact_email,
        phone=profile.contact_phone,
        website=profile.website,
        registration=profile.registration,
    )


def plain_fields(version: NoticeVersion) -> dict[str, object]:
    """The bare field values of a frozen version, as its template takes them."""
    held = version.content.get("fields", {})
    return {key: each["value"] for key, each in held.items()} if isinstance(held, dict) else {}


def _approvals(desk: Desk, view: VersionView, incident: Incident) -> tuple[ApprovalLine, ...]:
    if not view.is_approved:
        return ()
    people = {each.id: each.name for each in responders(desk)}
    roles = {each.responder_id: each.role.label for each in assignments(desk, incident) if not each.relinquished_at}
    return tuple(
        ApprovalLine(name=people.get(each.by, ""), role=roles.get(each.by, "approver"), at=each.at)
        for each in view.approvals
        if each.approved
    )


def _changes(desk: Desk, version: NoticeVersion, template: NoticeTemplate) -> tuple[FieldChange, ...]:
    """What changed since the recipient was last told; empty for a first notice."""
    if version.kind is NoticeKind.INITIAL:
        return ()
    earlier = [
        each.version for each in versions(desk, version.notice_id) if each.filings and each.version.number < version.number
    ]
    if not earlier:
        return ()
    before, after = plain_fields(earlier[-1]), plain_fields(version)
    return tuple(
        FieldChange(field.key, before.get(field.key), after.get(field.key))
        for field in template.fields
        if before.get(field.key) != after.get(field.key)
    )


def _file_name(incident: Incident, template: NoticeTemplate, notice: NoticeRow, version: NoticeVersion, mark: Mark) -> str:
    places = "-".join(sorted({each.split("@")[1] for each in notice.obligations if "@" in each}))
    whose = re.sub(r"[^A-Za-z0-9]+", "-", notice.on_behalf_of).strip("-").lower()
    parts = [incident.reference, template.slug, places, whose, notice.language, f"v{version.number}", mark.value]
    return "_".join(part for part in parts if part) + ".pdf"


def version_numbered(desk: Desk, notice_id: UUID, number: int | None) -> NoticeVersionRow | None:
    """The version row with this number (None: the newest), if there is one."""
    query = select(NoticeVersionRow).where(NoticeVersionRow.notice_id == notice_id)
    with desk.workspace.reading() as session:
        rows = sorted(session.exec(query).all(), key=lambda each: each.number)
        found = [each for each in rows if number is None or each.number == number]
        for each in found:
            session.expunge(each)
        return found[-1] if found else None
