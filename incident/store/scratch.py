"""A private folder in memory, for as long as a process needs it. What a killed process left there, the next one removes.

A lock says whose folder is in use; it ends with its process, however that ends.
"""

import fcntl
import os
import shutil
import stat
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_MEMORY = Path("/dev/shm")  # noqa: S108 - memory, not a shared temporary folder; what goes there is encrypted
_PREFIX = "incident-read-"


@dataclass(frozen=True, slots=True)
class Scratch:
    """A folder that only its owner reads, until it is closed."""

    path: Path
    _lock: int

    def close(self) -> None:
        """Remove the folder with what is in it."""
        shutil.rmtree(self.path, ignore_errors=True)
        os.close(self._lock)


def _room() -> Path:
    """Memory where there is such a folder, else the temporary one."""
    return _MEMORY if os.access(_MEMORY, os.W_OK) else Path(tempfile.gettempdir())


def new_scratch() -> Scratch:
    """A new folder of our own, in memory where there is room for it. Raises OSError."""
    sweep_scratch()
    while True:
        path = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=_room()))
        lock = os.open(path, os.O_RDONLY)
        fcntl.flock(lock, fcntl.LOCK_EX)
        if path.exists():  # another process may have taken it for abandoned before it was locked
            return Scratch(path, lock)
        os.close(lock)


def sweep_scratch() -> int:
    """Remove the folders whose process is gone, and say how many those were; other people's are left alone."""
    return sum(_removed(each) for each in _room().glob(f"{_PREFIX}*"))


def _removed(path: Path) -> bool:
    with suppress(OSError):
        found = path.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
            return False
        lock = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(path)
        finally:
            os.close(lock)
        return True
    return False
