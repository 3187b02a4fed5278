"""Mine now: what is open for me across incidents, what I was asked to find out, and who has not answered me."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import DataTable, Static

from incident.domain.incident import Incident
from incident.tui.base_screen import BaseScreen
from incident.tui.widgets.key_line import KeyLine
from incident.tui.widgets.table import Column, Table
from incident.tui.widgets.texts import local, remaining
from incident.usecases.mine import Mine, MyAnswer, MyStep, Waiting, mine

_EVERY = 15
"""Seconds after which what is left of each time is said anew."""


@dataclass(frozen=True, slots=True)
class _Row:
    """One line: its sign and word, the incident, what it is, by when, why it is mine or whom it waits for."""

    word: str
    incident: Incident
    what: str
    at: datetime | None
    whose: str
    more: str
    opens: Callable[[], None]


class MineScreen(BaseScreen):
    """Across every open incident that I can read, the most pressing first."""

    TITLE = "Mine now"
    BINDINGS = [
        Binding("enter", "open", "open", id="mine.open", tooltip="To the step, or to the question that is asked"),
        Binding("escape", "app.pop_screen", "back", id="screen.back", tooltip="Back", show=False),
    ]

    def compose(self) -> ComposeResult:
        """A table and the highlighted line in full."""
        yield Static("", classes="head", markup=False)
        yield Table(
            Column("now"),
            Column("by when", most=16),
            Column("what", share=3, least=26),
            Column("whose", share=2, least=18, drop=True),
            Column("incident"),
        )
        with VerticalScroll(id="below"):
            yield Static("", id="mine-line")
        yield KeyLine()

    def on_mount(self) -> None:
        """Content; what is left of each time is said anew from time to time."""
        self.rows: dict[str, _Row] = {}
        self.set_interval(_EVERY, self._show)
        self.reload()

    def reload(self) -> None:
        """Read again; the cursor stays."""
        if not self.is_mounted:
            return
        found = self.attempt(lambda: mine(self.desk, now=self.now()))
        if found is not None:
            self.rows = dict(self._rows(found))
            self._show()

    def _rows(self, found: Mine) -> Iterator[tuple[str, _Row]]:
        for step in found.steps:
            yield f"step|{step.incident.id}|{step.step.step.slug}", self._step(step)
        for asked in found.answers:
            yield f"answer|{asked.incident.id}|{asked.key}", self._answer(asked)
        for number, waiting in enumerate(found.waiting):
            yield f"waiting|{waiting.incident.id}|{number}", self._waiting(waiting)

    def _step(self, each: MyStep) -> _Row:
        step = each.step
        word = "! late" if step.overdue else "◆ decide" if step.default_proposed else "○ do"
        default = "The time to decide is over; the default may be recorded. " if step.default_proposed else ""
        again = f"On the list again, {step.reopened}. " if step.reopened else ""
        return _Row(
            word,
            each.incident,
            step.step.title,
            step.target_at,
            each.why,
            f"{default}{again}",
            lambda: self.owner.show("incident", incident=each.incident, wanted=step.step.slug),
        )

    def _answer(self, each: MyAnswer) -> _Row:
        word, why = "! find out" if each.late else "? find out", "you were asked"
        return _Row(word, each.incident, each.question, each.wanted_at, why, "", lambda: self._to_fact(each))

    def _to_fact(self, each: MyAnswer) -> None:
        self.owner.show("facts", incident=each.incident, wanted=each.key)

    def _waiting(self, each: Waiting) -> _Row:
        deputy = f"No answer in time: call the deputy, {each.deputy}. " if each.deputy else ""
        word = "! no answer" if each.late else "◌ waits"
        whose = f"waits for {each.whom or 'NOBODY'}"
        return _Row(word, each.incident, each.what, each.by, whose, deputy, lambda: self._to_incident(each.incident))

    def _to_incident(self, incident: Incident) -> None:
        self.owner.show("incident", incident=incident)

    def _show(self) -> None:
        now = self.now()
        table = self.query_one(Table)
        table.show((key, self._cells(each, now)) for key, each in self.rows.items())
        count = {kind: sum(key.startswith(kind) for key in self.rows) for kind in ("step", "answer", "waiting")}
        said = f"{count['step']} to do, {count['answer']} to find out, {count['waiting']} wait for others"
        self.query_one(".head", Static).update(
            f"Mine now · {self.desk.me.name} · {said if self.rows else 'nothing is open for you'}"
        )
        table.focus()
        self.highlighted()

    def _cells(self, each: _Row, now: datetime) -> tuple[str, ...]:
        left = remaining(each.at, now) if each.at is not None else "—"
        return each.word, left, each.what, each.whose, each.incident.reference

    @on(DataTable.RowHighlighted)
    def highlighted(self) -> None:
        """The highlighted line in full."""
        each = self.rows.get(self.query_one(Table).chosen)
        line = self.query_one("#mine-line", Static)
        if each is None:
            line.update("What others wait for stands in each incident's guide: v shows the part that waits.")
            return
        at = f" · by {local(each.at, self.zone)} ({remaining(each.at, self.now())})" if each.at is not None else ""
        line.update(
            Content.assemble(
                (f"{each.what}\n", "bold"),
                f"{each.word[2:].capitalize()} · {each.whose}{at}\n",
                (each.more, "$accent"),
                (f"{each.incident.reference} «{each.incident.code_name}» · {each.incident.title}", "$secondary"),
            )
        )

    @on(DataTable.RowSelected)
    def action_open(self) -> None:
        """To the highlighted line's place."""
        each = self.rows.get(self.query_one(Table).chosen)
        if each is not None:
            each.opens()
