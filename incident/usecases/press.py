"""Write the PDF of a version: DRAFT until a second person signed it, APPROVED afterwards, EXERCISE in an exercise.

It is printed from the page that was frozen and signed, never from a template read later. The approved PDF is stored
in the vault the first time it is written and handed out again unchanged.
"""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from sqlmodel import col, select

from incident.documents.page import ApprovalLine, Dress, Mark, dress
from incident.documents.pdf import render_pdf
from incident.domain.access import AccessAct
from incident.domain.incident import Incident
from incident.domain.notice import NoticeVersion
from incident.errors import StoreError
from incident.store.durable import write_whole
from incident.store.tables import DocumentRow, NoticeRow, NoticeVersionRow
from incident.usecases.access import record_access
from incident.usecases.assignments import assignments
from incident.usecases.catalogue import catalogue
from incident.usecases.desk import Desk, responders
from incident.usecases.incidents import incident_of
from incident.usecases.notices import draft
from incident.usecases.pages import plain_fields
from incident.usecases.versions import VersionView, kept_page, version_view, void_by_change


@dataclass(frozen=True, slots=True)
class Written:
    """A PDF on disk: where, what it is marked as, and its hash."""

    path: Path
    mark: Mark
    sha256: str
    title: str
    void: str = ""
    """The sentence that says that the draft has changed since this version was approved; empty while it has not."""


def write_pdf(desk: Desk, version_id: UUID, folder: Path, *, now: datetime) -> Written:
    """Write a version's PDF into a folder (created 0700, the file 0600): the one plain copy outside the vault."""
    pressed = pdf_of(desk, version_id, now=now)
    path = folder / pressed.name
    write_private(path, pressed.pdf)
    record_access(desk, AccessAct.EXPORTED, "a notice as PDF", pressed.incident, now=now)
    title, void = str(pressed.view.version.content["title"]), _void(desk, pressed.view, pressed.notice, now)
    return Written(path, pressed.mark, sha256(pressed.pdf).hexdigest(), title, void)


@dataclass(frozen=True, slots=True)
class Pressed:
    """A version's PDF in memory, with what it was made of and the name of its file."""

    pdf: bytes
    name: str
    mark: Mark
    view: VersionView
    incident: Incident
    notice: NoticeRow


def pdf_of(desk: Desk, version_id: UUID, *, now: datetime) -> Pressed:
    """A version's PDF: the one that is kept, or pressed now and kept."""
    view = version_view(desk, version_id)
    with desk.workspace.reading() as session:
        notice = session.get_one(NoticeRow, view.version.notice_id)
        session.expunge(notice)
    incident = incident_of(desk, notice.incident_id)
    mark = _mark(incident, view)
    pdf = _stored(desk, version_id, mark)
    if pdf is None:
        pdf = _pressed(desk, view, incident, mark)
        _keep(desk, incident, version_id, mark, pdf, now=now)
    return Pressed(pdf, _file_name(desk, incident, notice, view.version, mark), mark, view, incident, notice)


def _void(desk: Desk, view: VersionView, notice: NoticeRow, now: datetime) -> str:
    if notice.template not in catalogue().templates:
        return ""
    return void_by_change(draft(desk, notice.id, now=now), view)


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only its owner reads, whole or not at all."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_whole(path, content)
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


def _pressed(desk: Desk, view: VersionView, incident: Incident, mark: Mark) -> bytes:
    """The kept page, dressed; the content's hash and the journal stand in the file's own metadata."""
    version = view.version
    wear = Dress(
        mark=mark,
        reference=incident.reference,
        version_number=version.number,
        content_hash=version.content_hash,
        journal_seq=version.journal_seq,
        journal_hash=version.journal_hash,
        approvals=_approvals(desk, view, incident),
    )
    kept = kept_page(version)
    return render_pdf(
        dress(kept, wear),
        title=f"{version.content['title']} · {incident.reference}",
        language=kept.words.language,
        notice_json=_attached(version),
        made_at=version.made_at,
        keywords=(f"SHA-256 {version.content_hash}", f"journal {version.journal_seq} {version.journal_hash}"),
    )


_ATTACHED = ("format", "title", "language", "kind", "on_behalf_of", "to_follow")


def _attached(version: NoticeVersion) -> bytes:
    """What the document says as data: nothing that does not stand on it, such as who said what in our team."""
    content = {key: version.content.get(key) for key in _ATTACHED} | {"fields": plain_fields(version.content)}
    return json.dumps(content, sort_keys=True, ensure_ascii=False, indent=1).encode()


def _approvals(desk: Desk, view: VersionView, incident: Incident) -> tuple[ApprovalLine, ...]:
    if not view.is_approved:
        return ()
    people = {each.id: each.name for each in responders(desk)}
    roles = {each.responder_id: each.role.value for each in assignments(desk, incident) if not each.relinquished_at}
    return tuple(
        ApprovalLine(name=people.get(each.by, ""), role=roles.get(each.by, "approver"), at=each.at)
        for each in view.approvals
        if each.approved
    )


def _file_name(desk: Desk, incident: Incident, notice: NoticeRow, version: NoticeVersion, mark: Mark) -> str:
    """Its parts name the notice; a second notice with the same parts has its number among them."""
    query = select(NoticeRow).where(NoticeRow.incident_id == incident.id).order_by(col(NoticeRow.created_at))
    with desk.workspace.reading() as session:
        kin = [each.id for each in session.exec(query).all() if _name_parts(each) == _name_parts(notice)]
    number = kin.index(notice.id) + 1
    which = str(number) if number > 1 else ""
    parts = [incident.reference, *_name_parts(notice), which, f"v{version.number}", mark.value]
    return "_".join(part for part in parts if part) + ".pdf"


def _name_parts(notice: NoticeRow) -> tuple[str, ...]:
    places = "-".join(sorted({each.split("@")[1] for each in notice.obligations if "@" in each}))
    whose = re.sub(r"[^A-Za-z0-9]+", "-", notice.on_behalf_of).strip("-").lower()
    return notice.template, places, whose, notice.language


def version_numbered(desk: Desk, notice_id: UUID, number: int | None) -> NoticeVersionRow | None:
    """The version row with this number (None: the newest), if there is one."""
    query = select(NoticeVersionRow).where(NoticeVersionRow.notice_id == notice_id)
    with desk.workspace.reading() as session:
        rows = sorted(session.exec(query).all(), key=lambda each: each.number)
        found = [each for each in rows if number is None or each.number == number]
        for each in found:
            session.expunge(each)
        return found[-1] if found else None
