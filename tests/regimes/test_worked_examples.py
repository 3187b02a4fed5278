"""Every worked example of the law holds: those that regimes carry, and the wider collection where it lies beside us."""

import csv
from pathlib import Path

import pytest

from incident.content.folders import regime_folders
from incident.content.regimes import read_examples
from incident.usecases.assess import load_law
from incident.usecases.examples import check_files, check_law

SHARED = Path(__file__).resolve().parents[3] / "shared" / "law"


def test_the_examples_that_regimes_carry_hold() -> None:
    outcome = check_law()
    assert outcome.problems == ()
    assert outcome.failures == ()
    assert outcome.expectations > 380


def test_every_regime_carries_examples_sources_and_dates() -> None:
    illustrated = {str(each["id"]).split(":")[0] for each in read_examples(regime_folders())}
    for regime in load_law().regimes:
        assert regime.slug in illustrated
        assert regime.source.startswith("http") or "not linked" in regime.source, regime.slug
        assert regime.recheck_by > regime.checked_on
        for duty in regime.duties:
            assert duty.citation, duty.id
            assert duty.title, duty.id


@pytest.mark.skipif(not SHARED.is_dir(), reason="the wider collection of examples is not beside this checkout")
@pytest.mark.parametrize("name", ["eu_world", "us_federal", "us_states", "unknowns"])
def test_the_wider_collection_holds_for_the_laws_that_ship(name: str) -> None:
    outcome = check_files([str(SHARED / f"examples_{name}.json")])
    assert outcome.failures == ()
    assert outcome.expectations >= 25


def test_every_duty_names_notices_that_exist_and_cover_its_elements() -> None:
    from incident.usecases.catalogue import catalogue

    templates = catalogue().templates
    for regime in load_law().regimes:
        for duty in regime.duties:
            for slug in duty.notice_templates:
                assert slug in templates, (duty.id, slug)
                covered = {element for field in templates[slug].fields for element in field.covers}
                if duty.id in templates[slug].discharges:
                    assert {each.id for each in duty.content} <= covered, (duty.id, slug)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the registry of obligations is not beside this checkout")
def test_every_obligation_of_the_registry_ships_and_no_other() -> None:
    with (SHARED / "obligations.csv").open(encoding="utf-8") as file:
        registry = {row["id"] for row in csv.DictReader(file)}
    assert load_law().known_obligations == registry
    assert len(load_law().regimes) == 180
