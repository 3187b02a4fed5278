"""A real terminal (tmux): the demo's vault opened, driven and left, at 80×24."""

import sys
from pathlib import Path

from tests.conftest import PASSPHRASE, a_vault, an_incident
from tests.terminal import a_terminal, needs_tmux

pytestmark = needs_tmux


def test_unlock_open_log_and_leave_in_a_real_terminal(tmp_path: Path) -> None:
    desk = a_vault(tmp_path)
    an_incident(desk, title="Seen in a real terminal")
    desk.close()
    with a_terminal(tmp_path) as terminal:
        terminal.start(f"{sys.executable} -m incident open --vault {desk.workspace.path}")
        terminal.wait("Passphrase")
        terminal.keys("-l", PASSPHRASE)
        terminal.keys("Enter")
        terminal.keys("Enter")  # typed ahead: it waits for the board
        terminal.keys("-l", "ltyped by hand")  # and these for the incident, and for its log line
        terminal.keys("Enter")
        terminal.keys("t")
        terminal.wait("timeline")
        assert "typed by hand" in terminal.wait("typed by hand")
        terminal.keys("C-l")
        terminal.wait("Passphrase")
        assert "typed by hand" not in terminal.screen()
        terminal.keys("C-q")
