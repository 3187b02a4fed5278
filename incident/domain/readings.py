"""Other defensible dates of a deadline, each with who reads the law that way; screens warn by the earliest."""

from collections.abc import Callable
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
from incident.domain.regime import Duty, HoldPolicy

Ends = Callable[[When, Period], datetime]
"""A way of ending a period that began with an event."""

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
    again: Callable[[Ends], datetime],
) -> tuple[Reading, ...]:
    """Every other defensible date that differs from the registry's own.

    `again` reckons the deadline anew, second limit and relief included, with another way of ending its periods.
    """
    period = duty.period
    found: dict[str, datetime] = {}
    if period is not None and period.unit is Unit.HOURS:
        found |= _hour_readings(duty, start, base, calendars, counting, again)
    elif counting.calendar:
        if "reg-1182-71" in duty.readings:
            found["roll-1182-71"] = rolled(base, counting, calendars)
        if "two-working-days" in duty.readings:
            found["two-working-days"] = two_working_days(start, base, counting, calendars)
    occurred = facts.moment("occurred") if "from-occurrence" in duty.readings else None
    if period is not None and occurred is not None:
        found["from-occurrence"] = end_of(occurred, period, counting, calendars)
    same = held.due_at if held is not None and held.due_at > base else base
    if held is not None and held.held_days and duty.hold.policy is HoldPolicy.LATER_OF:
        tolled = end_of_day(local_day(base, counting.zone) + timedelta(days=held.held_days), counting.zone)
        found |= {"tolling": tolled} if tolled > same else {}
    return tuple(Reading(name, at, _SOURCES[name]) for name, at in found.items() if at != same)


def _hour_readings(
    duty: Duty, start: When, base: datetime, calendars: Calendars, counting: Counting, again: Callable[[Ends], datetime]
) -> dict[str, datetime]:
    def in_hours(read: Callable[[When, int, str], datetime]) -> Ends:
        def ends(at: When, period: Period) -> datetime:
            if period.unit is Unit.HOURS:
                return read(at, period.amount, counting.zone)
            return end_of(at, period, counting, calendars)

        return ends

    found = {"wall-clock": again(in_hours(wall_clock))}
    if "reg-1182-71" in duty.readings:
        found["reg-1182-71"] = again(in_hours(next_full_hour))
    if "two-working-days" in duty.readings and counting.calendar:
        found["two-working-days"] = two_working_days(start, base, counting, calendars)
    return found
