"""Who may read what, at the screen: sealed incidents, letting in and out, privileged lines, and the passphrase asked again."""

from textual.widgets import DataTable, Input

from incident.domain.membership import Circle
from incident.domain.notice import NoticeKind
from incident.tui.app import CONFIRMED_SECONDS
from incident.tui.modals.form import FormModal
from incident.tui.screens.board import BoardScreen
from incident.tui.screens.team import TeamScreen
from incident.usecases.closing import close_as_false_alarm
from incident.usecases.desk import Desk
from incident.usecases.incidents import incident_of, incidents
from incident.usecases.members import let_out, members
from incident.usecases.notices import NewNotice, begin
from incident.usecases.session import is_me
from incident.usecases.timeline import timeline
from incident.usecases.versions import freeze, versions
from tests.conftest import NOW, PASSPHRASE, an_incident, say
from tests.tui.driving import app_for, fill, in_sight, settle, submit, type_fast, wrong


async def test_an_incident_declared_for_few_is_sealed_to_the_others(ana: Desk, leo: Desk) -> None:
    app = app_for(ana)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("d")
        await settle(pilot)
        await fill(pilot, title="A quiet matter", members="nobody")
        await submit(pilot)
        assert "not one responder" in wrong(pilot)
        await fill(pilot, members="ana")
        await submit(pilot)
    assert [each.name for each in members(ana, incidents(ana)[0])] == ["Ana Ruiz (invented)"]
    app = app_for(leo)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert "sealed: you are not a member" in in_sight(pilot)
        assert "A quiet matter" not in in_sight(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, BoardScreen)
        assert any("INC-2026-0001" in (each.title or "") for each in app._notifications)


async def test_people_are_let_out_and_in_again_with_counsels_circle(ana: Desk) -> None:
    incident = an_incident(ana)
    app = app_for(ana)
    async with app.run_test(size=(100, 60)) as pilot:
        await settle(pilot)
        type_fast(pilot, "enter", "a", "x")
        await settle(pilot)
        await fill(pilot, who="leo")
        await submit(pilot)
        assert isinstance(app.screen, TeamScreen)
        assert [each.name for each in members(ana, incident)] == ["Ana Ruiz (invented)"]
        await pilot.press("m")
        await settle(pilot)
        await fill(pilot, who="leo", counsel="no")
        await submit(pilot)
        assert circles_of(ana, "Leo") == (Circle.TEAM,)
        assert "Leo Stein (invented) · since" in in_sight(pilot)
        await pilot.press("m")
        await settle(pilot)
        await fill(pilot, who="leo", counsel="yes")
        await submit(pilot)
        assert Circle.COUNSEL in circles_of(ana, "Leo")


def circles_of(desk: Desk, name: str) -> tuple[Circle, ...]:
    return next(each.circles for each in members(desk, incidents(desk)[0]) if each.name.startswith(name))


async def test_a_privileged_line_is_marked_and_offered_to_counsels_circle_only(ana: Desk, leo: Desk) -> None:
    incident = an_incident(ana)
    app = app_for(ana)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        type_fast(pilot, "enter", "t", "l")
        await settle(pilot)
        await fill(pilot, text="Counsel advises to wait", privileged="yes")
        await submit(pilot)
        assert "⚖ privileged" in in_sight(pilot)
        assert "counsel's circle only" in in_sight(pilot)
    assert [each.text for each in timeline(ana, incident) if each.privileged] == ["Counsel advises to wait"]
    let_out(ana, incident, "leo", only_counsel=True, now=NOW)
    app = app_for(leo)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        type_fast(pilot, "enter", "t")
        await settle(pilot)
        assert "Counsel advises" not in in_sight(pilot)
        await pilot.press("l")
        await settle(pilot)
        assert not app.screen.query("#privileged")


