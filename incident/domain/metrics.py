"""How long it took, from which event to which: computed from facts, acts and filings, never recorded.

Every duration names its two events. Where one of them is not recorded the duration is unknown, never zero, and no
neighbour's date is borrowed; where one is known to the day only, it is whole days and says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta


@dataclass(frozen=True, slots=True)
class Metric:
    """A duration with its anchor events; `took` is None while an event is unknown."""

    name: str
    from_event: str
    to_event: str
    took: timedelta | None
    note: str = ""


METRICS: tuple[tuple[str, str, str], ...] = (
    ("time to detect", "at.occurred", "at.detected"),
    ("time to acknowledge", "at.detected", "incident.acknowledged"),
    ("time to awareness", "at.detected", "at.aware"),
    ("escalation lag", "at.aware", "incident.privacy_told"),
    ("time to contain", "at.detected", "at.contained"),
    ("time to recover", "at.detected", "at.handled"),
    ("people identified", "at.contained", "at.scope_identified"),
    ("regulator time", "at.aware", "filed.regulator"),
    ("individual time, first", "at.aware", "filed.individuals"),
    ("individual time, last", "at.aware", "filed.individuals_last"),
    ("exposure", "at.occurred", "at.occurred_until"),
)
"""Name, from, to. Acknowledged: the declaration or an earlier step; told: the first privacy officer or legal role taken."""

FACTS = tuple(dict.fromkeys(event for _, *ends in METRICS for event in ends if event.startswith("at.")))
"""The facts that durations are computed from."""

_EVENTS: Mapping[str, str] = {
    "at.occurred": "it began",
    "at.occurred_until": "it ended",
    "at.detected": "we detected it",
    "at.aware": "we became aware",
    "at.contained": "it was contained",
    "at.handled": "it was handled and service recovered",
    "at.scope_identified": "its scope was identified",
    "incident.acknowledged": "the team took it up",
    "incident.privacy_told": "the privacy officer or legal was in",
    "filed.regulator": "the first filing with an authority",
    "filed.individuals": "the first notice to people",
    "filed.individuals_last": "the last notice to people",
}
_PEOPLE = frozenset({"individuals", "users", "clients", "media"})
_OTHERS = (
    "register assessment annual-log no-harm-determination action-plan processor credit-bureaus credit-monitoring payment "
    "recipients threat-recipients service-provider prime wallet controllers accounts dpo organisations delay-notice"
)
_NOT_AUTHORITIES = _PEOPLE | frozenset(_OTHERS.split())


def event_label(event: str) -> str:
    """An event of a metric as a person says it."""
    return _EVENTS.get(event, event)


def is_to_people(obligation: str) -> bool:
    """Whether an obligation's notice goes to the people affected."""
    return obligation.partition("@")[0].rpartition("/")[2] in _PEOPLE


def is_to_authority(obligation: str) -> bool:
    """Whether an obligation is met by telling an authority, not people, parties to a contract or a record of our own."""
    return obligation.partition("@")[0].rpartition("/")[2] not in _NOT_AUTHORITIES


def metrics(moments: Mapping[str, datetime | date]) -> tuple[Metric, ...]:
    """The durations from the events known: instants give exact durations, days give whole days and say so."""
    return tuple(_metric(name, start, end, moments) for name, start, end in METRICS)


def _metric(name: str, start: str, end: str, moments: Mapping[str, datetime | date]) -> Metric:
    first, last = moments.get(start), moments.get(end)
    if first is None or last is None:
        unknown = start if first is None else end
        return Metric(name, start, end, None, f"unknown: when {event_label(unknown)} is not recorded")
    if isinstance(first, datetime) and isinstance(last, datetime):
        return Metric(name, start, end, last - first)
    return Metric(name, start, end, _day(last) - _day(first), "to the day")


def _day(moment: datetime | date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment
