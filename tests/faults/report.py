"""The long versions of the experiments, and their figures as the README's reliability table.

`python -m tests.faults.report` runs all of them (an hour or two); names after it choose: kill power writes damage fuzz.
INCIDENT_FAULT_ROUNDS lowers the rounds. Exit status 1 when anything was lost or corrupt that must not be.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

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
    "damage": _damage,
    "fuzz": _fuzz,
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
