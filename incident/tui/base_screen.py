"""What every screen shares: the desk, the time, how a refusal is shown, how another screen is opened."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar, cast

from textual.binding import Binding
from textual.content import Content
from textual.screen import Screen
from textual.worker import Worker, WorkerState

from incident.domain.incident import Incident
from incident.errors import IncidentError, RefusedError
from incident.store.device import system_device_store
from incident.tui.modals.form import FormField, FormModal, Kind
from incident.tui.modals.page import Page
from incident.tui.widgets.blocks import Block
from incident.usecases.incidents import incident_of
from incident.usecases.session import is_me

if TYPE_CHECKING:
    from incident.tui.app import IncidentApp
    from incident.usecases.desk import Desk

T = TypeVar("T")
_STEP_UP = "What comes next binds you, ends something or leaves the vault, so the passphrase is asked for once in five minutes."


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
        self,
        title: str,
        fields: tuple[FormField, ...],
        accept: Callable[[dict[str, str]], object],
        *,
        intro: str = "",
        slow: bool = False,
        button: str = "Record",
        then: Callable[[], object] = lambda: None,
    ) -> None:
        """Ask with a form; what was typed stays until `accept` took it, and `then` follows. The screen is read again.

        `slow`: `accept` takes a second (a passphrase is stretched) and runs in a thread.
        """

        def done(accepted: bool | None) -> None:  # noqa: FBT001 - Textual's callback
            if accepted:  # the screen below reads itself again when it is back on top: once is enough
                then()

        self.app.push_screen(FormModal(title, fields, accept, intro=intro, slow=slow, button=button), done)

    def confirmed(self, then: Callable[[], object]) -> None:
        """Go on once the person at the keyboard has given their passphrase, unless they gave it a short while ago."""
        if self.owner.is_confirmed:
            then()
            return

        def accept(typed: dict[str, str]) -> None:
            if not is_me(self.desk, typed["passphrase"], system_device_store()):
                raise RefusedError(f"This is not the passphrase of {self.desk.me.name}.", "Type it again; nothing was done.")

        def done(accepted: bool | None) -> None:  # noqa: FBT001 - Textual's callback
            if accepted:
                self.owner.confirm()
                then()

        field = FormField("passphrase", f"Passphrase of {self.desk.me.name}", Kind.SECRET, forget=True)
        self.app.push_screen(FormModal("Is it you?", (field,), accept, intro=_STEP_UP, button="It is me", slow=True), done)

    def read_page(self, title: str, text: str | Content | Sequence[Block]) -> None:
        """Show a text in full."""
        self.app.push_screen(Page(title, text))

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
