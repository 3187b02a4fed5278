"""Eleven attacks on the journal by somebody who holds the database's key, and what each defence sees of them.

The attacker drops the triggers, does the deed, and puts the triggers back as they were. Two attacks are seen by nothing:
edits after the last checkpoint, and false entries by whoever holds every key. The manual says so.
"""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from incident.store.anchor import check_anchors, seen_anchors
from incident.store.anchor_line import anchor_line, check_lines
from incident.store.checkpoint import INTERVAL, Signer, checkpoint, known_keys
from incident.store.engine import DATABASE, connector, fingerprint
from incident.store.journal import append, create_triggers, verify
from incident.store.keys import subkey
from incident.store.workspace import Workspace
from incident.usecases.vaults import unlock
from tests.bench_journal import lengthen
from tests.conftest import NOW, PASSPHRASE, a_vault

EDITED = 50
KEPT = 220
Entry = tuple[int, bytes]


@dataclass
class Target:
    """A vault under attack; `yesterday` is its database as it was, `lines` what somebody keeps on a stick."""

    path: Path
    key: bytes
    master: bytes
    signer: Signer
    yesterday: bytes
    lines: str

    def connection(self) -> Any:
        return connector(self.path / DATABASE, self.key)()


def rewritten(connection: Any, change: Callable[[list[Entry]], list[Entry]]) -> None:
    """Write the journal anew with a changed list of entries: numbers, links and hashes all fit."""
    entries = change([(seq, bytes(body)) for seq, body in connection.execute("SELECT seq, body FROM journal ORDER BY seq")])
    connection.execute("DELETE FROM journal")
    here = bytes(32)
    for seq, (_, body) in enumerate(entries, 1):
        body = json.dumps({**json.loads(body), "seq": seq}, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        digest = sha256(here + body).digest()
        connection.execute("INSERT INTO journal VALUES (?, ?, ?, ?)", (seq, here.hex(), digest.hex(), body))
        here = digest


def falsified(number: int) -> Callable[[list[Entry]], list[Entry]]:
    def change(entries: list[Entry]) -> list[Entry]:
        return [(seq, body.replace(b"timeline.log", b"timeline.lie") if seq == number else body) for seq, body in entries]

    return change


def edit_naively(connection: Any, target: Target) -> None:
    del target
    connection.execute("UPDATE journal SET body = replace(body, 'timeline.log', 'timeline.lie') WHERE seq = ?", (EDITED,))


def edit(connection: Any, target: Target) -> None:
    del target
    rewritten(connection, falsified(EDITED))


def edit_and_delete_checkpoints(connection: Any, target: Target) -> None:
    edit(connection, target)
    connection.execute("DELETE FROM checkpoint WHERE size >= ?", (EDITED,))


def delete(connection: Any, target: Target) -> None:
    del target
    rewritten(connection, lambda entries: [each for each in entries if each[0] != EDITED])


def insert(connection: Any, target: Target) -> None:
    del target
    rewritten(connection, lambda entries: [*entries[:EDITED], entries[EDITED], *entries[EDITED:]])


def truncate(connection: Any, target: Target) -> None:
    del target
    connection.execute("DELETE FROM journal WHERE seq > ?", (KEPT,))


def truncate_with_checkpoints(connection: Any, target: Target) -> None:
    truncate(connection, target)
    connection.execute("DELETE FROM checkpoint WHERE size > ?", (KEPT,))


def roll_back(connection: Any, target: Target) -> None:
    connection.close()
    for name in (f"{DATABASE}-wal", f"{DATABASE}-shm"):
        (target.path / name).unlink(missing_ok=True)
    (target.path / DATABASE).write_bytes(target.yesterday)


def rewrite_with_the_signing_key(connection: Any, target: Target) -> None:
    rewritten(connection, falsified(EDITED))
    entries = connection.execute("SELECT * FROM journal ORDER BY seq").fetchall()
    connection.execute("DELETE FROM checkpoint")
    connection.execute("DELETE FROM journal")
    for entry in entries:
        connection.execute("INSERT INTO journal VALUES (?, ?, ?, ?)", entry)
        checkpoint(connection, target.signer, now=NOW, anyway=entry[0] % INTERVAL == 0)
    checkpoint(connection, target.signer, now=NOW, anyway=True)


def edit_after_the_last_checkpoint(connection: Any, target: Target) -> None:
    del target
    last = connection.execute("SELECT max(seq) FROM journal").fetchone()[0]
    rewritten(connection, falsified(last - 3))


def append_false_entries(connection: Any, target: Target) -> None:
    touched = [("responder", target.signer.responder_id.hex, "update")]
    append(connection, touched, at=NOW, by=target.signer.responder_id, act="false", incident_id=None, detail={})
    checkpoint(connection, target.signer, now=NOW, anyway=True)


YES, NO = "caught", "missed"
EXPECTED = {
    # what is left to see:          triggers, chain, chain + checkpoints, + what is kept outside
    edit_naively: (NO, YES, YES, YES),
    edit: (NO, NO, YES, YES),
    edit_and_delete_checkpoints: (NO, NO, YES, YES),
    delete: (NO, NO, YES, YES),
    insert: (NO, NO, YES, YES),
    truncate: (NO, NO, YES, YES),
    truncate_with_checkpoints: (NO, NO, NO, YES),
    roll_back: (NO, NO, NO, YES),
    rewrite_with_the_signing_key: (NO, NO, NO, YES),
    edit_after_the_last_checkpoint: (NO, NO, NO, NO),
    append_false_entries: (NO, NO, NO, NO),
}


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Target:
    """A vault of 250 entries, yesterday's copy of it, today's anchors, and ten entries since the last checkpoint."""
    desk = a_vault(tmp_path_factory.mktemp("attacked"))
    workspace = desk.workspace
    lengthen(workspace, 140, rows=5)
    desk.close()
    yesterday = (workspace.path / DATABASE).read_bytes()
    again = unlock(workspace.path, sign_in="ana", passphrase=PASSPHRASE).workspace
    lengthen(again, 110, rows=5)
    again.close()
    lines = anchor_line(again.signer(), again.head(), now=NOW)
    later(again)
    again._write.dispose()
    again._read.dispose()
    master = again._master
    return Target(workspace.path, subkey(master, "db"), master, again.signer(), yesterday, lines)


def later(workspace: Workspace) -> None:
    """Ten changes after which no window was closed."""
    connection = workspace._connect()
    connection.execute("BEGIN IMMEDIATE")
    touched = [("responder", workspace.responder_id.hex, "update")]
    for _ in range(10):
        by = workspace.responder_id
        append(connection, touched, at=NOW, by=by, act="timeline.log", incident_id=None, detail={})
    connection.execute("COMMIT")
    connection.close()


def outcome(attack: Callable[[Any, Target], None], untouched: Target, folder: Path) -> tuple[str, ...]:
    path = folder / attack.__name__
    shutil.copytree(untouched.path, path)
    target = Target(path, untouched.key, untouched.master, untouched.signer, untouched.yesterday, untouched.lines)
    connection = target.connection()
    schema = fingerprint(connection)
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f'DROP TRIGGER "{name}"')
    if attack is not roll_back:
        connection.execute("BEGIN")
        attack(connection, target)
        create_triggers(connection)
        connection.execute("COMMIT")
    else:
        attack(connection, target)
        connection = target.connection()
    return tuple(YES if each else NO for each in seen(connection, target, schema))


