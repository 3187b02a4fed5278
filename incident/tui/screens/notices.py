"""Notices: what was begun, what is missing, how far each got; begin another."""

from textual.app import ComposeResult
from textual.binding import Binding
from textual.widgets import DataTable, Footer, Static

from incident.tui.base_screen import IncidentScreen
from incident.tui.widgets.form import FormField, Kind
from incident.usecases.catalogue import catalogue
from incident.usecases.notices import Draft, NewNotice, begin, notices
from incident.usecases.versions import versions


class NoticesScreen(IncidentScreen):
    """The notices of the incident."""

    TITLE = "Notices"
    BINDINGS = [
        Binding("b", "begin", "begin", id="notice.begin", tooltip="Begin a notice"),
        Binding("enter", "open", "open", id="notice.open", tooltip="Edit, check, approve, print, file"),
    ]

    def compose(self) -> ComposeResult:
        """A table, or what to do when there is none."""
        yield Static("", classes="head", markup=False)
        table: DataTable[str] = DataTable(cursor_type="row")
        yield table
        yield Static("", id="empty", markup=False)
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        """Columns, then content."""
        self.drafts: tuple[Draft, ...] = ()
        self.query_one(DataTable).add_columns("no", "notice", "lang", "content", "version", "to", "for")
        self.reload()

    def reload(self) -> None:
        """Read again; the cursor stays."""
        if not self.is_mounted:
            return
        table = self.query_one(DataTable)
        row = table.cursor_row
        table.clear()
        self.drafts = notices(self.desk, self.fresh(), now=self.now())
        for number, each in enumerate(self.drafts, start=1):
            made = versions(self.desk, each.notice.id)
            state = f"v{made[-1].version.number} {made[-1].state.value}" if made else "no version"
            lacking = len(each.completeness.missing)
            content = f"{lacking} missing" if lacking else "complete"
            to, whose = each.notice.recipient_name or "—", each.notice.on_behalf_of or "us"
            table.add_row(str(number), each.template.slug, each.notice.language, content, state, to, whose)
        empty = "" if self.drafts else "No notice yet. Press b to begin one; its fields fill themselves from the facts."
        self.query_one("#empty", Static).update(empty)
        self.query_one(".head", Static).update(self.heading("notices"))
        table.move_cursor(row=min(row, max(0, table.row_count - 1)))
        table.focus()

    def on_data_table_row_selected(self) -> None:
        """Enter opens."""
        self.action_open()

    def action_open(self) -> None:
        """Open the highlighted notice."""
        row = self.query_one(DataTable).cursor_row
        if 0 <= row < len(self.drafts):
            self.go("notice", notice_id=self.drafts[row].notice.id)

    def action_begin(self) -> None:
        """Which notice, to whom, in which language."""
        kinds = tuple((each.slug, each.title) for each in catalogue().templates.values())
        languages = sorted({code for each in catalogue().templates.values() for code in each.languages})
        fields = (
            FormField("template", "Which notice", Kind.CHOICE, choices=kinds),
            FormField("to", "To whom"),
            FormField("address", "Address, lines separated by ;"),
            FormField("language", "Language", Kind.CHOICE, value="en", choices=tuple((each, each) for each in languages)),
            FormField("whose", "On behalf of (blank: ourselves)"),
        )
        self.ask("Begin a notice", fields, self._begin)

    def _begin(self, typed: dict[str, str]) -> object:
        new = NewNotice(
            template=typed["template"],
            language=typed["language"],
            recipient_name=typed["to"],
            recipient_address="\n".join(part.strip() for part in typed["address"].split(";") if part.strip()),
            on_behalf_of=typed["whose"].strip(),
        )
        return begin(self.desk, self.incident, new, now=self.now())
