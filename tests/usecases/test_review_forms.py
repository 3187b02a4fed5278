"""The review on paper: three questions on page 1, one file each, valid by its schema, and nothing for whom it is not."""

import json
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from jsonschema import Draft202012Validator, FormatChecker
from pypdf import PdfReader

from incident.content.review_schema import review_schema
from incident.domain.finding import FindingKind
from incident.domain.incident import Incident
from incident.domain.moment import said
from incident.domain.profile import Profile
from incident.domain.responder import Role
from incident.domain.review import REVIEW_QUESTIONS, ActionKind
from incident.usecases.action_items import add_action_item
from incident.usecases.desk import Desk
from incident.usecases.filings import Sent, record_filing
from incident.usecases.findings import NewFinding, add_finding
from incident.usecases.review import answer_review
from incident.usecases.review_report import review_files
from incident.usecases.roles import assign
from incident.usecases.timeline import log, timeline
from tests.conftest import NOW, ZONE, an_incident, say

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def incident(ana: Desk) -> Incident:
    found = an_incident(ana, title="TITLE-KANARI")
    assign(ana, found, Role.LEGAL, "leo", now=NOW)
    say(ana, found, "at.contained", "2026-03-02 11:00")
    for key, _ in REVIEW_QUESTIONS:
        answer_review(ana, found, {key: f"ANSWER-{key} because Leo Stein saw 203.0.113.9 | a pipe <b>."}, now=NOW)
    log(ana, found, "KANARI-COUNSEL", now=NOW, privileged=True)
    sent = Sent("telephone", obligation="eu-gdpr/authority", recipient="BfDI")
    record_filing(ana, found, sent, said("2026-03-02 12:00", now=NOW, zone=ZONE), now=NOW)
    log(ana, found, "an hour", now=NOW + timedelta(hours=8))
    line = len(timeline(ana, found))
    for new in (
        NewFinding(FindingKind.FACTOR, "FACTOR-KANARI", cause="social"),
        NewFinding(FindingKind.DIFFERENCE, "SEEN-KANARI", expected="EXPECTED-KANARI"),
        NewFinding(FindingKind.SURPRISE, "SURPRISE-KANARI", line=line),
    ):
        add_finding(ana, found, new, now=NOW)
    add_action_item(ana, found, "ITEM-KANARI", owner="leo", due_on=date(2026, 4, 1), kind=ActionKind.DETECT, now=NOW)
    return found


def test_every_form_tells_the_same_and_page_one_answers_the_three_questions(ana: Desk, incident: Incident) -> None:
    files = review_files(ana, incident, now=NOW, zone=ZONE, profile=Profile.REGULATOR)
    kinds = [name.partition("_review")[2] for name in files]
    assert kinds == [".pdf", ".md", ".json", ".html", ".docx", "_one-page.pdf", "_slide.txt"]
    found = {kind: content for kind, content in zip(kinds, files.values(), strict=True)}
    pdf = PdfReader(BytesIO(found[".pdf"]))
    first = pdf.pages[0].extract_text()
    for key, question in REVIEW_QUESTIONS[:3]:
        assert question in first
        assert f"ANSWER-{key}" in first
    document = Document(BytesIO(found[".docx"]))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    word = "\n".join([each.text for each in document.paragraphs] + cells)
    texts = {
        ".pdf": "\n".join(page.extract_text() for page in pdf.pages),
        ".docx": word,
        **{kind: found[kind].decode() for kind in (".md", ".json", ".html")},
    }
    for kind, text in texts.items():
        for word in ("FACTOR-KANARI", "EXPECTED-KANARI", "SEEN-KANARI", "SURPRISE-KANARI", "ITEM-KANARI", "ANSWER-lucky"):
            assert word in text, (kind, word)
        assert "KANARI-COUNSEL" not in text, kind
    assert "asset:" not in texts[".html"]
    assert "<b>." not in texts[".html"]
    assert "Nothing was written down for" in texts[".md"]
    assert len(PdfReader(BytesIO(found["_one-page.pdf"])).pages) == 1
    assert len(found["_slide.txt"].decode().splitlines()) <= 15


@pytest.mark.parametrize("profile", list(Profile))
def test_the_data_hold_by_the_published_schema_for_every_reader(ana: Desk, incident: Incident, profile: Profile) -> None:
    from incident.usecases.review_paper import review_paper
    from incident.usecases.review_report import review_json
    from incident.usecases.review_sections import one_page, review_report, slide_text

    schema = review_schema()
    assert json.loads((ROOT / "docs" / "review.schema.json").read_text()) == schema
    Draft202012Validator.check_schema(schema)
    paper = review_paper(ana, incident, profile, now=NOW, zone=ZONE)
    data = review_json(paper).decode()
    Draft202012Validator(schema, format_checker=FormatChecker()).validate(json.loads(data))
    text = data + repr(review_report(paper, "foot")) + repr(one_page(paper, "foot")) + slide_text(paper)
    public, ours = profile is Profile.PUBLIC, profile in (Profile.PRIVILEGED, Profile.REGULATOR)
    assert ("KANARI-COUNSEL" in text) == (profile is Profile.PRIVILEGED)
    assert ("Leo Stein" in text) == ours
    assert ("203.0.113.9" in text) == ours
    assert ("FACTOR-KANARI" in text) == ours
    assert ("ANSWER-lucky" in text) == ours
    assert ("ANSWER-how_detected" in text) == (not public)
    assert ("ITEM-KANARI" in text) == (not public)
    assert ("TITLE-KANARI" in text) == (not public)
