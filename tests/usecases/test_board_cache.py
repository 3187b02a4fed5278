"""The board from kept answers says what computing it says, whatever happened in between; a cache decides nothing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incident.domain.incident import Incident
from incident.domain.moment import said
from incident.domain.regime import Duty
from incident.store.cache import kept
from incident.usecases import board_cache
from incident.usecases.assess import Law
from incident.usecases.board import board
from incident.usecases.board_cache import Pressing, computed, same_law
from incident.usecases.catalogue import catalogue
from incident.usecases.closing import merge
from incident.usecases.desk import Desk, organisation
from incident.usecases.filings import Sent, record_filing
from incident.usecases.incidents import Declaration, declare
from incident.usecases.people import save_organisation
from tests.conftest import NOW, ZONE, an_incident, say

LATER = NOW + timedelta(minutes=1)


def shown(desk: Desk, *, now: datetime = NOW) -> dict[str, Pressing]:
    lines = [each for each in board(desk, now=now) if each.incident.is_open and not each.incident.hidden]
    return {
        each.incident.reference: Pressing(each.nearest_title, each.nearest_at, each.running, each.undecided) for each in lines
    }


def by_the_law(desk: Desk, *, now: datetime = NOW) -> dict[str, Pressing]:
    lines = [each for each in board(desk, now=now) if each.incident.is_open and not each.incident.hidden]
    with desk.workspace.reading() as session:
        return {each.incident.reference: computed(session, each.incident.id, now=now) for each in lines}


@pytest.fixture(autouse=True)
def _files_stand_still(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever edits the program while the tests run does not change what they see."""
    monkeypatch.setattr(board_cache, "law_stamp", lambda: catalogue().law.stamp)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The incidents for which the law was asked."""
    asked: list[object] = []

    def noted(session: object, incident_id: object, *, now: datetime) -> Pressing:
        asked.append(incident_id)
        return computed(session, incident_id, now=now)  # type: ignore[arg-type]

    monkeypatch.setattr(board_cache, "computed", noted)
    return asked


def a_fact(desk: Desk, incident: Incident) -> None:
    say(desk, incident, "people", "DE 400", now=LATER)


def a_filing(desk: Desk, incident: Incident) -> None:
    sent = Sent("portal", obligation="eu-gdpr/authority")
    record_filing(desk, incident, sent, said("2026-03-02 10:00", now=NOW, zone=ZONE), now=LATER)


def another_profile(desk: Desk, incident: Incident) -> None:
    del incident
    save_organisation(desk, replace(organisation(desk), established_in=("DE", "FR")), now=LATER)


def what_is_merged_into_it(desk: Desk, incident: Incident) -> None:
    other = an_incident(desk, title="The same, seen twice")
    a_filing(desk, other)
    merge(desk, other, incident, reason="the same", now=LATER)


@pytest.mark.parametrize("act", [a_fact, a_filing, another_profile, what_is_merged_into_it], ids=lambda each: each.__name__)
def test_what_the_answer_hangs_on_is_asked_anew_when_it_changed(
    ana: Desk, act: Callable[[Desk, Incident], None], asked: list[object]
) -> None:
    incident = an_incident(ana)
    before = shown(ana)
    asked.clear()
    assert shown(ana) == before
    assert not asked
    act(ana, incident)
    assert shown(ana, now=LATER) == by_the_law(ana, now=LATER)
    assert incident.id in asked


def test_another_incident_is_not_asked_again(ana: Desk, asked: list[object]) -> None:
    one, other = an_incident(ana), an_incident(ana, title="Another")
    shown(ana)
    asked.clear()
    a_fact(ana, one)
    assert shown(ana, now=LATER) == by_the_law(ana, now=LATER)
    assert asked == [one.id]
    assert other.id not in asked


def test_another_law_on_disk_is_asked_anew_and_not_kept_under_a_law_that_is_gone(
    ana: Desk, asked: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    an_incident(ana)
    shown(ana)
    asked.clear()
    monkeypatch.setattr(board_cache, "law_stamp", lambda: "other files")
    shown(ana)
    shown(ana)
    assert len(asked) == 2


@pytest.mark.parametrize("damage", ["bit", "short", "old", "empty", "gone", "folder"])
def test_a_cache_that_is_damaged_lost_or_put_back_changes_nothing(ana: Desk, damage: str) -> None:
    incident = an_incident(ana)
    shown(ana)
    path: Path = ana.workspace.cache("board").path
    old = path.read_bytes()
    a_fact(ana, incident)
    shown(ana, now=LATER)
    fresh = path.read_bytes()
    path.unlink()
    if damage == "folder":
        path.mkdir()
    elif damage != "gone":
        flipped = fresh[:40] + bytes([fresh[40] ^ 1]) + fresh[41:]
        path.write_bytes({"bit": flipped, "short": fresh[:30], "old": old, "empty": b""}[damage])
    assert shown(ana, now=LATER) == by_the_law(ana, now=LATER)
    assert ana.workspace.verify().problems == ()


def test_a_stranger_gets_nothing_out_of_the_kept_answers(ana: Desk, leo: Desk) -> None:
    aware = said("2026-03-02 09:00", now=NOW, zone=ZONE)
    sealed = declare(ana, Declaration("For few", "personal-data-breach", "ana", aware=aware, members=("ana",)), now=NOW)
    assert shown(ana)
    answer = leo.workspace.cache("board").read()[sealed.id]
    with ana.workspace.reading() as session:
        assert kept(session, sealed.id, answer)
    with leo.workspace.reading() as session:
        assert kept(session, sealed.id, answer) is None
    assert b"GDPR" not in leo.workspace.cache("board").path.read_bytes()
    assert shown(leo) == {}


def test_only_what_is_open_is_kept(ana: Desk) -> None:
    one, other = an_incident(ana), an_incident(ana, title="The same, seen twice")
    shown(ana)
    assert set(ana.workspace.cache("board").read()) == {one.id, other.id}
    merge(ana, other, one, reason="the same", now=LATER)
    shown(ana, now=LATER)
    assert set(ana.workspace.cache("board").read()) == {one.id}


MOMENTS = st.datetimes(datetime(2017, 1, 1), datetime(2032, 1, 1), timezones=st.just(UTC))
ZONES = tuple(map(ZoneInfo, ("Pacific/Kiritimati", "Europe/Berlin", "America/Los_Angeles", "Etc/GMT+12")))


def in_force(duty: Duty, day: date) -> bool:
    begun = duty.effective_from is None or duty.effective_from <= day
    return begun and (duty.effective_until is None or day <= duty.effective_until)


@given(now=MOMENTS, share=st.floats(0, 1, exclude_max=True))
@settings(max_examples=60)
def test_within_a_span_the_same_duties_are_law_everywhere(law: Law, now: datetime, share: float) -> None:
    span = same_law(law.regimes, now=now)
    if span is None:
        return
    assert span.holds(now)
    until = min(span.until, now + timedelta(days=2000))
    then = min(now + (until - now) * share, until - timedelta(microseconds=1))
    for duty in (duty for regime in law.regimes for duty in regime.duties):
        assert len({in_force(duty, at.astimezone(zone).date()) for at in (now, then) for zone in ZONES}) == 1


def test_around_the_days_on_which_the_law_changes_the_board_says_what_the_law_says(ana: Desk, law: Law) -> None:
    incident = declare(ana, Declaration("Nothing known yet", "personal-data-breach", "ana"), now=NOW)
    a_fact(ana, incident)
    days = sorted({duty.effective_from for regime in law.regimes for duty in regime.duties if duty.effective_from})
    next_day = next(each for each in days if each > NOW.date())
    noon = datetime.combine(next_day, datetime.min.time(), UTC)
    for hours in (-48, -13, -1, 1, 11, 13, 48, -48, 13):
        now = noon + timedelta(hours=hours)
        assert shown(ana, now=now) == by_the_law(ana, now=now), hours
