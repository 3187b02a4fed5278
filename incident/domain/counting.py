"""From a period to an instant: elapsed hours, local days, business days, months, year ends.

The day of the event is day 0; a day deadline is the last second of its local day; nothing rolls over a weekend
unless the regime grants it. Sources: Regulation (EEC, Euratom) 1182/71 Art. 3 for the readings; each regime
cites its own rule.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Protocol
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from incident.domain.facts import When
from incident.errors import ContentError, shown


class Unit(StrEnum):
    """How a period is counted (the contract's words)."""

    HOURS = "hours"
    CALENDAR_DAYS = "calendar_days"
    BUSINESS_DAYS = "business_days"
    MONTHS = "months"
    YEAR_END = "year_end"


@dataclass(frozen=True, slots=True)
class Period:
    """A number of units; for YEAR_END the calendar days after the end of the event's year."""

    amount: int
    unit: Unit

    def __str__(self) -> str:
        """As the regimes write it: `72 hours`, `year_end+60 calendar_days`."""
        if self.unit is Unit.YEAR_END:
            return f"year_end+{self.amount} calendar_days"
        return f"{self.amount} {self.unit.value}"


class Calendars(Protocol):
    """Business-day calendars by name (`US-federal`, `EDGAR`, `DE`), built outside the domain."""

    def is_business_day(self, calendar: str, day: date) -> bool:
        """Whether offices of this calendar are open on this day."""
        ...


class NoCalendars:
    """Only weekdays: where no public holiday matters."""

    def is_business_day(self, calendar: str, day: date) -> bool:
        """Whether this is a weekday; `calendar` is not looked at."""
        del calendar
        return day.weekday() < 5


@dataclass(frozen=True, slots=True)
class Counting:
    """Everything that turns a start into an end besides the period itself."""

    zone: str
    """IANA zone in which local days are counted."""
    calendar: str = ""
    closing_zone: str = ""
    """The zone of `closing`, if not the one in which days are counted (17:30 in New York)."""
    closing: time | None = None
    """When the last business day ends, if not at midnight (17:30 for a Form 8-K)."""
    first_day: int = 0
    """The number the event's own day has: 0, or 1 where the law counts it (Japan)."""


_PERIOD = re.compile(r"([0-9]+) (hours|calendar_days|business_days|months)")
_YEAR_END = re.compile(r"year_end\+([0-9]+) calendar_days")
LONGEST: Mapping[Unit, int] = {
    Unit.HOURS: 87_660,
    Unit.CALENDAR_DAYS: 36_525,
    Unit.BUSINESS_DAYS: 2_610,
    Unit.MONTHS: 1_200,
    Unit.YEAR_END: 36_525,
}
"""Ten years in hours or business days, a hundred in days or months: no law counts longer, and calendars end."""


def parse_period(text: str, *, where: str) -> Period:
    """Read `72 hours`, `60 calendar_days`, `4 business_days`, `1 months`, `year_end+60 calendar_days`."""
    plain, year_end = _PERIOD.fullmatch(text), _YEAR_END.fullmatch(text)
    found = plain or year_end
    if found is None:
        wrong = shown(text, longest=60)
        raise ContentError(f"{where}: «{wrong}» is not a period.", "Write `72 hours`, `30 calendar_days`, `1 months` …")
    unit = Unit(plain[2]) if plain else Unit.YEAR_END
    digits = found[1].lstrip("0") or "0"
    if len(digits) > 6 or int(digits) > LONGEST[unit]:
        most = f"{LONGEST[unit]} {'calendar days' if unit is Unit.YEAR_END else unit.value}"
        raise ContentError(f"{where}: «{shown(text, longest=60)}» is longer than any law.", f"The longest is {most}.")
    return Period(int(digits), unit)


def local_day(start: When, zone: str) -> date:
    """The local day on which something happened."""
    return start.astimezone(ZoneInfo(zone)).date() if isinstance(start, datetime) else start


def instant(start: When, zone: str) -> datetime:
    """The instant from which hours run: a date starts at 00:00 of that local day."""
    if isinstance(start, datetime):
        return start.astimezone(UTC)
    return datetime.combine(start, time(), ZoneInfo(zone)).astimezone(UTC)


def end_of_day(day: date, zone: str) -> datetime:
    """The last second of a local day, in UTC."""
    return datetime.combine(day, time(23, 59, 59), ZoneInfo(zone)).astimezone(UTC)


def end_of(start: When, period: Period, counting: Counting, calendars: Calendars) -> datetime:
    """When a period that starts with this event ends (UTC)."""
    if period.unit is Unit.HOURS:
        return instant(start, counting.zone) + timedelta(hours=period.amount)
    day = last_day(start, period, counting, calendars)
    if counting.closing is not None:
        return datetime.combine(day, counting.closing, ZoneInfo(counting.closing_zone or counting.zone)).astimezone(UTC)
    return end_of_day(day, counting.zone)


def last_day(start: When, period: Period, counting: Counting, calendars: Calendars) -> date:
    """The local day on which a period counted in days, months or years ends."""
    day = local_day(start, counting.zone)
    match period.unit:
        case Unit.MONTHS:
            return day + relativedelta(months=period.amount)
        case Unit.YEAR_END:
            return date(day.year, 12, 31) + timedelta(days=period.amount)
        case Unit.BUSINESS_DAYS:
            return business_day_after(day, period.amount - counting.first_day, counting.calendar, calendars)
        case _:
            return day + timedelta(days=period.amount - counting.first_day)


def business_day_after(day: date, amount: int, calendar: str, calendars: Calendars) -> date:
    """The `amount`-th business day after a day; the day itself is never counted."""
    while amount > 0:
        day += timedelta(days=1)
        if calendars.is_business_day(calendar, day):
            amount -= 1
    return day


def next_business_day(day: date, calendar: str, calendars: Calendars) -> date:
    """This day if it is a business day, else the next one."""
    while not calendars.is_business_day(calendar, day):
        day += timedelta(days=1)
    return day


def wall_clock(start: When, hours: int, zone: str) -> datetime:
    """The same clock time so many hours later as a wall clock shows it (72 hours: three days on the dial)."""
    where = ZoneInfo(zone)
    shown = instant(start, zone).astimezone(where).replace(tzinfo=None)
    return (shown + timedelta(hours=hours)).replace(tzinfo=where).astimezone(UTC)


def next_full_hour(start: When, hours: int, zone: str) -> datetime:
    """Reg. 1182/71 Art. 3(1): the hour of the event is not counted; the period runs from the next full hour."""
    where = ZoneInfo(zone)
    begun = instant(start, zone).astimezone(where)
    into_hour = timedelta(minutes=begun.minute, seconds=begun.second, microseconds=begun.microsecond)
    return begun.astimezone(UTC) - into_hour + timedelta(hours=hours + 1)


def two_working_days(start: When, due: datetime, counting: Counting, calendars: Calendars) -> datetime:
    """Reg. 1182/71 Art. 3(5), read to cover hours: not before the end of the second working day after the event."""
    first = local_day(start, counting.zone)
    second = business_day_after(first, 2, counting.calendar, calendars)
    return max(due, end_of_day(second, counting.zone))


def rolled(due: datetime, counting: Counting, calendars: Calendars) -> datetime:
    """Reg. 1182/71 Art. 3(4): a last day that is no working day gives way to the end of the next one."""
    day = local_day(due, counting.zone)
    return end_of_day(next_business_day(day, counting.calendar, calendars), counting.zone)


def noon_relief(due: datetime, counting: Counting, calendars: Calendars) -> datetime:
    """A limit on a day that is no working day moves to noon of the next one (Reg. (EU) 2025/301 Art. 5)."""
    day = local_day(due, counting.zone)
    if calendars.is_business_day(counting.calendar, day):
        return due
    opened = next_business_day(day, counting.calendar, calendars)
    return datetime.combine(opened, time(12), ZoneInfo(counting.zone)).astimezone(UTC)
