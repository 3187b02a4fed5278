"""Reminders: what leaves the vault, that each rung is told once whatever happens, and that a locked vault reminds."""

import json
import os
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from incident.domain.incident import Incident
from incident.domain.ladder import DueKind
from incident.domain.moment import said
from incident.domain.review import ActionKind
from incident.errors import RefusedError, StoreError
from incident.store.keys import unwrap
from incident.store.reminder_file import ReminderFile
from incident.store.reminder_key import ReminderPlace
from incident.usecases.action_items import add_action_item
from incident.usecases.closing import close_as_false_alarm
from incident.usecases.desk import Desk
from incident.usecases.dues import dues
from incident.usecases.filings import Sent, record_filing
from incident.usecases.incidents import Declaration, declare
from incident.usecases.people import let_go
from incident.usecases.reminders import refresh, set_ladder, turn_off, turn_on
from incident.usecases.reminding import (
    Reminders,
    add_channel,
    how_it_stands,
    remind,
    reminders_of,
    remove_channel,
    try_channels,
)
from incident.usecases.vaults import unlock
from tests.conftest import NOW, PASSPHRASE, an_incident, say

HOUR = timedelta(hours=1)
DUE = datetime(2026, 3, 5, 8, tzinfo=UTC)
"""72 hours after the awareness that `an_incident` records."""


@pytest.fixture(autouse=True)
def _own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture
def incident(ana: Desk) -> Incident:
    made = an_incident(ana, title="The mailbox of sales was read")
    say(ana, made, "people", "DE 18200")
    say(ana, made, "risk.individuals", "high", basis="health data")
    return made


@pytest.fixture
def reminders(ana: Desk, incident: Incident) -> Reminders:
    turn_on(ana, now=NOW)
    return reminders_of(ana.workspace.path)


def told(reminders: Reminders, now: datetime) -> list[str]:
    lines: list[str] = []
    remind(reminders, now=now, printer=lines.append)
    return lines


def test_a_locked_vault_reminds_of_the_clock_once_at_each_rung(ana: Desk, incident: Incident, reminders: Reminders) -> None:
    ana.close()
    told(reminders, DUE - 5 * HOUR)
    assert [incident.code_name in line and "1 clock" not in line for line in told(reminders, DUE - 5 * HOUR)] == []
    four = told(reminders, DUE - 4 * HOUR)
    assert len(four) == 1
    assert f"{incident.code_name}: " in four[0]
    assert "to come (" in four[0]
    assert "in 4 h" in four[0]
    assert told(reminders, DUE - 4 * HOUR) == []
    due = told(reminders, DUE)
    assert "came due (" in due[0]
    assert told(reminders, DUE + timedelta(minutes=59)) == []


def test_nothing_but_code_names_dates_and_roles_leaves_the_vault(ana: Desk, incident: Incident, reminders: Reminders) -> None:
    raw = (ana.workspace.path / "reminders").read_bytes()
    assert len(raw) % 4096 == 12 + 16  # nonce and tag: the length tells no number of clocks
    plain = unwrap(reminders.place.key(), raw[:12], raw[12:], b"incident-reminders/1|" + ana.workspace.vault_id.encode())
    assert plain is not None
    text = plain.decode().lower() + " ".join(told(reminders, DUE + HOUR)).lower()
    titles = {word for each in dues(ana, incident, now=NOW) for word in (each.title.lower(), each.name.split("|")[1])}
    for secret in (
        *titles,
        incident.title.lower(),
        incident.reference.lower(),
        str(incident.id),
        incident.id.hex,
        "gdpr",
        "ana",
    ):
        assert secret not in text, secret
    assert incident.code_name.lower() in text


def test_the_reminder_key_opens_neither_the_database_nor_what_incidents_hold(ana: Desk, reminders: Reminders) -> None:
    from incident.store.engine import DATABASE, read_only_connector
    from incident.store.keys import subkey

    key = reminders.place.key()
    for each in (key, subkey(key, "db")):
        with pytest.raises(StoreError, match="does not open"):
            read_only_connector(ana.workspace.path / DATABASE, each)()
    assert (reminders.place.folder / "key").stat().st_mode & 0o777 == 0o600
    assert not reminders.place.folder.is_relative_to(ana.workspace.path)


