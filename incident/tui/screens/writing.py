"""Write one answer of a notice in Markdown: kept while it is typed, counted and checked as it grows, recorded by ctrl+s."""

from uuid import UUID

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.timer import Timer
from textual.widgets import Static, TextArea

from incident.domain.incident import Incident
from incident.errors import ConflictError, IncidentError
from incident.tui.base_screen import IncidentScreen
from incident.tui.notice_page import live_page
from incident.tui.widgets.key_line import KeyLine
from incident.tui.widgets.texts import local
from incident.usecases.editor_text import edited_in_editor
from incident.usecases.notice_check import live_check
from incident.usecases.notices import draft, edit_field
from incident.usecases.unsaved_text import forget_unsaved, keep_unsaved, unsaved

_KEEP_SECONDS = 0.5
_LOOK_SECONDS = 0.3


class WritingScreen(IncidentScreen):
    """One text of a notice."""

    TITLE = "Write"
    AUTO_FOCUS = "#text"
    BINDINGS = [
        Binding("ctrl+s", "record", "record", id="writing.record", tooltip="Record the text in the notice", priority=True),
        Binding("f4", "editor", "editor", id="writing.editor", tooltip="Go on writing in $EDITOR"),
        Binding(
            "f6", "follow", "follow facts", id="writing.follow", tooltip="Drop these words; the field follows the facts again"
        ),
        Binding("escape", "leave", "leave", id="writing.leave", tooltip="Leave; what is typed is kept", priority=True),
    ]

    def __init__(self, incident: Incident, notice_id: UUID, field: str) -> None:
        super().__init__(incident)
        self.notice_id, self.field_key = notice_id, field
        self._kept = ""
        self._keeping = self._left = False
        self._waiting: dict[str, Timer] = {}

    def compose(self) -> ComposeResult:
        """What is asked, the text, and what it amounts to."""
        yield Static("", classes="head", markup=False)
        yield Static("", id="asked", markup=False)
        yield TextArea("", id="text", soft_wrap=True, tab_behavior="focus")
        with VerticalScroll(id="verdict"):
            yield Static("", id="live")
        yield KeyLine()

    def on_mount(self) -> None:
        """The text as it stands, or as it was typed and not recorded."""
        self.draft = draft(self.desk, self.notice_id, now=self.now())
        field, held = self.draft.template.field_named(self.field_key), self.draft.notice.fields[self.field_key]
        self._seen: object = (held.whole or held.value) if held.edited else None
        self._standing = held.whole or str(held.value or "")
        waiting = unsaved(self.desk, self.notice_id).get(self.field_key)
        self._kept = waiting.text if waiting is not None else self._standing
        label = field.label if field is not None else self.field_key
        self.query_one(".head", Static).update(self.heading(f"{label} [{self.draft.notice.language}]"))
        guidance = field.guidance if field is not None else ""
        back = f"Typed {local(waiting.at, self.zone)} and not recorded. " if waiting is not None else ""
        self.query_one("#asked", Static).update(f"{back}{guidance}".strip() or "Markdown: **bold**, - lists, blank lines.")
        area = self.query_one("#text", TextArea)
        area.load_text(self._kept)
        area.move_cursor(area.document.end)
        self.look()

    def reload(self) -> None:
        """The text is the writer's own; nothing is read again under their hands."""

    @property
    def text(self) -> str:
        """What is typed now."""
        return self.query_one("#text", TextArea).text

    @on(TextArea.Changed)
    def typed(self) -> None:
        """Keep it, and say what it amounts to, each in a moment."""
        self._soon("keep", _KEEP_SECONDS, self.keep)
        self._soon("look", _LOOK_SECONDS, self.look)

    def _soon(self, name: str, seconds: float, act: object) -> None:
        held = self._waiting.get(name)
        if held is None:
            self._waiting[name] = self.set_timer(seconds, act)  # type: ignore[arg-type]

    def look(self) -> None:
        """Count and check."""
        self._waiting.pop("look", None)
        if self.is_mounted and self.owner.desk is not None:
            self.query_one("#live", Static).update(live_page(live_check(self.draft, self.field_key, self.text)))

    def keep(self) -> None:
        """Keep what is typed in the vault; the keyboard stays free."""
        self._waiting.pop("keep", None)
        if self._keeping:
            self._soon("keep", _KEEP_SECONDS, self.keep)
        elif self.is_mounted and not self._left and self.owner.desk is not None and self.text != self._kept:
            self._keeping = True
            self._keep_in_thread(self.text)

    @work(thread=True, exit_on_error=False, group="typing")
    def _keep_in_thread(self, text: str) -> None:
        try:
            keep_unsaved(self.desk, self.notice_id, self.field_key, text, now=self.now())
            self._kept = text
        finally:
            self._keeping = False

    def _keep_now(self, text: str) -> None:
        if text != self._kept:
            keep_unsaved(self.desk, self.notice_id, self.field_key, text, now=self.now())
            self._kept = text

    def action_leave(self) -> None:
        """Leave; an unchanged text leaves nothing behind, another one waits where it was left."""
        self._left = True
        text = self.text
        if text == self._standing:
            self.attempt(lambda: forget_unsaved(self.desk, self.notice_id, self.field_key, now=self.now()))
        else:
            self.attempt(lambda: self._keep_now(text))
            self.notify("What you typed is kept, and not recorded yet.", timeout=5)
        self.app.pop_screen()

    def action_record(self) -> None:
        """Record the text; somebody else's newer words are shown before they are overwritten."""
        self._record(self.text)

    def action_follow(self) -> None:
        """Let the field follow the facts again, once the writer has said so: their words are gone then."""

        def accept(_: dict[str, str]) -> None:
            edit_field(self.desk, self.notice_id, self.field_key, None, now=self.now(), seen=(self._seen,))
            forget_unsaved(self.desk, self.notice_id, self.field_key, now=self.now())
            self.on_mount()

        self.ask("Follow the facts again", (), accept, intro="The words written here are dropped.", button="Drop them")

    def _record(self, text: str) -> None:
        value = text if text.strip() else None
        try:
            edit_field(self.desk, self.notice_id, self.field_key, value, now=self.now(), seen=(self._seen,))
        except ConflictError as error:
            self._seen = error.standing  # it is shown now: recording again means it
            self.attempt(lambda: self._keep_now(text))
            self.show_refusal(error)
        except IncidentError as error:
            self.attempt(lambda: self._keep_now(text))
            self.show_refusal(error)
        else:
            self._left = True
            self.app.pop_screen()

    def action_editor(self) -> None:
        """Write on in the writer's own editor; what it saves is kept at once."""
        with self.app.suspend():
            text = self.attempt(lambda: edited_in_editor(self.text, self.field_key, self._keep_now))
        if text is not None:
            self.query_one("#text", TextArea).load_text(text)
            self._keep_now(text)
            self.look()
