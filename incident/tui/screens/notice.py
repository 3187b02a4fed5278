"""One notice: its fields with the check beside them, the highlighted one in full; versions, approval, PDF and filing."""

from datetime import datetime

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.events import Resize
from textual.widgets import DataTable, Static

from incident.domain.notice import FieldType, NoticeField
from incident.errors import RefusedError
from incident.tui.notice_acts import NoticeActs
from incident.tui.notice_page import check_page
from incident.tui.widgets.key_line import KeyLine
from incident.tui.widgets.table import Column, Table
from incident.tui.widgets.texts import local
from incident.usecases.notice_check import notice_check
from incident.usecases.notice_follow_up import follow_up
from incident.usecases.notice_reminders import foreign_words
from incident.usecases.notices import Draft, draft
from incident.usecases.unsaved_text import unsaved
from incident.usecases.versions import versions


def _row_text(row: dict[str, object]) -> str:
    """A row of numbers by place: `US-CA 620 (about)`."""
    said = " ".join(str(part) for part in row.values() if not isinstance(part, bool))
    return f"{said} (about)" if any(part is True for part in row.values()) else said


class NoticeScreen(NoticeActs):
    """Edit, freeze, approve, print, file."""

    TITLE = "Notice"
    BINDINGS = [
        Binding("enter", "edit", "edit", id="notice.edit", tooltip="Write the highlighted field in your own words"),
        Binding("o", "recipient", "recipient", id="notice.recipient", tooltip="To whom it goes"),
        Binding("c", "check", "check", id="notice.check", tooltip="The check and the versions in full"),
        Binding("v", "freeze", "version", id="notice.freeze", tooltip="Freeze the text as a version"),
        Binding("a", "approve", "approve", id="notice.approve", tooltip="Sign as the second person, or refuse"),
        Binding("p", "pdf", "PDF", id="notice.pdf", tooltip="Write the newest version's PDF"),
        Binding("s", "sent", "sent", id="notice.sent", tooltip="Record that it was sent"),
        Binding("d", "compare", "changes", id="notice.compare", tooltip="What changed since the recipient was told"),
        Binding("y", "copying", "copy out", id="notice.copy", tooltip="Field by field into the recipient's portal"),
        Binding("g", "language", "language", id="notice.language", tooltip="Write it in another language"),
    ]

    def compose(self) -> ComposeResult:
        """Fields on the left with the highlighted one in full, the check on the right."""
        yield Static("", classes="head", markup=False)
        with Horizontal(id="notice"):
            with Vertical(id="fields"):
                yield Table(Column("field", most=26), Column("says", share=1, least=24), Column("from", most=16, drop=True))
                with VerticalScroll(id="whole"):
                    yield Static("", id="field-text")
            with VerticalScroll(id="check"):
                yield Static("", id="checked")
        yield KeyLine()

    def on_mount(self) -> None:
        """Content."""
        self.reload()

    def on_resize(self, event: Resize) -> None:
        """Fold what does not fit."""
        self.set_class(event.size.width < 110, "narrow")

    def reload(self) -> None:
        """Read again; the cursor stays."""
        if not self.is_mounted:
            return
        self.draft = draft(self.desk, self.notice_id, now=self.now())
        table = self.query_one(Table)
        asked = self.draft.completeness.asked
        shown = [each for each in self.draft.template.fields if each.key in asked or self.draft.notice.fields[each.key].edited]
        table.show((each.key, self._cells(self.draft, each)) for each in shown)
        table.focus()
        self.query_one(".head", Static).update(self.heading(f"{self.draft.template.title} [{self.draft.notice.language}]"))
        self.query_one("#checked", Static).update(self._check())
        self.highlighted()

    def _cells(self, drafted: Draft, field: NoticeField) -> tuple[str, ...]:
        value = drafted.notice.fields[field.key]
        text = "" if value.is_empty else self._shown(field, value.value)
        return field.label, text or "—", "edited" if value.edited else value.source

    @on(DataTable.RowHighlighted)
    def highlighted(self) -> None:
        """The highlighted field in full."""
        field = self.draft.template.field_named(self.query_one(Table).chosen) if self.draft else None
        if field is None or self.draft is None:
            return
        value = self.draft.notice.fields[field.key]
        text = "—" if value.is_empty else self._shown(field, value.value)
        source = "edited by hand" if value.edited else value.source
        self.query_one("#field-text", Static).update(
            Content.assemble((f"{field.label} ", "bold"), (f"{source}\n" if source else "\n", "$secondary"), text)
        )

    def _shown(self, field: NoticeField, value: object) -> str:
        if isinstance(value, bool):
            return "yes" if value else "no"
        if field.type is FieldType.MOMENT and isinstance(value, str) and len(value) > 10:
            return local(datetime.fromisoformat(value), self.zone)
        if isinstance(value, list):
            return ", ".join(_row_text(each) if isinstance(each, dict) else str(each) for each in value)
        return str(value)

    def _check(self) -> Content:
        if self.draft is None:
            return Content("")
        made = versions(self.desk, self.notice_id)
        return check_page(
            self.draft,
            notice_check(self.draft),
            made,
            typed=unsaved(self.desk, self.notice_id),
            following=follow_up(self.draft, made),
            zone=self.zone,
            foreign=foreign_words(self.desk, self.draft),
        )

    def field(self) -> NoticeField:
        """The highlighted field."""
        found = self.draft.template.field_named(self.query_one(Table).chosen) if self.draft else None
        if found is None:
            raise RefusedError("No field is highlighted.", "Choose one.")
        return found

    @on(DataTable.RowSelected)
    def clicked(self) -> None:
        """A click on the highlighted row edits, as Enter does."""
        self.action_edit()

    def action_check(self) -> None:
        """The check and the versions on a page of their own."""
        if self.draft is not None:
            self.read_page("Check and versions", self._check())
