"""The journal: one entry per change or no change at all; what was altered behind its back is named."""

import threading
from datetime import datetime
from pathlib import Path

import pytest
from sqlmodel import select

from incident.domain.timeline import EntryKind
from incident.errors import RefusedError, StoreError
from incident.store.anchor import leave_anchor
from incident.store.engine import DATABASE, connector, fingerprint
from incident.store.keys import subkey
from incident.store.tables import IncidentRow, ResponderRow, TimelineRow
from incident.store.workspace import Workspace
from incident.usecases.desk import Desk
from incident.usecases.timeline import log
from tests.conftest import NOW, PASSPHRASE, an_incident


def raw(workspace: Workspace, *statements: str) -> None:
    """What somebody with the key and a database shell can do: drop the triggers and write."""
    connection = connector(workspace.path / DATABASE, subkey(workspace._master, "db"))()
    for statement in statements:
        connection.execute(statement)
    connection.close()


def test_every_change_is_one_entry_with_its_rows(ana: Desk) -> None:
    before = ana.workspace.head().seq
    incident = an_incident(ana)
    entries = ana.workspace.entries(incident.id)
    assert ana.workspace.head().seq == before + 1
    assert entries[-1].act == "incident.declare"
    assert ana.workspace.verify().problems == ()


def test_a_change_that_fails_writes_nothing(ana: Desk) -> None:
    incident, before = an_incident(ana), ana.workspace.head()
    with pytest.raises(RuntimeError), ana.workspace.change("test", now=NOW, incident_id=incident.id) as session:
        row = session.get_one(IncidentRow, incident.id)
        row.title = "half done"
        session.add(row)
        session.flush()
        raise RuntimeError("killed")
    assert ana.workspace.head() == before
    with ana.workspace.reading() as session:
        assert session.get_one(IncidentRow, incident.id).title == "A mailbox was read"


def test_reading_cannot_write(ana: Desk) -> None:
    with pytest.raises(StoreError), ana.workspace.reading() as session:
        row = session.exec(select(ResponderRow)).first()
        assert row is not None
        row.name = "nobody"
        session.add(row)
        session.flush()


def test_a_write_outside_a_change_is_refused_by_the_database(ana: Desk) -> None:
    with pytest.raises(Exception, match="user-defined function"):
        raw(ana.workspace, "UPDATE responder SET name = 'Mallory'")


@pytest.mark.parametrize(
    ("attack", "named"),
    [
        (("DROP TRIGGER journal_responder_update", "UPDATE responder SET name = 'Mallory'"), "differs from what entry"),
        (("DROP TRIGGER journal_timeline_delete", "DELETE FROM timeline"), "yet gone"),
        (
            ("DROP TRIGGER journal_no_update", "UPDATE journal SET body = replace(body, 'declare', 'nothing') WHERE seq = 3"),
            "entry 3",
        ),
        (("DROP TRIGGER journal_no_delete", "DELETE FROM journal WHERE seq = 2"), "entry 2 is missing"),
        (("DROP TRIGGER journal_no_delete", "DELETE FROM journal WHERE seq > 3"), "rolled back"),
    ],
)
def test_what_was_altered_behind_its_back_is_named(ana: Desk, attack: tuple[str, ...], named: str) -> None:
    incident = an_incident(ana)
    log(ana, incident, "a line", now=NOW)
    leave_anchor(ana.workspace.path, ana.workspace._master, ana.workspace.head())
    raw(ana.workspace, *attack)
    problems = ana.workspace.verify().problems
    assert any(named in each for each in problems), problems
    assert any("schema" in each for each in problems)


def test_an_old_database_put_back_is_reported(ana: Desk) -> None:
    ana.close()
    path = ana.workspace.path
    old = {name: (path / name).read_bytes() for name in (DATABASE,)}
    from incident.usecases.vaults import unlock

    again = unlock(path, sign_in="ana", passphrase=PASSPHRASE)
    an_incident(again)
    again.close()
    for name in (f"{DATABASE}-wal", f"{DATABASE}-shm"):
        (path / name).unlink(missing_ok=True)
    (path / DATABASE).write_bytes(old[DATABASE])
    rolled = unlock(path, sign_in="ana", passphrase=PASSPHRASE)
    assert any("rolled back" in each for each in rolled.workspace.verify().problems)
    rolled.close()


