"""The guide driven by keys: do, decide, answer, hand over, take back; filter, search; what changed facts put back on the list."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Select

from incident.domain.guide import StepState
from incident.domain.responder import Role
from incident.tui.modals.form import FormModal
from incident.tui.modals.page import Page
from incident.tui.screens.board import BoardScreen
from incident.tui.screens.evidence import EvidenceScreen
from incident.tui.screens.incident import TheIncidentScreen
from incident.tui.widgets.blocks import Blocks
from incident.tui.widgets.guide_list import GuideList
from incident.usecases.desk import Desk
from incident.usecases.facts import fact_lines, fact_records
from incident.usecases.guide import complete_step, step_named
from incident.usecases.journal import each_entry
from incident.usecases.roles import assign
from tests.conftest import NOW, an_incident, say
from tests.tui.driving import app_for, fill, in_sight, settle, submit, type_fast, wrong


async def opened(pilot: Pilot[None], *, at: str = "") -> TheIncidentScreen:
    """The incident on the screen, with a step highlighted."""
    await settle(pilot)
    await pilot.press("enter")
    await settle(pilot)
    screen = pilot.app.screen
    assert isinstance(screen, TheIncidentScreen)
    if at:
        await to(pilot, at)
    return screen


async def to(pilot: Pilot[None], slug: str) -> None:
    guide = pilot.app.screen.query_one(GuideList)
    guide.highlighted = guide.get_option_index(slug)
    await settle(pilot)


def chosen(pilot: Pilot[None]) -> str:
    return pilot.app.screen.query_one(GuideList).chosen


def page(pilot: Pilot[None]) -> str:
    return pilot.app.screen.query_one("#step", Blocks).plain


def listed(pilot: Pilot[None]) -> list[str]:
    return [each.id for each in pilot.app.screen.query_one(GuideList).options if each.id]


async def test_after_done_the_next_step_is_highlighted_and_a_mistake_is_taken_back(ana: Desk) -> None:
    incident = an_incident(ana)
    app = app_for(ana)
    async with app.run_test(size=(140, 40)) as pilot:
        screen = await opened(pilot)
        first = chosen(pilot)
        assert "▶ NOW" in page(pilot)
        type_fast(pilot, "d", "ctrl+s")
        await settle(pilot)
        assert step_named(ana, incident, first, now=NOW).state is StepState.DONE
        assert screen.found is not None
        assert screen.found.now is not None
        assert chosen(pilot) == screen.found.now.step.slug != first
        await to(pilot, first)
        assert "done by Ana Ruiz" in page(pilot)
        await pilot.press("d")
        await settle(pilot)
        assert not isinstance(app.screen, FormModal), "what is done is not done twice"
        type_fast(pilot, "z")
        await settle(pilot)
        assert "Takes back «done» by Ana Ruiz" in in_sight(pilot)
        await fill(pilot, reason="the wrong step")
        await submit(pilot)
        assert step_named(ana, incident, first, now=NOW).state is StepState.OPEN
        assert chosen(pilot) == first, "who takes something back stays with it"
    assert [each.act for each in each_entry(ana)][-2:] == ["step.done", "step.undone"]


async def test_what_a_step_asks_is_a_form_question_after_question(ana: Desk) -> None:
    incident = an_incident(ana)
    app = app_for(ana)
    async with app.run_test(size=(100, 40)) as pilot:
        await opened(pilot, at="three-gates")
        asked = step_named(ana, incident, "three-gates", now=NOW).step.asks
        before = set(step_named(ana, incident, "three-gates", now=NOW).asks_unknown)
        assert len(before) > 2
        await pilot.press("i")
        await settle(pilot)
        assert f"Question 1 of {len(before)}" in in_sight(pilot)
        assert app.screen.query_one("#text", Select).value == "", "nothing is said for anybody"
        await fill(pilot, text="yes", source="the mail log", confidence="reported")
        await submit(pilot)
        assert f"Question 2 of {len(before)}" in in_sight(pilot)
        await submit(pilot)  # left blank: it stays open
        assert f"Question 3 of {len(before)}" in in_sight(pilot)
        await fill(pilot, owner="leo", by="gestern")
        await submit(pilot)
        assert "gestern" in wrong(pilot)
        assert app.screen.query_one("#by", Input).value == "gestern"
        await fill(pilot, by="18:00")
        await submit(pilot)
        while isinstance(app.screen, FormModal):
            await pilot.press("escape")
            await settle(pilot)
    records = {each.key: each for each in fact_records(ana, incident) if each.key in asked}
    first, third = [key for key in asked if key in before][0], [key for key in asked if key in before][2]
    assert (records[first].value, records[first].source, records[first].confidence.value) == (True, "the mail log", "reported")
    assert records[third].unknown
    assert records[third].wanted_at is not None
    assert len([key for key in records if key in before]) == 2


async def test_a_decision_names_who_decides_and_shows_on_what_it_stood(ana: Desk, leo: Desk) -> None:
    incident = an_incident(ana)
    assign(ana, incident, Role.PRIVACY_OFFICER, "leo", now=NOW)
    complete_step(ana, incident, "open-log", now=NOW)
    for slug in ("name-team", "set-severity"):
        complete_step(ana, incident, slug, now=NOW)
    say(ana, incident, "breach.confidentiality", "yes")
    late = NOW + timedelta(hours=3)
    app = app_for(ana, now=lambda: late)
    async with app.run_test(size=(140, 40)) as pilot:
        await opened(pilot, at="three-gates")
        assert "privacy officer: Leo Stein (invented)" in page(pilot)
        assert "the default may be recorded" in page(pilot)
        await pilot.press("d")
        await settle(pilot)
        assert "Could somebody unauthorised see the data? yes" in in_sight(pilot)
        assert "nobody decided in time" in in_sight(pilot)
        await fill(pilot, note="Leo does not answer")
        await submit(pilot)
        await to(pilot, "three-gates")
        assert "the default: nobody decided in time" in page(pilot)
        assert "• Could somebody unauthorised see the data? yes" in page(pilot)
    record = step_named(ana, incident, "three-gates", now=late).record
    assert record is not None
    assert record.defaulted


async def test_one_key_goes_from_all_to_mine_to_waiting_to_what_does_not_apply(ana: Desk) -> None:
    incident = an_incident(ana)
    assign(ana, incident, Role.LEGAL, "leo", now=NOW)
    say(ana, incident, "people", "DE 400")
    app = app_for(ana)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        everything = listed(pilot)
        found = screen.found
        assert found is not None
        await pilot.press("v")
        await settle(pilot)
        mine = listed(pilot)
        assert "· mine:" in in_sight(pilot)
        assert mine
        assert not [each for each in mine if found.named(each).holder.startswith("Leo")]  # type: ignore[union-attr]
        await pilot.press("v")
        await settle(pilot)
        waiting = [found.named(each) for each in listed(pilot)]
        assert {each.state for each in waiting if each} <= {StepState.BLOCKED, StepState.WAITING_FOR_FACT}
        assert "waits for" in page(pilot).lower()
        await pilot.press("v")
        await settle(pilot)
        assert "tell-california" in listed(pilot)
        await to(pilot, "tell-california")
        assert "Does not apply:" in page(pilot)
        await pilot.press("escape")
        await settle(pilot)
        assert listed(pilot) == everything
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(app.screen, BoardScreen)


async def test_a_search_narrows_while_one_types_and_escape_takes_the_words_back(ana: Desk) -> None:
    an_incident(ana, playbook="ransomware")
    app = app_for(ana)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        everything = listed(pilot)
        type_fast(pilot, "slash", *"backup")
        await settle(pilot)
        assert "guard-backups" in listed(pilot)
        assert len(listed(pilot)) < len(everything)
        type_fast(pilot, *"xyz")
        await settle(pilot)
        assert "No step has these words." in in_sight(pilot)
        type_fast(pilot, "backspace", "backspace", "backspace", "enter")
        await settle(pilot)
        assert chosen(pilot) in listed(pilot)
        type_fast(pilot, "escape")
        await settle(pilot)
        assert listed(pilot) == everything
        type_fast(pilot, "l", *"half a line", "escape")
        await settle(pilot)
        assert isinstance(app.screen, TheIncidentScreen), "escape leaves the line, not the incident"
        assert isinstance(app.focused, GuideList)
        assert app.screen.query_one("#log", Input).value == "half a line"


async def test_a_changed_fact_puts_a_finished_step_back_and_says_why(ana: Desk) -> None:
    incident = an_incident(ana)
    say(ana, incident, "people", "DE 400")
    say(ana, incident, "data.elements", "name")
    complete_step(ana, incident, "scope-data", now=NOW)
    say(ana, incident, "data.elements", "name, email", now=NOW + timedelta(hours=1))
    app = app_for(ana, now=lambda: NOW + timedelta(hours=2))
    async with app.run_test(size=(140, 40)) as pilot:
        await opened(pilot, at="scope-data")
        assert "On the list again" in page(pilot)
        assert any("List which data" in line[:42] and "again" in line[:42] for line in in_sight(pilot).splitlines())


async def test_a_step_is_handed_to_somebody_and_a_file_is_kept_from_it(ana: Desk, tmp_path: Path) -> None:
    incident = an_incident(ana)
    kept = tmp_path / "mail.log"
    kept.write_text("one line\n")
    app = app_for(ana)
    async with app.run_test(size=(100, 40)) as pilot:
        await opened(pilot, at="hold-evidence")
        await pilot.press("h")
        await settle(pilot)
        await fill(pilot, who="leo", note="the mailbox first")
        await submit(pilot)
        assert "handed to Leo Stein (invented)" in page(pilot)
        await pilot.press("plus")
        await settle(pilot)
        assert isinstance(app.screen_stack[-2], EvidenceScreen)
        assert app.screen.query_one("#note", Input).value == "Step «Hold the evidence»"
        await fill(pilot, path=str(kept))
        await submit(pilot)
        await settle(pilot)
        assert "mail.log" in in_sight(pilot)
        await pilot.press("escape")
        await settle(pilot)
        assert chosen(pilot) == "hold-evidence"
    assert step_named(ana, incident, "hold-evidence", now=NOW).holder.startswith("Leo")


async def test_what_waits_is_refused_before_anything_is_typed(ana: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    an_incident(ana)
    app = app_for(ana)
    told: list[str] = []
    async with app.run_test(size=(100, 40)) as pilot:
        screen = await opened(pilot, at="contain")
        monkeypatch.setattr(screen, "notify", lambda text, **more: told.append(f"{more.get('title')} {text}"))
        type_fast(pilot, "d", "u", "z")
        await settle(pilot)
        assert not isinstance(app.screen, FormModal)
        await to(pilot, "name-team")
        type_fast(pilot, "i")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, Page)
    assert "waits for" in told[0]
    assert "is not finished" in told[1]
    assert "Nothing was done" in told[2]
    assert "asks no facts" in told[3]


@pytest.fixture
def markup() -> Iterator[Any]:
    from incident.tui.widgets import markdown

    yield markdown
    markdown.markdown_blocks.cache_clear()


def test_guidance_is_markdown_and_hostile_text_stays_text(markup: Any) -> None:
    text = (
        "Do **this** and\nthat with `rm`.\n\n1. one\n2. two\n   - deeper\n\n[bold]x[/] <b>y</b> [z](http://127.0.0.1/) \x1b[31m"
    )
    blocks = markup.markdown_blocks(text)
    assert [each.body.plain for each in blocks[:4]] == ["Do this and that with rm.", "one", "two", "deeper"]
    assert [each.lead.plain for each in blocks[1:4]] == ["1. ", "2. ", "  • "]
    assert "[bold]x[/] <b>y</b> [z](http://127.0.0.1/)" in blocks[-1].body.plain
    assert "\x1b" not in "".join(line.plain for line in blocks[-1].lines(80)), "no text steers the terminal"
    assert any(span.style == "bold" for span in blocks[0].body.spans)


def test_a_text_wraps_beside_its_label_at_every_width() -> None:
    from textual.content import Content

    from incident.tui.widgets.blocks import Block

    block = Block(Content("the scribe opens the log and says so"), Content("If silent"), 1, 11)
    for width in (1, 5, 18, 19, 30, 80):
        lines = [each.plain for each in block.lines(width)]
        assert all(len(each) <= max(width, 1) for each in lines), width
    wide = [each.plain for each in block.lines(30)]
    assert wide[0] == ""
    assert wide[1].startswith("If silent  the scribe")
    assert wide[2].startswith(" " * 11)


async def test_every_fact_form_takes_the_same_answers(ana: Desk) -> None:
    incident = an_incident(ana)
    app = app_for(ana)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press("f")
        await settle(pilot)
        from incident.tui.widgets.table import Table

        app.screen.query_one(Table).choose("people")
        await pilot.press("enter")
        await settle(pilot)
        await submit(pilot)
        assert "Nothing was said" in wrong(pilot)
        await fill(pilot, text="DE 400", owner="leo")
        await submit(pilot)
        assert "somebody was named" in wrong(pilot)
        await fill(pilot, owner="")
        await submit(pilot)
        await pilot.press("u")
        await settle(pilot)
        await fill(pilot, owner="leo", by="2 days")
        await submit(pilot)
        assert "Leo Stein" in " ".join(in_sight(pilot).split())
    assert next(each for each in fact_lines(ana, incident) if each.kind.key == "people").unknown
