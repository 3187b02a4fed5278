"""What somebody is typing into a notice's field, kept while they type, so that nothing is lost when the program ends.

It is no part of the notice: it voids no approval and stands on no page until it is recorded.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, select

from incident.errors import ContentError, RefusedError
from incident.store.notice_tables import UnsavedTextRow
from incident.store.tables import NoticeRow
from incident.usecases.desk import Desk

LONGEST = 200_000
"""Characters that are kept of one field."""


@dataclass(frozen=True, slots=True)
class UnsavedText:
    """A text that its writer has not recorded yet."""

    text: str
    at: datetime


def keep_unsaved(desk: Desk, notice_id: UUID, field: str, text: str, *, now: datetime) -> None:
    """Keep what stands in the writer's field; nothing is written when the same is kept already."""
    if len(text) > LONGEST:
        raise ContentError(f"The text has {len(text):,} characters.", f"A field takes up to {LONGEST:,}.")
    with desk.workspace.reading() as session:
        notice = session.get(NoticeRow, notice_id)
        if notice is None:
            raise RefusedError(f"There is no notice {notice_id}.", "`incident notice list` shows the notices.")
        incident_id = notice.incident_id
        held = _row(session, desk, notice_id, field)
        if held is not None and held.text == text:
            return
    detail = {"notice": str(notice_id), "field": field}
    with desk.workspace.change("notice.typing", now=now, incident_id=incident_id, detail=detail) as session:
        row = _row(session, desk, notice_id, field)
        if row is None:
            row = UnsavedTextRow(incident_id=incident_id, notice_id=notice_id, field=field, by=desk.me.id, text=text, at=now)
        row.text, row.at = text, now
        session.add(row)


def unsaved(desk: Desk, notice_id: UUID) -> dict[str, UnsavedText]:
    """What the responder at this desk typed into this notice and has not recorded, by field."""
    query = select(UnsavedTextRow).where(UnsavedTextRow.notice_id == notice_id, UnsavedTextRow.by == desk.me.id)
    with desk.workspace.reading() as session:
        return {row.field: UnsavedText(row.text, row.at) for row in session.exec(query).all() if not row.hidden}


def forget_unsaved(desk: Desk, notice_id: UUID, field: str, *, now: datetime) -> None:
    """Throw away what was typed and not recorded."""
    with desk.workspace.reading() as session:
        row = _row(session, desk, notice_id, field)
        if row is None:
            return
        incident_id = row.incident_id
    detail = {"notice": str(notice_id), "field": field}
    with desk.workspace.change("notice.discard", now=now, incident_id=incident_id, detail=detail) as session:
        clear_unsaved(session, desk.me.id, notice_id, field)


def clear_unsaved(session: Session, who: UUID, notice_id: UUID, field: str) -> None:
    """Within a change: what this person typed into the field is recorded now, or not wanted."""
    query = select(UnsavedTextRow).where(
        UnsavedTextRow.notice_id == notice_id, UnsavedTextRow.field == field, UnsavedTextRow.by == who
    )
    for row in session.exec(query).all():
        session.delete(row)


def _row(session: Session, desk: Desk, notice_id: UUID, field: str) -> UnsavedTextRow | None:
    query = select(UnsavedTextRow).where(
        UnsavedTextRow.notice_id == notice_id, UnsavedTextRow.field == field, UnsavedTextRow.by == desk.me.id
    )
    return session.exec(query).first()
