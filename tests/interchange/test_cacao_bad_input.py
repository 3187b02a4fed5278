"""Files that are no playbook, or a hostile one: one sentence with the place, nothing written, no time or memory lost."""

import json
from pathlib import Path
from typing import Any

import pytest

from incident.cli.app import main
from incident.errors import ContentError
from incident.interchange.cacao_check import checked_file
from incident.interchange.cacao_shape import MOST_STEPS
from incident.usecases.playbook_exchange import import_playbook
from tests.interchange.playbooks import END, a_foreign_playbook, an_action, an_id, written

SOUND = json.dumps(a_foreign_playbook())


def a_long_playbook(steps: int) -> dict[str, Any]:
    ids = [an_id("action", number) for number in range(1, steps + 1)]
    return a_foreign_playbook(
        {one: an_action(f"step {one[-5:]}", other) for one, other in zip(ids, [*ids[1:], END], strict=True)}
    )


@pytest.mark.parametrize("lenient", [False, True])
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "line 1 column 1"),
        (b"[]", "the JSON is not one object"),
        (SOUND.replace('"name": "Look', '"timeout": NaN, "name": "Look').encode(), "line 1: «NaN» is not a value"),
        (
            SOUND.replace('"name": "Look', '"name": "x", "name": "Look').encode(),
            f"/workflow/{an_id('action', 1)}/name: the key",
        ),
        (SOUND.encode("utf-16"), "byte 0 is not UTF-8"),
        (SOUND.replace("Strange", "Étrange").encode("latin-1"), "is not UTF-8"),
        (SOUND.replace("Strange", "\\ud800").encode(), "/name: a text holds half a character"),
        (b'{"a":' * 5000 + b"1" + b"}" * 5000, "line 1: it is nested more than 60 deep"),
        (b"[" + b"[]," * 200_000 + b"[]]", "line 1: it has more than 100000 objects and lists"),
        (b'{"a": 1' + b"0" * 5000 + b"}", "a number in it is too long"),
        (b'{"a": "' + b"x" * 11_000_000 + b'"}', "larger than any playbook"),
    ],
    ids=["empty", "list", "NaN", "twice", "UTF-16", "Latin-1", "half", "deep", "many", "number", "large"],
)
def test_what_is_no_playbook_is_refused_with_its_place(tmp_path: Path, content: bytes, said: str, *, lenient: bool) -> None:
    path = tmp_path / "bad.json"
    path.write_bytes(content)
    with pytest.raises(ContentError) as refused:
        import_playbook(path, lenient=lenient, folder=tmp_path / "out")
    assert refused.value.message.startswith("bad.json")
    assert said in refused.value.message
    assert refused.value.hint
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("lenient", [False, True])
def test_ten_thousand_steps_are_more_than_people_follow(tmp_path: Path, *, lenient: bool) -> None:
    (fault,) = checked_file(written(tmp_path, a_long_playbook(10_000)), lenient=lenient).faults
    assert (fault.place, f"at most {MOST_STEPS}" in fault.message) == ("/workflow", True)


def test_a_long_playbook_loads_and_overflows_nothing(tmp_path: Path) -> None:
    found = import_playbook(written(tmp_path, a_long_playbook(1500)), lenient=True, folder=tmp_path / "out")
    assert found.playbook is not None
    assert len(found.playbook.steps) == 1500


def test_branches_within_branches_overflow_nothing(tmp_path: Path) -> None:
    ids = [an_id("if-condition", number) for number in range(1, 1200)]
    last = an_id("action", 1)
    steps: dict[str, Any] = {
        one: {"type": "if-condition", "condition": "c", "on_true": other, "on_completion": END}
        for one, other in zip(ids, [*ids[1:], last], strict=True)
    }
    found = import_playbook(
        written(tmp_path, a_foreign_playbook({**steps, last: an_action("x", END)})), lenient=False, folder=tmp_path
    )
    assert found.playbook is not None
    assert len(found.playbook.steps) == len(ids) + 1


def test_a_crowd_that_waits_for_a_crowd_is_refused(tmp_path: Path) -> None:
    crowds = [[an_id("action", number) for number in range(first, first + 300)] for first in (1, 1001)]
    one, two = an_id("parallel", 1), an_id("parallel", 2)
    steps = {
        one: {"type": "parallel", "next_steps": crowds[0], "on_completion": two},
        two: {"type": "parallel", "next_steps": crowds[1], "on_completion": END},
        **{each: an_action(each[-4:], END) for crowd in crowds for each in crowd},
    }
    with pytest.raises(ContentError, match="wait for each other in more than"):
        import_playbook(written(tmp_path, a_foreign_playbook(steps)), lenient=False, folder=tmp_path / "out")


@pytest.mark.parametrize("name", ["../../escape", "/etc/passwd", "spine", "", "\u202e"])
def test_a_hostile_name_stays_in_its_folder(tmp_path: Path, name: str) -> None:
    found = import_playbook(written(tmp_path, a_foreign_playbook(name=name)), lenient=False, folder=tmp_path / "out")
    assert found.path is not None
    assert found.path.parent == tmp_path / "out"
    assert found.path.stem != "spine"


def test_the_slug_of_an_extension_cannot_leave_the_folder(tmp_path: Path) -> None:
    from incident.usecases.playbook_exchange import exported_playbook
    from tests.conftest import NOW

    document = exported_playbook("personal-data-breach", now=NOW)
    next(iter(document["playbook_extensions"].values()))["slug"] = "../escape"
    found = import_playbook(written(tmp_path, document), lenient=False, folder=tmp_path / "out")
    assert found.faults
    assert not (tmp_path / "out").exists()
    assert not (tmp_path / "escape.toml").exists()


def test_a_foreign_playbook_never_takes_the_place_of_one_that_ships(tmp_path: Path) -> None:
    found = import_playbook(written(tmp_path, a_foreign_playbook(name="Ransomware")), lenient=False, folder=tmp_path / "out")
    assert found.path is not None
    assert found.path.name == "ransomware-2.toml"


def test_nothing_is_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "strange-sign-ins-invented.toml").write_text("mine")
    assert main(["playbooks", "import", str(written(tmp_path, SOUND)), "--to", str(tmp_path)]) == 1
    assert "is there already" in capsys.readouterr().err
    assert (tmp_path / "strange-sign-ins-invented.toml").read_text() == "mine"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["foreign.json", "strange-sign-ins-invented.toml"]


def test_the_command_line_takes_a_playbook_out_and_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "out.json"
    assert main(["playbooks", "export", "personal-data-breach", "--to", str(file)]) == 0
    assert "as CACAO v2.0" in capsys.readouterr().out
    assert main(["playbooks", "export", "personal-data-breach"]) == 0
    on_screen = json.loads(capsys.readouterr().out)
    assert on_screen["id"] == json.loads(file.read_text())["id"]
    assert main(["playbooks", "import", str(file), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["playbook"], said["file"], said["faults"]) == ("personal-data-breach", None, [])


def test_faults_go_to_standard_error_and_the_status_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = a_foreign_playbook({an_id("action", 1): an_action("Look", an_id("action", 1))})
    assert main(["playbooks", "import", str(written(tmp_path, broken)), "--to", str(tmp_path / "out")]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "names itself as the next" in told.err
    assert "nothing was changed" in told.err
    assert main(["playbooks", "import", str(written(tmp_path, broken)), "--lenient", "--to", str(tmp_path / "out")]) == 0
    assert "Repaired:" in capsys.readouterr().out
