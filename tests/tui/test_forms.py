"""Forms: seen whole in a small terminal, the first key arrives, what is wrong is in sight, a wrong passphrase is typed anew."""

import re
from pathlib import Path

import pytest
from textual.widgets import Button, Input, Static

from incident.tui.app import IncidentApp
from incident.tui.modals.form import FormModal
from incident.tui.screens.board import BoardScreen
from incident.tui.screens.unlock import UnlockScreen
from incident.tui.widgets.form import FieldScroll
from incident.usecases.desk import Desk
from incident.usecases.incidents import incidents
from incident.usecases.timeline import timeline
from tests.conftest import NOW, PASSPHRASE, an_incident
from tests.tui.driving import app_for, fill, in_sight, settle, submit, type_fast, wrong

SMALL = pytest.mark.parametrize("size", [(80, 24), (60, 18)], ids=["80x24", "60x18"])
SIZES = pytest.mark.parametrize("size", [(80, 24), (140, 40)], ids=["80x24", "140x40"])


@pytest.fixture
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    from incident.store import keys

    monkeypatch.setattr("incident.store.opening.Cost", lambda: keys.FLOOR)


@SIZES
async def test_the_code_that_is_typed_back_can_be_read(tmp_path: Path, size: tuple[int, int], cheap: None) -> None:
    app = IncidentApp(tmp_path / "vault", now=lambda: NOW)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await fill(pilot, organisation="N", name="A", sign_in="ana", passphrase=PASSPHRASE, again=PASSPHRASE)
        await submit(pilot)
        type_fast(pilot, *"typedback")
        await settle(pilot)
        assert "typedback" in in_sight(pilot)
        field = app.screen.query_one("#code", Input)
        assert field.has_focus
        assert field.content_size.height == 1


@SMALL
async def test_first_run_shows_every_field_in_turn_with_what_is_wrong_and_the_button(
    tmp_path: Path, size: tuple[int, int], cheap: None
) -> None:
    app = IncidentApp(tmp_path / "vault", now=lambda: NOW)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        for label in ("Organisation", "Time zone", "Your name", "The word", "You are from", "Passphrase", "The same again"):
            assert label in in_sight(pilot)
            assert fully_visible(app)
            await pilot.press("tab")
            await settle(pilot)
        await fill(pilot, organisation="N", name="A", sign_in="ana", passphrase=PASSPHRASE, again="other")
        await submit(pilot)
        assert "passphrases differ" in in_sight(pilot)
        assert "ctrl+s" in in_sight(pilot)


def fully_visible(app: IncidentApp) -> bool:
    """Whether the focused widget and the button lie wholly within what is shown."""
    scroll, button, focused = app.screen.query_one(FieldScroll), app.screen.query_one(Button), app.screen.focused
    assert focused is not None
    shown = app.screen.region.contains_region(button.region)
    return shown and (focused is button or scroll.region.contains_region(focused.region))


@SMALL
async def test_a_bad_zone_of_an_invited_person_is_said_in_sight(ana: Desk, size: tuple[int, int]) -> None:
    an_incident(ana)
    app = app_for(ana)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        type_fast(pilot, "enter", "a", "i")
        await settle(pilot)
        await fill(pilot, name="Mia (invented)", sign_in="mia", zone="Mars/Olympus", passphrase=PASSPHRASE)
        await submit(pilot)
        assert "is not a time zone" in in_sight(pilot)
        assert "ctrl+s" in in_sight(pilot)
        for _ in range(7):
            assert fully_visible(app)
            await pilot.press("tab")
            await settle(pilot)


async def test_the_first_key_after_a_dialogs_key_reaches_the_dialog(ana: Desk) -> None:
    app = app_for(ana)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        type_fast(pilot, "d", *"Mails")
        await settle(pilot)
        assert isinstance(app.screen, FormModal)
        assert app.screen.query_one("#title", Input).value == "Mails"


async def test_a_whole_incident_typed_ahead_loses_no_key(ana: Desk) -> None:
    app = app_for(ana)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        type_fast(pilot, "d", *"Mails", "enter", "enter", "l", *"typed", "enter", "t")
        await settle(pilot)
        assert incidents(ana)[0].title == "Mails"
        assert any(each.text == "typed" for each in timeline(ana, incidents(ana)[0]))
        assert "typed" in in_sight(pilot)
        assert app.screen.title == "Timeline" or "timeline" in in_sight(pilot)


async def test_first_run_begins_in_its_first_field(tmp_path: Path) -> None:
    app = IncidentApp(tmp_path / "vault", now=lambda: NOW)
    async with app.run_test(size=(80, 24)) as pilot:
        type_fast(pilot, *"Nord")
        await settle(pilot)
        assert app.screen.query_one("#organisation", Input).value == "Nord"


async def test_a_wrong_passphrase_is_typed_anew(ana: Desk) -> None:
    app = IncidentApp(ana.workspace.path, now=lambda: NOW)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert isinstance(app.screen, UnlockScreen)
        type_fast(pilot, *"wrong", "enter")
        await settle(pilot)
        assert "does not open" in wrong(pilot)
        type_fast(pilot, *PASSPHRASE.replace(" ", "~"))
        await settle(pilot)
        assert app.screen.query_one("#passphrase", Input).value == PASSPHRASE.replace(" ", "~")
        app.screen.query_one("#passphrase", Input).value = PASSPHRASE
        await submit(pilot)
        assert isinstance(app.screen, BoardScreen)
        assert app.desk is not None
        app.desk.close()


async def test_user_text_is_never_markup_in_a_table_or_a_title(ana: Desk) -> None:
    an_incident(ana, title="A [bold]box[/bold] was read")
    app = app_for(ana)
    async with app.run_test(size=(140, 40)) as pilot:
        await settle(pilot)
        assert "A [bold]box[/bold] was read" in in_sight(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert "A [bold]box[/bold] was read" in in_sight(pilot)


def test_no_field_shares_its_name_with_a_styled_widget() -> None:
    tui = Path(__file__).parents[2] / "incident" / "tui"
    styled = set(re.findall(r"#([a-z-]+)", (tui / "app.tcss").read_text(encoding="utf-8")))
    for file in tui.rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        fields = set(re.findall(r'FormField\(\s*"([a-z_]+)"', text))
        assert not fields & styled, (file.name, fields & styled)


async def test_the_line_for_what_is_wrong_is_empty_again_once_it_is_right(ana: Desk) -> None:
    app = app_for(ana)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("d")
        await submit(pilot)
        assert "needs a title" in in_sight(pilot)
        assert app.screen.query_one(".wrong", Static).display
        await fill(pilot, title="Now it has one")
        await submit(pilot)
        assert isinstance(app.screen, BoardScreen)
