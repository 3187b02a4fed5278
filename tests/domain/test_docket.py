"""The docket and the open questions: what is shown, what is folded, what to ask first, what would change it."""

import copy
import re
from datetime import UTC, datetime
from typing import Any

import pytest

from incident.domain.docket import Docket, Fold, docket
from incident.domain.duty_clock import Clock
from incident.domain.explanation import Explanation
from incident.domain.open_question import OpenQuestion, open_questions
from incident.domain.reasoning import missing_words, outline
from incident.errors import RefusedError
from incident.usecases.assess import load_law

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
FIRST_HOUR: dict[str, Any] = {
    "organisation": {"roles": ["controller"], "sectors": [], "established_in": ["DE"], "timezone": "Europe/Berlin"},
    "at": {"aware": "2026-11-23T09:00:00+01:00"},
    "breach": {"confidentiality": True},
}


def arranged(document: dict[str, Any]) -> Docket:
    law = load_law()
    answer = law.assess(law.facts(document, source="this test"), now=NOW)
    return docket(Clock("", each) for each in answer.obligations)


def asked(document: dict[str, Any]) -> list[OpenQuestion]:
    law = load_law()
    answer = law.assess(law.facts(document, source="this test"), now=NOW)
    return list(open_questions(answer.obligations, now=NOW, owner=law.vocabulary.owner))


def explained(document: dict[str, Any], obligation: str) -> Explanation:
    law = load_law()
    return law.explain(law.facts(document, source="this test"), obligation, now=NOW)


def test_in_the_first_hour_the_72_hours_stand_by_themselves_and_the_world_behind_one_question() -> None:
    found = arranged(FIRST_HOUR)
    assert found.pending[0].obligation.id == "eu-gdpr/authority@DE"
    people = next(fold for fold in found.folds if fold.fact == "people")
    assert len(people.clocks) > 80
    assert "residence" in people.question
    assert len(found.pending) < 8


def test_a_question_stands_among_the_clocks_by_the_earliest_one_that_it_hides() -> None:
    found = arranged(FIRST_HOUR)
    dated = [each for each in found.open if each.sort_key[0] == 0]
    assert any(isinstance(each, Fold) for each in dated)
    assert any(isinstance(each, Clock) for each in dated)
    times = [each.sort_key[1] for each in dated]
    assert times == sorted(times)
    assert list(found.open[: len(dated)]) == dated
    assert len(found.open) == len(found.pending) + len(found.folds)


def test_nothing_is_left_out_of_the_docket() -> None:
    law = load_law()
    answer = law.assess(law.facts(FIRST_HOUR, source="this test"), now=NOW)
    found = arranged(FIRST_HOUR)
    shown = [*found.pending, *found.filed, *found.not_required, *found.elsewhere, *(c for f in found.folds for c in f.clocks)]
    assert sorted(each.obligation.id for each in shown) == sorted(each.id for each in answer.obligations)


def test_the_first_question_is_the_one_whose_clock_would_run_out_first() -> None:
    questions = asked(FIRST_HOUR)
    assert questions[0].fact == "people"
    assert questions[0].owner == "IT"
    times = [each.soonest_at for each in questions if each.soonest_at is not None]
    assert times == sorted(times)
    risk = next(each for each in questions if each.fact == "risk.individuals")
    assert risk.owner == "legal"
    assert "eu-gdpr/authority@DE" in risk.decides


def test_what_matters_only_if_a_law_reaches_us_is_asked_only_then() -> None:
    assert not any(each.fact == "risk.relevant_risk_or_harm" for each in asked(FIRST_HOUR))
    more = copy.deepcopy(FIRST_HOUR) | {"people": [{"in": "DE", "count": 5}, {"in": "BR", "count": 5}]}
    brazil = next(each for each in asked(more) if each.fact == "risk.relevant_risk_or_harm")
    assert brazil.soonest_at == datetime(2026, 11, 26, 22, 59, 59, tzinfo=UTC)
    assert brazil.alone


