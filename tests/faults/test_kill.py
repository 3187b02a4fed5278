"""F1. Processes killed at any moment: everything they acknowledged is there, and the journal holds."""

import json
import subprocess
import sys
from pathlib import Path

from tests.faults.outcome import Outcome, rounds

KILLS = 400


def test_kills_of_two_concurrent_writers_lose_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    wanted = rounds(16, KILLS) // 2
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.kill", str(tmp_path), str(wanted), "20260824"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = Outcome(**json.loads(done.stdout))
    assert found.rounds == 2 * wanted
    assert found.acknowledged >= found.rounds
    assert (found.lost, found.corrupt) == (0, 0), found.note
