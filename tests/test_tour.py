"""The README's tour is true: every command of it, typed in order by a newcomer with an empty folder, does what it says."""

import re
import shlex
from pathlib import Path

import pytest

from incident.cli import team
from incident.cli.app import main
from incident.store.keys import FLOOR
from tests.conftest import PASSPHRASE
from tests.test_readme import BLOCKS

TOUR = next(block for block in BLOCKS if "vault create" in block)


def test_the_tour_can_be_typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "README.md").write_text("a file that stands for a mail log\n", encoding="utf-8")
    (tmp_path / "secret").write_text(PASSPHRASE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("INCIDENT_VAULT", str(tmp_path / "vault"))
    monkeypatch.setenv("INCIDENT_PASSPHRASE_FILE", str(tmp_path / "secret"))
    monkeypatch.delenv("INCIDENT_AS", raising=False)
    monkeypatch.setattr("incident.store.opening.Cost", lambda: FLOOR)
    monkeypatch.setattr(team, "typed", lambda prompt: PASSPHRASE)
    for line in TOUR.strip().splitlines():
        if line.startswith("export "):
            name, _, value = line.removeprefix("export ").partition("=")
            monkeypatch.setenv(name, value)
            continue
        words = shlex.split(line)[1:]
        status = main(words)
        said = capsys.readouterr()
        assert status == 0, f"{line}\n{said.err}"
        assert said.out.strip(), line
    assert list((tmp_path / "documents").glob("*approved*.pdf"))
    assert re.search(r"holds", said.out)
