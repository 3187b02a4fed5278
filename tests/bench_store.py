"""What the vault costs, as ratios in one run: opening, a journalled commit, the board among ten thousand.

Each line says what both sides do. Plain SQLite is Python's own `sqlite3` on an unencrypted file with the same tables,
indexes, triggers and rows, opened with the same pragmas (WAL, FULL, foreign keys …), alone, as the vault is.
"""

import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import islice
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.pool import QueuePool
from sqlmodel import Session

from incident.content.playbook_document import playbook_to_document
from incident.domain.incident import IncidentStatus
from incident.domain.timeline import EntryKind, Precision
from incident.store.engine import _PRAGMAS
from incident.store.opening import _opened
from incident.store.tables import IncidentRow, ResponderRow, TimelineRow
from incident.store.vault import Opened, read_header
from incident.usecases.board import BoardLine, board
from incident.usecases.catalogue import catalogue
from incident.usecases.desk import Desk, desk_of
from incident.usecases.timeline import log
from tests.bench import show
from tests.conftest import NOW, a_vault, an_incident

ROUNDS = 200


def _plain(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    for pragma in _PRAGMAS:
        connection.execute("pragma " + pragma)
    return connection


def _twin(connection: Any, path: Path) -> None:
    """The same database without encryption: the rows first, then the triggers."""
    twin = _plain(path)
    twin.execute("pragma foreign_keys=off")
    made = connection.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'")
    schema = made.fetchall()
    for kind, name, sql in schema:
        if kind == "table":
            twin.execute(sql)
            rows = connection.execute(f'SELECT * FROM "{name}"').fetchall()
            if rows:
                twin.executemany(f'INSERT INTO "{name}" VALUES ({",".join("?" * len(rows[0]))})', rows)
    for kind, _, sql in schema:
        if kind != "table":
            twin.execute(sql)
    twin.close()


def _alternating(ours: Callable[[], float], theirs: Callable[[], float], times: int) -> tuple[float, float]:
    """The medians of two acts that take turns, so that what else the machine does falls on both; in milliseconds."""
    both = [(ours(), theirs()) for _ in range(times)]
    return median(each for each, _ in both) * 1000, median(each for _, each in both) * 1000


def _first_row(connect: Callable[[], Any]) -> float:
    """Seconds from nothing to the first row; closing is not counted."""
    begun = perf_counter()
    connection = connect()
    connection.execute("SELECT reference FROM incident").fetchone()
    spent = perf_counter() - begun
    connection.close()
    return spent


def opening() -> None:
    """From the key to the first row: beside plain SQLite, bare and through the same layer."""
    with tempfile.TemporaryDirectory() as folder:
        desk = a_vault(Path(folder))
        an_incident(desk)
        workspace, plain = desk.workspace, Path(folder) / "plain.db"
        connect, path = workspace._connect, workspace.path
        slots = workspace.slots.opened
        connection = connect()
        _twin(connection, plain)
        connection.close()
        desk.close()
        ours, theirs = _alternating(lambda: _first_row(connect), lambda: _first_row(lambda: _plain(plain)), ROUNDS)
        show("key to first row, bare connections", ours, "plain SQLite, same schema, pragmas", theirs)
        ours, theirs = _alternating(lambda: _first_desk(path, slots), lambda: _first_object(plain, desk.me.id), ROUNDS)
        show("key to signed-in desk (SQLModel)", ours, "plain SQLite, first SQLModel query", theirs)


def _first_desk(path: Path, opened: Opened) -> float:
    """Seconds from the unwrapped keys to the responder at the desk: header, state of the schema, first query."""
    begun = perf_counter()
    desk = desk_of(_opened(path, read_header(path), opened))
    spent = perf_counter() - begun
    desk.workspace._write.dispose()
    desk.workspace._read.dispose()
    return spent


def _first_object(path: Path, somebody: UUID) -> float:
    """Seconds from nothing to the same responder out of the same table of the plain database."""
    begun = perf_counter()
    engine = _engine(path, "BEGIN")
    with Session(engine) as session:
        assert session.get(ResponderRow, somebody) is not None
    spent = perf_counter() - begun
    engine.dispose()
    return spent


def _engine(path: Path, begin: str) -> Engine:
    engine = create_engine("sqlite://", creator=lambda: _plain(path), poolclass=QueuePool)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin) and None)
    return engine


