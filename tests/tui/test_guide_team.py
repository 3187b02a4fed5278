"""Around the guide: what is mine across incidents, a second playbook, another version of one, the team and its call tree."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from incident.domain.responder import Role
from incident.tui.modals.form import FormModal
from incident.tui.modals.page import Page
from incident.tui.modals.reading import Reading
from incident.tui.screens.facts import FactsScreen
from incident.tui.screens.incident import TheIncidentScreen
from incident.tui.screens.mine import MineScreen
from incident.tui.screens.playbooks import PlaybooksScreen
from incident.tui.widgets.blocks import Blocks
from incident.tui.widgets.table import Table
from incident.usecases import taken_playbooks
from incident.usecases.catalogue import catalogue
from incident.usecases.desk import Desk, responders
from incident.usecases.facts import record_unknown
from incident.usecases.people import change_responder
from incident.usecases.roles import assign, roster
from incident.usecases.taken_playbooks import playbooks_of
from tests.conftest import NOW, an_incident
from tests.tui.driving import app_for, fill, in_sight, settle, submit, type_fast, wrong


async def test_mine_now_leads_to_the_step_and_to_the_question(ana: Desk) -> None:
    an_incident(ana)
    second = an_incident(ana, title="A laptop is gone", playbook="lost-stolen-device")
    change_responder(ana, "leo", now=NOW, deputy="ana")
    assign(ana, second, Role.SCRIBE, "leo", now=NOW)
    record_unknown(ana, second, "data.encrypted", now=NOW, owner="ana", wanted_at=NOW + timedelta(minutes=30))
    app = app_for(ana, now=lambda: NOW + timedelta(hours=1))
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await pilot.press("m")
        await settle(pilot)
        assert isinstance(app.screen, MineScreen)
        table = app.screen.query_one(Table)
        shown = in_sight(pilot)
        assert "! late" in shown
        assert "INC-2026-0001" in shown
        assert "INC-2026-0002" in shown
        table.choose(f"step|{second.id}|open-log")
        await settle(pilot)
        assert "you stand in for Leo Stein (invented): the target passed" in " ".join(in_sight(pilot).split())
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, TheIncidentScreen)
        assert app.screen.chosen().step.slug == "open-log"
        assert "Leo Stein (invented) · Ana Ruiz (invented) stands in" in app.screen.query_one("#step", Blocks).plain
        await pilot.press("escape")
        await settle(pilot)
        app.screen.query_one(Table).choose(f"answer|{second.id}|data.encrypted")
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, FactsScreen)
        assert app.screen.query_one(Table).chosen == "data.encrypted"


async def test_a_second_playbook_joins_and_its_steps_stand_in_the_guide(ana: Desk) -> None:
    incident = an_incident(ana, playbook="ransomware")
    app = app_for(ana)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        type_fast(pilot, "enter", "p")
        await settle(pilot)
        assert isinstance(app.screen, PlaybooksScreen)
        assert app.screen.slug == "ransomware"
        assert "✔ followed" in in_sight(pilot)
        type_fast(pilot, "j")
        await settle(pilot)
        assert not isinstance(app.screen, FormModal), "what is followed does not join again"
        app.screen.query_one(Table).choose("vendor-breach")
        type_fast(pilot, "j")
        await settle(pilot)
        await submit(pilot)
        assert "is not said" in wrong(pilot)
        await fill(pilot, reason="the vendor's systems are encrypted")
        await submit(pilot)
        assert "Joined 02 Mar 15:02 Berlin by Ana Ruiz (invented): the vendor's systems" in " ".join(in_sight(pilot).split())
        assert [each.slug for each in playbooks_of(ana, incident).parts] == ["ransomware", "vendor-breach"]
        type_fast(pilot, "slash", *"vendor")
        await settle(pilot)
        assert "Vendor" in in_sight(pilot)
        type_fast(pilot, "enter", "enter")
        await settle(pilot)
        assert isinstance(app.screen, Reading)
        type_fast(pilot, "escape", "escape", "escape")
        await settle(pilot)
        assert isinstance(app.screen, TheIncidentScreen)


@pytest.fixture
def edited(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The file of a playbook was edited after the incident began."""
    found = catalogue()
    old = found.playbook("personal-data-breach")
    steps = tuple(replace(each, guidance="Open two logs.") if each.slug == "open-log" else each for each in old.steps[:-1])
    present = replace(found, playbooks={**found.playbooks, old.slug: replace(old, version="99", steps=steps)})
    monkeypatch.setattr(taken_playbooks, "catalogue", lambda: present)
    yield
    monkeypatch.undo()


