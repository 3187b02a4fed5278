"""None missed, none doubled: a month of sleep, clock changes and restarts, kill -9, a full disk, a torn line."""

import json
import signal
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from threading import Thread
from time import sleep
from zoneinfo import ZoneInfo

import pytest

from incident.domain.ladder import DueKind, ladder_of
from incident.domain.reminder import Due, Watched
from incident.domain.reminder_text import Schedule
from incident.errors import StoreError
from incident.store.reminder_file import ReminderFile
from incident.store.reminder_key import ReminderPlace
from incident.store.reminder_record import held_record
from incident.usecases.reminding import Reminders, remind
from tests.conftest import NOW

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


def told(reminders: Reminders, now: datetime) -> list[str]:
    lines: list[str] = []
    remind(reminders, now=now, printer=lines.append)
    return lines


def a_schedule(folder: Path, watched: tuple[Watched, ...]) -> Reminders:
    """A sealed file of these incidents, without a database."""
    folder.mkdir()
    key = bytes(range(32))
    ReminderPlace("v").keep_key(key)
    ReminderFile(folder, "v", key).write(Schedule(NOW, watched))
    return Reminders(folder, "v")


def a_month(chance: Random) -> tuple[Watched, ...]:
    found = []
    for number in range(4):
        count = chance.randint(1, 5)
        made = tuple(
            Due(
                f"{number}-{each}",
                chance.choice(list(DueKind)),
                NOW + timedelta(minutes=chance.randint(-600, 27 * 1440)),
                "legal",
                ladder_of("7d, 24h, 4h > commander, due > commander, +1h > commander, +24h > executive"),
            )
            for each in range(count)
        )
        found.append(Watched(f"i{number}", f"Bird {number}", False, "", NOW, made))
    return tuple(found)


class Killed(BaseException):
    """The machine stops here."""


@dataclass
class Month:
    """A machine that sleeps, whose clock is set back and put right, which stops while it sends, and what was heard of it."""

    reminders: Reminders
    chance: Random
    messages: list[str]
    torn: int = 0

    def post(self, url: str, title: str, text: str) -> str:
        fate = self.chance.random()
        if fate < 0.05:
            return "not reached"
        self.messages.append(text)
        if fate < 0.10:
            raise Killed
        return ""

    def live(self) -> datetime:
        now, skew = NOW, timedelta()
        while now < NOW + timedelta(days=38):
            now += timedelta(minutes=self.chance.choice((5, 5, 5, 5, 30, 30, 7 * 60, 14 * 60)))
            if self.chance.random() < 0.02:
                skew = timedelta(minutes=self.chance.randint(-90, 0))
            elif self.chance.random() < 0.2:
                skew = timedelta()
            self.look((now + skew).astimezone(BERLIN if self.chance.random() < 0.5 else UTC))
        remind(self.reminders, now=now, post=lambda url, title, text: self.messages.append(text) or "")  # type: ignore[func-returns-value]
        return now

    def look(self, now: datetime) -> None:
        try:
            remind(self.reminders, now=now, post=self.post)
        except Killed:
            self.torn += 1


BERLIN = ZoneInfo("Europe/Berlin")
"""Summer time begins on 29 March, within the month."""


@pytest.mark.parametrize("seed", range(4))
def test_a_month_with_sleep_clock_changes_and_restarts_misses_and_doubles_nothing(tmp_path: Path, seed: int) -> None:
    chance = Random(seed)
    watched = a_month(chance)
    month = Month(a_schedule(tmp_path / "v", watched), chance, [])
    place = month.reminders.place
    place.keep_channels([{"key": "all", "url": "x", "role": ""}, {"key": "legal", "url": "y", "role": "legal"}])
    now = month.live()
    rungs = [(due.rung_id(rung), due.due_at + rung.after, rung) for each in watched for due in each.dues for rung in due.rungs]
    wanted = {name for name, at, rung in rungs if at <= now and (rung.after >= timedelta() or at >= NOW)}
    with held_record(place.folder) as record:
        for channel in ("all", "legal"):
            assert {name for name, _, _ in rungs if record.is_sent(channel, name)} == wanted
    lines = [json.loads(line) for line in (place.folder / "sent.jsonl").read_text().splitlines()]
    done = Counter((channel, name) for _, state, channel, names in lines if state == "sent" for name in names)
    assert set(done.values()) == {1}
    assert all(datetime.fromisoformat(at) >= _reached(name) for at, _, _, names in lines for name in names)
    repeats = sum("may be a repeat" in text for text in month.messages)
    assert month.torn > 0
    assert len(month.messages) - sum(state == "sent" for _, state, *_ in lines) == month.torn  # a torn one was heard, not noted
    assert repeats <= month.torn


