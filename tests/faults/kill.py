"""F1: two processes write into one vault and are killed at random moments.

Writers are forked from a warm process, so that a round takes milliseconds; run it as a program of its own, which
has no other threads: `python -m tests.faults.kill FOLDER ROUNDS SEED` prints the outcome.
"""

import json
import os
import random
import signal
import sys
import time
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from sqlmodel import select

from incident.store import vault
from incident.store.engine import DATABASE
from incident.store.tables import TimelineRow
from incident.usecases.desk import Desk
from incident.usecases.incidents import incident_named
from incident.usecases.timeline import log, timeline
from tests.conftest import NOW
from tests.faults.outcome import Outcome
from tests.faults.vaults import a_prepared_vault, opened_slot, reopened

WRITERS = 2
WAL_LIMIT = 16 * 1024 * 1024
"""Bytes: what a reopening may have to read. The database checkpoints after 1000 pages, so the log stays below."""


def write_until_killed(path: Path, opened: vault.Opened, acknowledge: int) -> None:
    """Log lines for ever, and say the row's id on the pipe once each is recorded."""
    desk = reopened(path, opened)
    incident = incident_named(desk, "last")
    number = 0
    while True:
        number += 1
        entry = log(desk, incident, f"line {os.getpid()} {number}", now=NOW + timedelta(seconds=number))
        os.write(acknowledge, f"{entry.id}\n".encode())


def _one_round(path: Path, opened: vault.Opened, chance: random.Random) -> set[UUID]:
    """Start the writers, kill each at a moment of its own, and return what they had acknowledged."""
    running = []
    for _ in range(WRITERS):
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(read)
            try:
                write_until_killed(path, opened, write)
            finally:
                os._exit(1)
        os.close(write)
        running.append((child, read))
    acknowledged: set[UUID] = set()
    for child, read in running:
        first = os.read(read, 37 * chance.randint(1, 3))
        time.sleep(chance.uniform(0, 0.03))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        said = first
        while more := os.read(read, 65536):
            said += more
        os.close(read)
        acknowledged |= {UUID(line) for line in said.decode().split("\n") if len(line) == 36}
    return acknowledged


def _kept(desk: Desk) -> set[UUID]:
    with desk.workspace.reading() as session:
        return set(session.exec(select(TimelineRow.id)).all())


def killed_writers(path: Path, rounds: int, seed: int) -> Outcome:
    """Kill two writers `rounds` times; after each round reopen, count what is missing and verify the journal."""
    opened, chance = opened_slot(path), random.Random(seed)
    acknowledged: set[UUID] = set()
    lost, corrupt, worst, note = 0, 0, 0.0, ""
    for number in range(rounds):
        acknowledged |= _one_round(path, opened, chance)
        left_behind = (path / f"{DATABASE}-wal").stat().st_size
        begun = time.perf_counter()
        desk = reopened(path, opened)
        worst = max(worst, time.perf_counter() - begun)
        problems = desk.workspace.verify().problems + ((f"WAL of {left_behind} bytes",) if left_behind > WAL_LIMIT else ())
        missing = acknowledged - _kept(desk)
        desk.close()
        lost, corrupt = lost + len(missing), corrupt + bool(problems)
        if (missing or problems) and not note:
            note = f"seed {seed}, round {number}: {sorted(map(str, missing))[:1]} {problems[:1]}"
    desk = reopened(path, opened)
    unread = acknowledged - {each.id for each in timeline(desk, incident_named(desk, "last")) if each.text.startswith("line ")}
    desk.close()
    return Outcome(
        f"SIGKILL of {WRITERS} writing processes", WRITERS * rounds, len(acknowledged), lost + len(unread), corrupt, worst, note
    )


if __name__ == "__main__":
    print(json.dumps(asdict(killed_writers(a_prepared_vault(Path(sys.argv[1])), int(sys.argv[2]), int(sys.argv[3])))))
