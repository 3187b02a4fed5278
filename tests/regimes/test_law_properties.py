"""Properties of the law as shipped: thresholds, round trips, unknown facts, later starts, Washington's own day count."""

import csv
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incident.content.calendars import LibraryCalendars
from incident.content.folders import regime_folders
from incident.content.regime_writer import regime_document
from incident.content.regimes import read_document, read_examples, regime_files, regime_of
from incident.content.schemas import facts_schema, playbook_schema, regime_schema
from incident.domain.condition import tests_of as single_tests
from incident.domain.counting import Counting, Period, Unit, end_of
from incident.domain.obligation import Obligation, ObligationState
from incident.usecases.assess import Law, load_law

LAW = load_law()
EXAMPLES = [each for each in read_examples(regime_folders()) if each["facts"].get("people")]
NOW = datetime(2026, 11, 23, tzinfo=UTC)
OWED = (ObligationState.DUE, ObligationState.UNDATED, ObligationState.NOT_STARTED, ObligationState.UNDECIDED)
WASHINGTON = Path(__file__).resolve().parents[3] / "shared" / "data" / "us_state_ag"


LAW_OF_TODAY = {
    duty.id
    for regime in LAW.regimes
    for duty in regime.applying
    if (duty.effective_from or NOW.date()) <= NOW.date() <= (duty.effective_until or NOW.date())
}


def answers(document: dict[str, Any], law: Law = LAW) -> dict[str, Obligation]:
    facts = law.facts(document, source="this test")
    return {each.id: each for each in law.assess(facts, now=NOW).obligations}


@pytest.mark.parametrize("regime", LAW.regimes, ids=lambda regime: regime.slug)
def test_every_regime_reads_back_from_its_own_document(regime: Any) -> None:
    assert regime_of(regime_document(regime), regime.slug, LAW.vocabulary) == regime


def test_every_regime_file_is_valid_against_the_schema_for_editors() -> None:
    validator = jsonschema.Draft202012Validator(regime_schema())
    for path in regime_files(regime_folders()[0]):
        document = json.loads(json.dumps(read_document(path), default=str))
        errors = [f"{path.name}: {error.json_path}: {error.message}" for error in validator.iter_errors(document)]
        assert not errors


def test_every_worked_example_is_valid_against_the_schema_of_facts() -> None:
    validator = jsonschema.Draft202012Validator(facts_schema(LAW.vocabulary))
    for example in read_examples(regime_folders()):
        facts = json.loads(json.dumps(example["facts"], default=str))
        assert not [error.message for error in validator.iter_errors(facts)], example["id"]


def test_every_playbook_file_is_valid_against_its_schema() -> None:
    from incident.content.folders import shipped_folder

    validator = jsonschema.Draft202012Validator(playbook_schema(LAW.vocabulary))
    for path in sorted(shipped_folder("playbooks").glob("*.toml")):
        document = json.loads(json.dumps(read_document(path), default=str))
        assert not [f"{path.name}: {error.json_path}: {error.message}" for error in validator.iter_errors(document)]


def thresholds() -> list[tuple[str, str, str, int]]:
    """(obligation, place or total, operator, number) of every test that counts people above one."""
    found = []
    for regime in LAW.regimes:
        for duty in regime.applying:
            for test in single_tests(duty.when) if duty.when is not None else ():
                words = test.text.split(" ")
                if words[0] == "people" and words[1] in ("in", "total") and int(words[-1]) > 1 and words[-2] in (">", ">="):
                    found.append((duty.id, words[2] if words[1] == "in" else "", words[-2], int(words[-1])))
    return sorted(set(found))


THRESHOLDS = thresholds()


def test_there_are_thresholds_of_both_kinds() -> None:
    assert len(THRESHOLDS) >= 80
    assert {operator for _, _, operator, _ in THRESHOLDS} == {">", ">="}


@pytest.mark.parametrize(("obligation", "place", "operator", "number"), THRESHOLDS)
def test_one_below_at_and_one_above_every_threshold(obligation: str, place: str, operator: str, number: int) -> None:
    """The test itself: unknown counts leave it open, and the operator decides at the number."""
    regime, _, slug = obligation.partition("/")
    duties = next(each for each in LAW.regimes if each.slug == regime).versions[slug]
    where = place if place and place != "@place" else "US-TX"
    wanted = f"people {f'in {place}' if place else 'total'} {operator} {number}"
    test = next(t for duty in duties if duty.when is not None for t in single_tests(duty.when) if t.text == wanted)
    expected = {number - 1: False, number: operator == ">=", number + 1: True}
    for count, outcome in expected.items():
        facts = LAW.facts({"people": [{"in": where, "count": count}]}, source="this test")
        assert test.apply(facts, where)[0] is outcome
    several = LAW.facts({"people": [{"in": where}]}, source="this test")
    assert test.apply(several, where)[0] is None


def removable(document: dict[str, Any]) -> list[tuple[str, str]]:
    keys = [(group, key) for group, held in document.items() if isinstance(held, dict) for key in held]
    return [*keys, *((key, "") for key, held in document.items() if isinstance(held, list))]


