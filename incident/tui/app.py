"""The app: themes, keys that hold everywhere, which screen is where, and locking."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from textual.app import SystemCommand
from textual.binding import Binding
from textual.events import Event, Key, MouseEvent, Paste
from textual.screen import Screen

from incident import clock
from incident.tui.at_desk import DeskApp
from incident.tui.keyboard import Keyboard, Typed
from incident.tui.leaving import where_it_broke
from incident.tui.modals.help import Help
from incident.tui.screens import SCREENS
from incident.tui.themes import DARK, LIGHT
from incident.usecases.desk import Desk

IDLE_SECONDS = 5 * 60
SESSION_SECONDS = 8 * 60 * 60
CONFIRMED_SECONDS = 5 * 60
LOCKED = 75
"""The return code that says: replace this process by a fresh one."""


class IncidentApp(DeskApp):
    """One vault at one terminal."""

    CSS_PATH = "app.tcss"
    TITLE = "incident"
    ENABLE_COMMAND_PALETTE = True
    BINDINGS = [
        Binding("f1", "keys", "help", id="app.keys", tooltip="All keys of this screen"),
        Binding("f2", "theme", "theme", id="app.theme", tooltip="Dark or light", show=False),
        Binding("ctrl+l", "lock", "lock", id="app.lock", tooltip="Lock now: the keys leave this process", show=False),
        Binding("ctrl+q", "quit", "quit", id="app.quit", tooltip="Close the vault and leave", show=False),
    ]

    def __init__(
        self,
        vault: Path,
        *,
        sign_in: str = "",
        passphrase: str = "",
        desk: Desk | None = None,
        now: clock.Clock = clock.now,
    ) -> None:
        super().__init__()
        self.vault, self.desk, self.now = vault, desk, now
        self._given = (sign_in, passphrase)
        self._touched_at = self._opened_at = clock.monotonic()
        self._seen_at = now()
        self.keyboard = Keyboard(self, self._deal)
        self._due: tuple[Typed, ...] = ()
        self._confirmed_at: float | None = None

    def on_mount(self) -> None:
        """Begin where the vault stands: create it, unlock it, or show the board."""
        for theme in (DARK, LIGHT):
            self.register_theme(theme)
        self.theme = DARK.name
        self.animation_level = "none"  # what slides is not where it is read, and a slow terminal lags behind
        if self.desk is not None:
            self.show("board")
        elif (self.vault / "vault.json").exists():
            self.show("unlock", sign_in=self._given[0], passphrase=self._given[1])
        else:
            self.show("first-run")
        self.set_interval(5, self._watch)

    def _fatal_error(self) -> None:
        """Leave after a bug, showing where it was but none of the values that this process holds."""
        self._exit_renderables.append(where_it_broke(self.console))
        self._close_messages_no_wait()

    def show(self, name: str, **given: Any) -> None:
        """Put a screen on top; screens know each other by name only."""
        self.push_screen(SCREENS[name](**given))

    def show_instead(self, name: str, **given: Any) -> None:
        """Replace the screen on top."""
        self.switch_screen(SCREENS[name](**given))

    async def on_event(self, event: Event) -> None:
        """Every key and click says that somebody is here; a fresh key waits for its turn."""
        if isinstance(event, (Key, MouseEvent)):
            self._touched_at = clock.monotonic()
        if isinstance(event, (Key, Paste)) and not event.is_forwarded and event not in self._due:
            self.keyboard.typed(event)
            return
        await super().on_event(event)

    def _deal(self, event: Typed) -> None:
        self._due = (event,)
        self.post_message(event)

    @property
    def is_confirmed(self) -> bool:
        """Whether the passphrase was given a short while ago; what leaves the vault or binds somebody asks for it."""
        return self._confirmed_at is not None and clock.monotonic() - self._confirmed_at <= CONFIRMED_SECONDS

    def confirm(self) -> None:
        """The passphrase was given just now."""
        self._confirmed_at = clock.monotonic()

    def _watch(self) -> None:
        """Lock when idle, after the longest session, and when the wall clock jumped (the machine slept)."""
        at, wall = clock.monotonic(), self.now()
        slept = abs((wall - self._seen_at).total_seconds()) > 120
        self._seen_at = wall
        idle = at - self._touched_at > IDLE_SECONDS or at - self._opened_at > SESSION_SECONDS
        if self.desk is not None and (idle or slept):
            self.action_lock()

    def action_lock(self) -> None:
        """Close the vault and replace this process: no key and no text stays in memory."""
        if self.desk is None:
            return
        self.desk.close()
        self.desk = None
        self.exit(return_code=LOCKED)

    def action_keys(self) -> None:
        """Show the keys of the screen on top."""
        self.push_screen(Help(self.screen.title or "", tuple(self._keys())))

    def _keys(self) -> Iterable[tuple[str, str, str]]:
        for key, (_, binding, enabled, tooltip) in self.screen.active_bindings.items():
            if enabled and binding.description and binding.id:
                yield self.get_key_display(binding), binding.description, tooltip or binding.tooltip or key

    def action_theme(self) -> None:
        """Switch between dark and light."""
        self.theme = LIGHT.name if self.theme == DARK.name else DARK.name

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Every key of the screen on top is in the palette too."""
        for _, binding, enabled, tooltip in screen.active_bindings.values():
            if enabled and binding.description and binding.id:
                yield SystemCommand(binding.description.capitalize(), tooltip or "", self._runner(binding.action))

    def _runner(self, action: str) -> Callable[[], Any]:
        async def run() -> None:
            await self.screen.run_action(action)

        return run
