"""When a duty is due: its start, its period, holds, other readings, chains and projections.

Pure functions over facts; a missing event never borrows a neighbour's date.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from incident.domain.condition import evaluate
from incident.domain.counting import (
    Calendars,
    Counting,
    Period,
    Unit,
    end_of,
    end_of_day,
    instant,
    local_day,
    next_full_hour,
    noon_relief,
    rolled,
    two_working_days,
    wall_clock,
)
from incident.domain.facts import Facts, Hold, Knowledge, When
from incident.domain.obligation import HoldOn, Reading, StartOf
from incident.domain.regime import Duty, HoldPolicy, Limit, Relation, Start

_SOURCES = {
    "reg-1182-71": "Reg. (EEC, Euratom) 1182/71 Art. 3(1): the hour of the event is not counted",
    "roll-1182-71": "Reg. (EEC, Euratom) 1182/71 Art. 3(4): a last day that is no working day moves on",
    "two-working-days": "Reg. (EEC, Euratom) 1182/71 Art. 3(5), minority view: two working days must lie inside",
    "wall-clock": "the same time on the dial; a clock change lies inside the period",
    "tolling": "the hold stops the clock, and what was left runs on afterwards",
}


@dataclass(frozen=True, slots=True)
class Anchor:
    """The obligation another one hangs on: its own reckoning, and when it was first and last filed."""

    reckoning: "Reckoning"
    first_filed_at: datetime | None
    last_filed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Ground:
    """What a reckoning stands on."""

    facts: Facts
    calendars: Calendars
    zone: str
    place: str
    imputed: frozenset[str]
    anchor: Callable[[str], Anchor | None]
    """The anchor with this obligation id, reckoned for the same place."""


@dataclass(frozen=True, slots=True)
class Reckoning:
    """A duty's dates; `missing` names the events that have not happened or are not known."""

    start: StartOf | None = None
    root: When | None = None
    """The first event of the chain: by its local day the law is chosen."""
    due_at: datetime | None = None
    projected_at: datetime | None = None
    not_before_at: datetime | None = None
    hold: HoldOn | None = None
    readings: tuple[Reading, ...] = ()
    missing: tuple[str, ...] = ()
    order: tuple[tuple[str, str], ...] = field(default=())


def reckon(duty: Duty, ground: Ground) -> Reckoning:
    """Reckon one duty in one version of the law."""
    counting = _counting(duty, ground)
    order = duty.order
    if duty.start.relation in (Relation.WITH, Relation.BEFORE):
        return _following(duty, ground, order)
    start, root, missing = _start(duty.start, ground, counting.zone)
    embargo = _not_before(duty, ground, counting)
    if start is None or duty.period is None:
        projected = _projected(duty, ground, counting) if start is None else None
        return Reckoning(start, root, None, projected_at=projected, not_before_at=embargo, missing=missing, order=order)
    base = _base(duty, start.at, ground, counting)
    held = _held(duty, base, ground, counting)
    due = held.due_at if held is not None else base
    readings = _readings(duty, start.at, base, due, held, ground, counting)
    hold = held.hold if held is not None else None
    return Reckoning(start, root, due, None, embargo, hold, readings, missing=(), order=order)


def _counting(duty: Duty, ground: Ground) -> Counting:
    calendar = duty.calendar.replace("@place", ground.place.split("-")[0] if ground.place else "")
    return Counting(duty.zone or ground.zone, calendar, duty.closing, duty.first_day)