def test_a_key_that_others_may_read_is_refused(reminders: Reminders) -> None:
    (reminders.place.folder / "key").chmod(0o644)
    with pytest.raises(StoreError, match="Others on this machine"):
        told(reminders, DUE)


def test_a_filing_ends_the_reminders_of_its_clock(ana: Desk, incident: Incident, reminders: Reminders) -> None:
    clocks = [each for each in dues(ana, incident, now=NOW) if each.kind is DueKind.CLOCK]
    sent = Sent(channel="portal", obligation="eu-gdpr/authority@DE", recipient="BfDI")
    record_filing(ana, incident, sent, said("now", now=NOW, zone="UTC"), now=NOW)
    ana.close()
    watched = reminders.schedule().watched[0]
    left = [each for each in watched.dues if each.kind is DueKind.CLOCK]
    assert len(left) == len(clocks) - 1


def test_a_clock_that_had_passed_before_anybody_declared_is_told_at_once(ana: Desk) -> None:
    made = an_incident(ana)
    say(ana, made, "people", "DE 5")
    say(ana, made, "risk.individuals", "high", basis="x")
    say(ana, made, "at.aware", "2026-02-20 09:00")
    turn_on(ana, now=NOW)
    first = told(reminders_of(ana.workspace.path), NOW)
    assert "came due" in first[0]
    assert "clock" in first[0]


def test_who_hears_what(ana: Desk, reminders: Reminders) -> None:
    set_ladder(ana, "eu-gdpr/authority", "4h, due > executive", now=NOW)
    set_ladder(ana, "step", "due", now=NOW)
    refresh(ana, now=NOW)
    for role in ("commander", "executive"):
        add_channel(reminders, f"json://127.0.0.1:9/{role}", role)
    heard: list[tuple[str, str]] = []

    def post(url: str, title: str, text: str) -> str:
        heard.append((url.rsplit("/", 1)[-1], text))
        return ""

    remind(reminders, now=DUE - 5 * HOUR, post=post)
    heard.clear()
    remind(reminders, now=DUE - 4 * HOUR, post=post)
    assert [role for role, _ in heard] == ["commander"]
    heard.clear()
    remind(reminders, now=DUE, post=post)
    assert sorted(role for role, _ in heard) == ["commander", "executive"]


def test_a_rung_for_roles_without_a_channel_goes_to_everybody_who_listens(reminders: Reminders) -> None:
    add_channel(reminders, "json://127.0.0.1:9/hr", "hr")
    heard: list[str] = []
    remind(reminders, now=DUE, post=lambda url, title, text: heard.append(text) or "")  # type: ignore[func-returns-value]
    assert len(heard) == 1


def test_a_channel_that_fails_is_tried_again_and_holds_nobody_up(reminders: Reminders) -> None:
    for name in ("a", "b"):
        add_channel(reminders, f"json://127.0.0.1:9/{name}", "")
    heard: Counter[str] = Counter()
    broken = {"a"}

    def post(url: str, title: str, text: str) -> str:
        name = url[-1]
        heard[name] += name not in broken
        return "503" if name in broken else ""

    first = remind(reminders, now=DUE, post=post)
    assert [each.trouble for each in first] == ["503", ""]
    assert "does not take its reminders" in how_it_stands(reminders, now=DUE).text
    broken.clear()
    again = remind(reminders, now=DUE + HOUR / 60, post=post)
    assert [("repeat" in each.text, each.trouble) for each in again] == [(False, "")]
    assert heard == {"a": 1, "b": 1}
    assert "does not take" not in how_it_stands(reminders, now=DUE).text
    remove_channel(reminders, 1)
    assert len(reminders.place.channels()) == 1


class _Hook(BaseHTTPRequestHandler):
    got: list[dict[str, str]] = []
    status = 200

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        _Hook.got.append(json.loads(body))
        self.send_response(_Hook.status)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def hook() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), _Hook)
    Thread(target=server.serve_forever, daemon=True).start()
    _Hook.got, _Hook.status = [], 200
    yield f"json://user:secret@127.0.0.1:{server.server_port}/hook"
    server.shutdown()
    server.server_close()


