"""A form in a box: True when it was accepted, None when it was left."""

from collections.abc import Callable

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.events import Resize
from textual.screen import ModalScreen
from textual.widgets import Static

from incident.tui.widgets.form import Form, FormField, Kind

__all__ = ["FormField", "FormModal", "Kind"]


class FormModal(ModalScreen[bool | None]):
    """Asks with a form."""

    AUTO_FOCUS = Form.FIRST_FIELD
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
        button: str = "Record",
        slow: bool = False,
    ) -> None:
        super().__init__()
        self._title, self._intro = title, intro
        self._form = Form(fields, accept, button=button, slow=slow)

    def compose(self) -> ComposeResult:
        """The box with its title, what it is about, and the form."""
        with Vertical(classes="box") as box:
            box.border_title = Content(self._title)
            box.border_subtitle = "tab next field · esc leaves"
            if self._intro:
                yield Static(self._intro, classes="intro", markup=False)
            yield self._form

    @on(Resize)
    @on(Form.Reshaped)
    def fit(self) -> None:
        """The box fits the terminal; the fields take what is left in it."""
        intro = sum(each.outer_size.height for each in self.query(".intro"))
        self._form.fit(self.size.height - 2 - intro)

    @on(Form.Accepted)
    def accepted(self) -> None:
        """The values were taken."""
        self.dismiss(True)  # noqa: FBT003 - the answer itself

    def action_submit(self) -> None:
        """Record."""
        self._form.submit()

    def action_leave(self) -> None:
        """Leave without recording; not in the moment in which it is being recorded."""
        if not self._form.busy:
            self.dismiss(None)
