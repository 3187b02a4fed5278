"""Files that are written so that a power cut leaves the old or the new one: fsync of the file, rename, fsync of the folder."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO

from incident.errors import BusyError

_CHUNK = 1024 * 1024


def write_whole(path: Path, content: bytes) -> None:
    """Write a private file whole or not at all. Raises OSError."""
    beside = path.with_name(path.name + ".part")
    try:
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


@contextmanager
def owner_only(path: Path) -> Iterator[BinaryIO]:
    """A new file that only its owner reads, on the disk when the block ends. Raises OSError."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w+b") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def taking_name(path: Path) -> Iterator[BinaryIO]:
    """A private file that has its name once the block ends well, and is gone otherwise. Raises OSError."""
    beside = path.with_name(f".{token_hex(8)}.part")
    try:
        with owner_only(beside) as file:
            yield file
        beside.replace(path)
    except BaseException:
        with suppress(OSError, ValueError):
            beside.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_tree(path: Path) -> None:
    """Make the names in a folder and in every folder under it durable."""
    for each in (path, *(found for found in path.rglob("*") if found.is_dir())):
        sync_folder(each)


def sync_file(path: Path) -> None:
    """Make a file that somebody else wrote durable, and its name."""
    handle = os.open(path, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    sync_folder(path.parent)


def copied(source: Path, target: Path) -> str:
    """Copy a file and make it durable; the hash of what was read."""
    digest = sha256()
    with source.open("rb") as read:
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as write:
            while chunk := read.read(_CHUNK):
                digest.update(chunk)
                write.write(chunk)
            write.flush()
            os.fsync(write.fileno())
    return digest.hexdigest()


def hash_of(path: Path) -> str:
    """SHA-256 of a file, read in pieces."""
    digest = sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


_TRIES, _PAUSE = 300, 0.05
"""How often a lock is tried for, and the seconds between."""


@contextmanager
def held_alone(lock: Path) -> Iterator[None]:
    """Hold a lock file for as long as this block runs; raises BusyError after 15 seconds of waiting for it."""
    handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        for _ in range(_TRIES):
            with suppress(BlockingIOError):
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            time.sleep(_PAUSE)
        else:
            raise BusyError(_TRIES * _PAUSE)
        yield
    finally:
        os.close(handle)
