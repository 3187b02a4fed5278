"""Holds and other readings: days counted once, second limits and reliefs in every reading, variants not decided yet."""

import copy
from typing import Any

from tests.domain.test_assessment import BASE, found


def facts(**groups: Any) -> dict[str, Any]:
    return {**copy.deepcopy(BASE), **groups}


HIPAA: dict[str, Any] = {
    "organisation": {
        "roles": ["covered_entity"],
        "sectors": [],
        "established_in": ["US"],
        "timezone": "America/New_York",
    },
    "people": [{"in": "US-NY", "count": 40}],
}


def tolling(obligation: Any) -> str | None:
    return next((f"{each.due_at:%Y-%m-%d}" for each in obligation.readings if each.name == "tolling"), None)


def test_days_on_which_two_holds_stood_are_counted_once() -> None:
    holds = [
        {"kind": "law_enforcement", "form": "oral", "stated": "2026-04-20"},
        {"kind": "law_enforcement", "form": "written", "stated": "2026-05-10", "until": "2026-07-15"},
    ]
    each = found(facts(**HIPAA, at={"discovered": "2026-03-01"}, holds=holds))["us-hipaa/individuals"]
    assert f"{each.due_at:%Y-%m-%d}" == "2026-07-16"  # the last second of 15 July in New York
    assert tolling(each) == "2026-07-26"  # day 60 and 86 more


def test_a_hold_from_before_the_clock_counts_from_the_clock() -> None:
    holds = [{"kind": "law_enforcement", "form": "written", "stated": "2026-02-20", "until": "2026-06-30"}]
    each = found(facts(**HIPAA, at={"discovered": "2026-03-01"}, holds=holds))["us-hipaa/individuals"]
    assert tolling(each) == "2026-08-30"


def test_a_hold_that_ended_within_the_period_is_still_a_reading() -> None:
    holds = [{"kind": "law_enforcement", "form": "written", "stated": "2026-03-10", "until": "2026-03-31"}]
    each = found(facts(**HIPAA, at={"discovered": "2026-03-01"}, holds=holds))["us-hipaa/individuals"]
    assert f"{each.due_at:%Y-%m-%d}" == "2026-05-01"
    assert tolling(each) == "2026-05-22"
    assert each.earliest_at == each.due_at


def test_an_oral_statement_that_names_a_shorter_time_ends_then() -> None:
    holds = [{"kind": "law_enforcement", "form": "oral", "stated": "2026-04-25", "until": "2026-05-05"}]
    each = found(facts(**HIPAA, at={"discovered": "2026-03-01"}, holds=holds))["us-hipaa/individuals"]
    assert f"{each.due_at:%Y-%m-%d}" == "2026-05-06"


def test_only_a_written_request_is_heeded_where_the_law_says_so() -> None:
    florida = facts(
        organisation={**HIPAA["organisation"], "roles": ["controller"], "established_in": ["US-FL"]},
        people=[{"in": "US-FL", "count": 900}],
        at={"determined": "2026-03-02T10:00:00-05:00"},
    )
    oral = {"kind": "law_enforcement", "form": "oral", "stated": "2026-03-10", "until": "2026-06-30"}
    plain = found(florida)["us-fl/individuals"]
    assert found({**florida, "holds": [oral]})["us-fl/individuals"].due_at == plain.due_at
    written = found({**florida, "holds": [{**oral, "form": "written"}]})["us-fl/individuals"]
    assert written.due_at is not None
    assert plain.due_at is not None
    assert written.due_at > plain.due_at


def test_a_duty_without_a_number_shows_the_hold_that_keeps_it_waiting() -> None:
    hold = {"kind": "law_enforcement", "form": "written", "stated": "2026-09-20", "until": "2026-10-20"}
    document = facts(
        organisation={**HIPAA["organisation"], "roles": ["controller"]}, people=[{"in": "US-MA", "count": 5}], holds=[hold]
    )
    each = found(document)["us-ma/individuals"]
    assert each.state.value == "undated"
    assert each.hold is not None
    assert each.hold.base_due_at is None
    assert f"{each.hold.until_at:%Y-%m-%d}" == "2026-10-21"


