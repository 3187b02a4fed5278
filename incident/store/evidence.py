"""The folder `evidence`: files that were kept, encrypted, under names that tell nothing.

A name is an HMAC of the content's SHA-256 under a key derived from the incident's, because a bare hash says to anybody with
the disk that a known document is here. A file is whole and on the disk before a row speaks of it: temporary file, fsync,
rename, fsync of the folder, and only then the transaction. Whatever a crash leaves is swept.
"""

import fcntl
import hmac
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO
from uuid import UUID

from sqlmodel import Session

from incident.domain.membership import Circle
from incident.errors import StoreError
from incident.store.durable import sync_folder
from incident.store.keys import subkey
from incident.store.seals import Finder, KeyName, Seals, refuse_stranger
from incident.store.stream import (
    CHUNK,
    HEADER_BYTES,
    Progress,
    Readable,
    Taken,
    decrypt,
    does_not_hold,
    encrypt,
    read_header,
)

FOLDER = "evidence"
ASIDE = "aside"
"""Where a file waits that no row speaks of: an older database put back must not cost what was kept since."""
PATIENCE = timedelta(days=30)
"""How long it waits there."""
_PART = ".part"


def newest_key(session: Session, incident_id: UUID, circle: Circle = Circle.TEAM, *, called: str) -> tuple[KeyName, bytes]:
    """The key of a circle that new files are encrypted under; refused for somebody who is not in it."""
    seals, find = _ours(session)
    held = seals.newest(incident_id, circle, find)
    if held is None:
        raise refuse_stranger(called if circle is Circle.TEAM else "Counsel's circle")
    return held


def key_named(session: Session, name: KeyName, *, called: str) -> bytes:
    """The incident key that a file names, also one of before somebody left; refused for somebody who does not hold it."""
    seals, find = _ours(session)
    key = seals.key(name, find)
    if key is None:
        raise refuse_stranger(called)
    return key


def _ours(session: Session) -> tuple[Seals, Finder]:
    find = session.info["find"]
    return session.info["seals"], lambda name, incident_id, circle: find(session, name, incident_id, circle)


def object_name(key: bytes, digest: str) -> str:
    """The file's name for a content of this SHA-256."""
    return hmac.new(subkey(key, "evidence-index"), bytes.fromhex(digest), sha256).hexdigest()


def object_path(folder: Path, name: str) -> Path:
    """Where a file lies in the folder `evidence`."""
    return folder / name[:2] / name


@dataclass(slots=True)
class Draft:
    """A file on its way in: it is there under a temporary name until it is kept."""

    folder: Path
    path: Path

    def fill(
        self, source: Readable, held: tuple[KeyName, bytes], *, progress: Progress | None = None, chunk: int = CHUNK
    ) -> Taken:
        """Encrypt `source` into the file and bring it to the disk."""
        name, key = held
        handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as target:
            taken = encrypt(source, target, name, key, chunk=chunk, progress=progress)
            target.flush()
            os.fsync(target.fileno())
        return taken

    def keep(self, name: str) -> None:
        """Give the file its name, and bring the name to the disk."""
        target = object_path(self.folder, name)
        target.parent.mkdir(mode=0o700, exist_ok=True)
        os.replace(self.path, target)
        sync_folder(target.parent)
        sync_folder(self.folder)


@contextmanager
def drafting(folder: Path) -> Iterator[Draft]:
    """A place for a new file for as long as this block runs; what was not kept is removed, and nothing is swept meanwhile."""
    with _told(folder):
        folder.mkdir(mode=0o700, exist_ok=True)
        draft = Draft(folder, folder / f"{token_hex(16)}{_PART}")
        handle = _locked(folder, fcntl.LOCK_SH)
    try:
        with _told(folder):
            yield draft
    finally:
        with suppress(OSError):
            draft.path.unlink(missing_ok=True)
        os.close(handle)


