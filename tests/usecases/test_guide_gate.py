"""The gate, decisions for a role one does not hold, and roles that nobody holds, as a team meets them."""

from datetime import timedelta

import pytest

from incident.domain.guide import StepState
from incident.domain.responder import Role
from incident.errors import ContentError, RefusedError
from incident.usecases.call_tree import calls
from incident.usecases.desk import Desk
from incident.usecases.guide import complete_step, incident_guide
from incident.usecases.mine import mine
from incident.usecases.roles import assign, roster
from tests.conftest import NOW, an_incident, say
from tests.usecases.test_guide import LATER, done, step


def test_a_decision_for_a_role_that_one_does_not_hold_says_so_in_the_record(ana: Desk) -> None:
    incident = an_incident(ana, playbook="ransomware")
    done(ana, incident, "open-log")
    alone = complete_step(ana, incident, "three-gates", now=LATER, decision="personal-data breach", note="seen")
    assert alone.note == "seen; decided for the privacy officer, a role that nobody holds"
    assign(ana, incident, Role.PRIVACY_OFFICER, "leo", now=LATER)
    for_leo = complete_step(ana, incident, "three-gates", now=LATER, decision="personal-data breach")
    assert for_leo.note == "decided for the privacy officer, a role that Leo Stein (invented) holds"
    assert step(ana, incident, "three-gates", hours=2).decided_by == "Ana Ruiz (invented)"
    assign(ana, incident, Role.PRIVACY_OFFICER, "ana", now=LATER)
    assert complete_step(ana, incident, "three-gates", now=LATER, decision="personal-data breach").note == ""


def test_a_closed_gate_refuses_the_steps_behind_it_and_a_first_answer_brings_both_back(ana: Desk) -> None:
    incident = an_incident(ana)
    done(ana, incident, "open-log", "three-gates")
    closed = step(ana, incident, "complete-register", hours=1)
    assert closed.state is StepState.NOT_APPLICABLE
    assert closed.closed.startswith("the gate: technical incident only, decided by Ana Ruiz (invented) at 20")
    with pytest.raises(RefusedError, match="decided by Ana Ruiz"):
        complete_step(ana, incident, "complete-register", now=LATER)
    say(ana, incident, "breach.confidentiality", "yes", now=LATER + timedelta(minutes=1))
    gate = step(ana, incident, "three-gates", hours=2)
    assert (gate.state, gate.reopened) == (StepState.OPEN, "known since: breach.confidentiality (yes)")
    assert step(ana, incident, "complete-register", hours=2).state is not StepState.NOT_APPLICABLE


def test_a_role_with_an_open_step_that_nobody_holds_is_a_gap_everywhere(ana: Desk) -> None:
    incident = an_incident(ana, playbook="business-email-compromise")
    wanted = {each.step.owner for each in incident_guide(ana, incident, now=NOW).open_steps}
    held = {each.role for each in roster(ana, incident) if each.holder is not None}
    empty = {each.role for each in roster(ana, incident) if each.is_gap}
    assert empty >= wanted - held
    assert {each.part for each in calls(ana, incident) if each.person is None} == {each.label for each in empty}
    other = next(each for each in wanted if each not in held)
    assign(ana, incident, other, "leo", now=NOW)
    assert other not in {each.role for each in roster(ana, incident) if each.is_gap}


def test_a_step_is_not_both_mine_and_waited_for(ana: Desk) -> None:
    an_incident(ana, playbook="ransomware")
    found = mine(ana, now=NOW)
    assert not {each.step.step.title for each in found.steps} & {each.what for each in found.waiting}


def test_more_people_than_live_are_refused(ana: Desk) -> None:
    with pytest.raises(ContentError, match="more people than live"):
        say(ana, an_incident(ana), "people", "DE 99999999999999999999")
