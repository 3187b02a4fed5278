"""F4 and F5: a bit flipped, or an older copy put back, in each kind of file that a vault consists of.

Damage must be refused, or named by `journal verify`, or change nothing that anybody can read.
"""

import random
import shutil
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sqlmodel import SQLModel

from incident.errors import IncidentError
from incident.store.anchor import ANCHOR, leave_anchor
from incident.store.engine import DATABASE
from incident.store.vault import HEADER
from incident.usecases.desk import Desk
from incident.usecases.incidents import incident_named
from incident.usecases.timeline import log, timeline
from incident.usecases.vaults import unlock
from tests.conftest import NOW, PASSPHRASE, a_vault, an_incident
from tests.faults.outcome import Outcome

WAL = f"{DATABASE}-wal"


class Verdict(StrEnum):
    """What became of damage."""

    REFUSED = "the vault does not open, with a sentence"
    NAMED = "the vault opens, and verifying names the damage"
    HARMLESS = "nothing that can be read has changed"
    SILENT = "something has changed, and nothing says so"
    CRASHED = "an error that is no sentence"


@dataclass(frozen=True, slots=True)
class Sample:
    """A vault's files as they lay when its process died (so that there is a WAL), and what could be read."""

    files: dict[str, bytes]
    content: object
    path: Path


def a_sample(folder: Path, *, lines: int = 12) -> Sample:
    """A vault with an incident and some lines in the WAL, and an anchor at its newest entry."""
    desk = a_vault(folder / "made")
    an_incident(desk)
    desk.close()
    desk = unlock(desk.workspace.path, sign_in="ana", passphrase=PASSPHRASE)
    for number in range(lines):
        log(desk, incident_named(desk, "last"), f"line {number}", now=NOW)
    leave_anchor(desk.workspace.path, desk.workspace._master, desk.workspace.head())
    found = Sample(files_of(desk.workspace.path), content(desk), folder / "image")
    desk.close()
    return found


def files_of(path: Path) -> dict[str, bytes]:
    """The vault's files but for the index that every opening makes anew."""
    return {each.name: each.read_bytes() for each in path.iterdir() if each.is_file() and not each.name.endswith("-shm")}


def content(desk: Desk) -> object:
    """Everything that can be read."""
    with desk.workspace.reading() as session:
        tables = SQLModel.metadata.sorted_tables
        rows = {table.name: sorted(map(repr, session.connection().execute(table.select()))) for table in tables}
        return rows, [each.text for each in timeline(desk, incident_named(desk, "last"))]


def judge(sample: Sample, files: dict[str, bytes]) -> tuple[Verdict, str]:
    """Lay these files out, open them as the program does, verify, and read everything."""
    shutil.rmtree(sample.path, ignore_errors=True)
    sample.path.mkdir(parents=True)
    for name, raw in files.items():
        (sample.path / name).write_bytes(raw)
    try:
        desk = unlock(sample.path, sign_in="ana", passphrase=PASSPHRASE)
        try:
            problems = desk.workspace.verify().problems
            if problems:
                return Verdict.NAMED, problems[0]
            same = content(desk) == sample.content
        finally:
            desk.close()
    except IncidentError as error:
        return Verdict.REFUSED, str(error)
    except Exception as error:  # noqa: BLE001 - the verdict that a test looks for
        return Verdict.CRASHED, f"{type(error).__name__}: {error}"
    return (Verdict.HARMLESS, "") if same else (Verdict.SILENT, "")


def flipped(raw: bytes, chance: random.Random) -> tuple[bytes, int]:
    """The bytes with one bit turned, and where."""
    place, bit = chance.randrange(len(raw)), chance.randrange(8)
    return raw[:place] + bytes([raw[place] ^ 1 << bit]) + raw[place + 1 :], place


def bit_flips(sample: Sample, name: str, *, rounds: int, seed: int) -> Outcome:
    """Turn `rounds` single bits of one file, each in a fresh copy; silent and crashing outcomes are counted apart."""
    chance, silent, crashed, note = random.Random(seed), 0, 0, ""
    for _ in range(rounds):
        raw, place = flipped(sample.files[name], chance)
        verdict, said = judge(sample, {**sample.files, name: raw})
        silent, crashed = silent + (verdict is Verdict.SILENT), crashed + (verdict is Verdict.CRASHED)
        if verdict in (Verdict.SILENT, Verdict.CRASHED) and not note:
            note = f"seed {seed}, byte {place} of {name}: {verdict.value}: {said}"
    return Outcome(f"one bit turned in {name}", rounds, 0, silent, crashed, None, note)


FILES = (DATABASE, WAL, HEADER, ANCHOR)
