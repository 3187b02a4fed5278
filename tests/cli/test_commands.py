"""The command line as somebody types it: what it prints, its exit status, and what bad input gets."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from incident.cli.app import build_parser, main
from tests.conftest import PASSPHRASE, Command

FACTS = {
    "organisation": {"roles": ["controller"], "sectors": [], "established_in": ["IE"], "timezone": "Europe/Dublin"},
    "at": {"aware": "2026-03-03T09:00:00+00:00"},
    "people": [{"in": "IE", "count": 250}],
    "data": {"elements": ["name", "dob"], "encrypted": False, "medium": ["electronic"]},
    "breach": {"confidentiality": True},
    "risk": {"individuals": "risk"},
}


@pytest.fixture
def run(command: Command) -> Command:
    return command


def test_assess_prints_the_contract_document(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "facts.json"
    file.write_text(json.dumps(FACTS))
    assert main(["assess", str(file), "--json", "--at", "2026-03-04T09:00:00+00:00"]) == 0
    answer = json.loads(capsys.readouterr().out)
    row = next(each for each in answer["obligations"] if each["id"] == "eu-gdpr/authority@IE")
    assert (row["state"], row["due"], row["zone"]) == ("due", "2026-03-06T09:00:00Z", "Europe/Dublin")
    assert main(["assess", str(file), "--at", "2026-03-04T09:00:00+00:00"]) == 0
    table = capsys.readouterr().out
    assert "48 h" in table or "2 d" in table
    assert "not legal advice" in table


def test_assess_reads_toml_and_standard_input(tmp_path: Path) -> None:
    toml = tmp_path / "facts.toml"
    toml.write_text(
        '[at]\naware = 2026-03-03T09:00:00+00:00\n[organisation]\nroles = ["controller"]\nestablished_in = ["IE"]\n'
    )
    assert main(["assess", str(toml), "--json"]) == 0
    done = subprocess.run(
        [sys.executable, "-m", "incident", "assess", "-", "--json"],
        input=json.dumps(FACTS),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0
    assert json.loads(done.stdout)["evaluated"]


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ('{"at": {"aware": "2026-03-03T09:00:00"}}', "no time zone"),
        ('{"att": {}}', "«att»"),
        ('{"people": [{"in": "IE", "count": -5}]}', "people[0].count"),
        ("{", "not JSON"),
        ("[]", "object of keys"),
        ('{"at": {}, "at": {}}', "twice"),
    ],
)
def test_unusable_facts_give_one_line_and_status_two(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str, named: str
) -> None:
    file = tmp_path / "facts.json"
    file.write_text(content)
    assert main(["assess", str(file), "--json"]) == 2
    out = capsys.readouterr()
    assert out.out == ""
    assert named in out.err
    assert "facts.json" in out.err


def test_help_reads_like_a_table_of_contents_and_loads_nothing_heavy() -> None:
    code = (
        "import sys; from incident.__main__ import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'textual', 'weasyprint', 'sqlmodel', 'sqlalchemy', 'jinja2', 'keyring', 'pydantic', 'cryptography', 'holidays'} & set(sys.modules)\n"
        "print('HEAVY', sorted(heavy))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "HEAVY []" in done.stdout
    for title in ("Start:", "Respond:", "Notify:", "Finish:", "The law and the content:"):
        assert title in done.stdout


def test_an_incident_by_commands_from_declaration_to_filing(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    status, out, _ = run("declare", "A mailbox was read", "--aware", "-3h", "--detected", "-5h", "--severity", "1")
    assert status == 0
    assert "UTC)" in out
    for key, answer in (
        ("people", "DE 400"),
        ("data.elements", "name, e-mail address"),
        ("account.what_happened", "Somebody read a mailbox."),
        ("account.people_description", "customers"),
        ("account.records", "400"),
        ("account.likely_consequences", "fraud"),
        ("account.measures_taken", "sessions revoked"),
    ):
        assert run("fact", "set", key, answer)[0] == 0, key
    assert run("fact", "set", "risk.individuals", "risk")[0] == 2
    assert run("fact", "set", "risk.individuals", "risk", "--basis", "names, a fraudster")[0] == 0
    assert "GDPR Art. 33(1)" in run("clocks")[1]
    assert run("role", "assign", "legal", "leo")[0] == 0
    assert "NOBODY" in run("role", "list")[1]
    assert run("step", "done", "open-log")[0] == 0
    assert "waits for" in run("step", "done", "contain", "--decision", "cut now")[2]
    assert run("notice", "begin", "gdpr-authority", "--to", "Authority")[0] == 0
    assert run("notice", "freeze", "1")[0] == 0
    assert "second person" in run("notice", "approve", "1")[2]
    assert run("notice", "approve", "1", who="leo")[0] == 0
    status, out, _ = run("notice", "pdf", "1", "--to", str(tmp_path / "out"))
    assert status == 0
    assert "APPROVED" in out
    assert run("file", "--notice", "1", "--channel", "portal", "--reference", "R-1")[0] == 0
    assert "filed" in run("show")[1] or "eu-gdpr" not in run("show")[1]
    assert run("log", "the authority rang back")[0] == 0
    assert "the authority rang back" in run("timeline")[1]
    assert run("journal", "verify")[0] == 0
    assert run("close", "--reason", "every duty is met")[0] == 0


def test_every_listing_is_also_json(run) -> None:  # type: ignore[no-untyped-def]
    run("declare", "x", "--aware", "-3h")
    for words in (
        ("list",), ("show",), ("guide",), ("fact", "list"), ("fact", "keys"), ("timeline",), ("clocks",), ("role", "list"), ("team", "list"),
        ("organisation", "show"), ("notice", "list"), ("notice", "templates"), ("register",), ("review", "show"), ("journal", "verify"),
        ("journal", "list"), ("playbooks", "list"), ("regimes", "list"), ("vault", "show"),
    ):  # fmt: skip
        status, out, _ = run(*words, "--json")
        assert status == 0, words
        json.loads(out)


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("show",), "No incident is open"),
        (("show", "-i", "INC-1999-0001"), "no incident"),
        (("fact", "set", "at.awre", "now", "-i", "last"), "no incident"),
        (("declare", "x", "--playbook", "nope"), "no playbook"),
        (("declare", "x", "--aware", "soonish"), "neither a day nor a time zone"),
        (("regimes", "show", "xx"), "no regime"),
        (("playbooks", "show", "xx"), "no playbook"),
    ],
)
def test_a_refusal_is_one_sentence_with_the_mend(run, words: tuple[str, ...], named: str) -> None:  # type: ignore[no-untyped-def]
    status, out, err = run(*words)
    assert status != 0
    assert named in err
    assert len(err.strip().splitlines()) == (1 if status == 2 else 2)
    assert "Traceback" not in err + out


def test_a_wrong_passphrase_and_no_vault(run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    wrong = tmp_path / "wrong"
    wrong.write_text("not the passphrase\n")
    assert "does not open" in run("list", "--passphrase-file", str(wrong))[2]
    assert "no vault" in run("list", "--vault", str(tmp_path / "none"))[2]


def test_a_broken_playbook_is_listed_with_file_and_line_and_the_rest_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "content" / "playbooks"
    folder.mkdir(parents=True)
    (folder / "mine.toml").write_text('title = "Mine"\nsteps = [\n')
    env = {**os.environ, "INCIDENT_CONTENT": str(tmp_path / "content")}
    check = subprocess.run(
        [sys.executable, "-m", "incident", "playbooks", "check"], env=env, capture_output=True, text=True, check=False
    )
    assert check.returncode == 2
    assert "mine.toml" in check.stdout
    assert "line" in check.stdout
    listed = subprocess.run(
        [sys.executable, "-m", "incident", "playbooks", "list"], env=env, capture_output=True, text=True, check=True
    )
    assert "personal-data-breach" in listed.stdout


def test_a_vault_is_created_by_commands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = tmp_path / "p"
    secret.write_text(PASSPHRASE)
    words = [
        "vault",
        "create",
        "--vault",
        str(tmp_path / "v"),
        "--organisation",
        "N",
        "--name",
        "Ana",
        "--sign-in",
        "ana",
        "--passphrase-file",
        str(secret),
    ]
    assert main([*words, "--recovery-code-file", str(tmp_path / "code")]) == 0
    assert (tmp_path / "code").stat().st_mode & 0o077 == 0
    assert main(words) == 1
    assert "Nobody is at the terminal" in capsys.readouterr().err
    assert main([*words, "--recovery-code-file", str(tmp_path / "other")]) == 1
    assert "already" in capsys.readouterr().err
    again = tmp_path / "again"
    again.write_text("another passphrase of words")
    recover = [
        "vault",
        "recover",
        "--vault",
        str(tmp_path / "v"),
        "--code-file",
        str(tmp_path / "code"),
        "--passphrase-file",
        str(again),
    ]
    assert main(recover) == 0
    assert main(["list", "--vault", str(tmp_path / "v"), "--passphrase-file", str(again)]) == 0


def test_without_a_terminal_the_screen_says_so(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert main([]) == 1
    assert "no terminal" in capsys.readouterr().err


def test_every_command_has_a_help_text() -> None:
    import argparse

    parser = build_parser()
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            assert len(action.choices) >= 20


def test_questions_explanations_and_instruments_by_command(run) -> None:  # type: ignore[no-untyped-def]
    assert run("declare", "A mailbox was read", "--aware", "-3h")[0] == 0
    status, out, _ = run("questions")
    assert status == 0
    assert "residence" in out.splitlines()[0]
    assert "duties hang on it" in out
    status, out, _ = run("clocks", "--explain", "eu-gdpr/authority@DE")
    assert status == 0
    for words in ("Why", "Counted", "What would change it", "72 elapsed hours"):
        assert words in out
    assert "No clock" in run("clocks", "--explain", "eu-gdpr/authority@FR")[2]
    assert (
        "high" in run("risk", "enisa", "--context", "4", "--identification", "0.75", "--availability", "0.25", "--malicious")[1]
    )
    assert "presumed" in run("risk", "hipaa", "--nature", "low", "first names only")[1]
    assert "Open" in run("risk", "harm", "--usable", "no")[1]
    shown = run("risk", "show")[1]
    assert "nothing yet" in shown
    assert "3.75" in shown
    for command in (("questions",), ("risk", "show"), ("clocks", "--explain", "eu-gdpr/register")):
        json.loads(run(*command, "--json")[1])


def test_the_law_is_listed_shown_and_checked_for_age(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["regimes", "list", "--place", "US"]) == 0
    assert "us-wy" in capsys.readouterr().out
    assert main(["regimes", "show", "us-ma"]) == 0
    page = capsys.readouterr().out
    assert "leave out the nature of the breach" in page
    assert "owed when" in page
    assert main(["regimes", "show", "us-ma", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["slug"] == "us-ma"
    assert main(["regimes", "stale", "--by", "2026-11-24"]) == 0
    assert main(["regimes", "stale", "--by", "2027-01-20"]) == 1
    assert "us-tsa-surface" in capsys.readouterr().out
    assert main(["regimes", "diff", "shipped", "shipped", "--rules-only"]) == 0
    assert "0 differences" in capsys.readouterr().out
    assert main(["authorities", "fr"]) == 0
    assert "CNIL" in capsys.readouterr().out
    assert main(["schema", "facts"]) == 0
    assert json.loads(capsys.readouterr().out)["properties"]["people"]
