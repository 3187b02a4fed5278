"""A real terminal (tmux) that tests type into and read from."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

needs_tmux = pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")


@dataclass(frozen=True, slots=True)
class Terminal:
    """One tmux server of its own, by its socket."""

    socket: Path

    def ask(self, *words: str, check: bool = True) -> str:
        done = subprocess.run(["tmux", "-S", str(self.socket), *words], capture_output=True, text=True, check=check)
        return done.stdout

    def start(self, command: str, *, columns: int = 80, lines: int = 24) -> None:
        """Run a command line in a new session."""
        self.ask("new-session", "-d", "-x", str(columns), "-y", str(lines), command)

    def keys(self, *typed: str) -> None:
        """Keys by tmux's names; after `-l` letter by letter."""
        self.ask("send-keys", *typed)

    def screen(self, *options: str) -> str:
        return self.ask("capture-pane", "-p", *options, check=False)

    def wait(self, text: str) -> str:
        """The screen once this stands on it, within thirty seconds."""
        for _ in range(300):
            shown = self.screen()
            if text in shown:
                return shown
            time.sleep(0.1)
        raise AssertionError(f"«{text}» never appeared:\n{self.screen()}")

    def wait_for_end(self) -> None:
        """Until the last session has ended, within ten seconds."""
        for _ in range(100):
            if not self.ask("list-sessions", check=False):
                return
            time.sleep(0.1)

    def process(self) -> int:
        """The id of the process in the terminal."""
        return int(self.ask("display-message", "-p", "#{pane_pid}"))


@contextmanager
def a_terminal(folder: Path) -> Iterator[Terminal]:
    """A terminal whose server is gone afterwards."""
    terminal = Terminal(folder / "socket")
    try:
        yield terminal
    finally:
        terminal.ask("kill-server", check=False)
