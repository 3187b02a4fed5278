"""F11: a process is killed at a random moment of a backup, a restoring or a purge; the state is the old or the new one.

Children are forked from a warm process; run it as a program of its own: `python -m tests.faults.backup_kill FOLDER ROUNDS
SEED` prints the outcomes as JSON.
"""

import json
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path

from incident.store import vault
from incident.store.backup import back_up, restore
from incident.store.copies import copies
from incident.store.copy_test import check_copy
from incident.store.purge import PENDING, finish, purge
from incident.usecases.closing import close_as_false_alarm
from incident.usecases.desk import Desk
from incident.usecases.evidence import Offered, add_evidence
from incident.usecases.incidents import incident_named, incidents
from incident.usecases.timeline import log
from tests.conftest import NOW, a_vault, an_incident
from tests.faults.outcome import Outcome
from tests.faults.vaults import opened_slot, reopened

ITEMS = 6


@dataclass(frozen=True, slots=True)
class Round:
    """What one round works on."""

    folder: Path
    opened: vault.Opened

    @property
    def path(self) -> Path:
        return self.folder / "vault"

    def desk(self) -> Desk:
        return reopened(self.path, self.opened)


def prepared(folder: Path) -> tuple[Path, vault.Opened]:
    """A closed vault with an ended incident that has evidence, an open one, and a backup of it."""
    desk = a_vault(folder)
    ended = an_incident(desk)
    for number in range(ITEMS):
        log(desk, ended, f"line {number}", now=NOW)
        (folder / "item").write_bytes(os.urandom(200_000))
        add_evidence(desk, ended, folder / "item", Offered(name=f"item {number}"), now=NOW)
    close_as_false_alarm(desk, ended, reason="was none", now=NOW)
    an_incident(desk, title="stays")
    back_up(desk.workspace, folder / "made", now=NOW)
    desk.close()
    return folder, opened_slot(desk.workspace.path)


def make_backup(held: Round) -> None:
    back_up(held.desk().workspace, held.folder / "to", now=NOW + timedelta(days=1))


def after_backup(held: Round) -> Iterator[str]:
    """A copy that took its name is whole and listed; the next backup works and sweeps what was left."""
    desk = held.desk()
    yield from desk.workspace.verify().problems
    made = list((held.folder / "to").glob("incident-*")) if (held.folder / "to").exists() else []
    listed = {each.folder for each in copies(held.path)}
    for each in made:
        yield from check_copy(each, held.opened.master).problems
        if str(each.resolve()) not in listed:
            yield f"{each.name} is not on the list"
    again = back_up(desk.workspace, held.folder / "to", now=NOW + timedelta(days=2))
    yield from again.report.problems
    left = [each.name for each in (held.folder / "to").iterdir() if not each.name.startswith("incident-")]
    yield from (f"left: {each}" for each in left)
    desk.close()


def make_restore(held: Round) -> None:
    restore(next((held.folder / "made").glob("incident-*")), held.folder / "new", held.opened)


def after_restore(held: Round) -> Iterator[str]:
    """There is no new vault, or a whole one; restoring again works."""
    if not (held.folder / "new").exists():
        make_restore(held)
    desk = reopened(held.folder / "new", held.opened)
    yield from desk.workspace.verify().problems
    if len(list((held.folder / "new" / "evidence").glob("??/*"))) != ITEMS:
        yield "evidence is lacking"
    desk.close()
    if (held.folder / "new.restore").exists():
        yield "left: new.restore"


def make_purge(held: Round) -> None:
    workspace = held.desk().workspace
    incident = incident_named(Desk(workspace, held.desk().me), "INC-2026-0001")
    purge(workspace, [incident.id], references=[incident.reference], reason="time is up", now=NOW + timedelta(days=1))


def after_purge(held: Round) -> Iterator[str]:
    """The incident is there with all its files, or gone with all of them once the purge is finished."""
    desk = held.desk()
    residue = finish(desk.workspace)
    there = [each.reference for each in incidents(desk)]
    files = list((held.path / "evidence").glob("??/*"))
    if len(files) != (ITEMS if "INC-2026-0001" in there else 0):
        yield f"{there} with {len(files)} files"
    if "INC-2026-0002" not in there or residue or (held.path / PENDING).exists():
        yield f"{there}, {residue or 'still pending'}"
    yield from desk.workspace.verify().problems
    desk.close()


CASES: dict[str, tuple[Callable[[Round], None], Callable[[Round], Iterator[str]]]] = {
    "backup": (make_backup, after_backup),
    "restore": (make_restore, after_restore),
    "purge": (make_purge, after_purge),
}


def killed(name: str, pristine: Path, opened: vault.Opened, scratch: Path, rounds: int, seed: int) -> Outcome:
    """Kill the act at a random moment of its usual length, `rounds` times, and look at what is left."""
    act, after = CASES[name]
    chance, broken, note, usual = random.Random(seed), 0, "", 0.0
    for number in range(rounds + 1):
        held = Round(scratch / f"{name}-{number}", opened)
        shutil.copytree(pristine, held.folder)
        begun = time.perf_counter()
        child = os.fork()
        if child == 0:
            status = 1
            try:
                act(held)
                status = 0
            finally:
                os._exit(status)
        if number:  # the first one is left alone, to see how long it takes
            time.sleep(chance.uniform(0, usual * 1.05))
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        usual = usual or time.perf_counter() - begun
        problems = [*(["it failed by itself"] if os.waitstatus_to_exitcode(status) > 0 else []), *after(held)]
        if problems:
            broken, note = broken + 1, note or f"seed {seed}, round {number}: {problems[0]}"
        shutil.rmtree(held.folder)
    return Outcome(f"SIGKILL during {name}", rounds, corrupt=broken, note=note)


if __name__ == "__main__":
    base = Path(sys.argv[1])
    (base / "pristine").mkdir(parents=True)
    source, slot = prepared(base / "pristine")
    print(json.dumps([asdict(killed(each, source, slot, base, int(sys.argv[2]), int(sys.argv[3]))) for each in CASES]))
