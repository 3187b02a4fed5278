"""What may be done with a notice besides its words: another language, or dropping it while nothing was frozen."""

from datetime import datetime
from uuid import UUID

from sqlmodel import select

from incident.errors import RefusedError
from incident.store.tables import NoticeRow, NoticeVersionRow
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
        session.add(row)
    return draft(desk, notice_id, now=now)


def drop(desk: Desk, notice_id: UUID, *, now: datetime) -> None:
    """Take away a draft of which no version was frozen; the journal keeps that it was there."""
    with desk.workspace.reading() as session:
        row = session.get(NoticeRow, notice_id)
        if row is None:
            raise RefusedError(f"There is no notice {notice_id}.", "`incident notice list` shows the notices.")
        incident_id, template = row.incident_id, row.template
        frozen = session.exec(select(NoticeVersionRow.number).where(NoticeVersionRow.notice_id == notice_id)).all()
    require_open(incident_of(desk, incident_id))
    if frozen:
        raise RefusedError(
            f"Version {max(frozen)} of this notice was frozen and stays on record.",
            "Leave it unsent; one that was sent is taken back with `incident notice freeze --kind withdrawal`.",
        )
    detail = {"notice": str(notice_id), "template": template}
    with desk.workspace.change("notice.drop", now=now, incident_id=incident_id, detail=detail) as session:
        session.delete(session.get_one(NoticeRow, notice_id))
