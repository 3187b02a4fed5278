"""F17. The clock jumps a year either way, or the machine sleeps: everything works, the screen locks, the order holds."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot

from incident.tui.app import LOCKED, IncidentApp
from incident.usecases.clocks import clock_list, clocks
from incident.usecases.incidents import incident_of
from incident.usecases.timeline import log, timeline
from tests.conftest import NOW, a_vault, an_incident, say

YEAR = timedelta(days=365)


@pytest.mark.parametrize("jumps", [(YEAR, -YEAR), (-YEAR, YEAR), (-YEAR, -YEAR), (timedelta(hours=3), timedelta(0))])
def test_records_keep_their_order_in_the_journal_whatever_the_clock_says(
    tmp_path: Path, jumps: tuple[timedelta, timedelta]
) -> None:
    desk = a_vault(tmp_path)
    incident = an_incident(desk)
    say(desk, incident, "people", "DE 400")
    instants = [NOW, NOW + jumps[0], NOW + jumps[1], NOW]
    for number, at in enumerate(instants):
        log(desk, incident, f"line {number}", now=at)
        assert clock_list(clocks(desk, incident_of(desk, incident.id), now=at)) is not None
    entries = desk.workspace.entries()
    assert [each.seq for each in entries] == list(range(1, len(entries) + 1))
    assert [each.at for each in entries if each.act == "timeline.log"] == instants
    assert {f"line {number}" for number in range(4)} <= {each.text for each in timeline(desk, incident)}
    assert desk.workspace.verify().problems == ()
    desk.close()


class Wall:
    """A wall clock that a test moves."""

    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> datetime:
        return self.at


async def _jumped(pilot: Pilot[None], app: IncidentApp, wall: Wall, jump: timedelta) -> None:
    await pilot.pause()
    app._watch()
    wall.at += timedelta(seconds=5)
    app._watch()
    assert app.desk is not None
    wall.at += jump
    app._watch()
    await pilot.pause()


@pytest.mark.parametrize("jump", [YEAR, -YEAR, timedelta(hours=3)], ids=["a year on", "a year back", "slept three hours"])
async def test_the_screen_locks_when_the_clock_has_jumped_or_the_machine_slept(tmp_path: Path, jump: timedelta) -> None:
    desk, wall = a_vault(tmp_path), Wall()
    an_incident(desk)
    app = IncidentApp(desk.workspace.path, desk=desk, now=wall)
    async with app.run_test(size=(80, 24)) as pilot:
        await _jumped(pilot, app, wall, jump)
    assert app.desk is None
    assert app.return_code == LOCKED
