"""A disk that loses power: it keeps what was synced, and does as it likes with the rest.

A file's bytes are safe after its fsync; a name (made, moved or removed) is safe after its folder's. What was pending at
the cut is dropped, reordered, kept or torn at 512 bytes. Harsher than real file systems, which keep more order.
"""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.shim import Call

SECTOR = 512


@dataclass(slots=True)
class Held:
    """One file: the bytes that are safe, and what was done to it since."""

    safe: bytearray = field(default_factory=bytearray)
    pending: list[Call] = field(default_factory=list)

    def sync(self) -> None:
        for call in self.pending:
            _apply(self.safe, call)
        self.pending.clear()

    def after_the_cut(self, chance: random.Random) -> bytes:
        """What stands on the disk when the power is back."""
        found = bytearray(self.safe)
        kept = [call for call in self.pending if chance.random() < 0.6]
        if chance.random() < 0.5:
            chance.shuffle(kept)
        for call in kept:
            for part in _torn(call, chance) if call.op == "w" and chance.random() < 0.3 else (call,):
                _apply(found, part)
        return bytes(found)


def _apply(content: bytearray, call: Call) -> None:
    if call.op == "t":
        del content[call.at :]
    end = call.at + len(call.content)
    if len(content) < end:
        content.extend(bytes(end - len(content)))
    content[call.at : end] = call.content


def _torn(call: Call, chance: random.Random) -> Iterable[Call]:
    for start in range(0, len(call.content), SECTOR):
        if chance.random() < 0.5:
            yield Call("w", call.path, "", call.at + start, call.content[start : start + SECTOR])


@dataclass(slots=True)
class Disk:
    """The files below a folder, as a record of calls makes them."""

    names: dict[str, Held] = field(default_factory=dict)
    """As programs see them."""
    safe: dict[str, Held] = field(default_factory=dict)
    """As the folders on the disk have them."""
    pending: list[tuple[str, str, Held | None]] = field(default_factory=list)
    """Changes of names that no sync of their folder has made safe: folder, path, file (None: removed)."""

    @classmethod
    def of(cls, root: Path) -> "Disk":
        """A disk on which everything below this folder is safe."""
        held = {str(path): Held(bytearray(path.read_bytes())) for path in root.rglob("*") if path.is_file()}
        held = {path: file for path, file in held.items() if not path.endswith("-shm")}
        return cls(dict(held), dict(held))

    def take(self, call: Call) -> None:
        """Do what a recorded call did."""
        match call.op:
            case "c":
                self._name(call.path, Held())
            case "u":
                self._name(call.path, None)
            case "r" | "l":
                self._name(call.other, self.names[call.path])
                if call.op == "r":
                    self._name(call.path, None)
            case "s" if call.path in self.names:
                self.names[call.path].sync()
            case "s":
                self._sync_folder(call.path)
            case _ if call.path in self.names:
                self.names[call.path].pending.append(call)

    def _name(self, path: str, file: Held | None) -> None:
        if file is None:
            self.names.pop(path, None)
        else:
            self.names[path] = file
        self.pending.append((str(Path(path).parent), path, file))

    def _sync_folder(self, folder: str) -> None:
        for _, path, file in (each for each in self.pending if each[0] == folder):
            self._settle(self.safe, path, file)
        self.pending = [each for each in self.pending if each[0] != folder]

    @staticmethod
    def _settle(names: dict[str, Held], path: str, file: Held | None) -> None:
        if file is None:
            names.pop(path, None)
        else:
            names[path] = file

    def after_the_cut(self, chance: random.Random) -> dict[str, bytes]:
        """Every file that is there when the power is back. A move is kept whole or not at all, a name's order holds."""
        names, kept = dict(self.safe), len(self.pending) if chance.random() < 0.5 else chance.randint(0, len(self.pending))
        for _, path, file in self.pending[:kept]:
            self._settle(names, path, file)
        return {path: file.after_the_cut(chance) for path, file in names.items()}
