"""The gate and what re-opens a decision: a «no» closes the steps about people's data, a first answer opens it again."""

from datetime import timedelta

from incident.domain.guide import Guide, StepState
from incident.domain.guide_people import Cast
from incident.domain.guide_words import why
from incident.domain.playbook import Decision, Target, Track
from incident.domain.responder import Role
from incident.domain.step import StepRecord
from incident.usecases.assess import Law
from tests.conftest import NOW
from tests.domain.test_guide import ANA, a_playbook, a_step, at, did, only_if, somebody, stands, states

GATE = Decision("People's data?", ("breach", "technical only"), "breach", Role.PRIVACY_OFFICER)
NOTIFY, COMMUNICATE = {"track": Track.NOTIFY}, {"track": Track.COMMUNICATE}
GATED = a_playbook(
    a_step("gate", gate=True, decision=GATE, asks=("breach.confidentiality",)),
    a_step("judge", asks=("risk.individuals",), **NOTIFY),
    a_step("desk", after=("judge",), **COMMUNICATE),
    a_step("tell", drafts=("gdpr-authority",), **NOTIFY),
    a_step("tell-nis2", drafts=("eu-nis2-early-warning",), **NOTIFY),
    a_step("insurer", **NOTIFY),
    a_step("clocks", after=("judge",), **NOTIFY),
    a_step("contain", asks=("data.elements",), track=Track.CONTAIN),
)
NO = did("gate", decision="technical only", facts={"breach.confidentiality": "unknown"})


def gated(law: Law, *records: StepRecord, **changed: object) -> Guide:
    cast = Cast({}, {ANA: somebody(ANA, "Ana")})
    return stands(law, GATED, *records, cast=cast, **changed)  # type: ignore[arg-type]


def test_a_closed_gate_closes_what_is_about_peoples_data_and_says_who_decided(law: Law) -> None:
    found = gated(law, NO)
    closed = {each.step.slug for each in found.steps if each.state is StepState.NOT_APPLICABLE}
    assert closed == {"judge", "desk", "tell"}
    assert {each.step.slug for each in found.open_steps} == {"tell-nis2", "insurer", "clocks", "contain"}
    tell = found.named("tell")
    assert tell is not None
    told = why(tell, str)
    assert told.startswith("does not apply: the gate: technical only, decided by Ana at ")
    assert "UTC" in told


def test_an_open_gate_and_the_answer_yes_close_nothing_and_what_was_done_stays_done(law: Law) -> None:
    for records in ((), (did("gate", decision="breach"),)):
        assert StepState.NOT_APPLICABLE not in {each.state for each in gated(law, *records).steps}
    assert states(gated(law, did("tell", when=at(hours=2)), NO))["tell"] == "done"


def test_a_first_answer_after_a_decision_that_did_not_know_it_opens_the_gate_again(law: Law) -> None:
    said = {"known_at": {"breach.confidentiality": NOW}, "changes": {"breach.confidentiality": "yes"}}
    found = gated(law, NO, **said)
    assert found.steps[0].reopened == "known since: breach.confidentiality (yes)"
    assert states(found)["tell"] == "open"
    before = gated(law, NO, known_at={"breach.confidentiality": at(hours=2)})
    assert before.steps[0].state is StepState.DONE


def test_a_first_answer_to_a_step_that_decides_nothing_is_an_answer_and_no_change(law: Law) -> None:
    playbook = a_playbook(a_step("scope", asks=("people",)))
    assert states(stands(law, playbook, did("scope"), known_at={"people": NOW}))["scope"] == "done"


def test_a_gate_closes_only_by_an_option_that_is_not_the_default_and_only_with_every_other_gate(law: Law) -> None:
    wary = Decision("Sure?", ("technical only", "breach"), "breach", Role.PRIVACY_OFFICER)
    tell = a_step("tell", drafts=("gdpr-authority",), **NOTIFY)
    never = a_playbook(a_step("gate", gate=True, decision=wary), tell)
    assert states(stands(law, never, did("gate", decision="breach")))["tell"] == "open"
    both = a_playbook(a_step("gate", gate=True, decision=GATE), a_step("gate-vendor", gate=True, decision=GATE), tell)
    one, other = (did(slug, decision="technical only") for slug in ("gate", "gate-vendor"))
    assert states(stands(law, both, one))["tell"] == "open"
    assert states(stands(law, both, one, other))["tell"] == "not_applicable"
    other_gate = a_step("gate-ca", gate=True, decision=GATE, **only_if("people in US-CA"))
    elsewhere = a_playbook(a_step("gate", gate=True, decision=GATE), other_gate, tell)
    facts = {"people": [{"in": "DE", "count": 4}]}
    assert states(stands(law, elsewhere, one, facts=facts))["tell"] == "not_applicable"


def test_nobody_is_late_before_there_was_an_incident(law: Law) -> None:
    playbook = a_playbook(a_step("aware", target=Target(timedelta(hours=1), "detected")))
    old = stands(law, playbook, facts={"at": {"detected": at(days=9)}}, declared_at=at(minutes=5)).steps[0]
    assert (old.target_at, old.overdue, old.target_moved) == (NOW + timedelta(minutes=55), False, True)
    late = stands(law, playbook, facts={"at": {"detected": at(hours=2)}}, declared_at=at(hours=2)).steps[0]
    assert (late.target_at, late.overdue, late.target_moved) == (at(hours=1), True, False)
