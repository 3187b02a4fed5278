"""Copies that can be relied on: made while somebody writes, tested, refused when altered, restored with the paper alone."""

import json
import shutil
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlmodel import select

from incident.domain.organisation import Organisation
from incident.domain.responder import Function
from incident.errors import RefusedError, StoreError
from incident.store.copies import alone, copies
from incident.store.copy_test import check_copy
from incident.store.keys import FLOOR
from incident.store.read_only import open_slot_of, read_only
from incident.store.tables import IncidentRow, TimelineRow
from incident.store.vault import Opened
from incident.usecases.backup import back_up, contents, forget, restore
from incident.usecases.desk import Desk
from incident.usecases.evidence import Offered, add_evidence
from incident.usecases.incidents import incident_named
from incident.usecases.timeline import log, timeline
from incident.usecases.vaults import NewResponder, prepare, recover, unlock
from tests.conftest import NOW, PASSPHRASE, a_vault, an_incident


def a_copy(desk: Desk, into: Path) -> Path:
    """A backup of a vault with one incident and one item of evidence."""
    incident = an_incident(desk)
    found = into.parent / "found.txt"
    found.write_text("what was found")
    add_evidence(desk, incident, found, Offered(), now=NOW)
    return back_up(desk, into, now=NOW).report.folder


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Opened]:
    """A copy that no test alters, and what opens it."""
    folder = tmp_path_factory.mktemp("pristine")
    desk = a_vault(folder)
    made = a_copy(desk, folder / "to")
    desk.close()
    return made, desk.workspace.slots.opened


@pytest.fixture
def copy(pristine: tuple[Path, Opened], tmp_path: Path) -> Path:
    return Path(shutil.copytree(pristine[0], tmp_path / "copy"))


@pytest.fixture
def opened(pristine: tuple[Path, Opened]) -> Opened:
    return pristine[1]


def test_a_backup_is_made_while_another_window_writes(ana: Desk, leo: Desk, tmp_path: Path) -> None:
    incident, stop = an_incident(ana), threading.Event()
    written: list[UUID] = []

    def write() -> None:
        while not stop.is_set():
            written.append(log(leo, incident, f"line {len(written)}", now=NOW).id)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        before = len(written)
        made = back_up(ana, tmp_path / "to", now=NOW)
        copied = read_only(made.report.folder, ana.workspace.slots.opened)
    finally:
        stop.set()
        thread.join()
    with copied.reading() as session:
        held = set(session.exec(select(TimelineRow.id)).all())
    copied.close()
    assert made.report.problems == ()
    assert set(written[:before]) <= held
    assert held <= set(written)
    assert ana.workspace.verify().problems == ()


def test_a_backup_is_listed_and_the_journal_says_that_one_was_taken(ana: Desk, tmp_path: Path) -> None:
    folder = a_copy(ana, tmp_path / "to")
    assert [(each.folder, each.done, each.tested_at) for each in copies(ana.workspace.path)] == [(str(folder), True, NOW)]
    assert ana.workspace.entries()[-1].act == "backup.make"
    with pytest.raises(RefusedError, match="still there"):
        forget(ana, folder)
    shutil.rmtree(folder)
    assert [each.is_there for each in copies(ana.workspace.path)] == [False]
    forget(ana, folder)
    assert copies(ana.workspace.path) == ()


def test_a_copy_inside_the_vault_or_beside_another_backup_is_refused(ana: Desk, tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="inside the vault"):
        back_up(ana, ana.workspace.path / "copies", now=NOW)
    with alone(ana.workspace.path), pytest.raises(RefusedError, match="running"):
        back_up(ana, tmp_path / "to", now=NOW)


def test_only_who_administers_makes_backups(leo: Desk, tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="may not"):
        back_up(leo, tmp_path / "to", now=NOW)


def test_a_vault_whose_journal_does_not_hold_gives_no_backup(ana: Desk, tmp_path: Path) -> None:
    an_incident(ana)
    connection = ana.workspace._connect()
    connection.execute("DROP TRIGGER journal_incident_update")
    connection.execute("UPDATE incident SET severity = 4")
    connection.close()
    with pytest.raises(StoreError, match="does not hold"):
        back_up(ana, tmp_path / "to", now=NOW)
    assert list((tmp_path / "to").iterdir()) == []
    assert copies(ana.workspace.path) == ()


@pytest.mark.parametrize("name", ["incident.db", "vault.json", "journal.anchor", "manifest.json", "evidence"])
def test_one_flipped_bit_in_any_file_of_a_copy_is_found(copy: Path, opened: Opened, tmp_path: Path, name: str) -> None:
    path = next((copy / "evidence").glob("??/*")) if name == "evidence" else copy / name
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 1
    path.write_bytes(raw)
    with pytest.raises(StoreError, match=f"{path.name}"):
        restore(copy, tmp_path / "new", opened)
    assert not (tmp_path / "new").exists()


