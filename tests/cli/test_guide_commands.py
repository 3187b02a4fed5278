"""The guide, the roster and the playbooks as commands: what they print, and that an option before a word still counts."""

import json
from pathlib import Path
from typing import Any

import pytest

from incident.cli.app import main
from incident.usecases.catalogue import catalogue
from incident.usecases.desk import Desk
from incident.usecases.guide import incident_guide
from tests.conftest import NOW, Command, an_incident


@pytest.fixture
def run(command: Command, monkeypatch: pytest.MonkeyPatch) -> Command:
    """On a wide terminal."""
    monkeypatch.setenv("COLUMNS", "200")
    return command


def test_a_playbook_joins_the_incident_that_was_named_before_the_word(ana: Desk, run: Any) -> None:
    first, second = an_incident(ana), an_incident(ana, title="Another")
    status, out, _ = run("guide", "-i", "1", "add", "ransomware", "--reason", "files are encrypted")
    assert status == 0
    assert out.startswith(first.reference)
    assert incident_guide(ana, first, now=NOW).named("guard-backups") is not None
    assert incident_guide(ana, second, now=NOW).named("guard-backups") is None
    assert run("guide", "-i", "2", "diff")[1].startswith("The playbook files say what")
    assert run("guide", "-i", "2", "adopt", "--reason", "new")[0] == 1


def test_the_guide_prints_what_is_mine_what_waits_and_what_other_tracks_do(ana: Desk, run: Any) -> None:
    an_incident(ana, playbook="ransomware")
    status, out, _ = run("guide")
    assert status == 0
    assert "NOBODY" in out
    assert "Meanwhile:" in out
    assert "waits for: Open the log" in run("guide", "--blocked")[1]
    assert "the commander sees to it" in run("guide", "--mine")[1]
    assert {each["why"] for each in json.loads(run("guide", "--mine", "--json")[1])["steps"]} >= {"you are commander"}
    progress = json.loads(run("guide", "--json")[1])["progress"]
    assert progress[0]["finished"] == 0


def test_a_step_is_asked_done_undone_handed_over_and_defaulted_in_words(ana: Desk, run: Any) -> None:
    an_incident(ana, playbook="ransomware")
    status, out, _ = run("step", "ask", "open-log")
    assert status == 0
    assert "incident fact set account.how_discovered" in out
    assert run("step", "done", "open-log")[1] == "open-log: done\n"
    assert run("step", "undo", "open-log", "--reason", "wrong line")[1] == "open-log: undone\n"
    assert run("step", "hand", "open-log", "--to", "leo")[1] == "open-log: handed over\n"
    assert "handed to Leo Stein (invented)" in run("step", "show", "open-log")[1]
    status, out, _ = run("step", "default", "contain")  # declared in March, looked at now: the time is over
    assert (status, out) == (0, "contain: done, shut the segments (the default)\n")
    status, _, err = run("step", "default", "open-log")
    assert status == 1
    assert "is no decision" in err


def test_the_call_tree_and_the_roster_name_numbers_duty_and_deputies(ana: Desk, run: Any, tmp_path: Path) -> None:
    an_incident(ana)
    secret = str(tmp_path / "passphrase")
    changed = ("team", "change", "ana", "--deputy", "leo", "--hours", "always", "--phone", "+49 30 5550 0101")
    assert run(*changed, "--passphrase-file", secret)[0] == 0
    status, _, err = run("team", "change", "ana", "--hours", "nine", "--passphrase-file", secret)
    assert status == 2
    assert err.count("\n") == 1
    out = run("team", "call-tree", "-i", "1")[1]
    assert "commander: Ana Ruiz (invented), +49 30 5550 0101 (on duty" in out
    assert "no answer: Leo Stein (invented), no number" in out
    assert "technical lead: NOBODY" in out
    assert "on duty" in run("team", "list")[1]
    assert run("role", "assign", "scribe", "leo")[0] == 0
    assert run("role", "assign", "scribe", "ana", "--note", "the log is on paper")[0] == 0
    assert "the log is on paper" in run("role", "list", "--history")[1]
    assert "Ana Ruiz (invented) commands and keeps the log" in run("role", "list")[1]


def test_playbooks_are_read_searched_and_checked_without_a_vault(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["playbooks", "show", "ransomware"]) == 0
    out = capsys.readouterr().out
    for words in ("## First checks", "opens the privacy track", "**If nobody answers:**", "## Closed when"):
        assert words in out
    assert main(["playbooks", "search", "krbtgt"]) == 0
    assert "ransomware / cut-attacker" in capsys.readouterr().out
    assert main(["playbooks", "search", "zzzz"]) == 0
    assert "No guidance" in capsys.readouterr().out
    assert main(["playbooks", "check"]) == 0
    assert "14 playbooks" in capsys.readouterr().out


def test_a_broken_playbook_of_the_users_is_told_with_line_and_mend_and_the_shipped_one_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from incident.usecases.catalogue import catalogue

    folder = tmp_path / "content" / "playbooks"
    folder.mkdir(parents=True)
    (folder / "ransomware.toml").write_text('inherits = "spine"\nsummary = 3\n', encoding="utf-8")
    monkeypatch.setenv("INCIDENT_CONTENT", str(folder.parent))
    catalogue.cache_clear()
    try:
        assert main(["playbooks", "check"]) == 2
        assert "ransomware.toml: line 2: summary: «summary» is not a text." in capsys.readouterr().out.replace("\n", " ")
        assert main(["playbooks", "show", "ransomware"]) == 0
        assert "Ransomware and data extortion" in capsys.readouterr().out
    finally:
        catalogue.cache_clear()


def test_the_first_checks_stand_on_top_until_something_is_done_and_a_decision_says_who_took_it(ana: Desk, run: Any) -> None:
    an_incident(ana, playbook="ransomware")
    first = catalogue().playbook("ransomware").first_checks[0]
    assert f"Look first:\n  □ {first}" in run("guide")[1]
    run("step", "done", "open-log")
    assert "Look first:" not in run("guide")[1]
    run("step", "done", "three-gates", "--decision", "technical incident only", "--dissent", "Leo: too early")
    shown = run("step", "show", "three-gates")[1]
    assert "by Ana Ruiz (invented) for the privacy officer: technical incident only" in shown
    assert "Note: decided for the privacy officer, a role that nobody holds" in shown
    assert "the gate: technical incident only, decided by Ana Ruiz (invented) at 20" in run("guide", "--all")[1]


def test_declaring_prints_the_first_checks_and_nothing_is_overdue_at_birth(ana: Desk, run: Any) -> None:
    out = run("declare", "A mailbox was read", "--playbook", "business-email-compromise", "--detected", "9 days ago")[1]
    assert catalogue().playbook("business-email-compromise").first_checks[0] in out
    guide = run("guide", "--all")[1]
    assert "OVERDUE" not in guide
    assert "counted from the declaration" in guide


def test_the_roster_says_since_when_on_a_narrow_terminal(ana: Desk, run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    an_incident(ana)
    monkeypatch.setenv("COLUMNS", "100")
    assert "since" in run("role", "list")[1].splitlines()[0]
