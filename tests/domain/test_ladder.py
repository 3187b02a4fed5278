"""Ladders as typed, who hears which rung, and what a message says."""

from datetime import UTC, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incident.domain.ladder import DEFAULTS, DueKind, Rung, ladder_for, ladder_of, ladder_text
from incident.domain.reminder import Channel, Due, Watched, pending, standing
from incident.domain.reminder_text import Schedule, read, written
from incident.domain.responder import Role
from incident.errors import ContentError
from tests.conftest import NOW

_RUNGS = st.lists(
    st.tuples(st.integers(-400 * 24 * 60, 400 * 24 * 60), st.lists(st.sampled_from([each.value for each in Role]), max_size=3)),
    min_size=1,
    max_size=24,
    unique_by=lambda each: each[0],
)


@settings(max_examples=40)
@given(_RUNGS.filter(lambda rungs: all(abs(minutes) <= 9999 or minutes % 60 == 0 for minutes, _ in rungs)))
def test_a_ladder_written_is_the_ladder_read(rungs: list[tuple[int, list[str]]]) -> None:
    ladder = tuple(sorted((Rung(timedelta(minutes=minutes), tuple(to)) for minutes, to in rungs), key=lambda each: each.after))
    assert ladder_of(ladder_text(ladder)) == ladder


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "4h,",
        "4h > boss",
        "4h, 240min",
        "0h",
        "-4h",
        "9999d",
        "4h > ",
        *([", ".join(f"{n}h" for n in range(1, 27))]),
    ],
)
def test_a_ladder_that_cannot_be_read_is_refused(text: str) -> None:
    if text == "4h > ":
        assert ladder_of(text) == ladder_of("4h")
        return
    with pytest.raises(ContentError):
        ladder_of(text)


def test_the_shipped_ladders_begin_before_and_go_on_after_the_date() -> None:
    for kind in (DueKind.CLOCK, DueKind.ANSWER, DueKind.ACTION):
        ladder = ladder_of(DEFAULTS[kind])
        assert ladder[0].after < timedelta() < ladder[-1].after
        assert len(ladder[-1].to) >= len(ladder[0].to)


def test_the_most_specific_ladder_counts() -> None:
    own = {"clock": "1h", "eu-gdpr": "2h", "eu-gdpr/authority": "3h"}
    scopes = ("eu-gdpr/authority@DE", "eu-gdpr/authority", "eu-gdpr")
    for wanted in ("3h", "2h", "1h"):
        assert ladder_text(ladder_for(scopes, DueKind.CLOCK, own)) == wanted
        own = {scope: text for scope, text in own.items() if text != wanted}


def a_due(hours: float, ladder: str = "due", *, kind: DueKind = DueKind.CLOCK, role: str = "legal") -> Due:
    return Due(f"{kind}{hours}{role}", kind, NOW + timedelta(hours=hours), role, ladder_of(ladder))


def watched(*dues: Due, exercise: bool = False) -> Watched:
    return Watched("k", "Copper Heron", exercise, "of", NOW, dues)


def test_many_dates_of_one_incident_make_one_message() -> None:
    incident = watched(a_due(1, "4h"), a_due(2, "4h"), a_due(-1, "due"), a_due(-3, "due", kind=DueKind.STEP))
    (message,) = pending((incident,), (Channel("c"),), lambda channel, rung: False, now=NOW + timedelta(minutes=1))
    assert (
        len(message.rungs) == 2
    )  # the warnings of clocks that were due within four hours of the declaration are nobody's to miss
    assert message.text(NOW).startswith("Copper Heron: 1 clock, 1 step came due (the first 02 Mar 2026 11:02 UTC, 3 h ago).")


def test_an_exercise_says_so_and_alarms_no_monitoring() -> None:
    incident = watched(a_due(-1), exercise=True)
    (message,) = pending((incident,), (Channel("c"),), lambda channel, rung: False, now=NOW)
    assert message.text(NOW).startswith("EXERCISE Copper Heron: ")
    assert standing((incident,), now=NOW).status == 0


def test_the_status_of_each_state() -> None:
    for dues, doubts, status in (
        ((), (), 0),
        ((a_due(30),), (), 0),
        ((a_due(20),), (), 1),
        ((a_due(20, kind=DueKind.QUESTION),), (), 1),
        ((a_due(3),), (), 2),
        ((a_due(-3, kind=DueKind.STEP),), (), 1),
        ((a_due(30),), ("the vault changed",), 1),
    ):
        assert standing((watched(*dues),), now=NOW, doubts=doubts).status == status, dues


def test_a_schedule_read_is_the_schedule_written_in_whole_blocks() -> None:
    chance = Random(1)
    dues = tuple(a_due(chance.randint(-50, 50), "4h, due > commander") for _ in range(30))
    schedule = Schedule(NOW.astimezone(UTC), (watched(*dues), watched()))
    assert read(written(schedule)) == schedule
    assert len(written(schedule)) % 4096 == 0