def truncate(folder: Path) -> None:
    raw = (folder / "manifest.json").read_bytes()
    (folder / "manifest.json").write_bytes(raw[: len(raw) // 2])


def enlarge(folder: Path) -> None:
    with (folder / "manifest.json").open("r+b") as file:
        file.truncate(300 * 1024 * 1024)


def of_another_version(folder: Path) -> None:
    content = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps({**content, "format": "incident-backup/2"}))


def reach_out(folder: Path) -> None:
    content = json.loads((folder / "manifest.json").read_text())
    content["files"][0]["name"] = "../../elsewhere"
    (folder / "manifest.json").write_text(json.dumps(content))


def lose_a_file(folder: Path) -> None:
    next((folder / "evidence").glob("??/*")).unlink()


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (truncate, "damaged or cut short"),
        (enlarge, "too large"),
        (of_another_version, "another version"),
        (reach_out, "altered"),
        (lose_a_file, "missing"),
    ],
)
def test_a_harmed_copy_is_refused_with_the_sentence_that_says_which(
    copy: Path, opened: Opened, tmp_path: Path, harm: Callable[[Path], None], said: str
) -> None:
    harm(copy)
    with pytest.raises(StoreError, match=said):
        restore(copy, tmp_path / "new", opened)
    assert not (tmp_path / "new").exists()


def test_another_vaults_key_does_not_vouch_for_a_copy(copy: Path) -> None:
    with pytest.raises(StoreError, match="another vault"):
        check_copy(copy, bytes(32))


def test_restoring_never_overwrites(ana: Desk, tmp_path: Path) -> None:
    folder = a_copy(ana, tmp_path / "to")
    with pytest.raises(RefusedError, match="not empty"):
        restore(folder, ana.workspace.path, ana.workspace.slots.opened)
    restore(folder, tmp_path / "new", ana.workspace.slots.opened)
    again = unlock(tmp_path / "new", sign_in="ana", passphrase=PASSPHRASE)
    assert incident_named(again, "last").title == "A mailbox was read"
    assert again.workspace.verify().problems == ()
    assert [each.folder for each in copies(tmp_path / "new")] == [str(folder)]
    again.close()


def test_a_clean_machine_restores_with_nothing_but_the_paper(tmp_path: Path) -> None:
    pending = prepare(
        tmp_path / "vault",
        organisation=Organisation("N (invented)"),
        founder=NewResponder("Ana (invented)", "ana", Function.IT),
        passphrase=PASSPHRASE,
        cost=FLOOR,
    )
    desk = pending.confirm(pending.recovery_code, now=NOW)
    folder = a_copy(desk, tmp_path / "to")
    desk.close()
    shutil.rmtree(desk.workspace.path)
    paper = open_slot_of(folder, code=pending.recovery_code)
    assert [each.title for each in contents(folder, paper).incidents] == ["A mailbox was read"]
    restore(folder, tmp_path / "new", paper)
    again = recover(
        tmp_path / "new",
        code=pending.recovery_code,
        sign_in="ana",
        new_passphrase="another one of six words",
        now=NOW,
        cost=FLOOR,
    )
    assert again.workspace.verify().problems == ()
    incident = incident_named(again, "last")
    assert incident.title == "A mailbox was read"
    assert timeline(again, incident)
    again.close()


def test_looking_into_a_copy_leaves_it_as_it_was(copy: Path, opened: Opened) -> None:
    before = {each: (each.stat().st_mtime_ns, each.stat().st_size) for each in copy.rglob("*")}
    found = contents(copy, opened)
    assert dict(found.counts)["items of evidence"] == 1
    assert {each: (each.stat().st_mtime_ns, each.stat().st_size) for each in copy.rglob("*")} == before


def test_reading_alone_cannot_write_and_sees_what_stands_in_the_log(ana: Desk) -> None:
    an_incident(ana)
    assert (ana.workspace.path / "incident.db-wal").stat().st_size > 0
    held = read_only(ana.workspace.path, ana.workspace.slots.opened)
    with held.reading() as session:
        assert session.exec(select(IncidentRow)).one().title == "A mailbox was read"
    with pytest.raises(StoreError, match="readonly"), held.reading() as session:
        session.connection().exec_driver_sql("UPDATE incident SET severity = 1")
    held.close()
    assert held._scratch is not None
    assert not held._scratch.path.exists()


def test_evidence_that_the_vault_has_lost_is_named_and_does_not_stop_a_backup(ana: Desk, tmp_path: Path) -> None:
    a_copy(ana, tmp_path / "to")
    next((ana.workspace.path / "evidence").glob("??/*")).unlink()
    made = back_up(ana, tmp_path / "to", now=NOW + timedelta(seconds=1))
    assert len(made.report.manifest.missing) == 1
    assert made.report.problems == ()
