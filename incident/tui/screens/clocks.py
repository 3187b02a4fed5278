"""Clocks: every obligation with its explanation — why it runs, what is missing, who reads it otherwise."""

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import DataTable, Footer, Static

from incident.domain.duty_clock import Clock
from incident.domain.obligation import ObligationState
from incident.tui.base_screen import IncidentScreen
from incident.tui.widgets.texts import local, obligation_page, remaining, state_words
from incident.usecases.catalogue import catalogue
from incident.usecases.clocks import clock_list, clocks


class ClocksScreen(IncidentScreen):
    """The most pressing first; what is not required last, with its reason."""

    TITLE = "Clocks"

    def compose(self) -> ComposeResult:
        """A table and the highlighted clock in full."""
        yield Static("", classes="head", markup=False)
        table: DataTable[str] = DataTable(cursor_type="row")
        yield table
        with VerticalScroll(id="detail"):
            yield Static("", id="why")
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        """Columns, then content, then the seconds."""
        self.shown: tuple[Clock, ...] = ()
        self.query_one(DataTable).add_columns("left", "state", "duty", "by", "for")
        self.reload()
        self.set_interval(30, self.reload)

    def reload(self) -> None:
        """Assess again; the cursor stays."""
        if not self.is_mounted:
            return
        now = self.now()
        table = self.query_one(DataTable)
        row = table.cursor_row
        self.shown = clock_list(clocks(self.desk, self.fresh(), now=now))
        table.clear()
        for each in self.shown:
            obligation = each.obligation
            at = obligation.earliest_at
            running = obligation.state in (ObligationState.DUE, ObligationState.UNDECIDED) and at is not None
            left = remaining(at, now) if running and at is not None else "—"
            by = local(at, obligation.zone) if at is not None else ""
            table.add_row(left, state_words(obligation), obligation.title, by, each.on_behalf_of or "us")
        law = catalogue().law
        bad = f" · NOT EVALUATED: {', '.join(each.regime for each in law.unevaluated)}" if law.unevaluated else ""
        evaluated = ", ".join(each.short for each in law.regimes)
        self.query_one(".head", Static).update(self.heading(f"clocks · evaluated: {evaluated}{bad}"))
        table.move_cursor(row=min(row, max(0, table.row_count - 1)))
        table.focus()
        self.on_data_table_row_highlighted()

    def on_data_table_row_highlighted(self) -> None:
        """The highlighted clock in full."""
        row = self.query_one(DataTable).cursor_row
        if 0 <= row < len(self.shown):
            each = self.shown[row]
            self.query_one("#why", Static).update(obligation_page(each.obligation, each.on_behalf_of, self.now()))