async def test_a_changed_playbook_is_offered_compared_and_adopted(ana: Desk, edited: None) -> None:
    incident = an_incident(ana)
    app = app_for(ana)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert "changed playbook: p" in in_sight(pilot)
        type_fast(pilot, "p", "d")
        await settle(pilot)
        assert isinstance(app.screen, Page)
        shown = " ".join(in_sight(pilot).split())
        assert "Open two logs." in shown
        assert "- gone Hold the review" in shown
        type_fast(pilot, "escape", "y")
        await settle(pilot)
        await fill(pilot, reason="the log step was wrong")
        await submit(pilot)
        type_fast(pilot, "y")
        await settle(pilot)
        assert not isinstance(app.screen, FormModal), "nothing more is offered"
        await pilot.press("escape")
        await settle(pilot)
        assert "changed playbook" not in in_sight(pilot)
    assert playbooks_of(ana, incident).playbook.version == "99"


async def test_roles_are_handed_over_with_times_and_people_have_numbers_hours_and_deputies(ana: Desk) -> None:
    incident = an_incident(ana)
    assign(ana, incident, Role.SCRIBE, "ana", now=NOW - timedelta(hours=1))
    app = app_for(ana)
    async with app.run_test(size=(140, 40)) as pilot:
        await settle(pilot)
        type_fast(pilot, "enter", "a")
        await settle(pilot)
        assert "Ana Ruiz (invented) commands and keeps the log" in in_sight(pilot)
        app.screen.query_one(Table).choose("scribe")
        type_fast(pilot, "enter")
        await settle(pilot)
        assert "Ana Ruiz (invented) hands over now" in in_sight(pilot)
        await fill(pilot, who="leo", note="the bank rings at six")
        await submit(pilot)
        shown = " ".join(in_sight(pilot).split())
        assert "02 Mar 14:02 Berlin until 02 Mar 15:02 Berlin: the bank rings at six" in shown
        type_fast(pilot, "c")
        await settle(pilot)
        await submit(pilot)
        await fill(pilot, phone="+49 30 5550 0102", hours="Mon-Fr 9", deputy="ana")
        await submit(pilot)
        assert "is not a working time" in wrong(pilot)
        await fill(pilot, hours="Mon-Fri 09:00-17:30")
        await submit(pilot)
        shown = " ".join(in_sight(pilot).split())
        assert "on duty, 15:02 Berlin" in shown
        assert "+49 30 5550 0102" in shown
        assert "No number that works without a directory: Ana Ruiz (invented)" in shown
    assert next(each.holder for each in roster(ana, incident) if each.role is Role.SCRIBE) == next(
        each for each in responders(ana) if each.sign_in == "leo"
    )


async def test_the_call_tree_and_a_playbook_are_written_for_the_wall(
    ana: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    an_incident(ana)
    monkeypatch.setattr("incident.usecases.call_tree.render_pdf", lambda *_, **__: b"%PDF a call tree")
    monkeypatch.setattr("incident.usecases.playbook_sheet.render_pdf", lambda *_, **__: b"%PDF a playbook")
    app = app_for(ana)
    async with app.run_test(size=(100, 40)) as pilot:
        await settle(pilot)
        for keys in (("enter", "a", "p"), ("escape", "p", "w")):
            type_fast(pilot, *keys)
            await settle(pilot)
            await fill(pilot, folder=str(tmp_path / "wall"))
            await submit(pilot)
    assert sorted(each.name for each in (tmp_path / "wall").iterdir()) == [
        "INC-2026-0001_call-tree.pdf",
        "playbook_personal-data-breach.pdf",
    ]


async def test_the_timeline_says_titles_not_slugs(ana: Desk) -> None:
    from incident.domain.moment import said
    from incident.usecases.filings import Sent, record_filing
    from incident.usecases.guide import complete_step

    incident = an_incident(ana)
    complete_step(ana, incident, "open-log", now=NOW, note="on paper first")
    sent = Sent("portal", obligation="eu-gdpr/authority")
    record_filing(ana, incident, sent, said("now", now=NOW, zone="Europe/Berlin"), now=NOW)
    app = app_for(ana)
    async with app.run_test(size=(140, 40)) as pilot:
        await settle(pilot)
        type_fast(pilot, "enter", "t")
        await settle(pilot)
        shown = in_sight(pilot)
        assert "Step done: Open the log" in shown
        assert "eu-gdpr/authority" not in shown
        assert "GDPR Art. 33(1)" in shown
