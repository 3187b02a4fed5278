"""How tests drive the screen: an app at a desk, keys, forms, and waiting until all of it has happened."""

from typing import Any

from textual.events import Key
from textual.pilot import Pilot
from textual.widgets import Input, Select, Static, TextArea

from incident.tui.app import IncidentApp
from incident.tui.widgets.form import Form
from incident.usecases.desk import Desk
from tests.conftest import NOW


def app_for(desk: Desk, *, now: Any = None, confirmed: bool = True) -> IncidentApp:
    """The app at this desk; `confirmed`: the passphrase was given a moment ago, so nothing asks for it again."""
    app = IncidentApp(desk.workspace.path, desk=desk, now=now or (lambda: NOW))
    if confirmed:
        app.confirm()
    return app


async def settle(pilot: Pilot[None]) -> None:
    await pilot.pause()
    await pilot.app.keyboard.at_rest()  # type: ignore[attr-defined]
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


async def fill(pilot: Pilot[None], **values: str) -> None:
    form = pilot.app.screen.query_one(Form)
    for key, value in values.items():
        widget = form.query_one(f"#{key}")
        if isinstance(widget, TextArea):
            widget.text = value
        elif isinstance(widget, Input | Select):
            widget.value = value
    await pilot.pause()


async def submit(pilot: Pilot[None]) -> None:
    await pilot.press("ctrl+s")
    await settle(pilot)


def wrong(pilot: Pilot[None]) -> str:
    return str(pilot.app.screen.query_one(".wrong", Static).render())


def type_fast(pilot: Pilot[None], *keys: str) -> None:
    """All keys at once, as a terminal on a loaded machine hands them over: nothing happens between them."""
    for key in keys:
        pilot.app.post_message(Key(key, key if len(key) == 1 else None))


def in_sight(pilot: Pilot[None]) -> str:
    """What stands on the screen, line by line."""
    strips = pilot.app.screen._compositor.render_strips()
    return "\n".join(strip.text for strip in strips)
