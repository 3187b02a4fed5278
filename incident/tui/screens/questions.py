"""What do we need to find out? The missing facts, the most pressing first; Enter records the answer."""

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import DataTable, Footer, Static

from incident.tui.base_screen import IncidentScreen
from incident.tui.widgets.texts import local, remaining
from incident.usecases.catalogue import catalogue
from incident.usecases.questions import IncidentQuestion, questions


class QuestionsScreen(IncidentScreen):
    """Ranked by how soon the earliest clock that an answer could start would fall due."""

    TITLE = "What to find out"
    BINDINGS = [Binding("enter", "answer", "record", id="question.answer", tooltip="Record the answer")]

    def compose(self) -> ComposeResult:
        """A table and the highlighted question with all that hangs on it."""
        yield Static("", classes="head", markup=False)
        table: DataTable[str] = DataTable(cursor_type="row")
        yield table
        with VerticalScroll(id="detail"):
            yield Static("", id="question")
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        """Columns, then content."""
        self.shown: tuple[IncidentQuestion, ...] = ()
        self.query_one(DataTable).add_columns("earliest clock", "duties", "who", "question")
        self.reload()

    def reload(self) -> None:
        """Ask the law again; the cursor stays."""
        if not self.is_mounted:
            return
        now = self.now()
        table = self.query_one(DataTable)
        row = table.cursor_row
        self.shown = questions(self.desk, self.fresh(), now=now)
        table.clear()
        for each in self.shown:
            soonest = remaining(each.open.soonest_at, now) if each.open.soonest_at else "no number"
            whose = f" (for {each.on_behalf_of})" if each.on_behalf_of else ""
            table.add_row(soonest, str(len(each.open.decides)), each.open.owner, each.open.question + whose)
        found = f"{len(self.shown)} open" if self.shown else "nothing that the law asks for is missing"
        self.query_one(".head", Static).update(self.heading(f"what do we need to find out? {found}"))
        table.move_cursor(row=min(row, max(0, table.row_count - 1)))
        table.focus()
        self.on_data_table_row_highlighted()

    def on_data_table_row_highlighted(self) -> None:
        """The highlighted question and the duties that wait for it."""
        row = self.query_one(DataTable).cursor_row
        if not 0 <= row < len(self.shown):
            self.query_one("#question", Static).update("")
            return
        each = self.shown[row]
        wanted = f" · wanted by {local(each.wanted_at, self.zone)}" if each.wanted_at else ""
        alone = frozenset(each.open.alone)
        duties = [f"  {'●' if name in alone else '○'} {name}\n" for name in each.open.decides]
        self.query_one("#question", Static).update(
            Content.assemble(
                (f"{each.open.question}\n", "bold"),
                (
                    f"{each.open.fact} · {catalogue().law.vocabulary.owner(each.open.fact)} usually knows{wanted}\n",
                    "$secondary",
                ),
                ("Duties that hang on it", "bold"),
                (" (● nothing else is missing, ○ other answers are too)\n", "$secondary"),
                *duties,
            )
        )

    def on_data_table_row_selected(self) -> None:
        """Enter records."""
        self.action_answer()

    def action_answer(self) -> None:
        """To the fact that is asked for."""
        row = self.query_one(DataTable).cursor_row
        if 0 <= row < len(self.shown):
            each = self.shown[row]
            self.go("facts", wanted=each.open.fact, behalf=each.on_behalf_of)
