"""Everything of an incident that comes due: clocks with both their dates, steps, decisions, answers, action items.

Computed from the record for whoever may read it, with titles; what leaves the vault is made from this without them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from incident.domain.duty_clock import Clock
from incident.domain.fact_record import current
from incident.domain.guide import GuideStep, StepState
from incident.domain.incident import Incident, IncidentStatus
from incident.domain.ladder import DueKind, ladder_for
from incident.domain.obligation import ObligationState
from incident.domain.reminder import Due
from incident.domain.responder import Role, held_now
from incident.store.tables import ActionItemRow, IncidentRow
from incident.store.values import value_of
from incident.usecases.assignments import assignments
from incident.usecases.catalogue import catalogue
from incident.usecases.clocks import clock_list, clocks
from incident.usecases.desk import Desk, organisation
from incident.usecases.facts import fact_records
from incident.usecases.guide import incident_guide
from incident.usecases.incidents import incidents_in

_FOR_THE_LAW = (Role.PRIVACY_OFFICER, Role.LEGAL, Role.COMMANDER)
"""Whose a clock is: the first of these that somebody holds."""


@dataclass(frozen=True, slots=True)
class DueLine:
    """One thing that comes due, as somebody at the desk may read it."""

    name: str
    """What tells it apart within its incident; its key is made of it."""
    kind: DueKind
    title: str
    due_at: datetime
    role: str
    scopes: tuple[str, ...] = ()
    """By what a ladder of its own may be set, the most specific first."""


def dues(desk: Desk, incident: Incident, *, now: datetime) -> tuple[DueLine, ...]:
    """What is still to be done, decided or answered by a date, the earliest first."""
    found = [*_actions(desk, incident)]
    if incident.is_open:
        held = held_now(assignments(desk, incident))
        found += [*_clocks(desk, incident, held, now=now), *_steps(desk, incident, now=now), *_answers(desk, incident, held)]
    return tuple(sorted(found, key=lambda each: (each.due_at, each.name)))


def without_titles(incident_id: UUID, lines: tuple[DueLine, ...], own: Mapping[str, str]) -> tuple[Due, ...]:
    """The same under keys that tell nothing, each with its ladder (`own` holds the ladders that somebody set)."""
    return tuple(
        Due(
            key_of(incident_id, each.name),
            each.kind,
            each.due_at.astimezone(UTC),
            each.role,
            ladder_for(each.scopes, each.kind, own),
        )
        for each in lines
    )


def key_of(incident_id: UUID, name: str = "") -> str:
    """A key that tells nothing to whoever does not know the incident's random id, which stands in no file in the clear."""
    return sha256(b"incident-reminder|" + incident_id.bytes + name.encode()).hexdigest()[:20]


def _clocks(desk: Desk, incident: Incident, held: Mapping[Role, UUID], *, now: datetime) -> Iterator[DueLine]:
    role = next((each for each in _FOR_THE_LAW if each in held), Role.PRIVACY_OFFICER)
    for clock in clock_list(clocks(desk, incident, now=now), owed_only=True):
        if not clock.obligation.unreached:
            yield from _dates(clock, role.value)


def _dates(clock: Clock, role: str) -> Iterator[DueLine]:
    """The earliest defensible date, and the registry's own where it is another one."""
    each = clock.obligation
    kind = DueKind.QUESTION if each.state is ObligationState.UNDECIDED else DueKind.CLOCK
    duty = each.id.split("@")[0]
    scopes = (each.id, duty, duty.split("/")[0])
    for reading, at in (("", each.earliest_at), ("|due", each.due_at)):
        if at is not None and (not reading or at != each.earliest_at):
            title = f"{each.title}{f', for {clock.on_behalf_of}' if clock.on_behalf_of else ''}"
            yield DueLine(f"clock|{each.id}|{clock.on_behalf_of}{reading}", kind, title, at, role, scopes)


def _steps(desk: Desk, incident: Incident, *, now: datetime) -> Iterator[DueLine]:
    for each in incident_guide(desk, incident, now=now).steps:
        if each.state is StepState.OPEN:
            yield from _step(each)


def _step(each: GuideStep) -> Iterator[DueLine]:
    step = each.step
    if each.target_at is not None:
        yield DueLine(f"step|{step.slug}", DueKind.STEP, step.title, each.target_at, step.owner.value, (step.slug,))
    if step.decision is not None and each.decide_by is not None and each.decide_by != each.target_at:
        by = step.decision.by.value
        yield DueLine(f"decision|{step.slug}", DueKind.STEP, step.decision.question, each.decide_by, by, (step.slug,))


def _answers(desk: Desk, incident: Incident, held: Mapping[Role, UUID]) -> Iterator[DueLine]:
    roles = {holder: role.value for role, holder in reversed(tuple(held.items()))}
    for (principal, key), record in current(fact_records(desk, incident)).items():
        if record.unknown and record.wanted_at is not None:
            role = roles.get(record.owner, Role.COMMANDER.value) if record.owner else Role.COMMANDER.value
            question = catalogue().law.vocabulary.question(key)
            yield DueLine(f"answer|{principal}|{key}", DueKind.ANSWER, question, record.wanted_at, role, (key,))


def _actions(desk: Desk, incident: Incident) -> Iterator[DueLine]:
    zone = ZoneInfo(organisation(desk).timezone)
    query = select(ActionItemRow).where(ActionItemRow.incident_id == incident.id, col(ActionItemRow.done_at).is_(None))
    with desk.workspace.reading() as session:
        rows = session.exec(query).all()
    for row in rows:
        at = _end_of(row.due_on, zone)
        yield DueLine(f"action|{row.id.hex}", DueKind.ACTION, row.title, at, Role.COMMANDER.value, (row.kind.value,))


def _end_of(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)


def watched_incidents(desk: Desk) -> tuple[Incident, ...]:
    """The incidents from which something may come due: open ones, and ended ones with action items that are not done."""
    acting = select(ActionItemRow.incident_id).where(col(ActionItemRow.done_at).is_(None))
    query = select(IncidentRow.id).where(IncidentRow.status != IncidentStatus.OPEN, col(IncidentRow.id).in_(acting))
    with desk.workspace.reading() as session:
        ended = session.exec(query.order_by(IncidentRow.reference)).all()
        rows = [session.get_one(IncidentRow, each) for each in ended]
        return (*incidents_in(session, open_only=True, hidden=True), *(value_of(Incident, row) for row in rows))
