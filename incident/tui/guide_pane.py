"""The guide column and the *now* pane of the incident screen: what is listed, what is searched, the highlighted step."""

from collections.abc import Iterable
from datetime import datetime

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from incident.domain.guide import Guide, GuideStep
from incident.domain.responder import Role, RoleLine
from incident.tui.guide_view import Me, View, in_view
from incident.tui.steps import StepActions
from incident.tui.widgets.blocks import Block, Blocks
from incident.tui.widgets.guide_list import GuideList, Listed
from incident.tui.widgets.line_input import SIGNS, LineInput
from incident.tui.widgets.step_page import Around, Words, step_page
from incident.usecases.catalogue import catalogue
from incident.usecases.desk import names
from incident.usecases.guide import incident_guide
from incident.usecases.taken_playbooks import offered_changes


class GuidePane(StepActions):
    """Lists the steps and shows the highlighted one."""

    found: Guide | None = None
    view, searched, wanted = View.ALL, "", ""
    me: Me
    words: Words

    def compose_guide(self) -> ComposeResult:
        """The column and the pane."""
        with Vertical(id="steps"):
            yield Static("", id="guide-head", markup=False)
            yield LineInput(placeholder="/ words of a step", id="search")
            yield GuideList(id="guide")
        with Vertical(id="middle"), VerticalScroll(id="now", can_focus=False):
            yield Blocks(id="step")

    def read_guide(self, team: Iterable[RoleLine]) -> None:
        """The guide as it stands; after an act that finished a step the next one is highlighted."""
        found = incident_guide(self.desk, self.incident, now=self.now())
        commander = next((each.holder for each in team if each.role is Role.COMMANDER), None)
        me = self.desk.me
        self.found = found
        self.me = Me(me.id, me.name, commander is not None and commander.id == me.id)
        templates = catalogue().templates
        self.words = Words(
            catalogue().law.vocabulary.question,
            lambda slug: templates[slug].title if slug in templates else slug,
            names(self.desk),
            self.zone,
        )
        self.offers = len(offered_changes(self.desk, self.incident))
        choose, self.wanted = self._next_in_view(found) if self.advances else self.wanted, ""
        self.advances = False
        self.list_steps(choose)

    def _next_in_view(self, found: Guide) -> str:
        shown = {each.step.slug for each in self._in_view(found)}
        return next((each.step.slug for each in found.open_steps if each.step.slug in shown), "")

    def _in_view(self, found: Guide) -> tuple[GuideStep, ...]:
        return in_view(found, self.view, self.searched, self.me)

    def list_steps(self, choose: str = "") -> None:
        """The steps in sight; the cursor stays where it was unless a step is named."""
        found = self.found
        if found is None:
            return
        steps = self._in_view(found)
        self.query_one(GuideList).show(
            Listed(
                steps,
                found.progress,
                found.now.step.slug if found.now else "",
                frozenset(each.step.slug for each in found.by_track.values()),
                frozenset(each.step.slug for each in found.steps if self.me.has(each)),
                "No step has these words." if self.searched.strip() else self.view.empty,
            ),
            choose=choose,
        )
        self.query_one("#guide-head", Static).update(self._head(found, len(steps)))
        self.show_step(self.now())

    def _head(self, found: Guide, count: int) -> Content:
        """How far it has come, and what is in sight."""
        done, total = found.done
        parts = [Content.styled(f"Guide {done}/{total}", "bold")]
        if self.view is not View.ALL or self.searched.strip():
            words = f" with «{self.searched.strip()}»" if self.searched.strip() else ""
            parts.append(Content.styled(f" · {self.view.value}{words}: {count}", "bold $accent"))
        elif self.offers:
            parts.append(Content.styled(" · changed playbook: p", "$accent"))
        return Content.assemble(*parts)

    def chosen(self) -> GuideStep:
        """The highlighted step as it stands."""
        slug = self.query_one(GuideList).chosen
        found = self.found.named(slug) if self.found and slug else None
        return found if found is not None else super().chosen()

    def show_step(self, now: datetime) -> None:
        """The highlighted step, as of this second."""
        slug = self.query_one(GuideList).chosen
        each = self.found.named(slug) if self.found and slug else None
        self.query_one("#step", Blocks).show(self._page(each, now) if each is not None else self._none())

    def _page(self, each: GuideStep, now: datetime) -> tuple[Block, ...]:
        found = self.found
        is_next = found is not None and found.now is not None and found.now.step.slug == each.step.slug
        if found is None or not is_next:
            return step_page(each, self.words, Around(), now=now)
        others = tuple(other for other in found.by_track.values() if other.step.slug != each.step.slug)
        checks = found.playbook.first_checks if found.done[0] == 0 else ()
        return step_page(each, self.words, Around(is_next=True, first_checks=checks, meanwhile=others), now=now)

    def _none(self) -> tuple[Block, ...]:
        if self.found is None or self.found.now is not None or self.searched or self.view is not View.ALL:
            return (Block(Content.styled("v shows another part of the guide; Esc all of it.", "$secondary")),)
        closed = self.found.playbook.closed_when
        lines = [Block(Content(each), Content("• "), indent=2) for each in closed]
        return (Block(Content.styled("Nothing is open now. It is over when:", "bold")), *lines)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While a line is typed in, + and / are typed."""
        return not (action in SIGNS and isinstance(self.focused, Input))

    def action_view(self) -> None:
        """To the next part of the guide."""
        self.view = self.view.after
        self.list_steps()

    def action_search(self) -> None:
        """To the line that searches the steps."""
        line = self.query_one("#search", LineInput)
        line.add_class("shown")
        self.set_focus(line)

    @on(Input.Changed, "#search")
    def narrowed(self, event: Input.Changed) -> None:
        """Only the steps with these words."""
        self.searched = event.value
        self.list_steps()

    @on(Input.Submitted, "#search")
    def found_it(self) -> None:
        """To the steps that were found."""
        self.set_focus(self.query_one(GuideList))

    @on(LineInput.Left, "#search")
    def search_left(self, event: LineInput.Left) -> None:
        """Back to the steps: to those found, or to all."""
        if event.dropped:
            self.drop_search()
        self.set_focus(self.query_one(GuideList))

    def drop_search(self) -> None:
        """All steps of the view again; the cursor stays on its step."""
        line = self.query_one("#search", LineInput)
        line.clear()
        line.remove_class("shown")
        self.searched = ""
        self.list_steps()

    def action_back(self) -> None:
        """Out of the search, out of the view, then off the screen."""
        if self.searched or self.query_one("#search").has_class("shown"):
            self.drop_search()
        elif self.view is not View.ALL:
            self.view = View.ALL
            self.list_steps()
        else:
            self.app.pop_screen()

    def action_read(self) -> None:
        """The highlighted step on a page of its own."""
        step = self.attempt(self.chosen)
        if step is not None:
            title = f"{self.incident.reference} · {self.incident.title}"
            self.read_page(title, self._page(step, self.now()))
