"""The roster: working hours in their own zone, numbers that work alone, who calls whom, what wants two people."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from incident.domain.responder import Function, Responder, Role
from incident.domain.roster import call_tree, on_duty, phone_words, separation_notes, shifts, works_alone
from incident.errors import ContentError

ANA = Responder(uuid4(), "Ana", "ana", Function.IT, phone="+49 30 5550 0101", zone="Europe/Berlin", administers=True)
LEO = Responder(uuid4(), "Leo", "leo", Function.LEGAL, phone="4711", zone="America/New_York", may_approve=True)


@pytest.mark.parametrize(
    ("hours", "zone", "instant", "expected"),
    [
        ("Mon-Fri 09:00-17:30", "Europe/Berlin", "2026-03-02T08:00", True),  # Monday, 09:00 in Berlin
        ("Mon-Fri 09:00-17:30", "Europe/Berlin", "2026-03-02T07:59", False),
        ("Mon-Fri 09:00-17:30", "Europe/Berlin", "2026-03-02T16:30", False),  # 17:30 is over
        ("Mon-Fri 09:00-17:30", "Europe/Berlin", "2026-03-30T07:00", True),  # summer time: 09:00
        ("Mon-Fri 09:00-17:30", "America/New_York", "2026-03-02T08:00", False),
        ("Sat 10:00-12:00, Sun 10:00-12:00", "UTC", "2026-03-01T11:00", True),
        ("Fri 22:00-06:00", "UTC", "2026-03-07T05:59", True),  # the night from Friday to Saturday
        ("Fri 22:00-06:00", "UTC", "2026-03-06T05:59", False),
        ("Sat-Mon 00:00-24:00", "UTC", "2026-03-02T23:59", True),
        ("always", "UTC", "2026-03-01T03:00", True),
        ("", "UTC", "2026-03-02T10:00", None),
    ],
)
def test_on_duty_is_judged_by_their_own_clock(hours: str, zone: str, instant: str, expected: bool | None) -> None:
    person = replace(ANA, hours=hours, zone=zone)
    assert on_duty(person, datetime.fromisoformat(instant).replace(tzinfo=UTC)) is expected


def test_somebody_who_left_is_not_on_duty() -> None:
    assert on_duty(replace(ANA, hours="always", active=False), datetime(2026, 3, 2, tzinfo=UTC)) is False


@pytest.mark.parametrize(
    "hours", ["nine to five", "Mon 9-17", "Foo 09:00-17:00", "Mon 25:00-26:00", "Mon-Fri 09:00-17:00,", "Mon 09:60-10:00"]
)
def test_hours_that_cannot_be_read_are_refused_with_the_form(hours: str) -> None:
    with pytest.raises(ContentError) as caught:
        shifts(hours)
    assert "Mon-Fri 09:00-17:30" in caught.value.hint


@pytest.mark.parametrize(
    ("phone", "expected"),
    [
        ("+49 30 5550 0101", True),
        ("0049 (30) 5550-0101", True),
        ("4711", False),
        ("030 5550 0101", False),
        ("+1", False),
        ("", False),
    ],
)
def test_a_number_works_alone_when_it_carries_its_country(phone: str, expected: bool) -> None:
    assert works_alone(phone) is expected


def test_a_short_number_is_shown_with_what_it_lacks() -> None:
    assert phone_words(LEO) == "4711 (write it as +49 …)"
    assert phone_words(replace(LEO, phone=" ")) == "no number"


def test_the_call_tree_begins_with_the_commander_and_shows_gaps_and_deputies() -> None:
    ana = replace(ANA, deputy=LEO.id)
    lines = call_tree((ana, LEO), {Role.COMMANDER: ana.id})
    assert (lines[0].part, lines[0].person, lines[0].deputy, lines[0].depth) == ("commander", ana, LEO, 0)
    gaps = [each.part for each in lines if each.person is None]
    assert gaps == ["technical lead", "privacy officer", "legal", "scribe"]
    assert (lines[-1].part, lines[-1].person) == ("no role yet", LEO)
    before = call_tree((ana, LEO), None)
    assert [(each.part, each.person) for each in before] == [("first", ana), ("legal", LEO)]


def test_who_drafts_should_not_be_the_only_one_who_may_approve() -> None:
    assert separation_notes((ANA, LEO), {}) == ()
    alone = separation_notes((ANA, LEO), {Role.LEGAL: LEO.id})
    assert alone == ("Everybody who may approve also drafts: Leo (legal). Who writes a notice cannot approve it.",)
    assert "Nobody may approve" in separation_notes((ANA,), {})[0]
    both = separation_notes((ANA, LEO), {Role.COMMANDER: ANA.id, Role.SCRIBE: ANA.id})
    assert both == ("Ana commands and keeps the log; name another scribe when somebody is free.",)