def seen(connection: Any, target: Target, schema: str) -> tuple[bool, ...]:
    vault_id = target.signer.vault_id
    found = fingerprint(connection)
    inside = verify(connection, schema=schema, found_schema=found, anchor=None, vault_id=vault_id).problems
    outside = list(check_anchors(connection, seen_anchors(target.path, target.master, None), epoch=1 << 30))
    keys = known_keys(connection, {})
    stick = check_lines(connection, target.lines, vault_id=vault_id, keys=keys, where="stick").problems
    assert bool(outside) == bool(stick)
    connection.close()
    return found != schema, any(each.startswith("entry ") for each in inside), bool(inside), bool(inside or outside)


def test_a_journal_that_nobody_attacked_holds(untouched: Target) -> None:
    connection = untouched.connection()
    assert seen(connection, untouched, fingerprint(connection)) == (False, False, False, False)


def test_each_attack_is_caught_by_exactly_what_should_catch_it(untouched: Target, tmp_path: Path) -> None:
    table = {attack.__name__: outcome(attack, untouched, tmp_path) for attack in EXPECTED}
    assert table == {attack.__name__: row for attack, row in EXPECTED.items()}


def test_the_two_that_nothing_catches_are_named_as_missed() -> None:
    missed = {attack.__name__ for attack, row in EXPECTED.items() if row[-1] == NO}
    assert missed == {"edit_after_the_last_checkpoint", "append_false_entries"}


@pytest.mark.parametrize(
    ("attack", "named"),
    [
        (edit_naively, f"entry {EDITED}: its content"),
        (edit, "entries 2 to 101: not those that were signed"),
        (edit_and_delete_checkpoints, "without a checkpoint"),
        (truncate, f"signed over more entries than the {KEPT} that are there"),
    ],
)
def test_the_first_that_does_not_hold_is_named(attack: Any, named: str, untouched: Target, tmp_path: Path) -> None:
    outcome(attack, untouched, tmp_path)
    connection = connector(tmp_path / attack.__name__ / DATABASE, untouched.key)()
    report = verify(connection, schema="", found_schema="", anchor=None)
    connection.close()
    assert any(named in each for each in report.problems), report.problems


def test_what_was_rewritten_is_never_signed_anew(untouched: Target, tmp_path: Path) -> None:
    """The attacker cuts every checkpoint away and waits for the next change to make new ones."""
    outcome(edit_and_delete_checkpoints, untouched, tmp_path)
    connection = connector(tmp_path / "edit_and_delete_checkpoints" / DATABASE, untouched.key)()
    assert not checkpoint(connection, untouched.signer, now=NOW, anyway=True)
    connection.close()
