"""One obligation explained: how its date was counted, step by step, and what would change it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from incident.domain.bench import Bench, Judged
from incident.domain.condition import Condition, evaluate, tests_of
from incident.domain.counting import Counting, Unit, instant, local_day
from incident.domain.facts import Facts
from incident.domain.jurisdiction import Venue, venues
from incident.domain.obligation import Obligation
from incident.domain.reckoning import counting_of

Answers = Callable[[str], tuple[object, ...]]
"""The answers a fact can take where they are few (yes and no, the words of a choice); none where they are not."""

_WORDS = {True: "owed", False: "not required", None: "undecided"}


@dataclass(frozen=True, slots=True)
class Change:
    """An answer that would change the outcome, or a fact on which the outcome rests."""

    fact: str
    text: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """An obligation with its counting and what would change it."""

    obligation: Obligation
    counting: tuple[str, ...]
    changes: tuple[Change, ...]


def explain(bench: Bench, obligation_id: str, *, answers: Answers) -> Explanation | None:
    """Explain one obligation of the bench; None when the facts give rise to no such obligation."""
    name, _, place = obligation_id.partition("@")
    regime = bench.regimes.get(name.partition("/")[0])
    versions = regime.versions.get(name.partition("/")[2], ()) if regime is not None else ()
    for venue in venues(versions[0], bench.facts) if versions else ():
        if venue.place == place:
            judged = bench.judge(name, venue)
            if judged is not None:
                found = bench.obligation(judged, venue)
                return Explanation(found, tuple(_counted(bench, judged, venue)), tuple(_changes(bench, judged, venue, answers)))
    return None


def _changes(bench: Bench, judged: Judged, venue: Venue, answers: Answers) -> Iterable[Change]:
    """Every single answer that would give another outcome, and what the outcome rests on otherwise."""
    condition, place = judged.duty.when, venue.place or venue.pretend or None
    if condition is None:
        return
    now = judged.outcome.value
    for key in dict.fromkeys(test.key for test in tests_of(condition)):
        different: dict[str, list[str]] = {}
        for answer in answers(key):
            value = _with(bench.facts, key, answer, condition, place)
            if value is not now:
                shown = {True: "yes", False: "no"}.get(answer, str(answer)) if isinstance(answer, bool) else str(answer)
                different.setdefault(_WORDS[value], []).append(shown)
        for outcome, said in different.items():
            yield Change(key, f"{key}: {' or '.join(said)} → {outcome}")
        if not answers(key) and _rests_on(bench.facts, key, condition, place, now=now):
            held = [test for test in judged.outcome.tested if test.text.startswith(key)]
            yield Change(key, "; ".join(f"{test.text} (now {test.value})" for test in held) or key)


def _with(facts: Facts, key: str, answer: object, condition: Condition, place: str | None) -> bool | None:
    return evaluate(condition, Facts({**facts.values, key: answer}, facts.partial - {key}), place=place).value


def _rests_on(facts: Facts, key: str, condition: Condition, place: str | None, *, now: bool | None) -> bool:
    """Whether the outcome would be open if nobody had said this."""
    less: Mapping[str, object] = {name: value for name, value in facts.values.items() if name != key}
    return facts.known(key) and evaluate(condition, Facts(less, facts.partial), place=place).value is not now


def _counted(bench: Bench, judged: Judged, venue: Venue) -> Iterable[str]:
    """The counting in the order in which a person would do it."""
    duty, reckoning = judged.duty, judged.reckoning
    regime = bench.regimes[duty.regime]
    counting = counting_of(duty, bench.ground(regime, venue))
    start = reckoning.start
    if start is None:
        yield f"Not counted yet: {', '.join(reckoning.missing) or 'its event'} is not known."
        return
    yield f"Starts with {start.event}: {_shown(start.at, counting.zone)}."
    if duty.period is None:
        yield "The law names no number: " + (duty.note or "without undue delay.")
        return
    if duty.period.unit is Unit.HOURS:
        yield f"{duty.period.amount} elapsed hours: weekends, holidays and clock changes count."
    else:
        day = local_day(start.at, counting.zone)
        yield f"Days are local days in {counting.zone}; {day:%d %B %Y} is day {counting.first_day}."
        yield from _days(day, bench, judged, counting)
    if duty.cap is not None:
        anchor = duty.cap.start.of or " or ".join(duty.cap.start.events)
        yield f"No later than {duty.cap.period} from {anchor}, if that is earlier."
    if duty.relief_when is not None:
        yield "A limit on a day that is no working day moves to noon of the next one, for whom the law grants it."
    if reckoning.hold is not None:
        base = reckoning.hold.base_due_at
        yield f"A hold applies; without it: {_shown(base, counting.zone) if base else 'no number of days'}."
    if reckoning.due_at is not None:
        yield f"Due {_shown(reckoning.due_at, counting.closing_zone or counting.zone)}."


def _days(day: date, bench: Bench, judged: Judged, counting: Counting) -> Iterable[str]:
    period = judged.duty.period
    if period is None:
        return
    if period.unit is Unit.YEAR_END:
        yield f"31 December {day.year}, then {period.amount} days; nothing rolls over a weekend."
    elif period.unit is Unit.MONTHS:
        yield f"{period.amount} months: the same date, or the last day of a shorter month; nothing rolls over a weekend."
    elif period.unit is Unit.CALENDAR_DAYS:
        yield f"{period.amount} calendar days, weekends and holidays included; the last one is not moved."
    else:
        yield from _business_days(day, bench, period.amount - counting.first_day, counting)


def _business_days(day: date, bench: Bench, amount: int, counting: Counting) -> Iterable[str]:
    name = counting.calendar or "weekdays"
    yield f"{amount} business days by the calendar {name}:"
    counted = 0
    while counted < amount:
        day += timedelta(days=1)
        if bench.calendars.is_business_day(counting.calendar, day):
            counted += 1
            yield f"  {day:%a %d %b %Y} is {counted}"
        else:
            yield f"  {day:%a %d %b %Y} {'is a weekend day' if day.weekday() >= 5 else 'is a holiday or closed'}"


def _shown(at: datetime | date, zone: str) -> str:
    if not isinstance(at, datetime):
        return f"{at:%d %B %Y} (the whole day)"
    return f"{instant(at, zone).astimezone(ZoneInfo(zone)):%a %d %B %Y, %H:%M:%S} {zone}"
