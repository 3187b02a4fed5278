"""The shim between a process and the C library: built at test time where there is a compiler, and its record read."""

import ctypes
import os
import shutil
import struct
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SOURCE = Path(__file__).with_name("shim.c")
WRITES, SYNCS = 1, 2
DEATH = -1
"""Instead of an error's number: the process is killed at this call, before it is made."""
_HEAD = struct.Struct("=IIIiq")


def why_not() -> str:
    """Why the shim cannot be used here; blank where it can."""
    if not sys.platform.startswith("linux"):
        return "LD_PRELOAD and /proc are Linux's"
    return "" if shutil.which("cc") else "there is no C compiler `cc`"


def build(folder: Path) -> Path:
    """Compile the shim into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    library = folder / "shim.so"
    words = ["cc", "-O1", "-shared", "-fPIC", "-o", str(library), str(SOURCE), "-ldl"]
    subprocess.run(words, check=True, capture_output=True)
    return library


def environment(library: Path, root: Path, *, log: Path | None = None, arm: str = "") -> dict[str, str]:
    """The environment in which a process runs under the shim."""
    added = {"LD_PRELOAD": str(library), "FAULT_ROOT": str(root.resolve())}
    added |= {"FAULT_LOG": str(log)} if log else {}
    added |= {"FAULT_ARM": arm} if arm else {}
    return {**os.environ, **added}


def arm(kind: int, nth: int, error: int, *, lasting: bool = False) -> None:
    """In a process under the shim: let the n-th call of this kind fail, and those after it when `lasting`."""
    ctypes.CDLL(None).fault_arm(kind, nth, error, int(lasting))


def fired() -> bool:
    """Whether a call was made to fail since the shim was armed."""
    return bool(ctypes.CDLL(None).fault_fired())


def calls_seen() -> int:
    """How many calls of the armed kind were made since."""
    return int(ctypes.CDLL(None).fault_calls())


@dataclass(frozen=True, slots=True)
class Call:
    """One recorded call: c(reate) w(rite) t(runcate) s(ync) u(nlink) r(ename) l(ink)."""

    op: str
    path: str
    other: str
    at: int
    content: bytes


def calls(log: Path) -> Iterator[Call]:
    """Every recorded call in order; the shared-memory index is no file that a disk keeps."""
    raw, place = log.read_bytes(), 0
    while place < len(raw):
        path, other, size, op, at = _HEAD.unpack_from(raw, place)
        place += _HEAD.size
        names = raw[place : place + path + other].decode()
        content = raw[place + path + other : place + path + other + size]
        place += path + other + size
        if not names[:path].endswith("-shm"):
            yield Call(chr(op), names[:path], names[path:], at, content)
