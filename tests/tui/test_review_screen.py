"""The review by keys: stage by stage, findings where they belong, action items followed up until the review is closed."""

from datetime import timedelta
from pathlib import Path

from textual.widgets import Static

from incident.domain.finding import FindingKind
from incident.domain.review import ReviewState
from incident.tui.review_stages import STAGES
from incident.tui.widgets.blocks import Blocks
from incident.usecases.desk import Desk
from incident.usecases.review import review_view
from incident.usecases.timeline import log
from tests.conftest import NOW, an_incident
from tests.tui.driving import app_for, fill, in_sight, settle, submit, wrong


async def test_a_facilitated_review_from_the_first_question_to_closed(ana: Desk, tmp_path: Path) -> None:
    incident = an_incident(ana)
    log(ana, incident, "Everything was forwarded", now=NOW + timedelta(hours=6))
    app = app_for(ana)
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        await pilot.press("enter", "r")
        await settle(pilot)
        assert "1 of 7 Three questions" in in_sight(pilot)
        assert "Next: How did it happen?" in in_sight(pilot)
        await pilot.press("e")
        await settle(pilot)
        await fill(pilot, how_it_happened="A link.", how_detected="A call.", what_could_have_prevented="A key.")
        await submit(pilot)
        await pilot.press("n")
        await settle(pilot)
        page = app.screen.query_one("#text", Blocks)
        assert "gap: nothing was written down for" in page.plain
        number = next(line for line in page.plain.splitlines() if "Everything was forwarded" in line).split()[0]
        await pilot.press("m")
        await settle(pilot)
        await fill(pilot, entry="no", text="x")
        await submit(pilot)
        assert "is no number of a line" in wrong(pilot)
        await fill(pilot, entry=number, text="Nobody saw it for a week")
        await submit(pilot)
        assert "surprise: Nobody saw it for a week" in app.screen.query_one("#text", Blocks).plain
        await pilot.press("right", "f")
        await settle(pilot)
        await fill(pilot, text="No second factor", cause="social")
        await submit(pilot)
        await pilot.press("d")
        await settle(pilot)
        await fill(pilot, expected="one mailbox", text="three")
        await submit(pilot)
        assert "No second factor (social)" in app.screen.query_one("#text", Blocks).plain
        assert "Next: what will be done?" in str(app.screen.query_one("#asks", Static).render())
        await pilot.press("i")
        await settle(pilot)
        await fill(pilot, title="Keys for everybody", due="2026-03-01")
        await submit(pilot)
        await pilot.press("p", "p", "left")
        await settle(pilot)
        assert "7 of 7" in in_sight(pilot)
        assert "OVERDUE" in app.screen.query_one("#text", Blocks).plain
        await pilot.press("u")
        await settle(pilot)
        await fill(pilot, note="They come late", due="2026-03-30")
        await submit(pilot)
        assert "They come late" in app.screen.query_one("#text", Blocks).plain
        await pilot.press("k")
        await settle(pilot)
        await fill(pilot, outcome="handed out")
        await submit(pilot)
        for state in ("in_review", "reviewed", "closed"):
            await pilot.press("v")
            await settle(pilot)
            await fill(pilot, state=state)
            await submit(pilot)
    view = review_view(ana, incident, now=NOW)
    assert view.review is not None
    assert view.review.state is ReviewState.CLOSED
    assert {each.kind for each in view.findings} == set(FindingKind)


async def test_every_stage_fits_a_small_terminal_and_a_wide_one(ana: Desk) -> None:
    an_incident(ana)
    app = app_for(ana)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("enter", "r")
        await settle(pilot)
        for size in ((80, 24), (140, 40)):
            await pilot.resize_terminal(*size)
            for stage in STAGES:
                await settle(pilot)
                assert stage.title in in_sight(pilot)
                await pilot.press("n")
