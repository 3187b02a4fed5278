"""Reasons that are true to read: what stands under a `not`, which tests are alternatives, what settled it."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incident.domain.assessment_document import to_document
from incident.domain.condition import Outcome, as_sentence, evaluate
from incident.domain.condition_text import parse_condition
from incident.domain.duty_clock import Clock, filing_words, first_filing, span
from incident.domain.facts import Facts
from incident.domain.reasoning import ReasonLine, all_of, outline
from incident.usecases.assess import load_law

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
NEW_YORK: dict[str, Any] = {
    "organisation": {"roles": ["controller"], "sectors": [], "established_in": ["US"], "timezone": "America/New_York"},
    "at": {"discovered": "2026-11-02"},
    "people": [{"in": "US-NY", "count": 600}],
    "data": {"elements": ["name", "ssn"], "encrypted": False, "medium": ["electronic"]},
    "breach": {"acquired": True},
}


def applied(sentence: str, **values: object) -> Outcome:
    facts = Facts({key.replace("__", "."): value for key, value in values.items()})
    return evaluate(parse_condition(sentence, where="this test"), facts)


def lines(outcome: Outcome) -> list[tuple[int, str, bool | None]]:
    found: tuple[ReasonLine, ...] = outline(outcome.tested, outcome.because)
    return [(each.depth, each.text, each.outcome) for each in found]


def row(document: dict[str, Any], obligation: str) -> dict[str, Any]:
    law = load_law()
    answer: dict[str, Any] = to_document(law.assess(law.facts(document, source="this test"), now=NOW))
    found: dict[str, Any] = next(each for each in answer["obligations"] if each["id"] == obligation)
    return found


def test_a_test_under_a_not_is_told_as_its_opposite_with_the_outcome_of_that() -> None:
    found = applied("not data.encrypted", data__encrypted=False)
    assert (found.tested[0].text, found.tested[0].outcome) == ("not data.encrypted is true", True)
    assert lines(found) == [(0, "the data are not encrypted", True)]


def test_not_all_of_these_becomes_one_of_the_opposites() -> None:
    found = applied("not (data.encrypted and not data.key_compromised)", data__encrypted=False)
    assert found.value is True
    assert lines(found) == [
        (0, "one of these", True),
        (1, "the data are not encrypted", True),
        (1, "the key was compromised too", None),
    ]
    settled = [(each.text, each.settles, each.idle) for each in outline(found.tested)]
    assert settled[1:] == [("the data are not encrypted", True, False), ("the key was compromised too", False, True)]


def test_what_is_presumed_under_a_not_fails_and_says_so() -> None:
    found = applied("not data.encrypted presumed")
    assert found.value is False
    assert (found.tested[0].value, found.tested[0].outcome) == ("unknown: presumed", False)


def test_alternatives_within_an_alternative_keep_their_place() -> None:
    found = applied(
        "breach.accessed or (breach.acquired and (data.encrypted or data.key_compromised))",
        breach__accessed=False,
        breach__acquired=True,
        data__key_compromised=True,
    )
    assert found.value is True
    assert lines(found) == [
        (0, "one of these", True),
        (1, "data were accessed by somebody unauthorised", False),
        (1, "all of these", True),
        (2, "data were acquired by somebody unauthorised", True),
        (2, "one of these", True),
        (3, "the data are encrypted", None),
        (3, "the key was compromised too", True),
    ]


KEYS = ("data.encrypted", "data.key_compromised", "breach.acquired", "breach.accessed")
SENTENCES = st.recursive(
    st.sampled_from([*KEYS, "data.encrypted presumed", "breach.acquired is not false"]),
    lambda inner: st.one_of(
        inner.map("not ({})".format),
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]}) and ({pair[1]})"),
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]}) or ({pair[1]})"),
    ),
    max_leaves=6,
)


@given(SENTENCES, st.dictionaries(st.sampled_from(KEYS), st.booleans()))
def test_the_reasons_alone_give_the_outcome(sentence: str, values: dict[str, object]) -> None:
    condition = parse_condition(sentence, where="this test")
    found = evaluate(condition, Facts(values))
    assert all_of(found.tested) is found.value
    again = parse_condition(as_sentence(condition), where="this test")
    assert again == condition
    assert evaluate(again, Facts(values)).value is found.value
    if found.because is not None:
        assert found.because in found.tested


def test_the_json_list_is_flat_and_marks_the_alternatives() -> None:
    why = row(NEW_YORK, "us-ny/credit-bureaus")["why"]
    said = {each["condition"]: each for each in why}
    assert said["the data are not encrypted"]["outcome"] is True
    assert said["the data are not encrypted"]["value"] == "true"
    first, second = said["the data are not encrypted"]["any_of"], said["the key was compromised too"]["any_of"]
    assert (first[:-1], first[-1], second[-1]) == (second[:-1], "a", "b")
    assert "any_of" not in said["you are a controller"]
    assert said["more than 5,000 people in New York are affected"]["value"] == "600"
    assert said["you are a controller"]["test"] == "organisation.roles has controller"


def test_a_government_agency_is_told_why_a_private_sector_law_leaves_it_alone() -> None:
    mexico = NEW_YORK | {"people": [{"in": "MX", "count": 5}]}
    mexico["organisation"] = mexico["organisation"] | {"sectors": ["government_agency"], "established_in": ["MX"]}
    found = row(mexico, "mx-lfpdppp/individuals")
    assert found["state"] == "not_required"
    failed = [each["condition"] for each in found["why"] if each["outcome"] is False]
    assert failed == ["you are not a state or local government agency"]


@pytest.mark.parametrize(
    ("filed", "words"),
    [
        ("2026-03-31T11:00:01+02:00", "filed 31 Mar 2026 11:00:01 Berlin, late by 1 s"),
        ("2026-03-31T13:05:00+02:00", "filed 31 Mar 2026 13:05:00 Berlin, late by 2 h 5 min"),
        ("2026-03-31T11:00:00+02:00", "filed 31 Mar 2026 11:00:00 Berlin, in time by 0 s"),
        ("2026-03-30T10:30:00+02:00", "filed 30 Mar 2026 10:30:00 Berlin, in time by 1 d"),
    ],
)
def test_a_filed_duty_says_when_and_by_how_much_and_does_not_run_on(filed: str, words: str) -> None:
    law = load_law()
    document = {
        "organisation": {"roles": ["controller"], "established_in": ["DE"], "timezone": "Europe/Berlin"},
        "at": {"aware": "2026-03-28T10:00:00+01:00"},
        "people": [{"in": "DE", "count": 5}],
        "risk": {"individuals": "risk"},
        "filed": [{"obligation": "eu-gdpr/authority@DE", "at": filed}],
    }
    facts = law.facts(document, source="this test")
    for now in (NOW, NOW.replace(year=2030)):
        answer = law.assess(facts, now=now)
        each = next(one for one in answer.obligations if one.id == "eu-gdpr/authority@DE")
        clock = Clock("", each, first_filing(each, facts))
        assert filing_words(clock.obligation, clock.filed_at).removesuffix(" 30 min") == words
        assert law.explain(facts, each.id, now=now).filed_at == clock.filed_at


def test_a_length_of_time_is_said_in_its_two_largest_units() -> None:
    assert [span(each) for each in (0, 59, 60, 3599, 3600, 90061, 864000)] == [
        "0 s",
        "59 s",
        "1 min",
        "59 min 59 s",
        "1 h",
        "1 d 1 h",
        "10 d",
    ]
