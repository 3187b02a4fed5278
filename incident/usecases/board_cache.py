"""What presses in each open incident: kept from before where facts, law and day are still the same, else computed.

The law's answer changes when facts, filings, the organisation's profile, the law's files or the program change, and on
the days on which a duty becomes law or ceases to be. All of that is in an answer's digest or in the span for which it is
kept; what is shown is always what computing it now would give.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlmodel import Session

from incident.content.law_stamp import law_stamp
from incident.domain.obligation import ObligationState
from incident.domain.regime import Regime
from incident.store.cache import CacheFile, KeptAnswer, keep, kept, row_digests
from incident.usecases.catalogue import catalogue
from incident.usecases.clocks import clock_list, clocks_in

_TABLES = ("fact", "filing")
_EASTERNMOST, _WESTERNMOST = timedelta(hours=14), timedelta(hours=12)
"""How far from UTC a local day may begin before it, and end after it."""


@dataclass(frozen=True, slots=True)
class Pressing:
    """The most pressing clock of an incident, and how many run."""

    title: str = ""
    at: datetime | None = None
    """The earliest defensible date of a duty that runs or may run; None when nothing dated runs."""
    running: int = 0
    undecided: int = 0


@dataclass(frozen=True, slots=True)
class Span:
    """From when until when, exclusive, the law of the day is the same everywhere."""

    start: datetime
    until: datetime

    def holds(self, now: datetime) -> bool:
        """Whether an instant lies in it."""
        return self.start <= now < self.until


def pressing(session: Session, incident_ids: Iterable[UUID], file: CacheFile, *, now: datetime) -> dict[UUID, Pressing]:
    """What presses in each of these incidents, all of one state of the record."""
    asked = tuple(incident_ids)
    stamp = law_stamp()
    digests = {
        each: sha256(f"{stamp}{digest}".encode()).hexdigest()
        for each, digest in row_digests(session, asked, tables=_TABLES, whole="organisation").items()
    }
    before = file.read()
    found: dict[UUID, Pressing] = {}
    answers: dict[UUID, KeptAnswer] = {}
    for each in asked:
        answer = before.get(each)
        said = _kept(session, each, answer, now=now) if answer is not None and answer.of == digests[each] else None
        if answer is not None and said is not None:
            found[each], answers[each] = said, answer
        else:
            found[each] = computed(session, each, now=now)
    if missing := [each for each in asked if each not in answers]:
        answers |= _to_keep(session, {each: found[each] for each in missing}, digests, stamp, now=now)
    if answers != before:
        file.write(answers)
    return found


def computed(session: Session, incident_id: UUID, *, now: datetime) -> Pressing:
    """What presses in an incident, computed from the record."""
    listed = clock_list(clocks_in(session, incident_id, now=now), owed_only=True)
    reached = [each for each in listed if not each.obligation.unreached] or listed
    dated = [each for each in reached if each.obligation.earliest_at is not None]
    nearest = (dated or reached)[0].obligation if reached else None
    states = [each.obligation.state for each in listed]
    return Pressing(
        title=nearest.title if nearest else "",
        at=nearest.earliest_at if nearest else None,
        running=states.count(ObligationState.DUE),
        undecided=states.count(ObligationState.UNDECIDED),
    )


def _kept(session: Session, incident_id: UUID, answer: KeptAnswer, *, now: datetime) -> Pressing | None:
    values = kept(session, incident_id, answer)
    if values is None:
        return None
    start, until = (datetime.fromisoformat(values.pop(name)) for name in ("start", "until"))
    if not Span(start, until).holds(now):
        return None
    at = values.pop("at")
    return Pressing(at=datetime.fromisoformat(at) if at else None, **values)


def _to_keep(
    session: Session, found: dict[UUID, Pressing], digests: dict[UUID, str], stamp: str, *, now: datetime
) -> dict[UUID, KeptAnswer]:
    """The fresh answers to keep: none on a day on which the law changes, and none of a law that is no longer on disk."""
    law = catalogue().law
    span = same_law(law.regimes, now=now)
    if span is None or law.stamp != stamp or law_stamp() != stamp:
        return {}
    made = {each: keep(session, each, _values(answer, span), digests[each]) for each, answer in found.items()}
    return {each: answer for each, answer in made.items() if answer is not None}


def _values(answer: Pressing, span: Span) -> dict[str, Any]:
    at = answer.at.isoformat() if answer.at else None
    return {**asdict(answer), "at": at, "start": span.start.isoformat(), "until": span.until.isoformat()}


def same_law(regimes: Iterable[Regime], *, now: datetime) -> Span | None:
    """The span around an instant in which no duty becomes law or ceases to be anywhere; None while one does somewhere."""
    days = _days_of_change(regimes)
    first, last = (now.astimezone(UTC) - _WESTERNMOST).date(), (now.astimezone(UTC) + _EASTERNMOST).date()
    place = bisect_right(days, first)
    if place != bisect_right(days, last):
        return None
    start = datetime.combine(days[place - 1], time(), UTC) + _WESTERNMOST if place else datetime.min.replace(tzinfo=UTC)
    until = datetime.combine(days[place], time(), UTC) - _EASTERNMOST if place < len(days) else datetime.max.replace(tzinfo=UTC)
    return Span(start, until)


def _days_of_change(regimes: Iterable[Regime]) -> list[date]:
    days = set[date]()
    for regime in regimes:
        for duty in regime.duties:
            if duty.effective_from is not None:
                days.add(duty.effective_from)
            if duty.effective_until is not None:
                days |= {duty.effective_until, duty.effective_until + timedelta(days=1)}
    return sorted(days)
