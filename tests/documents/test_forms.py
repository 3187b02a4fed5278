"""Forms for regulators: they ask what the answers call for, count as the portal counts, and are valid as JSON."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from markupsafe import escape

from incident.content.templates import read_templates
from incident.documents.render import Earlier, render_html
from incident.domain.completeness import completeness
from incident.domain.form import asked_fields, length_of, said_by_kind, taken
from incident.domain.form_condition import read_condition
from incident.domain.form_sources import derived_sources
from incident.domain.notice import FieldType, FieldValue, LengthUnit, NoticeField, NoticeForm, NoticeKind, NoticeTemplate
from incident.domain.notice import RequiredElement as Required
from incident.errors import ContentError
from incident.interchange.edpb_json import edpb_document, edpb_schema, lacking_rows
from incident.usecases.catalogue import catalogue
from tests.documents.test_documents import MADE_AT, frame, values

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "edpb" / "breach-notification.schema.json"
SHEETS = [slug for slug, each in catalogue().templates.items() if each.form is not NoticeForm.LETTER]


def edpb() -> NoticeTemplate:
    return catalogue().templates["gdpr-authority"]


def asked(answers: Mapping[str, object], kind: NoticeKind = NoticeKind.COMPLETE, **facts: object) -> frozenset[str]:
    return asked_fields(edpb().fields, answers, {key.replace("__", "."): value for key, value in facts.items()}, kind)


@pytest.mark.parametrize(
    ("sentence", "answers", "holds"),
    [
        ("told is a", {"told": "a"}, True),
        ("told is a|b", {"told": "c"}, False),
        ("told is not a", {"told": "c"}, True),
        ("told is a", {}, None),
        ("not told is a", {}, None),
        ("kinds has c or told is a", {"kinds": ["a", "c"]}, True),
        ("kinds has c and told is a", {"kinds": ["a"]}, False),
        ("told known", {"told": "  "}, False),
        ("told unknown and (kinds has a or kinds has b)", {"kinds": ["b"]}, True),
        ("flag", {"flag": True}, True),
        ("organisation.established_in has EEA", {"organisation.established_in": ["US", "FR"]}, True),
    ],
)
def test_a_condition_is_decided_by_answers_and_open_without_them(
    sentence: str, answers: dict[str, object], holds: bool | None
) -> None:
    assert read_condition(sentence).holds(answers) is holds


@pytest.mark.parametrize("broken", ["", "told is", "told is and", "is a", "(told is a", "told is a b", "not " * 30 + "told"])
def test_a_condition_that_cannot_be_read_says_so(broken: str) -> None:
    with pytest.raises(ContentError):
        read_condition(broken)


def test_the_common_template_has_its_hundred_rows_in_order() -> None:
    rows = [int(each.row) for each in edpb().fields if each.row]
    assert len(set(rows)) == 100
    assert rows == sorted(rows)
    assert (rows[0], rows[-1]) == (3, 126)


def test_a_form_asks_only_what_the_answers_call_for() -> None:
    nothing = asked({})
    assert {"told_people", "dpo_name", "aware"} <= nothing
    assert not {"told_on", "told_later", "exception", "told_all", "integrity_type", "party_contact"} & nothing
    yes = asked({"told_people": "a", "told_all": "b"})
    assert {"told_on", "told_all", "told_not_all", "told_means"} <= yes
    assert not {"told_later", "exception"} & yes
    assert {"exception", "exception_reason"} <= asked({"told_people": "e"})
    assert "told_not_all" not in asked({"told_people": "c", "told_all": "b"}), "an answer nobody is asked for counts for none"


def test_an_unknown_fact_hides_nothing_and_a_known_one_decides() -> None:
    assert {"cross_border", "gdpr_applies", "representative"} <= asked({})
    inside = asked({}, organisation__established_in=["DE"])
    assert "cross_border" in inside
    assert not {"gdpr_applies", "representative"} & inside
    outside = asked({"gdpr_applies": "a"}, organisation__established_in=["US"])
    assert {"gdpr_applies", "outside_countries"} <= outside
    assert "cross_border" not in outside


def test_withdrawing_asks_the_reason_and_only_then() -> None:
    assert "withdrawal_reason" in asked({}, NoticeKind.WITHDRAWAL)
    for kind in (NoticeKind.INITIAL, NoticeKind.SUPPLEMENTARY, NoticeKind.COMPLETE):
        assert "withdrawal_reason" not in asked({}, kind)


@pytest.mark.parametrize(
    ("kind", "follows", "rows"),
    [
        (NoticeKind.INITIAL, False, ("a", "b")),
        (NoticeKind.COMPLETE, False, ("a", "a")),
        (NoticeKind.SUPPLEMENTARY, True, ("b", "b")),
        (NoticeKind.COMPLETE, True, ("b", "a")),
        (NoticeKind.WITHDRAWAL, True, ("b", "c")),
    ],
)
def test_new_or_follow_up_and_complete_or_not_follow_from_the_version(
    kind: NoticeKind, follows: bool, rows: tuple[str, str]
) -> None:
    said = said_by_kind(edpb(), kind, follows=follows, reference="AZ 1" if follows else "")
    assert (said["report"], said["completeness"]) == rows
    assert said["earlier_id"] == ("AZ 1" if follows else None)


def test_a_follow_up_carries_the_earlier_reference_on_the_page() -> None:
    html = render_html(edpb(), values(edpb()) | {"earlier_id": None, "report": None}, frame(earlier=Earlier("AZ 7", MADE_AT)))
    assert "Follow-up notification" in html
    assert html.count("AZ 7") == 2


def test_facts_tick_the_form_s_own_boxes() -> None:
    field = edpb().field_named("elements")
    assert field is not None
    assert taken(field, ["name", "dob", "medical", "mother_maiden_name"]) == ["a", "k", "u"]
    encrypted = edpb().field_named("encrypted")
    assert encrypted is not None
    for facts, token in (((False, None), "c"), ((True, False), "a"), ((True, True), "b"), ((True, None), None)):
        found = derived_sources({"data.encrypted": facts[0], "data.key_compromised": facts[1]})
        assert taken(encrypted, found["data.protection"]) == token


def test_people_say_how_sure_their_number_is_and_where_they_live() -> None:
    sure = derived_sources({"people": [{"in": "DE-BY", "count": 3}, {"in": "FR", "count": 4}, {"in": "US-CA", "count": 1}]})
    assert (sure["people.total"], sure["people.certainty"], sure["people.eea_countries"]) == (8, "exact", "DE, FR")
    assert sure["people.cross_border"] is True
    open_ended = derived_sources({"people": [{"in": "DE", "count": None}, {"in": "FR", "count": 4}]})
    assert open_ended["people.total"] is None
    assert derived_sources({})["people.cross_border"] is None


@pytest.mark.parametrize(
    ("unit", "length"),
    [(LengthUnit.CHARACTERS, 5), (LengthUnit.BYTES, 10), (LengthUnit.UTF16, 6), (LengthUnit.WORDS, 2)],
)
def test_a_limit_counts_as_the_portal_counts(unit: LengthUnit, length: int) -> None:
    assert length_of("né é😀", unit) == length


def test_what_is_to_be_determined_is_not_complete_and_may_follow() -> None:
    element = Required("categories_records", "the categories", "Art. 33(3)(a)", may_follow=True)
    told = completeness(edpb(), {"elements": FieldValue(["t"])}, [element])
    assert not told.may_be_complete
    assert told.elements[0].state.value == "may_follow"
    assert completeness(edpb(), {"elements": FieldValue(["t", "a"])}, [element]).elements[0].state.value == "have"


def test_an_overlong_answer_is_marked_on_the_sheet_and_stops_the_notice() -> None:
    hhs = catalogue().templates["hhs-portal"]
    long = values(hhs) | {"description": "x" * 4001}
    assert "4001 of 4000 characters: too long" in render_html(hhs, long, frame())
    check = completeness(hhs, {key: FieldValue(each) for key, each in long.items()}, ())
    assert check.too_long == ("Brief description *",)
    assert not check.may_be_initial


def test_a_sheet_shows_every_option_and_a_form_the_chosen_ones() -> None:
    ico = render_html(catalogue().templates["uk-ico"], {"cyber": "yes", "recovery": "extended"}, frame())
    assert ico.count('class="box">×') == 3, "report type, cyber, recovery"
    assert "Supplemented" in ico
    form = render_html(edpb(), {"incident_kind": "b"}, frame())
    assert "Encrypted device or ransomware" in form
    assert "Hacking or malware" not in form


def test_a_portal_s_own_words_stand_in_its_language() -> None:
    html = render_html(catalogue().templates["gdpr-fr-cnil"], {}, frame())
    assert '<span class="portal" lang="fr">Date de prise de connaissance</span>' in html
    assert "négligeable" in html.lower()


@pytest.mark.parametrize("slug", SHEETS)
def test_every_sheet_full_and_minimal_says_all_it_asks(slug: str) -> None:
    template = catalogue().templates[slug]
    for answers, kind in (({}, NoticeKind.INITIAL), (values(template), NoticeKind.COMPLETE)):
        html = render_html(template, answers, frame(kind=kind))
        said = said_by_kind(template, kind, follows=False, reference="") | answers
        shown = asked_fields(template.fields, said, {}, kind)
        for field in template.fields:
            if field.key in shown and not field.optional:
                assert escape(field.label) in html, (field.key, kind)


def full() -> dict[str, Any]:
    answers: dict[str, Any] = values(edpb())
    answers |= {"when": "b", "began": "2026-02-27", "ended": "2026-03-01T17:30:00+00:00", "told_people": "a", "told_all": "b"}
    answers |= {
        "breach_kinds": ["a", "b", "c"],
        "other_party": "One Ltd (invented)\nTwo Ltd (invented)",
        "attachments": ["a", "j"],
    }
    return answers | {"authorities_told": "CNIL\nAEPD", "report": "a", "completeness": "a", "gdpr_applies": None}


def documents() -> list[tuple[dict[str, Any], NoticeKind]]:
    minimal = {"controller": "N (invented)", "address": "Berlin", "aware": "2026-03-02T08:00:00+00:00"}
    minimal |= {"report": "a", "completeness": "b"}
    withdrawn = minimal | {"report": "b", "completeness": "c", "withdrawal_reason": "a drill", "earlier_id": "AZ 1"}
    outside = full() | {"gdpr_applies": "a"}
    return [
        (full(), NoticeKind.COMPLETE),
        (minimal, NoticeKind.INITIAL),
        (withdrawn, NoticeKind.WITHDRAWAL),
        (outside, NoticeKind.COMPLETE),
    ]


def written(answers: Mapping[str, object], kind: NoticeKind, **facts: object) -> dict[str, Any]:
    known = {"organisation.established_in": ["US"] if answers.get("gdpr_applies") else ["DE"], **facts}
    return edpb_document(edpb(), answers, asked_fields(edpb().fields, answers, known, kind), "Europe/Berlin")


@pytest.mark.parametrize("number", range(4))
def test_the_json_is_valid_on_our_own_description(number: int) -> None:
    answers, kind = documents()[number]
    schema = edpb_schema(edpb())
    jsonschema.Draft202012Validator.check_schema(schema)
    document = json.loads(json.dumps(written(answers, kind)))
    jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker()).validate(document)


def test_the_json_says_the_same_as_the_form() -> None:
    document = written(*documents()[0])
    assert document["field_46"] == "2026-02-27"
    assert document["field_47"] == "2026-03-01T18:30:00+01:00"
    assert document["field_98"] == "2026-03-01"
    assert document["field_40"] == ["One Ltd (invented)", "Two Ltd (invented)"]
    assert document["field_68"] == 490
    assert document["field_117"] == [{"country": "DE", "number": 400}, {"country": "US-CA", "number": 90}]
    assert document["field_62"].startswith("PROSE-what_happened")
    assert "PROSE-cause" in document["field_62"]
    assert not {"field_99", "field_100", "field_120"} & set(document)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"field_60": "z"}, "an option that there is not"),
        ({"field_99": "2026-03-09"}, "a row that is not visible"),
        ({"field_55": "a"}, "one answer where several are allowed"),
        ({"field_48": "2026-03-02"}, "awareness without a time of day"),
        ({"own": 1}, "a key of our own"),
    ],
)
def test_our_description_refuses(change: dict[str, object], what: str) -> None:
    document = written(*documents()[0]) | change
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(edpb_schema(edpb())).validate(document)


def test_a_complete_document_lacks_no_row_that_the_template_wants() -> None:
    answers, kind = documents()[0]
    known = {"organisation.established_in": ["DE"]}
    assert lacking_rows(edpb(), answers, asked_fields(edpb().fields, answers, known, kind)) == ()
    fewer = answers | {"incident_kind": "x", "cause": ""}
    lacking = lacking_rows(edpb(), fewer, asked_fields(edpb().fields, fewer, known, kind))
    assert lacking == ("60 Kind of incident",)


def mended(schema: dict[str, Any]) -> dict[str, Any]:
    """The published description with the faults mended that are known: what several answers may be given to, what is
    visible only under a condition, options that were run together, prose with the format of a date."""
    found = schema["properties"]
    for row in (55, 65, 70, 75, 79, 81, 83, 85, 94, 104, 125):
        kept = found[f"field_{row}"]
        found[f"field_{row}"] = {"type": "array", "items": {"type": "string", "enum": kept["enum"]}, "uniqueItems": True}
    for row in (40, 118, 123):
        found[f"field_{row}"] = {"type": "array", "items": {"type": "string"}}
    for row in (117, 122):
        found[f"field_{row}"] = {"type": "array", "items": {"type": "object"}}
    found["field_95"].pop("format")
    found["field_89"]["enum"] = ["a", "b", "c", "d"]
    found["field_97"]["enum"] = ["a", "b", "b1", "c", "d", "e"]
    conditional = {4, 29, 30, 31, 39, 40, 41, 73, 113, 120}
    return schema | {"required": [each for each in schema["required"] if int(each[6:]) not in conditional]}


@pytest.mark.skipif(not SHARED.is_file(), reason="the published description is not beside this checkout")
@pytest.mark.parametrize("number", [0, 3])
def test_a_complete_json_is_valid_on_the_published_description_with_its_faults_mended(number: int) -> None:
    schema = mended(json.loads(SHARED.read_text(encoding="utf-8")))
    jsonschema.Draft202012Validator(schema).validate(json.loads(json.dumps(written(*documents()[number]))))


@pytest.mark.skipif(not SHARED.is_file(), reason="the published description is not beside this checkout")
def test_our_rows_and_options_are_those_of_the_published_description() -> None:
    published = mended(json.loads(SHARED.read_text(encoding="utf-8")))["properties"]
    by_row: dict[str, list[NoticeField]] = {}
    for field in edpb().fields:
        if field.row:
            by_row.setdefault(field.row, []).append(field)
    assert {f"field_{row}" for row in by_row} == set(published)
    for row, fields in by_row.items():
        theirs = published[f"field_{row}"]
        enum = theirs.get("items", theirs).get("enum") if row not in ("118", "123") else None
        if enum:
            assert [token for token, _ in fields[0].choices] == enum, row
            assert (fields[0].type is FieldType.CHOICES) is (theirs.get("type") == "array"), row


def broken(tmp_path: Path, change: tuple[str, str]) -> str:
    """What the reader says of the Texan sheet with one thing changed."""
    import shutil

    source = Path(catalogue().templates["us-tx-attorney-general"].folder)
    shutil.copytree(source, tmp_path / "t" / source.name)
    file = tmp_path / "t" / source.name / "notice.toml"
    text = file.read_text(encoding="utf-8")
    assert change[0] in text
    file.write_text(text.replace(change[0], change[1], 1), encoding="utf-8")
    found, problems = read_templates((tmp_path / "t",))
    assert found == ()
    return str(problems[0])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('visible_if = "police is yes"', 'visible_if = "polce is yes"'), "there is no field or fact «polce»"),
        (('visible_if = "police is yes"', 'visible_if = "police is maybe"'), "«maybe» is not one of the choices of «police»"),
        (('visible_if = "police is yes"', 'visible_if = "police is"'), "a value is missing"),
        (('visible_if = "police is yes"', 'visible_if = "weather.sun known"'), "there is no field or fact «weather.sun»"),
        (('new = "no"', 'new = "nope"'), "«nope» is not one of its choices"),
        (('section = "people"', 'section = "people"\ncounts = "feet"'), "feet"),
        (('visible_if = "report is yes"', 'applies = ["sometimes"]'), "«sometimes» is not a kind of notice"),
    ],
)
def test_a_broken_form_says_the_file_the_field_and_the_mend(tmp_path: Path, change: tuple[str, str], said: str) -> None:
    problem = broken(tmp_path, change)
    assert "us-tx-attorney-general/notice.toml" in problem
    assert said in problem