@settings(max_examples=120)
@given(data=st.data())
def test_making_a_fact_unknown_never_turns_an_obligation_into_not_required(data: st.DataObject) -> None:
    example = data.draw(st.sampled_from(EXAMPLES))
    document = json.loads(json.dumps(example["facts"], default=str))
    before = answers(document)
    group, key = data.draw(st.sampled_from(removable(document)))
    less = {name: dict(held) if isinstance(held, dict) else held for name, held in document.items()}
    if key:
        del less[group][key]
    else:
        del less[group]
    after = answers(less)
    for name, obligation in before.items():
        if group == "at" and name.split("@")[0] not in LAW_OF_TODAY:
            continue  # without its event a duty is judged by the law of today
        if obligation.state in OWED:
            still = (
                after.get(name)
                or after.get(name.split("@")[0])
                or next((each for held, each in after.items() if held.split("@")[0] == name.split("@")[0]), None)
            )
            assert still is not None, name
            assert still.state is not ObligationState.NOT_REQUIRED, (example["id"], name, group, key)


@settings(max_examples=80)
@given(data=st.data(), hours=st.integers(1, 24 * 400))
def test_a_later_start_never_gives_an_earlier_deadline(data: st.DataObject, hours: int) -> None:
    example = data.draw(st.sampled_from(EXAMPLES))
    document = json.loads(json.dumps(example["facts"], default=str))
    later = json.loads(json.dumps(document))
    for event, at in document.get("at", {}).items():
        if "T" in at:
            later["at"][event] = (datetime.fromisoformat(at) + timedelta(hours=hours)).isoformat()
        else:
            later["at"][event] = (date.fromisoformat(at) + timedelta(days=hours // 24)).isoformat()
    before, after = answers(document), answers(later)
    for name, obligation in before.items():
        moved = after.get(name)
        same_law = moved is not None and moved.effective_from == obligation.effective_from and moved.period == obligation.period
        if moved is not None and same_law and obligation.due_at is not None and moved.due_at is not None:
            assert moved.due_at >= obligation.due_at, (example["id"], name)


@settings(max_examples=40)
@given(data=st.data(), hours=st.integers(0, 24 * 900))
def test_the_state_is_a_function_of_facts_and_filings_and_only_lateness_of_now(data: st.DataObject, hours: int) -> None:
    """Once its event is known a duty's state, date and readings do not depend on when somebody looks."""
    example = data.draw(st.sampled_from(EXAMPLES))
    facts = LAW.facts(json.loads(json.dumps(example["facts"], default=str)), source="this test")
    first = LAW.assess(facts, now=NOW).obligations
    second = {each.id: each for each in LAW.assess(facts, now=NOW + timedelta(hours=hours)).obligations}
    for each in first:
        if each.start is not None and each.id in second:
            looked_at_later = second[each.id]
            assert replace(looked_at_later, content=()) == replace(each, content=())


def test_law_that_is_only_proposed_never_gives_an_obligation() -> None:
    proposed = {duty.id for regime in LAW.regimes for duty in regime.duties if duty not in regime.applying}
    applying = {duty.id for regime in LAW.regimes for duty in regime.applying}
    assert {
        "us-circia/incident",
        "eu-gdpr-omnibus/authority",
        "us-fcc-cpni-2023/authority",
        "us-ct/massive-breach-report",
    } <= proposed
    everything = {
        "organisation": {
            "roles": ["controller"],
            "sectors": ["critical_infrastructure", "carrier"],
            "established_in": ["US", "DE"],
        },
        "at": {event: "2026-11-02" for event in ("aware", "believed", "determined", "discovered", "ransom_paid")},
        "people": [{"in": "US-CT", "count": 200000}, {"in": "HK", "count": 5}],
        "risk": {"reportable_cyber_incident": True, "individuals": "high"},
        "data": {"elements": ["name", "ssn", "cpni"]},
    }
    owed = {name.split("@")[0] for name, each in answers(everything).items() if each.state is not ObligationState.NOT_REQUIRED}
    assert not owed & (proposed - applying)


@pytest.mark.skipif(not WASHINGTON.is_dir(), reason="Washington's public list is not beside this checkout")
def test_the_day_count_agrees_with_washingtons_own() -> None:
    """RCW 19.255.010: the Attorney General's list counts days between discovery and notice; so do we."""
    compared = 0
    for path in sorted(WASHINGTON.glob("*.csv")):
        with path.open(encoding="utf-8-sig") as file:
            for row in csv.DictReader(file):
                compared += _agrees(row)
    assert compared == 1086


def _agrees(row: dict[str, str]) -> int:
    begun, ended, counted = (row[key] for key in ("DateAware", "DateSubmitted", "DaysElapsedBeforeNotification"))
    if not (begun and ended and counted):
        return 0
    first, last = (date(int(each[6:10]), int(each[:2]), int(each[3:5])) for each in (begun, ended))
    period = Period(int(float(counted)), Unit.CALENDAR_DAYS)
    end = end_of(first, period, Counting("America/Los_Angeles"), LibraryCalendars())
    assert end.astimezone(ZoneInfo("America/Los_Angeles")).date() == last, row["Id"]
    return 1
