"""Reads a file from outside: a regular file, and no more of it than it may hold. A pipe or a device would never end."""

import os
import stat
from pathlib import Path

from incident.errors import ContentError

_FLAGS = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY


def regular_file(path: Path, what: str, *, megabytes: int) -> bytes:
    """The bytes of a file that holds `what`; raises ContentError without the file's name, which the caller knows."""
    try:
        opened = os.open(path, _FLAGS)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "no file can have this name"
        raise ContentError(f"it cannot be read: {why}.", "Name a file that is there.") from error
    mode = os.fstat(opened).st_mode
    if not stat.S_ISREG(mode):
        os.close(opened)
        kind = "a folder" if stat.S_ISDIR(mode) else "a pipe or a device"
        raise ContentError(f"this is {kind}, not a file.", "Name a regular file.")
    with os.fdopen(opened, "rb") as file:
        found = file.read(megabytes * 1024 * 1024 + 1)
    if len(found) > megabytes * 1024 * 1024:
        raise ContentError(f"this is larger than any {what}: more than {megabytes} megabytes.", "Name another file.")
    return found
