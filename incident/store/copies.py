"""The list of copies that were made of a vault, so that retention can say which of them still hold what was deleted.

`backups.json` holds folders, times and journal numbers, no secrets. A line is written before its copy takes its name and
confirmed afterwards: a copy may be listed that is not there, never the other way round.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from incident.errors import RefusedError, StoreError
from incident.store.durable import write_whole

LIST = "backups.json"
MANIFEST = "manifest.json"
_FORMAT = "incident-copies/1"


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy that was made: where to, when, by whom, and up to which journal entry it reaches."""

    id: str
    folder: str
    made_at: datetime
    by: str
    epoch: int
    """Of the vault's header: which passphrases open it."""
    seq: int
    """The newest journal entry in it."""
    tested_at: datetime | None = None
    done: bool = False

    @property
    def is_there(self) -> bool:
        """Whether the folder can be seen from here now; a disk on a shelf cannot."""
        try:
            return (Path(self.folder) / MANIFEST).is_file()
        except OSError:
            return False


def new_copy(folder: Path, *, now: datetime, by: str, epoch: int, seq: int) -> Copy:
    """A line for a copy that is about to be made."""
    return Copy(uuid4().hex, str(folder.resolve()), now, by, epoch, seq)


def copies(vault: Path) -> tuple[Copy, ...]:
    """The copies on the list, the oldest first; without those that never took their name."""
    found = _read(vault / LIST)
    return tuple(each for each in found if each.done or each.is_there)


def note_copy(vault: Path, copy: Copy) -> None:
    """Write a line into the list, replacing the one with the same id; raises StoreError when it cannot be written."""
    kept = [each for each in _read(vault / LIST) if each.id != copy.id and (each.done or each.is_there)]
    _write(vault / LIST, [*kept, copy])


def confirm_copy(vault: Path, copy: Copy) -> None:
    """Record that the copy has taken its name."""
    note_copy(vault, replace(copy, done=True))


def forget_copy(vault: Path, folder: Path) -> Copy:
    """Take a copy off the list because it was destroyed; refused while its folder is there."""
    wanted = {str(folder), str(folder.resolve())}
    found = [each for each in copies(vault) if each.folder in wanted]
    if not found:
        raise RefusedError(f"{folder} is not on the list of copies.", "`incident backup list` shows the list.")
    if found[0].is_there:
        raise RefusedError(f"{folder} is still there.", "Destroy the copy first; the list says what is left.")
    _write(vault / LIST, [each for each in copies(vault) if each.id != found[0].id])
    return found[0]


def _read(path: Path) -> list[Copy]:
    try:
        content = json.loads(path.read_bytes())
        if content["format"] != _FORMAT:
            raise ValueError
        return [_copy(each) for each in content["copies"]]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(f"{path} cannot be read.", "Mend or remove it; the copies themselves are not touched.") from error


def _copy(line: dict[str, object]) -> Copy:
    tested = line["tested_at"]
    return Copy(
        id=str(line["id"]),
        folder=str(line["folder"]),
        made_at=datetime.fromisoformat(str(line["made_at"])),
        by=str(line["by"]),
        epoch=int(str(line["epoch"])),
        seq=int(str(line["seq"])),
        tested_at=datetime.fromisoformat(str(tested)) if tested else None,
        done=bool(line["done"]),
    )


def _write(path: Path, lines: list[Copy]) -> None:
    listed = [{**asdict(each), "made_at": each.made_at.isoformat(), "tested_at": _text(each.tested_at)} for each in lines]
    try:
        write_whole(path, json.dumps({"format": _FORMAT, "copies": listed}, indent=1).encode())
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror}.", "Free some space and try again.") from error


def _text(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None


@contextmanager
def alone(vault: Path) -> Iterator[None]:
    """Keep other backups and purges of this vault out; it is refused while one runs. Writes nothing."""
    handle = os.open(vault, os.O_RDONLY)
    try:
        _lock(handle)
        yield
    finally:
        os.close(handle)


def _lock(handle: int) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise RefusedError("A backup or a purge of this vault is running.", "Try again when it is done.") from error
