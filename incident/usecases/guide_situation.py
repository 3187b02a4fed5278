"""What a guide is computed from: the incident's facts with their times, the acts on steps, who holds which role."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import col, select

from incident.domain.answer import value_text
from incident.domain.fact_record import FactRecord, current
from incident.domain.guide import Situation
from incident.domain.guide_people import Cast
from incident.domain.guide_times import Addition
from incident.domain.incident import Incident
from incident.domain.responder import held_now
from incident.domain.step import StepRecord
from incident.store.tables import StepRow
from incident.store.values import value_of
from incident.usecases.assignments import assignments
from incident.usecases.catalogue import catalogue
from incident.usecases.clocks import own_facts
from incident.usecases.desk import Desk, responders
from incident.usecases.facts import fact_records
from incident.usecases.members import members


def situation(desk: Desk, incident: Incident, additions: Mapping[str, Addition], *, now: datetime) -> Situation:
    """How things stand for the guide of an incident."""
    facts, records = own_facts(desk, incident), fact_records(desk, incident)
    people = {each.id: each for each in responders(desk)}
    held = held_now(assignments(desk, incident))
    standing = current(records)
    known = {key for (principal, key), record in standing.items() if not principal and not record.unknown}
    history = _history(records, desk.me.zone)
    return Situation(
        facts=facts,
        known=frozenset(known | set(facts.values)),
        records=step_records(desk, incident),
        holders={role: people[holder].name for role, holder in held.items() if holder in people},
        declared_at=incident.declared_at,
        changed_at=history.changed_at,
        now=now,
        known_at=history.known_at,
        changes=history.changes,
        additions=additions,
        cast=Cast(held, people, frozenset(each.responder_id for each in members(desk, incident)) or None),
    )


def step_records(desk: Desk, incident: Incident) -> tuple[StepRecord, ...]:
    """Every act on a step, in order of time."""
    query = select(StepRow).where(StepRow.incident_id == incident.id).order_by(col(StepRow.at), col(StepRow.created_at))
    with desk.workspace.reading() as session:
        return tuple(value_of(StepRecord, row) for row in session.exec(query).all())


@dataclass(frozen=True, slots=True)
class _History:
    """When each of our own facts took its value, when it last took another one, and the last of these in words."""

    known_at: dict[str, datetime] = field(default_factory=dict)
    changed_at: dict[str, datetime] = field(default_factory=dict)
    changes: dict[str, str] = field(default_factory=dict)


_NEVER_SAID = object()


def _history(records: Iterable[FactRecord], zone: str) -> _History:
    """A value said first is no change; another value is, and so is a known one that is unknown again."""
    found = _History()
    values: dict[str, object] = {}
    kinds = catalogue().law.vocabulary.kinds
    for record in sorted(records, key=lambda each: each.recorded_at):
        before = values.get(record.key, _NEVER_SAID)
        if record.on_behalf_of or (record.unknown and before is _NEVER_SAID):
            continue
        value = None if record.unknown else record.value
        if value != before:
            found.known_at[record.key] = record.recorded_at
        if before is not _NEVER_SAID and value != before:
            found.changed_at[record.key] = record.recorded_at
        if value != before and (kind := kinds.get(record.key)) is not None:
            told = (value,) if before is _NEVER_SAID else (before, value)
            found.changes[record.key] = " → ".join(value_text(kind, each, zone=zone) for each in told)
        values[record.key] = value
    return found
