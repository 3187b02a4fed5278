"""The session of a change: it stamps every row with who and when, and seals what is to be sealed, before it is written."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import event
from sqlmodel import Session

from incident.store.record import Record
from incident.store.sealed import Sealed, close_row


class ChangeSession(Session):
    """A session whose rows are stamped; `info` says by whom, when, and for which incident."""

    def stamped(self, now: datetime, incident_id: UUID | None) -> None:
        """What is written from here on is of this time and this incident."""
        self.info |= {"now": now, "incident_id": incident_id}


@event.listens_for(ChangeSession, "before_flush")
def _stamp(session: Session, context: object, instances: object) -> None:
    del context, instances
    now, incident_id, by = (session.info[name] for name in ("now", "incident_id", "responder_id"))
    fresh = session.new
    for row in fresh:
        if isinstance(row, Record) and row.created_at is None:
            row.created_at, row.created_by = now, by
        if getattr(row, "incident_id", row) is None:
            row.incident_id = incident_id
    for row in (*fresh, *session.dirty):
        if isinstance(row, Record) and (row in fresh or session.is_modified(row)):
            row.updated_at, row.updated_by = now, by
            if isinstance(row, Sealed):
                close_row(row, session, incident_id)
