"""What every screen shares: the desk, the time, how a refusal is shown, how another screen is opened."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar, cast

from textual.binding import Binding
from textual.screen import Screen
from textual.worker import Worker, WorkerState

from incident.domain.incident import Incident
from incident.errors import IncidentError
from incident.tui.modals.form import FormField, FormModal
from incident.usecases.incidents import incident_of

if TYPE_CHECKING:
    from incident.tui.app import IncidentApp
    from incident.usecases.desk import Desk

T = TypeVar("T")


class BaseScreen(Screen[None]):
    """A controller: calls use cases, hands frozen values to widgets."""

    @property
    def owner(self) -> "IncidentApp":
        """The app, with its vault."""
        return cast("IncidentApp", self.app)

    @property
    def desk(self) -> "Desk":
        """The unlocked vault and who sits at it."""
        desk = self.owner.desk
        if desk is None:
            raise IncidentError("The vault is locked.", "Unlock it.")
        return desk

    @property
    def zone(self) -> str:
        """The zone in which this responder's times are read and shown."""
        return self.desk.me.zone

    def now(self) -> datetime:
        """The present instant."""
        return self.owner.now()

    def attempt(self, act: Callable[[], T]) -> T | None:
        """Do something quick; a refusal becomes a message, and nothing changed."""
        try:
            return act()
        except IncidentError as error:
            self.show_refusal(error)
            return None

    def show_refusal(self, error: IncidentError) -> None:
        """What happened and what to do."""
        self.notify(error.hint or " ", title=error.message, severity="error", timeout=12, markup=False)

    def ask(
        self, title: str, fields: tuple[FormField, ...], accept: Callable[[dict[str, str]], object], *, intro: str = ""
    ) -> None:
        """Ask with a form; what was typed stays until `accept` took it. The screen reloads afterwards."""

        def done(accepted: bool | None) -> None:  # noqa: FBT001 - Textual's callback
            if accepted:
                self.reload()

        self.app.push_screen(FormModal(title, fields, accept, intro=intro), done)

    def reload(self) -> None:
        """Read again and show; screens with content override it."""

    def on_screen_resume(self) -> None:
        """Another screen may have changed something."""
        if self.owner.desk is not None:
            self.reload()

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """A worker that failed is never silent."""
        if event.state is WorkerState.ERROR:
            error = event.worker.error
            if isinstance(error, IncidentError):
                self.show_refusal(error)
            elif error is not None:
                raise error


class IncidentScreen(BaseScreen):
    """A screen about one incident."""

    BINDINGS = [Binding("escape", "app.pop_screen", "back", id="screen.back", tooltip="Back", show=False)]

    def __init__(self, incident: Incident) -> None:
        super().__init__()
        self.incident = incident

    def fresh(self) -> Incident:
        """The incident as it stands now."""
        self.incident = incident_of(self.desk, self.incident.id)
        return self.incident

    def heading(self, what: str) -> str:
        """The title of this screen."""
        return f"{self.incident.reference} «{self.incident.code_name}» · {what}"

    def go(self, name: str, **given: Any) -> None:
        """Open another screen about the same incident."""
        self.owner.show(name, incident=self.incident, **given)
