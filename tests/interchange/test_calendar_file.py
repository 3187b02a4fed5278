"""The calendar: neutral lines, stable UIDs, numbers that only grow, alarms that a reader lists, nothing foreign touched."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from incident.domain.calendar_date import CalendarDate, CalendarDates, DateKind
from incident.errors import ContentError
from incident.interchange.calendar_file import calendar, calendar_files

NOW = datetime(2026, 3, 2, 14, 2, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
DUE = datetime(2026, 3, 5, 8, 0, tzinfo=UTC)
FOREIGN = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//somebody//else//EN\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260302T140200Z\r\nDTSTART:20260305T080000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"  # noqa: E501 - one file


def dates(*found: CalendarDate, key: str = "aaaa", name: str = "Copper Heron", revision: int = 3) -> CalendarDates:
    return CalendarDates(key, name, exercise=False, revision=revision, dates=found)


def a_date(key: str = "aaaa-1", at: datetime = DUE, *, cancelled: bool = False) -> CalendarDate:
    return CalendarDate(key, at, DateKind.DUTY, cancelled=cancelled)


def events(content: bytes) -> dict[str, Any]:
    return {str(each["uid"]): each for each in Calendar.from_ical(content).walk("VEVENT")}


def test_a_reader_lists_the_alarms_and_nothing_but_the_code_name() -> None:
    content = calendar(dates(a_date()), None, now=NOW)
    (event,) = events(content).values()
    before = sorted(each["trigger"].dt for each in event.walk("VALARM"))
    assert before == [-timedelta(days=1), -timedelta(hours=4), -timedelta(hours=1), timedelta()]
    assert str(event["summary"]) == "Copper Heron: a date falls due"
    assert event["dtstart"].dt == DUE
    assert (str(event["class"]), str(event["status"]), int(event["sequence"])) == ("CONFIDENTIAL", "CONFIRMED", 3)


def test_lines_end_with_cr_lf_and_are_folded() -> None:
    content = calendar(dates(a_date()), None, now=NOW)
    assert all(len(each) <= 75 for each in content.split(b"\r\n"))
    assert b"\n" not in content.replace(b"\r\n", b"")


def test_what_did_not_change_keeps_its_bytes() -> None:
    first = calendar(dates(a_date(), a_date("aaaa-2")), None, now=NOW)
    assert calendar(dates(a_date(), a_date("aaaa-2"), revision=9), first, now=LATER) == first


def test_a_date_that_moved_counts_up_under_the_same_uid() -> None:
    first = calendar(dates(a_date()), None, now=NOW)
    second = calendar(dates(a_date(at=DUE + timedelta(hours=1))), first, now=LATER)
    (uid,) = events(first)
    assert int(events(second)[uid]["sequence"]) == 4
    assert events(second)[uid]["dtstart"].dt == DUE + timedelta(hours=1)
    assert int(events(calendar(dates(a_date(), revision=9), None, now=LATER))[uid]["sequence"]) == 9, "the file was lost"


def test_a_date_that_is_gone_or_done_is_cancelled_once() -> None:
    first = calendar(dates(a_date(), a_date("aaaa-2")), None, now=NOW)
    second = calendar(dates(a_date(cancelled=True)), first, now=LATER)
    found = events(second)
    assert {str(each["status"]) for each in found.values()} == {"CANCELLED"}
    assert {int(each["sequence"]) for each in found.values()} == {4}
    assert not any(each.walk("VALARM") for each in found.values())
    assert calendar(dates(a_date(cancelled=True)), second, now=LATER + timedelta(days=1)) == second


def test_another_incident_in_the_file_stays_as_it_is() -> None:
    first = calendar(dates(a_date()), None, now=NOW)
    both = calendar(dates(a_date("bbbb-1"), key="bbbb", name="Amber Crane"), first, now=LATER)
    assert {str(each["summary"]).split(":")[0] for each in events(both).values()} == {"Copper Heron", "Amber Crane"}
    (uid,) = events(first)
    assert events(both)[uid].to_ical() == events(first)[uid].to_ical()


@pytest.mark.parametrize("content", [FOREIGN, b"", b"not a calendar", b"\xff\xfe\x00", b"BEGIN:VCALENDAR\r\n", FOREIGN[:200]])
def test_a_foreign_calendar_is_never_touched(content: bytes) -> None:
    with pytest.raises(ContentError, match="calendar"):
        calendar(dates(a_date()), content, now=NOW)


def test_a_folder_has_one_file_per_date_and_cancels_in_it() -> None:
    first = dict(calendar_files(dates(a_date(), a_date("aaaa-2")), {}, now=NOW))
    assert sorted(first) == ["aaaa-1.ics", "aaaa-2.ics"]
    assert all(len(events(each)) == 1 for each in first.values())
    second = calendar_files(dates(a_date()), {**first, "other.ics": FOREIGN}, now=LATER)
    assert sorted(second) == ["aaaa-1.ics", "aaaa-2.ics"]
    assert second["aaaa-1.ics"] == first["aaaa-1.ics"]
    (gone,) = events(second["aaaa-2.ics"]).values()
    assert str(gone["status"]) == "CANCELLED"
