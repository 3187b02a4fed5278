"""What follows from facts: states, chains, holds, places, versions of the law, frozen by the first filing."""

import copy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incident.content.regimes import read_regime
from incident.content.vocabulary import read_vocabulary
from incident.domain.assessment import assess
from incident.domain.obligation import Obligation, ObligationState
from incident.errors import ContentError
from incident.usecases.assess import Law, load_law

NOW = datetime(2026, 11, 23, tzinfo=UTC)
BASE: dict[str, Any] = {
    "organisation": {
        "roles": ["controller", "covered_entity"],
        "sectors": [],
        "established_in": ["DE"],
        "timezone": "Europe/Berlin",
    },
    "at": {"aware": "2026-09-14T10:00:00+02:00", "discovered": "2026-09-14", "told_by_processor": "2026-09-14T09:00:00+02:00"},
    "people": [{"in": "DE", "count": 400}, {"in": "US-CA", "count": 501}],
    "data": {"elements": ["name", "ssn", "medical"], "encrypted": False, "key_compromised": False, "medium": ["electronic"]},
    "breach": {"confidentiality": True, "accessed": True, "acquired": True},
    "risk": {"individuals": "high", "low_probability_of_compromise": False},
}


def found(document: dict[str, Any], law: Law | None = None) -> dict[str, Obligation]:
    law = law or load_law()
    return {each.id: each for each in law.assess(law.facts(document, source="test"), now=NOW).obligations}


def without(document: dict[str, Any], key: str) -> dict[str, Any]:
    less = copy.deepcopy(document)
    group, _, name = key.partition(".")
    if name:
        less[group].pop(name, None)
    else:
        less.pop(group, None)
    return less


KEYS = [f"{group}.{name}" for group, held in BASE.items() if isinstance(held, dict) for name in held] + ["people"]


@given(st.sets(st.sampled_from(KEYS), max_size=6))
def test_removing_facts_never_makes_an_owed_duty_vanish(keys: set[str]) -> None:
    """Unknown is not no: what was owed stays owed, undecided or not started."""
    less = BASE
    for key in keys:
        less = without(less, key)
    before, after = found(BASE), found(less)
    for name, obligation in before.items():
        if obligation.state in (ObligationState.NOT_REQUIRED,):
            continue
        held = [each for key, each in after.items() if key.split("@")[0] == name.split("@")[0]]
        assert held, name
        assert any(each.state is not ObligationState.NOT_REQUIRED for each in held), (name, keys)


def test_an_irrelevant_fact_changes_nothing() -> None:
    more = copy.deepcopy(BASE)
    more["options"] = {"far_covered_equipment": True}
    more["at"]["ransom_paid"] = "2026-09-20T10:00:00+02:00"
    with_more, before = found(more), found(BASE)
    for name, obligation in before.items():
        assert (with_more[name].state, with_more[name].due_at) == (obligation.state, obligation.due_at), name
    assert with_more["eu-gdpr/authority@DE"] == before["eu-gdpr/authority@DE"]


def test_a_missing_event_is_not_started_and_borrows_no_date() -> None:
    less = without(without(BASE, "at.aware"), "at.told_by_processor")
    authority = found(less)["eu-gdpr/authority@DE"]
    assert authority.state is ObligationState.NOT_STARTED
    assert authority.due_at is None
    assert [each.fact for each in authority.missing] == ["at.aware"]


def test_late_is_judged_by_the_first_filing() -> None:
    document = copy.deepcopy(BASE)
    document["filed"] = [
        {"obligation": "eu-gdpr/authority@DE", "at": "2026-09-17T12:00:00+02:00"},
        {"obligation": "eu-gdpr/authority@DE", "at": "2026-09-30T12:00:00+02:00"},
    ]
    authority = found(document)["eu-gdpr/authority@DE"]
    assert authority.state is ObligationState.SATISFIED
    assert authority.late_by == 3 * 3600


def test_reasons_for_delay_are_asked_only_when_late() -> None:
    def elements(filed_at: str) -> set[str]:
        document = copy.deepcopy(BASE)
        document["filed"] = [{"obligation": "eu-gdpr/authority@DE", "at": filed_at}]
        return {each.id for each in found(document)["eu-gdpr/authority@DE"].content}

    assert "delay_reason" not in elements("2026-09-15T09:00:00+02:00")
    assert "delay_reason" in elements("2026-09-20T09:00:00+02:00")


