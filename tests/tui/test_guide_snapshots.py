"""What each state of the guide looks like at 80×24 and 140×40; a changed picture is looked at before it is accepted."""

import shutil
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from textual.pilot import Pilot

from incident.domain.responder import Role
from incident.tui.app import IncidentApp
from incident.tui.widgets.guide_list import GuideList
from incident.usecases.desk import Desk
from incident.usecases.facts import record_unknown
from incident.usecases.guide import complete_step, hand_over_step, skip_step
from incident.usecases.people import change_responder
from incident.usecases.roles import assign
from incident.usecases.vaults import unlock
from tests.conftest import NOW, PASSPHRASE, an_incident, say
from tests.tui.driving import settle, type_fast

LATER = NOW + timedelta(hours=3)


@pytest.fixture(scope="module")
def _three_hours_in(tmp_path_factory: pytest.TempPathFactory, _a_closed_vault: Path) -> Path:
    """Steps done, skipped, handed over, back on the list, late; a decision that nobody took. Made once."""
    folder = tmp_path_factory.mktemp("three") / "vault"
    shutil.copytree(_a_closed_vault, folder)
    desk = unlock(folder, sign_in="ana", passphrase=PASSPHRASE)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("incident.usecases.incidents.uuid4", lambda: UUID(int=20260302))
        _play(desk)
    desk.close()
    return folder


@pytest.fixture
def app(tmp_path: Path, _three_hours_in: Path) -> Iterator[IncidentApp]:
    """The app at a desk of its own."""
    shutil.copytree(_three_hours_in, tmp_path / "vault")
    desk = unlock(tmp_path / "vault", sign_in="ana", passphrase=PASSPHRASE)
    yield IncidentApp(desk.workspace.path, desk=desk, now=lambda: LATER)
    desk.close()


def _play(ana: Desk) -> None:
    change_responder(ana, "ana", now=NOW, phone="+49 30 5550 0101", deputy="leo", hours="always")
    change_responder(ana, "leo", now=NOW, phone="+49 30 5550 0102", hours="Mon-Fri 09:00-17:30")
    incident = an_incident(ana, title="Files on the file server are encrypted", playbook="ransomware")
    assign(ana, incident, Role.TECHNICAL_LEAD, "ana", now=NOW)
    assign(ana, incident, Role.LEGAL, "ana", now=NOW)
    assign(ana, incident, Role.LEGAL, "leo", now=NOW + timedelta(minutes=20), note="the insurer was called")
    say(ana, incident, "people", "DE 400")
    say(ana, incident, "data.elements", "name")
    for slug in ("open-log", "name-team", "scope-data"):
        complete_step(ana, incident, slug, now=NOW + timedelta(minutes=5), note="by hand")
    skip_step(ana, incident, "set-severity", reason="set when it was declared", now=NOW)
    hand_over_step(ana, incident, "guard-backups", "leo", now=NOW)
    say(ana, incident, "data.elements", "name, email", now=NOW + timedelta(hours=1))
    record_unknown(ana, incident, "data.encrypted", now=NOW, owner="ana", wanted_at=NOW + timedelta(hours=2))


def at(slug: str, *keys: str) -> Callable[[Pilot[None]], Awaitable[None]]:
    async def before(pilot: Pilot[None]) -> None:
        await settle(pilot)
        type_fast(pilot, "enter")
        await settle(pilot)
        if slug:
            guide = pilot.app.screen.query_one(GuideList)
            guide.highlighted = guide.get_option_index(slug)
        type_fast(pilot, *keys)
        await settle(pilot)

    return before


STATES = {
    "decision": at("three-gates"),
    "again": at("scope-data"),
    "done": at("open-log"),
    "waiting": at("", "v", "v"),
    "left-out": at("", "v", "v", "v"),
    "search": at("", "slash", *"backup"),
    "question": at("three-gates", "i"),
    "mine": at("", "m"),
    "playbooks": at("", "p"),
    "team": at("", "a"),
}


@pytest.mark.parametrize("size", [(80, 24), (140, 40)], ids=["80x24", "140x40"])
@pytest.mark.parametrize("state", STATES)
def test_the_guide_looks_as_before(snap_compare: Any, app: IncidentApp, size: tuple[int, int], state: str) -> None:
    assert snap_compare(app, terminal_size=size, run_before=STATES[state])


def test_the_pictures_were_taken() -> None:
    assert len(list((Path(__file__).parent / "__snapshots__" / "test_guide_snapshots").glob("*"))) == 2 * len(STATES)
