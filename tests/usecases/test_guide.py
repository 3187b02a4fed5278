"""The guide of an incident as a team works it: acts, defaults, hand-over, a second playbook, versions, what is mine."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader
from sqlmodel import select

from incident.domain.guide import GuideStep, StepState
from incident.domain.incident import Incident
from incident.domain.playbook import Playbook
from incident.domain.responder import Role
from incident.domain.step import StepAct
from incident.errors import ContentError, RefusedError
from incident.store.guide_tables import TakenPlaybookRow
from incident.usecases import playbook_sheet, taken_playbooks
from incident.usecases.asked_facts import asked_facts
from incident.usecases.call_tree import call_notes, write_call_tree
from incident.usecases.catalogue import catalogue
from incident.usecases.closing import close_as_false_alarm
from incident.usecases.desk import Desk
from incident.usecases.facts import record_unknown
from incident.usecases.guide import (
    complete_step,
    hand_over_step,
    incident_guide,
    skip_step,
    step_named,
    take_default,
    undo_step,
)
from incident.usecases.guide_situation import step_records
from incident.usecases.mine import mine
from incident.usecases.people import change_responder
from incident.usecases.playbook_sheet import write_playbook
from incident.usecases.retention import purge_incident
from incident.usecases.roles import assign, separation
from incident.usecases.taken_playbooks import adopt_playbook, join_playbook, offered_changes
from incident.usecases.timeline import timeline
from tests.conftest import NOW, an_incident, say

LATER = NOW + timedelta(hours=1)
LONG_AFTER = NOW + timedelta(days=3)


def step(desk: Desk, incident: Incident, slug: str, *, hours: float = 0) -> GuideStep:
    return step_named(desk, incident, slug, now=NOW + timedelta(hours=hours))


def acts(desk: Desk) -> list[str]:
    return [each.act for each in desk.workspace.entries()]


def done(desk: Desk, incident: Incident, *slugs: str) -> None:
    for slug in slugs:
        found = step(desk, incident, slug, hours=1).step
        decision = found.decision.options[-1] if found.decision else ""
        complete_step(desk, incident, slug, now=LATER, decision=decision)


def a_decision(desk: Desk, incident: Incident) -> GuideStep:
    """A decision that is open and has a time to decide."""
    guide = incident_guide(desk, incident, now=NOW)
    return next(each for each in guide.open_steps if each.step.decision is not None and each.decide_by is not None)


def test_a_mistaken_done_is_undone_and_both_stay_in_the_journal(ana: Desk) -> None:
    incident = an_incident(ana)
    done(ana, incident, "open-log")
    assert step(ana, incident, "open-log").state is StepState.DONE
    undo_step(ana, incident, "open-log", now=LATER, reason="wrong line")
    assert step(ana, incident, "open-log").state is StepState.OPEN
    assert acts(ana)[-2:] == ["step.done", "step.undone"]
    assert [each.state for each in step_records(ana, incident)] == [StepAct.DONE, StepAct.UNDONE]
    with pytest.raises(RefusedError, match="Nothing was done"):
        undo_step(ana, incident, "open-log", now=LATER)


def test_a_decision_keeps_on_which_facts_it_was_taken_whatever_they_become(ana: Desk) -> None:
    incident = an_incident(ana, playbook="ransomware")
    say(ana, incident, "breach.availability", "yes")
    found = step(ana, incident, "three-gates")
    assert found.step.decision is not None
    if found.state is StepState.BLOCKED:
        done(ana, incident, *found.waits_for_steps)
    complete_step(
        ana, incident, "three-gates", now=LATER, decision=found.step.decision.options[0], dissent="Leo: too early", note="seen"
    )
    say(ana, incident, "breach.availability", "no", now=LATER + timedelta(minutes=1))
    record = step_records(ana, incident)[-1]
    assert record.facts is not None
    assert record.facts["breach.availability"] == "yes"
    assert record.facts["breach.confidentiality"] == "unknown"
    assert record.dissent == "Leo: too early"
    again = step(ana, incident, "three-gates", hours=2)
    assert again.state is StepState.OPEN
    assert again.reopened == "changed since: breach.availability (yes → no)"


def test_a_default_is_refused_while_there_is_time_and_recorded_as_one_afterwards(ana: Desk) -> None:
    incident = an_incident(ana, playbook="ransomware")
    done(ana, incident, "open-log")
    found = a_decision(ana, incident)
    slug, decision = found.step.slug, found.step.decision
    assert decision is not None
    head = ana.workspace.head()
    with pytest.raises(RefusedError, match="can still be decided"):
        take_default(ana, incident, slug, now=NOW)
    with pytest.raises(RefusedError, match="is no decision"):
        take_default(ana, incident, "name-team", now=LONG_AFTER)
    assert ana.workspace.head() == head
    record = take_default(ana, incident, slug, now=LONG_AFTER, note="called twice")
    assert (record.decision, record.defaulted, record.by) == (decision.default, True, ana.me.id)
    told = next(each.text for each in timeline(ana, incident) if slug in each.text)
    assert "the default: nobody decided in time" in told


def test_a_decision_without_an_option_and_a_skip_without_a_reason_change_nothing(ana: Desk) -> None:
    incident = an_incident(ana, playbook="ransomware")
    done(ana, incident, "open-log")
    slug, head = a_decision(ana, incident).step.slug, ana.workspace.head()
    with pytest.raises(ContentError, match="is a decision"):
        complete_step(ana, incident, slug, now=LATER, decision="perhaps")
    with pytest.raises(ContentError, match="not said"):
        skip_step(ana, incident, slug, reason=" ", now=LATER)
    with pytest.raises(RefusedError, match="no step"):
        complete_step(ana, incident, "no-such", now=LATER)
    assert ana.workspace.head() == head


def test_a_step_is_handed_to_somebody_who_can_read_the_incident(ana: Desk) -> None:
    incident = an_incident(ana)
    record = hand_over_step(ana, incident, "open-log", "leo", now=NOW, note="the server room first")
    assert record.state is StepAct.HANDED_OVER
    found = step(ana, incident, "open-log")
    assert (found.holder, found.state, found.owner.handed_over) == ("Leo Stein (invented)", StepState.OPEN, True)
    with pytest.raises(RefusedError, match="already"):
        hand_over_step(ana, incident, "open-log", "leo", now=NOW)
    assert "to Leo Stein (invented): the server room first" in next(
        each.text for each in timeline(ana, incident) if "open-log" in each.text
    )


def test_a_second_playbook_joins_and_asks_only_what_is_new(ana: Desk) -> None:
    incident = an_incident(ana, playbook="ransomware")
    done(ana, incident, "open-log", "name-team")
    before = {each.step.slug for each in incident_guide(ana, incident, now=LATER).steps}
    join_playbook(ana, incident, "vendor-breach", reason="their tunnel was the way in", now=LONG_AFTER)
    found = incident_guide(ana, incident, now=LONG_AFTER)
    own = {each.slug for each in catalogue().playbook("vendor-breach").steps}
    apart = {"three-gates-vendor-breach", "contain-vendor-breach"}
    assert {each.step.slug for each in found.steps} == before | own | apart, "what they decide otherwise is asked apart"
    for slug in ("open-log", "name-team"):
        shared = catalogue().playbook("vendor-breach").step(slug) == catalogue().playbook("ransomware").step(slug)
        assert not shared or step(ana, incident, slug, hours=80).state is StepState.DONE
    assert "their tunnel was the way in" in next(each.text for each in timeline(ana, incident) if "joined" in each.text)
    assert acts(ana)[-1] == "playbook.joined"
    with pytest.raises(RefusedError, match="already"):
        join_playbook(ana, incident, "vendor-breach", reason="again", now=LONG_AFTER)
    with pytest.raises(ContentError, match="not said"):
        join_playbook(ana, incident, "insider-misuse", reason=" ", now=LONG_AFTER)


def edited(monkeypatch: pytest.MonkeyPatch, playbook: Playbook) -> None:
    found = catalogue()
    present = replace(found, playbooks={**found.playbooks, playbook.slug: playbook})
    monkeypatch.setattr(taken_playbooks, "catalogue", lambda: present)


def test_an_incident_keeps_its_version_is_offered_the_new_one_and_adopts_it(ana: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    incident = an_incident(ana)
    done(ana, incident, "open-log", "name-team")
    assert offered_changes(ana, incident) == ()
    with pytest.raises(RefusedError, match="0 playbooks"):
        adopt_playbook(ana, incident, "", reason="new", now=LONG_AFTER)
    old = catalogue().playbook("personal-data-breach")
    log = next(each for each in old.steps if each.slug == "open-log")
    steps = tuple(
        replace(log, guidance="Open two logs.") if each is log else each for each in old.steps if each.slug != "set-severity"
    )
    edited(monkeypatch, replace(old, version="99", steps=steps))
    (offer,) = offered_changes(ana, incident)
    assert ([each.slug for each in offer.dropped], [each.slug for each in offer.changed]) == (["set-severity"], ["open-log"])
    assert step(ana, incident, "set-severity", hours=1).step.slug == "set-severity", "nothing changes until it is adopted"
    adopt_playbook(ana, incident, "", reason="the log step was wrong", now=LONG_AFTER)
    again = step(ana, incident, "open-log", hours=80)
    assert (again.state, again.reopened) == (StepState.OPEN, f"version 99 of «{old.title}» changed it")
    assert step(ana, incident, "name-team", hours=80).state is StepState.DONE
    with pytest.raises(RefusedError):
        step(ana, incident, "set-severity", hours=80)
    assert offered_changes(ana, incident) == ()
    assert acts(ana)[-1] == "playbook.adopted"


def test_mine_now_shows_what_is_open_for_me_across_incidents_and_who_has_not_answered(ana: Desk, leo: Desk) -> None:
    first, second = an_incident(ana), an_incident(ana, title="A laptop is gone", playbook="lost-stolen-device")
    assign(ana, second, Role.SCRIBE, "leo", now=NOW)
    record_unknown(ana, first, "data.encrypted", now=NOW, owner="leo", wanted_at=NOW + timedelta(hours=2))
    hers, his = mine(ana, now=NOW), mine(leo, now=NOW)
    assert {each.incident.reference for each in hers.steps} == {first.reference, second.reference}
    assert {(each.incident.reference, each.why) for each in his.steps} >= {(second.reference, "you are scribe")}
    assert all(each.incident == second for each in his.steps)
    assert [(each.key, each.late) for each in his.answers] == [("data.encrypted", False)]
    assert [(each.whom, each.late) for each in hers.waiting if "encrypted" in each.what] == [("Leo Stein (invented)", False)]
    late = mine(ana, now=NOW + timedelta(hours=3))
    assert [each.late for each in late.waiting if "encrypted" in each.what] == [True]


def test_once_a_target_passes_the_deputy_finds_the_step_among_theirs(ana: Desk, leo: Desk) -> None:
    incident = an_incident(ana)
    change_responder(ana, "ana", now=NOW, deputy="leo")
    assert not mine(leo, now=NOW).steps
    late = [each for each in mine(leo, now=LONG_AFTER).steps if each.step.step.slug == "name-team"]
    assert [each.why for each in late] == ["you stand in for Ana Ruiz (invented): the target passed"]
    assert step(ana, incident, "name-team", hours=80).owner.stand_in_name == "Leo Stein (invented)"


def test_a_role_that_nobody_holds_is_the_commanders_to_see_to(ana: Desk) -> None:
    an_incident(ana)
    assert "nobody is scribe; the commander sees to it" in {each.why for each in mine(ana, now=NOW).steps}


def test_the_form_of_a_step_says_what_is_known_how_sure_and_who_finds_out_the_rest(ana: Desk) -> None:
    incident = an_incident(ana)
    say(ana, incident, "account.what_happened", "A mailbox was read.")
    record_unknown(ana, incident, "at.discovered", now=NOW, owner="leo", wanted_at=LATER)
    asked = {each.kind.key: each for each in asked_facts(ana, incident, step(ana, incident, "record-awareness"))}
    said = asked["account.what_happened"]
    assert (said.text, said.known, said.confidence, said.source) == ("A mailbox was read.", True, "confirmed", "a test")
    missing = asked["at.discovered"]
    assert (missing.known, missing.owner, missing.wanted_at) == (False, "Leo Stein (invented)", LATER)
    assert asked["at.aware"].known


def test_deputies_and_hours_are_checked_and_a_refusal_changes_nothing(ana: Desk) -> None:
    head = ana.workspace.head()
    for wrong in ({"deputy": "ana"}, {"deputy": "nobody"}, {"hours": "nine to five"}, {"zone": "Berlin"}):
        with pytest.raises((RefusedError, ContentError)):
            change_responder(ana, "ana", now=NOW, **wrong)  # type: ignore[arg-type]
    assert ana.workspace.head() == head
    person = change_responder(ana, "ana", now=NOW, deputy="leo", hours="Mon-Fri 09:00-17:30", phone="+49 30 5550 0101")
    assert person.hours == "Mon-Fri 09:00-17:30"
    assert change_responder(ana, "ana", now=NOW, deputy="").deputy is None


def test_who_drafts_does_not_approve_and_a_team_that_cannot_keep_that_is_told(ana: Desk) -> None:
    incident = an_incident(ana)
    change_responder(ana, "ana", now=NOW, may_approve=False)
    assert separation(ana, incident) == ()
    assign(ana, incident, Role.LEGAL, "leo", now=NOW)
    assert "Everybody who may approve also drafts: Leo Stein (invented) (legal)." in separation(ana, incident)[0]


def test_the_call_tree_is_printed_with_numbers_gaps_and_what_must_be_mended(ana: Desk, tmp_path: Path) -> None:
    incident = an_incident(ana)
    change_responder(ana, "ana", now=NOW, deputy="leo", phone="+49 30 5550 0101", hours="always")
    notes = call_notes(ana, incident)
    assert notes[0] == "No number that works without a directory: Leo Stein (invented)."
    path = write_call_tree(ana, incident, tmp_path, now=NOW)
    assert path.stat().st_mode & 0o077 == 0
    text = "\n".join(page.extract_text() for page in PdfReader(path).pages)
    for words in ("+49 30 5550 0101", "NOBODY", "technical lead", "Leo Stein (invented)", incident.code_name):
        assert words in text
    assert acts(ana)[-1] == "access.exported"


def test_a_playbook_is_printed_for_the_binder_with_boxes_and_its_own_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = catalogue()
    playbook = replace(whole.playbook("ransomware"), steps=whole.playbook("ransomware").steps[:4])
    monkeypatch.setattr(playbook_sheet, "catalogue", lambda: replace(whole, playbooks={playbook.slug: playbook}))
    reader = PdfReader(write_playbook("ransomware", tmp_path, now=NOW))
    text = "\n".join(page.extract_text() for page in reader.pages)
    for words in (playbook.title, "The team tonight", "not legal advice", *(each.title for each in playbook.steps)):
        assert words in text
    assert b'"incident-playbook/1"' in reader.attachments["notice.json"][0]


def test_a_purged_incident_leaves_no_playbook_behind(ana: Desk) -> None:
    incident = an_incident(ana)
    join_playbook(ana, incident, "ransomware", reason="files are encrypted", now=NOW)
    ended = close_as_false_alarm(ana, incident, reason="a drill that nobody announced", now=NOW)
    purge_incident(ana, ended, reason="a test", now=NOW + timedelta(days=4000), despite=True)
    with ana.workspace.reading() as session:
        assert session.exec(select(TakenPlaybookRow)).all() == []
