"""F13: editors who read a row, think, and save it; as a program, one process of them with four threads.

`python -m tests.faults.editors VAULT TIMES THREADS` prints how many saves were acknowledged and how many were refused.
"""

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sqlmodel import Session, select

from incident.errors import RefusedError
from incident.store.tables import ResponderRow
from incident.store.workspace import Workspace
from incident.usecases.vaults import unlock
from tests.conftest import NOW, PASSPHRASE


def looked_at(session: Session) -> ResponderRow:
    """Leo's row; his telephone number is the counter that everybody raises."""
    return session.exec(select(ResponderRow).where(ResponderRow.sign_in == "leo")).one()


def edit(workspace: Workspace, times: int) -> tuple[int, int]:
    """Raise the counter `times` times, each time from a reading of one's own."""
    saved, refused = 0, 0
    while saved < times:
        with workspace.reading() as session:
            row = looked_at(session)
        row.phone = str(int(row.phone or 0) + 1)
        try:
            with workspace.change("test.edit", now=NOW) as session:
                session.merge(row)
            saved += 1
        except RefusedError as error:
            if "Somebody else changed this" not in error.message:
                raise
            refused += 1
    return saved, refused


def edit_in_threads(path: Path, times: int, threads: int) -> tuple[int, int]:
    """The same in several threads of one workspace."""
    desk = unlock(path, sign_in="ana", passphrase=PASSPHRASE)
    with ThreadPoolExecutor(threads) as pool:
        done = list(pool.map(lambda _: edit(desk.workspace, times), range(threads)))
    desk.close()
    return sum(saved for saved, _ in done), sum(refused for _, refused in done)


if __name__ == "__main__":
    print(json.dumps(edit_in_threads(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))))
