"""`incident remind`, `watch` and `ready` as they are typed: output, exit status, units that can be put in place."""

import json
import subprocess
import sys
from collections.abc import Callable
from configparser import ConfigParser
from datetime import timedelta
from pathlib import Path

import pytest

from incident import clock
from incident.cli.app import main
from incident.domain.responder import Function
from incident.usecases.backup import back_up
from incident.usecases.desk import Desk
from incident.usecases.incidents import Declaration, declare
from incident.usecases.people import change_responder, invite
from incident.usecases.readiness import record_number_test, save_contact
from incident.usecases.reminders import turn_on
from incident.usecases.vaults import NewResponder
from tests.conftest import NOW, PASSPHRASE, an_incident, say

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(ana: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("INCIDENT_VAULT", str(ana.workspace.path))
    monkeypatch.setenv("INCIDENT_AS", "ana")
    monkeypatch.setattr(clock, "now", lambda: NOW)
    secret = tmp_path / "passphrase"
    secret.write_text(PASSPHRASE + "\n", encoding="utf-8")
    made = an_incident(ana)
    say(ana, made, "people", "DE 18200")
    say(ana, made, "risk.individuals", "high", basis="health data")

    def typed(*words: str, unlocked: bool = False) -> tuple[int, str, str]:
        status = main([*words, *(("--passphrase-file", str(secret)) if unlocked else ())])
        said = capsys.readouterr()
        return status, said.out, said.err

    return typed


def later(monkeypatch: pytest.MonkeyPatch, hours: float) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(hours=hours))


