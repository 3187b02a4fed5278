"""Sheets for authorities in the life of an incident: one authority at a time, answers carried on, JSON from a version."""

import json
from pathlib import Path

import jsonschema
import pytest

from incident.domain.access import AccessAct
from incident.domain.moment import said
from incident.domain.notice import NoticeKind
from incident.errors import RefusedError
from incident.interchange.edpb_json import edpb_schema
from incident.usecases.access import access_review
from incident.usecases.catalogue import catalogue
from incident.usecases.desk import Desk
from incident.usecases.filings import Sent, record_filing
from incident.usecases.notice_json import notice_json
from incident.usecases.notices import NewNotice, begin, draft, edit_field
from incident.usecases.versions import approve, freeze
from tests.cli.test_commands import run as run
from tests.conftest import NOW, ZONE, an_incident, say
from tests.usecases.test_incident_life import ACCOUNT
from tests.usecases.test_notice_life import LATER, a_notice

SCHEMA = jsonschema.Draft202012Validator(edpb_schema(catalogue().template("gdpr-authority")))
ANSWERS: dict[str, object] = {
    "reporter": "Ana Ruiz (invented)",
    "reporter_function": "a",
    "parties": "b",
    "when": "c",
    "began": "2026-03-01",
    "found_by": "a",
    "how_discovered": "an alarm",
    "breach_kinds": ["a"],
    "confidentiality_type": "b",
    "encrypted": "c",
    "incident_kind": "d",
    "origin": "d",
    "people_kinds": ["a"],
    "data_description": "names and e-mail addresses",
    "before_kinds": ["c"],
    "measures_before": "encryption at rest",
    "impacts": ["e"],
    "severity": "b",
    "prevention_kinds": ["j"],
    "measures_planned": "a second factor",
    "told_people": "b1",
    "cross_border": "b",
}


def test_a_sheet_for_many_authorities_tells_one_at_a_time(ana: Desk) -> None:
    incident = an_incident(ana)
    say(ana, incident, "people", "US-VT 900, US-OR 900, US-IN 900")
    say(ana, incident, "data.elements", "name, ssn")
    say(ana, incident, "data.encrypted", "no")
    say(ana, incident, "breach.acquired", "yes")
    say(ana, incident, "at.discovered", "2026-03-02 09:00")
    with pytest.raises(RefusedError, match="one authority at a time") as refused:
        begin(ana, incident, NewNotice("us-attorney-general"), now=NOW)
    assert "us-or/attorney-general" in refused.value.hint
    named = NewNotice("us-attorney-general", obligations=("us-or/attorney-general",))
    elements = {each.element.id for each in begin(ana, incident, named, now=NOW).completeness.elements}
    assert elements == {"description", "number", "types", "copy"}, "what Oregon asks, and no other State"


def test_a_national_sheet_takes_on_its_own_authority(ana: Desk) -> None:
    incident, _ = a_notice(ana)
    german = begin(ana, incident, NewNotice("gdpr-de-lfdi-bw"), now=NOW)
    assert german.notice.obligations == ("eu-gdpr/authority@DE",)
    assert begin(ana, incident, NewNotice("gdpr-fr-cnil"), now=NOW).notice.obligations == ()


def test_a_later_report_takes_on_what_the_first_one_said_and_who_wrote_it(ana: Desk, leo: Desk) -> None:
    incident = an_incident(ana)
    first = begin(ana, incident, NewNotice("eu-dora-initial"), now=NOW)
    edit_field(leo, first.notice.id, "criteria", ["clients", "data"], now=NOW)
    edit_field(leo, first.notice.id, "entity_lei", "529900EXAMPLE0000000", now=NOW)
    second = begin(ana, incident, NewNotice("eu-dora-intermediate"), now=LATER)
    assert second.notice.fields["criteria"].value == ["clients", "data"]
    assert second.notice.fields["entity_lei"].value == "529900EXAMPLE0000000"
    assert second.edited_by == {leo.me.id}, "who wrote the words does not approve them in the next report either"
    assert begin(ana, incident, NewNotice("uk-ico"), now=LATER).edited_by == frozenset()


def test_facts_fill_the_boxes_and_a_later_fact_moves_them(ana: Desk) -> None:
    incident, held = a_notice(ana)
    assert held.notice.fields["elements"].value == ["a", "b"]
    assert held.notice.fields["people_certainty"].value == "a"
    assert held.notice.fields["risk"].value == "a"
    say(ana, incident, "people", "DE ~500", now=LATER)
    assert draft(ana, held.notice.id, now=LATER).notice.fields["people_certainty"].value == "b"


