"""What was sent, read from the record."""

from sqlmodel import col, select

from incident.domain.incident import Incident
from incident.domain.notice import Filing
from incident.store.tables import FilingRow
from incident.store.values import value_of
from incident.usecases.desk import Desk


def filings(desk: Desk, incident: Incident) -> tuple[Filing, ...]:
    """Every filing of the incident, the oldest first."""
    query = select(FilingRow).where(FilingRow.incident_id == incident.id).order_by(col(FilingRow.filed_at))
    with desk.workspace.reading() as session:
        return tuple(value_of(Filing, row) for row in session.exec(query).all())
