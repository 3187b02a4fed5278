"""The guide: what opens, what waits and for whom, what comes back and why, when a default may be recorded."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incident.domain.condition_text import parse_condition
from incident.domain.guide import Guide, Situation, StepState, guide
from incident.domain.guide_people import Cast
from incident.domain.guide_times import Addition
from incident.domain.guide_words import why
from incident.domain.playbook import Decision, Phase, Playbook, Step, Target, Track
from incident.domain.responder import Function, Responder, Role
from incident.domain.step import StepAct, StepRecord
from incident.domain.step_order import circle, in_order
from incident.usecases.assess import Law
from tests.conftest import NOW, facts_of

ANA, LEO = uuid4(), uuid4()
CUT = Decision("Cut now?", ("cut", "watch"), "cut", Role.COMMANDER, timedelta(hours=1))


def a_step(slug: str, **changed: Any) -> Step:
    return replace(Step(slug, "start", slug.title(), "Do it.", Role.TECHNICAL_LEAD), **changed)


def only_if(*sentences: str) -> dict[str, Any]:
    return {"when": parse_condition(sentences, where="a test"), "when_text": sentences}


def a_playbook(*steps: Step, **changed: Any) -> Playbook:
    phases = (Phase("start", "Start", "Begin."), Phase("end", "End", "Finish."))
    return replace(Playbook("own", "Own", "s", "u", "n", "1", phases, steps), **changed)


def at(**past: float) -> datetime:
    return NOW - timedelta(**past)


def did(step: str, act: StepAct = StepAct.DONE, *, when: datetime = NOW - timedelta(hours=1), **said: Any) -> StepRecord:
    return StepRecord(step, act, ANA, when, **said)


def somebody(who: UUID, name: str, **changed: Any) -> Responder:
    return replace(Responder(who, name, name.lower(), Function.IT), **changed)


def stands(law: Law, playbook: Playbook, *records: StepRecord, facts: dict[str, Any] | None = None, **changed: Any) -> Guide:
    found = facts_of(law, facts or {})
    situation = Situation(found, frozenset(found.values), records, {}, at(hours=4), {}, NOW)
    return guide(playbook, replace(situation, **changed))


def states(found: Guide) -> dict[str, str]:
    return {each.step.slug: each.state.value for each in found.steps}


def test_a_step_waits_for_the_one_before_it_also_when_that_stands_later_in_the_playbook(law: Law) -> None:
    playbook = a_playbook(a_step("first", after=("last",)), a_step("last"))
    assert states(stands(law, playbook)) == {"first": "blocked", "last": "open"}
    assert states(stands(law, playbook, did("last"))) == {"first": "open", "last": "done"}


def test_a_missing_fact_makes_a_step_wait_and_never_not_applicable(law: Law) -> None:
    playbook = a_playbook(a_step("california", **only_if("people in US-CA")))
    open_question = stands(law, playbook).steps[0]
    assert (open_question.state, open_question.waits_for) == (StepState.WAITING_FOR_FACT, ("people",))
    none_there = stands(law, playbook, facts={"people": [{"in": "DE", "count": 4}]}).steps[0]
    assert none_there.state is StepState.NOT_APPLICABLE
    assert why(none_there, str) == "does not apply: nobody in California is affected"


def test_what_does_not_apply_holds_nothing_back(law: Law) -> None:
    playbook = a_playbook(a_step("ca", **only_if("people in US-CA")), a_step("then", after=("ca",)))
    assert states(stands(law, playbook, facts={"people": [{"in": "DE", "count": 4}]}))["then"] == "open"


def test_a_fact_that_changed_after_a_step_was_done_puts_it_back_and_says_how_it_changed(law: Law) -> None:
    playbook = a_playbook(a_step("scope", asks=("people",)), a_step("tell", after=("scope",)))
    found = stands(law, playbook, did("scope"), changed_at={"people": NOW}, changes={"people": "DE 400 → DE 18,200"})
    assert states(found) == {"scope": "open", "tell": "blocked"}
    assert found.steps[0].reopened == "changed since: people (DE 400 → DE 18,200)"
    before = stands(law, playbook, did("scope"), changed_at={"people": at(hours=2)})
    assert states(before) == {"scope": "done", "tell": "open"}


def test_a_skipped_step_comes_back_when_a_fact_its_condition_reads_changes_a_done_one_does_not(law: Law) -> None:
    playbook = a_playbook(a_step("ca", **only_if("people in US-CA")))
    facts = {"people": [{"in": "US-CA", "count": 4}]}
    for act, state in ((StepAct.SKIPPED, "open"), (StepAct.DONE, "done")):
        assert states(stands(law, playbook, did("ca", act), facts=facts, changed_at={"people": NOW}))["ca"] == state


def test_undoing_a_mistake_brings_back_what_stood_before(law: Law) -> None:
    playbook = a_playbook(a_step("log"))
    skipped, mistaken = did("log", StepAct.SKIPPED, when=at(hours=3), note="paper log"), did("log", when=at(hours=2))
    undone = did("log", StepAct.UNDONE)
    assert states(stands(law, playbook, skipped, mistaken))["log"] == "done"
    assert states(stands(law, playbook, skipped, mistaken, undone))["log"] == "skipped"
    assert states(stands(law, playbook, mistaken, undone))["log"] == "open"


def test_a_default_is_proposed_only_when_the_time_to_decide_is_over_counted_from_when_the_step_opened(law: Law) -> None:
    playbook = a_playbook(a_step("log"), a_step("cut", after=("log",), decision=CUT))
    early = stands(law, playbook, did("log", when=at(minutes=30))).steps[1]
    assert early.decide_by == NOW + timedelta(minutes=30)
    assert not early.default_proposed
    late = stands(law, playbook, did("log", when=at(minutes=61))).steps[1]
    assert late.default_proposed
    assert late.state is StepState.OPEN, "nobody but a person takes it"
    blocked = stands(law, playbook).steps[1]
    assert (blocked.decide_by, blocked.default_proposed) == (None, False)


def test_a_fact_that_opens_a_decision_starts_its_time(law: Law) -> None:
    playbook = a_playbook(a_step("cut", decision=CUT, **only_if("data.encrypted")))
    facts = {"data": {"encrypted": True}}
    found = stands(law, playbook, facts=facts, known_at={"data.encrypted": at(minutes=10)}).steps[0]
    assert (found.opened_at, found.default_proposed) == (at(minutes=10), False)


def test_the_deputy_is_asked_once_the_target_has_passed(law: Law) -> None:
    playbook = a_playbook(a_step("log", target=Target(timedelta(hours=3), "declared")))
    cast = Cast({Role.TECHNICAL_LEAD: ANA}, {ANA: somebody(ANA, "Ana", deputy=LEO), LEO: somebody(LEO, "Leo")})
    late = stands(law, playbook, cast=cast).steps[0].owner
    assert (late.holder, late.stand_in, late.why) == (ANA, LEO, "the target passed")
    in_time = stands(law, playbook, cast=cast, declared_at=at(hours=2)).steps[0].owner
    assert in_time.stand_in is None
    kept_out = replace(cast, readers=frozenset({ANA}))
    assert "let them in first" in stands(law, playbook, cast=kept_out).steps[0].owner.why


def test_the_deputy_is_asked_at_once_for_somebody_who_left_and_nobody_for_a_deputy_who_left(law: Law) -> None:
    playbook = a_playbook(a_step("log"))
    people = {ANA: somebody(ANA, "Ana", deputy=LEO, active=False), LEO: somebody(LEO, "Leo")}
    assert stands(law, playbook, cast=Cast({Role.TECHNICAL_LEAD: ANA}, people)).steps[0].owner.why == "Ana has left"
    people[LEO] = replace(people[LEO], active=False)
    assert stands(law, playbook, cast=Cast({Role.TECHNICAL_LEAD: ANA}, people)).steps[0].owner.stand_in is None


def test_a_step_handed_over_is_that_persons_whoever_holds_the_role(law: Law) -> None:
    playbook = a_playbook(a_step("log"), a_step("other"))
    cast = Cast({Role.TECHNICAL_LEAD: ANA}, {ANA: somebody(ANA, "Ana"), LEO: somebody(LEO, "Leo")})
    found = stands(law, playbook, did("log", StepAct.HANDED_OVER, to=LEO), cast=cast, holders={Role.TECHNICAL_LEAD: "Ana"})
    assert [(each.holder, each.state.value) for each in found.steps] == [("Leo", "open"), ("Ana", "open")]


def test_what_a_joined_playbook_adds_puts_a_finished_step_back(law: Law) -> None:
    playbook = a_playbook(a_step("contain"), a_step("later"))
    added = {"contain": Addition(at(minutes=30), "«Vendor breach» adds to it")}
    found = stands(law, playbook, did("contain"), did("later"), additions=added)
    assert [(each.state.value, each.reopened) for each in found.steps] == [("open", "«Vendor breach» adds to it"), ("done", "")]
    again = stands(law, playbook, did("contain", when=at(minutes=20)), additions=added)
    assert again.steps[0].state is StepState.DONE


def test_tracks_go_on_in_parallel_and_phases_count(law: Law) -> None:
    playbook = a_playbook(a_step("a"), a_step("b", track=Track.NOTIFY), a_step("c", phase="end", after=("a",)))
    found = stands(law, playbook, did("b"))
    assert {track: each.step.slug for track, each in found.by_track.items()} == {Track.COMMAND: "a"}
    assert [(each.phase.slug, each.finished, each.applying) for each in found.progress] == [("start", 1, 2), ("end", 0, 1)]


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ({"a": (), "b": ("a",)}, ()),
        ({"a": ("a",)}, ("a", "a")),
        ({"a": ("b",), "b": ("c",), "c": ("b",)}, ("b", "c", "b")),
    ],
)
def test_steps_that_wait_for_each_other_are_found(after: dict[str, tuple[str, ...]], expected: tuple[str, ...]) -> None:
    assert circle(a_step(slug, after=each) for slug, each in after.items()) == expected


def test_a_chain_of_ten_thousand_steps_is_only_long(law: Law) -> None:
    chain = tuple(a_step(f"s{n}", after=(f"s{n + 1}",) if n < 9999 else ()) for n in range(10_000))
    assert circle(chain) == ()
    assert in_order(chain)[0].slug == "s9999"
    assert [each.step.slug for each in stands(law, a_playbook(*chain)).open_steps] == ["s9999"]


@given(st.lists(st.lists(st.integers(0, 11), max_size=3), min_size=1, max_size=12), st.lists(st.integers(0, 11), max_size=12))
def test_whatever_waits_for_whatever_each_step_stands_somewhere_and_no_open_one_waits(
    law: Law, after: list[list[int]], done: list[int]
) -> None:
    steps = tuple(a_step(f"s{n}", after=tuple(f"s{m}" for m in held)) for n, held in enumerate(after))
    found = stands(law, a_playbook(*steps), *(did(f"s{n}") for n in done))
    assert [each.step for each in found.steps] == list(steps)
    finished = {each.step.slug for each in found.steps if each.state is StepState.DONE}
    known = {each.slug for each in steps}
    if not circle(steps):
        for each in found.open_steps:
            assert set(each.step.after) & known <= finished
