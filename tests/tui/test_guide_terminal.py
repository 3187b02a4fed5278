"""A real terminal (tmux): the guide by hand — a step done, a question answered, the next step there; searched; left."""

import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from incident.usecases.facts import fact_records
from incident.usecases.guide_situation import step_records
from incident.usecases.vaults import unlock
from tests.conftest import PASSPHRASE, a_vault, an_incident

pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")


def test_do_answer_search_and_leave_in_a_real_terminal(tmp_path: Path) -> None:
    desk = a_vault(tmp_path)
    incident = an_incident(desk, title="Seen in a real terminal", playbook="ransomware")
    desk.close()
    socket = ["tmux", "-S", str(tmp_path / "socket")]
    command = f"{sys.executable} -m incident open --vault {desk.workspace.path}"

    def screen() -> str:
        return subprocess.run([*socket, "capture-pane", "-p"], capture_output=True, text=True, check=False).stdout

    def wait(text: str) -> str:
        for _ in range(300):
            shown = screen()
            if text in shown:
                return shown
            time.sleep(0.1)
        raise AssertionError(f"«{text}» never appeared:\n{screen()}")

    def keys(*typed: str) -> None:
        subprocess.run([*socket, "send-keys", *typed], check=True)

    subprocess.run([*socket, "new-session", "-d", "-x", "80", "-y", "24", command], check=True)
    try:
        wait("Passphrase")
        keys("-l", PASSPHRASE)
        keys("Enter")
        keys("Enter")
        wait("▶ NOW")
        keys("/")
        keys("-l", "log")
        keys("Enter")
        wait("with «log»")
        keys("Escape")
        wait("Guide 0/")
        keys("Home")
        wait("Open the log")
        keys("d")
        wait("Done: Open the log")
        keys("C-s")
        wait("Guide 1/")
        keys("v")
        wait("· mine:")
        keys("Escape")
        keys("Home")
        keys("i")  # the first step asks how it was found out
        wait("Question 1 of")
        keys("-l", "a call from the help desk")
        keys("C-s")
        keys("C-q")
        for _ in range(100):
            if subprocess.run([*socket, "has-session"], capture_output=True, check=False).returncode:
                break
            time.sleep(0.1)
    finally:
        subprocess.run([*socket, "kill-server"], check=False, capture_output=True)
    desk = unlock(desk.workspace.path, sign_in="ana", passphrase=PASSPHRASE)
    assert [each.step for each in step_records(desk, incident)] == ["open-log"]
    assert any(each.value == "a call from the help desk" for each in fact_records(desk, incident))
    desk.close()
