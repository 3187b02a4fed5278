"""Notice templates and the law: every element of every duty to an authority is said by a field, and the table says so."""

from pathlib import Path

import pytest

from incident.domain.notice import NoticeForm
from incident.domain.regime import LawStatus
from incident.usecases.assess import load_law
from incident.usecases.catalogue import catalogue
from incident.usecases.coverage import coverage, coverage_page

TABLE = Path(__file__).resolve().parents[2] / "docs" / "coverage.md"
NAMED = {
    "gdpr-authority": "eu-gdpr/authority",
    "uk-ico": "uk-gdpr/authority",
    "gdpr-fr-cnil": "eu-gdpr/authority",
    "gdpr-ie-dpc": "eu-gdpr/authority",
    "gdpr-de-lfdi-bw": "eu-gdpr/authority",
    "gdpr-es-aepd": "eu-gdpr/authority",
    "hhs-portal": "us-hipaa/secretary",
    "hhs-portal-part2": "us-part2/secretary",
    "us-ca-attorney-general": "us-ca/attorney-general",
    "us-ny-attorney-general": "us-ny/attorney-general",
    "us-tx-attorney-general": "us-tx/attorney-general",
    "us-wa-attorney-general": "us-wa/attorney-general",
    "us-me-attorney-general": "us-me/attorney-general",
    "us-ma-attorney-general": "us-ma/ocabr",
    "us-attorney-general": "us-vt/attorney-general",
    "au-oaic": "au-ndb/authority",
    "ca-opc": "ca-pipeda/authority",
    "eu-nis2-early-warning": "eu-nis2/early-warning",
    "eu-nis2-notification": "eu-nis2/notification",
    "eu-nis2-final": "eu-nis2/final",
    "eu-dora-initial": "eu-dora/initial",
    "eu-dora-intermediate": "eu-dora/intermediate",
    "eu-dora-final": "eu-dora/final",
    "eu-cra-vulnerability": "eu-cra/vulnerability-final",
    "eu-cra-incident": "eu-cra/incident-early-warning",
    "us-sec-8k": "us-sec-8k/initial",
    "us-ny-dfs": "us-ny-dfs/authority",
    "authority": "za-popia/authority",
}
TO_PEOPLE = ("/individuals", "/credit-bureaus", "/media", "/processor")


def test_every_template_is_sound() -> None:
    assert catalogue().problems == ()


@pytest.mark.parametrize(("slug", "duty"), NAMED.items())
def test_each_sheet_serves_its_duty(slug: str, duty: str) -> None:
    template = catalogue().template(slug)
    assert duty in template.duties
    assert template.form is not NoticeForm.LETTER


def test_every_duty_that_a_notice_names_is_law() -> None:
    known = load_law().known_obligations
    for template in catalogue().templates.values():
        assert set(template.duties) <= known, template.slug
        assert set(template.apart) <= set(template.discharges), template.slug


def test_no_notice_leaves_out_an_element_of_a_duty_that_it_meets() -> None:
    assert [(each.template, each.duty, each.gaps) for each in coverage() if each.template and each.gaps] == []


def test_every_duty_to_an_authority_with_content_of_its_own_has_a_notice() -> None:
    lacking = {each.duty for each in coverage() if not each.template}
    assert [each for each in sorted(lacking) if not each.endswith(TO_PEOPLE)] == []


def test_the_table_of_coverage_is_current() -> None:
    assert TABLE.read_text(encoding="utf-8") == coverage_page(coverage()), "incident notice coverage > docs/coverage.md"


def test_massachusetts_tells_its_offices_what_its_residents_must_not_be_told() -> None:
    duties = [each for regime in load_law().regimes if regime.slug == "us-ma" for each in regime.duties]
    people = next(each for each in duties if each.slug == "individuals" and each.status is LawStatus.IN_FORCE)
    forbidden = {each.id for each in people.forbidden}
    sheet = catalogue().template("us-ma-attorney-general")
    covered = {element for field in sheet.fields for element in field.covers}
    assert {"description", "number"} <= covered
    assert forbidden, "the law as loaded names what the letter leaves out"
    assert "us-ma/individuals" not in sheet.duties


@pytest.mark.parametrize(
    ("slug", "obligation", "meets"),
    [
        ("gdpr-fr-cnil", "eu-gdpr/authority@FR", True),
        ("gdpr-fr-cnil", "eu-gdpr/authority@DE", False),
        ("gdpr-de-lfdi-bw", "eu-gdpr/authority@DE-BW", True),
        ("gdpr-authority", "eu-gdpr/authority@FR", True),
        ("uk-ico", "uk-gdpr/authority", True),
        ("us-attorney-general", "us-ca/attorney-general", False),
    ],
)
def test_a_national_sheet_meets_its_own_authority_alone(slug: str, obligation: str, meets: bool) -> None:
    assert catalogue().template(slug).meets(obligation) is meets


def test_what_was_not_checked_is_said() -> None:
    for slug in NAMED:
        template = catalogue().template(slug)
        assert template.unverified or template.exchange, slug
