"""The words people read: every sentence of the shipped law, starts, readings, places, and what may have been meant."""

import pytest

from incident.domain.condition import Condition, in_words
from incident.domain.condition import tests_of as single_tests
from incident.domain.condition_text import parse_condition
from incident.domain.phrases import EVENTS, statement
from incident.domain.place_names import place_name, place_names
from incident.domain.places import canonical_place, us_states
from incident.domain.regime_diff import law_changes
from incident.domain.suggestion import likely
from incident.domain.vocabulary import FactType
from incident.domain.wording import asked_for, event_start, order_words, reading_words
from incident.usecases.assess import load_law


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("organisation.roles has controller", "you are a controller"),
        ("organisation.sectors has bank|credit_institution", "you are a bank (US) or a credit institution (EU)"),
        ("not organisation.sectors has insurer", "you are not an insurer"),
        (
            "data.elements has ssn|drivers_license|medical",
            "the data include a social security number, a driver's licence number or health information",
        ),
        ("people in US-CA > 500", "more than 500 people in California are affected"),
        ("people in BR", "people in Brazil are affected"),
        ("not people in US-CA >= 1000", "fewer than 1,000 people in California are affected"),
        ("people unreachable >= 1", "people cannot be reached"),
        ("organisation.established_in has place in EEA", "you are established in the EEA"),
        ("data.encrypted is not true", "the data are not encrypted"),
        ("breach.acquired is not false", "data were acquired by somebody unauthorised"),
        ("data.medium has paper", "the data are on paper"),
        ("risk.individuals is not unlikely", "the risk to people is not judged «risk unlikely»"),
        (
            "at.handled later than 1 months after filed:eu-nis2/notification",
            "the day when its handling was finished is later than 1 month after the first filing of «NIS2",
        ),
    ],
)
def test_a_condition_reads_as_a_sentence(sentence: str, words: str) -> None:
    load_law()
    assert in_words(parse_condition(sentence, where="this test")).startswith(words)


def conditions() -> list[tuple[str, Condition]]:
    return [
        (duty.id, condition)
        for regime in load_law().regimes
        for duty in regime.duties
        for condition in (duty.when, duty.variant_when, duty.relief_when)
        if condition is not None
    ]


def test_no_condition_of_the_shipped_law_shows_a_key_or_a_token() -> None:
    for name, condition in conditions():
        words = in_words(condition)
        keys = {test.key for test in single_tests(condition)} - {"people", "filed"}
        assert not [key for key in keys if key in words], (name, words)
        assert "_" not in words, (name, words)
        assert "US-" not in words, (name, words)


def test_every_flag_of_the_shipped_law_is_a_statement_both_ways() -> None:
    law = load_law()
    asked = {test.key for _, condition in conditions() for test in single_tests(condition)}
    for key in sorted(asked):
        kind = law.vocabulary.kinds.get(key)
        if kind is not None and kind.type is FactType.FLAG:
            yes, no = statement(key, holds=True), statement(key, holds=False)
            assert yes, key
            assert no, key
            assert yes != no
            assert "{" not in yes + no


def test_every_event_and_every_place_has_words() -> None:
    events = {key.removeprefix("at.") for key in load_law().vocabulary.kinds if key.startswith("at.")}
    assert events <= EVENTS.keys()
    assert {regime.place for regime in load_law().regimes} <= place_names().keys()
    assert all(place_name(each) != each for each in us_states())
    assert all(canonical_place(each) == each for each in place_names() if each not in ("EEA", "EU", "US-*", "@place"))


def test_starts_readings_and_orders_are_told_in_words() -> None:
    load_law()
    assert event_start("at.aware") == "the moment you became aware"
    assert event_start("filed:us-ca/individuals") == "the first filing of «California 1798.82(a): residents»"
    assert event_start("knowledge:agent") == "the moment your agent knew"
    assert reading_words("reg-1182-71") == "Regulation 1182/71 reading"
    assert order_words("before", "us-hipaa/individuals") == "to be sent before «HIPAA 164.404: each individual»"
    told = asked_for("filed", "What has been sent already?", "us-ny/hipaa-copy")
    assert told == "once «HIPAA 164.408(b): HHS Secretary, 500 or more» has been filed"


@pytest.mark.parametrize(
    ("typed", "meant"), [("GDPR", "eu-gdpr"), ("California", "us-ca"), ("HIPAA", "us-hipaa"), ("us-nyy", "us-ny")]
)
def test_a_law_is_found_by_what_people_call_it(typed: str, meant: str) -> None:
    known = {each.slug: (each.short, each.title, each.place, place_name(each.place)) for each in load_law().regimes}
    assert likely(typed, known)[0] == meant
    assert likely("qqqqqq", known) == ()


def test_two_packs_are_compared_part_by_part_and_a_broken_file_is_no_repeal() -> None:
    from dataclasses import replace

    law = next(each for each in load_law().regimes if each.slug == "us-ny")
    before = law.duties[0]
    assert before.when is not None
    stricter = parse_condition(["people in US-NY > 500", "data.encrypted is not true"], where="this test")
    changed = replace(law, duties=(replace(before, when=stricter), *law.duties[1:]))
    told = [each.change for each in law_changes((law,), (changed,))]
    assert "now also more than 500 people in New York are affected" in told
    assert "no longer you are a controller" in told
    assert not any(len(each) > 400 for each in told)
    broken = law_changes((law,), (), new_faults={"us-ny": "line 3"})
    assert [each.change for each in broken] == [f"{law.title} → CANNOT BE READ, not evaluated (line 3)"]
    assert [each.change for each in law_changes((law,), ())] == [f"no longer {law.title}"]
