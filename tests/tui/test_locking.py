"""The screen locks itself: when nobody is there, after the longest session, when the machine slept; each with its own proof."""

from datetime import timedelta
from pathlib import Path

import pytest

import incident.tui
from incident import clock
from incident.tui import app as app_module
from incident.tui import leaving
from incident.tui.app import CONFIRMED_SECONDS, IDLE_SECONDS, LOCKED, SESSION_SECONDS, IncidentApp
from incident.usecases.desk import Desk
from tests.conftest import NOW
from tests.tui.driving import app_for, settle


class Watch:
    """Both clocks, moved by a test."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.passed = 0.0
        self.slept = timedelta()
        monkeypatch.setattr(clock, "monotonic", lambda: self.passed)

    def now(self) -> object:
        return NOW + timedelta(seconds=self.passed) + self.slept

    def on(self, app: IncidentApp, seconds: float) -> None:
        """Time passes as it does, with a look every minute."""
        end = self.passed + seconds
        while self.passed < end and app.desk is not None:
            self.passed = min(end, self.passed + 60)
            app._watch()


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    return Watch(monkeypatch)


async def test_five_idle_minutes_lock_and_a_key_begins_them_anew(ana: Desk, watch: Watch) -> None:
    app = app_for(ana, now=watch.now)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        watch.on(app, IDLE_SECONDS)
        await pilot.press("down")
        await settle(pilot)
        watch.on(app, IDLE_SECONDS)
        assert app.desk is not None
        watch.on(app, 1)
        assert app.desk is None
    assert app.return_code == LOCKED


async def test_eight_hours_lock_however_busy_the_hands_are(ana: Desk, watch: Watch) -> None:
    app = app_for(ana, now=watch.now)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        while watch.passed < SESSION_SECONDS:
            await pilot.press("down")
            await pilot.app.keyboard.at_rest()  # type: ignore[attr-defined]
            watch.on(app, 240)
            assert (app.desk is None) == (watch.passed > SESSION_SECONDS)
        await pilot.press("down")
        watch.on(app, 60)
        assert app.desk is None
    assert app.return_code == LOCKED


@pytest.mark.parametrize("jump", [timedelta(minutes=3), timedelta(hours=9), -timedelta(minutes=3)])
async def test_a_machine_that_slept_wakes_up_locked(ana: Desk, watch: Watch, jump: timedelta) -> None:
    """The monotonic clock may stand still while it sleeps: only the wall clock tells."""
    app = app_for(ana, now=watch.now)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        watch.on(app, 120)
        assert app.desk is not None
        watch.slept = jump
        app._watch()
        assert app.desk is None
    assert app.return_code == LOCKED


async def test_the_watch_looks_every_few_seconds(ana: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    beats: list[float] = []
    set_interval = IncidentApp.set_interval

    def noted(self: IncidentApp, interval: float, callback: object = None, **given: object) -> object:
        if callback == self._watch:
            beats.append(interval)
        return set_interval(self, interval, callback, **given)  # type: ignore[arg-type]

    monkeypatch.setattr(IncidentApp, "set_interval", noted)
    app = app_for(ana)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
    assert beats == [5]


async def test_the_limits_are_those_that_the_readme_promises() -> None:
    assert (IDLE_SECONDS, SESSION_SECONDS, CONFIRMED_SECONDS) == (5 * 60, 8 * 60 * 60, 5 * 60)


async def test_a_confirmed_passphrase_holds_for_five_minutes_and_no_longer(ana: Desk, watch: Watch) -> None:
    app = app_for(ana, now=watch.now, confirmed=False)
    assert not app.is_confirmed
    app.confirm()
    watch.passed += CONFIRMED_SECONDS
    assert app.is_confirmed
    watch.passed += 1
    assert not app.is_confirmed


def test_a_locked_screen_replaces_its_process_and_one_that_was_left_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replaced: list[Path] = []
    monkeypatch.setattr(leaving, "lock_and_replace", replaced.append)
    for code, expected in ((0, []), (LOCKED, [tmp_path])):

        class Left(IncidentApp):
            def run(self, *given: object, code: int = code, **more: object) -> None:
                self._return_code = code

        monkeypatch.setattr(app_module, "IncidentApp", Left)
        incident.tui.run(tmp_path)
        assert replaced == expected


def test_the_process_is_replaced_and_not_only_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[tuple[str, list[str]]] = []
    monkeypatch.setattr("os.execv", lambda program, words: made.append((program, words)))
    leaving.lock_and_replace(tmp_path)
    (program, words) = made[0]
    assert words == [program, "-m", "incident", "open", "--vault", str(tmp_path)]
