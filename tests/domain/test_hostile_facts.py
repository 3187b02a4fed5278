"""Facts as hostile or mistyped as they come: a sentence that names the key, never another duty and never a traceback."""

from datetime import UTC, datetime
from typing import Any

import jsonschema
import pytest

from incident.content.schemas import facts_schema
from incident.domain.facts_document import when
from incident.domain.risk import enisa
from incident.errors import ContentError, shown
from incident.usecases.assess import Law
from tests.domain.test_assessment import found
from tests.domain.test_holds_and_readings import HIPAA, facts


@pytest.mark.parametrize(
    ("document", "named"),
    [
        ({"partial": [[]]}, "partial: a list"),
        ({"partial": [{}]}, "partial: a table"),
        ({"holds": [{"kind": "law_enforcement", "scope": True}]}, "holds[0].scope"),
        ({"holds": [{"kind": "law_enforcement", "scope": 10**30}]}, "holds[0].scope"),
        ({"holds": [{"kind": "law_enforcement", "scope": [1.5]}]}, "holds[0].scope"),
        ({"holds": [{"kind": "law_enforcement", "scope": "us-caa/individuals"}]}, "'us-caa/individuals'"),
        ({"holds": [{"kind": "law_enforcement", "scope": "US-CA"}]}, "'US-CA'"),
        ({"holds": [{"kind": "law_enforcement", "scope": ["us-ny", "individuals"]}]}, "'individuals'"),
        ({"holds": [{"kind": "law_enforcement", "stated": "2026-03-04", "until": "2026-03-03"}]}, "after it had ended"),
        ({"filed": [{"obligation": "eu-gdpr/authority", "at": "2026-03-02T09:00:00Z", "to": []}]}, "filed[0].to"),
        ({"filed": [{"obligation": "eu-gdpr/authority", "at": "2026-03-02T09:00:00Z", "to": float("nan")}]}, "filed[0].to"),
        ({"filed": [{"obligation": 5, "at": "2026-03-02T09:00:00Z"}]}, "filed[0].obligation: 5"),
        ({"people": [{"in": "DE", "count": True}]}, "true is not a whole number"),
        ({"people": [{"in": "DE", "count": float("inf")}]}, "a number without end"),
        ({"at": {"aware": datetime(2026, 3, 2, 10, tzinfo=UTC).time()}}, "10:00:00 is neither"),
        ({"organisation": {"lead_authority": "\x1b[2J"}}, r"'\x1b[2J'"),
        ({"a\u202eb\n": 1}, r"«a\u202eb\n»"),
        ({"x" * 100_000: 1}, "…»"),
        ({"data": {"x" * 100_000: 1}}, "…»"),
        ({"data": {"elements": ["x" * 100_000]}}, "…'"),
        ({"organisation": {"timezone": "x" * 100_000}}, "…'"),
        ({"at": {"aware": "x" * 100_000}}, "…'"),
        ({"at.aware": "2026-03-01", "at": {"aware": "2026-03-02"}}, "at.aware: it is there twice"),
    ],
)
def test_a_mistyped_fact_gets_a_short_plain_sentence(law: Law, document: dict[str, Any], named: str) -> None:
    with pytest.raises(ContentError) as refused:
        law.facts(document, source="facts.json")
    assert named in refused.value.message
    assert refused.value.message.isprintable()
    assert len(str(refused.value)) < 600


@pytest.mark.parametrize(
    "scope", ["us-hipaa", "us-hipaa/individuals", "us-hipaa/media@US-CA", ["us-ny", "eu-gdpr/authority@DE"]]
)
def test_a_scope_names_regimes_and_obligations_with_or_without_a_place(law: Law, scope: object) -> None:
    assert law.facts({"holds": [{"kind": "law_enforcement", "scope": scope}]}, source="test").known("holds")


def due(holds: list[dict[str, Any]], name: str = "us-hipaa/individuals", **groups: Any) -> str:
    document = facts(**{**HIPAA, "at": {"discovered": "2026-03-01"}, "holds": holds, **groups})
    return f"{found(document)[name].due_at:%Y-%m-%d}"


WRITTEN = {"kind": "law_enforcement", "form": "written", "stated": "2026-03-05", "until": "2026-05-20"}


def test_a_hold_that_names_one_law_holds_no_other() -> None:
    assert due([{**WRITTEN, "scope": ["us-ny"]}]) == due([])
    assert due([{**WRITTEN, "scope": ["us-hipaa"]}]) == due([WRITTEN]) == "2026-05-21"
    assert due([{**WRITTEN, "scope": ["us-hipaa/individuals"]}]) == "2026-05-21"
    assert due([{**WRITTEN, "scope": ["us-hipaa/media"]}]) == due([])


