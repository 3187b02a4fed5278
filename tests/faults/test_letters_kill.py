"""F12: a run of letters that is killed again and again ends as one that was left alone: neither a gap nor a double."""

import json
import subprocess
import sys
from pathlib import Path

from tests.faults.outcome import rounds

ROOT = Path(__file__).resolve().parents[2]


def test_a_run_that_is_killed_again_and_again_ends_as_one_that_was_left_alone(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "tests.faults.letters_kill", str(tmp_path / "kill"), str(rounds(1, 60)), "20261126"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    outcome = json.loads(done.stdout)
    assert outcome["note"] == ""
    assert outcome["rounds"] >= 3
