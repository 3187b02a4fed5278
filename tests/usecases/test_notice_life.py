"""A notice from draft to filing: what was approved is what is printed, and what changed since says so."""

import io
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader

from incident.cli.notice_output import print_notices
from incident.content.folders import shipped_folder
from incident.domain.incident import Incident
from incident.domain.moment import said
from incident.domain.notice import NoticeKind
from incident.domain.review import FilingMargin
from incident.errors import DocumentError, RefusedError
from incident.usecases.catalogue import catalogue
from incident.usecases.desk import Desk
from incident.usecases.filings import Sent, record_filing
from incident.usecases.notice_changes import drop, drop_version, set_language
from incident.usecases.notices import Draft, NewNotice, begin, draft, edit_field, notices
from incident.usecases.press import write_pdf
from incident.usecases.register import register
from incident.usecases.review import margins
from incident.usecases.review_report import write_review
from incident.usecases.timeline import timeline
from incident.usecases.unsaved_text import keep_unsaved
from incident.usecases.versions import approve, changed_since, freeze, kept_page, version_view, versions
from tests.conftest import NOW, ZONE, an_incident, say
from tests.usecases.test_incident_life import ACCOUNT

LATER = NOW + timedelta(hours=1)


def a_notice(ana: Desk, **more: str) -> tuple[Incident, Draft]:
    incident = an_incident(ana)
    for key, text in ACCOUNT.items():
        say(ana, incident, key, text)
    say(ana, incident, "risk.individuals", "high", basis="copied by a fraudster")
    new = NewNotice(**{"template": "gdpr-authority", "recipient_name": "Berliner Beauftragte", **more})  # type: ignore[arg-type]
    return incident, begin(ana, incident, new, now=NOW)


def text_of(path: Path) -> str:
    pages = PdfReader(io.BytesIO(path.read_bytes())).pages
    return " ".join(" ".join(each.extract_text() for each in pages).split())


@pytest.fixture
def own_templates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The user's own copy of one template, in force for this test."""
    own = tmp_path / "own" / "notice_templates" / "gdpr-authority"
    shutil.copytree(shipped_folder("notice_templates") / "gdpr-authority", own)
    monkeypatch.setenv("INCIDENT_CONTENT", str(tmp_path / "own"))
    catalogue.cache_clear()
    yield own
    catalogue.cache_clear()


def test_an_approved_notice_prints_the_text_that_was_approved_whatever_becomes_of_its_template(
    ana: Desk, leo: Desk, tmp_path: Path, own_templates: Path
) -> None:
    _, held = a_notice(ana)
    version = freeze(ana, held.notice.id, NoticeKind.COMPLETE, now=NOW)
    approve(leo, version.id, now=NOW)
    (own_templates / "de.html.j2").write_text("<p>ENTIRELY DIFFERENT TEXT</p>")
    (own_templates / "notice.toml").write_text("broken")
    catalogue.cache_clear()
    written = write_pdf(ana, version.id, tmp_path / "out", now=NOW)
    text = text_of(written.path)
    assert "ENTIRELY DIFFERENT" not in text
    assert ACCOUNT["account.what_happened"] in text
    assert "Freigegeben" in text


def test_the_hash_that_is_signed_covers_the_page(ana: Desk, own_templates: Path) -> None:
    _, held = a_notice(ana)
    first = freeze(ana, held.notice.id, NoticeKind.COMPLETE, now=NOW)
    page = own_templates / "de.html.j2"
    page.write_text(page.read_text() + "{% block intro %}<p>One word more.</p>{% endblock %}")
    second = freeze(ana, held.notice.id, NoticeKind.COMPLETE, now=NOW)
    assert "One word more." in kept_page(second).html
    assert first.content_hash != second.content_hash


def test_a_template_that_runs_away_freezes_nothing(ana: Desk, own_templates: Path) -> None:
    (own_templates / "de.html.j2").write_text("{% for a in range(10**9) %}x{% endfor %}")
    _, held = a_notice(ana)
    head = ana.workspace.head()
    with pytest.raises(DocumentError, match="de.html.j2, line 1"):
        freeze(ana, held.notice.id, NoticeKind.COMPLETE, now=NOW)
    assert ana.workspace.head() == head


