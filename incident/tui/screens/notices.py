"""Notices: what was begun, what is missing, how far each got; begin another."""

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import DataTable, Static

from incident.tui.base_screen import IncidentScreen
from incident.tui.widgets.form import FormField, Kind
from incident.tui.widgets.key_line import KeyLine
from incident.tui.widgets.table import Column, Table
from incident.usecases.catalogue import catalogue
from incident.usecases.notice_changes import drop
from incident.usecases.notice_choice import templates_for
from incident.usecases.notices import Draft, NewNotice, begin, notices
from incident.usecases.versions import VersionView, versions, void_by_change

_BY_AUTHORITY = ("", "the language of the authority, else English")


class NoticesScreen(IncidentScreen):
    """The notices of the incident."""

    TITLE = "Notices"
    BINDINGS = [
        Binding("b", "begin", "begin", id="notice.begin", tooltip="Begin a notice"),
        Binding("enter", "open", "open", id="notice.open", tooltip="Edit, check, approve, print, file"),
        Binding("l", "letters", "letters", id="notices.letters", tooltip="Press an approved letter for every person affected"),
        Binding("x", "drop", "drop", id="notice.drop", tooltip="Take away a notice that nobody signed, refused or sent"),
    ]

    def compose(self) -> ComposeResult:
        """A table with the highlighted notice in full, or what to do when there is none."""
        yield Static("", classes="head", markup=False)
        yield Table(
            Column("no"),
            Column("notice", share=2, least=18),
            Column("lang"),
            Column("content"),
            Column("version", most=18),
            Column("to", share=2, least=12),
            Column("for", most=16, drop=True),
        )
        yield Static("", id="empty", markup=False)
        with VerticalScroll(id="below"):
            yield Static("", id="notice-line")
        yield KeyLine()

    def on_mount(self) -> None:
        """Content."""
        self.drafts: dict[str, Draft] = {}
        self.made: dict[str, tuple[VersionView, ...]] = {}
        self.reload()

    def reload(self) -> None:
        """Read again; the cursor stays."""
        if not self.is_mounted:
            return
        found = notices(self.desk, self.fresh(), now=self.now())
        self.drafts = {str(each.notice.id): each for each in found}
        self.made = {key: versions(self.desk, each.notice.id) for key, each in self.drafts.items()}
        table = self.query_one(Table)
        table.show((key, (str(number), *self._cells(key))) for number, key in enumerate(self.drafts, start=1))
        empty = "" if self.drafts else "No notice yet. Press b to begin one; its fields fill themselves from the facts."
        self.query_one("#empty", Static).update(empty)
        self.query_one("#empty").display = not self.drafts
        self.query_one("#below").display = table.display = bool(self.drafts)
        self.query_one(".head", Static).update(self.heading("notices"))
        table.focus()
        self.highlighted()

    def action_letters(self) -> None:
        """One letter for each person affected."""
        self.go("letters")

    def _cells(self, key: str) -> tuple[str, ...]:
        each, made = self.drafts[key], self.made[key]
        void = ", void" if made and void_by_change(each, made[-1]) else ""
        state = f"v{made[-1].version.number} {made[-1].state.value}{void}" if made else "no version"
        lacking = len(each.completeness.missing)
        content = f"{lacking} missing" if lacking else "complete"
        to, whose = each.notice.recipient_name or "—", each.notice.on_behalf_of or "us"
        return each.template.slug, each.notice.language, content, state, to, whose

    @on(DataTable.RowHighlighted)
    def highlighted(self) -> None:
        """The highlighted notice in full: to whom, for whom, what is missing."""
        key = self.query_one(Table).chosen
        each = self.drafts.get(key)
        if each is None:
            return
        missing = "; ".join(each.completeness.missing) or "nothing"
        notice, made = each.notice, self.made[key]
        history = ", ".join(f"v{one.version.number} {one.version.kind.value} {one.state.value}" for one in made) or "none yet"
        self.query_one("#notice-line", Static).update(
            Content.assemble(
                (f"{each.template.title}\n", "bold"),
                ("To ", "bold"),
                f"{notice.recipient_name or 'nobody yet'} · for {notice.on_behalf_of or 'us'} · in {notice.language}\n",
                ("Discharges ", "bold"),
                f"{', '.join(notice.obligations) or 'nothing owed now'}\n",
                ("Missing ", "bold"),
                f"{missing}\n",
                ("Versions ", "bold"),
                history,
            )
        )

    @on(DataTable.RowSelected)
    def action_open(self) -> None:
        """Open the highlighted notice."""
        each = self.drafts.get(self.query_one(Table).chosen)
        if each is not None:
            self.go("notice", notice_id=each.notice.id)

    def action_drop(self) -> None:
        """Take the highlighted notice away; refused once a version was signed, refused or sent."""
        each = self.drafts.get(self.query_one(Table).chosen)
        if each is not None:
            self.confirmed(lambda: self._drop(each))

    def _drop(self, each: Draft) -> None:
        intro = f"{each.template.title}, to {each.notice.recipient_name or 'nobody yet'}. The journal keeps that it was there."
        self.ask(
            "Drop this draft", (), lambda _: drop(self.desk, each.notice.id, now=self.now()), intro=intro, button="Drop it"
        )

    def action_begin(self) -> None:
        """Which notice, to whom, in which language."""
        kinds = tuple((each.slug, each.title) for each in templates_for(self.desk, self.incident, now=self.now()))
        languages = sorted({code for each in catalogue().templates.values() for code in each.languages})
        tongues = (_BY_AUTHORITY, *((each, each) for each in languages))
        fields = (
            FormField("template", "Which notice", Kind.CHOICE, choices=kinds),
            FormField("to", "To whom"),
            FormField("address", "Address, lines separated by ;"),
            FormField("language", "Language", Kind.CHOICE, choices=tongues),
            FormField("whose", "On behalf of (blank: ourselves)"),
        )
        self.ask("Begin a notice", fields, self._begin)

    def _begin(self, typed: dict[str, str]) -> object:
        new = NewNotice(
            template=typed["template"],
            language=typed["language"],
            recipient_name=typed["to"],
            recipient_address="\n".join(part.strip() for part in typed["address"].split(";") if part.strip()),
            on_behalf_of=typed["whose"].strip(),
        )
        return begin(self.desk, self.incident, new, now=self.now())
