"""The sealed file of reminders is a cache: kept where nothing changed, computed anew where something did, gone with a purge."""

from pathlib import Path

import pytest

from incident.store.keys import unwrap
from incident.store.reminder_key import ReminderPlace
from incident.usecases import reminders as module
from incident.usecases.closing import close_as_false_alarm
from incident.usecases.desk import Desk
from incident.usecases.incidents import incident_of
from incident.usecases.reminders import refresh, set_ladder, turn_on
from incident.usecases.reminding import reminders_of
from tests.conftest import NOW, an_incident, say


@pytest.fixture(autouse=True)
def _own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture
def computed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The code names of the incidents that were computed, one after the other."""
    names: list[str] = []
    honest = module._one

    def one(*args, **given):  # type: ignore[no-untyped-def]
        names.append(args[1].code_name)
        return honest(*args, **given)

    monkeypatch.setattr(module, "_one", one)
    return names


def test_only_what_changed_is_computed_and_it_is_what_computing_all_would_give(ana: Desk, computed: list[str]) -> None:
    made = [an_incident(ana, title=f"number {number}") for number in range(3)]
    turn_on(ana, now=NOW)
    assert len(computed) == 3
    computed.clear()
    say(ana, made[1], "people", "DE 18200")
    assert refresh(ana, now=NOW)
    assert computed == [made[1].code_name]
    kept = {each.key: each.dues for each in reminders_of(ana.workspace.path).schedule().watched}
    (ana.workspace.path / "reminders").unlink()
    refresh(ana, now=NOW)
    assert {each.key: each.dues for each in reminders_of(ana.workspace.path).schedule().watched} == kept


def test_another_ladder_is_taken_on_a_few_incidents_at_a_time(ana: Desk, computed: list[str]) -> None:
    for number in range(4):
        an_incident(ana, title=f"number {number}")
    turn_on(ana, now=NOW)
    set_ladder(ana, "step", "due", now=NOW)
    computed.clear()
    assert [refresh(ana, now=NOW, most=2) for _ in range(3)] == [False, True, True]
    assert len(computed) == 4
    changed = an_incident(ana)
    computed.clear()
    assert refresh(ana, now=NOW, most=0)
    assert computed == [changed.code_name]


def test_a_damaged_or_foreign_file_is_made_anew(ana: Desk) -> None:
    an_incident(ana)
    turn_on(ana, now=NOW)
    for content in (b"", b"nonsense", bytes(5000)):
        (ana.workspace.path / "reminders").write_bytes(content)
        refresh(ana, now=NOW)
        assert len(reminders_of(ana.workspace.path).schedule().watched) == 1


def test_what_is_purged_leaves_no_name_in_it(ana: Desk) -> None:
    from incident.store.purge import purge

    incident = an_incident(ana)
    turn_on(ana, now=NOW)
    close_as_false_alarm(ana, incident, reason="a drill", now=NOW)
    assert not incident_of(ana, incident.id).is_open
    purge(ana.workspace, (incident.id,), references=(incident.reference,), reason="a test", now=NOW)
    ana.close()
    raw = (ana.workspace.path / "reminders").read_bytes()
    key = ReminderPlace(ana.workspace.vault_id).key()
    plain = unwrap(key, raw[:12], raw[12:], b"incident-reminders/1|" + ana.workspace.vault_id.encode())
    assert plain is not None
    assert incident.code_name.encode() not in plain