def test_an_edit_after_approval_is_seen_in_the_list_on_the_pdf_and_at_filing(
    ana: Desk, leo: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    incident, held = a_notice(ana)
    version = freeze(ana, held.notice.id, NoticeKind.COMPLETE, now=NOW)
    approve(leo, version.id, now=NOW)
    assert changed_since(draft(ana, held.notice.id, now=NOW), version) == ()
    edited = edit_field(ana, held.notice.id, "what_happened", "Something else.", now=LATER)
    assert changed_since(edited, version) == ("What happened",)
    monkeypatch.setenv("COLUMNS", "140")
    print_notices([edited], [versions(ana, held.notice.id)])
    listed = capsys.readouterr().out
    assert "approved, void" in listed
    assert "1: The draft has changed since version 1 was approved (What happened). Freeze and approve again" in listed
    assert "changed since version 1 was approved" in write_pdf(ana, version.id, tmp_path, now=LATER).void
    when = said(LATER.isoformat(), now=LATER, zone=ZONE)
    with pytest.raises(RefusedError, match="What happened") as refused:
        record_filing(ana, incident, Sent("portal", version.id), when, now=LATER)
    assert "--version 1" in refused.value.hint
    assert record_filing(ana, incident, Sent("portal", version.id, as_it_was=True), when, now=LATER)
    with pytest.raises(RefusedError, match="What happened"):
        record_filing(ana, incident, Sent("portal", version.id), when, now=LATER)


def test_freezing_tells_which_characters_are_replaced_and_where(ana: Desk, leo: Desk, tmp_path: Path) -> None:
    _, held = a_notice(ana)
    edit_field(ana, held.notice.id, "cause", "東京 🚆", now=NOW)
    version = freeze(ana, held.notice.id, NoticeKind.COMPLETE, now=NOW)
    assert {each.places for each in kept_page(version).stand_ins} == {("Ursache",)}
    approve(leo, version.id, now=NOW)
    assert "U+1F686 TRAIN" in text_of(write_pdf(ana, version.id, tmp_path, now=NOW).path)


def test_a_review_of_an_incident_with_an_emoji_in_its_title_is_written(ana: Desk, tmp_path: Path) -> None:
    incident = an_incident(ana, title="Lost on the train 🚆")
    paths = write_review(ana, incident, tmp_path, now=NOW, zone=ZONE)
    assert [each.suffix for each in paths] == [".pdf", ".md", ".json", ".html", ".docx", ".pdf", ".txt"]
    assert "🚆" in paths[1].read_text()


def test_only_what_cannot_follow_later_is_asked_at_once(ana: Desk) -> None:
    incident = an_incident(ana)
    say(ana, incident, "risk.individuals", "risk", basis="x")
    say(ana, incident, "people", "DE 400")
    held = begin(ana, incident, NewNotice("gdpr-authority", recipient_name="Authority"), now=NOW)
    edit_field(ana, held.notice.id, "dpo_name", "", now=NOW)
    with pytest.raises(RefusedError) as refused:
        freeze(ana, held.notice.id, NoticeKind.INITIAL, now=NOW)
    assert "data protection officer" in refused.value.message
    assert "nature of the breach" not in refused.value.message


def test_what_follows_is_named_in_the_language_of_the_recipient(ana: Desk) -> None:
    incident = an_incident(ana)
    say(ana, incident, "risk.individuals", "risk", basis="x")
    held = begin(ana, incident, NewNotice("gdpr-authority", recipient_name="Behörde"), now=NOW)
    version = freeze(ana, held.notice.id, NoticeKind.INITIAL, now=NOW)
    assert "Was geschehen ist" in version.content["to_follow"]  # type: ignore[operator]
    assert "the nature of the breach" not in kept_page(version).html


def test_a_notice_begins_in_the_language_of_the_authority_and_can_change_it(ana: Desk) -> None:
    _, held = a_notice(ana)
    assert held.notice.language == "de"
    assert set_language(ana, held.notice.id, "fr", now=NOW).notice.language == "fr"
    with pytest.raises(RefusedError, match="not there in «fi»"):
        set_language(ana, held.notice.id, "fi", now=NOW)


def test_what_nobody_signed_can_be_dropped_and_what_somebody_signed_or_refused_cannot(ana: Desk, leo: Desk) -> None:
    incident, held = a_notice(ana)
    first = freeze(ana, held.notice.id, NoticeKind.INITIAL, now=NOW)
    drop_version(ana, first.id, now=NOW)
    assert versions(ana, held.notice.id) == ()
    dropped = ana.workspace.entries(incident.id)[-1]
    assert (dropped.act, dropped.detail["content_hash"]) == ("notice.drop_version", first.content_hash)
    signed = freeze(ana, held.notice.id, NoticeKind.COMPLETE, now=NOW)
    approve(leo, signed.id, now=NOW, refuse=True, note="the number is wrong")
    with pytest.raises(RefusedError, match="refused with reasons and stays on record"):
        drop(ana, held.notice.id, now=NOW)
    with pytest.raises(RefusedError, match="refused with reasons and stays on record"):
        drop_version(ana, signed.id, now=NOW)
    other = begin(ana, incident, NewNotice("gdpr-register", recipient_name="Own record"), now=NOW)
    keep_unsaved(ana, other.notice.id, "what_happened", "half a sentence", now=NOW)
    frozen = freeze(ana, other.notice.id, NoticeKind.INITIAL, now=NOW)
    drop(ana, other.notice.id, now=NOW)
    assert ana.workspace.entries(incident.id)[-1].detail["versions"] == [frozen.content_hash]
    assert [each.notice.id for each in notices(ana, incident, now=NOW)] == [held.notice.id]
    assert ana.workspace.verify().problems == ()


def test_a_follow_up_quotes_the_first_reference_and_says_what_changed(ana: Desk, leo: Desk, tmp_path: Path) -> None:
    incident, held = a_notice(ana)
    first = freeze(ana, held.notice.id, NoticeKind.INITIAL, now=NOW)
    approve(leo, first.id, now=NOW)
    when = said(LATER.isoformat(), now=LATER, zone=ZONE)
    record_filing(ana, incident, Sent("portal", first.id, reference="AZ 0815"), when, now=LATER)
    say(ana, incident, "people", "DE 512", now=LATER)
    second = freeze(ana, held.notice.id, NoticeKind.COMPLETE, now=LATER)
    text = text_of(write_pdf(ana, second.id, tmp_path, now=LATER).path)
    assert "AZ 0815 vom 2. März 2026" in text
    assert "Geändert seit der letzten Mitteilung" in text
    assert "512" in text


def test_the_register_names_the_notice_and_a_duty_without_a_number_was_not_in_time(
    ana: Desk, leo: Desk, tmp_path: Path
) -> None:
    incident, _ = a_notice(ana)
    letter = begin(ana, incident, NewNotice("gdpr-individuals", recipient_name="Customers"), now=NOW)
    edit_field(ana, letter.notice.id, "advice", "Change your password.", now=NOW)
    version = freeze(ana, letter.notice.id, NoticeKind.COMPLETE, now=NOW)
    approve(leo, version.id, now=NOW)
    twelve = NOW + timedelta(days=12)
    record_filing(ana, incident, Sent("post", version.id), said(twelve.isoformat(), now=twelve, zone=ZONE), now=twelve)
    line = register(ana)[0].notified[0]
    assert line == "Letter to the people affected (Art. 34 GDPR) – to Customers, 2026-03-14 15:02 (Europe/Berlin), by post"
    met = next(each for each in margins(ana, incident, now=twelve) if each.obligation == "eu-gdpr/individuals")
    assert met.met == "told after 12 d 6 h; the law names no number"
    report = write_review(ana, incident, tmp_path, now=twelve, zone=ZONE)[1].read_text()
    for slug in ("eu-gdpr/", "at.occurred", "Sent to", "Step record-", "notice.version"):
        assert slug not in report
    assert "2026-03-02 09:00 Berlin" in report
    assert any("Sent" in each.text for each in timeline(ana, incident))


def test_how_a_duty_was_met_in_words() -> None:
    unfiled = FilingMargin("x/y", "t", NOW, None, None)
    assert unfiled.met == "NOT FILED"
    late = FilingMargin("x/y", "t", NOW, LATER, NOW - LATER, "the count took long")
    assert late.met == "LATE by 1 h 00 min: the count took long"


def test_two_notices_of_one_kind_are_two_files(ana: Desk, tmp_path: Path) -> None:
    incident, held = a_notice(ana)
    other = begin(ana, incident, NewNotice("gdpr-authority", recipient_name="Another authority"), now=LATER)
    names = set()
    for each in (held, other):
        version = freeze(ana, each.notice.id, NoticeKind.INITIAL, now=LATER)
        names.add(write_pdf(ana, version.id, tmp_path, now=LATER).path.name)
        assert not version_view(ana, version.id).is_approved
    assert len(names) == 2
