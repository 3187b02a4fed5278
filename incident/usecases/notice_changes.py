"""What may be done with a notice besides its words: another language, or dropping what nobody signed or sent."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, select

from incident.errors import RefusedError
from incident.store.notice_tables import CopiedFieldRow, UnsavedTextRow
from incident.store.tables import ApprovalRow, DocumentRow, FilingRow, NoticeRow, NoticeVersionRow
from incident.usecases.catalogue import catalogue
from incident.usecases.desk import Desk
from incident.usecases.incidents import incident_of, require_open
from incident.usecases.notices import Draft, draft, require_language


def set_language(desk: Desk, notice_id: UUID, language: str, *, now: datetime) -> Draft:
    """Write the notice in another language; words that somebody wrote by hand stay as they are."""
    held = draft(desk, notice_id, now=now).notice
    require_open(incident_of(desk, held.incident_id))
    require_language(catalogue().template(held.template), language)
    if language == held.language:
        raise RefusedError(f"The notice is in «{language}» already.", "Name another language.")
    detail = {"notice": str(notice_id), "language": language}
    with desk.workspace.change("notice.language", now=now, incident_id=held.incident_id, detail=detail) as session:
        row = session.get_one(NoticeRow, notice_id)
        row.language = language
        row.edited_by = sorted({*row.edited_by, str(desk.me.id)})
        session.add(row)
    return draft(desk, notice_id, now=now)


def drop(desk: Desk, notice_id: UUID, *, now: datetime) -> None:
    """Take away a notice of which no version was signed, refused or sent; the journal keeps that it was there."""
    with desk.workspace.reading() as session:
        row = session.get(NoticeRow, notice_id)
        if row is None:
            raise RefusedError(f"There is no notice {notice_id}.", "`incident notice list` shows the notices.")
        incident_id, template = row.incident_id, row.template
        frozen = session.exec(select(NoticeVersionRow).where(NoticeVersionRow.notice_id == notice_id)).all()
        _refuse_kept(session, frozen)
        detail: dict[str, object] = {"notice": str(notice_id), "template": template}
        if frozen:
            detail["versions"] = [each.content_hash for each in frozen]
    require_open(incident_of(desk, incident_id))
    with desk.workspace.change("notice.drop", now=now, incident_id=incident_id, detail=detail) as session:
        standing = session.exec(select(NoticeVersionRow).where(NoticeVersionRow.notice_id == notice_id)).all()
        _refuse_kept(session, standing)
        for version in standing:
            _delete_version(session, version)
        for table in (UnsavedTextRow, CopiedFieldRow):
            for each in session.exec(select(table).where(table.notice_id == notice_id)).all():
                session.delete(each)
        session.flush()
        session.delete(session.get_one(NoticeRow, notice_id))


def drop_version(desk: Desk, version_id: UUID, *, now: datetime) -> None:
    """Take away a frozen version that nobody signed, refused or sent; the notice goes on, the journal keeps its hash."""
    with desk.workspace.reading() as session:
        row = session.get(NoticeVersionRow, version_id)
        if row is None:
            raise RefusedError(f"There is no version {version_id}.", "`incident notice show` lists the versions.")
        incident_id = row.incident_id
        detail = {"notice": str(row.notice_id), "number": row.number, "content_hash": row.content_hash}
        _refuse_kept(session, [row])
    if incident_id is not None:
        require_open(incident_of(desk, incident_id))
    with desk.workspace.change("notice.drop_version", now=now, incident_id=incident_id, detail=detail) as session:
        standing = session.get_one(NoticeVersionRow, version_id)
        _refuse_kept(session, [standing])
        _delete_version(session, standing)


def _refuse_kept(session: Session, frozen: Sequence[NoticeVersionRow]) -> None:
    for version in frozen:
        signed = session.exec(select(ApprovalRow).where(ApprovalRow.version_id == version.id)).first()
        sent = session.exec(select(FilingRow.id).where(FilingRow.version_id == version.id)).first()
        if signed is None and sent is None:
            continue
        what = "sent" if sent is not None else "approved" if signed is not None and signed.approved else "refused with reasons"
        raise RefusedError(
            f"Version {version.number} of this notice was {what} and stays on record.",
            "Leave it as it is; what was sent is taken back with `incident notice freeze --kind withdrawal`.",
        )


def _delete_version(session: Session, version: NoticeVersionRow) -> None:
    for document in session.exec(select(DocumentRow).where(DocumentRow.version_id == version.id)).all():
        session.delete(document)
    session.flush()
    session.delete(version)
