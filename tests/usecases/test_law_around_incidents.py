"""The law around an incident: questions with their owners, contracts, packs side by side, instruments, authorities."""

from datetime import date
from pathlib import Path

import pytest

from incident.content.authorities import read_authorities
from incident.content.folders import regimes_folder
from incident.domain.authority import authority_lines
from incident.domain.places import EEA
from incident.domain.risk import Band
from incident.errors import ContentError
from incident.usecases.assess import load_law
from incident.usecases.catalogue import catalogue
from incident.usecases.contracts import contracts_folder, import_contracts, own_contracts
from incident.usecases.desk import Desk
from incident.usecases.facts import fact_lines, record_unknown
from incident.usecases.packs import incident_changes, law_of, pack_changes
from incident.usecases.questions import questions
from incident.usecases.risk import instruments, record_enisa, record_four_factors, record_harm
from tests.conftest import NOW, an_incident, say

CSV = """party,window,anchor,contact,channel,clause,when
"Atlas Insurance (invented)",3 business days,discovered,claims@atlas.example,e-mail,Policy 4.1,
Klinik Süd (invented),24 h,aware,+49 30 5550 0199,telephone,"DPA, section 8",
Big Customer (invented),immediately,aware,,,MSA 12.3,people in US-CA
"""


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """A folder of the user's own content; the law is read anew before and after."""
    monkeypatch.setenv("INCIDENT_CONTENT", str(tmp_path / "own"))
    load_law.cache_clear()
    catalogue.cache_clear()
    yield tmp_path
    monkeypatch.undo()
    load_law.cache_clear()
    catalogue.cache_clear()


def csv_file(folder: Path, text: str) -> Path:
    file = folder / "clauses.csv"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_question_names_who_was_asked_to_find_out_and_by_when(ana: Desk) -> None:
    incident = an_incident(ana)
    before = questions(ana, incident, now=NOW)
    assert before[0].open.fact == "people"
    assert before[0].open.owner == "IT"
    record_unknown(ana, incident, "people", now=NOW, owner="ana", wanted_at=NOW)
    after = questions(ana, incident, now=NOW)[0]
    assert after.open.owner == "Ana Ruiz (invented)"
    assert after.wanted_at == NOW
    say(ana, incident, "people", "DE 400")
    assert "people" not in {each.open.fact for each in questions(ana, incident, now=NOW)}


def test_clauses_become_clocks_the_tightest_first(own: Path) -> None:
    found = import_contracts(csv_file(own, CSV), today=date(2026, 3, 2))
    assert [each.short for each in found] == ["Klinik Süd (invented)", "Atlas Insurance (invented)", "Big Customer (invented)"]
    law = load_law()
    assert not law.problems
    facts = law.facts({"at": {"aware": "2026-03-02T09:00:00+01:00", "discovered": "2026-03-02"}}, source="this test")
    answer = {each.id: each for each in law.assess(facts, now=NOW).obligations}
    clinic = answer["contract-klinik-sud-invented/notice"]
    assert clinic.due_at is not None
    assert clinic.due_at.isoformat() == "2026-03-03T08:00:00+00:00"
    assert "telephone" in clinic.note
    assert answer["contract-atlas-insurance-invented/notice"].due_at is not None
    assert answer["contract-big-customer-invented/notice"].state.value == "undecided"
    assert [each.slug for each in own_contracts()][0] == "contract-klinik-sud-invented"


@pytest.mark.parametrize(
    ("row", "named"),
    [
        ("X,24 parsecs,aware", "24 parsecs"),
        ("X,24 h,awrae", "at.awrae"),
        (",24 h,aware", "party is empty"),
        ("X,24 h,aware,,,,people in USCA", "USCA"),
        ("Visa,3 business days,discovered", "ships"),
        ("X,24 h,aware,a,b,c,,too,many", "more cells"),
    ],
)
def test_a_bad_row_is_named_by_its_line_and_writes_nothing(own: Path, row: str, named: str) -> None:
    file = csv_file(own, CSV + row + "\n")
    with pytest.raises(ContentError, match=named):
        import_contracts(file, today=date(2026, 3, 2))
    assert not contracts_folder().exists()


