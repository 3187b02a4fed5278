"""Playbooks: read them, search all guidance, print one; in an incident join a second one, compare and adopt a newer version."""

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import DataTable, Input, Static

from incident.domain.incident import Incident
from incident.domain.playbook import Playbook
from incident.domain.playbook_diff import PlaybookDiff
from incident.domain.playbook_page import playbook_page
from incident.domain.playbook_search import Found, search
from incident.tui.modals.reading import Reading
from incident.tui.playbook_acts import PlaybookActs
from incident.tui.widgets.key_line import KeyLine
from incident.tui.widgets.line_input import SIGNS, LineInput
from incident.tui.widgets.playbook_lines import playbook_brief, step_markdown
from incident.tui.widgets.table import Column, Table
from incident.tui.widgets.texts import local
from incident.usecases.catalogue import catalogue
from incident.usecases.incidents import incident_of
from incident.usecases.taken_playbooks import offered_changes, playbooks_of, taken_playbooks

_OF_AN_INCIDENT = frozenset({"join", "difference", "adopt"})


class PlaybooksScreen(PlaybookActs):
    """Every playbook; those that the incident follows stand first."""

    TITLE = "Playbooks"
    AUTO_FOCUS = "Table"
    BINDINGS = [
        Binding("enter", "read", "read", id="playbook.read", tooltip="The highlighted playbook, or step, as a page"),
        Binding("slash", "search", "search", key_display="/", id="playbook.search", tooltip="Search all guidance"),
        Binding("j", "join", "join", id="playbook.join", tooltip="Let it join this incident; shared steps are asked once"),
        Binding("d", "difference", "difference", id="playbook.difference", tooltip="What its present file would change here"),
        Binding("y", "adopt", "adopt", id="playbook.adopt", tooltip="Take its present file in place of the one that stands"),
        Binding("w", "write", "PDF", id="playbook.write", tooltip="Write it as a PDF for the paper binder"),
        Binding("escape", "back", "back", id="screen.back", tooltip="Out of the search, then back", show=False),
    ]

    def __init__(self, incident: Incident | None = None) -> None:
        super().__init__()
        self.incident = incident

    def compose(self) -> ComposeResult:
        """A table, a line to search with, the highlighted one in brief."""
        yield Static("", classes="head", markup=False)
        yield LineInput(placeholder="/ words in the guidance of all playbooks", id="search")
        yield Table(Column("here", most=24), Column("title", share=3, least=30), Column("more", share=2, least=20, drop=True))
        with VerticalScroll(id="detail"):
            yield Static("", id="brief")
        yield KeyLine()

    def on_mount(self) -> None:
        """Content."""
        self.words, self.hits = "", dict[str, Found]()
        self.followed: dict[str, Playbook] = {}
        self.offered: dict[str, PlaybookDiff] = {}
        self.taken: dict[str, str] = {}
        self.reload()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What belongs to an incident is not offered outside of one; while a line is typed in, / is typed."""
        if action in SIGNS and isinstance(self.focused, Input):
            return False
        return self.incident is not None or action not in _OF_AN_INCIDENT

    def reload(self) -> None:
        """Read again; the cursor stays."""
        if not self.is_mounted:
            return
        if self.incident is not None:
            incident = self.incident = incident_of(self.desk, self.incident.id)
            self.followed = {each.slug: each for each in playbooks_of(self.desk, incident).parts}
            self.offered = {each.slug: each for each in offered_changes(self.desk, incident)}
            for each in taken_playbooks(self.desk, incident):
                said = f"{each.taken_as.value.capitalize()} {local(each.at, self.zone)} by {each.by}: {each.reason}"
                self.taken[each.playbook.slug] = said
        self.show_lines()

    def show_lines(self) -> None:
        """The playbooks, or what the search found."""
        of = f"{self.incident.reference} · " if self.incident else ""
        if self.words.strip():
            found = search(catalogue().playbooks.values(), self.words)
            self.hits = {f"{each.playbook}|{each.step}": each for each in found}
            rows = [(key, self._hit(each)) for key, each in self.hits.items()]
            said = f"{len(rows)} places with «{self.words.strip()}»"
        else:
            self.hits = {}
            order = sorted(self.playbooks.values(), key=lambda each: each.slug not in self.followed)
            rows = [(each.slug, self._cells(each)) for each in order]
            said = f"{len(rows)} playbooks"
        table = self.query_one(Table)
        before = table.chosen
        table.show(rows)
        if self.hits and table.chosen != before:
            table.move_cursor(row=0)  # the best place first
        self.query_one(".head", Static).update(f"{of}playbooks · {said}")
        self.highlighted()

    @property
    def playbooks(self) -> dict[str, Playbook]:
        """Those on file, and those that the incident follows though their file is gone."""
        return {**self.followed, **catalogue().playbooks}

    def _cells(self, each: Playbook) -> tuple[str, ...]:
        changed = " ✎ changed" if each.slug in self.offered else ""
        here = f"✔ followed{changed}" if each.slug in self.followed else "○ on file"
        standing = self.followed.get(each.slug, each)
        return here, each.title, f"{len(standing.steps)} steps · version {standing.version}"

    def _hit(self, each: Found) -> tuple[str, ...]:
        also = f" and {len(each.also_in)} more" if each.also_in else ""
        playbook = self.playbooks[each.playbook].title
        return f"{playbook}{also}", each.title if each.step else f"{each.title} (the playbook)", each.excerpt

    @on(DataTable.RowHighlighted)
    def highlighted(self) -> None:
        """The highlighted line in brief."""
        key = self.query_one(Table).chosen
        brief = self.query_one("#brief", Static)
        if key in self.hits:
            hit = self.hits[key]
            also = f"\nAlso in {', '.join(hit.also_in)}" if hit.also_in else ""
            brief.update(Content.assemble((f"{hit.title}\n", "bold"), hit.excerpt, (also, "$secondary")))
        elif key in self.playbooks:
            diff = self.offered.get(key)
            offered = "Its file has changed since: d shows the difference, y adopts it." if diff is not None else ""
            titles = {slug: each.title for slug, each in self.playbooks.items()}
            brief.update(playbook_brief(self.playbooks[key], titles, self.taken.get(key, ""), offered))
        else:
            brief.update("No guidance has these words. Fewer or shorter words find more.")

    @property
    def slug(self) -> str:
        """The highlighted playbook, or the one of the step that was found."""
        return self.query_one(Table).chosen.split("|")[0]

    @on(DataTable.RowSelected)
    def action_read(self) -> None:
        """The highlighted playbook, or the step that was found, as a page."""
        hit, question = self.hits.get(self.query_one(Table).chosen), catalogue().law.vocabulary.question
        playbook = self.followed.get(self.slug) or self.playbooks.get(self.slug)
        if playbook is None:
            return
        step = playbook.step(hit.step) if hit is not None and hit.step else None
        text = step_markdown(playbook, step, question) if step is not None else playbook_page(playbook, question)
        self.app.push_screen(Reading(playbook.title, text))

    def action_search(self) -> None:
        """To the line that searches."""
        line = self.query_one("#search", LineInput)
        line.add_class("shown")
        self.set_focus(line)

    @on(Input.Changed, "#search")
    def searched(self, event: Input.Changed) -> None:
        """What was found so far."""
        self.words = event.value
        self.show_lines()

    @on(Input.Submitted, "#search")
    def to_table(self) -> None:
        """To what was found."""
        self.set_focus(self.query_one(Table))

    @on(LineInput.Left, "#search")
    def search_left(self, event: LineInput.Left) -> None:
        """To what was found, or back to all playbooks."""
        if event.dropped:
            self.drop_search()
        self.to_table()

    def drop_search(self) -> None:
        """All playbooks again."""
        line = self.query_one("#search", LineInput)
        line.clear()
        line.remove_class("shown")
        self.words = ""
        self.show_lines()

    def action_back(self) -> None:
        """Out of the search, then off the screen."""
        if self.query_one("#search").has_class("shown"):
            self.drop_search()
        else:
            self.app.pop_screen()
