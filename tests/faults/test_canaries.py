"""F7. A whole incident with a canary in every field: none is found in the folders, nor in a terminal's scrollback."""

import functools
import os
import shlex
import sys
import time
from pathlib import Path

import pytest

from incident.cli.app import main
from incident.store import vault
from incident.store.keys import stretch
from tests.conftest import PASSPHRASE, a_vault, an_incident
from tests.faults.canaries import ALL, canary, leaks
from tests.terminal import a_terminal, needs_tmux

SECRET = f"six plain words and {canary(0)}"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder, with its temporary folder, in which everything that the program leaves would lie."""
    for name in ("tmp", "run", "work"):
        (tmp_path / "home" / name).mkdir(parents=True)
    home = tmp_path / "home"
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "INCIDENT_CONTENT", "INCIDENT_VAULT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("TMPDIR", str(home / "tmp"))
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.chdir(home / "work")
    return home


ACTS = f"""
vault create --organisation '{canary(1)}' --name '{canary(2)}' --sign-in ana --recovery-code-file @code
organisation set --address '{canary(3)}' --contact-name '{canary(4)}' --contact-phone '{canary(5)}' --contact-email desk@nordlicht.example --dpo-name '{canary(26)}' --dpo-email dpo@nordlicht.example --roles controller --established-in DE
team invite '{canary(6)}' --sign-in leo --function legal --phone '{canary(7)}' --may-approve --their-passphrase-file @passphrase
declare '{canary(8)}' --aware -3h --detected -5h --severity 1
fact set people 'DE 400' --source '{canary(9)}'
fact set risk.individuals high --basis '{canary(10)}'
fact set account.what_happened '{canary(11)}'
fact set account.likely_consequences '{canary(27)}'
fact set account.measures_taken '{canary(28)}'
fact set data.elements name
log '{canary(12)}'
step done open-log --note '{canary(13)}'
step skip hold-evidence --reason '{canary(14)}'
role assign legal leo --note '{canary(15)}'
notice begin gdpr-authority --to '{canary(16)}' --address '{canary(17)}'
notice edit 1 cause '{canary(18)}'
notice freeze 1 --kind initial
notice approve 1 --as leo --refuse --note '{canary(19)}'
notice freeze 1 --kind initial
notice approve 1 --as leo
notice pdf 1 --to @out
file --notice 1 --channel portal --reference '{canary(20)}'
review answer how_it_happened '{canary(21)}'
review action '{canary(22)}' --owner leo --due 2031-01-01
review done 1 --outcome '{canary(23)}'
risk enisa --context 4 --identification 0.75 --reasons '{canary(24)}'
close --reason '{canary(25)}' --despite
journal verify
"""


def test_no_canary_of_a_whole_incident_is_found_beside_the_declared_exports(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = tmp_path / "desk"
    desk.mkdir()
    (desk / "passphrase").write_text(SECRET)
    monkeypatch.setenv("INCIDENT_PASSPHRASE_FILE", str(desk / "passphrase"))
    monkeypatch.setenv("INCIDENT_AS", "ana")
    monkeypatch.setattr("incident.cli.access._asked", lambda command, prompt: SECRET)
    monkeypatch.setattr(vault, "stretch", functools.lru_cache(stretch))
    for line in ACTS.strip().splitlines():
        words = [str(desk / word[1:]) if word.startswith("@") else word for word in shlex.split(line)]
        assert main(words) == 0, (line, capsys.readouterr().err)
    code = (desk / "code").read_text().split()[-1]
    assert "KANARI" in capsys.readouterr().out
    assert (home / ".local/share/incident/vault/incident.db").stat().st_size > 100_000
    assert list(leaks((home,), (*ALL, SECRET, code, code.replace("-", "")))) == []
    assert list((desk / "out").glob("*.pdf"))


def test_the_search_finds_a_canary_that_lies_about(home: Path) -> None:
    (home / "tmp" / "draft").write_bytes(b"..." + canary(3).encode("utf-16-le"))
    (home / "work" / canary(4)).touch()
    assert len(list(leaks((home,), ALL))) == 2


@needs_tmux
def test_nothing_of_the_screen_stays_in_scrollback_or_folders(home: Path, tmp_path: Path) -> None:
    desk = a_vault(home / "data")
    desk.workspace.slots.change_passphrase(PASSPHRASE, SECRET)
    an_incident(desk, title=canary(1))
    desk.close()
    program = f"{sys.executable} -m incident open --vault {desk.workspace.path}"
    shell = f"PYTHONPATH={os.getcwd()!r}:{Path(__file__).parents[2]} {program}; echo THE-END; sleep 60"

    with a_terminal(tmp_path) as terminal:
        terminal.start(shlex.join(["sh", "-c", shell]), columns=120, lines=30)
        terminal.wait("Passphrase")
        time.sleep(0.5)
        terminal.keys("-l", SECRET)
        terminal.keys("Enter")
        terminal.wait("INC-2026-0001")
        terminal.keys("Enter")
        terminal.wait("Clocks")
        time.sleep(0.5)
        terminal.keys("l")
        terminal.keys("-l", canary(2))
        terminal.wait(canary(2))
        terminal.keys("Enter")
        terminal.wait("log a line")
        terminal.keys("t")
        terminal.wait(canary(2))
        terminal.keys("C-q")
        terminal.wait("THE-END")
        history = terminal.screen("-S", "-")
    assert "KANARI" not in history
    assert list(leaks((home,), (*ALL, SECRET))) == []
