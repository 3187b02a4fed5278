"""Notices by keyboard alone: writing, what is kept, copying out, what changed, and the press of a real evening."""

import io
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from pypdf import PdfReader
from textual.pilot import Pilot
from textual.widgets import Static, TextArea

from incident.domain.incident import Incident
from incident.domain.notice import NoticeKind
from incident.tui.app import IncidentApp
from incident.tui.widgets.table import Table
from incident.usecases.desk import Desk
from incident.usecases.notice_copy import copy_sheet
from incident.usecases.notices import NewNotice, begin, draft, edit_field, notices
from incident.usecases.unsaved_text import unsaved
from incident.usecases.versions import approve, freeze, versions
from tests.conftest import NOW, an_incident, say
from tests.tui.driving import app_for, in_sight, settle
from tests.usecases.test_incident_life import ACCOUNT


def a_notice(ana: Desk, template: str = "gdpr-authority") -> tuple[Incident, UUID]:
    incident = an_incident(ana)
    for key, text in ACCOUNT.items():
        say(ana, incident, key, text)
    say(ana, incident, "risk.individuals", "high", basis="copied by a fraudster")
    new = NewNotice(template, language="en", recipient_name="Authority")
    return incident, begin(ana, incident, new, now=NOW).notice.id


async def opened(pilot: Pilot[None], incident: Incident, notice_id: UUID, field: str = "cause") -> IncidentApp:
    app: IncidentApp = pilot.app  # type: ignore[assignment]
    await settle(pilot)
    app.show("writing", incident=incident, notice_id=notice_id, field=field)
    await settle(pilot)
    return app


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
async def test_a_text_is_kept_while_it_is_typed_and_recorded_by_one_key(ana: Desk, size: tuple[int, int]) -> None:
    incident, notice_id = a_notice(ana)
    async with app_for(ana).run_test(size=size) as pilot:
        app = await opened(pilot, incident, notice_id)
        app.screen.query_one("#text", TextArea).load_text("")
        await pilot.press(*"Phishing.")
        await pilot.pause(1.2)
        await settle(pilot)
        assert unsaved(ana, notice_id)["cause"].text == "Phishing."
        assert draft(ana, notice_id, now=NOW).notice.fields["cause"].edited is False
        live = str(app.screen.query_one("#live", Static).render())
        assert "9 characters" in live or "9 of" in live
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert draft(ana, notice_id, now=NOW).notice.fields["cause"].value == "Phishing."
        assert unsaved(ana, notice_id) == {}


async def test_what_was_left_unrecorded_is_there_again_and_the_notice_says_so(ana: Desk) -> None:
    incident, notice_id = a_notice(ana)
    async with app_for(ana).run_test(size=(140, 40)) as pilot:
        app = await opened(pilot, incident, notice_id)
        await pilot.press(*" More")
        await pilot.press("escape")
        await settle(pilot)
        app.show("notice", incident=incident, notice_id=notice_id)
        await settle(pilot)
        assert "not recorded (enter)" in str(app.screen.query_one("#checked", Static).render())
        await pilot.press("escape")
        app = await opened(pilot, incident, notice_id)
        assert app.screen.query_one("#text", TextArea).text.endswith(" More")
        assert "not recorded" in str(app.screen.query_one("#asked", Static).render())


async def test_newer_words_of_somebody_else_are_not_overwritten_unseen(ana: Desk, leo: Desk) -> None:
    incident, notice_id = a_notice(ana)
    async with app_for(ana).run_test(size=(100, 30)) as pilot:
        await opened(pilot, incident, notice_id)
        await pilot.press(*"!")
        edit_field(leo, notice_id, "cause", "Leo was quicker.", now=NOW)
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert draft(ana, notice_id, now=NOW).notice.fields["cause"].value == "Leo was quicker."
        assert "!" in unsaved(ana, notice_id)["cause"].text
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert str(draft(ana, notice_id, now=NOW).notice.fields["cause"].value).endswith("!")