def test_a_form_names_what_it_wants_beyond_the_law_and_may_be_complete_without(ana: Desk) -> None:
    _, held = a_notice(ana)
    assert held.completeness.may_be_complete
    assert "Kind of incident" in held.completeness.wanted
    assert freeze(ana, held.notice.id, NoticeKind.COMPLETE, now=NOW)


def test_the_json_of_a_draft_an_initial_and_a_complete_version(ana: Desk, leo: Desk) -> None:
    incident, held = a_notice(ana)
    drafted = notice_json(ana, held, None, now=NOW)
    assert drafted.version is None
    assert (drafted.document["field_3"], drafted.document["field_4"]) == ("a", "b")
    SCHEMA.validate(json.loads(json.dumps(drafted.document)))
    first = freeze(ana, held.notice.id, NoticeKind.INITIAL, now=NOW)
    approve(leo, first.id, now=NOW)
    when = said(LATER.isoformat(), now=LATER, zone=ZONE)
    record_filing(ana, incident, Sent("portal", first.id, reference="AZ 0815"), when, now=LATER)
    bare = freeze(ana, held.notice.id, NoticeKind.COMPLETE, now=LATER)
    with pytest.raises(RefusedError, match="60 Kind of incident|more rows in a complete notice"):
        notice_json(ana, held, bare, now=LATER)
    for key, value in ANSWERS.items():
        edit_field(ana, held.notice.id, key, value, now=LATER)
    whole = freeze(ana, held.notice.id, NoticeKind.COMPLETE, now=LATER)
    written = notice_json(ana, draft(ana, held.notice.id, now=LATER), whole, now=LATER)
    document = json.loads(json.dumps(written.document))
    SCHEMA.validate(document)
    assert written.open_rows == ()
    assert (document["field_3"], document["field_4"], document["field_6"]) == ("b", "a", "AZ 0815")
    assert document["field_48"] == "2026-03-02T09:00:00+01:00"
    assert document["field_68"] == 400


def test_json_is_an_export_that_the_access_log_names(ana: Desk) -> None:
    _, held = a_notice(ana)
    notice_json(ana, held, None, now=NOW)
    lines = access_review(ana, since=NOW.replace(hour=0), until=LATER).lines
    assert any(each.act is AccessAct.EXPORTED and each.what == "a notice as JSON" for each in lines)


def test_only_a_template_with_a_machine_readable_form_gives_json(ana: Desk) -> None:
    incident = an_incident(ana)
    with pytest.raises(RefusedError, match="no machine-readable form"):
        notice_json(ana, begin(ana, incident, NewNotice("uk-ico"), now=NOW), None, now=NOW)


def test_the_commands(ana: Desk, tmp_path: Path, run) -> None:  # type: ignore[no-untyped-def]  # noqa: F811
    incident = an_incident(ana)
    for key, text in ACCOUNT.items():
        say(ana, incident, key, text)
    begin(ana, incident, NewNotice("gdpr-authority", recipient_name="Authority"), now=NOW)
    assert run("notice", "edit", "1", "breach_kinds", "a, c")[0] == 0
    assert run("notice", "edit", "1", "estimated", "yes")[0] == 0
    assert run("notice", "edit", "1", "told_people", "b")[0] == 0
    assert run("notice", "edit", "1", "told_later", "2026-03-09")[0] == 0
    status, out, err = run("notice", "json", "1")
    document = json.loads(out)
    assert (status, document["field_55"], document["field_45"], document["field_99"]) == (0, ["a", "c"], True, "2026-03-09")
    assert "DRAFT" in err
    assert "Still open: " in err
    file = tmp_path / "out" / "notice.json"
    assert run("notice", "json", "1", "--to", str(file))[0] == 0
    assert json.loads(file.read_text()) == document
    assert file.stat().st_mode & 0o077 == 0
    assert run("notice", "json", "9")[0] == 1
    assert run("notice", "json", "1", "--version", "3")[0] == 1
    assert run("notice", "json")[0] == 2
    assert json.loads(run("notice", "json", "--schema")[1])["properties"]["field_48"]
    assert "us-ny-attorney-general" in run("notice", "templates", "--duty", "us-ny/attorney-general")[1]
    status, out, _ = run("notice", "show", "1")
    assert "more fields are asked only after other answers" in out
    assert "marks as mandatory" in out
