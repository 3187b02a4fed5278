"""A form: labelled fields, a line for what is wrong, and a read-back below fields that want one.

What was typed stays until it was accepted, whatever fails.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.message import Message
from textual.widgets import Button, Input, Label, Select, Static, TextArea

from incident.errors import IncidentError


class Kind(StrEnum):
    """How a field is filled in."""

    LINE = "line"
    SECRET = "secret"  # noqa: S105 - a kind of field
    PROSE = "prose"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class FormField:
    """One field. `preview` turns what is typed into a line below it (a time read back with its zone)."""

    key: str
    label: str
    kind: Kind = Kind.LINE
    value: str = ""
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    preview: Callable[[str], str] | None = None


class Form(Vertical):
    """Fields and a button; posts `Accepted` when `accept` took the values."""

    @dataclass
    class Accepted(Message):
        """The values were taken."""

        form: "Form"

        @property
        def control(self) -> "Form":
            """The form that was accepted."""
            return self.form

    def __init__(
        self,
        fields: tuple[FormField, ...],
        accept: Callable[[dict[str, str]], object],
        *,
        button: str = "Record",
        id: str | None = None,  # noqa: A002 - Textual's name
    ) -> None:
        super().__init__(id=id)
        self.fields, self._accept, self._button = fields, accept, button

    def compose(self) -> ComposeResult:
        """Label, field and read-back for each, then what is wrong, then the button."""
        with VerticalScroll(classes="fields"):
            for field in self.fields:
                yield Label(field.label, classes="label", markup=False)
                yield self._input(field)
                if field.preview is not None or field.hint:
                    yield Static(field.hint, id=f"{field.key}-preview", classes="preview", markup=False)
        yield Static("", classes="wrong", markup=False)
        yield Button(f"{self._button}  (ctrl+s)", variant="primary")

    def _input(self, field: FormField) -> Input | TextArea | Select[str]:
        match field.kind:
            case Kind.PROSE:
                area = TextArea(field.value, id=field.key, soft_wrap=True, tab_behavior="focus")
                area.styles.height = 6
                return area
            case Kind.CHOICE:
                options = [(label, token) for token, label in field.choices]
                value = field.value or (field.choices[0][0] if field.choices else "")
                return Select(options, id=field.key, value=value, allow_blank=False)
            case _:
                return Input(field.value, id=field.key, password=field.kind is Kind.SECRET)

    def values(self) -> dict[str, str]:
        """What is typed now."""
        found: dict[str, str] = {}
        for field in self.fields:
            widget = self.query_one(f"#{field.key}")
            if isinstance(widget, TextArea):
                found[field.key] = widget.text
            elif isinstance(widget, (Input, Select)):
                found[field.key] = str(widget.value)
        return found

    @on(Input.Changed)
    def preview(self, event: Input.Changed) -> None:
        """Read back what is typed."""
        field = next((each for each in self.fields if each.key == event.input.id), None)
        if field is None or field.preview is None:
            return
        try:
            shown = field.preview(event.value) if event.value.strip() else field.hint
        except IncidentError as error:
            shown = error.message
        self.query_one(f"#{field.key}-preview", Static).update(shown)

    @on(Button.Pressed)
    @on(Input.Submitted)
    def submit(self) -> None:
        """Try to have the values accepted; a refusal is shown here and nothing is cleared."""
        wrong = self.query_one(".wrong", Static)
        try:
            self._accept(self.values())
        except IncidentError as error:
            wrong.update(f"{error.message} {error.hint}".strip())
            wrong.add_class("shown")
            return
        wrong.update("")
        wrong.remove_class("shown")
        self.post_message(self.Accepted(self))
