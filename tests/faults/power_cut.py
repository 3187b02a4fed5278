"""F2: a writer's calls are recorded, cut at a random point, and what a disk may have kept is opened by the program.

As a program (`python -m tests.faults.power_cut VAULT ACKNOWLEDGED LINES SYNCHRONOUS`) it is the writer, run under the shim.
"""

import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from sqlalchemy import event
from sqlmodel import select

from incident.errors import IncidentError
from incident.store import vault
from incident.store.tables import TimelineRow
from incident.usecases.desk import Desk
from incident.usecases.incidents import incident_named
from incident.usecases.timeline import log
from tests.conftest import NOW
from tests.faults import shim
from tests.faults.disk import Disk
from tests.faults.outcome import Outcome
from tests.faults.vaults import a_prepared_vault, opened_slot, reopened

SESSIONS = 3


def write_lines(path: Path, acknowledged: Path, lines: int, synchronous: str) -> None:
    """Log lines in several sessions, checkpointing often; each is acknowledged in a file once it is recorded."""
    opened, number = opened_slot(path), 0
    with acknowledged.open("a", buffering=1) as said:
        for _ in range(SESSIONS):
            desk = reopened(path, opened)
            _hurry(desk, synchronous)
            incident = incident_named(desk, "last")
            for _ in range(lines // SESSIONS):
                number += 1
                log(desk, incident, f"line {number:06}", now=NOW + timedelta(seconds=number))
                said.write(f"{number:06}\n")
            desk.close()


def _hurry(desk: Desk, synchronous: str) -> None:
    """Checkpoint every 50 pages, so that cuts fall into checkpoints too; `normal` shows that the test can fail."""

    def pragmas(connection: object, record: object) -> None:
        del record
        connection.execute("pragma wal_autocheckpoint=50")  # type: ignore[attr-defined]
        connection.execute(f"pragma synchronous={synchronous}")  # type: ignore[attr-defined]

    desk.workspace._write.dispose()
    event.listen(desk.workspace._write, "connect", pragmas)


def recorded(folder: Path, *, lines: int, synchronous: str) -> tuple[Disk, tuple[shim.Call, ...], Path]:
    """The disk before the writer began, every call it made, and the vault."""
    root = folder / "disk"
    path = a_prepared_vault(root)
    acknowledged, record = root / "acknowledged", folder / "calls"
    acknowledged.touch()
    before = Disk.of(root.resolve())
    library = shim.build(folder)
    words = [sys.executable, "-m", "tests.faults.power_cut", str(path), str(acknowledged), str(lines), synchronous]
    subprocess.run(words, check=True, env=shim.environment(library, root, log=record))
    return before, tuple(shim.calls(record)), path


def cuts(chance: random.Random, calls: int, number: int) -> Iterator[int]:
    """After how many calls the power goes, in order, so that one replay serves all of them."""
    yield from sorted(chance.randint(1, calls) for _ in range(number))


def power_cuts(folder: Path, *, rounds: int, seed: int, synchronous: str = "full", lines: int = 150) -> Outcome:
    """Cut `rounds` times; count cuts after which acknowledged lines are missing, and vaults that do not hold."""
    disk, calls, path = recorded(folder, lines=lines, synchronous=synchronous)
    opened, chance = opened_slot(path), random.Random(seed)
    root, image = (folder / "disk").resolve(), folder / "image"
    lost, corrupt, worst, note, taken, acknowledged = 0, 0, 0.0, "", 0, 0
    for cut in cuts(chance, len(calls), rounds):
        for call in calls[taken:cut]:
            disk.take(call)
            if call.op == "w" and call.path.endswith("/acknowledged"):
                acknowledged = int(call.content.split()[-1])
        taken = cut
        _lay_out(disk.after_the_cut(chance), root, image)
        begun = time.perf_counter()
        highest, problem, reopening = _looked_at(image / path.relative_to(folder / "disk"), opened, begun)
        worst = max(worst, reopening)
        lost, corrupt = lost + (highest < acknowledged), corrupt + bool(problem)
        if (problem or highest < acknowledged) and not note:
            note = f"seed {seed}, cut after call {cut}: line {highest} of {acknowledged}; {problem}"
    name = f"power cut, synchronous={synchronous.upper()}"
    return Outcome(name, rounds, acknowledged, lost, corrupt, worst, note)


def _lay_out(files: dict[str, bytes], root: Path, image: Path) -> None:
    shutil.rmtree(image, ignore_errors=True)
    for name, content in files.items():
        target = image / Path(name).relative_to(root)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def _looked_at(path: Path, opened: vault.Opened, begun: float) -> tuple[int, str, float]:
    """The highest line, the first problem, and how long it took to open."""
    try:
        desk = reopened(path, opened)
        took = time.perf_counter() - begun
        try:
            with desk.workspace.reading() as session:
                texts = [row.text for row in session.exec(select(TimelineRow)).all() if row.text.startswith("line ")]
            problems = desk.workspace.verify().problems
        finally:
            desk.close()
    except IncidentError as error:
        return 0, str(error), 0.0
    numbers = sorted(int(each.split()[1]) for each in texts)
    gaps = "" if numbers == list(range(1, len(numbers) + 1)) else "lines are missing in between"
    return max(numbers, default=0), gaps or next(iter(problems), ""), took


if __name__ == "__main__":
    write_lines(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
