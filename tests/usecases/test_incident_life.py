"""An incident from declaration to closing: each act changes what it says, journals it, or changes nothing."""

from datetime import timedelta
from pathlib import Path

import pytest

from incident.domain.incident import IncidentStatus
from incident.domain.moment import said
from incident.domain.notice import NoticeKind, VersionState
from incident.domain.obligation import ObligationState
from incident.domain.responder import Role
from incident.domain.review import ReviewState
from incident.errors import ContentError, RefusedError
from incident.usecases.board import board
from incident.usecases.clocks import clock_list, clocks, obligation_named
from incident.usecases.closing import close, close_as_false_alarm, merge, reopen
from incident.usecases.desk import Desk
from incident.usecases.facts import fact_lines, record_unknown
from incident.usecases.filings import Sent, record_filing
from incident.usecases.guide import complete_step, incident_guide, skip_step
from incident.usecases.incidents import Declaration, declare, incident_of
from incident.usecases.notices import Draft, NewNotice, begin, edit_field
from incident.usecases.people import change_responder, invite
from incident.usecases.press import write_pdf
from incident.usecases.register import register
from incident.usecases.review import advance_review, answer_review, review_view
from incident.usecases.roles import assign, roster
from incident.usecases.timeline import timeline
from incident.usecases.vaults import NewResponder
from incident.usecases.versions import approve, freeze, version_view
from tests.conftest import NOW, PASSPHRASE, ZONE, an_incident, say

ACCOUNT = {
    "account.what_happened": "A mailbox was read by somebody else.",
    "account.people_description": "customers",
    "people": "DE 400",
    "data.elements": "name, email",
    "account.records": "400",
    "account.likely_consequences": "fraud messages",
    "account.measures_taken": "sessions revoked",
}


def told(ana: Desk) -> tuple[object, Draft]:
    incident = an_incident(ana)
    for key, text in ACCOUNT.items():
        say(ana, incident, key, text)
    say(ana, incident, "risk.individuals", "risk", basis="names and addresses, copied by a fraudster")
    return incident, begin(ana, incident, NewNotice("gdpr-authority", recipient_name="Authority"), now=NOW)


def test_declaring_gives_reference_code_name_commander_and_first_facts(ana: Desk) -> None:
    incident = an_incident(ana)
    assert incident.reference == "INC-2026-0001"
    assert len(incident.code_name.split()) == 2
    assert {each.kind.key for each in fact_lines(ana, incident) if not each.from_profile} == {"at.aware", "at.detected"}
    assert next(each for each in roster(ana, incident) if each.role is Role.COMMANDER).holder == ana.me


@pytest.mark.parametrize(
    "declaration",
    [
        Declaration("  ", "personal-data-breach", "ana"),
        Declaration("x", "no-such-playbook", "ana"),
        Declaration("x", "personal-data-breach", "nobody"),
        Declaration("x", "personal-data-breach", "ana", severity=9),
        Declaration("x", "personal-data-breach", "ana", aware=said("2026-03-05 10:00", now=NOW, zone=ZONE)),
    ],
)
def test_a_declaration_that_cannot_be_is_refused_and_changes_nothing(ana: Desk, declaration: Declaration) -> None:
    head = ana.workspace.head()
    with pytest.raises((ContentError, RefusedError)):
        declare(ana, declaration, now=NOW)
    assert ana.workspace.head() == head


def test_a_fact_moves_the_clock_and_the_old_record_stays(ana: Desk) -> None:
    incident = an_incident(ana)
    name = "eu-gdpr/authority@DE"
    before = obligation_named(clocks(ana, incident, now=NOW), name, "")
    assert before is not None
    assert before.state is ObligationState.UNDECIDED
    assert {each.fact for each in before.missing} >= {"risk.individuals"}
    say(ana, incident, "people", "DE 400")
    say(ana, incident, "risk.individuals", "risk", basis="could be misused")
    after = obligation_named(clocks(ana, incident, now=NOW), name, "")
    assert after is not None
    assert after.state is ObligationState.DUE
    say(ana, incident, "people", "DE 500", now=NOW + timedelta(minutes=5))
    line = next(each for each in fact_lines(ana, incident) if each.kind.key == "people")
    assert line.text == "DE 500"
    assert line.superseded == 1