def test_a_hold_stated_after_the_limit_moves_nothing() -> None:
    document = copy.deepcopy(BASE)
    document["holds"] = [{"kind": "law_enforcement", "form": "written", "stated": "2026-11-20", "until": "2026-12-31"}]
    assert found(document)["us-hipaa/individuals"].due_at == found(BASE)["us-hipaa/individuals"].due_at


def test_the_gdpr_knows_no_hold() -> None:
    document = copy.deepcopy(BASE)
    document["holds"] = [{"kind": "law_enforcement", "form": "written", "stated": "2026-09-15", "until": "2026-12-31"}]
    assert found(document)["eu-gdpr/authority@DE"].hold is None


HEAD = """
slug = "xx-test"
title = "Test law"
short = "Test"
place = "DE"
citation = "Test"
source = "https://example.org"
checked_on = 2026-01-01
recheck_by = 2027-01-01
confidence = "low"
calendar = "FR"
"""
DORA = """
[[duties]]
slug = "initial"
title = "Initial"
recipient = "authority"
citation = "Test"
starts = "classified_major"
period = "4 hours"
cap = { starts = "aware", period = "24 hours", lapses_if_later = true }
relief_when = "not organisation.sectors has credit_institution"

[[duties]]
slug = "intermediate"
title = "Intermediate"
recipient = "authority"
citation = "Test"
starts = "filed:xx-test/initial"
period = "72 hours"
order = [{ relation = "after", to = "xx-test/initial" }]

[[duties]]
slug = "embargoed"
title = "Customers"
recipient = "customers"
citation = "Test"
starts = "aware"
period = "30 calendar_days"
not_before = { starts = "filed:xx-test/initial", period = "7 business_days" }

[[duties]]
slug = "both"
title = "Both events"
recipient = "authority"
citation = "Test"
starts = "aware&scope_identified"
period = "1 months"
hold = { policy = "after", after = "45 calendar_days" }

[[duties]]
slug = "with"
title = "With"
recipient = "authority"
citation = "Test"
starts = "before:xx-test/both"
period = "with"

[[duties]]
slug = "proposed"
title = "Proposed"
recipient = "authority"
citation = "Test"
starts = "aware"
period = "96 hours"
status = "proposed"
"""


@pytest.fixture
def test_law(tmp_path: Path) -> Law:
    return _law(tmp_path, HEAD + DORA)


def _law(folder: Path, text: str) -> Law:
    path = folder / "xx-test.toml"
    path.write_text(text, encoding="utf-8")
    shipped = load_law()
    return Law((read_regime(path, shipped.vocabulary),), shipped.vocabulary, shipped.calendars, ())


def _document(**at: str) -> dict[str, Any]:
    return {"organisation": {"sectors": ["credit_institution"], "timezone": "Europe/Paris"}, "at": at}


def test_the_earlier_of_two_limits_and_the_late_classification(test_law: Law) -> None:
    early = found(_document(aware="2026-06-01T00:00:00+02:00", classified_major="2026-06-01T22:00:00+02:00"), test_law)
    assert early["xx-test/initial"].due_at == datetime(2026, 6, 1, 22, tzinfo=UTC)
    late = found(_document(aware="2026-06-01T00:00:00+02:00", classified_major="2026-06-03T10:00:00+02:00"), test_law)
    assert late["xx-test/initial"].due_at == datetime(2026, 6, 3, 12, tzinfo=UTC)


def test_weekend_relief_only_where_it_is_granted(test_law: Law) -> None:
    at = {"aware": "2026-06-13T08:00:00+02:00", "classified_major": "2026-06-13T10:00:00+02:00"}
    assert found(_document(**at), test_law)["xx-test/initial"].due_at == datetime(2026, 6, 13, 12, tzinfo=UTC)
    other = _document(**at)
    other["organisation"]["sectors"] = []
    assert found(other, test_law)["xx-test/initial"].due_at == datetime(2026, 6, 15, 10, tzinfo=UTC)