async def test_a_hundred_thousand_characters_and_hostile_ones_keep_the_screen_alive(ana: Desk) -> None:
    incident, notice_id = a_notice(ana)
    hostile = "[red]x[/] {{7*7}} <script> \u202e \x1b[2J 🚆 " * 2400
    async with app_for(ana).run_test(size=(100, 30)) as pilot:
        app = await opened(pilot, incident, notice_id)
        app.screen.query_one("#text", TextArea).load_text(hostile)
        await settle(pilot)
        await pilot.press("ctrl+s")
        await settle(pilot)
        app.show("notice", incident=incident, notice_id=notice_id)
        await settle(pilot)
        assert "\x1b" not in in_sight(pilot)
        assert str(draft(ana, notice_id, now=NOW).notice.fields["cause"].value) == hostile


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
async def test_a_sheet_is_copied_out_answer_by_answer(
    ana: Desk, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    incident, notice_id = a_notice(ana, "uk-ico")
    copied: list[str] = []
    async with app_for(ana).run_test(size=size) as pilot:
        app: IncidentApp = pilot.app  # type: ignore[assignment]
        monkeypatch.setattr(type(app), "copy_to_clipboard", lambda self, text: copied.append(text))
        await settle(pilot)
        app.show("copying", incident=incident, notice_id=notice_id)
        await settle(pilot)
        first = app.screen.line.field  # type: ignore[attr-defined]
        await pilot.press("c")
        await settle(pilot)
        lines = {each.field: each for each in copy_sheet(ana, draft(ana, notice_id, now=NOW), None).lines}
        assert lines[first].is_copied
        assert copied == [lines[first].text]
        assert "✔ copied by Ana" in in_sight(pilot)
        await pilot.press("o")
        assert app.screen.line.field != first  # type: ignore[attr-defined]
        await pilot.press("left", "space")
        await settle(pilot)


async def test_the_screen_shows_sources_changes_and_what_follows(ana: Desk, leo: Desk) -> None:
    incident, notice_id = a_notice(ana)
    version = freeze(ana, notice_id, NoticeKind.INITIAL, now=NOW)
    approve(leo, version.id, now=NOW)
    edit_field(ana, notice_id, "cause", "Another cause", now=NOW)
    async with app_for(ana).run_test(size=(140, 40)) as pilot:
        app: IncidentApp = pilot.app  # type: ignore[assignment]
        await settle(pilot)
        app.show("notice", incident=incident, notice_id=notice_id)
        await settle(pilot)
        check = str(app.screen.query_one("#checked", Static).render())
        assert "← account.what_happened, Ana Ruiz (invented)" in check
        assert "Follow-up" in check
        await pilot.press("d")
        await settle(pilot)
        assert "Another" in in_sight(pilot)


EVENING = timedelta(minutes=3)
A_KEY = timedelta(milliseconds=200)
"""A person who types sixty words a minute, without haste."""
A_LOOK = timedelta(seconds=8)
"""To read a form or a page before the next key."""


async def test_the_press_of_a_real_evening(ana: Desk, leo: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From no draft to the approved PDF of an initial Art. 33 notice: keys alone, by two people, in three minutes."""
    monkeypatch.setenv("HOME", str(tmp_path))
    incident = an_incident(ana)
    say(ana, incident, "people", "DE 400")
    say(ana, incident, "risk.individuals", "risk", basis="could be misused")
    keys, looks = 0, 0

    async def typed(pilot: Pilot[None], *pressed: str) -> None:
        nonlocal keys, looks
        keys, looks = keys + len(pressed), looks + 1
        await pilot.press(*pressed)
        await settle(pilot)

    async with app_for(ana).run_test(size=(100, 30)) as pilot:
        pilot.app.show("incident", incident=incident)  # type: ignore[attr-defined]
        await settle(pilot)
        await typed(pilot, "n", "b")
        await typed(pilot, "tab", *"BlnBDI", "ctrl+s")
        assert [each.template.slug for each in notices(ana, incident, now=NOW)] == ["gdpr-authority"]
        await typed(pilot, "enter")
        rows = [str(each.value) for each in pilot.app.screen.query_one(Table).rows]
        await typed(pilot, *["down"] * rows.index("what_happened"), "enter")
        await typed(pilot, *"A sales mailbox was opened with a stolen password. We closed it within an hour.", "ctrl+s")
        await typed(pilot, "v")
        await typed(pilot, "ctrl+s")
    made = versions(ana, notices(ana, incident, now=NOW)[0].notice.id)
    assert made[-1].version.kind is NoticeKind.INITIAL
    async with app_for(leo).run_test(size=(100, 30)) as pilot:
        pilot.app.show("incident", incident=incident)  # type: ignore[attr-defined]
        await settle(pilot)
        await typed(pilot, "n", "enter")
        await typed(pilot, "a")
        await typed(pilot, "ctrl+s")
        await typed(pilot, "p")
        await typed(pilot, "ctrl+s")
        await settle(pilot)
    written = next((tmp_path / "incident-documents").iterdir())
    assert "approved" in written.name
    assert "stolen password" in " ".join(each.extract_text() for each in PdfReader(io.BytesIO(written.read_bytes())).pages)
    needed = keys * A_KEY + looks * A_LOOK
    print(f"{keys} keys, {looks} looks: {needed}")
    assert needed < EVENING, f"{keys} keys and {looks} looks: {needed}"