def test_a_judgement_needs_reasons_and_a_future_event_is_refused(ana: Desk) -> None:
    incident = an_incident(ana)
    with pytest.raises(ContentError, match="judgement"):
        say(ana, incident, "risk.individuals", "high")
    with pytest.raises(ContentError, match="not come yet"):
        say(ana, incident, "at.contained", "2026-03-04 10:00")
    with pytest.raises(ContentError, match="not a fact"):
        say(ana, incident, "risk.individual", "high", basis="x")


def test_unknown_yet_has_an_owner_and_suppresses_nothing(ana: Desk) -> None:
    incident = an_incident(ana)
    record_unknown(ana, incident, "people", now=NOW, owner="leo", wanted_at=NOW + timedelta(hours=4))
    line = next(each for each in fact_lines(ana, incident) if each.kind.key == "people")
    assert (line.unknown, line.owner) == (True, "Leo Stein (invented)")
    assert board(ana, now=NOW)[0].nearest_at is not None


def test_a_role_is_handed_over_with_its_times(ana: Desk) -> None:
    incident = an_incident(ana)
    assign(ana, incident, Role.COMMANDER, "leo", now=NOW + timedelta(hours=2), note="authority not told yet")
    line = next(each for each in roster(ana, incident) if each.role is Role.COMMANDER)
    assert line.holder is not None
    assert line.holder.sign_in == "leo"
    assert line.before[0].relinquished_at == NOW + timedelta(hours=2)
    with pytest.raises(RefusedError):
        assign(ana, incident, Role.COMMANDER, "leo", now=NOW)


def test_a_blocked_step_waits_and_a_changed_fact_takes_a_step_up_again(ana: Desk) -> None:
    incident = an_incident(ana)
    with pytest.raises(RefusedError, match="waits for"):
        complete_step(ana, incident, "contain", now=NOW, decision="cut now")
    complete_step(ana, incident, "hold-evidence", now=NOW)
    with pytest.raises(ContentError, match="decision"):
        complete_step(ana, incident, "contain", now=NOW)
    complete_step(ana, incident, "contain", now=NOW, decision="cut now")
    say(ana, incident, "data.elements", "name")
    complete_step(ana, incident, "scope-data", now=NOW)
    say(ana, incident, "data.elements", "name, ssn", now=NOW + timedelta(hours=1))
    again = incident_guide(ana, incident, now=NOW + timedelta(hours=1)).named("scope-data")
    assert again is not None
    assert "data.elements" in again.reopened
    with pytest.raises(ContentError, match="reason|why|Why"):
        skip_step(ana, incident, "tell-others", reason=" ", now=NOW)


def test_a_step_for_others_is_not_applicable_only_when_the_facts_say_so(ana: Desk) -> None:
    guide = incident_guide(ana, an_incident(ana), now=NOW)
    assert guide.named("tell-patients").state.value == "not_applicable"  # type: ignore[union-attr]
    assert guide.named("tell-people").state.value == "waiting_for_fact"  # type: ignore[union-attr]


def test_a_notice_follows_the_facts_until_somebody_edits_it(ana: Desk) -> None:
    incident, draft = told(ana)
    assert draft.completeness.may_be_initial
    assert draft.notice.fields["what_happened"].value == ACCOUNT["account.what_happened"]
    edited = edit_field(ana, draft.notice.id, "what_happened", "In legal's words.", now=NOW)
    assert edited.notice.fields["what_happened"].edited
    back = edit_field(ana, draft.notice.id, "what_happened", None, now=NOW)
    assert back.notice.fields["what_happened"].value == ACCOUNT["account.what_happened"]
    with pytest.raises(ContentError, match="has no field"):
        edit_field(ana, draft.notice.id, "nonsense", "x", now=NOW)


