"""The journal: one entry per change, hash-chained, with a salted commitment to every row the change touched.

An entry stores the exact bytes that were hashed. It names acts, rows and fields, never values, so it can be
shown to an auditor and outlives a deletion. Triggers report touched rows, so no path can forget its entry. What
it cannot show: who holds all keys can append false entries from now on, and edits after the last head that
somebody outside has seen.
"""

import hmac
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlmodel import SQLModel

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


def table_names() -> tuple[str, ...]:
    """The tables whose rows the journal commits to."""
    return tuple(sorted(SQLModel.metadata.tables))


def create_triggers(connection: Any) -> None:
    """Create the journal's table and every trigger anew; called at creation and after each migration."""
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
    return sha256(bytes.fromhex(prev) + raw).hexdigest()


def head_of(connection: Any) -> JournalHead:
    """The newest entry; the genesis before the first."""
    row = connection.execute("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1").fetchone()
    return JournalHead(row[0], row[1]) if row else JournalHead(0, GENESIS)


def commitment(connection: Any, table: str, row_id: str) -> str:
    """HMAC of a row's stored content under its own salt; empty for a row that is gone."""
    cursor = connection.execute(f'SELECT * FROM "{table}" WHERE id = ?', (row_id,))  # noqa: S608 - our own names
    row = cursor.fetchone()
    return "" if row is None else _commit([each[0] for each in cursor.description], row)


def _commit(names: list[str], row: tuple[Any, ...]) -> str:
    content = dict(zip(names, row, strict=True))
    salt = content.pop("salt")
    plain = {key: value.hex() if isinstance(value, bytes) else value for key, value in content.items()}
    raw = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    return hmac.new(salt, raw, sha256).hexdigest()


def raw_entries(connection: Any) -> Iterator[tuple[int, str, str, bytes]]:
    """Every entry as stored, in order."""
    for seq, prev, digest, body in connection.execute("SELECT seq, prev, hash, body FROM journal ORDER BY seq"):
        yield seq, prev, digest, body if isinstance(body, bytes) else str(body).encode()


def entries(connection: Any, incident_id: UUID | None = None) -> Iterator[JournalEntry]:
    """Entries for a view; of one incident when it is named."""
    for seq, _, digest, raw in raw_entries(connection):
        body = json.loads(raw)
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


def verify(connection: Any, *, schema: str, found_schema: str, anchor: JournalHead | None) -> JournalReport:
    """Check the chain, the rows against their latest commitment, the schema and the anchor outside the database."""
    problems: list[str] = []
    latest, count = _check_chain(connection, problems)
    problems.extend(_check_rows(connection, latest))
    if schema != found_schema:
        problems.append("schema: tables or triggers were changed outside the program")
    problems.extend(_check_anchor(connection, anchor))
    return JournalReport(count, head_of(connection), tuple(problems))


def _check_chain(connection: Any, problems: list[str]) -> tuple[dict[tuple[str, str], tuple[str, str, int]], int]:
    latest: dict[tuple[str, str], tuple[str, str, int]] = {}
    prev, count = GENESIS, 0
    for seq, held_prev, digest, raw in raw_entries(connection):
        count += 1
        if seq != count or held_prev != prev or digest != _digest(held_prev, raw):
            problems.append(f"entry {seq}: {_chain_fault(seq, count, held_prev, prev)}")
            count = seq
        prev = digest
        try:
            for row in json.loads(raw)["rows"]:
                latest[row["table"], row["id"]] = (row["op"], row["commitment"], seq)
        except (ValueError, KeyError, TypeError):
            problems.append(f"entry {seq}: its body cannot be read")
    return latest, count


def _chain_fault(seq: int, count: int, held_prev: str, prev: str) -> str:
    if seq != count:
        return f"entry {count} is missing before it"
    return "it does not follow the entry before it" if held_prev != prev else "its content does not match its hash"


def _check_rows(connection: Any, latest: dict[tuple[str, str], tuple[str, str, int]]) -> Iterator[str]:
    seen: set[tuple[str, str]] = set()
    for table in table_names():
        cursor = connection.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - our own names
        names = [each[0] for each in cursor.description]
        for row in cursor:
            row_id = row[names.index("id")]
            seen.add((table, row_id))
            op, commitment_then, seq = latest.get((table, row_id), ("", "", 0))
            if not op:
                yield f"{table} {row_id}: no entry speaks of this row"
            elif op == "delete":
                yield f"{table} {row_id}: deleted by entry {seq}, yet there"
            elif not hmac.compare_digest(_commit(names, row), commitment_then):
                yield f"{table} {row_id}: differs from what entry {seq} recorded"
    for (table, row_id), (op, _, seq) in latest.items():
        if op != "delete" and (table, row_id) not in seen:
            yield f"{table} {row_id}: recorded by entry {seq}, yet gone"


def _check_anchor(connection: Any, anchor: JournalHead | None) -> Iterator[str]:
    if anchor is None or anchor.seq == 0:
        return
    row = connection.execute("SELECT hash FROM journal WHERE seq = ?", (anchor.seq,)).fetchone()
    if row is None:
        yield f"anchor: entry {anchor.seq} was seen before and is gone; the database was rolled back"
    elif row[0] != anchor.hash:
        yield f"anchor: entry {anchor.seq} is not the one that was seen before"
