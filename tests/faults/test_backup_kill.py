"""F11: killed at any moment of a backup, a restoring or a purge, a vault is as it was before or as it should be after."""

import json
import subprocess
import sys
from pathlib import Path

from tests.faults.outcome import rounds

ROOT = Path(__file__).resolve().parents[2]


def test_kills_leave_the_old_state_or_the_new_one(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "tests.faults.backup_kill", str(tmp_path / "kill"), str(rounds(6, 400)), "20261125"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    outcomes = json.loads(done.stdout)
    assert [each["fault"] for each in outcomes] == [f"SIGKILL during {name}" for name in ("backup", "restore", "purge")]
    assert [each["note"] for each in outcomes if each["corrupt"]] == []
