"""The review on the command line: findings, gaps, follow-up; a dossier asks for the passphrase itself."""

import json
from pathlib import Path

import pytest

from incident.cli.app import main
from incident.cli.step_up import ASKED
from incident.usecases.desk import Desk
from tests.conftest import PASSPHRASE, an_incident


def test_a_review_from_the_command_line(ana: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    an_incident(ana)
    (tmp_path / "words").write_text(PASSPHRASE)
    vault = ["--vault", str(ana.workspace.path), "--as", "ana", "--passphrase-file", str(tmp_path / "words")]

    def run(*words: str) -> str:
        status = main(["review", *words, *vault])
        out, err = capsys.readouterr()
        assert status == 0, err
        return out

    run("find", "factor", "No second factor", "--cause", "social")
    run("find", "surprise", "Nobody knew", "--line", "1")
    run("action", "Keys", "--owner", "ana", "--due", "2026-01-01")
    assert "moved" not in run("follow-up", "1", "They come late", "--due", "2026-02-01")
    assert "2026-02-01 OVERDUE" in run("actions")
    assert "surprise: Nobody knew" in run("timeline")
    assert "factor (social): No second factor" in run("show")
    run("withdraw", "1")
    held = json.loads(run("show", "--json"))
    assert [each["kind"] for each in held["findings"]] == ["surprise"]
    assert [each["note"] for each in held["follow_ups"]] == ["They come late"]
    assert main(["review", "find", "difference", "seen", *vault]) == 2
    assert main(["review", "withdraw", "9", *vault]) == 1
    assert main(["review", "follow-up", "1", "x", "--due", "soon", *vault]) == 2


def test_what_leaves_the_vault_asks_for_the_passphrase_itself() -> None:
    assert {"dossier", "review write", "register write", "metrics write"} <= ASKED
