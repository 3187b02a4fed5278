"""From a start to an end: hours, days, business days, months, year ends, and the other readings."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incident.content.calendars import LibraryCalendars
from incident.domain.counting import (
    Counting,
    Period,
    Unit,
    end_of,
    next_full_hour,
    noon_relief,
    parse_period,
    two_working_days,
    wall_clock,
)
from incident.errors import ContentError

CALENDARS = LibraryCalendars()
ZONES = st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Tokyo", "Pacific/Honolulu", "Australia/Lord_Howe", "UTC"])


def end(start: datetime | date, period: str, zone: str = "Europe/Berlin", **more: object) -> datetime:
    return end_of(start, parse_period(period, where="test"), Counting(zone, **more), CALENDARS)  # type: ignore[arg-type]


def test_seventy_two_hours_are_elapsed_hours_across_both_clock_changes() -> None:
    spring = datetime.fromisoformat("2026-03-28T10:00:00+01:00")
    assert end(spring, "72 hours") == datetime(2026, 3, 31, 9, tzinfo=UTC)
    assert wall_clock(spring, 72, "Europe/Berlin") == datetime(2026, 3, 31, 8, tzinfo=UTC)
    autumn = datetime.fromisoformat("2026-10-24T15:00:00+02:00")
    assert end(autumn, "72 hours") == datetime(2026, 10, 27, 13, tzinfo=UTC)


def test_a_day_period_ends_with_the_last_second_of_its_local_day() -> None:
    assert end(date(2026, 3, 2), "30 calendar_days", "America/Los_Angeles") == datetime(2026, 4, 2, 6, 59, 59, tzinfo=UTC)


def test_a_month_from_the_thirty_first_ends_on_the_last_day() -> None:
    assert end(date(2026, 1, 31), "1 months", "UTC").date() == date(2026, 2, 28)
    assert end(date(2028, 1, 31), "1 months", "UTC").date() == date(2028, 2, 29)


def test_sixty_days_after_the_year_end_are_the_first_of_march_or_leap_day() -> None:
    assert end(date(2026, 5, 1), "year_end+60 calendar_days", "UTC").date() == date(2027, 3, 1)
    assert end(date(2027, 12, 31), "year_end+60 calendar_days", "UTC").date() == date(2028, 2, 29)


def test_four_business_days_of_the_8k_end_at_half_past_five_in_new_york() -> None:
    thursday_before = date(2026, 11, 20)
    more = {"calendar": "EDGAR", "closing": time(17, 30)}
    for day in (thursday_before, date(2026, 11, 21), date(2026, 11, 22)):
        assert end(day, "4 business_days", "America/New_York", **more) == datetime(2026, 11, 27, 22, 30, tzinfo=UTC)


def test_japan_counts_the_day_of_knowledge_as_day_one() -> None:
    assert end(date(2026, 6, 1), "5 calendar_days", "Asia/Tokyo", first_day=1).date() == date(2026, 6, 5)


def test_the_next_full_hour_adds_an_hour_even_on_the_hour() -> None:
    at = datetime.fromisoformat("2020-12-22T12:17:00+01:00")
    assert next_full_hour(at, 72, "Europe/Berlin") == datetime(2020, 12, 25, 12, tzinfo=UTC)
    sharp = datetime.fromisoformat("2026-03-03T09:00:00+00:00")
    assert next_full_hour(sharp, 72, "Europe/Dublin") == datetime(2026, 3, 6, 10, tzinfo=UTC)


def test_two_working_days_around_easter() -> None:
    maundy_thursday = datetime.fromisoformat("2026-04-02T10:00:00+02:00")
    counting = Counting("Europe/Berlin", calendar="DE")
    due = end(maundy_thursday, "72 hours")
    assert two_working_days(maundy_thursday, due, counting, CALENDARS) == datetime(2026, 4, 8, 21, 59, 59, tzinfo=UTC)


def test_relief_moves_a_weekend_limit_to_noon_of_the_next_working_day_only() -> None:
    counting = Counting("Europe/Paris", calendar="FR")
    saturday = datetime(2026, 6, 13, 8, tzinfo=UTC)
    assert noon_relief(saturday, counting, CALENDARS) == datetime(2026, 6, 15, 10, tzinfo=UTC)
    friday = datetime(2026, 6, 12, 8, tzinfo=UTC)
    assert noon_relief(friday, counting, CALENDARS) == friday


@pytest.mark.parametrize("text", ["72", "3 days", "hours 72", "year_end+60", "-1 hours", ""])
def test_a_period_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ContentError):
        parse_period(text, where="test")


MOMENTS = st.datetimes(datetime(2018, 6, 1), datetime(2032, 1, 1), timezones=st.just(UTC))
PERIODS = st.one_of(
    st.builds(Period, st.integers(1, 200), st.sampled_from([Unit.HOURS, Unit.CALENDAR_DAYS, Unit.MONTHS, Unit.BUSINESS_DAYS])),
    st.just(Period(60, Unit.YEAR_END)),
)


@given(start=MOMENTS, later=st.timedeltas(timedelta(0), timedelta(days=400)), period=PERIODS, zone=ZONES)
def test_a_later_start_never_gives_an_earlier_deadline(start: datetime, later: timedelta, period: Period, zone: str) -> None:
    counting = Counting(zone, calendar="US-federal")
    assert end_of(start, period, counting, CALENDARS) <= end_of(start + later, period, counting, CALENDARS)


@given(start=MOMENTS, period=PERIODS, zone=ZONES)
def test_a_deadline_lies_after_its_start(start: datetime, period: Period, zone: str) -> None:
    assert end_of(start, period, Counting(zone, calendar="DE"), CALENDARS) >= start
