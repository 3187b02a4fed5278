"""The audit of the checkpoints in a process beside, while this one reads the journal: two processors, half the time.

The process is given hashes, checkpoints and public keys: no key, no content. It only ever says that everything holds;
where anything does not, or the process does not answer, the caller looks again by itself and names what is wrong.
"""

import json
import os
import subprocess
import sys
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from queue import SimpleQueue
from threading import Thread
from uuid import UUID

from incident.store.checkpoint import Checkpoint, CheckpointAudit, read_checkpoint

_HEX = 64
_LONGEST_WAIT = 600.0
"""Seconds; a process that hangs is given up."""


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class AuditBeside:
    """An audit that runs elsewhere: every second signature there, the others here when the entries have gone by."""

    def __init__(
        self, signed: Sequence[Checkpoint | int], since: int | None, keys: Mapping[UUID, frozenset[bytes]], vault_id: str
    ) -> None:
        self._mine = [each for each in signed[::2] if isinstance(each, Checkpoint)]
        self._lines: SimpleQueue[str | None] = SimpleQueue()
        self._child = subprocess.Popen(  # noqa: S603 - our own module, our own interpreter
            [sys.executable, "-I", "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self._feeder = Thread(target=self._feed, daemon=True)
        self._feeder.start()
        self._lines.put(json.dumps({"since": since, "vault": vault_id, "keys": _keys(keys), "signed": _signed(signed)}))

    def _feed(self) -> None:
        pipe = self._child.stdin
        try:
            while pipe is not None and (line := self._lines.get()) is not None:
                pipe.write(line + "\n")
        except OSError:
            pass  # it has ended; what it did not say is missed below

    def take(self, hashes: str) -> None:
        """The next entries' hashes, one after the other, a batch at a time."""
        self._lines.put(hashes)

    def finish(self) -> int | None:
        """After the last entry: how many checkpoints hold, all of them; None when they do not, or nobody can say."""
        self._lines.put(None)
        ours = all(each.holds() for each in self._mine)
        self._feeder.join(_LONGEST_WAIT)
        try:
            said, _ = self._child.communicate(timeout=_LONGEST_WAIT)
            answer = json.loads(said)
            return int(answer["count"]) if ours and answer["sound"] is True and self._child.returncode == 0 else None
        except (OSError, ValueError, KeyError, TypeError, subprocess.TimeoutExpired):
            return None
        finally:
            self.end()

    def end(self) -> None:
        """Leave no process behind."""
        self._lines.put(None)
        if self._child.poll() is None:
            self._child.kill()
            self._child.wait()


def _keys(keys: Mapping[UUID, frozenset[bytes]]) -> dict[str, list[str]]:
    return {str(each): [key.hex() for key in held] for each, held in keys.items()}


def _signed(signed: Sequence[Checkpoint | int]) -> list[object]:
    return [each if isinstance(each, int) else (each.size, _text(each.body), _text(each.signature)) for each in signed]


def _text(raw: bytes) -> str:
    return b64encode(raw).decode()


def _main() -> None:
    asked = json.loads(sys.stdin.readline())
    keys = {UUID(each): frozenset(bytes.fromhex(key) for key in held) for each, held in asked["keys"].items()}
    signed = [each if isinstance(each, int) else _read(*each) for each in asked["signed"]]
    audit = CheckpointAudit(iter(signed), asked["since"], keys, asked["vault"], signatures=lambda number: number % 2 == 0)
    for line in sys.stdin:
        hashes = line.rstrip("\n")
        audit.take([bytes.fromhex(hashes[start : start + _HEX]) for start in range(0, len(hashes), _HEX)])
    problems = audit.finish()
    sys.stdout.write(json.dumps({"sound": not problems, "count": audit.count}))


def _read(size: int, body: str, signature: str) -> Checkpoint | int:
    return read_checkpoint(size, b64decode(body), b64decode(signature)) or size


if __name__ == "__main__":
    _main()
