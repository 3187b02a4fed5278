"""From recipients' files to a folder of letters: complete, nobody twice, the same again after any end."""

import hashlib
import io
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path
from uuid import UUID

import pytest
from pypdf import PdfReader

from incident.documents.letterpress import oracle
from incident.documents.letterpress.oracle import Written
from incident.domain.incident import Incident
from incident.domain.letters import Output
from incident.errors import DocumentError, IncidentError, RefusedError, StoreError
from incident.store import durable
from incident.usecases import letters_files, letters_press
from incident.usecases.desk import Desk
from incident.usecases.incidents import incidents
from incident.usecases.letters_press import press_letters
from incident.usecases.letters_returned import runs
from incident.usecases.vaults import unlock
from tests.conftest import NOW, PASSPHRASE, a_vault
from tests.usecases.letter_runs import HEAD, a_letter, an_order, manifest, person, rejected, write

LATER = NOW + timedelta(hours=3)


@pytest.fixture(scope="module")
def _made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, UUID, UUID]:
    """A vault with an approved letter and one that is only frozen."""
    ana = a_vault(tmp_path_factory.mktemp("lettered"))
    leo = unlock(ana.workspace.path, sign_in="leo", passphrase=PASSPHRASE)
    incident, version = a_letter(ana, leo)
    draft = a_letter(ana, None, of=incident)[1]
    leo.close()
    ana.close()
    return ana.workspace.path, version, draft


@pytest.fixture
def desk(tmp_path: Path, _made: tuple[Path, UUID, UUID]) -> Iterator[Desk]:
    shutil.copytree(_made[0], tmp_path / "vault")
    desk = unlock(tmp_path / "vault", sign_in="ana", passphrase=PASSPHRASE)
    yield desk
    shutil.copytree(tmp_path / "vault" / "layouts", _made[0] / "layouts", dirs_exist_ok=True)
    desk.close()


@pytest.fixture
def incident(desk: Desk) -> Incident:
    return incidents(desk)[0]


@pytest.fixture
def version(_made: tuple[Path, UUID, UUID]) -> UUID:
    return _made[1]


@pytest.fixture
def draft(_made: tuple[Path, UUID, UUID]) -> UUID:
    return _made[2]


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letters_press, "CHUNK", 10)
    monkeypatch.setattr(letters_press, "is_drawn", lambda number: False)  # one test draws: starting WeasyPrint takes a second


def people(tmp_path: Path, count: int = 25) -> Path:
    return write(tmp_path / "people.csv", (person(n) for n in range(count)))


def words(pdf: bytes) -> str:
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def hashes(folder: Path) -> dict[str, str]:
    return {each.name: hashlib.sha256(each.read_bytes()).hexdigest() for each in folder.glob("letters-*")}


def test_every_accepted_row_gets_one_letter_sorted_by_postcode(
    desk: Desk, incident: Incident, version: UUID, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letters_press, "is_drawn", lambda number: number == 1)
    order = an_order(tmp_path / "out", [people(tmp_path)], version, output=Output.ZIP, processes=1)
    result = press_letters(desk, incident, order, now=NOW)
    assert (result.letters, result.refused, result.state) == (25, 0, "finished")
    rows = manifest(order.folder)
    assert [each["key"] for each in rows] == [f"c{n}" for n in range(25)]
    for each in rows[:: len(rows) - 1]:
        archive, _, name = each["file"].partition("/")
        with zipfile.ZipFile(order.folder / archive) as packed:
            assert packed.testzip() is None
            pdf = packed.read(name)
        assert hashlib.sha256(pdf).hexdigest() == each["sha256"]
        assert f"Nr{each['key'][1:]}" in words(pdf)
        assert each["reference"] in words(pdf)
    said = {each.name for each in order.folder.iterdir()}
    assert "NOT-FINISHED.txt" not in said
    assert "not encrypted" in (order.folder / "README.txt").read_text()
    assert not any(each.stat().st_mode & 0o077 for each in (order.folder, *order.folder.iterdir()))
    assert runs(desk, incident)[0].letters == 25
    with pytest.raises(RefusedError, match="is finished"):
        press_letters(desk, incident, order, now=LATER)