def commits() -> None:
    """One line of the timeline with its journal entry: beside the same row through the same layer, and beside bare SQL."""
    with tempfile.TemporaryDirectory() as folder:
        desk = a_vault(Path(folder))
        incident = an_incident(desk)
        plain = Path(folder) / "plain.db"
        _twin(desk.workspace._connect(), plain)
        bare = _plain(plain)
        for (name,) in bare.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            bare.execute(f'DROP TRIGGER "{name}"')  # they ask the program which change is running
        bare.execute("create table line (text)")
        engine = _engine(plain, "BEGIN IMMEDIATE")

        def same_row() -> None:
            with Session(engine) as session:
                session.add(
                    TimelineRow(
                        incident_id=incident.id,
                        occurred_at=NOW,
                        recorded_at=NOW,
                        precision=Precision.EXACT,
                        kind=EntryKind.LOG,
                        text="a line",
                        by=desk.me.id,
                    )
                )
                session.commit()

        def timed(act: Callable[[], object]) -> Callable[[], float]:
            def run() -> float:
                begun = perf_counter()
                act()
                return perf_counter() - begun

            return run

        ours, theirs = _alternating(timed(lambda: log(desk, incident, "a line", now=NOW)), timed(same_row), ROUNDS)
        show("a journalled, sealed commit", ours, "the same row, SQLModel, plain SQLite", theirs)
        insert = timed(lambda: bare.execute("insert into line values ('a line')"))
        ours, theirs = _alternating(timed(lambda: log(desk, incident, "a line", now=NOW)), insert, ROUNDS)
        show("a journalled, sealed commit", ours, "bare INSERT of two words, plain SQLite", theirs)
        bare.close()
        engine.dispose()
        desk.close()


def _closed_ones(desk: Desk, count: int) -> None:
    """So many ended incidents with their playbooks as they stood, written in batches."""
    begun = datetime(2020, 1, 1, tzinfo=UTC)
    snapshot = playbook_to_document(catalogue().playbook("personal-data-breach"))
    for start in range(0, count, 500):
        with desk.workspace.change("bench", now=NOW, incident_id=uuid4()) as session:
            for number in range(start, min(start + 500, count)):
                incident_id = uuid4()
                session.add(
                    IncidentRow(
                        id=incident_id,
                        reference=f"INC-2020-{number:05d}",
                        code_name=f"Closed {number}",
                        title="an ended incident",
                        severity=3,
                        status=IncidentStatus.CLOSED,
                        playbook="personal-data-breach",
                        playbook_snapshot=snapshot,
                        declared_at=begun + timedelta(minutes=number),
                        declared_by=desk.me.id,
                        ended_at=NOW,
                    )
                )
                desk.workspace.found_incident(session, incident_id, None, now=NOW)


def _entries(head: tuple[int, str], count: int) -> Iterator[tuple[int, str, str, bytes]]:
    """A chain of so many entries of the usual length, without commitments."""
    seq, prev = head
    for number in range(seq + 1, seq + count + 1):
        body = b'{"act":"timeline.log","detail":{},"rows":[],"seq":%d,"pad":"%s"}' % (number, b"x" * 260)
        digest = sha256(bytes.fromhex(prev) + body).hexdigest()
        yield number, prev, digest, body
        prev = digest


def _million(desk: Desk, count: int = 1_000_000) -> None:
    """Lengthen the journal; the board does not read it, and that is what is shown."""
    connection = desk.workspace._connect()
    connection.execute("PRAGMA synchronous=off")
    found = _entries(connection.execute("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1").fetchone(), count)
    while some := list(islice(found, 50_000)):
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("INSERT INTO journal (seq, prev, hash, body) VALUES (?, ?, ?, ?)", some)
        connection.execute("COMMIT")
    connection.close()


def _fresh(desk: Desk) -> Desk:
    """The same vault opened anew: no page, no key and no answer is in memory."""
    workspace = desk.workspace
    workspace._write.dispose()
    workspace._read.dispose()
    return desk_of(_opened(workspace.path, read_header(workspace.path), workspace.slots.opened))


def _board_of(desk: Desk) -> float:
    begun = perf_counter()
    lines: tuple[BoardLine, ...] = board(desk, now=NOW, newest_ended=20)
    spent = perf_counter() - begun
    assert sum(each.incident.is_open for each in lines) == 50
    return spent


def board_bench(entries: int = 1_000_000) -> None:
    """The board of fifty open incidents among ten thousand and a million entries, beside the same fifty alone."""
    with tempfile.TemporaryDirectory() as folder:
        alone, among = a_vault(Path(folder) / "a"), a_vault(Path(folder) / "b")
        for desk in (alone, among):
            for number in range(50):
                an_incident(desk, title=f"open {number}")
        _closed_ones(among, 9_950)
        _million(among, entries)
        catalogue()
        few, many = _board_of(alone), _board_of(among)
        show("the board computed: 50 among 10,000", many * 1000, "the same 50 alone", few * 1000)
        many, few = _alternating(lambda: _board_of(among), lambda: _board_of(alone), 25)
        show("the board again", many, "the same 50 alone", few)
        among, alone = _fresh(among), _fresh(alone)
        many, few = _alternating(lambda: _board_of(_fresh(among)), lambda: _board_of(_fresh(alone)), 9)
        show("the board in a vault just opened", many, "the same 50 alone", few)
        alone.close()
        among.close()


if __name__ == "__main__":
    opening()
    commits()
    board_bench()
