"""A form: labelled fields, a line for what is wrong, and a read-back below fields that want one.

What was typed stays until it was accepted, whatever fails. The fields scroll; what is wrong and the button never leave
the sight, however small the terminal.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.events import DescendantFocus, Resize
from textual.message import Message
from textual.widgets import Button, Input, Label, Select, Static, TextArea

from incident.errors import BusyError, IncidentError

_TRIES, _PAUSE = 15, 0.75
"""How often a form tries while another window writes, and the seconds between."""


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
    forget: bool = False
    """Emptied when the form is refused: nobody can see what is wrong in a wrong passphrase, so it is typed anew."""


class FieldScroll(VerticalScroll, can_focus=False):
    """The fields; the keyboard goes to them, never to their container."""

    def bring(self, field: Vertical) -> None:
        """Scroll so far that the whole field is in sight; its top, if it is too tall."""
        top, room = field.virtual_region.y, self.size.height
        lowest = max(0, top + field.size.height - room)
        wanted = min(top, max(lowest, int(self.scroll_target_y)))
        self.scroll_to(y=wanted, animate=False, immediate=True)


class Form(Vertical):
    """Fields and a button; posts `Accepted` when `accept` took the values.

    With `slow`, `accept` runs in a thread of the screen's: a passphrase takes a second to stretch.
    """

    FIRST_FIELD = "Form Input, Form TextArea, Form Select, Form Button"
    """Where a screen with a form begins: its AUTO_FOCUS."""

    @dataclass
    class Accepted(Message):
        """The values were taken."""

        form: "Form"

        @property
        def control(self) -> "Form":
            """The form that was accepted."""
            return self.form

    class Reshaped(Message):
        """What the form needs has changed: whoever holds it says how much there is."""

    def __init__(
        self,
        fields: tuple[FormField, ...],
        accept: Callable[[dict[str, str]], object],
        *,
        button: str = "Record",
        slow: bool = False,
        id: str | None = None,  # noqa: A002 - Textual's name
    ) -> None:
        super().__init__(id=id)
        self.fields, self._accept, self._button, self._slow = fields, accept, button, slow
        self.busy = False
        """The values are being taken in a thread, or have been taken by it: nothing more is recorded."""

    def compose(self) -> ComposeResult:
        """Label, field and read-back for each, then what is wrong, then the button."""
        with FieldScroll(classes="fields"):
            for field in self.fields:
                with Vertical(classes="field"):
                    yield Label(field.label, classes="label", markup=False)
                    yield self._input(field)
                    if field.preview is not None or field.hint:
                        yield Static(field.hint, id=f"{field.key}-preview", classes="preview", markup=False)
        yield Static("", classes="wrong", markup=False)
        yield Button(f"{self._button}  (ctrl+s)", variant="primary", compact=True)

    def _input(self, field: FormField) -> Input | TextArea | Select[str]:
        match field.kind:
            case Kind.PROSE:
                area = TextArea(field.value, id=field.key, soft_wrap=True, tab_behavior="focus")
                area.styles.height = 6
                return area
            case Kind.CHOICE:
                options = [(label, token) for token, label in field.choices]
                value = field.value or (field.choices[0][0] if field.choices else "")
                return Select(options, id=field.key, value=value, allow_blank=False, compact=True)
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

    def fit(self, height: int) -> None:
        """Give the fields what is left of so many lines once what is wrong and the button have theirs."""
        wrong = self.query_one(".wrong", Static)
        lines = -(-len(str(wrong.content)) // max(1, self.size.width - 4)) + 1 if wrong.has_class("shown") else 0
        self.query_one(FieldScroll).styles.max_height = max(2, height - lines - 2)
        self.show_focused()

    def on_resize(self, event: Resize) -> None:
        """A narrower line makes a longer message."""
        self.post_message(self.Reshaped())

    @on(DescendantFocus)
    def show_focused(self) -> None:
        """Scroll to the focused field, after the scrolling that Textual does on its own for its line alone."""
        self.call_after_refresh(self.call_after_refresh, self._show_focused)

    def _show_focused(self) -> None:
        """The focused field with its label and read-back, not only its line."""
        focused = self.screen.focused if self.is_attached else None
        field = next((each for each in focused.ancestors if each.has_class("field")), None) if focused else None
        if isinstance(field, Vertical) and self in field.ancestors:
            self.query_one(FieldScroll).bring(field)

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
        """Try to have the values accepted; a refusal is shown here and nothing is cleared but a wrong passphrase."""
        if self.busy:
            return
        values = self.values()
        if not self._slow:
            self._try(values, tries=_TRIES)
            return
        self.busy = True
        self._say("One moment …")
        self.screen.run_worker(lambda: self._ask_in_thread(values), thread=True, group="form")

    def _try(self, values: dict[str, str], *, tries: int) -> None:
        """Have the values accepted; while another window writes, say so and try again, the keyboard free in between."""
        refusal = self._refusal(values)
        if not isinstance(refusal, BusyError) or tries == 1:
            self._answer(refusal)
            return
        self.busy = True
        self._say("Another window is writing; waiting …")
        self.set_timer(_PAUSE, lambda: self._try(values, tries=tries - 1))

    def _ask_in_thread(self, values: dict[str, str]) -> None:
        refusal = self._refusal(values)
        self.app.call_from_thread(self._answer, refusal)

    def _refusal(self, values: dict[str, str]) -> IncidentError | None:
        try:
            self._accept(values)
        except IncidentError as error:
            return error
        return None

    def _answer(self, refusal: IncidentError | None) -> None:
        if refusal is None:  # and still busy, so that what is typed ahead waits for whatever comes next
            self._say("")
            self.post_message(self.Accepted(self))
            return
        self.busy = False
        self._say(f"{refusal.message} {refusal.hint}".strip())
        for field in self.fields:
            if field.forget:
                self.query_one(f"#{field.key}", Input).clear()
        focused = self.screen.focused
        if isinstance(focused, Input) and focused.password:
            focused.select_all()  # typed anew, it replaces what nobody can see

    def _say(self, text: str) -> None:
        wrong = self.query_one(".wrong", Static)
        wrong.update(text)
        wrong.set_class(bool(text), "shown")
        self.post_message(self.Reshaped())
