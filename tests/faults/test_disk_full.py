"""F3, F21: the disk is full. Nothing is half done, reading and the emergency export go on, and space makes all well again."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from incident.domain.incident import Incident
from incident.errors import StoreError
from incident.store.copies import copies
from incident.store.engine import VaultConnection, read_only_connector
from incident.store.purge import PENDING
from incident.store.read_only import read_only
from incident.usecases.backup import back_up, restore
from incident.usecases.closing import close_as_false_alarm
from incident.usecases.desk import Desk
from incident.usecases.emergency import emergency_record
from incident.usecases.incidents import incident_named, incidents
from incident.usecases.retention import finish, purge_incident
from incident.usecases.timeline import log, timeline
from tests.conftest import NOW, PASSPHRASE, a_vault, an_incident

UNWRITABLE = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
from incident.cli.app import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 6 MB; skipped where none can be made."""
    folder = tmp_path / "disk"
    folder.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(folder)], capture_output=True, check=False)
    if made.returncode:
        pytest.skip("a small disk needs the right to mount one")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=False)


def fill(folder: Path) -> Path:
    """Take every byte that is left."""
    path = folder / "ballast"
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for size in (65536, 4096, 1):
        with suppress(OSError):
            while True:
                os.write(handle, bytes(size))
    os.close(handle)
    return path


def write_until_refused(desk: Desk, incident: Incident) -> tuple[int, StoreError]:
    for number in range(100_000):
        try:
            log(desk, incident, f"line {number} " + "x" * 2000, now=NOW)
        except StoreError as error:
            return number, error
    raise AssertionError("the disk never filled")


def lines(desk: Desk, incident: Incident) -> int:
    return len([each for each in timeline(desk, incident) if each.text.startswith("line ")])


def record(desk: Desk) -> str:
    vault = read_only(desk.workspace.path, desk.workspace.slots.opened)
    try:
        return "\n".join(emergency_record(vault, "last", now=NOW))
    finally:
        vault.close()


def test_a_change_on_a_full_disk_is_refused_whole_and_works_again(small_disk: Path) -> None:
    desk = a_vault(small_disk)
    incident = an_incident(desk)
    ballast = fill(small_disk)
    written, refused = write_until_refused(desk, incident)
    assert "full" in refused.message
    assert "Free some space" in refused.hint
    assert lines(desk, incident) == written
    assert "line" in record(desk) or not written
    ballast.unlink()
    log(desk, incident, "line again", now=NOW)
    assert lines(desk, incident) == written + 1
    assert desk.workspace.verify().problems == ()
    desk.close()


def test_the_emergency_export_works_on_a_full_disk_with_the_vault_closed_and_open(small_disk: Path) -> None:
    desk = a_vault(small_disk)
    an_incident(desk)
    fill(small_disk)
    assert "A mailbox was read" in record(desk)
    desk.close()
    assert "A mailbox was read" in record(desk)


def test_a_backup_to_a_full_disk_leaves_nothing_and_works_later(ana: Desk, small_disk: Path) -> None:
    an_incident(ana)
    ballast = fill(small_disk)
    with pytest.raises(StoreError, match="backup cannot be made") as refused:
        back_up(ana, small_disk, now=NOW)
    assert "Free some space" in refused.value.hint
    assert [each.name for each in small_disk.iterdir()] == ["ballast"]
    assert copies(ana.workspace.path) == ()
    ballast.unlink()
    made = back_up(ana, small_disk, now=NOW)
    fill(small_disk)
    with pytest.raises(StoreError, match="cannot be restored"):
        restore(made.report.folder, small_disk / "new", ana.workspace.slots.opened)
    assert not list(small_disk.glob("new*"))


def test_a_full_vault_can_still_be_backed_up_to_another_disk(small_disk: Path, tmp_path: Path) -> None:
    desk = a_vault(small_disk)
    an_incident(desk)
    ballast = fill(small_disk)
    made = back_up(desk, tmp_path / "to", now=NOW)
    assert made.report.problems == ()
    assert made.unlisted
    ballast.unlink()
    assert back_up(desk, tmp_path / "to", now=NOW + timedelta(seconds=1)).unlisted == ""
    desk.close()


def test_a_purge_on_a_full_disk_happens_whole_or_not_at_all(small_disk: Path) -> None:
    desk = a_vault(small_disk)
    incident = close_as_false_alarm(desk, an_incident(desk), reason="was none", now=NOW)
    ballast = fill(small_disk)
    later = NOW + timedelta(days=4000)
    residue = ""
    try:
        residue = purge_incident(desk, incident, reason="time is up", now=later).purged.residue
    except StoreError:
        assert incident_named(desk, incident.reference).title == "A mailbox was read"
    ballast.unlink()
    if residue:
        assert (desk.workspace.path / PENDING).exists()
    assert finish(desk) == ""
    if incidents(desk):
        assert purge_incident(desk, incident, reason="time is up", now=later).purged.residue == ""
    assert incidents(desk) == ()
    assert desk.workspace.verify().problems == ()
    desk.close()


def closed(desk: Desk) -> None:
    desk.close()


def killed(desk: Desk) -> None:
    """Leave the write-ahead log as a crash leaves it."""
    held = {each.name: each.read_bytes() for each in desk.workspace.path.glob("incident.db*")}
    desk.close()
    for name, content in held.items():
        (desk.workspace.path / name).write_bytes(content)


@pytest.mark.parametrize("leave", [closed, killed])
def test_the_emergency_export_needs_no_file_to_be_written(ana: Desk, tmp_path: Path, leave: Callable[[Desk], None]) -> None:
    an_incident(ana)
    leave(ana)
    words = tmp_path / "words"
    words.write_text(PASSPHRASE)
    before = {each.name: each.read_bytes() for each in ana.workspace.path.iterdir() if each.is_file()}
    options = ["--vault", str(ana.workspace.path), "--as", "ana", "--passphrase-file", str(words)]
    done = subprocess.run(
        [sys.executable, "-c", UNWRITABLE, "export", "emergency", "--to", "-", *options],
        capture_output=True,
        text=True,
        check=False,
    )
    assert {each.name: each.read_bytes() for each in ana.workspace.path.iterdir() if each.is_file()} == before
    assert done.returncode == 0, done.stderr
    assert "A mailbox was read" in done.stdout


def test_a_vault_that_may_only_be_read_gives_its_record(ana: Desk) -> None:
    an_incident(ana)
    ana.close()
    for each in (ana.workspace.path, *ana.workspace.path.rglob("*")):
        each.chmod(0o500 if each.is_dir() else 0o400)
    assert "A mailbox was read" in record(ana)
    ana.workspace.path.chmod(0o700)


def test_a_log_that_cannot_be_read_is_said_and_not_passed_over(ana: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    an_incident(ana)
    ana.close()
    (ana.workspace.path / "incident.db-wal").write_bytes(b"what is left of a log")
    monkeypatch.setattr("incident.store.read_only._copied", lambda database, log: None)
    connect = read_only_connector

    def refused(path: Path, key: bytes, *, with_log: bool = False) -> Callable[[], VaultConnection]:
        if with_log:
            raise StoreError("The file is held by another window.")
        return connect(path, key)

    monkeypatch.setattr("incident.store.read_only.read_only_connector", refused)
    text = record(ana)
    assert "newest changes may be missing" in text
    assert "A mailbox was read" in text
