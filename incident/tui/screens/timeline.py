"""The timeline: what happened, in order, with who wrote it and when."""

from textual.app import ComposeResult
from textual.binding import Binding
from textual.widgets import DataTable, Footer, Static

from incident.domain.moment import said
from incident.domain.timeline import EntryKind, Precision
from incident.tui.base_screen import IncidentScreen
from incident.tui.widgets.form import FormField, Kind
from incident.tui.widgets.texts import local
from incident.usecases.desk import names
from incident.usecases.timeline import log, timeline


class TimelineScreen(IncidentScreen):
    """Typed lines and acts from the record together."""

    TITLE = "Timeline"
    BINDINGS = [Binding("l", "log", "log", id="timeline.log", tooltip="Write a line, also about an earlier time")]

    def compose(self) -> ComposeResult:
        """A table."""
        yield Static("", classes="head", markup=False)
        table: DataTable[str] = DataTable(cursor_type="row")
        yield table
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        """Columns, then content, the newest in sight."""
        self.query_one(DataTable).add_columns("when", "kind", "what", "by")
        self.reload()

    def reload(self) -> None:
        """Read again."""
        if not self.is_mounted:
            return
        table = self.query_one(DataTable)
        table.clear()
        people = names(self.desk)
        for each in timeline(self.desk, self.fresh()):
            at = local(each.occurred_at, self.zone)
            if each.precision is not Precision.EXACT:
                at = f"{at[:6]} ({each.precision.value})"
            table.add_row(at, each.kind.value, each.text.replace("\n", " "), people.get(each.by, ""))
        self.query_one(".head", Static).update(self.heading(f"timeline · {table.row_count} entries"))
        table.move_cursor(row=max(0, table.row_count - 1))
        table.focus()

    def action_log(self) -> None:
        """Write a line."""
        kinds = tuple((each.value, each.value) for each in EntryKind if each is not EntryKind.STATUS)
        fields = (
            FormField("text", "What happened", Kind.PROSE),
            FormField("when", "When", value="now", preview=lambda t: said(t, now=self.now(), zone=self.zone).readback),
            FormField("kind", "Kind", Kind.CHOICE, value="log", choices=kinds),
            FormField("source", "Where it comes from"),
        )

        def accept(typed: dict[str, str]) -> object:
            when = said(typed["when"], now=self.now(), zone=self.zone)
            kind = EntryKind(typed["kind"])
            return log(self.desk, self.incident, typed["text"], now=self.now(), when=when, kind=kind, source=typed["source"])

        self.ask("Log", fields, accept)
