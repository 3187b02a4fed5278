"""Sorting more than memory should hold: sorted runs in an unnamed file, encrypted under a key that only this process has.

The file has no name, so it is gone with the process, however that ends; what the disk keeps of it nobody can read.
"""

import heapq
import marshal
import os
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

Item = tuple[bytes, bytes]
"""What is sorted by, and what goes with it."""
_BLOCK = 250
"""Items that are sealed together."""


class Spill:
    """Takes items in any order and gives them back sorted; use it in a `with` block."""

    def __init__(self, *, run: int = 25_000, folder: Path | None = None) -> None:
        self._run, self._items = run, list[Item]()
        self._file = tempfile.TemporaryFile(dir=folder, buffering=0)  # noqa: SIM115 - lives as long as this object
        self._cipher, self._count = AESGCM(os.urandom(32)), 0
        self._runs: list[list[tuple[int, int, int]]] = []
        """Of each run its blocks: where, how long, sealed with which number."""

    def __enter__(self) -> "Spill":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._items.clear()
        self._file.close()

    def add(self, key: bytes, held: bytes = b"") -> None:
        """Take one item. Raises OSError when the disk is full."""
        self._items.append((key, held))
        if len(self._items) >= self._run:
            self._write()

    def _write(self) -> None:
        self._items.sort()
        blocks = []
        for start in range(0, len(self._items), _BLOCK):
            self._count += 1
            raw = zlib.compress(marshal.dumps(self._items[start : start + _BLOCK]), 1)
            sealed = self._cipher.encrypt(self._count.to_bytes(12, "big"), raw, None)
            blocks.append((self._file.seek(0, os.SEEK_END), len(sealed), self._count))
            _write_all(self._file.fileno(), sealed)
        self._runs.append(blocks)
        self._items.clear()

    def merged(self) -> Iterator[Item]:
        """Every item, sorted; may be asked more than once."""
        self._items.sort()
        yield from heapq.merge(*(self._read(blocks) for blocks in self._runs), self._items)

    def _read(self, blocks: list[tuple[int, int, int]]) -> Iterator[Item]:
        for at, length, number in blocks:
            sealed = os.pread(self._file.fileno(), length, at)
            raw = self._cipher.decrypt(number.to_bytes(12, "big"), sealed, None)
            yield from marshal.loads(zlib.decompress(raw))  # noqa: S302 - sealed by this very object


def _write_all(handle: int, content: bytes) -> None:
    held = memoryview(content)
    while held:
        held = held[os.write(handle, held) :]