def _start(start: Start, ground: Ground, zone: str) -> tuple[StartOf | None, When | None, tuple[str, ...]]:
    """The start, the root event of its chain, and the events that are missing."""
    if start.relation in (Relation.FILED, Relation.FILED_LAST):
        anchor = ground.anchor(start.of)
        if anchor is None:
            return None, None, ("filed",)
        sent = anchor.first_filed_at if start.relation is Relation.FILED else anchor.last_filed_at
        found = StartOf(f"{start.relation.value}:{start.of}", sent) if sent is not None else None
        return found, anchor.reckoning.root, () if found else ("filed",)
    if start.hold_end:
        ended = _hold_end(ground.facts, ground.zone)
        return (StartOf("hold", ended), ended, ()) if ended else (None, None, ("holds",))
    known = [StartOf(f"at.{event}", at) for event in start.events if (at := ground.facts.moment(event)) is not None]
    if start.latest:
        missing = tuple(f"at.{event}" for event in start.events if ground.facts.moment(event) is None)
        if missing:
            return None, known[0].at if known else None, missing
        latest = max(known, key=lambda each: instant(each.at, zone))
        return latest, latest.at, ()
    if start.knowledge:
        known.extend(
            StartOf(f"knowledge:{each.by}", each.at)
            for each in ground.facts.rows("knowledge")
            if isinstance(each, Knowledge) and each.by in ground.imputed
        )
    if not known:
        return None, None, tuple(f"at.{event}" for event in start.events[:1])
    earliest = min(known, key=lambda each: instant(each.at, zone))
    return earliest, earliest.at, ()


def _base(duty: Duty, start: When, ground: Ground, counting: Counting) -> datetime:
    assert duty.period is not None  # noqa: S101 - the caller has asked
    due = end_of(start, duty.period, counting, ground.calendars)
    if duty.cap is not None:
        due = _capped(due, start, duty.cap, ground, counting)
    if duty.relief_when is not None and evaluate(duty.relief_when, ground.facts, place=ground.place).value is True:
        due = noon_relief(due, counting, ground.calendars)
    return due


def _capped(due: datetime, start: When, cap: Limit, ground: Ground, counting: Counting) -> datetime:
    """The earlier of two limits; a cap that had ended when the main clock started falls away."""
    other, _, _ = _start(cap.start, ground, counting.zone)
    if other is None:
        return due
    limit = end_of(other.at, cap.period, counting, ground.calendars)
    if cap.lapses_if_later and instant(start, counting.zone) > limit:
        return due
    return min(due, limit)


def _not_before(duty: Duty, ground: Ground, counting: Counting) -> datetime | None:
    """When an embargo ends: after full days, the first second of the day that follows."""
    if duty.not_before is None:
        return None
    start, _, _ = _start(duty.not_before.start, ground, counting.zone)
    if start is None:
        return None
    end = end_of(start.at, duty.not_before.period, counting, ground.calendars)
    hours = duty.not_before.period.unit is Unit.HOURS
    return end if hours else end + timedelta(seconds=1)


def _projected(duty: Duty, ground: Ground, counting: Counting) -> datetime | None:
    """The latest date a chained clock can have: as if its anchor were filed at its own last moment."""
    if duty.period is None or duty.start.relation not in (Relation.FILED, Relation.FILED_LAST):
        return None
    anchor = ground.anchor(duty.start.of)
    if anchor is None:
        return None
    last = anchor.reckoning.due_at or anchor.reckoning.projected_at
    return end_of(last, duty.period, counting, ground.calendars) if last is not None else None


def _following(duty: Duty, ground: Ground, order: tuple[tuple[str, str], ...]) -> Reckoning:
    """Due with (or before) another obligation: its date while that is unsent, its first filing afterwards."""
    anchor = ground.anchor(duty.start.of)
    if anchor is None:
        return Reckoning(missing=("filed",), order=order)
    inner = anchor.reckoning
    if not duty.follows:
        return Reckoning(inner.start, inner.root, missing=inner.missing if inner.start is None else (), order=order)
    due = inner.due_at
    if anchor.first_filed_at is not None:
        due = min(due, anchor.first_filed_at) if due is not None else anchor.first_filed_at
    return Reckoning(inner.start, inner.root, due, inner.projected_at, hold=inner.hold, missing=inner.missing, order=order)


@dataclass(frozen=True, slots=True)
class _Held:
    due_at: datetime
    hold: HoldOn
    held_days: int


