"""Delete an incident for good: rows, keys, evidence files, and what deleting leaves behind in a database's file.

The rows go in one change, whose journal entry keeps acts and commitments and no values. What cannot be part of a
transaction (files, the write-ahead log, free pages) is noted first and finished afterwards, also by the next process.
"""

import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, delete, or_, select
from sqlcipher3.dbapi2 import DatabaseError
from sqlmodel import Session, SQLModel

from incident.errors import StoreError
from incident.store.copies import alone
from incident.store.durable import sync_folder, write_whole
from incident.store.evidence import FOLDER as EVIDENCE
from incident.store.evidence import destroy
from incident.store.workspace import Workspace

PENDING = "purge.pending"
ACT = "incident.purge"
_AGAIN = "Close the other windows and run `incident retention finish`."


@dataclass(frozen=True, slots=True)
class Purged:
    """What was deleted; `residue` says what could not be cleaned yet, and is empty when nothing is left."""

    rows: int
    files: int
    residue: str


def purge(workspace: Workspace, family: Sequence[UUID], *, references: Sequence[str], reason: str, now: datetime) -> Purged:
    """Delete an incident and those merged into it; the caller has checked that this is allowed."""
    with alone(workspace.path):
        _note(workspace, family)
        detail = {"references": list(references), "reason": reason}
        with workspace.change(ACT, now=now, incident_id=family[0], detail=detail) as session:
            rows = _delete_rows(session, family)
        for each in family:
            workspace._seals.forget(each)
        files, residue = _finish(workspace)
    return Purged(rows, files, residue)


def finish(workspace: Workspace) -> str:
    """Finish a purge that was interrupted; what is still left, empty when nothing is."""
    if not (workspace.path / PENDING).exists():
        return ""
    with alone(workspace.path):
        return _finish(workspace)[1]


def purged_references(session: Session) -> frozenset[str]:
    """The references of purged incidents, from the journal: their numbers are not used again."""
    raw = _raw(session)
    sign = f'"act":"{ACT}"'.encode()
    rows = raw.execute("SELECT body FROM journal WHERE instr(body, ?)", (sign,)).fetchall()
    bodies = [json.loads(each[0]) for each in rows]
    return frozenset(name for body in bodies if body["act"] == ACT for name in body["detail"].get("references", ()))


def _note(workspace: Workspace, family: Iterable[UUID]) -> None:
    """Write down what will have to be cleaned: ids, and file names that tell nothing."""
    ids = [each.hex for each in family]
    places = ", ".join("?" for _ in ids)
    with workspace.reading() as session:
        rows = _raw(session).execute(f"SELECT DISTINCT object FROM evidence WHERE incident_id IN ({places})", ids)  # noqa: S608
        content = {"incidents": ids, "objects": [name for (name,) in rows]}
    try:
        write_whole(workspace.path / PENDING, json.dumps(content).encode())
    except OSError as error:
        raise StoreError(f"The purge cannot begin: {error.strerror}.", "Free some space; nothing was deleted.") from error


def _raw(session: Session) -> Any:
    return session.connection().connection.driver_connection


def _delete_rows(session: Session, family: Sequence[UUID]) -> int:
    """Delete the incidents and every row that refers to them, or to such a row: children before parents."""
    chosen: dict[str, ColumnElement[bool]] = {}
    tables = {each.name: each for each in SQLModel.metadata.sorted_tables}
    for name, table in tables.items():
        if name == "incident":
            chosen[name] = table.c.id.in_(family)
        elif conditions := [_refers(column, tables, chosen) for column in _towards(table, chosen)]:
            chosen[name] = or_(*conditions)
    connection = session.connection()
    return sum(connection.execute(delete(tables[name]).where(chosen[name])).rowcount for name in reversed(chosen))


def _towards(table: Table, chosen: dict[str, ColumnElement[bool]]) -> list[Any]:
    return [column for column in table.c if any(each.column.table.name in chosen for each in column.foreign_keys)]


def _refers(column: Any, tables: dict[str, Table], chosen: dict[str, ColumnElement[bool]]) -> ColumnElement[bool]:
    parent = tables[next(each.column.table.name for each in column.foreign_keys)]
    refers: ColumnElement[bool] = column.in_(select(parent.c.id).where(chosen[parent.name]))
    return refers


def _finish(workspace: Workspace) -> tuple[int, str]:
    note = workspace.path / PENDING
    content = json.loads(note.read_bytes())
    with workspace.reading() as session:
        raw = _raw(session)
        kept = {row[0] for row in raw.execute("SELECT DISTINCT object FROM evidence")}
        standing = {row[0] for row in raw.execute("SELECT id FROM incident")}
    if standing & set(content["incidents"]):  # the change did not happen
        note.unlink()
        return 0, ""
    files = _unlink(workspace.path / EVIDENCE, set(content["objects"]) - kept)
    for each in (workspace.path / "backups").glob("*.db"):
        each.unlink()  # what a migration set aside holds the rows too
    residue = _scrub(workspace)
    if not residue:
        note.unlink()
    sync_folder(workspace.path)
    return files, residue


def _unlink(folder: Path, names: set[str]) -> int:
    """Remove files for good, wherever in the folder they wait."""
    gone = [each for each in folder.rglob("*") if each.name in names and each.is_file()]
    for each in gone:
        destroy(folder, each.name)
        each.unlink(missing_ok=True)
    for each in {path.parent for path in gone}:
        sync_folder(each)
    return len(gone)


def _scrub(workspace: Workspace) -> str:
    """Overwrite and give back what deleting left: log into the file, the file made anew, the log cut to nothing."""
    connection = workspace._connect()
    try:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        connection.execute("VACUUM")
        busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    except DatabaseError as error:
        return f"What was deleted may still stand in free pages of the database ({error}). {_AGAIN}"
    finally:
        with suppress(DatabaseError):
            connection.close()
    return f"Another window still reads the old state. {_AGAIN}" if busy else ""