def test_cron_hears_each_reminder_once_and_silence_otherwise(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("remind")[0] == 1
    status, out, _ = run("remind", "on", unlocked=True)
    assert (status, "nothing else" in out) == (0, True)
    later(monkeypatch, 62)
    status, out, _ = run("remind")
    assert (status, "to come" in out) == (0, True)
    assert run("remind") == (0, "", "")
    later(monkeypatch, 66)
    assert "1 clock came due" in run("remind", "--json")[1]
    assert json.loads(run("remind", "--json")[1]) == []


def test_one_line_and_the_status_that_monitoring_systems_read(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    status, out, err = run("remind", "--status")
    assert (status, out.startswith("INCIDENT UNKNOWN - "), err) == (3, True, "")
    run("remind", "on", unlocked=True)
    later(monkeypatch, 63)
    status, out, _ = run("remind", "--status")
    assert (status, out.startswith("INCIDENT CRITICAL - "), out.count("\n")) == (2, True, 1)
    assert json.loads(run("remind", "--status", "--json")[1])["status"] == 2


def test_a_look_every_few_minutes_loads_neither_database_nor_law_nor_screen(run: Run, ana: Desk) -> None:
    run("remind", "on", unlocked=True)
    looked = """
import sys
from incident.cli.app import main
main(["remind"])
main(["remind", "--status"])
heavy = ("sqlmodel", "sqlalchemy", "sqlcipher3", "textual", "weasyprint", "apprise", "holidays", "jinja2")
sys.exit(100 + sum(each in sys.modules for each in heavy))
"""
    assert subprocess.run([sys.executable, "-c", looked], check=False, capture_output=True).returncode == 100


def test_watch_reminds_until_it_ends(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run("remind", "on", unlocked=True)
    hours = iter((62.0, 62.0, 66.0))
    monkeypatch.setattr("incident.cli.watch.time.sleep", lambda seconds: later(monkeypatch, next(hours)))
    later(monkeypatch, 50)
    status, out, _ = run("watch", "--every", "5", "--looks", "4")
    assert (status, out.count("to come"), out.count("1 clock came due")) == (0, 2, 1)
    assert run("watch", "--every", "1")[0] == 2


def test_channels_and_the_self_test(run: Run) -> None:
    pytest.importorskip("apprise")
    assert run("remind", "channel", "add", "json://127.0.0.1:9/x")[0] == 1
    run("remind", "on", unlocked=True)
    status, _, err = run("remind", "channel", "add", "carrier-pigeon://loft")
    assert (status, "no address" in err) == (2, True)
    assert run("remind", "channel", "add", "json://me:secret@127.0.0.1:9/x", "--role", "nobody")[0] == 2
    assert run("remind", "channel", "add", "json://me:secret@127.0.0.1:9/x", "--role", "legal")[0] == 0
    listed = run("remind", "channel", "list")[1]
    assert ("127.0.0.1" in listed, "secret" in listed, "legal" in listed) == (True, False, True)
    status, out, _ = run("remind", "--test")
    assert (status, "can be written" in out, "FAILED" in out) == (1, True, True)
    assert run("remind", "channel", "remove", "1")[0] == 0
    assert run("remind", "--test")[0] == 0


def test_a_ladder_of_ones_own(run: Run) -> None:
    run("remind", "on", unlocked=True)
    assert run("remind", "ladder", "set", "eu-gdpr", "48h, due > executive", unlocked=True)[0] == 0
    assert "eu-gdpr (own): 2d, due > executive" in run("remind", "ladder", "show", unlocked=True)[1]
    assert run("remind", "ladder", "set", "no-such-law", "4h", unlocked=True)[0] == 2


def test_the_units_parse_and_name_this_vault(run: Run, ana: Desk) -> None:
    text = run("remind", "--print-systemd")[1]
    service, timer = text.split("# ~/.config/systemd/user/incident-remind.timer\n")
    for part, section, key in ((service, "Service", "ExecStart"), (timer, "Timer", "Persistent")):
        units = ConfigParser(interpolation=None, strict=False)
        units.optionxform = str  # type: ignore[assignment, method-assign]
        units.read_string(part)
        assert units[section][key]
    assert str(ana.workspace.path) in service
    assert run("remind", "--print-cron")[1].startswith("*/5 * * * * ")


def test_ready_names_each_gap_with_the_command_and_the_commands_close_them(run: Run, ana: Desk, tmp_path: Path) -> None:
    status, out, _ = run("ready", "--json", unlocked=True)
    found = json.loads(out)
    assert status == 1
    assert all(each["mend"] for each in found["checks"] if each["state"] != "ready")
    topics = {each["topic"] for each in found["checks"] if each["state"] == "gap"}
    assert topics == {"people", "deputies", "numbers", "contacts", "backups", "exercises", "reminders"}
    mo = NewResponder("Mo Lind (invented)", "mo", Function.MANAGEMENT)
    invite(ana, mo, passphrase=PASSPHRASE, may_approve=False, now=NOW)
    for number, (who, deputy) in enumerate((("ana", "mo"), ("leo", "ana"), ("mo", "ana"))):
        change_responder(ana, who, deputy=deputy, phone=f"+49 30 5550 010{number}", now=NOW)
        record_number_test(ana, who, answered=who != "leo", now=NOW)
    assert run("ready", "number", "leo", "--answered", "yes", unlocked=True)[0] == 0
    for kind in ("forensics", "counsel", "communications"):
        save_contact(ana, kind, "Firm (invented)", phone="+49 30 5550 0199", contract="7", now=NOW)
    contact = ("ready", "contact", "insurer", "Firm (invented)", "--phone", "+49 30 5550 0199", "--contract", "7")
    assert run(*contact, unlocked=True)[0] == 0
    declare(ana, Declaration("Drill", "personal-data-breach", "ana", exercise=True), now=NOW)
    turn_on(ana, now=NOW)
    back_up(ana, tmp_path / "copies", now=NOW)
    status, out, _ = run("ready", unlocked=True)
    assert (status, out.splitlines()[-1].startswith("0 gaps")) == (0, True)
    change_responder(ana, "leo", phone="+49 30 5550 0777", now=NOW)
    status, out, _ = run("ready", unlocked=True)
    assert (status, "was never tried" in out) == (1, True)
