"""A second writer sees for what it waits, and after a bounded time is refused with nothing changed and nothing lost."""

import asyncio
import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from textual.widgets import Input

from incident.cli.app import main
from incident.errors import BusyError
from incident.store import durable, engine
from incident.store.vault import header_lock
from incident.tui.modals.form import FormModal
from incident.tui.widgets import form
from incident.usecases.desk import Desk
from incident.usecases.incidents import incidents
from incident.usecases.people import change_responder
from incident.usecases.timeline import log, timeline
from tests.conftest import NOW, PASSPHRASE, an_incident
from tests.tui.driving import app_for, fill, settle, wrong


@contextmanager
def writing(desk: Desk) -> Iterator[None]:
    """Another window in the middle of a change."""
    with desk.workspace.change("test.slow", now=NOW) as session:
        session.connection()
        yield


def test_a_writer_hears_how_long_it_waits_and_is_refused_in_the_end(
    ana: Desk, leo: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    incident = an_incident(ana)
    monkeypatch.setattr(engine, "_WAITS", (0.02, 0.03, 0.05))
    heard: list[float] = []
    leo.workspace.waiting = heard.append
    before = ana.workspace.head()
    with writing(ana), pytest.raises(BusyError, match="Another window has been writing") as refused:
        log(leo, incident, "a line that waits", now=NOW)
    assert "Nothing was changed" in refused.value.hint
    assert heard == pytest.approx([0.02, 0.05, 0.1])
    assert ana.workspace.head() == before
    log(leo, incident, "a line that waits", now=NOW)
    assert [each.text for each in timeline(ana, incident)].count("a line that waits") == 1
    assert sum(engine._WAITS) == pytest.approx(0.1)


def test_the_waits_end_after_fifteen_seconds_and_are_told_after_one() -> None:
    assert sum(engine._WAITS) == 15
    assert sum(engine._WAITS[:2]) == 1


def test_a_change_that_waited_goes_through_when_the_other_is_done(ana: Desk, leo: Desk) -> None:
    incident = an_incident(ana)
    heard, done = threading.Event(), threading.Event()
    leo.workspace.waiting = lambda seconds: heard.set()

    def write() -> None:
        log(leo, incident, "later", now=NOW)
        done.set()

    other = threading.Thread(target=write)
    with writing(ana):
        other.start()
        assert heard.wait(10)
        assert not done.is_set()
    other.join(10)
    assert done.is_set()
    assert "later" in [each.text for each in timeline(ana, incident)]


def test_whoever_types_a_command_sees_that_it_waits(
    ana: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    an_incident(ana)
    monkeypatch.setattr(engine, "_WAITS", (0.02, 1.0, 0.02))
    (tmp_path / "words").write_text(PASSPHRASE)
    signed_in = ["--vault", str(ana.workspace.path), "--as", "leo", "--passphrase-file", str(tmp_path / "words")]
    with writing(ana):
        assert main(["log", "by command", *signed_in]) == 1
    error = capsys.readouterr().err
    assert error.count("waiting …") == 1
    assert "Another window has been writing" in error


def test_the_lock_of_the_header_is_not_waited_for_without_end(ana: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(durable, "_TRIES", 2)
    handle = os.open(ana.workspace.path / "vault.lock", os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(handle, fcntl.LOCK_EX)
    before = (ana.workspace.path / "vault.json").read_bytes()
    with pytest.raises(BusyError), header_lock(ana.workspace.path):
        raise AssertionError
    with pytest.raises(BusyError):
        ana.workspace.slots.change_passphrase(PASSPHRASE, "another one of six words")
    os.close(handle)
    assert (ana.workspace.path / "vault.json").read_bytes() == before


async def test_a_form_says_that_it_waits_keeps_the_keyboard_free_and_records_in_the_end(
    ana: Desk, leo: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "_WAITS", (0.02, 0.02, 0.02))
    monkeypatch.setattr(form, "_PAUSE", 0.05)
    monkeypatch.setattr(form, "_TRIES", 10_000)
    app = app_for(ana)
    async with app.run_test(size=(100, 40)) as pilot:
        await settle(pilot)

        def accept(typed: dict[str, str]) -> None:
            change_responder(ana, "ana", now=NOW, phone=typed["phone"])

        modal = FormModal("Your number", (form.FormField("phone", "Telephone"),), accept)
        app.push_screen(modal)
        await settle(pilot)
        await fill(pilot, phone="+49 30 1")
        with writing(leo):
            await pilot.press("ctrl+s")
            await pilot.pause(0.1)
            assert "waiting" in wrong(pilot)
            assert modal.query_one("#phone", Input).value == "+49 30 1"
            await pilot.press("escape")  # not in the moment in which it is being recorded
            assert app.screen is modal
        for _ in range(100):
            await pilot.pause(0.05)
            if app.screen is not modal:
                break
        assert app.screen is not modal
        await settle(pilot)
    from incident.usecases.desk import responders

    assert [each.phone for each in responders(leo) if each.sign_in == "ana"] == ["+49 30 1"]


async def test_a_form_gives_up_after_a_bounded_time_and_loses_nothing(
    ana: Desk, leo: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "_WAITS", (0.01,))
    monkeypatch.setattr(form, "_PAUSE", 0.01)
    app = app_for(ana)
    async with app.run_test(size=(100, 40)) as pilot:
        await settle(pilot)
        await pilot.press("d")
        await settle(pilot)
        await fill(pilot, title="Declared while another writes")
        with writing(leo):
            await pilot.press("ctrl+s")
            for _ in range(100):
                await pilot.pause(0.05)
                if "Another window has been writing" in wrong(pilot):
                    break
            assert "Nothing was changed" in wrong(pilot)
            assert app.screen.query_one("#title", Input).value == "Declared while another writes"
            assert incidents(leo) == ()
        await pilot.press("ctrl+s")
        await settle(pilot)
    assert [each.title for each in incidents(leo)] == ["Declared while another writes"]


async def test_on_the_screen_a_thread_waits_and_says_so_and_the_keyboard_is_not_held_up(ana: Desk) -> None:
    app = app_for(ana)
    async with app.run_test(size=(100, 40)) as pilot:
        await settle(pilot)
        with pytest.raises(BusyError):
            ana.workspace.waiting(0.25)
        await asyncio.to_thread(ana.workspace.waiting, 0.25)
        assert not list(app._notifications)
        await asyncio.to_thread(ana.workspace.waiting, 1.0)
        await pilot.pause()
        assert ["waiting" in each.message for each in app._notifications] == [True]
