"""Odd facts are asked about; times ahead are read as people say them."""

from datetime import UTC, date, datetime

import pytest

from incident.domain.answer import moment_text
from incident.domain.moment import said, until
from incident.domain.plausibility import oddities
from incident.errors import ContentError

NOW = datetime(2026, 3, 2, 14, 2, tzinfo=UTC)
BERLIN = "Europe/Berlin"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4", "2026-03-02T18:02"),
        ("4h", "2026-03-02T18:02"),
        ("in 2 days", "2026-03-04T14:02"),
        ("+90min", "2026-03-02T15:32"),
        ("18:00", "2026-03-02T17:00"),
        ("09:00", "2026-03-03T08:00"),
        ("tomorrow 10:00", "2026-03-03T09:00"),
        ("2026-03-05", "2026-03-05T17:00"),
    ],
)
def test_a_time_ahead_is_understood(text: str, expected: str) -> None:
    assert f"{until(text, now=NOW, zone=BERLIN):%Y-%m-%dT%H:%M}" == expected


def test_a_time_ahead_that_has_passed_and_a_past_time_ahead_are_refused() -> None:
    with pytest.raises(ContentError, match="has passed"):
        until("2026-03-01", now=NOW, zone=BERLIN)
    for text in ("tomorrow", "+3h", "in 3h"):
        with pytest.raises(ContentError, match="has not come yet"):
            said(text, now=NOW, zone=BERLIN)


def test_events_in_the_wrong_order_are_asked_about() -> None:
    early, late = datetime(2026, 3, 1, 9, tzinfo=UTC), datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert oddities({"at.detected": early, "at.aware": late}, BERLIN) == ()
    (sentence,) = oddities({"at.detected": late, "at.aware": early}, BERLIN)
    assert "at.detected is later than at.aware" in sentence
    assert oddities({"at.occurred": date(2026, 3, 1), "at.aware": early}, BERLIN) == ()


def test_an_instant_is_read_back_with_its_zone_and_in_utc() -> None:
    assert moment_text(NOW, BERLIN) == "2026-03-02 15:02 Berlin (14:02 UTC)"
    assert moment_text(datetime(2026, 3, 2, 23, 30, tzinfo=UTC), BERLIN) == "2026-03-03 00:30 Berlin (2026-03-02 23:30 UTC)"
    assert moment_text(NOW, "UTC") == "2026-03-02 14:02 UTC"