def test_a_chained_clock_is_projected_until_its_anchor_is_filed(test_law: Law) -> None:
    at = {"aware": "2026-06-01T08:00:00+02:00", "classified_major": "2026-06-01T10:00:00+02:00"}
    before = found(_document(**at), test_law)["xx-test/intermediate"]
    assert before.state is ObligationState.NOT_STARTED
    assert before.projected_at == datetime(2026, 6, 4, 12, tzinfo=UTC)
    document = _document(**at)
    document["filed"] = [{"obligation": "xx-test/initial", "at": "2026-06-01T11:00:00+02:00"}]
    after = found(document, test_law)["xx-test/intermediate"]
    assert after.due_at == datetime(2026, 6, 4, 9, tzinfo=UTC)
    assert after.order == (("after", "xx-test/initial"),)


def test_an_embargo_frees_the_first_second_after_its_full_days(test_law: Law) -> None:
    document = _document(aware="2026-06-01T08:00:00+02:00", classified_major="2026-06-01T10:00:00+02:00")
    document["filed"] = [{"obligation": "xx-test/initial", "at": "2026-06-01T11:00:00+02:00"}]
    assert found(document, test_law)["xx-test/embargoed"].not_before_at == datetime(2026, 6, 10, 22, tzinfo=UTC)


def test_two_events_are_both_needed_and_a_hold_has_its_own_period(test_law: Law) -> None:
    assert found(_document(aware="2026-01-31"), test_law)["xx-test/both"].state is ObligationState.NOT_STARTED
    both = _document(aware="2026-01-10", scope_identified="2026-01-31")
    assert found(both, test_law)["xx-test/both"].due_at == datetime(2026, 2, 28, 22, 59, 59, tzinfo=UTC)
    both["holds"] = [{"kind": "law_enforcement", "form": "written", "stated": "2026-02-01", "until": "2026-03-01"}]
    held = found(both, test_law)["xx-test/both"]
    assert held.due_at == datetime(2026, 4, 15, 21, 59, 59, tzinfo=UTC)
    assert held.hold is not None
    assert held.hold.base_due_at == datetime(2026, 2, 28, 22, 59, 59, tzinfo=UTC)


def test_due_with_another_notice_and_no_later_than_its_first_filing(test_law: Law) -> None:
    both = _document(aware="2026-01-10", scope_identified="2026-01-31")
    assert found(both, test_law)["xx-test/with"].due_at == found(both, test_law)["xx-test/both"].due_at
    both["filed"] = [{"obligation": "xx-test/both", "at": "2026-02-10T12:00:00+01:00"}]
    assert found(both, test_law)["xx-test/with"].due_at == datetime(2026, 2, 10, 11, tzinfo=UTC)


def test_proposed_law_is_never_applied(test_law: Law) -> None:
    each = found(_document(aware="2026-06-01T08:00:00+02:00"), test_law)["xx-test/proposed"]
    assert (each.state, each.due_at) == (ObligationState.NOT_REQUIRED, None)
    assert each.because is not None
    assert each.because.value == "only proposed, not law"


@pytest.mark.parametrize(
    ("broken", "named"),
    [
        ('starts = "aware"', 'starts = "awre"'),
        ('period = "96 hours"', 'period = "96 hrs"'),
        ('status = "proposed"', 'status = "maybe"'),
        ("citation", "citaton"),
    ],
)
def test_a_broken_regime_names_file_and_key(tmp_path: Path, broken: str, named: str) -> None:
    with pytest.raises(ContentError, match="xx-test.toml"):
        _law(tmp_path, HEAD + DORA.replace(broken, named))


def test_a_regime_that_cannot_be_used_is_shown_as_not_evaluated(tmp_path: Path) -> None:
    from incident.content.regimes import read_regimes

    (tmp_path / "xx").mkdir()
    (tmp_path / "xx" / "xx-bad.toml").write_text("slug = ", encoding="utf-8")
    shipped = load_law()
    book = read_regimes((tmp_path,), shipped.vocabulary)
    law = Law(book.regimes, book.vocabulary, shipped.calendars, book.problems)
    answer = assess(law.facts({}, source="test"), law.regimes, now=NOW, calendars=law.calendars, unevaluated=law.unevaluated)
    assert [each.regime for each in answer.unevaluated] == ["xx-bad"]


def test_the_vocabulary_asks_a_question_for_every_fact() -> None:
    from incident.content.folders import regimes_folder

    for key, kind in read_vocabulary(regimes_folder() / "vocabulary.toml").kinds.items():
        assert kind.question.endswith(("?", ".")), key
