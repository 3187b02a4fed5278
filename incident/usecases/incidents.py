"""Declare an incident in under a minute; find it; close, reopen and merge it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import defer
from sqlmodel import Session, col, func, or_, select

from incident.content.playbook_document import playbook_to_document
from incident.domain.fact_record import Confidence
from incident.domain.incident import Incident, IncidentStatus, code_name, next_reference
from incident.domain.moment import Said
from incident.domain.responder import Role
from incident.errors import ContentError, RefusedError
from incident.store.purge import purged_references
from incident.store.seals import refuse_stranger
from incident.store.tables import AssignmentRow, FactRow, IncidentRow
from incident.store.values import value_of
from incident.usecases.catalogue import catalogue
from incident.usecases.desk import Desk, responder_named

_LONGEST_TITLE = 200
_SNAPSHOT: Any = IncidentRow.playbook_snapshot
"""By far the largest column; a list of incidents does not show it."""


@dataclass(frozen=True, slots=True)
class Declaration:
    """What is asked to declare: title, playbook, who commands, and the times that are known already."""

    title: str
    playbook: str
    commander: str
    """Sign-in or name of a responder."""
    aware: Said | None = None
    """When we became aware that personal data are affected; None while that is not so."""
    detected: Said | None = None
    severity: int = 2
    exercise: bool = False
    members: tuple[str, ...] = ()
    """Who may read it, besides whoever declares and whoever commands; empty: everybody in the vault."""


def declare(desk: Desk, declaration: Declaration, *, now: datetime) -> Incident:
    """Open an incident: reference, code name, commander and the first facts in one act."""
    if not declaration.title.strip():
        raise ContentError("An incident needs a title.", "Say in a few words what was seen.")
    if len(declaration.title.strip()) > _LONGEST_TITLE:
        raise ContentError(
            f"The title has {len(declaration.title.strip())} characters; {_LONGEST_TITLE} are enough.",
            "Say in a few words what was seen, and the rest with `incident log`.",
        )
    if declaration.severity not in (1, 2, 3, 4):
        raise ContentError(f"{declaration.severity} is not a severity.", "Give 1 (worst), 2, 3 or 4.")
    playbook = catalogue().playbook(declaration.playbook)
    commander = responder_named(desk, declaration.commander)
    for moment in (declaration.aware, declaration.detected):
        refuse_future(moment, now=now)
    named = [responder_named(desk, each) for each in declaration.members]
    members = frozenset({desk.me.id, commander.id, *(each.id for each in named)}) if named else None
    incident_id = uuid4()
    with desk.workspace.change("incident.declare", now=now, incident_id=incident_id) as session:
        row = _incident_row(session, declaration, incident_id, desk.me.id, now=now)
        row.playbook_snapshot = playbook_to_document(playbook)
        session.add(row)
        desk.workspace.found_incident(session, incident_id, members, now=now)
        session.flush()
        session.add(AssignmentRow(incident_id=incident_id, role=Role.COMMANDER, responder_id=commander.id, assumed_at=now))
        for key, moment in (("at.detected", declaration.detected), ("at.aware", declaration.aware)):
            if moment is not None:
                session.add(_first_fact(incident_id, key, moment, desk.me.id, now=now))
        session.flush()
        return value_of(Incident, row)


def refuse_future(moment: Said | None, *, now: datetime) -> None:
    """Raise ContentError for a time that has not come yet: what happened lies in the past."""
    if moment is None:
        return
    late = moment.at > now if moment.at is not None else moment.on is not None and moment.on > now.date()
    if late:
        raise ContentError(f"{moment.readback} has not come yet.", "Check the day, the clock time and the zone.")


def _incident_row(session: Session, declaration: Declaration, incident_id: UUID, by: UUID, *, now: datetime) -> IncidentRow:
    rows = session.exec(select(IncidentRow.reference, IncidentRow.code_name)).all()
    return IncidentRow(
        id=incident_id,
        reference=next_reference(now.year, frozenset(each[0] for each in rows) | purged_references(session)),
        code_name=code_name(incident_id, frozenset(each[1] for each in rows)),
        title=declaration.title.strip(),
        severity=declaration.severity,
        status=IncidentStatus.OPEN,
        playbook=declaration.playbook,
        playbook_snapshot={},
        declared_at=now,
        declared_by=by,
        exercise=declaration.exercise,
    )


def _first_fact(incident_id: UUID, key: str, moment: Said, by: UUID, *, now: datetime) -> FactRow:
    return FactRow(
        incident_id=incident_id,
        key=key,
        value=moment.document,
        source="said at declaration",
        confidence=Confidence.REPORTED,
        by=by,
        recorded_at=now,
    )


def incidents(
    desk: Desk, *, open_only: bool = False, hidden: bool = False, newest_ended: int | None = None
) -> tuple[Incident, ...]:
    """The incidents whose keys this responder holds, the newest first; `hidden`: the others too, as far as they show.

    `newest_ended` takes only so many of those that have ended.
    """
    with desk.workspace.reading() as session:
        return incidents_in(session, open_only=open_only, hidden=hidden, newest_ended=newest_ended)


def incidents_in(
    session: Session, *, open_only: bool = False, hidden: bool = False, newest_ended: int | None = None
) -> tuple[Incident, ...]:
    """As `incidents`, read in a running transaction."""
    newest = col(IncidentRow.declared_at).desc()
    query = select(IncidentRow).options(defer(_SNAPSHOT)).order_by(newest)
    if open_only or newest_ended is not None:
        rows = list(session.exec(query.where(IncidentRow.status == IncidentStatus.OPEN)).all())
        if newest_ended is not None and not open_only:
            rows.extend(_newest_ended(session, query, newest_ended))
    else:
        rows = list(session.exec(query).all())
    found = (value_of(Incident, row) for row in rows)
    return tuple(each for each in found if hidden or not each.hidden)


def _newest_ended(session: Session, query: Any, count: int) -> list[IncidentRow]:
    """The newest of each way to end, by the index, then the newest of these: there may be ten thousand of them."""
    ended = [each for each in IncidentStatus if each is not IncidentStatus.OPEN]
    rows = [row for each in ended for row in session.exec(query.where(IncidentRow.status == each).limit(count)).all()]
    return sorted(rows, key=lambda row: row.declared_at, reverse=True)[:count]


def incident_named(desk: Desk, name: str) -> Incident:
    """The incident with this reference, reference's end (`42`) or code name; `last` is the newest."""
    wanted = name.strip().lower()
    newest = col(IncidentRow.declared_at).desc()
    with desk.workspace.reading() as session:
        if wanted == "last":
            rows = (row for row in session.exec(select(IncidentRow).order_by(newest)).yield_per(20) if not row.hidden)
            found = [value_of(Incident, row) for row in islice(rows, 1)]
        else:
            query = select(IncidentRow).where(_called(wanted)).limit(2)
            found = [value_of(Incident, row) for row in session.exec(query).all()]
        if len(found) != 1:
            known = session.exec(select(IncidentRow.reference).order_by(newest).limit(5)).all()
            raise RefusedError(f"There is no incident «{name}».", f"The newest are: {', '.join(known) or 'none yet'}.")
    return opened(found[0])


