"""A form in a box: True when it was accepted, None when it was left."""

from collections.abc import Callable

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from incident.tui.widgets.form import Form, FormField, Kind

__all__ = ["FormField", "FormModal", "Kind"]


class FormModal(ModalScreen[bool | None]):
    """Asks with a form."""

    BINDINGS = [
        Binding("escape", "leave", "leave", id="form.leave", tooltip="Leave without recording"),
        Binding("ctrl+s", "submit", "record", id="form.submit", tooltip="Record what is typed", priority=True),
    ]

    def __init__(
        self,
        title: str,
        fields: tuple[FormField, ...],
        accept: Callable[[dict[str, str]], object],
        *,
        intro: str = "",
    ) -> None:
        super().__init__()
        self._title, self._fields, self._accept, self._intro = title, fields, accept, intro

    def compose(self) -> ComposeResult:
        """The box with its title, what it is about, and the form."""
        with Vertical(classes="box") as box:
            box.border_title = self._title
            if self._intro:
                yield Static(self._intro, classes="intro", markup=False)
            yield Form(self._fields, self._accept)

    @on(Form.Accepted)
    def accepted(self) -> None:
        """The values were taken."""
        self.dismiss(True)  # noqa: FBT003 - the answer itself

    def action_submit(self) -> None:
        """Record."""
        self.query_one(Form).submit()

    def action_leave(self) -> None:
        """Leave without recording."""
        self.dismiss(None)
