"""Other defensible dates of a deadline, each with who reads the law that way; screens warn by the earliest."""

from datetime import datetime, timedelta

from incident.domain.counting import (
    Calendars,
    Counting,
    Period,
    Unit,
    end_of,
    end_of_day,
    local_day,
    next_full_hour,
    rolled,
    two_working_days,
    wall_clock,
)
from incident.domain.facts import Facts, When
from incident.domain.holding import Held
from incident.domain.obligation import Reading
from incident.domain.regime import Duty

_SOURCES = {
    "reg-1182-71": "Reg. (EEC, Euratom) 1182/71 Art. 3(1): the hour of the event is not counted",
    "roll-1182-71": "Reg. (EEC, Euratom) 1182/71 Art. 3(4): a last day that is no working day moves on",
    "two-working-days": "Reg. (EEC, Euratom) 1182/71 Art. 3(5), minority view: two working days must lie inside",
    "wall-clock": "the same time on the dial; a clock change lies inside the period",
    "tolling": "the hold stops the clock, and what was left runs on afterwards",
    "from-occurrence": "the period read to run from the incident itself, not from awareness of it",
}


def readings_of(
    duty: Duty,
    start: When,
    base: datetime,
    held: Held | None,
    facts: Facts,
    calendars: Calendars,
    counting: Counting,
) -> tuple[Reading, ...]:
    """Every other defensible date that differs from the registry's own."""
    period = duty.period
    found: dict[str, datetime] = {}
    if period is not None and period.unit is Unit.HOURS:
        found |= _hour_readings(duty, start, period, base, calendars, counting)
    elif counting.calendar:
        if "reg-1182-71" in duty.readings:
            found["roll-1182-71"] = rolled(base, counting, calendars)
        if "two-working-days" in duty.readings:
            found["two-working-days"] = two_working_days(start, base, counting, calendars)
    occurred = facts.moment("occurred") if "from-occurrence" in duty.readings else None
    if period is not None and occurred is not None:
        found["from-occurrence"] = end_of(occurred, period, counting, calendars)
    if held is not None and held.held_days and held.due_at > base:
        tolled = local_day(base, counting.zone) + timedelta(days=held.held_days)
        found["tolling"] = end_of_day(tolled, counting.zone)
    same = held.due_at if held is not None and held.due_at > base else base
    return tuple(Reading(name, at, _SOURCES[name]) for name, at in found.items() if at != same)


def _hour_readings(
    duty: Duty, start: When, period: Period, base: datetime, calendars: Calendars, counting: Counting
) -> dict[str, datetime]:
    found = {"wall-clock": wall_clock(start, period.amount, counting.zone)}
    if "reg-1182-71" in duty.readings:
        found["reg-1182-71"] = next_full_hour(start, period.amount, counting.zone)
    if "two-working-days" in duty.readings and counting.calendar:
        found["two-working-days"] = two_working_days(start, base, counting, calendars)
    return found
