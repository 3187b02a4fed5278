"""Merkle trees as in RFC 6962: one hash stands for a whole list, and one entry is proven without showing the others.

A leaf is an entry's hash. Nothing here holds the list: a prefix is remembered by its frontier, the roots of the
perfect subtrees that it falls into, at most one per power of two.
"""

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

BATCH = 1024
"""Leaves that `Roots` takes at a time; a power of two."""
_HASH = 32


def leaf(entry: bytes) -> bytes:
    """The hash of a leaf."""
    return sha256(b"\0" + entry).digest()


def node(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees."""
    return sha256(b"\1" + left + right).digest()


def _folded(peaks: Sequence[bytes]) -> bytes:
    if not peaks:
        return sha256(b"").digest()
    root = peaks[-1]
    for peak in reversed(peaks[:-1]):
        root = node(peak, root)
    return root


def _carried(peaks: list[bytes], count: int, fresh: bytes) -> None:
    """Add a subtree as large as each of the `count` before it."""
    while count & 1:
        fresh, count = node(peaks.pop(), fresh), count >> 1
    peaks.append(fresh)


class Frontier:
    """A list that grows, as the roots of its perfect subtrees, the largest first."""

    def __init__(self, size: int = 0, peaks: Iterable[bytes] = ()) -> None:
        self.size = size
        self._peaks = list(peaks)

    @classmethod
    def read(cls, size: int, raw: bytes) -> "Frontier | None":
        """The frontier of a list of this size; None for bytes that are none."""
        peaks = [raw[start : start + _HASH] for start in range(0, len(raw), _HASH)]
        sound = size >= 0 and len(raw) == size.bit_count() * _HASH
        return cls(size, peaks) if sound else None

    def append(self, entry: bytes) -> None:
        """Add one entry's hash."""
        _carried(self._peaks, self.size, leaf(entry))
        self.size += 1

    @property
    def root(self) -> bytes:
        """The tree's hash."""
        return _folded(self._peaks)

    def to_bytes(self) -> bytes:
        """The roots one after the other."""
        return b"".join(self._peaks)


class Roots:
    """The roots of many prefixes of one long list, in one pass."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []

    def add(self, entries: Sequence[bytes], sizes: Iterable[int]) -> dict[int, bytes]:
        """Take the next entries' hashes, `BATCH` of them unless they are the last; the roots at the sizes asked for."""
        levels = [[sha256(b"\0" + entry).digest() for entry in entries]]
        while len(levels[-1]) > 1:
            pairs = iter(levels[-1])
            levels.append([sha256(b"\1" + left + right).digest() for left, right in zip(pairs, pairs, strict=False)])
        roots = {size: _folded([*self._peaks, *_prefix(levels, size - self.size)]) for size in sizes}
        if len(entries) == BATCH:
            _carried(self._peaks, self.size // BATCH, levels[-1][0])
        self.size += len(entries)
        return roots


def _prefix(levels: Sequence[Sequence[bytes]], count: int) -> list[bytes]:
    heights = [height for height in range(len(levels) - 1, -1, -1) if count >> height & 1]
    return [levels[height][(count >> height) - 1] for height in heights]


def inclusion(index: int, size: int, root_of: Callable[[int, int], bytes]) -> list[bytes]:
    """The hashes that lead from leaf `index` (from 0) to the root over `size` leaves; `root_of` gives a range's root."""
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + (1 << (end - start - 1).bit_length() - 1)
        if index < middle:
            path.append(root_of(middle, end))
            end = middle
        else:
            path.append(root_of(start, middle))
            start = middle
    return path[::-1]


def root_by(entry: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root that an inclusion path leads to (RFC 9162, 2.1.3.2); None for a path of the wrong length."""
    if not 0 <= index < size:
        return None
    here, at, last = leaf(entry), index, size - 1
    for other in path:
        if last == 0:
            return None
        if at & 1 or at == last:
            here = node(other, here)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            here = node(here, other)
        at, last = at >> 1, last >> 1
    return here if last == 0 else None
