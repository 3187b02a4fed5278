"""The board: every incident with its nearest clock; declare a new one."""

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.widgets import DataTable, Footer, Static

from incident.domain.moment import Said, said
from incident.tui.base_screen import BaseScreen
from incident.tui.widgets.form import FormField, Kind
from incident.tui.widgets.texts import remaining
from incident.usecases.board import board
from incident.usecases.catalogue import catalogue
from incident.usecases.desk import responders
from incident.usecases.incidents import Declaration, declare, incident_named


class BoardScreen(BaseScreen):
    """What is going on, the most pressing first."""

    TITLE = "Board"
    BINDINGS = [
        Binding("d", "declare", "declare", id="incident.declare", tooltip="Declare an incident"),
        Binding("enter", "open", "open", id="incident.open", tooltip="Open the incident", show=True),
        Binding("o", "organisation", "organisation", id="organisation", tooltip="The organisation's profile"),
        Binding("q", "app.quit", "quit", id="board.quit", tooltip="Close the vault and leave"),
    ]

    def compose(self) -> ComposeResult:
        """A table, or what to do when there is nothing."""
        table: DataTable[str] = DataTable(id="board", cursor_type="row", zebra_stripes=False)
        yield Static("", id="team", markup=False)
        yield table
        yield Static("", id="empty", markup=False)
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        """Columns, then content; problems of content are said once."""
        self.query_one(DataTable).add_columns("reference", "code name", "sev", "status", "nearest clock", "title")
        self.reload()
        for problem in catalogue().problems:
            self.notify(str(problem), title="Left out", severity="warning", timeout=10, markup=False)

    def reload(self) -> None:
        """Read the board again."""
        lines = board(self.desk, now=self.now())
        table = self.query_one(DataTable)
        table.clear()
        for each in lines:
            incident = each.incident
            nearest = each.nearest_title or "—"
            if each.nearest_at is not None:
                nearest = f"{remaining(each.nearest_at, self.now())}  {each.nearest_title}"
            status = f"{incident.status.label}{' EXERCISE' if incident.exercise else ''}"
            cells = (incident.reference, incident.code_name, str(incident.severity), status, nearest, incident.title)
            table.add_row(*cells, key=incident.reference)
        me = self.desk.me
        self.query_one("#team", Static).update(f"{me.name} · press d to declare, Enter to open")
        empty = "No incident yet. Press d to declare one: it takes under a minute." if not lines else ""
        self.query_one("#empty", Static).update(empty)
        table.focus()

    @on(DataTable.RowSelected)
    def opened(self, event: DataTable.RowSelected) -> None:
        """Open the incident."""
        self.owner.show("incident", incident=incident_named(self.desk, str(event.row_key.value)))

    def action_open(self) -> None:
        """Open the highlighted incident."""
        self.query_one(DataTable).action_select_cursor()

    def action_organisation(self) -> None:
        """The profile."""
        self.owner.show("organisation")

    def action_declare(self) -> None:
        """Ask what is needed to declare."""
        playbooks = tuple((each.slug, each.title) for each in catalogue().playbooks.values())
        people = tuple((each.sign_in, each.name) for each in responders(self.desk) if each.active)
        fields = (
            FormField("title", "What was seen, in a few words"),
            FormField("playbook", "Playbook", Kind.CHOICE, value="personal-data-breach", choices=playbooks),
            FormField("detected", "First noticed", hint="-3h · yesterday 14:10 Berlin · now", preview=self._readback),
            FormField(
                "aware",
                "When did we become aware that personal data are affected? (blank: not yet)",
                hint="leave blank while it is not certain",
                preview=self._readback,
            ),
            FormField("commander", "Who commands", Kind.CHOICE, value=self.desk.me.sign_in, choices=people),
            FormField(
                "severity",
                "Severity",
                Kind.CHOICE,
                value="2",
                choices=(("1", "1 worst"), ("2", "2"), ("3", "3"), ("4", "4 least")),
            ),
            FormField("exercise", "For real?", Kind.CHOICE, choices=(("no", "for real"), ("yes", "an exercise"))),
        )
        self.ask("Declare an incident", fields, self._declare)

    def _readback(self, text: str) -> str:
        return said(text, now=self.now(), zone=self.zone).readback

    def _when(self, text: str) -> Said | None:
        return said(text, now=self.now(), zone=self.zone) if text.strip() else None

    def _declare(self, typed: dict[str, str]) -> None:
        declaration = Declaration(
            typed["title"],
            typed["playbook"],
            typed["commander"],
            aware=self._when(typed["aware"]),
            detected=self._when(typed["detected"]),
            severity=int(typed["severity"]),
            exercise=typed["exercise"] == "yes",
        )
        made = declare(self.desk, declaration, now=self.now())
        self.notify(f"{made.reference} «{made.code_name}» is open.", markup=False)