@pytest.mark.parametrize("output", [Output.COMBINED, Output.FOLDER])
def test_what_was_interrupted_goes_on_without_a_gap_or_a_double(
    desk: Desk, incident: Incident, version: UUID, tmp_path: Path, output: Output
) -> None:
    whole = an_order(tmp_path / "whole", [people(tmp_path)], version, output=output, processes=1)
    press_letters(desk, incident, whole, now=NOW)
    order = replace(whole, folder=tmp_path / "out")
    first = press_letters(desk, incident, order, now=NOW, cancelled=lambda: True)
    assert (first.state, first.letters) == ("cancelled", 10)
    assert (order.folder / "NOT-FINISHED.txt").exists()
    assert not (order.folder / "manifest.csv").exists()
    lost = next(order.folder.glob("letters-*"))
    shutil.rmtree(lost) if lost.is_dir() else lost.unlink()
    second = press_letters(desk, incident, order, now=LATER)
    assert (second.state, second.letters) == ("finished", 25)
    assert [each["sha256"] for each in manifest(order.folder)] == [each["sha256"] for each in manifest(whole.folder)]
    other = write(tmp_path / "other.csv", [person(77)])
    with pytest.raises(RefusedError, match="another run"):
        press_letters(desk, incident, replace(order, files=(other,)), now=LATER)


def test_shards_are_disjoint_and_together_everything(desk: Desk, incident: Incident, version: UUID, tmp_path: Path) -> None:
    codes = tmp_path / "codes.txt"
    codes.write_text("\n".join(f"CODE-{n:04d}" for n in range(40)))
    file = write(tmp_path / "people.csv", [*(person(n) for n in range(35)), person(3)])
    whole = an_order(tmp_path / "whole", [file], version, codes=codes, processes=1)
    press_letters(desk, incident, whole, now=NOW)
    for at in (1, 2, 3):
        order = replace(whole, folder=tmp_path / f"s{at}", shard=(at, 3))
        press_letters(desk, incident, order, now=NOW)
    parts = [hashes(tmp_path / f"s{at}") for at in (1, 2, 3)]
    assert sum(map(len, parts)) == 4
    assert parts[0] | parts[1] | parts[2] == hashes(whole.folder)
    assert [len(rejected(tmp_path / f"s{at}" / "rejected.csv")) for at in (1, 2, 3)] == [1, 0, 0]


def test_no_code_is_given_twice_and_a_small_pool_presses_nothing(
    desk: Desk, incident: Incident, version: UUID, tmp_path: Path
) -> None:
    codes, order = tmp_path / "codes.txt", an_order(tmp_path / "a", [people(tmp_path, 6)], version, output=Output.FOLDER)
    codes.write_text("code\n" + "\n".join(f"CODE-{n:04d}" for n in range(10)))
    press_letters(desk, incident, replace(order, codes=codes), now=NOW)
    given = [words(path.read_bytes()) for path in sorted((tmp_path / "a" / "letters-00001").iterdir())]
    assert [f"CODE-{n:04d}" in text for n, text in enumerate(given)] == [True] * 6
    second = replace(order, folder=tmp_path / "b", codes=codes, files=(write(tmp_path / "b.csv", [person(50), person(51)]),))
    codes.write_text("\n".join(f"CODE-{n:04d}" for n in reversed(range(10))))
    press_letters(desk, incident, second, now=NOW)
    later = [words(path.read_bytes()) for path in sorted((tmp_path / "b" / "letters-00001").iterdir())]
    assert ["CODE-0009" in later[0], "CODE-0008" in later[1]] == [True, True]
    third = replace(order, folder=tmp_path / "c", codes=codes, files=(write(tmp_path / "c.csv", map(person, range(60, 63))),))
    with pytest.raises(RefusedError, match="2 free codes of 10; 3 letters want one each"):
        press_letters(desk, incident, third, now=NOW)
    assert not list((tmp_path / "c").glob("letters-*"))
    codes.write_text("CODE-0001\nCODE-0002\ncode-0001\n")
    with pytest.raises(IncidentError, match="line 3: this code stands there twice"):
        press_letters(desk, incident, replace(third, folder=tmp_path / "d"), now=NOW)


