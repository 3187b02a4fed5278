"""What was reminded of, and where: one line per message before it is sent and one after, each on the disk before going on.

So a rung is told once on each channel, whatever is killed when. A message of which only the first line stands was being
sent when the machine stopped: nobody can know whether it arrived, so it is sent once more and says that it may be a repeat.
The lines hold keys that tell nothing.
"""

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO

from incident.errors import StoreError
from incident.store.durable import held_alone, sync_folder, write_whole

_BEGUN, _SENT, _FAILED = "begun", "sent", "failed"
_KEPT = timedelta(days=500)
"""Longer than any ladder: after that no rung can come back."""
_MANY = 4 * 2**20
"""Bytes from which on the record is written anew without what is old."""


class SentRecord:
    """The record of one vault on this machine, while it is held; nobody else sends meanwhile."""

    def __init__(self, path: Path, file: IO[bytes]) -> None:
        self._path, self._file = path, file
        self._state: dict[tuple[str, str], tuple[str, datetime]] = {}
        self.seen_at: datetime | None = None
        """The latest instant that stands in it."""
        for line in file:
            self._take(line)

    def _take(self, line: bytes) -> None:
        try:
            at_text, state, channel, rungs = json.loads(line)
            at = datetime.fromisoformat(at_text)
        except (ValueError, TypeError):
            return  # the line that was being written when the machine stopped
        self.seen_at = max(at, self.seen_at or at)
        for rung in rungs:
            self._state[channel, rung] = (state, at)

    def is_sent(self, channel: str, rung: str) -> bool:
        """Whether this rung was told on this channel."""
        return self._state.get((channel, rung), ("",))[0] == _SENT

    def was_begun(self, channel: str, rungs: Iterable[str]) -> bool:
        """Whether sending one of these was begun and nobody knows how it ended."""
        return any(self._state.get((channel, rung), ("",))[0] == _BEGUN for rung in rungs)

    @property
    def failing(self) -> frozenset[str]:
        """The channels that did not take what they were last to tell."""
        return frozenset(channel for (channel, _), (state, _) in self._state.items() if state == _FAILED)

    def begin(self, channel: str, rungs: Iterable[str], *, now: datetime) -> None:
        """Write down that these are about to be sent. StoreError when that cannot be written: then nothing may be sent."""
        self._write(_BEGUN, channel, rungs, now)

    def sent(self, channel: str, rungs: Iterable[str], *, now: datetime) -> None:
        """Write down that these were sent."""
        self._write(_SENT, channel, rungs, now)

    def failed(self, channel: str, rungs: Iterable[str], *, now: datetime) -> None:
        """Write down that these were not taken: the next look tries again, and it is no repeat."""
        self._write(_FAILED, channel, rungs, now)

    def _write(self, state: str, channel: str, rungs: Iterable[str], now: datetime) -> None:
        listed = list(rungs)
        line = json.dumps([now.astimezone(UTC).isoformat(), state, channel, listed]).encode() + b"\n"
        end = self._file.seek(0, os.SEEK_END)
        try:
            self._file.write(line)
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            os.ftruncate(self._file.fileno(), end)
            raise StoreError(
                f"What is sent cannot be recorded: {error.strerror}. Nothing is sent that is not recorded.",
                f"Free some space under {self._path.parent}.",
            ) from error
        self._take(line)

    def shorten(self, *, now: datetime) -> None:
        """Write the record anew without what is older than any ladder, once it is long."""
        if self._file.seek(0, os.SEEK_END) < _MANY:
            return
        kept = [(at, state, *key) for key, (state, at) in self._state.items() if now - at < _KEPT]
        lines = [json.dumps([at.isoformat(), state, channel, [rung]]) + "\n" for at, state, channel, rung in kept]
        write_whole(self._path, "".join(lines).encode())


def last_held_at(folder: Path) -> datetime | None:
    """When the record was last held by anybody, hence when something last looked for what is due; None: never."""
    try:
        return datetime.fromtimestamp((folder / "lock").stat().st_mtime, UTC)
    except OSError:
        return None


def failing_channels(folder: Path) -> frozenset[str]:
    """As `SentRecord.failing`, without holding the record."""
    path = folder / "sent.jsonl"
    try:
        with path.open("rb") as file:
            return SentRecord(path, file).failing
    except OSError:
        return frozenset()


@contextmanager
def held_record(folder: Path) -> Iterator[SentRecord]:
    """The record, held alone; BusyError when another `incident remind` or `incident watch` goes on sending."""
    path = folder / "sent.jsonl"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        (folder / "lock").touch(mode=0o600)
    except OSError as error:
        raise StoreError(f"{folder} cannot be used: {error.strerror}.", "Make it writable for yourself.") from error
    with held_alone(folder / "lock"), _opened(path) as file:
        yield SentRecord(path, file)


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    try:
        new = not path.exists()
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        if new:
            sync_folder(path.parent)
    except OSError as error:
        raise StoreError(f"{path} cannot be used: {error.strerror}.", "Make it writable for yourself.") from error
    with os.fdopen(handle, "r+b") as file:
        _cut_torn_line(file)
        yield file


def _cut_torn_line(file: IO[bytes]) -> None:
    """A line that was half written when the machine stopped must not swallow the next one."""
    content = file.read()
    whole = content.rfind(b"\n") + 1
    if whole < len(content):
        file.truncate(whole)
    file.seek(0)
