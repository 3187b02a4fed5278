"""The folder of a run: whose it is, what of it is done, and what is said in it about how sensitive it is.

Until all of it is done a file `NOT-FINISHED.txt` says so. What is done stands in one part of the manifest for each chunk;
at the end the parts become `manifest.jsonl` and `manifest.csv`.
"""

import csv
import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TextIO

from incident.errors import RefusedError, StoreError
from incident.interchange.inert_cell import inert
from incident.store.durable import sync_file, sync_folder, write_whole

if TYPE_CHECKING:
    from incident.usecases.letters_files import Made

RUN, README, UNFINISHED, STOPPED, REJECTED = "run.json", "README.txt", "NOT-FINISHED.txt", "STOPPED.txt", "rejected.csv"
_PARTS = ".parts"
MANIFEST = ("key", "reference", "country", "place", "file", "page", "pages", "sha256", "variant", "path")


class Refusal(NamedTuple):
    """A row for which the press could make no letter."""

    source: int
    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class RunNote:
    """What a run's folder says of itself (`run.json`): nothing of a person."""

    identity: str
    output: str
    shard: str
    accepted: int
    chunks: int
    begun_at: str
    state: str
    """`begun`, `stopped` or `finished`."""


@dataclass(frozen=True, slots=True)
class PartNote:
    """What a chunk's part of the manifest says before its rows."""

    chunk: int
    letters: int
    refused: int
    pages: int
    sheets: int
    size: int
    file: str
    sha256: str
    ways: dict[str, int]
    places: dict[str, int]


