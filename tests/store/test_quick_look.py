"""The quick look says that a journal holds only where the slow one names nothing, also with a process beside."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from incident.store import quick_look as quick
from incident.store.checkpoint import known_keys
from incident.store.journal import verify
from incident.store.quick_look import quick_look
from incident.store.workspace import Workspace
from incident.usecases.desk import Desk
from tests.bench_journal import lengthen

Change = Callable[[Any], None]


@pytest.fixture
def long(ana: Desk, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A journal of 1,300 entries under thirteen checkpoints, for which two processors are used."""
    lengthen(ana.workspace, 1_300, rows=5)
    monkeypatch.setattr(quick, "BESIDE_FROM", 1)
    monkeypatch.setattr(quick, "processors", lambda: 2)
    return ana.workspace


def statement(sql: str) -> Change:
    def change(connection: Any) -> None:
        connection.execute(sql)

    return change


CHANGES: dict[str, Change] = {
    "a body": statement(
        "UPDATE journal SET body = CAST(replace(CAST(body AS TEXT), 'timeline', 'timelime') AS BLOB) WHERE seq = 700"
    ),
    "a body as text": statement("UPDATE journal SET body = CAST(body AS TEXT) WHERE seq = 700"),
    "a hash": statement("UPDATE journal SET hash = upper(hash) WHERE seq = 700"),
    "a hash as bytes": statement("UPDATE journal SET hash = CAST(hash AS BLOB) WHERE seq = 700"),
    "a prev": statement("UPDATE journal SET prev = 'x' || prev WHERE seq = 700"),
    "an entry away": statement("DELETE FROM journal WHERE seq = 700"),
    "the first away": statement("DELETE FROM journal WHERE seq = 1"),
    "the tail away": statement("DELETE FROM journal WHERE seq > 1250"),
    "one before the first": statement("INSERT INTO journal VALUES (0, 'a', 'b', x'7b7d')"),
    "a line moved to the next entry": statement(
        "UPDATE journal SET body = CASE seq WHEN 700 THEN CAST(CAST(body AS TEXT) || char(10) AS BLOB) ELSE body END WHERE seq = 700"
    ),
    "the last unreadable": statement("UPDATE journal SET body = x'7b' WHERE seq = (SELECT max(seq) FROM journal)"),
    "an even signature": statement(
        "UPDATE checkpoint SET signature = zeroblob(64) WHERE size = (SELECT min(size) FROM checkpoint)"
    ),
    "an odd signature": statement(
        "UPDATE checkpoint SET signature = zeroblob(64) WHERE size = (SELECT size FROM checkpoint ORDER BY size LIMIT 1 OFFSET 1)"
    ),
    "a checkpoint's bytes": statement("UPDATE checkpoint SET body = x'7b' WHERE size = (SELECT max(size) FROM checkpoint)"),
    "a checkpoint away": statement(
        "DELETE FROM checkpoint WHERE size = (SELECT size FROM checkpoint ORDER BY size LIMIT 1 OFFSET 3)"
    ),
}


def looked(workspace: Workspace, change: Change | None = None) -> tuple[object, tuple[str, ...]]:
    """What the quick look says, and every problem that the whole verification names."""
    connection = workspace._connect()
    connection.execute("BEGIN IMMEDIATE")
    try:
        if change is not None:
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                connection.execute(f'DROP TRIGGER "{name}"')
            change(connection)
        sound = quick_look(connection, known_keys(connection, {}), workspace.vault_id)
        report = verify(connection, schema="", found_schema="", anchor=None, vault_id=workspace.vault_id)
        return sound, report.problems
    finally:
        connection.execute("ROLLBACK")
        connection.close()


def test_a_whole_journal_is_sound_beside_and_here(long: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    beside, problems = looked(long)
    assert beside is not None
    assert problems == ()
    monkeypatch.setattr(quick, "processors", lambda: 1)
    here, _ = looked(long)
    assert (here.entries, here.checkpoints) == (beside.entries, beside.checkpoints)  # type: ignore[attr-defined]
    assert here.checkpoints >= 13  # type: ignore[attr-defined]


def test_whatever_was_changed_is_left_to_the_slow_look_which_names_it(long: Workspace) -> None:
    for name, change in CHANGES.items():
        sound, problems = looked(long, change)
        assert sound is None, name
        assert problems or name == "a body as text", name


def test_without_the_process_beside_the_journal_is_still_verified(long: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", str(Path("/bin/false")))
    assert looked(long) == (None, ())