def a_version(desk: Desk) -> object:
    incident = an_incident(desk)
    say(desk, incident, "people", "DE 400")
    new = NewNotice(template="gdpr-authority", recipient_name="Authority (invented)", recipient_address="Berlin")
    drafted = begin(desk, incident, new, now=NOW)
    for key, text in (("data.elements", "name, email"), ("account.what_happened", "A mailbox was read."), ("account.people_description", "staff"), ("account.records", "400"), ("account.likely_consequences", "fraud"), ("account.measures_taken", "revoked")):  # fmt: skip  # noqa: E501
        say(desk, incident, key, text)
    say(desk, incident, "risk.individuals", "risk", basis="could be misused")
    freeze(desk, drafted.notice.id, NoticeKind.INITIAL, now=NOW)
    return drafted.notice.id


async def test_approval_without_the_right_passphrase_is_refused(ana: Desk, leo: Desk) -> None:
    notice_id = a_version(ana)
    app = app_for(leo, confirmed=False)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        type_fast(pilot, "enter", "n", "enter", "a", *"wrong", "enter")
        await settle(pilot)
        assert "not the passphrase of Leo" in wrong(pilot)
        assert app.screen.query_one("#passphrase", Input).value == ""
        await pilot.press("escape")
        await settle(pilot)
        assert not versions(leo, notice_id)[0].approvals  # type: ignore[arg-type]
        await pilot.press("a")
        await settle(pilot)
        await fill(pilot, passphrase=PASSPHRASE)
        await submit(pilot)
        assert "Your signature" in in_sight(pilot)
        await submit(pilot)
        assert versions(leo, notice_id)[0].is_approved  # type: ignore[arg-type]


async def test_the_passphrase_is_asked_before_all_that_binds_ends_or_leaves(ana: Desk) -> None:
    a_version(ana)
    app = app_for(ana, confirmed=False)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        type_fast(pilot, "enter")
        for way in (
            ("x",),
            ("a", "i"),
            ("a", "m"),
            ("a", "x"),
            ("r", "w"),
            ("n", "x"),
            ("n", "enter", "a"),
            ("n", "enter", "p"),
        ):
            if way == ("a", "m"):
                let_out(ana, incidents(ana)[0], "leo", only_counsel=False, now=NOW)
            type_fast(pilot, *way)
            await settle(pilot)
            assert isinstance(app.screen, FormModal), way
            assert "Is it you?" in in_sight(pilot), way
            type_fast(pilot, "escape", *("escape" for _ in way[1:]))
            await settle(pilot)


async def test_given_once_it_is_not_asked_again_for_five_minutes(ana: Desk) -> None:
    an_incident(ana)
    app = app_for(ana, confirmed=False)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        type_fast(pilot, "enter", "x")
        await settle(pilot)
        await fill(pilot, passphrase=PASSPHRASE)
        await submit(pilot)
        assert "How it ends" in in_sight(pilot)
        type_fast(pilot, "escape", "x")
        await settle(pilot)
        assert "How it ends" in in_sight(pilot)
        type_fast(pilot, "escape")
        await settle(pilot)
        assert app._confirmed_at is not None
        app._confirmed_at -= CONFIRMED_SECONDS + 1
        type_fast(pilot, "x")
        await settle(pilot)
        assert "Is it you?" in in_sight(pilot)


def test_only_ones_own_passphrase_is_oneself(ana: Desk, leo: Desk) -> None:
    leo.workspace.slots.change_passphrase(PASSPHRASE, "another of six plain words")
    assert is_me(ana, PASSPHRASE, None)
    assert not is_me(ana, "another of six plain words", None)
    assert is_me(leo, "another of six plain words", None)
    assert not is_me(leo, PASSPHRASE, None)


async def test_a_closed_incident_says_so_first(ana: Desk) -> None:
    incident = an_incident(ana, title="A long title " * 8)
    close_as_false_alarm(ana, incident, reason="a test mail", now=NOW)
    app = app_for(ana)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert app.screen.query_one(DataTable).row_count == 1
        await pilot.press("enter")
        await settle(pilot)
        assert "FALSE ALARM" in in_sight(pilot).splitlines()[0]
    assert not incident_of(ana, incident.id).is_open
