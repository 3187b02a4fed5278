"""A process killed while it reads a vault alone: its encrypted copy in memory is removed by the next one, never a live one."""

import subprocess
import sys
from pathlib import Path

import pytest

from incident.store import scratch
from incident.store.read_only import read_only
from incident.usecases.desk import Desk
from incident.usecases.vaults import unlock
from tests.conftest import NOW, PASSPHRASE, an_incident

KILLED = """
import os, signal, sys
from pathlib import Path
from incident.store import scratch
scratch._MEMORY = Path(sys.argv[1])
(scratch.new_scratch().path / "incident.db").write_bytes(b"an encrypted copy")
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "memory").mkdir()
    monkeypatch.setattr(scratch, "_MEMORY", tmp_path / "memory")
    return tmp_path / "memory"


def test_what_a_killed_reader_left_goes_at_the_next_start_and_what_is_in_use_stays(ana: Desk, memory: Path) -> None:
    an_incident(ana)
    done = subprocess.run([sys.executable, "-c", KILLED, str(memory)], check=False)
    assert done.returncode == -9
    [left] = memory.iterdir()
    held = read_only(ana.workspace.path, ana.workspace.slots.opened)
    [mine] = memory.iterdir()
    assert mine != left
    unlock(ana.workspace.path, sign_in="leo", passphrase=PASSPHRASE, now=NOW).close()
    assert mine.is_dir()
    with held.reading() as session:
        session.connection()
    held.close()
    assert list(memory.iterdir()) == []


def test_other_peoples_folders_and_links_are_left_alone(memory: Path, tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir()
    (memory / "incident-read-link").symlink_to(tmp_path / "theirs")
    (memory / "something-else").mkdir()
    assert scratch.sweep_scratch() == 0
    assert (tmp_path / "theirs").is_dir()
