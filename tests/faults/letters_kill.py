"""F12: the press is killed at random moments, its processes too, and begun again until it ends: neither a gap nor a double.

Run it as a program of its own: `python -m tests.faults.letters_kill FOLDER ROUNDS SEED [PROCESSES]` prints the outcome.
"""

import json
import os
import random
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from incident.domain.letters import Output
from incident.store import vault
from incident.usecases import letters_press
from incident.usecases.incidents import incidents
from incident.usecases.letters_press import press_letters
from incident.usecases.letters_returned import runs
from incident.usecases.vaults import unlock
from tests.conftest import NOW, PASSPHRASE, a_vault
from tests.faults.outcome import Outcome
from tests.faults.vaults import opened_slot, reopened
from tests.usecases.letter_runs import a_letter, an_order, manifest, person, write

LETTERS, CHUNK = 140, 20
OUTPUTS = (Output.ZIP, Output.PRINT, Output.FOLDER)
_MOST_STARTS = 200


def prepared(folder: Path) -> tuple[vault.Opened, str]:
    """A vault with an approved letter, recipients (one twice) and codes."""
    ana = a_vault(folder)
    leo = unlock(ana.workspace.path, sign_in="leo", passphrase=PASSPHRASE)
    version = a_letter(ana, leo)[1]
    leo.close()
    ana.close()
    write(folder / "people.csv", [*(person(n) for n in range(LETTERS)), person(3)])
    (folder / "codes.txt").write_text("\n".join(f"CODE-{n:05d}" for n in range(LETTERS + 5)))
    return opened_slot(folder / "vault"), str(version)


def run_once(folder: Path, opened: vault.Opened, version: str, output: Output, processes: int) -> None:
    """One start of the run: to its end, or until it is killed."""
    letters_press.CHUNK = CHUNK
    letters_press.is_drawn = lambda number: False
    desk = reopened(folder / "vault", opened)
    order = an_order(
        folder / "out", [folder / "people.csv"], UUID(version), output=output, codes=folder / "codes.txt", processes=processes
    )
    press_letters(desk, incidents(desk)[0], order, now=NOW)
    desk.close()


def _killed(act: Callable[[], None], wait: float) -> int:
    """Run in a process group of its own, kill all of it after so many seconds; its status, or minus the signal."""
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        status = 1
        try:
            act()
            status = 0
        finally:
            os._exit(status)
    begun = time.perf_counter()
    while time.perf_counter() - begun < wait:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.002)
    os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def killed_runs(base: Path, rounds: int, seed: int, processes: int = 1) -> Outcome:
    """Kill a run again and again until it got through; compare with one that was left alone."""
    (base / "pristine").mkdir(parents=True)
    opened, version = prepared(base / "pristine")
    chance, broken, note, kills = random.Random(seed), 0, "", 0
    whole = {output: _left_alone(base, opened, version, output, processes) for output in OUTPUTS[:rounds]}
    for number in range(rounds):
        output = OUTPUTS[number % len(OUTPUTS)]
        folder = base / f"round-{number}"
        shutil.copytree(base / "pristine", folder)
        start = partial(run_once, folder, opened, version, output, processes)
        died, status = _until_through(start, folder / "out", chance)
        kills += died
        problems = [f"it failed by itself ({status})"] if status > 0 else _problems(folder, opened, whole[output])
        if problems:
            broken, note = broken + 1, note or f"seed {seed}, round {number}, {output.value}: {problems[0]}"
        shutil.rmtree(folder)
    return Outcome("SIGKILL during a run of letters", kills, corrupt=broken, note=note)


def _left_alone(base: Path, opened: vault.Opened, version: str, output: Output, processes: int) -> dict[str, str]:
    """What a run makes that nobody kills; its layouts stay in the pristine vault, so that the others begin warm."""
    folder = base / f"whole-{output.value}"
    shutil.copytree(base / "pristine", folder)
    run_once(folder, opened, version, output, processes)
    shutil.copytree(folder / "vault" / "layouts", base / "pristine" / "vault" / "layouts", dirs_exist_ok=True)
    content = _content(folder / "out")
    shutil.rmtree(folder)
    return content


def _until_through(start: Callable[[], None], out: Path, chance: random.Random) -> tuple[int, int]:
    """Start and kill until the run is finished; how often it was killed, and the last status."""
    kills = 0
    for number in range(_MOST_STARTS):
        begun = chance.uniform(0, 0.1 + 0.05 * number)  # later starts live longer, so that each round ends
        status = _killed(start, 3600 if number == _MOST_STARTS - 1 else begun)
        kills += status == -signal.SIGKILL
        if status >= 0 or _is_finished(out):
            return kills, 0 if _is_finished(out) else max(status, 1)
    return kills, 1


def _is_finished(out: Path) -> bool:
    try:
        return bool(json.loads((out / "run.json").read_text())["state"] == "finished")
    except (OSError, ValueError):
        return False


def _content(out: Path) -> dict[str, str]:
    files = (each for each in out.rglob("*") if each.is_file() and each.name != "run.json")
    return {str(each.relative_to(out)): sha256(each.read_bytes()).hexdigest() for each in files}


def _problems(folder: Path, opened: vault.Opened, whole: dict[str, str]) -> list[str]:
    out, found = folder / "out", []
    rows = manifest(out)
    if max(Counter(each["key"] for each in rows).values()) > 1 or len(rows) != LETTERS:
        found.append(f"{len(rows)} letters, or one twice")
    left = {name for name in _content(out) if not name.startswith((".parts/", "NOT-FINISHED"))}
    if {name: digest for name, digest in _content(out).items() if name in left} != whole:
        found.append("the files are not those of a run that was left alone")
    desk = reopened(folder / "vault", opened)
    found += desk.workspace.verify().problems
    if len(runs(desk, incidents(desk)[0])) != 1:
        found.append("the vault holds another number of runs than one")
    desk.close()
    return found


if __name__ == "__main__":
    made = killed_runs(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), int((sys.argv[4:] or ["1"])[0]))
    print(json.dumps(asdict(made)))
