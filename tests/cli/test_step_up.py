"""Commands that bind, end, delete, hand out or change rights ask for the passphrase themselves."""

from collections.abc import Callable
from pathlib import Path

import pytest

from incident.cli import access, step_up
from incident.cli.app import build_parser
from incident.usecases.desk import Desk, responders
from tests.conftest import PASSPHRASE, Command, an_incident

Run = Callable[..., tuple[int, str]]
ASKING = access._asked


@pytest.fixture
def run(ana: Desk, command: Command, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A shell that trusts a passphrase file in its environment, and nobody at its terminal."""
    an_incident(ana)
    monkeypatch.setattr(access, "_asked", ASKING)

    def typed(*words: str) -> tuple[int, str]:
        status, out, err = command(*words)
        return status, out + err

    return typed


def test_a_file_in_the_environment_does_not_count_and_nothing_is_done(run: Run, ana: Desk) -> None:
    before = ana.workspace.head()
    status, said = run("team", "change", "leo", "--administers", "yes")
    assert (status, "asks for the passphrase itself" in said, "--passphrase-file" in said) == (1, True, True)
    assert ana.workspace.head() == before
    assert run("list")[0] == 0


def test_a_file_that_is_named_counts_and_so_does_what_is_typed(
    run: Run, ana: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change = ("team", "change", "leo", "--phone", "+49 30 2")
    assert run(*change, "--passphrase-file", str(tmp_path / "passphrase"))[0] == 0
    prompts: list[str] = []

    def typed(prompt: str) -> str:
        prompts.append(prompt)
        return PASSPHRASE

    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr(access, "typed", typed)
    assert run("team", "change", "leo", "--phone", "+49 30 3")[0] == 0
    assert prompts == ["Passphrase of ana, because team change asks for it itself"]
    assert [each.phone for each in responders(ana) if each.sign_in == "leo"] == ["+49 30 3"]


def test_a_wrong_passphrase_does_nothing(run: Run, ana: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    before = ana.workspace.head()
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr(access, "typed", lambda prompt: "not the words of ana")
    assert run("member", "remove", "leo")[0] == 1
    assert ana.workspace.head() == before


def test_every_command_of_the_table_is_one_that_can_be_typed() -> None:
    parser, known = build_parser(), set[str]()

    def walk(each: object, name: str) -> None:
        for action in getattr(each, "_actions", ()):
            if isinstance(getattr(action, "choices", None), dict):
                for word, below in action.choices.items():
                    known.add(f"{name} {word}".strip())
                    walk(below, f"{name} {word}".strip())

    walk(parser, "")
    assert known >= step_up.ASKED


@pytest.mark.parametrize(
    "promised",
    [
        "notice approve",
        "notice pdf",
        "evidence export",
        "retention purge",
        "close",
        "member add",
        "team leave",
        "journal export",
    ],
)
def test_approval_export_deletion_endings_and_rights_are_in_it(promised: str) -> None:
    assert promised in step_up.ASKED
