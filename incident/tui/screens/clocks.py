"""Clocks: every obligation with its explanation — why it runs, how it was counted, what would change it."""

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from incident.content.authorities import read_authorities
from incident.domain.authority import authority_lines
from incident.domain.docket import Fold, docket
from incident.domain.duty_clock import Clock, PrincipalClocks
from incident.domain.obligation import ObligationState
from incident.errors import RefusedError
from incident.tui.base_screen import IncidentScreen
from incident.tui.widgets.key_line import KeyLine
from incident.tui.widgets.obligation_page import explanation_part, fold_page, obligation_page
from incident.tui.widgets.table import Column, Table
from incident.tui.widgets.texts import brief_state, local, remaining
from incident.usecases.catalogue import catalogue
from incident.usecases.clocks import clock_list, clocks

Row = Clock | Fold


class ClocksScreen(IncidentScreen):
    """The most pressing first; what waits for the same answer behind its question; Enter opens it."""

    TITLE = "Clocks"
    BINDINGS = [
        Binding("enter", "open", "open", id="clocks.open", tooltip="Open a question: the duties that wait for it"),
        Binding("e", "everything", "all laws", id="clocks.everything", tooltip="Also what does not concern us"),
        Binding("w", "questions", "find out", id="clocks.questions", tooltip="What do we need to find out?"),
    ]

    def compose(self) -> ComposeResult:
        """A table and the highlighted clock in full."""
        yield Static("", classes="head", markup=False)
        yield Table(
            Column("left", most=16),
            Column("state", most=14, drop=True),
            Column("duty", share=1, least=34),
            Column("by", most=24, drop=True),
            Column("for", most=12, drop=True),
        )
        with VerticalScroll(id="detail"):
            yield Static("", id="why")
        yield KeyLine()

    def on_mount(self) -> None:
        """Columns, then content, then the seconds."""
        self.shown: tuple[Row, ...] = ()
        self.opened: set[str] = set()
        self.everything = False
        self.answers: tuple[PrincipalClocks, ...] = ()
        self.reload()
        self.set_interval(30, self.reload)

    def reload(self) -> None:
        """Assess again; the cursor stays."""
        if not self.is_mounted:
            return
        table = self.query_one(Table)
        self.answers = clocks(self.desk, self.fresh(), now=self.now())
        self._arrange()
        table.show(
            (_key(each), self._fold_row(each) if isinstance(each, Fold) else self._clock_row(each)) for each in self.shown
        )
        self._show_heading()
        table.focus()
        self.on_data_table_row_highlighted()

    def _arrange(self) -> None:
        arranged = docket(clock_list(self.answers))
        rows: list[Row] = []
        for row in arranged.open:
            rows.append(row)
            if isinstance(row, Fold) and row.fact in self.opened:
                rows.extend(row.clocks)
        rows.extend((*arranged.filed, *arranged.not_required, *(arranged.elsewhere if self.everything else ())))
        self.shown = tuple(rows)
        self.hidden = 0 if self.everything else len(arranged.elsewhere)

    def _show_heading(self) -> None:
        law = catalogue().law
        bad = f" · NOT EVALUATED: {', '.join(each.regime for each in law.unevaluated)}" if law.unevaluated else ""
        stale = sorted({name for each in self.answers for name in each.assessment.overdue_recheck})
        old = f" · past their re-check date: {len(stale)}" if stale else ""
        hidden = f" · {self.hidden} duties do not concern us" if self.hidden else ""
        self.query_one(".head", Static).update(self.heading(f"clocks · {len(law.regimes)} laws evaluated{hidden}{old}{bad}"))

    def _clock_row(self, each: Clock) -> tuple[str, ...]:
        obligation, at = each.obligation, each.obligation.earliest_at
        running = obligation.state in (ObligationState.DUE, ObligationState.UNDECIDED) and at is not None
        left = remaining(at, self.now()) if running and at is not None else "—"
        shown = each.filed_at if obligation.state is ObligationState.SATISFIED else at
        by = local(shown, obligation.zone) if shown is not None else ""
        mark = " (unverified)" if obligation.confidence == "low" else ""
        return left, brief_state(obligation), obligation.title + mark, by, each.on_behalf_of or "us"

    def _fold_row(self, fold: Fold) -> tuple[str, ...]:
        at = fold.soonest_at
        sign = "▾" if fold.fact in self.opened else "▸"
        left = f"? {remaining(at, self.now())}" if at is not None else "?"
        return left, "undecided", f"{sign} {fold.question} {len(fold.clocks)} duties", "", ""

    def _chosen(self) -> Row | None:
        row = self.query_one(Table).cursor_row
        return self.shown[row] if 0 <= row < len(self.shown) else None

    def on_data_table_row_highlighted(self) -> None:
        """The highlighted clock in full, or the duties behind the question."""
        chosen = self._chosen()
        page = self.query_one("#why", Static)
        if isinstance(chosen, Fold):
            page.update(fold_page(chosen))
        elif chosen is not None:
            known = authority_lines(read_authorities().for_obligation(chosen.obligation.id))
            whole = obligation_page(chosen, self.now(), authorities=known)
            page.update(whole + self._explained(chosen))

    def _explained(self, clock: Clock) -> Content:
        facts = next(each.facts for each in self.answers if each.on_behalf_of == clock.on_behalf_of)
        try:
            return explanation_part(catalogue().law.explain(facts, clock.obligation.id, now=self.now()))
        except RefusedError:
            return explanation_part(None)

    def on_data_table_row_selected(self) -> None:
        """Enter opens."""
        self.action_open()

    def action_open(self) -> None:
        """Open or fold the duties behind a question; a clock leads to what is missing."""
        chosen = self._chosen()
        if isinstance(chosen, Fold):
            self.opened ^= {chosen.fact}
            self.reload()
        elif chosen is not None and chosen.obligation.missing:
            self.go("facts", wanted=chosen.obligation.missing[0].fact, behalf=chosen.on_behalf_of)

    def action_everything(self) -> None:
        """Show or fold what does not concern us."""
        self.everything = not self.everything
        self.reload()

    def action_questions(self) -> None:
        """To the questions."""
        self.go("questions")


def _key(row: Row) -> str:
    """What tells a row from the others, so that the cursor stays on it."""
    return f"? {row.fact}" if isinstance(row, Fold) else f"{row.on_behalf_of}|{row.obligation.id}"
