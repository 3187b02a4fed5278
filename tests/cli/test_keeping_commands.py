"""`backup`, `restore`, `retention`, `hold` as words in, lines and exit status out."""

import json
from pathlib import Path
from typing import Any

import pytest

from incident.__main__ import main
from incident.usecases.closing import close_as_false_alarm
from incident.usecases.desk import Desk
from tests.conftest import NOW, PASSPHRASE, an_incident


class Typed:
    """Words typed at a shell, with one vault."""

    def __init__(self, vault: Path, words: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.vault, self._options, self._capsys = vault, ["--passphrase-file", str(words), "--as", "ana"], capsys

    def __call__(self, *words: object, vault: Path | None = None) -> tuple[int, str]:
        status = main([*map(str, words), "--vault", str(vault or self.vault), *self._options])
        said = self._capsys.readouterr()
        return status, said.out + said.err

    def json(self, *words: object, vault: Path | None = None) -> Any:
        status, said = self(*words, "--json", vault=vault)
        assert status == 0, said
        return json.loads(said)


@pytest.fixture
def shell(ana: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Typed:
    """A closed vault with an ended incident and an open one."""
    (tmp_path / "words").write_text(PASSPHRASE)
    close_as_false_alarm(ana, an_incident(ana), reason="was none", now=NOW)
    an_incident(ana, title="still open")
    ana.close()
    return Typed(ana.workspace.path, tmp_path / "words", capsys)


def test_a_copy_is_made_listed_tested_read_restored_and_forgotten(shell: Typed, tmp_path: Path) -> None:
    assert "No backup was made yet" in shell("backup", "list")[1]
    status, said = shell("backup", "--to", tmp_path / "to")
    assert (status, "Tested: every file" in said) == (0, True)
    (listed,) = shell.json("backup", "list")
    folder = Path(listed["folder"])
    assert listed["is_there"]
    assert shell.json("backup", "check", folder)["problems"] == []
    assert "still open" in shell("backup", "read", folder)[1]
    assert shell.json("restore", folder, vault=tmp_path / "new")["report"]["entries"] > 0
    assert "still open" in shell("list", vault=tmp_path / "new")[1]
    assert shell("restore", folder, vault=tmp_path / "new")[0] == 1
    (folder / "incident.db").write_bytes(b"")
    status, said = shell("backup", "check", folder)
    assert (status, "It does not hold" in said) == (1, True)
    folder.rename(tmp_path / "away")
    assert "not seen from here" in shell("backup", "list")[1]
    assert shell("backup", "forget", folder)[0] == 0
    assert shell.json("backup", "list") == []


def test_the_vault_may_be_named_before_the_act(shell: Typed, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["backup", "--vault", str(tmp_path / "nowhere"), "list"]) == 0
    assert main(["backup", "--vault", str(shell.vault), *shell._options, "--to", str(tmp_path / "to")]) == 0
    capsys.readouterr()
    assert main(["backup", "--vault", str(shell.vault), "list", "--json"]) == 0
    assert str(tmp_path / "to") in capsys.readouterr().out


def test_what_is_held_is_kept_and_what_is_over_is_deleted(shell: Typed) -> None:
    shell("backup")
    assert shell("retention", "keep", 7)[0] == 0
    assert any(each["what"] == "our own rule" for each in shell.json("retention", "show")["kept"][0]["keeping"]["periods"])
    assert shell("hold", "place", "-i", "1", "--reason", "letter of the court")[0] == 0
    assert "stands" in shell("hold", "list")[1]
    purge = ("retention", "purge", "-i", "1", "--reason", "asked for", "--despite")
    status, said = shell(*purge, "--yes")
    assert (status, "under legal hold" in said) == (1, True)
    assert shell.json("hold", "lift", "-i", "1") == {"lifted": 1}
    status, said = shell(*purge)
    assert (status, "no terminal to confirm" in said) == (1, True)
    status, said = shell(*purge, "--yes")
    assert status == 0
    assert "1 copies still hold it" in said
    assert "its recovery code" in said
    assert shell("retention", "purge", "--reason", "x")[0] == 1
    assert shell.json("retention", "finish") == {"residue": ""}
    assert shell("show", "-i", "1")[0] == 1
    assert shell("journal", "verify")[0] == 0