def test_a_mix_up_stops_the_run_for_good(
    desk: Desk, incident: Incident, version: UUID, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = an_order(tmp_path / "out", [people(tmp_path)], version, processes=1)
    true = oracle.verify_file

    def mixed(pdf: bytes, held: list[Written], sample: list[int]) -> int:
        swapped = [replace(held[1], first=held[0].first), replace(held[0], first=held[1].first), *held[2:]]
        return true(pdf, swapped, [0])

    monkeypatch.setattr(letters_files, "verify_file", mixed)
    with pytest.raises(DocumentError, match="bears the reference of another"):
        press_letters(desk, incident, order, now=NOW)
    monkeypatch.undo()
    assert not list(order.folder.glob("letters-*"))
    assert "may be sent" in (order.folder / "STOPPED.txt").read_text()
    with pytest.raises(RefusedError, match="stopped by its checks"):
        press_letters(desk, incident, order, now=LATER)
    assert runs(desk, incident)[0].state == "stopped"


def test_a_full_disk_leaves_nothing_that_looks_done(
    desk: Desk, incident: Incident, version: UUID, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = an_order(tmp_path / "out", [people(tmp_path)], version, processes=1)
    true, calls = durable.sync_folder, list[Path]()

    def full(path: Path) -> None:
        calls.append(path)
        if len(calls) == 2:
            raise OSError(28, "No space left on device")
        true(path)

    monkeypatch.setattr(letters_files, "sync_folder", full)
    with pytest.raises(StoreError, match="No space left on device"):
        press_letters(desk, incident, order, now=NOW)
    assert (order.folder / "NOT-FINISHED.txt").exists()
    assert not (order.folder / "manifest.csv").exists()
    assert press_letters(desk, incident, order, now=LATER).letters == 25


def test_names_that_no_font_has_are_rejected_and_the_rest_is_pressed(
    desk: Desk, incident: Incident, version: UUID, tmp_path: Path
) -> None:
    names = {1: "مريم (invented)", 2: "Nguyễn Thị Ánh (invented)", 3: "Smile 😀 (invented)", 4: "דוד (invented)"}
    file = write(tmp_path / "people.csv", [person(n, **({"Name": names[n]} if n in names else {})) for n in range(6)])
    order = an_order(tmp_path / "out", [file], version, duplex=True, separators=True)
    result = press_letters(desk, incident, order, now=NOW)
    assert (result.letters, result.refused) == (3, 3)
    said = rejected(order.folder / "rejected.csv")
    assert [each[1] for each in said] == ["3", "5", "6"]
    assert all("No font here has the characters" in each[3] for each in said)
    pdf = PdfReader(order.folder / "letters-00001.pdf")
    assert "Batch 1 of 1" in pdf.pages[0].extract_text()
    rows = manifest(order.folder)
    assert [each["page"] % 2 for each in rows] == [1, 1, 1]
    assert result.pages == len(pdf.pages) == 2 + sum(each["pages"] for each in rows)


def test_only_people_who_agreed_get_an_email(desk: Desk, incident: Incident, version: UUID, tmp_path: Path) -> None:
    head = (*HEAD, "E-mail", "Opt-in")
    rows = [[*person(1), "zoe@example.org", "yes"], [*person(2), "nr2@example.org", "no"], [*person(3), "no address", "yes"]]
    file = write(tmp_path / "people.csv", rows, head)
    mails = an_order(tmp_path / "mails", [file], version, output=Output.EML)
    press_letters(desk, incident, mails, now=NOW)
    made = list((mails.folder / "letters-00001").iterdir())
    mail = message_from_bytes(made[0].read_bytes(), policy=policy.default)
    body, attached = mail.get_body(("plain",)), next(mail.iter_attachments())
    assert (len(made), mail["To"], mail["X-Unsent"]) == (1, "zoe@example.org", "1")
    assert body is not None
    assert "Zoë Nr1 (invented)" in body.get_content()
    assert "social security number" in body.get_content().lower()
    assert "Zoë" in words(attached.get_content())
    assert [each[2] for each in rejected(mails.folder / "rejected.csv")] == [
        "did not agree to e-mail",
        "the row cannot be used",
    ]
    paper = replace(mails, folder=tmp_path / "paper", output=Output.PRINT, without_email=True)
    press_letters(desk, incident, paper, now=NOW)
    assert [each["key"] for each in manifest(paper.folder)] == ["c2"]


def test_only_an_approved_letter_is_pressed_and_a_proof_is_a_marked_handful(
    desk: Desk, incident: Incident, draft: UUID, tmp_path: Path
) -> None:
    order = an_order(tmp_path / "out", [people(tmp_path, 30)], draft)
    with pytest.raises(RefusedError, match="is not approved"):
        press_letters(desk, incident, order, now=NOW)
    assert not order.folder.exists()
    result = press_letters(desk, incident, replace(order, proof=True), now=NOW)
    assert result.letters == letters_press.PROOFS
    assert "DRAFT" in PdfReader(order.folder / "letters-00001.pdf").pages[0].extract_text()
    assert runs(desk, incident) == ()


def test_a_folder_with_something_in_it_is_left_alone(desk: Desk, incident: Incident, version: UUID, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "mine.txt").write_text("mine")
    with pytest.raises(RefusedError, match="is not empty"):
        press_letters(desk, incident, an_order(folder, [people(tmp_path, 2)], version), now=NOW)
    assert [each.name for each in folder.iterdir()] == ["mine.txt"]
