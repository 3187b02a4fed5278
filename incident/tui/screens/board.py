"""The board: every incident with its nearest clock; declare a new one."""

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import DataTable, Static

from incident.domain.moment import Said, said
from incident.tui.looking_back import LookingBackScreen
from incident.tui.widgets.came_due import CameDueNotice
from incident.tui.widgets.form import FormField, Kind
from incident.tui.widgets.key_line import KeyLine
from incident.tui.widgets.table import Column, Table
from incident.tui.widgets.texts import remaining
from incident.usecases.board import BoardLine, board
from incident.usecases.catalogue import catalogue
from incident.usecases.desk import responders
from incident.usecases.incidents import Declaration, declare, incident_named

SEALED = "sealed: you are not a member"


class BoardScreen(LookingBackScreen):
    """What is going on, the most pressing first."""

    TITLE = "Board"
    BINDINGS = [
        Binding("d", "declare", "declare", id="incident.declare", tooltip="Declare an incident"),
        Binding("enter", "open", "open", id="incident.open", tooltip="Open the incident", show=True),
        Binding("m", "show('mine')", "mine", id="board.mine", tooltip="What is open for me across incidents"),
        Binding("p", "show('playbooks')", "playbooks", id="board.playbooks", tooltip="Read and search the playbooks"),
        Binding("r", "show('ready')", "ready", id="board.ready", tooltip="Readiness: what is missing before it happens"),
        Binding("o", "organisation", "organisation", id="organisation", tooltip="The organisation's profile"),
        Binding("q", "app.quit", "quit", id="board.quit", tooltip="Close the vault and leave"),
    ]

    def compose(self) -> ComposeResult:
        """A table with the highlighted incident in full, or what to do when there is nothing."""
        yield Static("", id="signed-in", markup=False)
        yield CameDueNotice()
        yield Table(
            Column("reference"),
            Column("title", share=3, least=20),
            Column("nearest clock", share=4, least=20),
            Column("sev"),
            Column("status", most=22),
            Column("code name", drop=True),
            id="board",
        )
        yield Static("", id="empty", markup=False)
        with VerticalScroll(id="line"):
            yield Static("", id="line-text")
        yield KeyLine()

    def on_mount(self) -> None:
        """Content; problems of content are said once."""
        self.lines: dict[str, BoardLine] = {}
        self.reload()
        self.begin_looking()
        for problem in catalogue().problems:
            self.notify(str(problem), title="Left out", severity="warning", timeout=10, markup=False)

    def reload(self) -> None:
        """Read the board again."""
        self.lines = {each.incident.reference: each for each in board(self.desk, now=self.now())}
        table = self.query_one(Table)
        table.show((key, self._cells(each)) for key, each in self.lines.items())
        me = self.desk.me
        self.query_one("#signed-in", Static).update(f"{me.name} · press d to declare, Enter to open")
        empty = "" if self.lines else "No incident yet. Press d to declare one: it takes under a minute."
        self.query_one("#empty", Static).update(empty)
        self.query_one("#empty").display = not self.lines
        self.query_one("#line").display = bool(self.lines)
        self.highlighted()
        table.focus()

    def _cells(self, each: BoardLine) -> tuple[str, ...]:
        incident = each.incident
        status = f"{'EXERCISE ' if incident.exercise else ''}{incident.status.label}"
        title = SEALED if incident.hidden else incident.title
        return incident.reference, title, self._nearest(each), str(incident.severity), status, incident.code_name

    def _nearest(self, each: BoardLine) -> str:
        if each.nearest_at is None:
            return each.nearest_title or "—"
        return f"{remaining(each.nearest_at, self.now())}  {each.nearest_title}"

    @on(DataTable.RowHighlighted)
    def highlighted(self) -> None:
        """The highlighted incident in full: what the table had to shorten."""
        each = self.lines.get(self.query_one(Table).chosen)
        if each is None:
            return
        incident = each.incident
        title = SEALED if incident.hidden else incident.title
        gaps = f"\nNobody is {', '.join(each.gaps)}" if each.gaps else ""
        clocks = "" if incident.hidden else f"\n{self._nearest(each)} · {each.running} run, {each.undecided} undecided"
        self.query_one("#line-text", Static).update(
            Content.assemble(
                (f"{incident.reference} «{incident.code_name}» ", "bold"),
                (f"severity {incident.severity} · {incident.status.label}\n", "$secondary"),
                f"{title}{clocks}",
                (gaps, "bold $error"),
            )
        )

    @on(DataTable.RowSelected)
    def action_open(self) -> None:
        """Open the highlighted incident; one whose keys we do not hold stays closed."""
        key = self.query_one(Table).chosen
        incident = self.attempt(lambda: incident_named(self.desk, key)) if key else None
        if incident is not None:
            self.owner.show("incident", incident=incident)

    def action_show(self, name: str) -> None:
        """Open another screen."""
        self.owner.show(name)

    def action_organisation(self) -> None:
        """The profile."""
        self.owner.show("organisation")

    def action_declare(self) -> None:
        """Ask what is needed to declare."""
        playbooks = tuple((each.slug, each.title) for each in catalogue().playbooks.values())
        people = tuple((each.sign_in, each.name) for each in responders(self.desk) if each.active)
        known = ", ".join(sign_in for sign_in, _ in people)
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
            FormField("members", "Who may read it, besides you and the commander (blank: everybody)", hint=f"of {known}"),
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
            members=tuple(each.strip() for each in typed["members"].split(",") if each.strip()),
        )
        made = declare(self.desk, declaration, now=self.now())
        self.notify(f"{made.reference} «{made.code_name}» is open.", markup=False)
