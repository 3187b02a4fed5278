"""What an entry says of a row: a salted commitment to the row's content, and whether the row still is what it says.

The commitments are read out of many entries' bytes at a time. What is kept meanwhile grows with the rows that a vault
has, not with its entries.
"""

import hmac
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any

from sqlmodel import SQLModel

_ROW = re.compile(rb'\{"commitment":"([^"]*)","id":"([^"]*)","op":"([^"]*)","table":"([^"]*)"\}')
_SEARCHES = 20
_SEALED_SINCE = (
    "incident assignment fact step timeline notice notice_version document approval filing review action_item".split()  # noqa: SIM905
)
_ADDED: tuple[Mapping[str, Mapping[str, object]], ...] = (
    {
        "responder": {"deputy": None, "hours": ""},
        "step": {"facts": "null", "defaulted": 0, "to": None},
    },
    {
        **{table: {"sealed": b""} for table in _SEALED_SINCE},
        "timeline": {"sealed": b"", "privileged": 0},
    },
)
"""The columns that migrations added to tables, newest migration first, each with the value that standing rows were given."""
_DERIVED = frozenset({"notice_version", "document", "approval"})
"""Tables whose rows got `incident_id` from their notice when incidents got keys."""


def table_names() -> tuple[str, ...]:
    """The tables whose rows the journal commits to."""
    return tuple(sorted(SQLModel.metadata.tables))


def commitment(connection: Any, table: str, row_id: str) -> str:
    """HMAC of a row's stored content under its own salt; empty for a row that is gone."""
    cursor = connection.execute(f'SELECT * FROM "{table}" WHERE id = ?', (row_id,))  # noqa: S608 - our own names
    row = cursor.fetchone()
    return "" if row is None else _commit([each[0] for each in cursor.description], row)


def _commit(names: list[str], row: tuple[Any, ...]) -> str:
    return _committed(dict(zip(names, row, strict=True)))


def _as_before(table: str, names: list[str], row: tuple[Any, ...]) -> Iterator[str]:
    """The commitments to a row as it stood before each migration that added columns, newest first.

    A column is left out only while it holds the value that it was added with: any other value was recorded with it.
    """
    content = dict(zip(names, row, strict=True))
    for added in _ADDED:
        columns = added.get(table, {})
        if any(content.get(name) != value for name, value in columns.items()):
            return
        if "sealed" in columns and table in _DERIVED:
            content.pop("incident_id", None)
        if columns:
            content = {name: value for name, value in content.items() if name not in columns}
            yield _committed(content)


def _committed(columns: Mapping[str, Any]) -> str:
    content = dict(columns)
    salt = content.pop("salt")
    plain = {key: value.hex() if isinstance(value, bytes) else value for key, value in content.items()}
    raw = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    return hmac.new(salt, raw, sha256).hexdigest()


def _holds(table: str, names: list[str], row: tuple[Any, ...], held: bytes) -> bool:
    if hmac.compare_digest(_commit(names, row).encode(), held):
        return True
    return any(hmac.compare_digest(each.encode(), held) for each in _as_before(table, names, row))


def is_as_recorded(connection: Any, table: str, row_id: str) -> bool:
    """Whether one row still is what the latest entry about it recorded; reads back from the newest entry."""
    cursor = connection.execute(f'SELECT * FROM "{table}" WHERE id = ?', (row_id,))  # noqa: S608 - our own names
    row, names = cursor.fetchone(), [each[0] for each in cursor.description]
    query = "SELECT body FROM journal WHERE instr(body, ?) ORDER BY seq DESC"
    for (body,) in connection.execute(query, (f'"id":"{row_id}"'.encode(),)):
        for held, raw_id, op, _ in _ROW.findall(body if isinstance(body, bytes) else str(body).encode()):
            if raw_id == row_id.encode():
                return row is not None and op != b"delete" and _holds(table, names, row, held)
    return False


class Commitments:
    """The latest commitment to every row, gathered entry by entry."""

    def __init__(self) -> None:
        self._latest: dict[bytes, tuple[bytes, bytes, bytes, bytes]] = {}
        self._looked_up = 0

    def take(self, bodies: Sequence[bytes]) -> None:
        """Read the next entries; a row's id is its own across all tables."""
        self.read(b"\n".join(bodies))

    def read(self, joined: bytes) -> None:
        """The same, of entries that stand one after the other."""
        self._latest.update({each[1]: each for each in _ROW.findall(joined)})

    def check(self, connection: Any) -> Iterator[str]:
        """Every row that is not what the latest entry about it recorded."""
        seen = set[tuple[str, str]]()
        for table in table_names():
            cursor = connection.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - our own names
            names = [each[0] for each in cursor.description]
            place = names.index("id")
            for row in cursor:
                seen.add((table, row[place]))
                if fault := self._fault(connection, table, names, row, str(row[place])):
                    yield f"{table} {row[place]}: {fault}"
        for held, raw_id, op, raw_table in self._latest.values():
            table, row_id = raw_table.decode(errors="replace"), raw_id.decode(errors="replace")
            if op != b"delete" and (table, row_id) not in seen:
                yield f"{table} {row_id}: recorded by {self._entry(connection, held, raw_id)}, yet gone"

    def _fault(self, connection: Any, table: str, names: list[str], row: tuple[Any, ...], row_id: str) -> str:
        held, raw_id, op, table_then = self._latest.get(row_id.encode(), (b"", b"", b"", b""))
        if table_then != table.encode():
            return "no entry speaks of this row"
        if op == b"delete":
            return f"deleted by {self._entry(connection, held, raw_id)}, yet there"
        if not _holds(table, names, row, held):
            return f"differs from what {self._entry(connection, held, raw_id)} recorded"
        return ""

    def _entry(self, connection: Any, held: bytes, row_id: bytes) -> str:
        """The entry that made a commitment, by its number; only the first faults are worth the search."""
        self._looked_up += 1
        if self._looked_up > _SEARCHES:
            return "its entry"
        query = "SELECT max(seq) FROM journal WHERE instr(body, ?) AND instr(body, ?)"
        return f"entry {connection.execute(query, (row_id, held)).fetchone()[0]}"


def unreadable(first: int, bodies: Sequence[bytes]) -> Iterator[str]:
    """The entries, counted from `first`, whose bytes are not an entry's."""
    for number, body in enumerate(bodies, first):
        try:
            found = json.loads(body)["rows"]
            if not isinstance(found, list):
                raise TypeError
        except (ValueError, KeyError, TypeError):
            yield f"entry {number}: its body cannot be read"
