"""Every assignment of a role in an incident, as it was recorded."""

from sqlmodel import col, select

from incident.domain.incident import Incident
from incident.domain.responder import Assignment
from incident.store.tables import AssignmentRow
from incident.store.values import value_of
from incident.usecases.desk import Desk


def assignments(desk: Desk, incident: Incident) -> tuple[Assignment, ...]:
    """Every assignment of the incident, in order of time."""
    query = (
        select(AssignmentRow)
        .where(AssignmentRow.incident_id == incident.id)
        .order_by(col(AssignmentRow.assumed_at), col(AssignmentRow.created_at))
    )
    with desk.workspace.reading() as session:
        return tuple(value_of(Assignment, row) for row in session.exec(query).all())
