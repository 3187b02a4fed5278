"""F21. Where the journal cannot be written nothing is changed, and everything can still be read."""

from collections.abc import Callable
from pathlib import Path

import pytest

from incident.errors import IncidentError
from incident.store.anchor import ANCHOR
from incident.usecases.desk import Desk
from incident.usecases.incidents import incident_named
from incident.usecases.timeline import log, timeline
from incident.usecases.vaults import unlock
from tests.conftest import NOW, PASSPHRASE, a_vault, an_incident

Damage = Callable[[Desk], None]


def by_hand(*statements: str) -> Damage:
    """Somebody with the key and a shell."""

    def act(desk: Desk) -> None:
        connection = desk.workspace._connect()
        for statement in statements:
            connection.execute(statement)
        connection.close()

    return act


DAMAGES: dict[str, Damage] = {
    "the trigger of a table dropped": by_hand("DROP TRIGGER journal_timeline_insert"),
    "the journal renamed away": by_hand("ALTER TABLE journal RENAME TO gone"),
    "a trigger that refuses entries": by_hand(
        "CREATE TRIGGER mine BEFORE INSERT ON journal BEGIN SELECT RAISE(ABORT, 'the journal takes no more'); END"
    ),
    "a trigger that loses entries": by_hand("CREATE TRIGGER mine BEFORE INSERT ON journal BEGIN SELECT RAISE(IGNORE); END"),
}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = a_vault(tmp_path)
    log(made, an_incident(made), "a line from before", now=NOW)
    return made


def lines(desk: Desk) -> list[str]:
    return [each.text for each in timeline(desk, incident_named(desk, "last"))]


CASES = list(DAMAGES)


@pytest.mark.parametrize("damage", CASES)
@pytest.mark.parametrize("reopened", [False, True], ids=["while open", "after reopening"])
def test_a_change_without_its_entry_is_refused_and_reading_goes_on(desk: Desk, damage: str, reopened: bool) -> None:
    DAMAGES[damage](desk)
    if reopened:
        desk.close()
        desk = unlock(desk.workspace.path, sign_in="ana", passphrase=PASSPHRASE)
    with pytest.raises(IncidentError):
        log(desk, incident_named(desk, "last"), "a line without an entry", now=NOW)
    assert "a line from before" in lines(desk)
    assert "a line without an entry" not in lines(desk)
    desk.close()


def test_a_database_without_room_refuses_the_change_and_reads(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    connect = desk.workspace._connect

    def cramped() -> object:
        connection = connect()
        connection.execute("PRAGMA max_page_count=1")
        return connection

    from incident.store.engine import write_engine

    desk.workspace._write.dispose()
    monkeypatch.setattr(desk.workspace, "_write", write_engine(cramped))  # type: ignore[arg-type]
    incident = incident_named(desk, "last")
    with pytest.raises(IncidentError, match="full"):
        for number in range(200):
            log(desk, incident, f"line {number} " + "x" * 400, now=NOW)
    kept = [each for each in lines(desk) if each.startswith("line ")]
    acts = [each.act for each in desk.workspace.entries()]
    assert acts.count("timeline.log") == len(kept) + 1
    assert desk.workspace.verify().problems == ()
    desk.close()


def test_an_anchor_that_cannot_be_left_does_not_hold_up_anybody(desk: Desk) -> None:
    """The anchor is a witness, not part of the change: the folder in its place is told by `journal verify` at most."""
    (desk.workspace.path / ANCHOR).unlink(missing_ok=True)
    (desk.workspace.path / ANCHOR).mkdir()
    log(desk, incident_named(desk, "last"), "written all the same", now=NOW)
    desk.close()
    again = unlock(desk.workspace.path, sign_in="ana", passphrase=PASSPHRASE)
    assert "written all the same" in lines(again)
    again.close()
