"""The board says once what came due while it was closed; readiness shows gaps first and takes tests of numbers."""

from datetime import timedelta

from textual.widgets import DataTable, Static

from incident.tui.modals.form import FormModal
from incident.tui.widgets.table import Table
from incident.usecases.desk import Desk
from incident.usecases.people import change_responder
from incident.usecases.readiness import readiness
from incident.usecases.reminders import turn_on
from incident.usecases.reminding import reminders_of
from tests.conftest import NOW, an_incident, say
from tests.tui.driving import app_for, fill, in_sight, settle, submit


async def test_what_came_due_while_it_was_closed_is_said_once(ana: Desk) -> None:
    made = an_incident(ana)
    say(ana, made, "people", "DE 18200")
    say(ana, made, "risk.individuals", "high", basis="health data")
    for hours, told in ((0, False), (70, True), (70.5, False)):
        app = app_for(ana, now=lambda hours=hours: NOW + timedelta(hours=hours))
        async with app.run_test(size=(100, 30)) as pilot:
            await settle(pilot)
            shown = in_sight(pilot)
            assert ("Came due while this was closed" in shown) is told, hours
            assert (made.code_name in shown.split("reference")[0]) is told
            if told:
                assert "05 Mar 09:00, 4 h 2 min ago" in shown


async def test_readiness_shows_gaps_first_and_a_tried_number_closes_one(ana: Desk) -> None:
    change_responder(ana, "leo", phone="+49 30 5550 0101", now=NOW)
    app = app_for(ana)
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        await pilot.press("r")
        await settle(pilot)
        states = [
            str(app.screen.query_one(DataTable).get_row_at(row)[0]) for row in range(app.screen.query_one(Table).row_count)
        ]
        assert states == sorted(states, key=["✘ gap", "! look", "✔ ready"].index)
        assert any("Leo" in each.text and "never tried" in each.text for each in readiness(ana, now=NOW))
        await pilot.press("t")
        await settle(pilot)
        assert isinstance(app.screen, FormModal)
        await fill(pilot, name="leo", answered="yes")
        await submit(pilot)
        assert any("Leo" in each.text and "answered on" in each.text for each in readiness(ana, now=NOW))
        head = str(app.screen.query_one(".head", Static).render())
        assert head.startswith("Readiness · ")


async def test_the_open_screen_keeps_the_reminders_current(ana: Desk, tmp_path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    turn_on(ana, now=NOW)
    app = app_for(ana)
    async with app.run_test() as pilot:
        await settle(pilot)
        an_incident(ana)
        app.screen._keep()  # type: ignore[attr-defined]
        await settle(pilot)
        assert len(reminders_of(ana.workspace.path).schedule().watched) == 1
