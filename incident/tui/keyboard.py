"""Keys one after the other: a key waits until all that the key before it set going has happened.

Textual hands a key to whatever has the focus at that moment. Typed fast, or on a loaded machine, the second key arrives while
the first still opens its form, and is lost. Here it waits, and reaches the form.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any

from textual.app import App
from textual.events import Key, Paste
from textual.message_pump import MessagePump

from incident.tui.widgets.form import Form

Typed = Key | Paste
_PATIENCE_SECONDS = 2.0
"""A widget that never answers (it is being removed) delays the next key by no more than this."""


class Keyboard:
    """What was typed and not dealt with yet."""

    def __init__(self, app: App[Any], deal: Callable[[Typed], None]) -> None:
        self._app, self._deal = app, deal
        self._waiting: deque[Typed] = deque()
        self._task: asyncio.Task[None] | None = None

    def typed(self, event: Typed) -> None:
        """Take what was typed; its turn comes."""
        self._waiting.append(event)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())

    async def at_rest(self) -> None:
        """Wait until nothing typed is left."""
        while self._task is not None and not self._task.done():
            await asyncio.wait([self._task])

    async def _run(self) -> None:
        while self._waiting and self._app.is_running:
            await self._arrived()
            path = self._path()
            self._deal(self._waiting.popleft())
            for _ in ("the key on its way up", "the messages that it set going"):
                for each in (self._app, *path):
                    await self._passed(each)

    def _path(self) -> list[MessagePump]:
        """From what has the focus up to the app: the way a key takes."""
        screen = self._app.screen
        return list((screen.focused or screen).ancestors_with_self)

    async def _arrived(self) -> None:
        """Wait until the screen on top is there, its first field has the focus, and no form is being taken in."""
        for _ in range(int(_PATIENCE_SECONDS / 0.005)):
            while any(each.busy for each in self._app.screen.query(Form)):
                await asyncio.sleep(0.02)
            screen = self._app.screen
            if screen.is_mounted and await self._passed(screen) and self._app.screen is screen:
                return
            await asyncio.sleep(0.005)

    async def _passed(self, pump: MessagePump) -> bool:
        """Wait until this widget has dealt with all that lies before it, or is gone."""
        done = asyncio.Event()
        if not pump.call_later(done.set):
            return True
        for _ in range(int(_PATIENCE_SECONDS / 0.02)):
            try:
                await asyncio.wait_for(done.wait(), 0.02)
            except TimeoutError:
                if not pump.is_running:
                    return True
            else:
                return True
        return True
