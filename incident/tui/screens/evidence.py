"""Evidence: what was kept, who holds it, how it stands; add, verify, take out, hand over, seal, destroy."""

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.events import Resize
from textual.widgets import DataTable, Static

from incident.domain.evidence import EvidenceItem, size_text
from incident.domain.incident import Incident
from incident.domain.playbook import Step
from incident.tui.base_screen import IncidentScreen
from incident.tui.evidence_acts import EvidenceActs
from incident.tui.widgets.custody_page import STATE_SIGNS, custody_page
from incident.tui.widgets.key_line import KeyLine
from incident.tui.widgets.table import Column, Table
from incident.tui.widgets.texts import local
from incident.usecases.desk import names
from incident.usecases.evidence import evidence


class EvidenceScreen(EvidenceActs, IncidentScreen):
    """The items of an incident, and the highlighted one with its chain of custody."""

    TITLE = "Evidence"
    BINDINGS = [
        Binding("a", "add", "add", id="evidence.add", tooltip="Keep a file: it is hashed and encrypted on the way in"),
        Binding("v", "verify", "verify", id="evidence.verify", tooltip="Read the item through and compare its hash"),
        Binding("x", "export", "export", id="evidence.export", tooltip="Take a copy out of the vault"),
        Binding("t", "transfer", "transfer", id="evidence.transfer", tooltip="Hand the item over, with a receipt to sign"),
        Binding("S", "seal", "seal", id="evidence.seal", tooltip="Close the item: no further annotation"),
        Binding("D", "destroy", "destroy", id="evidence.destroy", tooltip="Destroy the bytes; the record stays"),
    ]

    def __init__(self, incident: Incident, step: Step | None = None) -> None:
        super().__init__(incident)
        self.wanted_by = step

    def compose(self) -> ComposeResult:
        """A table, how far the work is, and the highlighted item in full."""
        yield Static("", classes="head", markup=False)
        yield Table(
            Column("no"),
            Column("name", share=1, least=18),
            Column("size"),
            Column("acquired", drop=True),
            Column("state"),
            Column("holder", most=16, drop=True),
        )
        yield Static("", id="progress", markup=False)
        with VerticalScroll(id="detail"):
            yield Static("", id="custody")
        yield KeyLine()

    def on_mount(self) -> None:
        """Columns, then content."""
        self.items: tuple[EvidenceItem, ...] = ()
        self.typed = {}
        self.reload()
        if self.wanted_by is not None:
            self.action_add()

    def on_resize(self, event: Resize) -> None:
        """The name takes what is left."""
        self.set_class(event.size.height < 30, "low")
        self.reload()

    def reload(self) -> None:
        """Read again; the cursor stays."""
        if not self.is_mounted:
            return
        table = self.query_one(Table)
        self.items = self.attempt(lambda: evidence(self.desk, self.fresh())) or ()
        table.show((str(each.number), self._row(each)) for each in self.items)
        self.query_one(".head", Static).update(self.heading(f"evidence · {len(self.items)} kept"))
        table.focus()
        self.show_chosen()

    def _row(self, each: EvidenceItem) -> tuple[str, ...]:
        at, state = local(each.acquired_at, self.zone), STATE_SIGNS[each.state]
        name = f"[privileged] {each.name}" if each.privileged else each.name
        return str(each.number), name, size_text(each.size), at, state, each.holder or "—"

    @on(DataTable.RowHighlighted)
    def show_chosen(self) -> None:
        """The highlighted item in full."""
        page = self.query_one("#custody", Static)
        row = self.query_one(Table).cursor_row
        if 0 <= row < len(self.items):
            page.update(custody_page(self.items[row], names(self.desk), self.zone))
        else:
            page.update("Nothing was kept yet. Press a and name a file: it is hashed, encrypted, and its custody begins.")

    def chosen(self) -> EvidenceItem:
        """The highlighted item; refused when nothing was kept."""
        row = self.query_one(Table).cursor_row
        return self.items[row] if 0 <= row < len(self.items) else super().chosen()

    @on(EvidenceActs.Progressed)
    def progressed(self, event: EvidenceActs.Progressed) -> None:
        """How far the work is; at the end the record is read again."""
        line = self.query_one("#progress", Static)
        line.update(f"… {event.said}")
        line.set_class(bool(event.said), "shown")
        if not event.said:
            self.reload()
