"""A dossier is checked by a stranger: with Python and `cryptography`, without this program; whatever is altered is named."""

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from incident.cli.app import main
from incident.domain.incident import Incident
from incident.domain.moment import said
from incident.domain.notice import NoticeKind
from incident.domain.profile import Profile
from incident.errors import RefusedError
from incident.store.journal_extract import incident_proofs
from incident.store.proof import proof
from incident.usecases.desk import Desk
from incident.usecases.dossier import write_dossier
from incident.usecases.filings import Sent, record_filing
from incident.usecases.notices import NewNotice, begin
from incident.usecases.review import answer_review
from incident.usecases.timeline import log
from incident.usecases.versions import approve, freeze
from tests.conftest import NOW, PASSPHRASE, ZONE, an_incident, say
from tests.usecases.test_incident_life import ACCOUNT

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def incident(ana: Desk, leo: Desk, tmp_path: Path) -> Incident:
    """One that was notified: a frozen and approved text, a filing with a receipt, a privileged line, a review."""
    found = an_incident(ana)
    for key, text in ACCOUNT.items():
        say(ana, found, key, text)
    say(ana, found, "risk.individuals", "risk", basis="KANARI-GROUNDS")
    notice = begin(ana, found, NewNotice("gdpr-authority", recipient_name="Authority"), now=NOW)
    version = freeze(ana, notice.notice.id, NoticeKind.INITIAL, now=NOW)
    approve(leo, version.id, now=NOW)
    receipt = tmp_path / "receipt ü.txt"
    receipt.write_text("received (invented)")
    sent = Sent("portal", version_id=version.id, recipient="Authority", reference="R-1", receipt=receipt)
    record_filing(ana, found, sent, said("2026-03-02 15:02", now=NOW, zone=ZONE), now=NOW)
    log(ana, found, "KANARI-COUNSEL", now=NOW, privileged=True)
    answer_review(ana, found, {"how_it_happened": "KANARI-ANSWER by Leo Stein."}, now=NOW)
    return found


def unpacked(desk: Desk, incident: Incident, folder: Path, profile: Profile = Profile.REGULATOR) -> Path:
    write_dossier(desk, incident, folder / f"{profile.value}.zip", now=NOW, zone=ZONE, profile=profile)
    with zipfile.ZipFile(folder / f"{profile.value}.zip") as archive:
        archive.extractall(folder / profile.value)
    return next((folder / profile.value).iterdir())


def checked(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """By Python alone: no path of ours, no site of the user, no environment (`-I`)."""
    command = [sys.executable, "-I", str(folder / "verify_dossier.py"), *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")


def test_a_stranger_verifies_it_and_names_what_was_altered(ana: Desk, incident: Incident, tmp_path: Path) -> None:
    folder = unpacked(ana, incident, tmp_path)
    done = checked(folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 frozen texts hold, with 1 signed approvals." in done.stdout
    assert "1 of 1 receipts are here and hold." in done.stdout
    about = json.loads((folder / "dossier.json").read_text())
    assert len(about["journal"]["entries"]) >= 10
    assert "Signed with the key of Leo Stein (invented)" in done.stdout
    for name in ("tables/timeline.csv", "documents", "receipts", "journal", "review"):
        victim = folder / name if (folder / name).is_file() else sorted((folder / name).iterdir())[0]
        before = victim.read_bytes()
        victim.write_bytes(before[:-2] + b"x" + before[-1:])
        assert checked(folder).returncode == 1, name
        victim.write_bytes(before)
    (folder / "receipts" / "more.txt").write_text("slipped in")
    assert "not in the list" in checked(folder).stdout
    (folder / "receipts" / "more.txt").unlink()
    sorted((folder / "journal").iterdir())[3].unlink()
    assert "missing" in checked(folder).stdout


def test_a_list_made_anew_after_an_edit_is_not_signed(ana: Desk, incident: Incident, tmp_path: Path) -> None:
    folder = unpacked(ana, incident, tmp_path)
    listed = (folder / "SHA256SUMS").read_text()
    (folder / "SHA256SUMS").write_text("".join(line for line in listed.splitlines(True) if "  tables/" not in line))
    shutil.rmtree(folder / "tables")
    assert "the list's signature does not hold" in checked(folder).stdout
    assert checked(folder, "--key", "00").returncode == 1


@pytest.mark.parametrize("profile", list(Profile))
def test_each_reader_gets_what_is_theirs_and_every_dossier_verifies(
    ana: Desk, incident: Incident, tmp_path: Path, profile: Profile
) -> None:
    folder = unpacked(ana, incident, tmp_path, profile)
    assert checked(folder).returncode == 0
    text = "\n".join(each.read_text("utf-8-sig") for each in folder.rglob("*") if each.suffix in (".csv", ".json", ".md"))
    assert ("KANARI-COUNSEL" in text) == (profile is Profile.PRIVILEGED)
    ours = profile in (Profile.PRIVILEGED, Profile.REGULATOR)
    assert ("KANARI-GROUNDS" in text) == ours
    assert (folder / "documents").exists() == ours
    assert (folder / "journal").exists() == ours
    if not ours:
        assert "Leo Stein" not in text
        assert "Ana Ruiz" not in text
    assert ("KANARI-ANSWER" in text) == (profile is not Profile.PUBLIC)


def test_it_is_never_written_over_a_file_and_leaves_none_behind(ana: Desk, incident: Incident, tmp_path: Path) -> None:
    there = tmp_path / "there.zip"
    there.write_text("mine")
    with pytest.raises(RefusedError):
        write_dossier(ana, incident, there, now=NOW, zone=ZONE)
    assert there.read_text() == "mine"
    assert not list(tmp_path.glob(".*.part"))


def test_many_proofs_are_those_that_are_made_one_by_one(ana: Desk, incident: Incident) -> None:
    for number in range(150):
        log(ana, incident, f"line {number}", now=NOW)
    ana.workspace.checkpoint(now=NOW)
    with ana.workspace.reading() as session:
        connection = session.connection().connection.driver_connection
        many = list(incident_proofs(connection, (incident.id,), ana.workspace.vault_id))
        assert len(many) > 150
        newest = many[-1]
        assert newest == proof(connection, newest["entry"]["seq"], ana.workspace.vault_id)  # type: ignore[index]


def test_the_verifiers_that_are_packed_are_those_in_scripts() -> None:
    for name in ("verify_dossier.py", "verify_journal.py"):
        packed = (ROOT / "incident" / "documents" / "dossier" / f"{name}.txt").read_bytes()
        assert packed == (ROOT / "scripts" / name).read_bytes()
        assert len(packed.splitlines()) <= 150


def test_the_command(ana: Desk, incident: Incident, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "words").write_text(PASSPHRASE)
    vault = ["--vault", str(ana.workspace.path), "--as", "ana", "--passphrase-file", str(tmp_path / "words")]
    assert main(["dossier", "--json", "--to", str(tmp_path / "d.zip"), "--profile", "public", *vault]) == 0
    assert json.loads(capsys.readouterr().out)["dossier"]["entries"] == 0