def test_a_notice_that_lacks_an_element_is_not_complete(ana: Desk) -> None:
    incident = an_incident(ana)
    say(ana, incident, "people", "DE 400")
    say(ana, incident, "risk.individuals", "risk", basis="x")
    draft = begin(ana, incident, NewNotice("gdpr-authority", recipient_name="Authority"), now=NOW)
    with pytest.raises(RefusedError, match="not complete"):
        freeze(ana, draft.notice.id, NoticeKind.COMPLETE, now=NOW)
    version = freeze(ana, draft.notice.id, NoticeKind.INITIAL, now=NOW)
    assert version.content["to_follow"]


def test_who_wrote_it_cannot_approve_it_and_the_second_person_signs_this_very_text(ana: Desk, leo: Desk) -> None:
    incident, draft = told(ana)
    version = freeze(ana, draft.notice.id, NoticeKind.COMPLETE, now=NOW)
    with pytest.raises(RefusedError, match="second person"):
        approve(ana, version.id, now=NOW)
    edit_field(leo, draft.notice.id, "cause", "Leo's words", now=NOW)
    with pytest.raises(RefusedError, match="second person"):
        approve(leo, version.id, now=NOW)


def test_an_approval_is_a_signature_over_the_content(ana: Desk, leo: Desk) -> None:
    _, draft = told(ana)
    version = freeze(ana, draft.notice.id, NoticeKind.COMPLETE, now=NOW)
    approve(leo, version.id, now=NOW)
    view = version_view(ana, version.id)
    assert view.state is VersionState.APPROVED
    newer = freeze(ana, draft.notice.id, NoticeKind.COMPLETE, now=NOW)
    assert version_view(ana, newer.id).state is VersionState.DRAFT


def test_a_refusal_needs_its_reasons_and_stands(ana: Desk, leo: Desk) -> None:
    _, draft = told(ana)
    version = freeze(ana, draft.notice.id, NoticeKind.COMPLETE, now=NOW)
    with pytest.raises(RefusedError, match="reasons"):
        approve(leo, version.id, now=NOW, refuse=True)
    approve(leo, version.id, now=NOW, refuse=True, note="the number is wrong")
    assert not version_view(ana, version.id).is_approved


def test_nothing_is_filed_that_was_not_approved_and_lateness_freezes_at_the_first(ana: Desk, leo: Desk) -> None:
    incident, draft = told(ana)
    version = freeze(ana, draft.notice.id, NoticeKind.COMPLETE, now=NOW)
    late = NOW + timedelta(days=4)
    when = said(late.isoformat(), now=late, zone=ZONE)
    sent = Sent("portal", version.id, reference="R-1")
    with pytest.raises(RefusedError, match="not approved"):
        record_filing(ana, incident, sent, when, now=late)  # type: ignore[arg-type]
    approve(leo, version.id, now=NOW)
    with pytest.raises(RefusedError, match="late"):
        record_filing(ana, incident, sent, when, now=late)  # type: ignore[arg-type]
    sent = Sent("portal", version.id, reference="R-1", late_reason="the count took three days")
    record_filing(ana, incident, sent, when, now=late)  # type: ignore[arg-type]
    name = "eu-gdpr/authority@DE"
    before = obligation_named(clocks(ana, incident, now=late), name, "")  # type: ignore[arg-type]
    say(ana, incident, "at.aware", "2026-03-02 14:00", now=late)  # type: ignore[arg-type]
    after = obligation_named(clocks(ana, incident, now=late), name, "")  # type: ignore[arg-type]
    assert before is not None
    assert after is not None
    assert before.late_by == after.late_by == 30 * 3600 + 120


def test_the_approved_pdf_is_kept_and_written_again_unchanged(ana: Desk, leo: Desk, tmp_path: Path) -> None:
    _, draft = told(ana)
    version = freeze(ana, draft.notice.id, NoticeKind.COMPLETE, now=NOW)
    first = write_pdf(ana, version.id, tmp_path / "out", now=NOW)
    assert "draft" in first.path.name
    approve(leo, version.id, now=NOW)
    approved = write_pdf(ana, version.id, tmp_path / "out", now=NOW)
    again = write_pdf(leo, version.id, tmp_path / "two", now=NOW)
    assert approved.path.read_bytes() == again.path.read_bytes()
    assert approved.path.stat().st_mode & 0o077 == 0


