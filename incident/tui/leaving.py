"""How the screen is left: locked, by a fresh process in its place, or after a bug, showing nothing that it held."""

import os
import sys
from pathlib import Path

from rich.console import Console
from rich.segment import Segments
from rich.traceback import Traceback


def lock_and_replace(vault: Path) -> None:
    """Replace this process by a fresh one at the unlock screen."""
    os.execv(sys.executable, [sys.executable, "-m", "incident", "open", "--vault", str(vault)])  # noqa: S606


def where_it_broke(console: Console) -> Segments:
    """Where a bug was met, for a report: lines of code, and none of the values that this process holds."""
    return Segments(console.render(Traceback(show_locals=False), console.options))
