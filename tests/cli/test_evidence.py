"""`incident evidence` as somebody types it: every verb, its JSON, and what bad input gets."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from incident.usecases.desk import Desk
from tests.conftest import Command, an_incident

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(ana: Desk, command: Command) -> Run:
    an_incident(ana)
    return partial(command, "evidence")


def test_the_life_of_an_item_by_commands(run: Run, tmp_path: Path) -> None:
    file, note = tmp_path / "mail.eml", tmp_path / "note.txt"
    file.write_bytes(b"From: somebody\n")
    note.write_bytes(b"read by Ana\n")
    assert "SHA-256" in run("add", str(file), "--source", "mx1")[1]
    status, _, error = run("add", str(file), "--name", "again")
    assert (status, "kept already: item 1" in error) == (1, True)
    assert json.loads(run("annotate", "1", str(note), "--json")[1])["number"] == 2
    assert "mail.eml" in run("list")[1]
    assert [each["problem"] for each in json.loads(run("verify", "--json")[1])] == ["", ""]
    assert "remove it" in run("view", "1", "--to", str(tmp_path / "look"))[1]
    assert run("export", "1", "--to", str(tmp_path / "copy"))[0] == 0
    assert (tmp_path / "copy").read_bytes() == (tmp_path / "look").read_bytes() == file.read_bytes()
    handed = run("transfer", "1", "--to-whom", "K. Wolf (invented)", "--note", "by hand", "--json")
    assert json.loads(handed[1])["holder"] == "K. Wolf (invented)"
    assert "is sealed" in run("seal", "1")[1]
    assert run("annotate", "1", str(note))[0] == 1
    assert "destroyed" in run("destroy", "2", "--reason", "mistaken", "--basis", "Art. 17 GDPR")[1]
    assert json.loads(run("show", "2", "--json")[1])["state"] == "destroyed"
    assert "Art. 17 GDPR" in run("show", "2")[1]
    assert [each["state"] for each in json.loads(run("list", "--json")[1])] == ["sealed", "destroyed"]


def test_a_damaged_item_fails_the_command(run: Run, ana: Desk, tmp_path: Path) -> None:
    file = tmp_path / "x"
    file.write_bytes(b"x")
    kept = json.loads(run("add", str(file), "--json")[1])["object"]
    (ana.workspace.path / "evidence" / kept[:2] / kept).unlink()
    status, out, _ = run("verify")
    assert (status, "Evidence item 1 «x» does not hold: its file is missing." in out) == (1, True)
    status, _, error = run("export", "1", "--to", str(tmp_path / "copy"))
    assert (status, "its file is missing" in error) == (1, True)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["add", "/nowhere/at/all"], "No such file"),
        (["add", "/dev/null"], "not an ordinary file"),
        (["show", "7"], "no item 7"),
        (["view", "7", "--json"], "Standard output cannot hold both"),
    ],
)
def test_bad_input_gets_one_sentence(run: Run, words: list[str], said: str) -> None:
    status, out, error = run(*words)
    assert status in (1, 2)
    assert out == ""
    assert said in error


def test_what_is_piped_in_comes_out_as_it_was(run: Run, ana: Desk) -> None:
    content = os.urandom(200_000)
    command = [sys.executable, "-m", "incident", "evidence"]
    assert subprocess.run([*command, "add", "-"], input=content, check=True, capture_output=True).stderr == b""
    assert subprocess.run([*command, "view", "1"], check=True, capture_output=True).stdout == content
    assert "standard input" in run("list")[1]