def test_closing_with_open_duties_needs_to_be_meant(ana: Desk) -> None:
    incident = an_incident(ana)
    with pytest.raises(RefusedError, match="still open"):
        close(ana, incident, reason="done", now=NOW)
    closed = close(ana, incident, reason="handled elsewhere", now=NOW, despite=True)
    assert closed.status is IncidentStatus.CLOSED
    assert "eu-gdpr/authority@DE" in closed.ended_reason
    with pytest.raises(RefusedError, match="Reopen"):
        say(ana, closed, "people", "DE 1")
    assert reopen(ana, closed, reason="new data appeared", now=NOW).is_open


def test_a_false_alarm_keeps_its_reasons_in_the_register(ana: Desk) -> None:
    incident = an_incident(ana)
    with pytest.raises(ContentError):
        close_as_false_alarm(ana, incident, reason=" ", now=NOW)
    close_as_false_alarm(ana, incident, reason="a test of our own scanner", now=NOW)
    entry = register(ana)[0]
    assert "own scanner" in entry.outcome
    assert entry.facts == "not recorded"


def test_merging_takes_over_what_only_one_knew_and_reports_where_they_differ(ana: Desk) -> None:
    one, two = an_incident(ana, title="one"), an_incident(ana, title="two")
    say(ana, one, "people", "DE 10")
    say(ana, one, "data.encrypted", "no")
    say(ana, two, "people", "DE 12")
    merged = merge(ana, one, two, reason="the same mailbox", now=NOW)
    assert merged.adopted == ("data.encrypted",)
    assert [each[0] for each in merged.differing] == ["people"]
    assert incident_of(ana, one.id).status is IncidentStatus.MERGED
    assert any("one" in each.text for each in timeline(ana, two))


def test_a_duty_under_delegation_runs_on_its_own_facts(ana: Desk) -> None:
    incident = an_incident(ana)
    from incident.usecases.facts import Statement, record_fact

    for key, text in (
        ("organisation.roles", "covered_entity"),
        ("organisation.timezone", "America/Denver"),
        ("at.discovered", "2026-02-20"),
        ("people", "US-CO 620"),
        ("data.elements", "name, medical"),
    ):
        record_fact(ana, incident, Statement(key, text, on_behalf_of="A clinic (invented)"), now=NOW, zone=ZONE)
    say(ana, incident, "data.encrypted", "no")
    say(ana, incident, "data.key_compromised", "no")
    listed = {(each.on_behalf_of, each.obligation.id): each.obligation for each in clock_list(clocks(ana, incident, now=NOW))}
    assert listed["A clinic (invented)", "us-hipaa/secretary"].state is ObligationState.DUE
    assert listed["", "us-hipaa/secretary"].state is ObligationState.NOT_REQUIRED


def test_the_review_states_what_is_unknown_and_moves_in_order(ana: Desk) -> None:
    incident = an_incident(ana)
    view = review_view(ana, incident, now=NOW)
    assert any(each.took is None and "unknown" in each.note for each in view.metrics)
    answer_review(ana, incident, {"how_it_happened": "a", "how_detected": "b", "what_could_have_prevented": "c"}, now=NOW)
    with pytest.raises(RefusedError):
        advance_review(ana, incident, ReviewState.CLOSED, now=NOW)
    advance_review(ana, incident, ReviewState.IN_REVIEW, now=NOW)
    assert advance_review(ana, incident, ReviewState.REVIEWED, now=NOW).state is ReviewState.REVIEWED


def test_only_an_administrator_invites_and_somebody_always_administers(ana: Desk, leo: Desk) -> None:
    person = NewResponder("Kofi (invented)", "kofi", ana.me.function)
    with pytest.raises(RefusedError):
        invite(leo, person, passphrase=PASSPHRASE, may_approve=False, now=NOW)
    with pytest.raises(RefusedError, match="taken"):
        invite(ana, NewResponder("Leo 2", "LEO", ana.me.function), passphrase=PASSPHRASE, may_approve=False, now=NOW)
    with pytest.raises(RefusedError, match="must administer"):
        change_responder(ana, "ana", now=NOW, administers=False)


def test_everything_the_tests_did_is_in_the_journal(ana: Desk, leo: Desk) -> None:
    told(ana)
    assert ana.workspace.verify().problems == ()