def test_importing_again_replaces_a_partys_clauses(own: Path) -> None:
    import_contracts(csv_file(own, CSV), today=date(2026, 3, 2))
    import_contracts(csv_file(own, CSV.replace("24 h", "12 hours")), today=date(2026, 3, 2))
    clinic = next(each for each in own_contracts() if "klinik" in each.slug)
    assert [str(each.period) for each in clinic.duties] == ["12 hours"]


def test_a_new_pack_shows_its_rules_and_what_it_changes_for_open_incidents(ana: Desk, tmp_path: Path) -> None:
    incident = an_incident(ana)
    for key, text in (("people", "DE 400"), ("data.elements", "name")):
        say(ana, incident, key, text)
    say(ana, incident, "risk.individuals", "risk", basis="names in a stranger's hands")
    text = (regimes_folder() / "eu" / "eu-gdpr.toml").read_text(encoding="utf-8")
    for name, content in (("old", text), ("new", text.replace('period = "72 hours"', 'period = "96 hours"'))):
        folder = tmp_path / name / "eu"
        folder.mkdir(parents=True)
        (folder / "eu-gdpr.toml").write_text(content, encoding="utf-8")
    old, new = law_of(str(tmp_path / "old")), law_of(str(tmp_path / "new"))
    (rule,) = pack_changes(old, new)
    assert (rule.what, rule.key, rule.before, rule.after) == ("eu-gdpr/authority", "period", "72 hours", "96 hours")
    (changed,) = incident_changes(ana, old, new, now=NOW)
    assert changed.incident.id == incident.id
    assert [each.obligation for each in changed.changes] == ["eu-gdpr/authority@DE"]
    assert not pack_changes(old, old)
    with pytest.raises(ContentError, match="not a folder"):
        law_of(str(tmp_path / "none"))


def test_instruments_keep_every_input_and_decide_nothing(ana: Desk) -> None:
    incident = an_incident(ana)
    score = record_enisa(
        ana, incident, {"context": "sensitive", "identification": "0.75", "malicious": True, "reasons": "health data"}, now=NOW
    )
    record_four_factors(ana, incident, {"nature": "low"}, {"nature": "a list of first names"}, now=NOW)
    record_harm(ana, incident, {"usable": True}, "sample read", now=NOW)
    found = instruments(ana, incident)
    assert found.enisa == score
    assert score.band is Band.HIGH
    assert found.enisa.reasons == "health data"
    assert found.hipaa is not None
    assert found.hipaa.open_factors == ("recipient", "acquired", "mitigation")
    assert found.harm is not None
    assert "usable" in found.harm.advice
    assert found.decided == {}
    assert not any(each.kind.key.startswith(("risk.", "instrument")) for each in fact_lines(ana, incident))
    with pytest.raises(ContentError):
        record_enisa(ana, incident, {"context": 9, "identification": 1}, now=NOW)
    assert instruments(ana, incident).enisa == score


def test_every_eea_state_and_land_has_its_authority_with_language_and_zone() -> None:
    table = read_authorities()
    places = {each.place for each in table.authorities}
    assert places >= EEA | {"GB", "CH", "EU"}
    assert len({each for each in places if each.startswith("DE-")}) == 16
    assert len([each for each in table.authorities if each.place == "DE-BY"]) == 2
    assert all(each.languages and each.name and each.seat for each in table.authorities)
    (cnil,) = table.for_obligation("eu-gdpr/authority@FR")
    assert (cnil.name, cnil.languages, cnil.zone) == ("CNIL", ("fr",), "Europe/Paris")
    assert "18 authorities" in authority_lines(table.for_obligation("eu-gdpr/authority@DE"))[0]
    assert table.for_obligation("uk-gdpr/authority")[0].place == "GB"
    assert table.for_obligation("us-ca/individuals") == ()
