"""An app at a desk: what holds while the vault is open, whichever screen is on top."""

from threading import get_ident

from textual.app import App

from incident.errors import BusyError
from incident.usecases.desk import Desk


class DeskApp(App[None]):
    """Holds the unlocked vault, and says when another window keeps it waiting."""

    _desk: Desk | None = None

    @property
    def desk(self) -> Desk | None:
        """The unlocked vault and who sits at it; None while it is locked."""
        return self._desk

    @desk.setter
    def desk(self, desk: Desk | None) -> None:
        self._desk = desk
        if desk is not None:
            desk.workspace.waiting = self._waits

    def _waits(self, seconds: float) -> None:
        """Another window is writing: work in a thread waits and says so; the keyboard is not held up."""
        if get_ident() == self._thread_id:
            raise BusyError(seconds)
        if 1 <= seconds < 2:
            self.call_from_thread(self.notify, "Another window is writing; waiting …", severity="warning", timeout=14)
