"""The register in a file: every breach, notified or not; nothing in a cell is computed; each reader gets what is theirs."""

import csv
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from incident.cli.app import main
from incident.domain.moment import said
from incident.domain.profile import Profile
from incident.errors import ContentError, RefusedError
from incident.usecases import register_files
from incident.usecases.case_stream import Wanted as Read
from incident.usecases.case_stream import cases
from incident.usecases.closing import close_as_false_alarm
from incident.usecases.desk import Desk
from incident.usecases.filings import Sent, record_filing
from incident.usecases.register import register
from incident.usecases.register_files import Wanted, write_register
from incident.usecases.register_lists import RegisterList
from tests.conftest import NOW, PASSPHRASE, ZONE, an_incident, say


@pytest.fixture
def filled(ana: Desk) -> Desk:
    told = an_incident(ana, title="=cmd|'/c calc'!A1")
    say(ana, told, "account.what_happened", "Leo Stein saw it.")
    say(ana, told, "risk.individuals", "risk", basis="KANARI-GROUNDS")
    sent = Sent("telephone", obligation="eu-gdpr/authority", recipient="BfDI")
    record_filing(ana, told, sent, said("2026-03-02 12:00", now=NOW, zone=ZONE), now=NOW)
    close_as_false_alarm(ana, an_incident(ana, title="A test mail"), reason="KANARI-REASON", now=NOW)
    return ana


def rows_of(path: Path) -> list[list[str]]:
    if path.suffix == ".csv":
        return list(csv.reader(StringIO(path.read_text("utf-8-sig"))))
    book = load_workbook(path)
    return [["" if each is None else str(each) for each in row] for row in book.worksheets[0].iter_rows(values_only=True)]


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_a_spreadsheet_has_every_breach_and_computes_nothing(filled: Desk, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"register{suffix}"
    made = write_register(filled, Wanted(), path, now=NOW, zone=ZONE)
    rows = rows_of(path)
    assert made.rows == len(rows) - 1 == 2
    titles = {row[2] for row in rows[1:]}
    assert titles == {"'=cmd|'/c calc'!A1", "A test mail"}
    assert any("KANARI-REASON" in row[-1] for row in rows)
    assert any("BfDI" in row[-2] for row in rows)
    assert path.stat().st_mode & 0o077 == 0
    if suffix == ".xlsx":
        assert all(cell.data_type != "f" for row in load_workbook(path).worksheets[0].iter_rows() for cell in row)
    with pytest.raises(RefusedError):
        write_register(filled, Wanted(), path, now=NOW, zone=ZONE)


def test_each_reader_gets_what_is_theirs(filled: Desk, tmp_path: Path) -> None:
    texts = {}
    for profile in Profile:
        path = tmp_path / f"{profile.value}.csv"
        write_register(filled, Wanted(profile=profile), path, now=NOW, zone=ZONE)
        texts[profile] = path.read_text("utf-8-sig")
    for word, readers in {"KANARI-GROUNDS": 2, "Leo Stein": 2, "A test mail": 3, "BfDI": 4}.items():
        assert sum(word in text for text in texts.values()) == readers, word


def test_the_state_of_every_obligation_and_the_hipaa_log(filled: Desk, tmp_path: Path) -> None:
    log = an_incident(filled, title="Patients")
    for key, text in {
        "organisation.roles": "covered_entity",
        "data.elements": "name, medical",
        "people": "US-CA 120",
        "at.discovered": "2026-02-27",
        "breach.acquired": "yes",
        "data.encrypted": "no",
    }.items():
        say(filled, log, key, text)
    for kind, year in ((RegisterList.OBLIGATIONS, None), (RegisterList.HIPAA, 2026), (RegisterList.HIPAA, 2025)):
        write_register(filled, Wanted(kind, year), tmp_path / f"{kind.value}{year or ''}.csv", now=NOW, zone=ZONE)
    states = rows_of(tmp_path / "obligations.csv")[1:]
    assert any(row[2] == "eu-gdpr/authority@DE" and row[6] == "satisfied" for row in states) or any(
        row[2] == "eu-gdpr/authority" and row[6] == "satisfied" for row in states
    )
    assert not any("A test mail" in cell for row in states for cell in row)
    assert [(row[0], row[1], row[4]) for row in rows_of(tmp_path / "hipaa2026.csv")[1:]] == [
        (log.reference, "2026-02-27", "120")
    ]
    assert len(rows_of(tmp_path / "hipaa2025.csv")) == 1


def test_a_pdf_says_for_whom_and_refuses_to_be_endless(filled: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_register(filled, Wanted(profile=Profile.REGULATOR), tmp_path / "r.pdf", now=NOW, zone=ZONE)
    text = "\n".join(page.extract_text() for page in PdfReader(tmp_path / "r.pdf").pages)
    assert "Prepared for a regulator" in text
    assert "Leo Stein saw it." in text
    monkeypatch.setattr(register_files, "_MOST", 1)
    with pytest.raises(RefusedError, match="more than 1 rows"):
        write_register(filled, Wanted(), tmp_path / "s.pdf", now=NOW, zone=ZONE)
    assert not list(tmp_path.glob(".*.part"))
    with pytest.raises(ContentError):
        write_register(filled, Wanted(), tmp_path / "s.doc", now=NOW, zone=ZONE)


def test_incidents_come_one_chunk_after_the_other_and_each_once(filled: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        an_incident(filled, title=f"Case {number}")
    whole = [each.incident.id for each in cases(filled, Read(()))]
    monkeypatch.setattr("incident.usecases.case_stream.CHUNK", 2)
    assert [each.incident.id for each in cases(filled, Read(()))] == whole
    assert len(set(whole)) == 7
    assert len({each.incident.reference for each in register(filled)}) == 7
    assert not list(cases(filled, Read((), since=datetime(2027, 1, 1, tzinfo=UTC))))


def test_the_command(filled: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "words").write_text(PASSPHRASE)
    vault = ["--vault", str(filled.workspace.path), "--as", "ana", "--passphrase-file", str(tmp_path / "words")]
    assert main(["register", "write", "--to", str(tmp_path / "x.xlsx"), "--year", "2026", "--json", *vault]) == 0
    assert '"rows": 2' in capsys.readouterr().out
    assert main(["register", *vault]) == 0
    assert main(["metrics", "show", *vault]) == 0
    assert "n=" in capsys.readouterr().out
