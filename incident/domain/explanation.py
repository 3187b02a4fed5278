"""One obligation explained: how its date was counted, step by step, and what would change it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from incident.domain.bench import Bench, Judged
from incident.domain.condition import All, Condition, FactTest, Not, Outcome, Some, evaluate, tests_of
from incident.domain.counting import Counting, Unit, instant, local_day
from incident.domain.duty_clock import first_filing
from incident.domain.duty_words import length, limit_words
from incident.domain.facts import Facts
from incident.domain.jurisdiction import Venue, venues
from incident.domain.obligation import Obligation, ObligationState
from incident.domain.place_names import place_name
from incident.domain.reckoning import counting_of
from incident.domain.regime import LawStatus
from incident.domain.wording import (
    asked_for,
    event_start,
    event_words,
    in_words,
    is_said_by,
    token_label,
    value_in_words,
)

Answers = Callable[[str], tuple[object, ...]]
"""The answers a fact can take where they are few (yes and no, the words of a choice); none where they are not."""

_SHORT = {"unknown": "not known yet", "true": "yes", "false": "no"}
_WORDS = {True: "owed", False: "not required", None: "undecided"}


@dataclass(frozen=True, slots=True)
class Change:
    """An answer that would change the outcome: what stands now, the answer, and what would follow."""

    fact: str
    now: str
    answer: str
    outcome: str

    @property
    def text(self) -> str:
        """As one sentence."""
        now = f" (now: {self.now})" if self.now else ""
        return f"{self.answer[:1].upper()}{self.answer[1:]}{now}: {self.outcome}."


@dataclass(frozen=True, slots=True)
class Explanation:
    """An obligation with its counting and what would change it."""

    obligation: Obligation
    counting: tuple[str, ...]
    changes: tuple[Change, ...]
    filed_at: datetime | None = None


def explain(bench: Bench, obligation_id: str, *, answers: Answers) -> Explanation | None:
    """Explain one obligation of the bench; None when the facts give rise to no such obligation."""
    name, _, place = obligation_id.partition("@")
    regime = bench.regimes.get(name.partition("/")[0])
    versions = regime.versions.get(name.partition("/")[2], ()) if regime is not None else ()
    if versions and all(each.status is LawStatus.PROPOSED for each in versions):
        return Explanation(bench.no_law(versions[0], Venue()), (), (), None)
    places = venues(versions[0], bench.facts) if versions else ()
    for venue in places:
        if venue.place == place:
            judged = bench.judge(name, venue)
            if judged is None:
                return Explanation(bench.no_law(versions[0], venue), (), (), None)
            found = bench.obligation(judged, venue, alone=len(places) == 1)
            counted = tuple(_counted(bench, judged, venue, found))
            changes = (*_awaited(judged, found), *_changes(bench, judged, venue, answers))
            return Explanation(found, counted, changes, first_filing(found, bench.facts))
    return None


def _awaited(judged: Judged, found: Obligation) -> Iterable[Change]:
    """What would start a clock that does not run yet."""
    if found.state not in (ObligationState.NOT_STARTED, ObligationState.UNDECIDED) or judged.reckoning.start is not None:
        return
    runs = f"{length(judged.duty.period)} run from then" if judged.duty.period is not None else "it is owed from then"
    for key in judged.reckoning.missing:
        if key == "filed":
            yield Change(key, "not filed yet", asked_for(key, "once the other notice has been filed", found.id), runs)
        elif key.startswith("at."):
            yield Change(key, "not known yet", f"once it is known when {event_words(key)}", runs)


def _changes(bench: Bench, judged: Judged, venue: Venue, answers: Answers) -> Iterable[Change]:
    """Every single answer that would give another outcome."""
    condition, place = judged.duty.when, venue.place or venue.pretend or None
    if condition is None:
        return
    standing = {test.text: evaluate(test, bench.facts, place=place) for test in _plain(condition)}
    now = _value(condition, {text: found.value for text, found in standing.items()})
    for key in dict.fromkeys(test.key for test in tests_of(condition)):
        if answers(key):
            yield from _other_answers(bench.facts, key, answers(key), condition, place, now=now)
            continue
        for text, found in standing.items():
            if found.tested[0].text.startswith(f"{key} ") or (key == "filed" and text.startswith("notices ")):
                yield from _turned(key, text, standing, condition, now=now)


def _other_answers(
    facts: Facts, key: str, answers: tuple[object, ...], condition: Condition, place: str | None, *, now: bool | None
) -> Iterable[Change]:
    """The answers of a question with few of them."""
    different: dict[bool | None, list[str]] = {}
    for answer in answers:
        value = evaluate(condition, Facts({**facts.values, key: answer}, facts.partial - {key}), place=place).value
        if value is not now:
            text = f"{key} is {answer}" if not isinstance(answer, bool) else f"{'' if answer else 'not '}{key} is true"
            different.setdefault(value, []).append(in_words(text))
    held = facts.get(key)
    shown = {True: "yes", False: "no"}[held] if isinstance(held, bool) else token_label(key, str(held))
    for outcome, said in different.items():
        yield Change(key, shown if facts.known(key) else "not known yet", f"if {' or '.join(said)}", _WORDS[outcome])


def _turned(
    key: str, text: str, standing: Mapping[str, Outcome], condition: Condition, *, now: bool | None
) -> Iterable[Change]:
    """What would follow if a single test came out otherwise."""
    tested = standing[text].tested[0]
    for value in (True, False):
        if value is standing[text].value:
            continue
        outcome = _value(condition, {name: found.value for name, found in standing.items()} | {text: value})
        if outcome is not now:
            answer = in_words(tested.text if value else f"not {tested.text}")
            shown = value_in_words(tested.text, tested.value, outcome=standing[text].value)
            shown = "yes" if is_said_by(tested.text, tested.value) else _SHORT.get(shown, shown)
            yield Change(key, shown, f"if {answer}", _WORDS[outcome])


def _plain(condition: Condition) -> Iterable[FactTest]:
    """The single tests as they are without their `not`, each once."""
    return {test.text: replace(test, negated=False) for test in tests_of(condition)}.values()


def _value(condition: Condition, known: Mapping[str, bool | None]) -> bool | None:
    """The outcome of a condition when its tests come out like this."""
    match condition:
        case FactTest():
            value = known[condition.text]
            return value if value is None else value is not condition.negated
        case Not():
            value = _value(condition.part, known)
            return None if value is None else not value
        case All() | Some():
            outcomes = [_value(part, known) for part in condition.parts]
            deciding = isinstance(condition, Some)
            return deciding if deciding in outcomes else None if None in outcomes else not deciding


def _counted(bench: Bench, judged: Judged, venue: Venue, found: Obligation) -> Iterable[str]:
    """The counting in the order in which a person would do it."""
    duty, reckoning = judged.duty, judged.reckoning
    regime = bench.regimes[duty.regime]
    counting = counting_of(duty, bench.ground(regime, venue))
    start = reckoning.start
    if start is None:
        awaited = " and ".join(_awaited_words(key, found) for key in reckoning.missing)
        yield f"Not counted yet: {awaited or 'its event is not known'}."
        return
    yield f"Counted from {event_start(start.event)}: {_shown(start.at, counting.zone)}."
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
        yield f"No later than {limit_words(duty.cap)}, if that is earlier."
    if duty.relief_when is not None:
        yield "A limit on a day that is no working day moves to noon of the next one, for whom the law grants it."
    if reckoning.hold is not None:
        base = reckoning.hold.base_due_at
        until = reckoning.hold.until_at
        ends = f"until {_shown(until, counting.zone)}" if until else "with no end stated"
        yield f"A hold applies, {ends}; without it: {_shown(base, counting.zone) if base else 'no number of days'}."
    if reckoning.due_at is not None:
        yield f"Due {_shown(reckoning.due_at, counting.closing_zone or counting.zone)}."


def _awaited_words(key: str, found: Obligation) -> str:
    if key.startswith("at."):
        return f"nobody has said when {event_words(key)}"
    if key == "filed":
        return asked_for(key, "another notice has to be filed first", found.id).replace("once ", "it waits until ", 1)
    return "no hold has ended yet" if key == "holds" else f"«{key}» is not known"


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
    yield f"{amount} business days by {_calendar(counting.calendar)}:"
    counted = 0
    while counted < amount:
        day += timedelta(days=1)
        if bench.calendars.is_business_day(counting.calendar, day):
            counted += 1
            yield f"  {day:%a %d %b %Y} is {counted}"
        else:
            yield f"  {day:%a %d %b %Y} {'is a weekend day' if day.weekday() >= 5 else 'is a holiday or closed'}"


def _calendar(name: str) -> str:
    if name in ("", "weekdays"):
        return "the days of the week alone"
    named = place_name(name)
    return f"the calendar of {named}" if named != name else f"the calendar {name.replace('-', ' ')}"


def _shown(at: datetime | date, zone: str) -> str:
    if not isinstance(at, datetime):
        return f"{at:%d %B %Y} (the whole day)"
    return f"{instant(at, zone).astimezone(ZoneInfo(zone)):%a %d %B %Y, %H:%M:%S} {zone}"