def _called(wanted: str) -> Any:
    """The condition on a row that this reference, number or code name means it."""
    if wanted.isdigit():
        return col(IncidentRow.reference).like(f"%-{int(wanted):04d}")
    return or_(func.lower(IncidentRow.reference) == wanted, func.lower(IncidentRow.code_name) == wanted)


def opened(incident: Incident) -> Incident:
    """The incident, if this responder holds its keys; refused otherwise."""
    if incident.hidden:
        raise refuse_stranger(f"{incident.reference} «{incident.code_name}»")
    return incident


def incident_of(desk: Desk, incident_id: UUID) -> Incident:
    """The incident as it stands now."""
    with desk.workspace.reading() as session:
        return opened(value_of(Incident, session.get_one(IncidentRow, incident_id)))


def family(session: Session, incident_id: UUID) -> tuple[UUID, ...]:
    """The incident and those merged into it: their log and filings are read together."""
    found: list[UUID] = [incident_id]
    for each in found:
        merged = session.exec(select(IncidentRow.id).where(IncidentRow.merged_into == each)).all()
        found.extend(merged)
    return tuple(found)


def require_open(incident: Incident) -> None:
    """Raise RefusedError when the incident has ended: it is reopened first, which is recorded."""
    if not incident.is_open:
        raise RefusedError(
            f"{incident.reference} is {incident.status.label}.",
            f"Reopen it first: `incident reopen {incident.reference} --reason …`.",
        )


def set_status(
    desk: Desk, incident: Incident, status: IncidentStatus, *, reason: str, now: datetime, into: UUID | None = None
) -> Incident:
    """Write a change of status with its reason; the callers in `usecases.closing` check whether it is allowed."""
    if not reason.strip():
        raise ContentError(f"Why {incident.reference} becomes {status.label} is not said.", "Give the reason.")
    act = "incident.reopen" if status is IncidentStatus.OPEN else f"incident.{status.value}"
    with desk.workspace.change(act, now=now, incident_id=incident.id) as session:
        row = session.get_one(IncidentRow, incident.id)
        row.status = status
        row.ended_at = None if status is IncidentStatus.OPEN else now
        row.ended_reason = reason.strip()
        row.merged_into = into
        session.add(row)
        session.flush()
        return value_of(Incident, row)


def references(found: Sequence[Incident]) -> str:
    """Incidents named in a sentence."""
    return ", ".join(each.reference for each in found)
