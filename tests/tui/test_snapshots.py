"""What the main screens look like at 80×24 and 140×40; a changed picture is looked at before it is accepted."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from textual.pilot import Pilot

from incident.domain.responder import Role
from incident.tui.app import IncidentApp
from incident.usecases.desk import Desk
from incident.usecases.roles import assign
from tests.conftest import NOW, an_incident, say


@pytest.fixture
def app(ana: Desk, monkeypatch: pytest.MonkeyPatch) -> IncidentApp:
    monkeypatch.setattr("incident.usecases.incidents.uuid4", lambda: UUID(int=20260302))
    incident = an_incident(ana, title="A mailbox was read from abroad")
    assign(ana, incident, Role.LEGAL, "leo", now=NOW)
    say(ana, incident, "people", "DE 400, US-CA ~620")
    say(ana, incident, "data.elements", "name, email")
    return IncidentApp(ana.workspace.path, desk=ana, now=lambda: NOW)


def pressing(*keys: str) -> Callable[[Pilot[None]], Awaitable[None]]:
    async def before(pilot: Pilot[None]) -> None:
        await pilot.pause()
        for key in keys:
            await pilot.press(key)
            await pilot.app.workers.wait_for_complete()
            await pilot.pause()

    return before


@pytest.mark.parametrize("size", [(80, 24), (140, 40)], ids=["80x24", "140x40"])
@pytest.mark.parametrize("keys", [(), ("enter",), ("enter", "c")], ids=["board", "incident", "clocks"])
def test_the_screen_looks_as_before(snap_compare: Any, app: IncidentApp, size: tuple[int, int], keys: tuple[str, ...]) -> None:
    assert snap_compare(app, terminal_size=size, run_before=pressing(*keys))


def test_the_pictures_were_taken() -> None:
    assert len(list((Path(__file__).parent / "__snapshots__" / "test_snapshots").glob("*"))) == 6
