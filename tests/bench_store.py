"""What the vault costs, as ratios in one run: opening, a journalled commit, the board among ten thousand."""

import sqlite3
import tempfile
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from sqlalchemy import create_engine, event
from sqlmodel import Session, SQLModel

from incident.domain.incident import IncidentStatus
from incident.domain.timeline import EntryKind, Precision
from incident.store.engine import _PRAGMAS, DATABASE, connector
from incident.store.keys import subkey
from incident.store.tables import IncidentRow, TimelineRow
from incident.usecases.board import board
from incident.usecases.desk import Desk
from incident.usecases.timeline import log
from tests.bench import show, took
from tests.conftest import NOW, a_vault, an_incident

ROUNDS = 200


def _plain(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    for pragma in _PRAGMAS:
        connection.execute("pragma " + pragma)
    return connection


def opening() -> None:
    """From the key to the first row, beside plain SQLite with the same pragmas on the same rows."""
    with tempfile.TemporaryDirectory() as folder:
        desk = a_vault(Path(folder))
        an_incident(desk)
        path, key = desk.workspace.path / DATABASE, subkey(desk.workspace._master, "db")
        desk.close()
        twin = _plain(Path(folder) / "plain.db")
        twin.execute("create table incident (reference text)")
        twin.execute("insert into incident values ('INC-2026-0001')")
        twin.close()

        connect = connector(path, key)

        def ours() -> None:
            with closing(connect()) as connection:
                connection.execute("select reference from incident").fetchone()

        def theirs() -> None:
            with closing(_plain(Path(folder) / "plain.db")) as connection:
                connection.execute("select reference from incident").fetchone()

        show("key to first row", took(ours, ROUNDS), "plain SQLite, same pragmas", took(theirs, ROUNDS))


def commits() -> None:
    """One line of the timeline with its journal entry: beside the same row through the same tables, and beside bare SQL."""
    with tempfile.TemporaryDirectory() as folder:
        desk = a_vault(Path(folder))
        incident = an_incident(desk)
        ours = took(lambda: log(desk, incident, "a line", now=NOW), ROUNDS)

        def twin() -> sqlite3.Connection:
            connection = _plain(Path(folder) / "twin.db")
            connection.execute("pragma foreign_keys=off")  # the incident it belongs to is not there
            return connection

        engine = create_engine("sqlite://", creator=twin)
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
        SQLModel.metadata.create_all(engine)

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

        show("a journalled, sealed commit", ours, "the same row, plain SQLite", took(same_row, ROUNDS))
        bare = _plain(Path(folder) / "bare.db")
        bare.execute("create table line (text)")
        plain = took(lambda: bare.execute("insert into line values ('a line')"), ROUNDS)
        show("a journalled, sealed commit", ours, "bare INSERT, same pragmas", plain)
        desk.close()


def _closed_ones(desk: Desk, count: int) -> None:
    """So many ended incidents, written in batches."""
    begun = datetime(2020, 1, 1, tzinfo=UTC)
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
                        playbook_snapshot={},
                        declared_at=begun + timedelta(minutes=number),
                        declared_by=desk.me.id,
                        ended_at=NOW,
                    )
                )
                desk.workspace.found_incident(session, incident_id, None, now=NOW)


def board_bench() -> None:
    """The board of fifty open incidents among ten thousand, beside the same fifty alone."""
    with tempfile.TemporaryDirectory() as folder:
        alone, among = a_vault(Path(folder) / "a"), a_vault(Path(folder) / "b")
        for desk in (alone, among):
            for number in range(50):
                an_incident(desk, title=f"open {number}")
        _closed_ones(among, 9_950)
        few = took(lambda: board(alone, now=NOW, newest_ended=20), 5)
        many = took(lambda: board(among, now=NOW, newest_ended=20), 5)
        show("the board of 50 among 10,000", many, "of the same 50 alone", few)
        alone.close()
        among.close()
