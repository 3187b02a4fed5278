"""The long versions of the experiments, and their figures as the README's reliability table.

`python -m tests.faults.report` runs all of them (some hours); names after it choose: kill power writes killed damage fuzz,
or a fault's number from F5 to F22. INCIDENT_FAULT_ROUNDS lowers the rounds. Exit status 1 when anything was lost or corrupt
that must not be. Not here: F14 and F15 (a shared database), F18 (merging two copies), F23 (other systems).
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from xml.etree import ElementTree

from tests.faults import shim
from tests.faults.damage import FILES, a_sample, bit_flips
from tests.faults.fuzz import KINDS
from tests.faults.outcome import Outcome, table
from tests.faults.power_cut import power_cuts

_SEED = 20261125
WEAKER = "NORMAL"
"""What stands in the name of the experiment that must lose something."""


def _rounds(full: int) -> int:
    return min(full, int(os.environ.get("INCIDENT_FAULT_ROUNDS", full)))


def _child(*words: str, env: dict[str, str] | None = None) -> str:
    return subprocess.run([sys.executable, "-m", *words], stdout=subprocess.PIPE, text=True, check=True, env=env).stdout


def _kill(folder: Path) -> Iterator[Outcome]:
    yield Outcome(**json.loads(_child("tests.faults.kill", str(folder), str(_rounds(400) // 2), str(_SEED))))


def _power(folder: Path) -> Iterator[Outcome]:
    yield power_cuts(folder / "full", rounds=_rounds(1000), seed=_SEED, lines=240)
    yield power_cuts(folder / "normal", rounds=_rounds(1000), seed=_SEED, synchronous=WEAKER.lower(), lines=240)


def _writes(folder: Path) -> Iterator[Outcome]:
    root = folder / "root"
    root.mkdir(parents=True)
    env = shim.environment(shim.build(folder), root) | {"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
    sample = "all" if _rounds(1000) == 1000 else "few"
    found = json.loads(_child("tests.faults.failing_writes", str(root), sample, env=env))
    note = "; ".join(found["problems"][:1])
    yield Outcome("n-th write, sync or rename fails", found["cases"], 0, 0, len(found["problems"]), None, note)


def _killed(folder: Path) -> Iterator[Outcome]:
    """F11: at random moments of the long acts, and at every write, sync and rename of every command."""
    rounds = str(_rounds(400) // 2)
    for each in json.loads(_child("tests.faults.backup_kill", str(folder / "long"), rounds, str(_SEED))):
        yield Outcome(**each)
    root = folder / "root"
    root.mkdir(parents=True)
    env = shim.environment(shim.build(folder), root) | {"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
    sample = "all" if _rounds(1000) == 1000 else "few"
    found = json.loads(_child("tests.faults.failing_writes", str(root), sample, "1/1", "kill", env=env))
    note = "; ".join(found["problems"][:1])
    yield Outcome("killed at the n-th write, sync or rename", found["cases"], 0, 0, len(found["problems"]), None, note)


def _tests(fault: str, path: str, words: str, folder: Path) -> Iterator[Outcome]:
    """A fault whose long version is its tests: how many of them there are, and the first that does not hold."""
    folder.mkdir(parents=True, exist_ok=True)
    answer = folder / "answer.xml"
    asked = [sys.executable, "-m", "pytest", "-q", "-n", "0", f"--junitxml={answer}", path, *(["-k", words] if words else [])]
    env = os.environ | {"INCIDENT_FAULT_ROUNDS": str(_rounds(1000))}
    subprocess.run(asked, stdout=subprocess.DEVNULL, check=False, env=env)
    cases = list(ElementTree.parse(answer).iter("testcase"))
    fallen = [each.get("name", "") for each in cases if each.find("failure") is not None or each.find("error") is not None]
    passed = sum(each.find("skipped") is None for each in cases)
    yield Outcome(fault, passed, 0, 0, len(fallen), None, "; ".join(fallen[:1]))


TESTS = {
    "F5": ("an older page, database, header or folder put back", "tests/faults/test_damage.py", "not one_turned_bit"),
    "F6": ("eleven attacks on the journal", "tests/faults/test_journal_attacks.py", ""),
    "F7": ("marked words searched for in folders and scrollback", "tests/faults/test_canaries.py", ""),
    "F8": ("keys and words searched for in memory after the lock", "tests/faults/test_memory.py", ""),
    "F9": ("a keyring in every state", "tests/faults/test_keyring.py", ""),
    "F10": ("each factor lost, stolen or mistyped", "tests/faults/test_factors.py", ""),
    "F12": ("migrations", "tests/store/test_journal.py", "migrat"),
    "F13": ("editors of one row in threads and processes", "tests/faults/test_editors.py", ""),
    "F16": ("two writers of one chain", "tests/faults/test_chain_fork.py", ""),
    "F17": ("clock jumps and sleep", "tests/faults/test_clock_jumps.py", ""),
    "F20": ("deletion for good, and what is left", "tests/usecases/test_retention.py", "purge"),
    "F21": ("a journal that cannot be written, a disk that is full", "tests/faults/test_unwritable_journal.py", ""),
    "F22": ("a copy and the paper on a clean machine", "tests/store/test_backup.py", "paper or harmed or flipped"),
}
"""What is shown by tests: the fault in words, where they are, and which of them."""


def _damage(folder: Path) -> Iterator[Outcome]:
    folder.mkdir(parents=True, exist_ok=True)
    sample = a_sample(folder)
    yield from (bit_flips(sample, name, rounds=_rounds(200), seed=_SEED) for name in FILES)


def _fuzz(folder: Path) -> Iterator[Outcome]:
    for kind in KINDS:
        yield Outcome(**json.loads(_child("tests.faults.fuzz", kind, str(folder / kind), str(_rounds(2000)), str(_SEED))))


EXPERIMENTS: dict[str, Callable[[Path], Iterator[Outcome]]] = {
    "kill": _kill,
    "power": _power,
    "writes": _writes,
    "killed": _killed,
    "damage": _damage,
    "fuzz": _fuzz,
    **{number: partial(_tests, f"{number} {fault}", path, words) for number, (fault, path, words) in TESTS.items()},
}


def main(names: list[str]) -> int:
    """Run the experiments named, or all, and print the table."""
    found: list[Outcome] = []
    with tempfile.TemporaryDirectory() as scratch:
        for name in names or list(EXPERIMENTS):
            for each in EXPERIMENTS[name](Path(scratch) / name):
                found.append(each)
                print(f"{each.fault}: {each.note or 'nothing'}", file=sys.stderr, flush=True)
    print(table(found))
    return int(any((each.lost or each.corrupt) and WEAKER not in each.fault for each in found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
