"""The letters' screen by keys: choose letter and file, see what is wrong, press, see where it went."""

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from incident.tui.screens.letters import LettersScreen
from incident.usecases import letters_press
from incident.usecases.desk import Desk
from tests.tui.driving import app_for, fill, in_sight, settle, submit, wrong
from tests.usecases.letter_runs import a_letter, manifest, person, write


def found(pilot: Pilot[None]) -> str:
    return str(pilot.app.screen.query_one("#found", Static).render())


async def test_letters_are_checked_and_pressed_by_keys(
    ana: Desk, leo: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letters_press, "is_drawn", lambda number: False)
    a_letter(ana, leo)
    file = write(tmp_path / "people.csv", [person(1), person(2, Name=""), person(3)])
    app = app_for(ana)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("n")
        await settle(pilot)
        await pilot.press("l")
        await settle(pilot)
        assert isinstance(app.screen, LettersScreen)
        await pilot.press("c")
        await fill(pilot, file=str(tmp_path / "nowhere.csv"))
        await submit(pilot)
        assert "not an ordinary file" in wrong(pilot)
        await fill(pilot, file=str(file))
        await submit(pilot)
        assert "3 rows: 2 can get a letter, 1 cannot" in found(pilot)
        assert "line 3: The row has no name." in found(pilot)
        assert "2 can get a letter" in in_sight(pilot)
        await pilot.press("p")
        await fill(pilot, to=str(tmp_path / "out"), output="print")
        await submit(pilot)
        assert "2 letters, 4 pages" in found(pilot)
        assert "not encrypted" in found(pilot)
        assert len(manifest(tmp_path / "out")) == 2
        assert "finished" in in_sight(pilot)
