"""What the responder at this desk may do in one incident, by the one table in `domain.permission`."""

from sqlmodel import col, select

from incident.domain.incident import Incident
from incident.domain.membership import Circle
from incident.domain.permission import Capability, Standing, may, why_not
from incident.domain.responder import Role
from incident.errors import RefusedError
from incident.store.custody_tables import MemberRow
from incident.store.tables import AssignmentRow
from incident.usecases.desk import Desk


def standing(desk: Desk, incident: Incident) -> Standing:
    """The roles and circles of the responder at this desk in this incident."""
    me = desk.me.id
    roles = select(AssignmentRow.role).where(
        AssignmentRow.incident_id == incident.id,
        AssignmentRow.responder_id == me,
        col(AssignmentRow.relinquished_at).is_(None),
    )
    circles = select(MemberRow.circle).where(
        MemberRow.incident_id == incident.id, MemberRow.responder_id == me, col(MemberRow.ended_at).is_(None)
    )
    founded = select(MemberRow.id).where(MemberRow.incident_id == incident.id)
    with desk.workspace.reading() as session:
        held = {Role(each) for each in session.exec(roles).all()}
        keys = {Circle(each) for each in session.exec(circles).all()}
        if not keys and session.exec(founded).first() is None:
            keys = set(Circle)  # from before there were incident keys: open to everybody until it is sealed
    return Standing(frozenset(held), frozenset(keys))


def may_in(desk: Desk, incident: Incident, capability: Capability) -> bool:
    """Whether the responder at this desk may do this in this incident."""
    return may(desk.me, capability, standing(desk, incident))


def require_in(desk: Desk, incident: Incident, capability: Capability) -> None:
    """Raise RefusedError unless the responder at this desk may do this in this incident."""
    if not may_in(desk, incident, capability):
        raise RefusedError(*why_not(desk.me, capability))
