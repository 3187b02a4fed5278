"""F19. Mangled and swollen files are refused with a sentence, in bounded memory and time."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.fuzz import KINDS
from tests.faults.outcome import Outcome, rounds

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no resource limits")

MUTANTS, SEED = 2000, 19


CASES = list(KINDS)


@pytest.mark.parametrize("kind", CASES)
def test_a_file_made_to_hurt_gets_a_sentence(tmp_path: Path, kind: str) -> None:
    words = [sys.executable, "-m", "tests.faults.fuzz", kind, str(tmp_path / "v"), str(rounds(60, MUTANTS)), str(SEED)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-500:]
    found = Outcome(**json.loads(done.stdout))
    assert found.corrupt == 0, found.note
