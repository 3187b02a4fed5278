"""A real terminal (tmux): the demo's vault opened, driven and left, at 80×24."""

import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import PASSPHRASE, a_vault, an_incident

pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")


def test_unlock_open_log_and_leave_in_a_real_terminal(tmp_path: Path) -> None:
    desk = a_vault(tmp_path)
    an_incident(desk, title="Seen in a real terminal")
    desk.close()
    socket = ["tmux", "-S", str(tmp_path / "socket")]
    command = f"{sys.executable} -m incident open --vault {desk.workspace.path}"

    def screen() -> str:
        return subprocess.run([*socket, "capture-pane", "-p"], capture_output=True, text=True, check=False).stdout

    def wait(text: str) -> str:
        for _ in range(200):
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
        keys("Enter")  # typed ahead: it waits for the board
        keys("-l", "ltyped by hand")  # and these for the incident, and for its log line
        keys("Enter")
        keys("t")
        wait("timeline")
        assert "typed by hand" in wait("typed by hand")
        keys("C-l")
        wait("Passphrase")
        assert "typed by hand" not in screen()
        keys("C-q")
    finally:
        subprocess.run([*socket, "kill-server"], check=False, capture_output=True)
