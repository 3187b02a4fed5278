"""Times as people say them, read back with their zone."""

from datetime import UTC, date, datetime

import pytest

from incident.domain.moment import said, until
from incident.errors import ContentError

NOW = datetime(2026, 3, 2, 14, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("yesterday 14:10 Berlin", "2026-03-01T13:10:00+00:00"),
        ("-3h", "2026-03-02T11:02:00+00:00"),
        ("20 min ago", "2026-03-02T13:42:00+00:00"),
        ("08:30", "2026-03-02T07:30:00+00:00"),
        ("now", "2026-03-02T14:02:00+00:00"),
        ("2026-03-02T09:00+01:00", "2026-03-02T08:00:00+00:00"),
        ("2026-02-28 23:00", "2026-02-28T22:00:00+00:00"),
        ("1 March 09:15 new york", "2026-03-01T14:15:00+00:00"),
        ("friday 9:00", "2026-02-27T08:00:00+00:00"),
        ("02.03.2026 07:15", "2026-03-02T06:15:00+00:00"),
        ("2026-03-01 11:51 utc", "2026-03-01T11:51:00+00:00"),
    ],
)
def test_a_time_is_understood(text: str, at: str) -> None:
    assert said(text, now=NOW, zone="Europe/Berlin").at == datetime.fromisoformat(at)


def test_a_day_alone_stays_a_day() -> None:
    assert said("yesterday", now=NOW, zone="Europe/Berlin").on == date(2026, 3, 1)
    assert said("3 March", now=NOW, zone="Europe/Berlin").on == date(2025, 3, 3)


def test_the_readback_names_the_zone() -> None:
    assert "Europe/Berlin (13:10 UTC)" in said("yesterday 14:10", now=NOW, zone="Europe/Berlin").readback


@pytest.mark.parametrize("text", ["", "soon", "25:00", "31 February 10:00", "12:00 Atlantis", "-99999999d"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ContentError):
        said(text, now=NOW, zone="Europe/Berlin")


def test_the_hour_that_never_was_and_the_hour_that_came_twice_are_refused() -> None:
    with pytest.raises(ContentError, match="went forward"):
        said("2026-03-29 02:30", now=NOW, zone="Europe/Berlin")
    with pytest.raises(ContentError, match="came twice"):
        said("2025-10-26 02:30", now=NOW, zone="Europe/Berlin")


def test_an_hour_that_no_day_has_is_named_as_it_was_typed() -> None:
    for text, says in (("tomorrow 25:00", "«25:00» is no hour"), ("18:75", "«18:75» is no time of day")):
        with pytest.raises(ContentError, match=says):
            until(text, now=NOW, zone="Europe/Berlin")