def test_four_threads_lose_no_update(ana: Desk) -> None:
    incident = an_incident(ana)

    def work() -> None:
        for _ in range(15):
            with ana.workspace.change("test.count", now=NOW, incident_id=incident.id) as session:
                row = session.get_one(IncidentRow, incident.id)
                row.severity += 1
                session.add(row)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with ana.workspace.reading() as session:
        assert session.get_one(IncidentRow, incident.id).severity == 2 + 60
    assert ana.workspace.verify().problems == ()


def test_a_row_changed_meanwhile_is_not_overwritten(ana: Desk) -> None:
    incident = an_incident(ana)
    with ana.workspace.reading() as session:
        stale = session.get_one(IncidentRow, incident.id)
        session.expunge(stale)
    with ana.workspace.change("test", now=NOW) as session:
        row = session.get_one(IncidentRow, incident.id)
        row.title = "theirs"
        session.add(row)
    with pytest.raises(RefusedError, match="Somebody else"), ana.workspace.change("test", now=NOW) as session:
        stale.title = "ours"
        session.add(stale)
        session.flush()


def test_naive_times_and_unknown_words_are_refused(ana: Desk) -> None:
    incident = an_incident(ana)
    with pytest.raises(StoreError), ana.workspace.change("test", now=NOW) as session:
        row = session.get_one(IncidentRow, incident.id)
        row.declared_at = datetime(2026, 3, 1, 12)
        session.add(row)
        session.flush()
    with pytest.raises(StoreError), ana.workspace.change("test", now=NOW) as session:
        session.add(
            TimelineRow(
                incident_id=incident.id,
                occurred_at=NOW,
                recorded_at=NOW,
                precision="roughly",  # type: ignore[arg-type]
                kind=EntryKind.LOG,
                text="x",
                by=ana.me.id,
            )
        )
        session.flush()


def test_the_head_is_eight_words(ana: Desk) -> None:
    assert len(ana.workspace.head().phrase.split()) == 8


def test_a_migrated_database_keeps_rows_triggers_and_references(ana: Desk, tmp_path: Path) -> None:
    from incident.store import migrate

    an_incident(ana)
    workspace = ana.workspace
    connection = workspace._connect()
    before = migrate._counts(connection)
    triggers = connection.execute("SELECT count(*) FROM sqlite_master WHERE type = 'trigger'").fetchone()
    schema = migrate._run(connection, frozenset())
    assert migrate._counts(connection) == before
    assert connection.execute("SELECT count(*) FROM sqlite_master WHERE type = 'trigger'").fetchone() == triggers
    assert schema == fingerprint(connection)
    connection.close()
    assert workspace.verify().problems == ()


def test_a_migration_that_loses_a_row_is_rolled_back(ana: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from incident.store import migrate

    incident = an_incident(ana)
    log(ana, incident, "a line", now=NOW)
    monkeypatch.setattr(migrate, "_alembic", lambda connection: connection.execute("DELETE FROM timeline"))
    connection = ana.workspace._connect()
    with pytest.raises(StoreError, match="would lose rows of timeline"):
        migrate._run(connection, frozenset())
    connection.close()
    assert ana.workspace.verify().problems == ()


def test_the_migrations_make_the_schema_of_the_tables(ana: Desk) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext
    from sqlmodel import SQLModel

    with ana.workspace._write.connect() as connection:
        context = MigrationContext.configure(connection, opts={"render_as_batch": True})
        found = [
            each
            for each in compare_metadata(context, SQLModel.metadata)
            if not {"journal", "checkpoint"} & set(str(each).split("'"))
        ]
    assert found == []
