"""Facts: what is known, who said so, how sure; record one, or say who finds out."""

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import DataTable, Static

from incident.domain.fact_record import Confidence
from incident.domain.incident import Incident
from incident.domain.vocabulary import FactKind
from incident.tui.fact_forms import FactForms
from incident.tui.widgets.form import FormField
from incident.tui.widgets.key_line import KeyLine
from incident.tui.widgets.table import Column, Table
from incident.tui.widgets.texts import local
from incident.usecases.catalogue import catalogue
from incident.usecases.facts import FactLine, fact_lines


class FactsScreen(FactForms):
    """Every fact of the vocabulary, the recorded ones first."""

    TITLE = "Facts"
    BINDINGS = [
        Binding("enter", "record", "record", id="fact.record", tooltip="Record the highlighted fact"),
        Binding("u", "unknown", "unknown yet", id="fact.unknown", tooltip="Not known yet: who finds out, by when"),
        Binding("b", "behalf", "for whom", id="fact.behalf", tooltip="Record for a principal who delegated to us"),
    ]

    def __init__(self, incident: Incident, wanted: str = "", behalf: str = "") -> None:
        super().__init__(incident)
        self.wanted, self.behalf, self.arrived = wanted, behalf, False

    def compose(self) -> ComposeResult:
        """A table and the highlighted fact in full."""
        yield Static("", classes="head", markup=False)
        yield Table(
            Column("fact", most=34),
            Column("answer", share=1, least=24),
            Column("sure"),
            Column("said by", most=20, drop=True),
            Column("recorded", drop=True),
        )
        with VerticalScroll(id="below"):
            yield Static("", id="fact")
        yield KeyLine()

    def on_mount(self) -> None:
        """Content."""
        self.lines: dict[str, FactLine] = {}
        self.reload()

    def reload(self) -> None:
        """Read again; the cursor stays."""
        if not self.is_mounted:
            return
        lines = {self._key(each): each for each in fact_lines(self.desk, self.fresh())}
        for key, kind in catalogue().law.vocabulary.kinds.items():
            if key not in lines and (key == self.wanted or not key.startswith(("options.", "filed"))):
                lines[key] = self._blank(kind)
        self.lines = lines
        table = self.query_one(Table)
        table.show((key, self._cells(each)) for key, each in lines.items())
        whose = f" · recording for {self.behalf}" if self.behalf else ""
        self.query_one(".head", Static).update(self.heading(f"facts{whose}"))
        if not self.arrived and self.wanted:  # to the fact that was asked for, once
            table.choose(self.wanted)
            self.arrived = True
        table.focus()
        self.highlighted()

    def _cells(self, each: FactLine) -> tuple[str, ...]:
        name = f"{each.on_behalf_of}: {each.kind.key}" if each.on_behalf_of else each.kind.key
        at = local(each.recorded_at, self.zone) if each.recorded_at else ""
        sure = "" if each.unknown else each.confidence.value
        return name, each.text, sure, each.by or each.source, at

    def _blank(self, kind: FactKind) -> FactLine:
        return FactLine(kind, "", "—", True, "", Confidence.CONFIRMED, "", "", None, "", None, 0)  # noqa: FBT003

    def _key(self, each: FactLine) -> str:
        return f"{each.on_behalf_of}|{each.kind.key}" if each.on_behalf_of else each.kind.key

    def _chosen(self) -> FactLine:
        return self.lines[self.query_one(Table).chosen]

    @on(DataTable.RowHighlighted)
    def highlighted(self) -> None:
        """The highlighted fact in full, with its grounds and who said so."""
        each = self.lines.get(self.query_one(Table).chosen)
        if each is None:
            return
        said = f"{each.by}, {local(each.recorded_at, self.zone)}" if each.recorded_at else ""
        parts: list[Content | tuple[str, str] | str] = [(each.kind.question, "bold"), f"\n{each.text}\n"]
        for label, text in (
            ("Said by", said),
            ("Source", each.source),
            ("Grounds", each.basis),
            ("Finds out", each.owner),
            ("Superseded records", str(each.superseded) if each.superseded else ""),
            ("Answers", ", ".join(label for _, label in each.kind.choices[:14])),
        ):
            if text:
                parts += [(f"{label}: ", "$secondary"), f"{text}\n"]
        self.query_one("#fact", Static).update(Content.assemble(*parts))

    @on(DataTable.RowSelected)
    def action_record(self) -> None:
        """Ask for the highlighted fact."""
        line = self._chosen()
        known = "" if line.unknown or line.from_profile else line.text
        behalf = line.on_behalf_of or self.behalf
        self.ask_fact(line.kind, title=f"Record {line.kind.key}", known=known, behalf=behalf)

    def action_unknown(self) -> None:
        """Not known yet: who finds out, and by when."""
        line = self._chosen()
        behalf = line.on_behalf_of or self.behalf
        self.ask(
            f"Not known yet: {line.kind.question}",
            self.finder_fields(optional=False),
            lambda typed: self.say_unknown(line.kind, typed, behalf),
        )

    def action_behalf(self) -> None:
        """For whom facts are recorded from now on; blank is ourselves."""

        def accept(typed: dict[str, str]) -> None:
            self.behalf = typed["name"].strip()

        intro = "A principal who delegated notices to us; their organisation's facts are recorded for them. Blank: us."
        self.ask("Record for whom", (FormField("name", "Principal", value=self.behalf),), accept, intro=intro)
