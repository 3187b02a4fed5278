"""Readiness: what is missing before it happens, each gap with the command that closes it; tested numbers, people outside."""

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import DataTable, Static

from incident.domain.readiness import Check, ContactKind, Ready
from incident.tui.base_screen import BaseScreen
from incident.tui.widgets.form import FormField, Kind
from incident.tui.widgets.key_line import KeyLine
from incident.tui.widgets.table import Column, Table
from incident.usecases.desk import responders
from incident.usecases.readiness import readiness, record_number_test, save_contact

_MARKS = {Ready.GAP: "✘ gap", Ready.LOOK: "! look", Ready.READY: "✔ ready"}
_ORDER = tuple(_MARKS)


class ReadyScreen(BaseScreen):
    """Gaps first; the highlighted one in full below, with what closes it."""

    TITLE = "Readiness"
    BINDINGS = [
        Binding("enter", "read", "read", id="ready.read", tooltip="Read the highlighted check in full"),
        Binding("t", "tested", "number tried", id="ready.number", tooltip="Record that somebody's number was called"),
        Binding("c", "contact", "contact", id="ready.contact", tooltip="Enter or confirm somebody outside"),
        Binding("o", "organisation", "organisation", id="ready.organisation", tooltip="The organisation's profile"),
        Binding("escape", "app.pop_screen", "back", id="screen.back", tooltip="Back", show=False),
    ]

    def compose(self) -> ComposeResult:
        """A heading with the counts, the checks, and the highlighted one in full."""
        yield Static("", classes="head", markup=False)
        yield Table(Column("state"), Column("about", most=12), Column("what", share=1, least=30), id="checks")
        with VerticalScroll(id="below"):
            yield Static("", id="check-text")
        yield KeyLine()

    def on_mount(self) -> None:
        """Content."""
        self.checks: tuple[Check, ...] = ()
        self.reload()

    def reload(self) -> None:
        """Look again; gaps come first."""
        if not self.is_mounted:
            return
        found = readiness(self.desk, now=self.now())
        self.checks = tuple(sorted(found, key=lambda each: _ORDER.index(each.state)))
        table = self.query_one(Table)
        table.show((str(number), (_MARKS[each.state], each.topic, each.text)) for number, each in enumerate(self.checks))
        gaps, looks = (sum(each.state is state for each in found) for state in (Ready.GAP, Ready.LOOK))
        said = f"Readiness · {gaps} gaps, {looks} to look at, {len(found) - gaps - looks} ready"
        self.query_one(".head", Static).update(said)
        table.focus()
        self.highlighted()

    @property
    def chosen(self) -> Check | None:
        """The highlighted check."""
        key = self.query_one(Table).chosen
        return self.checks[int(key)] if key else None

    @on(DataTable.RowHighlighted)
    def highlighted(self) -> None:
        """The highlighted check in full."""
        each = self.chosen
        if each is not None:
            self.query_one("#check-text", Static).update(_page(each))

    @on(DataTable.RowSelected)
    def action_read(self) -> None:
        """The highlighted check as a page."""
        if (each := self.chosen) is not None:
            self.read_page(each.topic, _page(each))

    def action_tested(self) -> None:
        """Whose number was called, and whether they answered."""
        people = tuple((each.sign_in, each.name) for each in responders(self.desk) if each.active and each.phone.strip())
        if not people:
            self.notify("Nobody has a number yet: `incident team change WORD --phone …`.", severity="warning", markup=False)
            return
        fields = (
            FormField("name", "Whose number was called", Kind.CHOICE, value=people[0][0], choices=people),
            FormField("answered", "Was it answered?", Kind.CHOICE, value="yes", choices=(("yes", "yes"), ("no", "no"))),
            FormField("note", "Note"),
        )

        def accept(typed: dict[str, str]) -> object:
            answered = typed["answered"] == "yes"
            return record_number_test(self.desk, typed["name"], answered=answered, note=typed["note"], now=self.now())

        self.ask("A number was tried", fields, accept)

    def action_contact(self) -> None:
        """Somebody outside."""
        kinds = tuple((each.value, each.label) for each in ContactKind)
        fields = (
            FormField("kind", "Who", Kind.CHOICE, value=kinds[0][0], choices=kinds),
            FormField("name", "The firm, and the person"),
            FormField("phone", "A number that works without a directory", hint="+49 30 5550 0100"),
            FormField("contract", "Contract or policy number (blank: as before)"),
        )

        def accept(typed: dict[str, str]) -> object:
            kind, name = typed["kind"], typed["name"]
            return save_contact(self.desk, kind, name, phone=typed["phone"], contract=typed["contract"], now=self.now())

        self.ask("Somebody outside", fields, accept)

    def action_organisation(self) -> None:
        """The profile."""
        self.owner.show("organisation")


def _page(each: Check) -> Content:
    mend = f"\nWhat closes it: {each.mend}" if each.mend else ""
    return Content.assemble((f"{_MARKS[each.state]} · {each.topic}\n", "bold"), each.text, (mend, "$accent"))