@contextmanager
def alone(folder: Path) -> Iterator[bool]:
    """Whether nobody else adds to the folder, and nobody can for as long as this block runs."""
    if not folder.is_dir():
        yield False
        return
    try:
        handle = _locked(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        yield False
        return
    try:
        yield True
    finally:
        os.close(handle)


def _locked(folder: Path, how: int) -> int:
    handle = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, how)
    except BaseException:
        os.close(handle)
        raise
    return handle


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        hint = "Nothing was kept and nothing is lost. Free some space, or see to the folder's rights."
        raise StoreError(f"{folder} cannot be written: {error.strerror or error}.", hint) from error


@dataclass(frozen=True, slots=True)
class Kept:
    """A kept file as the record knows it."""

    incident_id: UUID
    object: str
    named: str
    """How a sentence names it."""


def plain_chunks(folder: Path, kept: Kept, key_of: Callable[[KeyName], bytes]) -> Iterator[bytes]:
    """The plain content of a kept file, chunk by chunk, each one authenticated; that it ended is known at the end only."""
    try:
        with object_path(folder, kept.object).open("rb") as file:
            yield from _plain(file, kept, key_of)
    except FileNotFoundError as error:
        raise does_not_hold(kept.named, "its file is missing") from error
    except OSError as error:
        raise does_not_hold(kept.named, f"its file cannot be read ({error.strerror})") from error


def _plain(file: BinaryIO, kept: Kept, key_of: Callable[[KeyName], bytes]) -> Iterator[bytes]:
    header = read_header(file, kept.named)
    if header.key_name.incident_id != kept.incident_id:
        raise does_not_hold(kept.named, "its file belongs to another incident")
    yield from decrypt(file, header, key_of(header.key_name), kept.named)


def destroy(folder: Path, name: str) -> None:
    """Remove a file for good: its head goes first, because without the salt no key opens the rest of it."""
    path = object_path(folder, name)
    with _told(folder):
        try:
            if path.stat().st_nlink == 1:
                with path.open("r+b", buffering=0) as file:
                    file.write(bytes(HEADER_BYTES))
                    os.fsync(file.fileno())
            path.unlink()
        except FileNotFoundError:
            return
        sync_folder(path.parent)


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep did: files removed, set aside because no row speaks of them, and put back because one does."""

    removed: int = 0
    set_aside: int = 0
    put_back: int = 0


def sweep(
    folder: Path,
    known: frozenset[str],
    now: datetime,
    grace: timedelta = timedelta(hours=1),
    *,
    destroyed: frozenset[str] = frozenset(),
) -> Swept:
    """Tidy what crashes left, older than `grace`; the caller holds `alone`.

    Temporary files go. A file that was destroyed on the record goes. One that no row speaks of is set aside and goes after
    `PATIENCE`; if a row speaks of it again (the right database was put back), it returns to its place.
    """
    removed = _remove(folder.glob(f"*{_PART}"), now, grace)
    for name in destroyed - known:
        if object_path(folder, name).exists():
            destroy(folder, name)
            removed += 1
    with _told(folder):
        put_back = _put_back(folder, known)
        set_aside = _set_aside(folder, known, now, grace)
    removed += _remove((folder / ASIDE).glob("*"), now, PATIENCE)
    return Swept(removed, set_aside, put_back)


def _remove(paths: Iterator[Path], now: datetime, after: timedelta) -> int:
    removed = 0
    for path in paths:
        with suppress(OSError):
            if _age(path, now) > after:
                path.unlink()
                removed += 1
    return removed


def _set_aside(folder: Path, known: frozenset[str], now: datetime, grace: timedelta) -> int:
    orphans = [path for path in folder.glob("??/*") if path.name not in known and _age(path, now) > grace]
    for path in orphans:
        (folder / ASIDE).mkdir(mode=0o700, exist_ok=True)
        os.utime(path, (now.timestamp(), now.timestamp()))
        path.replace(folder / ASIDE / path.name)
    return len(orphans)


def _put_back(folder: Path, known: frozenset[str]) -> int:
    waiting = [
        path for path in (folder / ASIDE).glob("*") if path.name in known and not object_path(folder, path.name).exists()
    ]
    for path in waiting:
        target = object_path(folder, path.name)
        target.parent.mkdir(mode=0o700, exist_ok=True)
        path.replace(target)
    return len(waiting)


def _age(path: Path, now: datetime) -> timedelta:
    return timedelta(seconds=now.timestamp() - path.stat().st_mtime)