@contextmanager
def run_folder(folder: Path, note: RunNote) -> Iterator[RunNote]:
    """The folder for one run, held alone: new, or the one in which this very run was begun. Yields what it says."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise StoreError(f"{folder} cannot be used: {error.strerror}.", "Name another folder with --to.") from error
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise RefusedError(f"Another run is at work in {folder}.", "Wait for it, or name another folder.") from error
        yield _begun(folder, note)
    finally:
        os.close(lock)


def _begun(folder: Path, note: RunNote) -> RunNote:
    standing = _standing(folder)
    if standing is None:
        if any(folder.iterdir()):
            raise RefusedError(f"{folder} is not empty.", "Name a new folder; nothing is ever written over.")
        try:
            write_whole(folder / UNFINISHED, _UNFINISHED.encode())
            write_whole(folder / README, _README.encode())
            (folder / _PARTS).mkdir(mode=0o700)
            save_note(folder, note)
        except OSError as error:
            raise StoreError(f"{folder} cannot be written: {error.strerror}.", "Make room, or name another folder.") from error
        return note
    if (standing.identity, standing.output, standing.shard) != (note.identity, note.output, note.shard):
        raise RefusedError(
            f"{folder} holds another run: other recipients, letters or options.", "Name a new folder, or the same files again."
        )
    if standing.state == "stopped":
        raise RefusedError(
            f"The run in {folder} was stopped by its checks.", f"Read {STOPPED} there; nothing of it may be sent."
        )
    if standing.state == "finished":
        raise RefusedError(f"The run in {folder} is finished.", "Nothing is left to do there.")
    for left in folder.glob("*.part"):
        shutil.rmtree(left) if left.is_dir() else left.unlink()
    return standing


def _standing(folder: Path) -> RunNote | None:
    try:
        return RunNote(**json.loads((folder / RUN).read_text(encoding="utf-8")))
    except FileNotFoundError:
        left = {each.name for each in folder.iterdir()}
        if left and left <= {UNFINISHED, README, _PARTS, f"{RUN}.part", f"{UNFINISHED}.part", f"{README}.part"}:
            for name in left:
                path = folder / name
                path.rmdir() if path.is_dir() else path.unlink()
        return None
    except (OSError, ValueError, TypeError) as error:
        raise RefusedError(f"{folder / RUN} cannot be read.", "Name a new folder.") from error


def save_note(folder: Path, note: RunNote) -> None:
    """Write what the folder says of its run. Raises OSError."""
    write_whole(folder / RUN, (json.dumps(asdict(note), indent=1) + "\n").encode())


def write_part(folder: Path, made: "Made", refusals: Sequence[Refusal]) -> None:
    """Note a chunk as done: from here on it counts. Raises OSError."""
    ways: dict[str, int] = {}
    places: dict[str, int] = {}
    for row in made.rows:
        ways[str(row["path"])] = ways.get(str(row["path"]), 0) + 1
        places[str(row["place"])] = places.get(str(row["place"]), 0) + 1
    note = PartNote(
        made.number, len(made.rows), len(refusals), made.pages, made.sheets, made.size, made.file, made.sha256, ways, places
    )
    lines = [json.dumps(asdict(note))]
    lines += [json.dumps(row, ensure_ascii=False) for row in made.rows]
    lines += [json.dumps({"refused": list(each)}, ensure_ascii=False) for each in refusals]
    write_whole(folder / _PARTS / f"{made.number:05d}.jsonl", ("\n".join(lines) + "\n").encode())


def done_part(folder: Path, number: int) -> PartNote | None:
    """What is noted of a chunk, if it is done and its file is still there as it was."""
    try:
        with (folder / _PARTS / f"{number:05d}.jsonl").open(encoding="utf-8") as file:
            note = PartNote(**json.loads(file.readline()))
        path = folder / note.file
        size = sum(each.stat().st_size for each in path.iterdir()) if path.is_dir() else path.stat().st_size
    except (OSError, ValueError, TypeError):
        return None
    return note if not note.file or size == note.size else None


def assemble(folder: Path, numbers: Sequence[int], names: Sequence[str]) -> int:
    """Make the manifest, and add to `rejected.csv` what the press refused; the number of letters in it. Raises OSError."""
    letters = 0
    jsonl, table, rejected = (folder / name for name in ("manifest.jsonl.part", "manifest.csv.part", f"{REJECTED}.part"))
    with _private(jsonl) as one, _private(table) as other, _private(rejected) as third:
        with (folder / REJECTED).open(encoding="utf-8", newline="") as before:
            shutil.copyfileobj(before, third)
        rows = csv.writer(other, lineterminator="\r\n")
        rows.writerow(MANIFEST)
        refused = csv.writer(third, lineterminator="\r\n")
        for number in numbers:
            with (folder / _PARTS / f"{number:05d}.jsonl").open(encoding="utf-8") as part:
                part.readline()
                for line in part:
                    row = json.loads(line)
                    if "refused" in row:
                        source, at, reason = row["refused"]
                        refused.writerow([inert(names[source]), at, "the press cannot set it", inert(reason)])
                        continue
                    one.write(line)
                    rows.writerow([inert(str(row[name])) for name in MANIFEST])
                    letters += 1
    for path in (jsonl, table, rejected):
        sync_file(path)
        path.replace(path.with_suffix(""))
    sync_folder(folder)
    return letters


def _private(path: Path) -> TextIO:
    path.unlink(missing_ok=True)
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8", newline="")


def finish(folder: Path, note: RunNote) -> None:
    """Say that the run is finished; the parts are not needed any more. Raises OSError."""
    save_note(folder, note)
    (folder / UNFINISHED).unlink(missing_ok=True)
    shutil.rmtree(folder / _PARTS, ignore_errors=True)
    sync_folder(folder)


_UNFINISHED = """This run of letters is not finished. Send nothing from this folder yet.
Give the same command again: what is done stands, and the rest is made.
"""
_README = """This folder holds letters about a breach of personal data: names, addresses, what was lost, and codes.
It is not encrypted. Whoever reads it knows who is affected. Keep it on an encrypted disk, hand it over by an encrypted way,
and delete it when the letters are in the post.

letters-…       the letters, sorted by country and postcode
manifest.jsonl  one line a letter: key, reference, file, first page, pages, SHA-256 of the file, layout, way it was made
manifest.csv    the same as a table
rejected.csv    every row that got no letter, with its line and the reason; its rows are personal data, too
run.json        what was asked and how far it got; nothing of a person

A run over several machines (--shard K/N) gives each of them its own files; the numbers in their names never meet.
Rows that cannot be read are listed by the first shard only.
"""