def test_a_missing_event_is_as_pressing_as_if_it_happened_now() -> None:
    bank = copy.deepcopy(FIRST_HOUR)
    bank["organisation"] |= {"sectors": ["bank"], "established_in": ["US"]}
    bank["risk"] = {"notification_incident": True}
    determined = next(each for each in asked(bank) if each.fact == "at.determined")
    assert determined.soonest_at == datetime(2026, 11, 25, 21, tzinfo=UTC)


def test_an_explanation_counts_step_by_step_and_names_what_would_change_it() -> None:
    brazil = copy.deepcopy(FIRST_HOUR) | {"people": [{"in": "BR", "count": 5}]}
    brazil["at"] = {"aware": "2026-11-18T09:00:00-03:00"}
    found = explained(brazil, "br-lgpd/authority")
    text = "\n".join(found.counting)
    assert "Fri 20 Nov 2026 is a holiday or closed" in text
    assert "Tue 24 Nov 2026 is 3" in text
    said = {change.text for change in found.changes}
    assert "If it may cause relevant risk or harm (now: not known yet): owed." in said
    assert "If it may not cause relevant risk or harm (now: not known yet): not required." in said
    assert "If nobody in Brazil is affected (now: 5): not required." in said


def test_a_threshold_is_named_with_the_number_as_it_stands() -> None:
    texas = copy.deepcopy(FIRST_HOUR) | {"people": [{"in": "US-TX", "count": 260}]}
    texas |= {"data": {"elements": ["name", "ssn"], "encrypted": False, "medium": ["electronic"]}}
    texas["breach"] = {"acquired": True}
    texas["at"]["determined"] = "2026-11-20"
    found = explained(texas, "us-tx/attorney-general")
    assert "If fewer than 250 people in Texas are affected (now: 260): not required." in {each.text for each in found.changes}


def test_an_obligation_that_does_not_exist_is_refused_with_the_nearest() -> None:
    with pytest.raises(RefusedError, match="no obligation"):
        explained(FIRST_HOUR, "eu-gdpr/authorithy@DE")


def test_a_chained_clock_names_the_notice_it_waits_for() -> None:
    hipaa = copy.deepcopy(FIRST_HOUR) | {"people": [{"in": "US-NY", "count": 600}]}
    hipaa["organisation"] |= {"roles": ["controller", "covered_entity"], "established_in": ["US"]}
    hipaa["at"]["discovered"] = "2026-11-20"
    hipaa |= {"data": {"elements": ["name", "ssn", "medical"], "encrypted": False, "medium": ["electronic"]}}
    hipaa["breach"] = {"acquired": True, "confidentiality": True}
    found = explained(hipaa, "us-ny/hipaa-copy")
    waits = "once «HIPAA 164.408(b): HHS Secretary, 500 or more» has been filed"
    assert [missing_words(each, found.obligation) for each in found.obligation.missing] == [waits]
    assert any(each.text.startswith(f"O{waits[1:]} (now: not filed yet): 5 business days") for each in found.changes)
    assert "it waits until «HIPAA 164.408(b)" in found.counting[0]


def test_no_line_that_a_person_reads_names_a_key() -> None:
    facts = {"people": [{"in": "US-CA", "count": 2950}, {"in": "DE", "count": 3}], "data": {"elements": ["name", "ssn"]}}
    document = copy.deepcopy(FIRST_HOUR) | facts | {"holds": [{"kind": "law_enforcement", "form": "written"}]}
    law = load_law()
    held = law.facts(document, source="this test")
    for each in law.assess(held, now=NOW).obligations:
        found = law.explain(held, each.id, now=NOW)
        lines = [*found.counting, *(change.text for change in found.changes), *(line.text for line in outline(each.why))]
        assert not [
            line for line in lines if re.search(r"\b(at|organisation|data|breach|risk|options|filed)[.:][a-z_]", line)
        ], each.id
        assert not [line for line in lines if "_" in line or "US-" in line], each.id
