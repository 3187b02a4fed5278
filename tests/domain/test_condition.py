"""Three-valued conditions: unknown is not no."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incident.domain.condition import evaluate
from incident.domain.condition_text import parse_condition
from incident.domain.facts import UNKNOWN, Facts, PeopleRow
from incident.errors import ContentError


def value(text: str, place: str | None = None, partial: tuple[str, ...] = (), **facts: object) -> bool | None:
    known = {key.replace("__", "."): held for key, held in facts.items()}
    return evaluate(parse_condition(text, where="test"), Facts(known, frozenset(partial)), place=place).value


def test_a_missing_fact_is_unknown_and_names_itself() -> None:
    outcome = evaluate(parse_condition("data.encrypted and risk.individuals is high", where="test"), Facts())
    assert outcome.value is None
    assert outcome.missing == ("data.encrypted", "risk.individuals")


def test_what_is_decided_asks_for_nothing_more() -> None:
    assert value("data.encrypted and risk.individuals is high", data__encrypted=False) is False
    assert value("not (data.encrypted and not data.key_compromised)", data__encrypted=False) is True
    assert value("not (data.encrypted and not data.key_compromised)", data__encrypted=True) is None


def test_presumed_lets_the_unknown_count_as_fulfilled() -> None:
    text = "risk.low_probability_of_compromise is not true presumed"
    assert value(text) is True
    assert value(text, risk__low_probability_of_compromise=True) is False


@pytest.mark.parametrize(("count", "more_than", "or_more"), [(499, False, False), (500, False, True), (501, True, True)])
def test_thresholds_carry_their_operator(count: int, more_than: bool, or_more: bool) -> None:  # noqa: FBT001
    people = (PeopleRow("US-NY", count),)
    assert value("people in US-NY > 500", people=people) is more_than
    assert value("people total >= 500", people=people) is or_more


def test_a_row_without_a_count_means_at_least_one() -> None:
    people = (PeopleRow("US-CA"),)
    assert value("people in US-CA", people=people) is True
    assert value("people in US-CA > 500", people=people) is None


def test_a_wider_place_leaves_its_parts_unknown_within_its_number() -> None:
    people = (PeopleRow("US", 400),)
    assert value("people in US-CA", people=people) is None
    assert value("people in US-CA > 500", people=people) is False
    assert value("people in US > 300", people=people) is True


def test_a_list_that_is_not_finished_leaves_the_rest_unknown() -> None:
    held = frozenset({"bank"})
    assert value("organisation.sectors has insurer", organisation__sectors=held) is False
    assert value("organisation.sectors has insurer", organisation__sectors=held, partial=("organisation.sectors",)) is None


def test_an_account_with_its_code_includes_the_account() -> None:
    assert value("data.elements has financial_account", data__elements=frozenset({"financial_account_with_code"})) is True


@pytest.mark.parametrize(
    "text", ["", "and", "data.encrypted or", "(data.encrypted", "people near DE", "people in DE > many", "x y z"]
)
def test_what_cannot_be_read_names_the_place(text: str) -> None:
    with pytest.raises(ContentError, match="steps.contain"):
        parse_condition(text, where="steps.contain")


def test_an_empty_list_of_conditions_is_an_error_not_always() -> None:
    with pytest.raises(ContentError):
        parse_condition([], where="test")


def test_the_unknown_is_neither_true_nor_false() -> None:
    with pytest.raises(TypeError):
        bool(UNKNOWN)


FLAGS = ("data.encrypted", "data.key_compromised", "breach.acquired")
TEXTS = st.recursive(
    st.sampled_from(FLAGS),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]} and {pair[1]})"),
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]} or {pair[1]})"),
        inner.map(lambda one: f"not {one}"),
    ),
    max_leaves=8,
)


@given(
    text=TEXTS,
    known=st.dictionaries(st.sampled_from(FLAGS), st.booleans()),
    more=st.dictionaries(st.sampled_from(FLAGS), st.booleans()),
)
def test_learning_more_never_overturns_what_was_decided(text: str, known: dict[str, bool], more: dict[str, bool]) -> None:
    condition = parse_condition(text, where="test")
    before = evaluate(condition, Facts(known)).value
    after = evaluate(condition, Facts({**more, **known})).value
    assert before is None or after is before