DORA: dict[str, Any] = {
    "organisation": {
        "roles": ["controller"],
        "sectors": ["financial_entity"],
        "established_in": ["DE"],
        "timezone": "Europe/Berlin",
    }
}


def test_the_second_limit_stands_in_every_reading() -> None:
    """The 24 hours from awareness end an hour earlier on the dial across the clock change of 29 March."""
    at = {"aware": "2026-03-28T10:00:00+01:00", "classified_major": "2026-03-29T09:00:00+02:00"}
    organisation = {**DORA["organisation"], "sectors": ["credit_institution"]}
    each = found(facts(organisation=organisation, at=at))["eu-dora/initial"]
    readings = {reading.name: f"{reading.due_at:%H:%M}" for reading in each.readings}
    assert f"{each.due_at:%H:%M}" == "09:00"
    assert readings["wall-clock"] == "08:00"


def test_a_projection_is_relieved_like_the_deadline_it_foretells() -> None:
    at = {"aware": "2026-11-18T09:00:00+01:00", "classified_major": "2026-11-18T09:00:00+01:00"}
    each = found(facts(**DORA, at=at))["eu-dora/intermediate"]
    assert each.projected_at is not None
    assert f"{each.projected_at:%A %H:%M}" == "Monday 11:00"


def test_a_variant_that_may_apply_is_warned_by() -> None:
    """A kept list of sectors decides; without it the shorter period of critical infrastructure may be the law."""
    china = facts(
        organisation={"roles": ["controller"], "established_in": ["CN"], "timezone": "Asia/Shanghai"},
        people=[{"in": "CN", "count": 2_000_000}],
        at={"aware": "2026-09-14T10:00:00+08:00"},
    )
    each = found(china)["cn-csir/authority"]
    assert any(reading.name.startswith("if ") for reading in each.readings)
    assert each.earliest_at is not None
    assert each.due_at is not None
    assert each.earliest_at < each.due_at
    china["organisation"]["sectors"] = []
    assert not any(reading.name.startswith("if ") for reading in found(china)["cn-csir/authority"].readings)


def test_the_law_of_the_day_of_awareness_governs_the_final_report_on_a_vulnerability() -> None:
    product = {**BASE["organisation"], "sectors": ["product_manufacturer"]}
    options = {"actively_exploited_vulnerability": True}
    before = {"aware": "2026-09-10T09:00:00+02:00", "measure_available": "2026-09-20"}
    early = found(facts(organisation=product, options=options, at=before))["eu-cra/vulnerability-final"]
    assert early.state.value == "not_required"
    assert early.because is not None
    assert "law from 11 September 2026" in early.because.value
    unsaid = found(facts(organisation=product, options=options, at={"measure_available": "2026-09-20"}))
    assert unsaid["eu-cra/vulnerability-final"].state.value == "undecided"
    assert [each.fact for each in unsaid["eu-cra/vulnerability-final"].missing] == ["at.aware"]
    after = {"aware": "2026-09-12T09:00:00+02:00", "measure_available": "2026-09-05"}
    each = found(facts(organisation=product, options=options, at=after))["eu-cra/vulnerability-final"]
    assert f"{each.due_at:%Y-%m-%dT%H:%M:%S}" == "2026-09-19T21:59:59"


def test_what_settled_it_is_named_and_not_the_first_test_that_failed() -> None:
    unlikely = facts(people=[{"in": "US-MD", "count": 5}], risk={"harm_likely": False})
    each = found(unlikely)["us-md/individuals"]
    assert each.because is not None
    assert each.because.text.startswith("risk.harm_likely")


def test_a_part_of_the_union_with_a_code_of_its_own_counts_for_its_state() -> None:
    nowhere = {**BASE["organisation"], "established_in": []}
    document = facts(organisation=nowhere, people=[{"in": "RE", "count": 3}], options={"offers_in_eea": True})
    assert found(document)["eu-gdpr/authority@FR"].state.value == "due"


def test_a_filing_that_names_no_place_counts_where_there_is_one_place() -> None:
    filed = [{"obligation": "eu-gdpr/authority", "at": "2026-09-15T10:00:00+02:00"}]
    assert found(facts(filed=filed))["eu-gdpr/authority@DE"].state.value == "satisfied"
