"""Every worked example of the law holds: those that regimes carry, and the wider collection where it lies beside us."""

from pathlib import Path

import pytest

from incident.usecases.assess import load_law
from incident.usecases.examples import check_files, check_law

SHARED = Path(__file__).resolve().parents[3] / "shared" / "law"


def test_the_examples_that_regimes_carry_hold() -> None:
    outcome = check_law()
    assert outcome.problems == ()
    assert outcome.failures == ()
    assert outcome.expectations >= 15


def test_every_regime_carries_examples_sources_and_dates() -> None:
    for regime in load_law().regimes:
        assert len(regime.examples) >= 3, regime.slug
        assert regime.source.startswith("https://")
        assert regime.recheck_by > regime.checked_on
        for duty in regime.duties:
            assert duty.citation, duty.id
            assert duty.title, duty.id


@pytest.mark.skipif(not SHARED.is_dir(), reason="the wider collection of examples is not beside this checkout")
@pytest.mark.parametrize("name", ["eu_world", "us_federal", "us_states", "unknowns"])
def test_the_wider_collection_holds_for_the_laws_that_ship(name: str) -> None:
    outcome = check_files([str(SHARED / f"examples_{name}.json")])
    assert outcome.failures == ()
    assert outcome.expectations > 10


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
