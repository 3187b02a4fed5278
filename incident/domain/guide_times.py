"""When a step opened, when it was settled, by when it is wanted, and what puts a finished one back on the list."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from incident.domain.condition import keys_of
from incident.domain.facts import Facts
from incident.domain.playbook import Step, Target
from incident.domain.step import UNKNOWN, StepAct, StepRecord


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the facts' own times."""

    declared_at: datetime
    known_at: Mapping[str, datetime]
    changed_at: Mapping[str, datetime]
    changes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Addition:
    """What a playbook taken up later asks of a step beyond what was asked before."""

    at: datetime
    why: str
    """`«Vendor breach» adds to it`, `version 3 of «Ransomware» changed it`."""


@dataclass(frozen=True, slots=True)
class CameBack:
    """Why and since when a finished step is on the list again."""

    at: datetime
    why: str


def came_back(step: Step, record: StepRecord | None, addition: Addition | None, known: Known) -> CameBack | None:
    """What put a finished step back: somebody took it up, a fact it rested on changed, a playbook added to it."""
    if record is None:
        return None
    if record.state is StepAct.REOPENED:
        return CameBack(record.at, f"taken up again: {record.note}" if record.note else "taken up again")
    rested_on = (*step.asks, *(_reads(step) if record.state is StepAct.SKIPPED else ()))
    changed = {
        key: known.changed_at[key] for key in dict.fromkeys(rested_on) if known.changed_at.get(key, record.at) > record.at
    }
    if changed:
        told = (f"{key} ({known.changes[key]})" if key in known.changes else key for key in changed)
        return CameBack(max(changed.values()), f"changed since: {', '.join(told)}")
    if first := _said_since(record, known):
        told = (f"{key} ({known.changes[key]})" if key in known.changes else key for key in first)
        return CameBack(max(first.values()), f"known since: {', '.join(told)}")
    if addition is not None and addition.at > record.at:
        return CameBack(addition.at, addition.why)
    return None


def _said_since(record: StepRecord, known: Known) -> dict[str, datetime]:
    """The facts that nobody knew when something was decided and that somebody has said since."""
    unknown = [key for key, text in (record.facts or {}).items() if text == UNKNOWN] if record.decision else []
    return {key: known.known_at[key] for key in unknown if known.known_at.get(key, record.at) > record.at}


def opened_at(step: Step, back: CameBack | None, settled: Mapping[str, datetime], known: Known) -> datetime:
    """Since when a step can be done: the last of what it waited for, rather too late than too early."""
    before = (settled[slug] for slug in step.after if slug in settled)
    return max((known.declared_at, *before, *_told(step, known), *([back.at] if back is not None else [])))


def settled_at(step: Step, record: StepRecord | None, known: Known) -> datetime:
    """When a step stopped holding others back; of one that is not settled it says when it last moved."""
    if record is not None:
        return record.at
    return max((known.declared_at, *_told(step, known)))


def _told(step: Step, known: Known) -> list[datetime]:
    return [known.known_at[key] for key in _reads(step) if key in known.known_at]


def _reads(step: Step) -> tuple[str, ...]:
    return keys_of(step.when) if step.when is not None else ()


def target_of(target: Target | None, facts: Facts, declared_at: datetime) -> tuple[datetime | None, bool]:
    """The target's instant, None while its event has not happened; and whether it was moved.

    Nobody can be late before there is an incident: a target that would have passed already when the incident was
    declared counts from the declaration.
    """
    if target is None:
        return None, False
    if target.after == "declared":
        return declared_at + target.within, False
    event = facts.moment(target.after)
    if event is None:
        return None, False
    at = _instant(event, facts.zone or "UTC") + target.within
    return (at, False) if at > declared_at else (declared_at + target.within, True)


def _instant(event: datetime | date, zone: str) -> datetime:
    return event if isinstance(event, datetime) else datetime.combine(event, time(), ZoneInfo(zone))
