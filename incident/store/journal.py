"""The journal: one entry per change, hash-chained, with a salted commitment to every row the change touched.

An entry stores the exact bytes that were hashed. It names acts, rows and fields, never values, so it can be
shown to an auditor and outlives a deletion. Triggers report touched rows, so no path can forget its entry. What
it cannot show: who holds all keys can append false entries from now on, and edits after the last head that
somebody outside has seen.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from incident.errors import StoreError
from incident.store.checkpoint import CheckpointAudit, checkpoints, create_checkpoints, known_keys, since
from incident.store.commitment import Commitments, commitment, table_names, unreadable
from incident.store.fixed_versions import create_fixed_versions
from incident.store.indexes import create_indexes
from incident.store.merkle import BATCH
from incident.store.quick_look import Sound, quick_look
from incident.store.words import phrase

GENESIS = "0" * 64
_TABLE = """CREATE TABLE IF NOT EXISTS journal (seq INTEGER PRIMARY KEY, prev TEXT NOT NULL UNIQUE, hash TEXT NOT NULL
UNIQUE, body BLOB NOT NULL)"""


@dataclass(frozen=True, slots=True)
class JournalHead:
    """The newest entry: its number, its hash, and the hash's beginning as eight words to read out or write down."""

    seq: int
    hash: str

    @property
    def phrase(self) -> str:
        """Eight words for the first 64 bits of the hash."""
        return phrase(bytes.fromhex(self.hash)[:8])


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One entry as a view shows it."""

    seq: int
    at: datetime
    by: UUID
    act: str
    incident_id: UUID | None
    detail: Mapping[str, object]
    hash: str


@dataclass(frozen=True, slots=True)
class JournalReport:
    """The outcome of checking everything: how many entries, the head, and every problem in order."""

    entries: int
    head: JournalHead
    problems: tuple[str, ...]
    checkpoints: int = 0
    found: tuple[str, ...] = ()
    """What else was looked up and is there: the anchors that were seen, a phrase."""


def create_triggers(connection: Any) -> None:
    """Create the journal's table, every trigger anew and the views' indexes; called at creation and after each migration."""
    connection.execute(_TABLE)
    for table in table_names():
        for act, row in (("insert", "NEW"), ("update", "NEW"), ("delete", "OLD")):
            name = f"journal_{table}_{act}"
            connection.execute(f"DROP TRIGGER IF EXISTS {name}")
            connection.execute(
                f"CREATE TRIGGER {name} AFTER {act.upper()} ON {table} "
                f"BEGIN SELECT incident_touched('{table}', {row}.id, '{act}'); END"
            )
    for act in ("update", "delete"):
        connection.execute(f"DROP TRIGGER IF EXISTS journal_no_{act}")
        connection.execute(
            f"CREATE TRIGGER journal_no_{act} BEFORE {act.upper()} ON journal "
            "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"
        )
    create_checkpoints(connection)
    create_fixed_versions(connection)
    create_indexes(connection)


def append(
    connection: Any,
    touched: list[tuple[str, str, str]],
    *,
    at: datetime,
    by: UUID,
    act: str,
    incident_id: UUID | None,
    detail: Mapping[str, object],
) -> JournalHead:
    """Append the entry of a running change; the caller commits both together or neither."""
    head = head_of(connection)
    rows = [
        {"table": table, "id": row, "op": op, "commitment": commitment(connection, table, row)}
        for table, row, op in _last_acts(touched)
    ]
    body = {
        "seq": head.seq + 1,
        "at": at.astimezone(UTC).isoformat(),
        "by": str(by),
        "act": act,
        "incident": str(incident_id) if incident_id else None,
        "detail": dict(detail),
        "rows": rows,
    }
    raw = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    digest = _digest(head.hash, raw)
    connection.execute(
        "INSERT INTO journal (seq, prev, hash, body) VALUES (?, ?, ?, ?)", (head.seq + 1, head.hash, digest, raw)
    )
    return JournalHead(head.seq + 1, digest)


def _last_acts(touched: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """Each touched row once, with its first act where it was created in this change and its last otherwise."""
    acts: dict[tuple[str, str], str] = {}
    for table, row, op in touched:
        before = acts.get((table, row))
        acts[table, row] = "insert" if before == "insert" and op == "update" else op
    return [(table, row, op) for (table, row), op in acts.items()]


def _digest(prev: str, raw: bytes) -> str:
    return sha256(_hash_bytes(prev) + raw).hexdigest()


def head_of(connection: Any) -> JournalHead:
    """The newest entry; the genesis before the first."""
    row = connection.execute("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1").fetchone()
    return JournalHead(row[0], row[1]) if row else JournalHead(0, GENESIS)


def raw_entries(connection: Any) -> Iterator[tuple[int, str, str, bytes]]:
    """Every entry as stored, in order."""
    for seq, prev, digest, body in connection.execute("SELECT seq, prev, hash, body FROM journal ORDER BY seq"):
        yield seq, prev, digest, body if isinstance(body, bytes) else str(body).encode()


def _body(seq: int, raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except ValueError as error:
        raise StoreError(f"Entry {seq} of the journal cannot be read.", "Run `incident journal verify`.") from error


def entries(connection: Any, incident_id: UUID | None = None) -> Iterator[JournalEntry]:
    """Entries for a view, one at a time; of one incident when it is named."""
    wanted = b"" if incident_id is None else str(incident_id).encode()
    for seq, _, digest, raw in raw_entries(connection):
        if wanted not in raw:
            continue
        body = _body(seq, raw)
        if incident_id is not None and body["incident"] != str(incident_id):
            continue
        yield JournalEntry(
            seq=seq,
            at=datetime.fromisoformat(body["at"]),
            by=UUID(body["by"]),
            act=body["act"],
            incident_id=UUID(body["incident"]) if body["incident"] else None,
            detail=body["detail"],
            hash=digest,
        )


def verify(
    connection: Any,
    *,
    schema: str,
    found_schema: str,
    anchor: JournalHead | None,
    vault_id: str = "",
    slot_keys: Mapping[UUID, bytes] | None = None,
) -> JournalReport:
    """Check the chain, the checkpoints, the rows against their latest commitment, the schema and an anchor.

    `slot_keys` are the responders' public keys as vault.json has them; nothing is held but a batch of entries.
    """
    problems, keys = list[str](), known_keys(connection, slot_keys or {})
    sound = quick_look(connection, keys, vault_id) or _slow_look(connection, keys, vault_id, problems)
    problems.extend(sound.rows.check(connection))
    if schema != found_schema:
        problems.append("schema: tables or triggers were changed outside the program")
    if anchor is not None:
        problems.extend(check_anchor(connection, anchor))
    return JournalReport(sound.entries, head_of(connection), tuple(problems), sound.checkpoints)


def _slow_look(connection: Any, keys: Mapping[UUID, frozenset[bytes]], vault_id: str, problems: list[str]) -> Sound:
    """Entry by entry, naming each that does not hold."""
    rows, audit = Commitments(), CheckpointAudit(checkpoints(connection), since(connection), keys, vault_id)
    count = _check_chain(connection, rows, audit, problems)
    problems.extend(audit.finish())
    return Sound(count, audit.count, rows)


def _check_chain(connection: Any, rows: Commitments, audit: CheckpointAudit, problems: list[str]) -> int:
    cursor = connection.execute("SELECT seq, prev, hash, body FROM journal ORDER BY seq")
    expected, prev, count = 1, GENESIS, 0
    newest: tuple[int, tuple[bytes, ...]] = (0, ())
    while batch := cursor.fetchmany(BATCH):
        seqs, prevs, hashes, bodies = zip(*batch, strict=True)
        digests, here = [], _hash_bytes(prev)
        try:
            for body in bodies:
                here = sha256(here + body).digest()
                digests.append(here)
            sound = b"".join(digests).hex() == "".join(hashes)
        except TypeError:
            sound = False
        if not sound or prevs != (prev, *hashes[:-1]) or seqs != tuple(range(expected, expected + len(seqs))):
            digests, bodies = _check_each(batch, expected, prev, problems)
        rows.take(bodies)
        audit.take(digests)
        expected, prev, count = seqs[-1] + 1, hashes[-1], count + len(seqs)
        newest = seqs[0], bodies
    problems.extend(unreadable(*newest))  # what is older was signed as it stands
    return count


def _check_each(
    batch: Sequence[tuple[int, str, str, object]], expected: int, prev: str, problems: list[str]
) -> tuple[list[bytes], tuple[bytes, ...]]:
    """Name every entry of a batch that does not hold; the hashes and bodies as they stand."""
    bodies = tuple(body if isinstance(body, bytes) else str(body).encode() for *_, body in batch)
    for (seq, held_prev, digest, _), body in zip(batch, bodies, strict=True):
        if seq != expected or held_prev != prev or digest != _digest(prev, body):
            problems.append(f"entry {seq}: {_chain_fault(seq, expected, held_prev, prev)}")
        expected, prev = seq + 1, digest
    return [_hash_bytes(digest) for _, _, digest, _ in batch], bodies


def _hash_bytes(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except (ValueError, TypeError):  # whoever alters the database may store anything
        return b""


def _chain_fault(seq: int, expected: int, held_prev: str, prev: str) -> str:
    if seq != expected:
        return f"entry {expected} is missing before it"
    return "it does not follow the entry before it" if held_prev != prev else "its content does not match its hash"


def check_anchor(connection: Any, anchor: JournalHead, *, where: str = "anchor") -> Iterator[str]:
    """How the journal contradicts a head that was seen before; nothing when it does not."""
    if anchor.seq == 0:
        return
    row = connection.execute("SELECT hash FROM journal WHERE seq = ?", (anchor.seq,)).fetchone()
    if row is None:
        yield f"{where}: entry {anchor.seq} was seen before and is gone; the database was rolled back"
    elif row[0] != anchor.hash:
        yield f"{where}: entry {anchor.seq} is not the one that was seen before"
