"""F3. The disk refuses the n-th write or sync of a command: one sentence, nothing half done, and it works afterwards."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.faults import shim
from tests.faults.outcome import rounds

pytestmark = pytest.mark.skipif(bool(shim.why_not()), reason=shim.why_not())


def failing(folder: Path, *, everything: bool) -> dict[str, Any]:
    """The experiment's findings, from a process under the shim."""
    root = folder / "root"
    root.mkdir()
    words = [sys.executable, "-m", "tests.faults.failing_writes", str(root), "all" if everything else "few"]
    env = shim.environment(shim.build(folder), root) | {"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
    done = subprocess.run(words, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_a_command_whose_writes_fail_leaves_nothing_half_done(tmp_path: Path) -> None:
    found = failing(tmp_path, everything=rounds(0, 1) > 0)
    assert found["cases"] >= 9
    assert found["problems"] == []


def test_the_program_itself_as_a_process_says_it_in_a_sentence(tmp_path: Path) -> None:
    """The same through `python -m incident`, as a shell starts it: creating a vault on a disk that is full."""
    (tmp_path / "passphrase").write_text("six plain words for the tests")
    root = tmp_path / "root"
    root.mkdir()
    words = ["vault", "create", "--organisation", "N", "--name", "Ana", "--sign-in", "ana"]
    words += ["--vault", str(root / "vault"), "--recovery-code-file", str(tmp_path / "code")]
    env = shim.environment(shim.build(tmp_path), root, arm="1,3,28,1")
    env |= {"INCIDENT_PASSPHRASE_FILE": str(tmp_path / "passphrase"), "PYTHONPATH": os.getcwd()}
    done = subprocess.run([sys.executable, "-m", "incident", *words], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("incident: ")
    assert list(root.iterdir()) == []
