"""Who holds which role in an incident: taken, handed over with a note, given up — each with its time."""

from datetime import datetime

from sqlmodel import col, select

from incident.domain.incident import Incident
from incident.domain.responder import Assignment, Role, RoleLine, gaps, held_now
from incident.domain.roster import separation_notes
from incident.errors import RefusedError
from incident.store.tables import AssignmentRow
from incident.store.values import value_of
from incident.usecases.assignments import assignments
from incident.usecases.desk import Desk, responder_named, responders
from incident.usecases.guide import incident_guide
from incident.usecases.incidents import require_open
from incident.usecases.members import members


def roster(desk: Desk, incident: Incident) -> tuple[RoleLine, ...]:
    """Every role with its holder; one that nobody holds is a gap if it is a core role, or has or decides an open step."""
    found = assignments(desk, incident)
    people = {each.id: each for each in responders(desk)}
    held, empty = held_now(found), {*gaps(found), *open_gaps(desk, incident)}
    lines = []
    for role in Role:
        of_role = [each for each in found if each.role is role]
        standing = next((each for each in of_role if each.relinquished_at is None), None)
        lines.append(
            RoleLine(
                role=role,
                holder=people.get(held[role]) if role in held else None,
                since_at=standing.assumed_at if standing else None,
                before=tuple(each for each in of_role if each.relinquished_at is not None),
                is_gap=role in empty,
            )
        )
    return tuple(lines)


def open_gaps(desk: Desk, incident: Incident) -> frozenset[Role]:
    """The roles that have or decide an open step while nobody holds them."""
    # Whether a step is open hangs on acts and facts, not on the time; any instant does.
    return incident_guide(desk, incident, now=incident.declared_at).gaps


def separation(desk: Desk, incident: Incident) -> tuple[str, ...]:
    """Where parts that want two people are held by one, as sentences; empty when all is well."""
    return separation_notes(responders(desk), held_now(assignments(desk, incident)))


def assign(desk: Desk, incident: Incident, role: Role, name: str, *, now: datetime, note: str = "") -> Assignment:
    """Give a role to a responder; whoever held it hands over at this moment, with the note."""
    require_open(incident)
    person = responder_named(desk, name)
    if all(each.responder_id != person.id for each in members(desk, incident)):
        hint = f"Let them in first: `incident member add {person.sign_in}`."
        raise RefusedError(f"{person.name} cannot read {incident.reference}.", hint)
    act = "role.assign"
    detail = {"role": role.value, "responder": str(person.id)}
    with desk.workspace.change(act, now=now, incident_id=incident.id, detail=detail) as session:
        standing = session.exec(
            select(AssignmentRow).where(
                AssignmentRow.incident_id == incident.id,
                AssignmentRow.role == role,
                col(AssignmentRow.relinquished_at).is_(None),
            )
        ).first()
        if standing is not None:
            if standing.responder_id == person.id:
                raise RefusedError(f"{person.name} is {role.label} already.", "Name somebody else to hand over.")
            standing.relinquished_at = now
            standing.handover_note = note
            session.add(standing)
        row = AssignmentRow(incident_id=incident.id, role=role, responder_id=person.id, assumed_at=now)
        session.add(row)
        session.flush()
        return value_of(Assignment, row)


def relinquish(desk: Desk, incident: Incident, role: Role, *, now: datetime, note: str = "") -> None:
    """Give a role up without a successor: a gap that the screen shows."""
    require_open(incident)
    with desk.workspace.change("role.relinquish", now=now, incident_id=incident.id, detail={"role": role.value}) as s:
        standing = s.exec(
            select(AssignmentRow).where(
                AssignmentRow.incident_id == incident.id,
                AssignmentRow.role == role,
                col(AssignmentRow.relinquished_at).is_(None),
            )
        ).first()
        if standing is None:
            raise RefusedError(f"Nobody is {role.label}.", "Nothing to give up.")
        standing.relinquished_at = now
        standing.handover_note = note
        s.add(standing)