def test_a_real_webhook_gets_the_code_name_and_nothing_else(reminders: Reminders, incident: Incident, hook: str) -> None:
    pytest.importorskip("apprise")
    line = add_channel(reminders, hook, "")
    assert "secret" not in line.address
    assert [each.trouble for each in try_channels(reminders, now=NOW)] == ["", "", ""]
    assert "test" in _Hook.got.pop()["message"]
    remind(reminders, now=DUE)
    (sent,) = _Hook.got
    assert sent["title"] == "incident"
    assert sent["message"].startswith(incident.code_name)
    assert "mailbox" not in str(sent)
    _Hook.status = 500
    (failed,) = [each for each in remind(reminders, now=DUE + HOUR) if each.trouble]
    assert "secret" not in failed.trouble + failed.channel


def test_without_the_library_the_error_names_the_extra(reminders: Reminders, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("incident.interchange.apprise_channel.find_spec", lambda name: None)
    with pytest.raises(RefusedError) as caught:
        add_channel(reminders, "json://127.0.0.1/", "")
    assert "incident[remind]" in caught.value.hint


def test_status_for_a_monitoring_system(ana: Desk, reminders: Reminders) -> None:
    ana.close()
    wanted = ((NOW - 3 * HOUR, 1), (DUE - 25 * HOUR, 1), (DUE - 3 * HOUR, 2), (DUE + HOUR, 2))
    assert [how_it_stands(reminders, now=now).status for now, _ in wanted] == [status for _, status in wanted]
    assert how_it_stands(reminders, now=DUE + HOUR).line.startswith("INCIDENT CRITICAL - ")
    assert "open it once" not in how_it_stands(reminders, now=DUE).text
    made = (ana.workspace.path / "reminders").stat().st_mtime
    os.utime(ana.workspace.path / "incident.db", (made + 3600, made + 3600))
    assert "open it once" in how_it_stands(reminders, now=DUE).text


def test_a_renewed_vault_key_renews_the_reminder_key_and_this_machine_goes_on(ana: Desk, reminders: Reminders) -> None:
    before = reminders.place.key()
    let_go(ana, "leo", now=NOW)
    ana.close()
    after = reminders.place.key()
    assert after != before
    assert reminders.schedule().watched
    with pytest.raises(StoreError, match="do not open"):
        ReminderFile(ana.workspace.path, ana.workspace.vault_id, before).read()


def test_what_only_a_member_can_compute_is_carried_over(ana: Desk, leo: Desk) -> None:
    turn_on(ana, now=NOW)
    sealed = declare(leo, Declaration("Sealed", "personal-data-breach", "leo", members=("leo",)), now=NOW)
    refresh(leo, now=NOW)
    an_incident(ana)
    refresh(ana, now=NOW)
    names = {each.code_name for each in reminders_of(ana.workspace.path).schedule().watched}
    assert sealed.code_name in names
    assert len(names) == 2


def test_an_action_item_is_reminded_of_after_the_incident_ended(ana: Desk, incident: Incident, reminders: Reminders) -> None:
    day = date(2026, 4, 1)
    add_action_item(ana, incident, "Rotate the keys", owner="ana", due_on=day, kind=ActionKind.PREVENT, now=NOW)
    close_as_false_alarm(ana, incident, reason="it was a drill of the vendor", now=NOW)
    refresh(ana, now=NOW)
    (watched,) = reminders.schedule().watched
    assert [each.kind for each in watched.dues] == [DueKind.ACTION]


def test_turned_off_nothing_reminds_and_a_desk_writes_no_key(ana: Desk, reminders: Reminders) -> None:
    turn_off(ana.workspace.vault_id)
    with pytest.raises(StoreError, match="not turned on"):
        told(reminders, DUE)
    an_incident(ana)
    ana.close()
    assert not ReminderPlace(ana.workspace.vault_id).is_on


def test_another_desk_sees_the_reminders_of_this_one(ana: Desk, reminders: Reminders) -> None:
    desk = unlock(ana.workspace.path, sign_in="leo", passphrase=PASSPHRASE)
    an_incident(desk)
    desk.close()
    assert len(reminders.schedule().watched) == 2
