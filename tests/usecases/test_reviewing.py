"""The review's flow and the durations: findings, follow-up until closed, anchors stated, unknown never zero."""

from datetime import date, timedelta

import pytest

from incident.domain.finding import FindingKind, gaps
from incident.domain.incident import Incident
from incident.domain.metrics import METRICS, is_to_authority, is_to_people
from incident.domain.moment import said
from incident.domain.percentile import Sample
from incident.domain.responder import Role
from incident.domain.review import ActionKind, ReviewState
from incident.domain.timeline import EntryKind
from incident.errors import ContentError, RefusedError
from incident.usecases.action_items import add_action_item, finish_action_item, follow_up, open_items
from incident.usecases.closing import close_as_false_alarm, merge
from incident.usecases.desk import Desk
from incident.usecases.filings import Sent, record_filing
from incident.usecases.findings import NewFinding, add_finding, withdraw_finding
from incident.usecases.metrics import KNOWN, MARGIN, UNKNOWN_CAUSE, line_named, metric_report
from incident.usecases.review import advance_review, answer_review, review_view
from incident.usecases.roles import assign
from incident.usecases.timeline import log, timeline
from tests.conftest import NOW, ZONE, an_incident, say

FIRST_THREE = {"how_it_happened": "a", "how_detected": "b", "what_could_have_prevented": "c"}


def filed(desk: Desk, incident: Incident, at: str, obligation: str = "eu-gdpr/authority") -> None:
    sent = Sent("telephone", obligation=obligation, recipient="BfDI")
    record_filing(desk, incident, sent, said(at, now=NOW, zone=ZONE), now=NOW)


def test_a_review_is_closed_when_its_action_items_are_done_and_not_before(ana: Desk) -> None:
    incident = an_incident(ana)
    answer_review(ana, incident, FIRST_THREE, now=NOW)
    item = add_action_item(
        ana, incident, "Phishing-proof sign-in", owner="ana", due_on=date(2026, 3, 9), kind=ActionKind.PREVENT, now=NOW
    )
    for state in (ReviewState.IN_REVIEW, ReviewState.REVIEWED):
        advance_review(ana, incident, state, now=NOW)
    with pytest.raises(RefusedError, match="1 action item is open"):
        advance_review(ana, incident, ReviewState.CLOSED, now=NOW)
    moved = follow_up(ana, item.id, note="The keys arrive late.", due_on=date(2026, 3, 20), now=NOW)
    assert moved.due_on == date(2026, 3, 20)
    assert [each.overdue for each in open_items(ana, today=date(2026, 3, 20))] == [False]
    assert [each.overdue for each in open_items(ana, today=date(2026, 3, 21))] == [True]
    finish_action_item(ana, item.id, outcome="rolled out", now=NOW)
    assert not open_items(ana, today=date(2026, 4, 1))
    assert advance_review(ana, incident, ReviewState.CLOSED, now=NOW).state is ReviewState.CLOSED
    assert [each.note for each in review_view(ana, incident, now=NOW).follow_ups] == ["The keys arrive late."]
    with pytest.raises(RefusedError, match="closed"):
        add_finding(ana, incident, NewFinding(FindingKind.FACTOR, "late"), now=NOW)


def test_findings_are_several_and_say_what_they_need(ana: Desk) -> None:
    incident = an_incident(ana)
    log(ana, incident, "A rule forwards everything", now=NOW, kind=EntryKind.ATTACK)
    number = next(n for n, each in enumerate(timeline(ana, incident), 1) if "forwards" in each.text)
    add_finding(ana, incident, NewFinding(FindingKind.FACTOR, "No second factor", cause="social"), now=NOW)
    add_finding(ana, incident, NewFinding(FindingKind.FACTOR, "The alert went to a full mailbox", cause="error"), now=NOW)
    surprise = add_finding(ana, incident, NewFinding(FindingKind.SURPRISE, "Nobody knew such rules", line=number), now=NOW)
    seen = NewFinding(FindingKind.DIFFERENCE, "only 400 lines", expected="a full export")
    add_finding(ana, incident, seen, now=NOW)
    view = review_view(ana, incident, now=NOW)
    assert [each.cause for each in view.of_kind(FindingKind.FACTOR)] == ["social", "error"]
    assert timeline(ana, incident)[number - 1].id == surprise.entry_id
    withdraw_finding(ana, incident, surprise.id, now=NOW)
    assert not review_view(ana, incident, now=NOW).of_kind(FindingKind.SURPRISE)
    for wrong in (
        NewFinding(FindingKind.FACTOR, " "),
        NewFinding(FindingKind.DIFFERENCE, "seen"),
        NewFinding(FindingKind.SURPRISE, "which?"),
        NewFinding(FindingKind.SURPRISE, "which?", line=999),
        NewFinding(FindingKind.FACTOR, "x", cause="gremlins"),
    ):
        with pytest.raises(ContentError):
            add_finding(ana, incident, wrong, now=NOW)


