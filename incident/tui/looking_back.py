"""What a screen that is always there does besides: say once what came due while it was closed, and keep reminders current."""

from dataclasses import dataclass
from datetime import datetime

from textual import on, work
from textual.message import Message

from incident.tui.base_screen import BaseScreen
from incident.tui.widgets.came_due import CameDueNotice, Passed
from incident.usecases.came_due import came_due, last_seen, mark_seen
from incident.usecases.reminders import refresh_after

_EVERY = 60
"""Seconds between two looks."""


class LookingBackScreen(BaseScreen):
    """Holds a `CameDueNotice`; begins to look when it is told to."""

    @dataclass
    class LookedBack(Message):
        """Something came due between two instants."""

        passed: tuple[Passed, ...]
        since: datetime
        now: datetime

    _kept_at: datetime | None = None

    def begin_looking(self) -> None:
        """Say what came due, and from now on keep that somebody is here."""
        self._look_back()
        self.set_interval(_EVERY, self._keep)

    @work(thread=True, exit_on_error=False, group="came-due")
    def _look_back(self) -> None:
        """What came due since this responder last had the screen open; from now on that is now."""
        desk, now = self.desk, self.now()
        since = last_seen(desk)
        found = came_due(desk, since=since, now=now) if since is not None else ()
        mark_seen(desk, now=now)
        if since is not None and found:
            passed = tuple(Passed(each.incident.code_name, each.title, each.due_at) for each in found)
            self.post_message(self.LookedBack(passed, since, now))

    @on(LookedBack)
    def _tell(self, message: LookedBack) -> None:
        self.query_one(CameDueNotice).tell(message.passed, message.since, message.now, self.zone)

    def _keep(self) -> None:
        if self.owner.desk is not None:
            self._keep_current()

    @work(thread=True, exit_on_error=False, group="reminders", exclusive=True)
    def _keep_current(self) -> None:
        """Keep that somebody is here, and the reminders as the record stands."""
        desk = self.owner.desk
        if desk is None:
            return
        mark_seen(desk, now=self.now())
        changed_at = desk.workspace.changed_at
        if changed_at != self._kept_at and refresh_after(desk, self.now()):
            self._kept_at = changed_at
