"""The guide on the screen: from a key to the painted screen, with every playbook joined and with a list of five steps."""

import asyncio
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from statistics import median

from incident.tui.app import IncidentApp
from incident.tui.widgets.guide_list import GuideList
from incident.usecases.catalogue import catalogue
from incident.usecases.guide import incident_guide
from incident.usecases.taken_playbooks import join_playbook
from tests.bench import NOW, show, took

_PRESSES = 40
_FEW = 5


def screen_bench() -> None:
    """How long a key takes until its step is painted, and how that grows with the list."""
    asyncio.run(_measure())


async def _measure() -> None:
    from tests.conftest import a_vault, an_incident

    with tempfile.TemporaryDirectory() as folder:
        desk = a_vault(Path(folder))
        incident = an_incident(desk, playbook="ransomware")
        for slug in catalogue().playbooks:
            if slug != "ransomware":
                join_playbook(desk, incident, slug, reason="bench", now=NOW)
        later = NOW + timedelta(hours=2)
        found = incident_guide(desk, incident, now=later)
        app = IncidentApp(desk.workspace.path, desk=desk, now=lambda: later)
        async with app.run_test(size=(140, 40)) as pilot:
            await pilot.press("enter")
            await pilot.pause()
            await app.keyboard.at_rest()
            guide = app.screen.query_one(GuideList)
            many = guide.option_count
            all_steps = await _key_to_paint(app)
            guide.set_options([each for each in guide.options if each.id][:_FEW])
            guide.highlighted = 0
            few_steps = await _key_to_paint(app)
            listing = took(lambda: app.screen.list_steps(), 20)  # type: ignore[attr-defined]
        desk.close()
    show(f"key → paint, {many} lines, {len(found.open_steps)} open", all_steps, f"key → paint, {_FEW} lines", few_steps)
    show("listing the guide anew", listing, f"key → paint, {_FEW} lines", few_steps)


async def _key_to_paint(app: IncidentApp) -> float:
    """The median time from a key until its step is painted, in milliseconds."""
    from textual.events import Key

    times = []
    for number in range(_PRESSES):
        painted = asyncio.Event()
        begun = time.perf_counter()
        app.post_message(Key("down" if number % 8 < 4 else "up", None))
        await asyncio.sleep(0)
        await app.keyboard.at_rest()
        app.screen.call_after_refresh(painted.set)
        await painted.wait()
        times.append((time.perf_counter() - begun) * 1000)
    return median(times)
