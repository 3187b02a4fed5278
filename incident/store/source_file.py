"""A file from outside that is read once: ordinary, readable, and the same at the end as at the beginning."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from incident.errors import ContentError, RefusedError
from incident.store.stream import Readable


@dataclass(slots=True)
class Source:
    """Bytes from outside; trouble in reading them names where they come from."""

    named: str
    content: Readable
    size: int | None = None
    """Bytes that a file promises; None for a pipe."""

    def read(self, size: int, /) -> bytes | None:
        """At most `size` bytes; none at the end."""
        with _said(self.named):
            return self.content.read(size)


@contextmanager
def steady(path: Path) -> Iterator[Source]:
    """An ordinary file to read; refused at the end when it changed, or another took its place, while it was read."""
    with _said(str(path)):
        before = path.stat()
    if not stat.S_ISREG(before.st_mode):
        raise ContentError(f"{path} is not an ordinary file.", "Name a file, or pipe its bytes and name `-`.")
    with _said(str(path)):
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    with os.fdopen(handle, "rb", buffering=0) as file:
        yield Source(str(path), file, before.st_size)
        with _said(str(path)):
            if not _identity(before) == _identity(os.fstat(handle)) == _identity(path.stat()):
                raise changed(str(path))


def changed(named: str) -> RefusedError:
    """The refusal of a file that is written while it is read."""
    return RefusedError(
        f"{named} changed while it was read; nothing was kept.", "Copy it first, or stop what writes to it, then add the copy."
    )


def _identity(found: os.stat_result) -> tuple[int, int, int, int]:
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


@contextmanager
def _said(named: str) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError) as error:
        raise ContentError(f"{named}: {getattr(error, 'strerror', None) or error}.", "Name a readable file.") from error
