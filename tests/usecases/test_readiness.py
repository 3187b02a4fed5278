"""Which laws a profile brings within reach, which notices and languages they lack, and when a check is stale."""

from datetime import date, timedelta

from incident.domain.organisation import Organisation
from incident.domain.readiness import (
    ContactKind,
    NumberTest,
    ReachedLaw,
    Ready,
    StandingContact,
    contact_checks,
    copy_checks,
    exercise_checks,
    law_checks,
    people_checks,
)
from incident.usecases.desk import Desk, responders
from incident.usecases.people import change_responder
from incident.usecases.readiness import reached_laws
from tests.conftest import NOW, ZONE


def reached(**said: object) -> dict[str, ReachedLaw]:
    profile = Organisation("Nordlicht (invented)", timezone=ZONE, **said)  # type: ignore[arg-type]
    return {each.slug: each for each in reached_laws(profile, now=NOW)}


def test_an_answer_that_is_missing_excludes_no_law() -> None:
    everything = reached()
    german = reached(roles=("controller",), sectors=(), established_in=("DE",), offers_in_uk="no", card_data_contract="no")
    assert set(german) < set(everything)
    assert [slug for slug, each in german.items() if each.certain] == ["eu-gdpr"]
    assert "us-ca" in german  # people in California may be affected, wherever we are


def test_a_language_that_the_authority_reads_and_no_notice_has_is_a_gap() -> None:
    def lacking(place: str) -> set[str]:
        laws = reached(roles=("controller",), sectors=(), established_in=(place,), lead_authority=place)
        return {language for each in laws["eu-gdpr"].languages_lacking.values() for language in each}

    assert lacking("FR") == set()
    assert "fi" in lacking("FI") or "sv" in lacking("FI")


def test_a_law_without_a_notice_and_one_past_its_recheck_are_named() -> None:
    law = ReachedLaw(
        "xx-law",
        "XX Law",
        certain=True,
        recheck_by=date(2026, 1, 1),
        without_notice=("tell the authority",),
        languages_lacking={},
    )
    found = {each.topic: each for each in law_checks((law,), today=NOW.date()) if each.state is not Ready.READY}
    assert found["notices"].state is Ready.GAP
    assert "tell the authority" in found["notices"].text
    assert found["laws"].mend == "`incident regimes stale`"


def test_a_test_of_a_number_grows_old_and_counts_for_that_number_only(ana: Desk) -> None:
    leo = change_responder(ana, "leo", phone="+49 30 5550 0101", now=NOW)
    for phone, answered, days, state in (
        (leo.phone, True, 1, Ready.READY),
        (leo.phone, True, 200, Ready.LOOK),
        (leo.phone, False, 1, Ready.GAP),
        ("+49 30 5550 0999", True, 1, Ready.GAP),
    ):
        tried = NumberTest(leo.id, phone, answered, NOW - timedelta(days=days))
        checks = people_checks(responders(ana), (tried,), now=NOW)
        (found,) = [each for each in checks if each.topic == "numbers" and each.text.startswith(leo.name)]
        assert found.state is state, (phone, answered, days)


def test_contacts_copies_and_exercises_grow_old() -> None:
    def states(kind: str, checks: object) -> list[Ready]:
        return [each.state for each in checks if each.topic == kind]  # type: ignore[attr-defined]

    firm = StandingContact(ContactKind.INSURER, "Firm (invented)", "+49 30 5550 0199", "P-7", date(2024, 1, 1))
    assert states("contacts", contact_checks((firm,), today=NOW.date()))[0] is Ready.LOOK
    assert states("backups", copy_checks((NOW - timedelta(days=1), False), now=NOW)) == [Ready.GAP]
    assert states("backups", copy_checks((NOW - timedelta(days=9), True), now=NOW)) == [Ready.LOOK]
    assert states("exercises", exercise_checks(NOW - timedelta(days=400), now=NOW)) == [Ready.LOOK]