def test_silences_are_marked_while_it_was_handled(ana: Desk) -> None:
    incident = an_incident(ana)
    log(ana, incident, "later", now=NOW + timedelta(hours=9), when=None)
    lines = timeline(ana, incident)
    assert [each.took >= timedelta(hours=8) for each in gaps(lines, until=NOW + timedelta(hours=24))][-1]
    assert not gaps(lines, until=lines[0].occurred_at)


def test_every_duration_names_its_events_and_takes_no_neighbours_date(ana: Desk) -> None:
    incident = an_incident(ana)
    before = {each.name: each for each in review_view(ana, incident, now=NOW).metrics}
    assert len(before) == len(METRICS)
    assert before["escalation lag"].took is None
    assert "the privacy officer or legal was in" in before["escalation lag"].note
    assert before["regulator time"].took is None
    assign(ana, incident, Role.LEGAL, "leo", now=NOW)
    say(ana, incident, "at.contained", "2026-03-02 11:00")
    filed(ana, incident, "2026-03-02 12:00")
    filed(ana, incident, "2026-03-02 13:00", "eu-gdpr/individuals")
    after = {each.name: each.took for each in review_view(ana, incident, now=NOW).metrics}
    assert after["time to contain"] == timedelta(hours=2)
    assert after["regulator time"] == timedelta(hours=3)
    assert after["individual time, first"] == timedelta(hours=4)
    assert after["escalation lag"] == timedelta(hours=6, minutes=2)
    assert after["people identified"] is None


def test_who_is_told_by_which_duty() -> None:
    assert is_to_people("us-ca/individuals@US-CA")
    assert is_to_authority("eu-gdpr/authority@DE")
    assert not is_to_authority("eu-gdpr/register")
    assert not is_to_authority("us-ca/individuals")


def test_across_incidents_medians_come_with_n_and_unknown_is_counted(ana: Desk) -> None:
    for number, minutes in enumerate((10, 20, 30, 40, 500)):
        incident = an_incident(ana, title=f"Case {number}", playbook="ransomware" if number % 2 else "personal-data-breach")
        at = NOW.replace(hour=8, minute=0) + timedelta(minutes=minutes)
        if at <= NOW:
            say(ana, incident, "at.contained", at.isoformat())
        filed(ana, incident, "2026-03-02 10:00")
        if number == 0:
            add_finding(ana, incident, NewFinding(FindingKind.FACTOR, "x", cause="malware"), now=NOW)
    close_as_false_alarm(ana, an_incident(ana, title="none"), reason="a test mail", now=NOW)
    twin = an_incident(ana, title="twin")
    merge(ana, twin, incident, reason="the same", now=NOW)
    report = metric_report(ana)
    assert report.all.incidents == 5
    contained = line_named(report.all, "time to contain")
    assert (contained.n, contained.unknown, contained.median, contained.p85) == (4, 1, 25 * 60, None)
    assert (report.all.in_time, report.all.dated) == (5, 5)
    assert line_named(report.all, MARGIN).n == 5
    assert line_named(report.all, KNOWN).median == 0.0  # everything was written down after it had been sent
    assert [(each.name, each.incidents) for each in report.by_cause] == [("malware", 1), (UNKNOWN_CAUSE, 4)]
    assert [each.incidents for each in report.by_kind] == [3, 2]
    assert [each.name for each in report.by_quarter] == ["2026 Q1"]
    assert metric_report(ana, since=NOW + timedelta(days=1)).all.incidents == 0


def test_percentiles_are_values_that_occurred() -> None:
    sample, margins = Sample(), Sample(little_is_bad=True)
    for value in range(1, 21):
        sample.add(value)
        margins.add(value)
    sample.add(None)
    assert (sample.spread.median, sample.spread.p85, sample.spread.n, sample.spread.unknown) == (10.5, 17, 20, 1)
    assert margins.spread.p85 == 3
    assert Sample().spread.median is None
