"""What do we need to find out? The missing facts, the most pressing first; Enter records the answer."""

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from incident.domain.wording import duty_title
from incident.tui.base_screen import IncidentScreen
from incident.tui.widgets.key_line import KeyLine
from incident.tui.widgets.table import Column, Table
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
        yield Table(
            Column("earliest clock", most=16),
            Column("question", share=1, least=34),
            Column("duties"),
            Column("who", most=20, drop=True),
        )
        with VerticalScroll(id="detail"):
            yield Static("", id="question")
        yield KeyLine()

    def on_mount(self) -> None:
        """Columns, then content."""
        self.shown: tuple[IncidentQuestion, ...] = ()
        self.reload()

    def reload(self) -> None:
        """Ask the law again; the cursor stays."""
        if not self.is_mounted:
            return
        now = self.now()
        table = self.query_one(Table)
        self.shown = questions(self.desk, self.fresh(), now=now)
        rows = []
        for each in self.shown:
            soonest = remaining(each.open.soonest_at, now) if each.open.soonest_at else "no number"
            whose = f" (for {each.on_behalf_of})" if each.on_behalf_of else ""
            cells = (soonest, each.open.question + whose, str(len(each.open.decides)), each.open.owner)
            rows.append((f"{each.on_behalf_of}|{each.open.fact}", cells))
        table.show(rows)
        found = f"{len(self.shown)} open" if self.shown else "nothing that the law asks for is missing"
        self.query_one(".head", Static).update(self.heading(f"what do we need to find out? {found}"))
        table.focus()
        self.on_data_table_row_highlighted()

    def on_data_table_row_highlighted(self) -> None:
        """The highlighted question and the duties that wait for it."""
        row = self.query_one(Table).cursor_row
        if not 0 <= row < len(self.shown):
            self.query_one("#question", Static).update("")
            return
        each = self.shown[row]
        wanted = f" · wanted by {local(each.wanted_at, self.zone)}" if each.wanted_at else ""
        alone = frozenset(each.open.alone)
        duties = [f"  {'●' if name in alone else '○'} {duty_title(name)}\n" for name in each.open.decides]
        self.query_one("#question", Static).update(
            Content.assemble(
                (f"{each.open.question}\n", "bold"),
                (
                    f"{catalogue().law.vocabulary.owner(each.open.fact)} usually knows{wanted}\n",
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
        row = self.query_one(Table).cursor_row
        if 0 <= row < len(self.shown):
            each = self.shown[row]
            self.go("facts", wanted=each.open.fact, behalf=each.on_behalf_of)
