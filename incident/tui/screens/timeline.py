"""The timeline: what happened, in order, with who wrote it and when."""

from uuid import UUID

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import DataTable, Static

from incident.domain.moment import said
from incident.domain.permission import Capability
from incident.domain.timeline import EntryKind, Precision, TimelineEntry
from incident.tui.base_screen import IncidentScreen
from incident.tui.widgets.form import FormField, Kind
from incident.tui.widgets.key_line import KeyLine
from incident.tui.widgets.table import Column, Table
from incident.tui.widgets.texts import local
from incident.usecases.desk import names
from incident.usecases.review_timeline import told
from incident.usecases.rights import may_in
from incident.usecases.timeline import log, timeline

PRIVILEGED = "⚖ privileged"


class TimelineScreen(IncidentScreen):
    """Typed lines and acts from the record together."""

    TITLE = "Timeline"
    BINDINGS = [
        Binding("enter", "read", "read", id="timeline.read", tooltip="The highlighted entry in full"),
        Binding("l", "log", "log", id="timeline.log", tooltip="Write a line, also about an earlier time"),
    ]

    def compose(self) -> ComposeResult:
        """A table and the highlighted entry in full."""
        yield Static("", classes="head", markup=False)
        yield Table(
            Column("when", most=20), Column("what", share=1, least=30), Column("kind"), Column("by", most=22, drop=True)
        )
        with VerticalScroll(id="below"):
            yield Static("", id="entry")
        yield KeyLine()

    def on_mount(self) -> None:
        """Content, the newest in sight."""
        self.entries: dict[str, TimelineEntry] = {}
        self.people: dict[UUID, str] = {}
        self.reload()

    def reload(self) -> None:
        """Read again; what was added is highlighted, else the cursor stays."""
        if not self.is_mounted:
            return
        self.people = names(self.desk)
        incident = self.fresh()
        found = told(self.desk, incident, timeline(self.desk, incident), zone=self.zone)
        known = {each.id for each in self.entries.values()}
        added = [str(number) for number, each in enumerate(found) if each.id not in known]
        self.entries = {str(number): each for number, each in enumerate(found)}
        table = self.query_one(Table)
        table.show((key, self._cells(each)) for key, each in self.entries.items())
        self.query_one(".head", Static).update(self.heading(f"timeline · {len(found)} entries"))
        if added:
            table.choose(added[-1])
        table.focus()
        self.highlighted()

    def _cells(self, each: TimelineEntry) -> tuple[str, ...]:
        mark = f"{PRIVILEGED} · " if each.privileged else ""
        return self._when(each), mark + each.text, each.kind.value, self.people.get(each.by, "")

    def _when(self, each: TimelineEntry) -> str:
        at = local(each.occurred_at, self.zone)
        return at if each.precision is Precision.EXACT else f"{at[:6]} ({each.precision.value})"

    @on(DataTable.RowHighlighted)
    def highlighted(self) -> None:
        """The highlighted entry in full."""
        each = self.entries.get(self.query_one(Table).chosen)
        if each is not None:
            self.query_one("#entry", Static).update(self._page(each))

    def _page(self, each: TimelineEntry) -> Content:
        source = f" · from {each.source}" if each.source else ""
        noted = f", written down {local(each.recorded_at, self.zone)}" if each.recorded_at != each.occurred_at else ""
        return Content.assemble(
            (f"{PRIVILEGED}: readable in counsel's circle only\n" if each.privileged else "", "bold $accent"),
            (f"{self._when(each)}{noted}\n", "bold"),
            f"{each.text}\n",
            (f"{each.kind.value} · {self.people.get(each.by, '?')}{source}", "$secondary"),
        )

    @on(DataTable.RowSelected)
    def action_read(self) -> None:
        """The highlighted entry on a page of its own."""
        each = self.entries.get(self.query_one(Table).chosen)
        if each is not None:
            self.read_page("Timeline", self._page(each))

    def action_log(self) -> None:
        """Write a line."""
        kinds = tuple((each.value, each.value) for each in EntryKind if each is not EntryKind.STATUS)
        fields = [
            FormField("text", "What happened", Kind.PROSE),
            FormField("when", "When", value="now", preview=lambda t: said(t, now=self.now(), zone=self.zone).readback),
            FormField("kind", "Kind", Kind.CHOICE, value="log", choices=kinds),
            FormField("source", "Where it comes from"),
        ]
        if may_in(self.desk, self.incident, Capability.READ_PRIVILEGED):
            circles = (("no", "every member of the incident"), ("yes", f"{PRIVILEGED}: counsel's circle only"))
            fields.append(FormField("privileged", "Who may read it", Kind.CHOICE, choices=circles))
        self.ask("Log", tuple(fields), self._log)

    def _log(self, typed: dict[str, str]) -> object:
        return log(
            self.desk,
            self.incident,
            typed["text"],
            now=self.now(),
            when=said(typed["when"], now=self.now(), zone=self.zone),
            kind=EntryKind(typed["kind"]),
            source=typed["source"],
            privileged=typed.get("privileged") == "yes",
        )
