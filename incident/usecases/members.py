"""Who may read an incident: let people in and out, counsel's circle within the team. Enforced by keys."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from incident.domain.incident import Incident
from incident.domain.membership import Circle, Member
from incident.domain.permission import Capability
from incident.domain.responder import Function, Responder
from incident.errors import RefusedError
from incident.store.custody_tables import MemberRow
from incident.store.members import admit, dismiss
from incident.usecases.desk import Desk, names, responder_named, responders
from incident.usecases.incidents import incidents
from incident.usecases.rights import require_in


def members(desk: Desk, incident: Incident) -> tuple[Member, ...]:
    """Everybody who holds a key of the incident, by name, with their circles."""
    query = select(MemberRow).where(MemberRow.incident_id == incident.id, col(MemberRow.ended_at).is_(None))
    called = names(desk)
    circles: dict[UUID, set[Circle]] = {}
    since: dict[UUID, datetime] = {}
    with desk.workspace.reading() as session:
        for row in session.exec(query).all():
            if row.responder_id is not None and row.wrapped:
                circles.setdefault(row.responder_id, set()).add(row.circle)
                since[row.responder_id] = min(row.granted_at, since.get(row.responder_id, row.granted_at))
    found = [Member(each, called.get(each, "?"), tuple(sorted(held)), since[each]) for each, held in circles.items()]
    return tuple(sorted(found, key=lambda each: each.name))


def let_in(desk: Desk, incident: Incident, name: str, *, counsel: bool, now: datetime) -> Member:
    """Wrap the incident's keys for one more responder; `counsel` also those of counsel's circle."""
    require_in(desk, incident, Capability.ADMIT)
    person = responder_named(desk, name)
    circles = (Circle.TEAM, Circle.COUNSEL) if counsel else (Circle.TEAM,)
    held = {each.responder_id: each for each in members(desk, incident)}
    if person.id in held and set(circles) <= set(held[person.id].circles):
        raise RefusedError(f"{person.name} can read {incident.reference} already.", "Nothing was changed.")
    detail = {"responder": str(person.id), "circles": [each.value for each in circles]}
    with desk.workspace.change("member.add", now=now, incident_id=incident.id, detail=detail) as session:
        admit(session, incident.id, person.id, person.public_key, circles, now=now)
    return next(each for each in members(desk, incident) if each.responder_id == person.id)


def let_out(desk: Desk, incident: Incident, name: str, *, only_counsel: bool, now: datetime) -> None:
    """Take an incident's keys from a responder: what they read they know, what is written from now on they cannot open."""
    require_in(desk, incident, Capability.ADMIT)
    person = responder_named(desk, name)
    held = next((each for each in members(desk, incident) if each.responder_id == person.id), None)
    if held is None:
        raise RefusedError(f"{person.name} is no member of {incident.reference}.", "`incident member list` shows who is.")
    circles = [each for each in held.circles if each is Circle.COUNSEL or not only_counsel]
    detail = {"responder": str(person.id), "circles": [each.value for each in circles]}
    with desk.workspace.change("member.remove", now=now, incident_id=incident.id, detail=detail) as session:
        dismiss(session, incident.id, person.id, circles, desk.workspace.holders(session), now=now)


def open_to_all(desk: Desk, *, but: UUID) -> tuple[Incident, ...]:
    """The incidents that everybody active but one in the vault can read: whoever joins can read them too."""
    everybody = {each.id for each in responders(desk) if each.active and each.id != but}
    return tuple(each for each in incidents(desk) if everybody <= {one.responder_id for one in members(desk, each)})


def share_with_newcomer(session: Session, person: Responder, found: Iterable[Incident], *, now: datetime) -> None:
    """Let a new responder into these incidents, in a running change; into counsel's circle too, if they come from legal."""
    me = session.info["responder_id"]
    for incident in found:
        query = select(MemberRow.circle).where(
            MemberRow.incident_id == incident.id, MemberRow.responder_id == me, col(MemberRow.ended_at).is_(None)
        )
        mine = {Circle(each) for each in session.exec(query).all()}
        wanted = mine if person.function is Function.LEGAL else mine & {Circle.TEAM}
        admit(session, incident.id, person.id, person.public_key, sorted(wanted), now=now)
