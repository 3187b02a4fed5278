"""A quick look at a whole journal: whether everything holds, found with as few steps an entry as there can be.

It checks what the slow look checks and accepts nothing that the slow look would name; where anything is out of order it
says only that, and the slow look names the entries. A batch is read as long strings, so that one comparison serves a
thousand entries; the hashes are computed one by one, as they must be.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from incident.store.audit_beside import AuditBeside, processors
from incident.store.checkpoint import CheckpointAudit, checkpoints, since
from incident.store.commitment import Commitments, unreadable
from incident.store.merkle import BATCH

BESIDE_FROM = 20_000
"""Entries from which a process beside is worth its start."""
_GENESIS = "0" * 64
_READ = """SELECT count(*), count(CASE WHEN typeof(hash) = 'text' AND length(hash) = 64 AND typeof(prev) = 'text'
AND length(prev) = 64 AND typeof(body) = 'blob' THEN 1 END), group_concat(hash, ''), group_concat(prev, ''),
CAST(group_concat(body, char(10)) AS BLOB) FROM journal WHERE seq BETWEEN ? AND ?"""


@dataclass(frozen=True, slots=True)
class Sound:
    """A journal in which everything holds."""

    entries: int
    checkpoints: int
    rows: Commitments


def quick_look(connection: Any, keys: Mapping[UUID, frozenset[bytes]], vault_id: str) -> Sound | None:
    """The journal, if its chain and its checkpoints hold throughout; None when anything is out of order."""
    first, last = connection.execute("SELECT min(seq), max(seq) FROM journal").fetchone()
    if first != 1:
        return None
    signed, begun = checkpoints(connection), since(connection)
    if last >= BESIDE_FROM and processors() > 1:
        return _look(connection, last, AuditBeside(tuple(signed), begun, keys, vault_id))
    return _look(connection, last, _AuditHere(CheckpointAudit(signed, begun, keys, vault_id)))


class _AuditHere:
    """The same audit in this process."""

    def __init__(self, audit: CheckpointAudit) -> None:
        self._audit = audit

    def take(self, hashes: str) -> None:
        raw = bytes.fromhex(hashes)
        self._audit.take([raw[start : start + 32] for start in range(0, len(raw), 32)])

    def finish(self) -> int | None:
        return None if self._audit.finish() else self._audit.count

    def end(self) -> None:
        """Nothing is left behind."""


def _look(connection: Any, last: int, audit: AuditBeside | _AuditHere) -> Sound | None:
    rows, prev = Commitments(), _GENESIS
    try:
        for start in range(1, last + 1, BATCH):
            hashes = _batch(connection, start, last, prev, rows)
            if hashes is None:
                return None
            audit.take(hashes)
            prev = hashes[-64:]
        signed = audit.finish()
        return Sound(last, signed, rows) if signed is not None else None
    finally:
        audit.end()


def _batch(connection: Any, start: int, last: int, prev: str, rows: Commitments) -> str | None:
    """Read a batch, take its commitments; its hashes if it is in order. Nothing else of it is held afterwards."""
    held = connection.execute(_READ, (start, start + BATCH - 1)).fetchone()
    hashes = _chained(held, min(BATCH, last + 1 - start), prev)
    if hashes is None:
        return None
    joined: bytes = held[4]
    if start + BATCH > last and any(unreadable(start, joined.split(b"\n"))):  # what is older was signed as it stands
        return None
    rows.read(joined)
    return hashes


def _chained(held: Sequence[Any], expected: int, prev: str) -> str | None:
    """The hashes of a batch, if each entry follows the one before it and its hash is its content's."""
    count, shaped, hashes, prevs, joined = held
    if (count, shaped) != (expected, expected):
        return None
    bodies = joined.split(b"\n")
    if len(bodies) != count or prevs != prev + hashes[:-64]:
        return None
    here, digests = bytes.fromhex(prev), []
    for body in bodies:
        here = sha256(here + body).digest()
        digests.append(here)
    return hashes if b"".join(digests).hex() == hashes else None
