"""What verifying a long journal costs, beside hashing the same bytes once."""

import os
import tempfile
import time
import tracemalloc
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

from incident.domain.access import AccessAct
from incident.store.checkpoint import checkpoint
from incident.store.custody_tables import AccessRow
from incident.store.journal import append, raw_entries, verify
from incident.store.workspace import Workspace
from tests.conftest import NOW, a_vault

ENTRIES = 100_000
ROWS = 200


def lengthen(workspace: Workspace, entries: int, *, rows: int = ROWS) -> None:
    """Append entries as changes of lines do, each about one of `rows` rows, with their checkpoints; in one transaction."""
    with workspace.change("bench.rows", now=NOW) as session:
        made = [AccessRow(act=AccessAct.VIEWED, what="incident", at=NOW, by=workspace.responder_id) for _ in range(rows)]
        session.add_all(made)
    ids = [row.id.hex for row in made]
    connection: Any = workspace._connect()
    connection.execute("BEGIN IMMEDIATE")
    for number in range(entries):
        touched = [("access", ids[number % rows], "update")]
        at = NOW + timedelta(seconds=number % 200)
        append(connection, touched, at=at, by=workspace.responder_id, act="timeline.log", incident_id=uuid4(), detail={})
        checkpoint(connection, workspace.signer(), now=at)
    connection.execute("COMMIT")
    connection.close()


def hashed(bodies: list[bytes]) -> None:
    """The chain's hashes over bytes that lie in memory: the least that checking them can cost."""
    here = bytes(32)
    for body in bodies:
        here = sha256(here + body).digest()


def best(act: Any, times: int = 7, *, clock: Any = time.perf_counter) -> float:
    """The shortest time of an act, in milliseconds."""
    spent: list[float] = []
    for _ in range(times):
        begun = clock()
        act()
        spent.append((clock() - begun) * 1000)
    return min(spent)


def processors_time() -> float:
    """Seconds of the processors, those of finished children included."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def read_and_hashed(connection: Any) -> None:
    """The same, with the bytes read from the encrypted database."""
    here = bytes(32)
    for *_, body in connection.execute("SELECT seq, prev, hash, body FROM journal ORDER BY seq"):
        here = sha256(here + body).digest()


def journal_bench() -> float:
    """Verify 100,000 entries: chain, Merkle roots and signatures of 1,000 checkpoints, commitments; print the ratios.

    Returns the ratio to hashing the same bytes in memory, by the clock on the wall, the best of seven. Two processors
    share the work where there are two; what they spend together is printed too.
    """
    with tempfile.TemporaryDirectory() as folder:
        desk = a_vault(Path(folder))
        lengthen(desk.workspace, ENTRIES)
        connection = desk.workspace._connect()
        bodies = [body for *_, body in raw_entries(connection)]

        def verified() -> None:
            assert verify(connection, schema="", found_schema="", anchor=None).problems == ()

        ours, theirs, reading = best(verified), best(lambda: hashed(bodies)), best(lambda: read_and_hashed(connection))
        for beside, took in (("SHA-256 over their bytes in memory", theirs), ("reading them and SHA-256", reading)):
            print(f"{'verify 100,000 entries':<44} {ours:9.2f} ms   {beside:<34} {took:9.2f} ms   {ours / took:6.1f}×")
        both, alone = best(verified, clock=processors_time), best(lambda: hashed(bodies), clock=processors_time)
        print(f"{'  time of all processors':<44} {both:9.2f} ms   {'the same':<34} {alone:9.2f} ms   {both / alone:6.1f}×")
        tracemalloc.start()
        verified()
        print(
            f"  peak of memory meanwhile: {tracemalloc.get_traced_memory()[1] / 2**20:.1f} MiB, {len(bodies[-1])} bytes an entry"
        )
        tracemalloc.stop()
        connection.close()
        desk.close()
    return ours / theirs


if __name__ == "__main__":
    journal_bench()