def _held(duty: Duty, base: datetime, ground: Ground, counting: Counting) -> _Held | None:
    """Apply the holds in order of their statements; one stated after the limit had passed changes nothing."""
    rule = duty.hold
    if rule.policy is HoldPolicy.NONE:
        return None
    due, days, open_ended = base, 0, False
    until: datetime | None = None
    holds = [each for each in ground.facts.rows("holds") if isinstance(each, Hold) and _covers(each, duty)]
    for each in sorted(holds, key=lambda one: instant(one.stated, counting.zone) if one.stated else base):
        if each.stated is not None and instant(each.stated, counting.zone) > due:
            continue
        end = _end_of_hold(each, duty, holds, counting)
        if end is None:
            open_ended = True
            continue
        until = end if until is None else max(until, end)
        if each.stated is not None:
            span = local_day(end, counting.zone) - local_day(each.stated, counting.zone)
            days = max(days, span.days)
        due = max(due, _after_hold(duty, due, end, counting, ground.calendars))
    if until is None and not open_ended:
        return None
    return _Held(due, HoldOn(None if open_ended else until, base), days)


def _after_hold(duty: Duty, due: datetime, end: datetime, counting: Counting, calendars: Calendars) -> datetime:
    rule = duty.hold
    if rule.policy is HoldPolicy.AFTER and rule.after is not None and not (rule.only_if_passed and end <= due):
        return end_of(end, rule.after, counting, calendars)
    return end


def _covers(hold: Hold, duty: Duty) -> bool:
    named = [each for each in hold.scope if "/" in each or each == duty.regime]
    return hold.kind in duty.hold.kinds and (not named or duty.id in named or duty.regime in named)


def _end_of_hold(hold: Hold, duty: Duty, holds: list[Hold], counting: Counting) -> datetime | None:
    """A written hold ends when it says; an oral one, or a written one without an end, after the rule's days."""
    if hold.form == "written" and hold.until is not None:
        return _day_end(hold.until, counting.zone)
    if duty.hold.oral_days is None or hold.stated is None:
        return _day_end(hold.until, counting.zone) if hold.until is not None else None
    stated = local_day(hold.stated, counting.zone)
    limit = end_of_day(stated + timedelta(days=duty.hold.oral_days), counting.zone)
    replacing = [
        each
        for each in holds
        if each.form == "written"
        and each.until
        and each.stated
        and stated <= local_day(each.stated, counting.zone)
        and instant(each.stated, counting.zone) <= limit
    ]
    return min(limit, _day_end(replacing[0].until, counting.zone)) if replacing and replacing[0].until else limit


def _day_end(until: When, zone: str) -> datetime:
    return until.astimezone(UTC) if isinstance(until, datetime) else end_of_day(until, zone)


def _hold_end(facts: Facts, zone: str) -> datetime | None:
    ends = [_day_end(each.until, zone) for each in facts.rows("holds") if isinstance(each, Hold) and each.until]
    return max(ends, default=None)


def _readings(
    duty: Duty,
    start: When,
    base: datetime,
    due: datetime,
    held: _Held | None,
    ground: Ground,
    counting: Counting,
) -> tuple[Reading, ...]:
    """Every other defensible date that differs from the registry's own."""
    period = duty.period
    found: dict[str, datetime] = {}
    if period is not None and period.unit is Unit.HOURS:
        found |= _hour_readings(duty, start, period, base, ground, counting)
    elif "reg-1182-71" in duty.readings and counting.calendar:
        found["roll-1182-71"] = rolled(base, counting, ground.calendars)
    if held is not None and held.held_days and held.due_at > base:
        tolled = local_day(base, counting.zone) + timedelta(days=held.held_days)
        found["tolling"] = end_of_day(tolled, counting.zone)
    same = due if held is not None and held.due_at > base else base
    return tuple(Reading(name, at, _SOURCES[name]) for name, at in found.items() if at != same)


def _hour_readings(
    duty: Duty, start: When, period: Period, base: datetime, ground: Ground, counting: Counting
) -> dict[str, datetime]:
    found = {"wall-clock": wall_clock(start, period.amount, counting.zone)}
    if "reg-1182-71" in duty.readings:
        found["reg-1182-71"] = next_full_hour(start, period.amount, counting.zone)
    if "two-working-days" in duty.readings and counting.calendar:
        found["two-working-days"] = two_working_days(start, base, counting, ground.calendars)
    return found