def test_a_hold_for_one_place_holds_only_there() -> None:
    people = [{"in": place, "count": 900} for place in ("US-CA", "US-NY")]
    held = [{**WRITTEN, "scope": ["us-hipaa/media@US-CA"]}]
    assert due(held, "us-hipaa/media@US-CA", people=people) == "2026-05-21"
    assert due(held, "us-hipaa/media@US-NY", people=people) == due([], "us-hipaa/media@US-NY", people=people)


def test_a_hold_of_unknown_form_gets_the_earlier_date_and_shows_the_other() -> None:
    unknown = {key: value for key, value in WRITTEN.items() if key != "form"}
    assert due([unknown]) == due([{**unknown, "form": "oral"}]) == "2026-05-01"
    each = found(facts(**HIPAA, at={"discovered": "2026-03-01"}, holds=[unknown]))["us-hipaa/individuals"]
    readings = {reading.name: f"{reading.due_at:%Y-%m-%d}" for reading in each.readings}
    assert readings["hold-in-writing"] == "2026-05-21"
    assert each.earliest_at == each.due_at


def test_a_hold_of_unknown_form_does_not_hold_where_only_writing_counts() -> None:
    florida = {
        "organisation": {**HIPAA["organisation"], "roles": ["controller"], "established_in": ["US-FL"]},
        "people": [{"in": "US-FL", "count": 900}],
        "at": {"determined": "2026-03-02T10:00:00-05:00"},
    }
    unknown = {"kind": "law_enforcement", "stated": "2026-03-10", "until": "2026-06-30"}
    assert due([unknown], "us-fl/individuals", **florida) == due([], "us-fl/individuals", **florida)
    each = found(facts(**florida, holds=[unknown]))["us-fl/individuals"]
    assert "hold-in-writing" in {reading.name for reading in each.readings}


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-02T09:00:00Z",
        "2026-03-02t09:00:00z",
        "2026-03-02 09:00Z",
        "2026-03-02T10:00:00,000+01:00",
        "2026-03-02T10:00+01",
    ],
)
def test_an_instant_may_be_written_as_the_standards_have_it(text: str) -> None:
    assert when("at.aware", text) == datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("20260301", "neither an instant nor a day"),
        ("2026-W10-1", "neither an instant nor a day"),
        ("2026-03-01T24:00:00Z", "24:00 is 00:00 of the next day"),
        ("2026-02-30", "does not exist"),
        ("2026-03-01T10:61:00Z", "does not exist"),
        ("2026-03-01T10:00:00+99:00", "does not exist"),
        ("2026-03-01T10:00:00", "has no time zone"),
    ],
)
def test_what_is_no_instant_is_told_apart_from_one_without_a_zone(text: str, said: str) -> None:
    with pytest.raises(ContentError, match=said):
        when("at.aware", text)
    with pytest.raises(ContentError, match=r"no time zone|neither|next day|exist"):
        when("at.aware", text)


@pytest.mark.parametrize(
    "inputs",
    [
        {"context": "²", "identification": "1"},
        {"context": "2", "identification": "1e-999999999"},
        {"context": "2", "identification": "1e999999999"},
        {"context": "2", "identification": "1/0"},
        {"context": "2" * 5000, "identification": "1"},
    ],
)
def test_a_number_that_is_on_no_scale_gets_a_sentence(inputs: dict[str, object]) -> None:
    with pytest.raises(ContentError, match=r"context|identification"):
        enisa(inputs)
    assert enisa({"context": "2", "identification": "0.25"}).severity == enisa({"context": 2, "identification": "1/4"}).severity


def test_nothing_from_outside_moves_the_cursor_or_turns_the_text() -> None:
    assert shown("\x1b[2J\u202eevil\n") == r"\x1b[2J\u202eevil\n"
    assert shown("Klinik Süd — 東京 — می\u200cخواهم") == "Klinik Süd — 東京 — می\u200cخواهم"
    assert shown("x" * 100, longest=10) == "xxxxxxxxx…"


@pytest.mark.parametrize(
    "document",
    [
        {"at": {"aware": "2026-03-02T09:00:00"}},
        {"at": {"aware": "20260302"}},
        {"people": [{"in": "Atlantis"}]},
        {"organisation": {"timezone": "Mars/Olympus"}},
        {"partial": ["data.encrypted"]},
        {"holds": [{"kind": "priest"}]},
        {"holds": [{"kind": "law_enforcement", "scope": "us-caa"}]},
        {"knowledge": [{"by": "boss", "at": "2026-03-02"}]},
        {"filed": [{"obligation": "eu-gdpr/authorty", "at": "2026-03-02T09:00:00Z"}]},
    ],
)
def test_the_schema_marks_what_the_program_refuses(law: Law, document: dict[str, Any]) -> None:
    validator = jsonschema.Draft202012Validator(facts_schema(law.vocabulary, law.known_obligations))
    assert not validator.is_valid(document)
    with pytest.raises(ContentError):
        law.facts(document, source="test")
