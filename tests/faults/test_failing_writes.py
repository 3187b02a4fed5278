"""F3. The disk refuses the n-th write or sync of a command: one sentence, nothing half done, and it works afterwards."""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from incident.cli.app import build_parser
from tests.faults import shim
from tests.faults.outcome import rounds
from tests.faults.verbs import LOOKS, UNTRIED, VERBS, WITHOUT_VAULT

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
    assert found["problems"] == []
    assert found["commands"] == 3
    assert found["cases"] >= 14


def test_every_verb_of_the_command_line_is_among_those_that_are_disturbed_or_only_looks() -> None:
    """A new verb is written into `tests/faults/verbs.py`: with the words that make it write, or as one that looks."""
    disturbed = {each.words for each in VERBS}
    verbs = [each for each in _leaves(build_parser(), ()) if each.split(".")[0] not in WITHOUT_VAULT]
    missing = [verb for verb in verbs if verb not in LOOKS | UNTRIED and not any(_begins(each, verb) for each in disturbed)]
    assert missing == []


def _begins(words: str, verb: str) -> bool:
    return f"{words} ".startswith(f"{verb.replace('.', ' ')} ")


def _leaves(parser: argparse.ArgumentParser, above: tuple[str, ...]) -> list[str]:
    """Every command that does something, its words joined by dots."""
    below = [each for each in parser._actions if isinstance(each, argparse._SubParsersAction)]
    found = [".".join(above)] if above and (not below or not below[0].required) else []
    for each in below:
        for name, inner in each.choices.items():
            found += _leaves(inner, (*above, name))
    return found


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