def _reached(rung: str) -> datetime:
    _, due, after = rung.rsplit(".", 2)
    return datetime.fromtimestamp(int(due) + int(after), UTC)


_KILLED = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
from incident.usecases.reminding import Reminders, remind

def post(url, title, text):
    with open(sys.argv[2], "a") as file:
        file.write(text + "\\n")
        file.flush()
        os.fsync(file.fileno())
    if sys.argv[4] == "after":
        os.kill(os.getpid(), signal.SIGKILL)
    return ""

if sys.argv[4] == "before":
    import incident.store.reminder_record as record
    record.os.fsync = lambda handle: os.kill(os.getpid(), signal.SIGKILL)
remind(Reminders(Path(sys.argv[1]), "v"), now=datetime.fromisoformat(sys.argv[3]), post=post)
"""


def test_the_record_survives_kill_9(tmp_path: Path) -> None:
    due = Due("d", DueKind.CLOCK, NOW, "legal", ladder_of("due"))
    reminders = a_schedule(tmp_path / "v", (Watched("i", "Bird", False, "", NOW, (due,)),))
    reminders.place.keep_channels([{"key": "all", "url": "x", "role": ""}])
    heard = tmp_path / "heard"
    remind(reminders, now=NOW - HOUR)

    def run(fate: str) -> int:
        words = [str(reminders.vault), str(heard), NOW.isoformat(), fate]
        return subprocess.run([sys.executable, "-c", _KILLED, *words], check=False).returncode

    assert run("before") == -signal.SIGKILL
    assert not heard.exists()
    assert run("after") == -signal.SIGKILL
    assert run("well") == 0
    assert run("well") == 0
    first, second = heard.read_text().splitlines()
    assert second.startswith(first.split(" (may be")[0].rstrip(".")) or "repeat" in first
    assert "may be a repeat" in second


def test_a_record_that_cannot_be_written_sends_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    due = Due("d", DueKind.CLOCK, NOW, "legal", ladder_of("due"))
    reminders = a_schedule(tmp_path / "v", (Watched("i", "Bird", False, "", NOW, (due,)),))

    told(reminders, NOW - HOUR)

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("incident.store.reminder_record.os.fsync", full)
    with pytest.raises(StoreError, match="cannot be recorded"):
        told(reminders, NOW)
    monkeypatch.undo()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    assert len(told(reminders, NOW)) == 1


def test_a_torn_line_does_not_swallow_the_next(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    with held_record(folder) as record:
        record.begin("c", ("a",), now=NOW)
        record.sent("c", ("a",), now=NOW)
    with (folder / "sent.jsonl").open("ab") as file:
        file.write(b'["2026-03-02T14:0')
    with held_record(folder) as record:
        record.begin("c", ("b",), now=NOW)
    with held_record(folder) as record:
        assert record.is_sent("c", "a")
        assert record.was_begun("c", ("b",))


def test_two_processes_at_once_tell_each_rung_once(tmp_path: Path) -> None:
    due = Due("d", DueKind.CLOCK, NOW, "legal", ladder_of("1h, due"))
    reminders = a_schedule(tmp_path / "v", (Watched("i", "Bird", False, "", NOW - 3 * HOUR, (due,)),))
    reminders.place.keep_channels([{"key": "all", "url": "x", "role": ""}])
    heard: list[str] = []

    def post(url: str, title: str, text: str) -> str:
        sleep(0.05)
        heard.append(text)
        return ""

    both = [Thread(target=remind, args=(reminders,), kwargs={"now": NOW, "post": post}) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert len(heard) == 1
