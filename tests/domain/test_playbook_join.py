"""Several playbooks in one incident: shared steps are asked once, what the second adds is not lost, versions are compared."""

from dataclasses import replace
from datetime import timedelta

from incident.domain.playbook import Decision, Phase, Pivot, Target
from incident.domain.playbook_diff import playbook_diff
from incident.domain.playbook_join import combined, joined
from incident.domain.playbook_search import search
from incident.domain.responder import Role
from incident.domain.step_order import circle
from incident.domain.taken_playbook import TakenAs, TakenPlaybook
from incident.usecases.assess import Law
from incident.usecases.catalogue import catalogue
from tests.conftest import NOW
from tests.domain.test_guide import a_playbook, a_step, did, only_if, stands, states

FIRST = a_playbook(a_step("log"), a_step("contain", asks=("at.contained",)), slug="ransomware", title="Ransomware")
VENDOR = a_playbook(
    a_step("log"),
    a_step("contain", guidance="Suspend the integration.", asks=("account.vendor_storage",)),
    a_step("ask-vendor", after=("contain",), phase="ask"),
    slug="vendor-breach",
    title="Vendor breach",
    phases=(Phase("start", "Start", "Begin."), Phase("ask", "Ask", "Know."), Phase("end", "End", "Finish.")),
)


def taken(playbook: object, how: TakenAs = TakenAs.JOINED) -> TakenPlaybook:
    return TakenPlaybook(how, playbook, "it was the vendor", NOW, "Ana")  # type: ignore[arg-type]


def test_a_second_playbook_brings_its_own_steps_and_shares_the_rest() -> None:
    found = combined(FIRST, (taken(VENDOR),))
    assert [each.slug for each in found.playbook.steps] == ["log", "contain", "ask-vendor"]
    assert [each.slug for each in found.playbook.phases] == ["start", "ask", "end"]
    contain = found.playbook.step("contain")
    assert contain is not None
    assert contain.asks == ("at.contained", "account.vendor_storage")
    assert "**Vendor breach:** Suspend the integration." in contain.guidance
    assert found.additions["contain"].why == "«Vendor breach» adds to it"
    assert "log" not in found.additions, "the same step is not asked twice"


def test_a_shared_step_applies_when_either_playbook_asks_it() -> None:
    one, other = (a_playbook(a_step("tell", **only_if(sentence))) for sentence in ("people in DE", "people in FR"))
    step = joined((one, other)).step("tell")
    assert step is not None
    assert step.when_text == ("(people in DE) or (people in FR)",)
    always = joined((one, a_playbook(a_step("tell")))).step("tell")
    assert always is not None
    assert always.when is None


def test_any_number_of_playbooks_can_join_whatever_their_conditions(law: Law) -> None:
    places = ("DE", "FR", "IT", "ES", "PL", "AT", "BE", "NL", "SE", "FI")
    many = joined(tuple(a_playbook(a_step("tell", **only_if(f"people in {each}", "data.encrypted"))) for each in places * 9))
    assert states(stands(law, many, facts={"people": [{"in": "FI", "count": 1}], "data": {"encrypted": True}})) == {
        "tell": "open"
    }
    assert states(stands(law, many, facts={"people": [{"in": "JP", "count": 1}]})) == {"tell": "not_applicable"}


def test_the_nearer_target_stands_for_a_step_that_both_share() -> None:
    decision = Decision("Cut?", ("yes", "no"), "yes", Role.COMMANDER)
    one = a_playbook(a_step("cut", target=Target(timedelta(hours=4), "declared"), decision=decision))
    other = a_playbook(a_step("cut", target=Target(timedelta(hours=1), "declared"), decision=decision))
    step = joined((one, other)).step("cut")
    assert step is not None
    assert step.target == Target(timedelta(hours=1), "declared")
    assert step.decision == decision


def test_a_joining_playbook_keeps_a_decision_of_its_own_beside_the_first_ones(law: Law) -> None:
    decision = Decision("Cut?", ("yes", "no"), "yes", Role.COMMANDER)
    one = a_playbook(a_step("cut", decision=decision), slug="one")
    theirs = replace(decision, question="Suspend the vendor?", by=Role.LEGAL)
    other = a_playbook(a_step("cut", decision=theirs), a_step("then", after=("cut",)), slug="other", title="Other")
    found = combined(one, (taken(other),))
    assert [(each.slug, each.decision, each.after) for each in found.playbook.steps] == [
        ("cut", decision, ()),
        ("cut-other", theirs, ()),
        ("then", None, ("cut-other",)),
    ]
    assert found.playbook.steps[1].title == "Cut (Other)"
    assert "cut" not in found.additions, "the first decision is not put again"
    assert states(stands(law, found.playbook, did("cut"))) == {"cut": "done", "cut-other": "open", "then": "blocked"}


def test_a_newer_version_of_a_joined_playbook_marks_the_step_under_the_slug_it_has_in_the_whole() -> None:
    decision = Decision("Cut?", ("yes", "no"), "yes", Role.COMMANDER)
    one = a_playbook(a_step("cut", decision=decision), slug="one")
    other = a_playbook(a_step("cut", decision=replace(decision, question="All?")), slug="other")
    newer = replace(other, version="2", steps=(replace(other.steps[0], guidance="Cut the segment."),))
    assert set(combined(one, (taken(other), taken(newer, TakenAs.ADOPTED))).additions) == {"cut-other"}


def test_a_newer_version_takes_the_place_of_the_old_one_and_marks_what_it_changed() -> None:
    newer = replace(FIRST, version="2", steps=(FIRST.steps[0], replace(FIRST.steps[1], guidance="Cut the segment.")))
    found = combined(FIRST, (taken(newer, TakenAs.ADOPTED),))
    assert found.playbook == newer
    assert {slug: each.why for slug, each in found.additions.items()} == {"contain": "version 2 of «Ransomware» changed it"}


def test_what_another_version_changes_is_named_step_by_step() -> None:
    newer = replace(
        FIRST, version="2", steps=(replace(FIRST.steps[1], target=Target(timedelta(minutes=30), "declared")), a_step("new"))
    )
    found = playbook_diff(FIRST, newer)
    assert [each.slug for each in found.added] == ["new"]
    assert [each.slug for each in found.dropped] == ["log"]
    assert [(each.slug, each.changes[0].key, each.changes[0].after) for each in found.changed] == [
        ("contain", "target", "30 min after declared")
    ]
    assert not found.is_empty
    assert playbook_diff(FIRST, replace(FIRST, version="9")).is_empty


def test_all_shipped_playbooks_together_make_one_guide_without_a_circle() -> None:
    whole = joined(tuple(catalogue().playbooks.values()))
    slugs = [each.slug for each in whole.steps]
    assert len(slugs) == len(set(slugs))
    assert circle(whole.steps) == ()
    assert {each.phase for each in whole.steps} <= {each.slug for each in whole.phases}


def test_searching_finds_every_word_and_a_shared_step_once() -> None:
    third = replace(FIRST, slug="third", pivots=(Pivot("ransomware", "files"),))
    found = search((FIRST, third, VENDOR), "contain")
    assert [(each.playbook, each.step, each.also_in) for each in found] == [
        ("ransomware", "contain", ("third",)),
        ("vendor-breach", "contain", ()),
    ]
    assert [(each.playbook, each.step) for each in search((FIRST, VENDOR), "suspend vend")] == [("vendor-breach", "contain")]
    assert search((FIRST,), "suspend vend") == ()
    assert search((FIRST,), " ?! ") == ()
