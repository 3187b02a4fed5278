"""Letters to residents of the States: each State's paragraphs stand in its letter, and what its law forbids does not."""

import tomllib
from collections.abc import Iterable

import pytest

from incident.content.folders import shipped_folder
from incident.documents.render import render_html
from incident.domain.completeness import completeness
from incident.domain.notice import FieldValue, RequiredElement
from incident.domain.regime import Duty, LawStatus
from incident.usecases.assess import load_law
from incident.usecases.catalogue import catalogue
from tests.documents.specimen import page_text, specimen
from tests.documents.test_documents import frame

LETTER = catalogue().template("us-state-individuals")
STATES = tomllib.loads((shipped_folder("notice_templates") / "_words" / "us_states.toml").read_text(encoding="utf-8"))
PARAGRAPHS = {
    "ag": "attorney_general",
    **{
        each: each
        for each in (
            "police_report freeze_free report_theft theft_statement fcra agencies credentials knows".split()  # noqa: SIM905
        )
    },
}
"""Content elements of the law that a standing paragraph says, and the paragraph."""


def duties(state: str) -> Iterable[Duty]:
    regimes = [each for each in load_law().regimes if each.slug == state]
    return [each for regime in regimes for each in regime.duties if each.slug == "individuals"]


def letter(state: str | None, **other: object) -> str:
    return page_text(
        render_html(LETTER, specimen(LETTER, state=state, number=[{"in": "US-RI", "count": 71}], **other), frame())
    )


def test_every_state_but_california_is_served_by_one_letter() -> None:
    served = {each.partition("/")[0] for each in LETTER.duties if each.endswith("/individuals")}
    by_law = {each.slug for each in load_law().regimes if each.slug.startswith("us-") and len(each.slug) == 5}
    assert len(STATES) == 53
    assert served == set(STATES) == by_law - {"us-ca"}
    assert [token for token, _ in LETTER.fields[0].choices] == sorted(STATES)


@pytest.mark.parametrize("state", STATES)
def test_the_paragraphs_of_a_state_are_those_that_its_law_wants(state: str) -> None:
    wanted = {PARAGRAPHS[each.id] for duty in duties(state) for each in duty.content if each.id in PARAGRAPHS}
    assert wanted <= set(STATES[state]["wants"])
    if "attorney_general" in STATES[state]["wants"]:
        name, address, telephone, website = STATES[state]["attorney_general"]
        shown = letter(state)
        assert f"{name} | {address} · {telephone} · {website}" in shown
    forbidden = {each.id for duty in duties(state) for each in duty.forbidden}
    assert ("nature_of_breach" in forbidden) is ("description" in STATES[state]["omits"])
    assert ("number_residents" in forbidden) is ("number" in STATES[state]["omits"])


def test_massachusetts_is_told_neither_the_nature_nor_the_dates_nor_how_many() -> None:
    shown = letter("us-ma")
    for hidden in ("tokens", "were stolen", "copied", "revoked", "August", "71", "40,000", "What happened", "Number"):
        assert hidden not in shown, hidden
    for said in ("right to obtain a police report", "security freeze free of charge", "[services]", "belongs to [parent]"):
        assert said in shown, said
    assert "belongs to" not in letter("us-ma", parent="None")


def test_illinois_is_told_what_happened_but_not_how_many() -> None:
    shown = letter("us-il")
    assert "tokens of our chatbot were stolen" in shown
    assert "71" not in shown
    assert "Change the password" in shown


def test_while_nobody_chose_the_state_nothing_is_said_that_a_state_forbids() -> None:
    shown = letter(None)
    assert "State of residence: not known yet" in shown
    assert "stolen" not in shown
    assert "August" not in shown


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("us-ri", "Rhode Island | 71"),
        ("us-wy", "This notice was not delayed by a law enforcement investigation."),
        ("us-pr", "A complaint was made to the police."),
        ("us-ny", "Division of Consumer Protection"),
        ("us-nm", "Fair Credit Reporting Act"),
        ("us-wi", "We know that personal information was acquired"),
        ("us-or", "report it to your local police"),
        ("us-md", "can tell you how to avoid identity theft"),
    ],
)
def test_what_one_state_alone_asks_stands_in_its_letter(state: str, said: str) -> None:
    assert said in letter(state)
    assert said not in letter("us-tx")


@pytest.mark.parametrize("state", STATES)
def test_a_full_letter_is_complete_under_the_law_of_its_state(state: str) -> None:
    elements = {
        each.id: RequiredElement(each.id, each.text, each.citation, each.may_follow)
        for duty in duties(state)
        if duty.status is LawStatus.IN_FORCE
        for each in duty.content
    }
    values = {key: FieldValue(each) for key, each in specimen(LETTER, state=state).items()}
    checked = completeness(LETTER, values, tuple(elements.values()))
    assert checked.may_be_complete, checked.missing
    assert not completeness(LETTER, values | {"state": FieldValue(None)}, tuple(elements.values())).may_be_complete
