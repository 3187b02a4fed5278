"""Holds: law enforcement, or whom a regime names, has telling wait. Both dates stay visible."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from incident.domain.counting import Calendars, Counting, end_of, end_of_day, instant, local_day
from incident.domain.facts import Facts, Hold, When
from incident.domain.obligation import HoldOn
from incident.domain.regime import Duty, HoldPolicy


@dataclass(frozen=True, slots=True)
class Held:
    """A deadline that a hold moved: the new date, the hold, and how many days it lasted."""

    due_at: datetime
    hold: HoldOn
    held_days: int


def held(
    duty: Duty, start: When, base: datetime, holds: Sequence[Hold], counting: Counting, calendars: Calendars
) -> Held | None:
    """Apply covering holds in order of their statements; one stated after the limit had passed changes nothing."""
    if duty.hold.policy is HoldPolicy.NONE or not holds:
        return None
    due, open_ended = base, False
    until: datetime | None = None
    stood: list[tuple[date, date]] = []
    for each in sorted(holds, key=lambda one: instant(one.stated, counting.zone) if one.stated else base):
        if each.stated is not None and instant(each.stated, counting.zone) > due:
            continue
        end = _end_of_hold(each, duty, holds, counting)
        if end is None:
            open_ended = True
            continue
        until = end if until is None else max(until, end)
        if each.stated is not None:
            begun = max(local_day(each.stated, counting.zone), local_day(start, counting.zone))
            stood.append((begun, local_day(end, counting.zone)))
        due = max(due, _after_hold(duty, base, end, counting, calendars))
    if until is None and not open_ended:
        return None
    return Held(due, HoldOn(None if open_ended else until, base), _days(stood))


def covering(duty: Duty, facts: Facts, place: str, *, unknown_form: str = "") -> tuple[Hold, ...]:
    """The holds that this duty heeds at this place.

    A hold whose form nobody has stated counts as oral where the law limits oral statements, and not at all where
    it heeds only written ones: the earlier date. `unknown_form` reads it as this form instead.
    """
    found = (_read(each, duty, unknown_form) for each in facts.rows("holds") if isinstance(each, Hold))
    return tuple(each for each in found if _covers(each, duty, place))


def _read(hold: Hold, duty: Duty, unknown_form: str) -> Hold:
    if hold.form:
        return hold
    oral = "oral" if duty.hold.oral_days is not None or "oral" not in duty.hold.forms else ""
    return replace(hold, form=unknown_form or oral)


def _days(spans: list[tuple[date, date]]) -> int:
    """How many days at least one of the holds stood, days on which two stood counted once."""
    days, seen = 0, date.min
    for begun, ended in sorted(spans):
        days += max(0, (ended - max(begun, seen)).days)
        seen = max(seen, ended)
    return days


def _after_hold(duty: Duty, base: datetime, end: datetime, counting: Counting, calendars: Calendars) -> datetime:
    rule = duty.hold
    if rule.policy is HoldPolicy.AFTER and rule.after is not None and not (rule.only_if_passed and end <= base):
        return end_of(end, rule.after, counting, calendars)
    return end


def _covers(hold: Hold, duty: Duty, place: str) -> bool:
    if hold.kind not in duty.hold.kinds or hold.form not in (*duty.hold.forms, ""):
        return False
    here = (duty.regime, duty.id, f"{duty.id}@{place}")
    return not hold.scope or any(each in here for each in hold.scope)


def _end_of_hold(hold: Hold, duty: Duty, holds: Sequence[Hold], counting: Counting) -> datetime | None:
    """A written hold ends when it says; an oral one, or a written one without an end, after the rule's days."""
    if hold.form == "written" and hold.until is not None:
        return _day_end(hold.until, counting.zone)
    if duty.hold.oral_days is None or hold.stated is None:
        return _day_end(hold.until, counting.zone) if hold.until is not None else None
    stated = local_day(hold.stated, counting.zone)
    limit = end_of_day(stated + timedelta(days=duty.hold.oral_days), counting.zone)
    if hold.until is not None:
        limit = min(limit, _day_end(hold.until, counting.zone))
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


def standing(duty: Duty, holds: Sequence[Hold], zone: str) -> HoldOn | None:
    """The covering holds on a duty that has no limit to move: telling waits all the same."""
    heeded = holds if duty.hold.policy is not HoldPolicy.NONE else ()
    ends = [_end_of_hold(each, duty, heeded, Counting(zone)) for each in heeded]
    known = [each for each in ends if each is not None]
    return HoldOn(max(known) if len(known) == len(ends) else None, None) if ends else None


def embargo_hold(holds: Sequence[Hold], zone: str) -> datetime | None:
    """Until when covering holds keep a duty silent, whatever its own limits say."""
    ends = [_day_end(each.until, zone) for each in holds if each.until is not None]
    return max(ends, default=None)


def hold_end(facts: Facts, zone: str) -> datetime | None:
    """When the last known hold ends."""
    ends = [_day_end(each.until, zone) for each in facts.rows("holds") if isinstance(each, Hold) and each.until]
    return max(ends, default=None)
