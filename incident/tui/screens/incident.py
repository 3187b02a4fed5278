"""The incident: guide, now and clocks side by side, and a line to log what happens."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.events import Resize
from textual.timer import Timer
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from incident.domain.guide import Guide, GuideStep, StepState
from incident.errors import RefusedError
from incident.tui.base_screen import IncidentScreen
from incident.tui.steps import StepActions
from incident.tui.widgets.key_line import KeyLine
from incident.tui.widgets.step_list import StepList
from incident.tui.widgets.texts import clock_lines, step_line, step_page, team_line
from incident.usecases.access import looked
from incident.usecases.clocks import clock_list, clocks
from incident.usecases.guide import incident_guide
from incident.usecases.roles import roster
from incident.usecases.timeline import log

if TYPE_CHECKING:
    from incident.domain.duty_clock import Clock


class TheIncidentScreen(StepActions, IncidentScreen):
    """One incident at work."""

    TITLE = "Incident"
    AUTO_FOCUS = "#guide"
    BINDINGS = [
        Binding("enter", "read", "read", id="step.read", tooltip="The highlighted step in full"),
        Binding("d", "done", "done", id="step.complete", tooltip="The highlighted step is done"),
        Binding("s", "skip", "skip", id="step.skip", tooltip="Skip the highlighted step, with a reason"),
        Binding("u", "reopen", "take up again", id="step.reopen", tooltip="Take a finished step up again", show=False),
        Binding("a", "go('team')", "team", id="incident.team", tooltip="Team: roles, hand-over, invite"),
        Binding("f", "go('facts')", "facts", id="incident.facts", tooltip="What is known, and who said so"),
        Binding("c", "go('clocks')", "clocks", id="incident.clocks", tooltip="Every deadline and why it runs"),
        Binding("w", "go('questions')", "find out", id="incident.questions", tooltip="What do we need to find out?"),
        Binding("k", "go('risk')", "risk", id="incident.risk", tooltip="Risk instruments: they advise, you decide", show=False),
        Binding("n", "go('notices')", "notices", id="incident.notices", tooltip="Draft, approve, print, file"),
        Binding("t", "go('timeline')", "timeline", id="incident.timeline", tooltip="What happened, in order"),
        Binding("e", "go('evidence')", "evidence", id="incident.evidence", tooltip="What was kept, and its custody"),
        Binding("r", "go('review')", "review", id="incident.review", tooltip="The post-incident review"),
        Binding("l", "log", "log", id="incident.log", tooltip="Type a line; Enter records it with the time"),
        Binding("x", "end", "end", id="incident.end", tooltip="Close, false alarm, reopen, merge"),
    ]

    def compose(self) -> ComposeResult:
        """The frame with three columns and the log line."""
        with Vertical(id="frame"):
            yield Static("", id="team")
            with Horizontal(id="columns"):
                yield StepList(id="guide")
                with Vertical(id="middle"), VerticalScroll(id="now"):
                    yield Static("", id="step")
                with VerticalScroll(id="clocks"):
                    yield Static("Clocks", classes="head")
                    yield Static("", id="running")
            yield Input(placeholder="› log a line; Enter records it with the time", id="log")
        yield KeyLine()

    def on_mount(self) -> None:
        """Read once, then let the seconds run."""
        looked(self.desk, self.incident, now=self.now())
        self.found: Guide | None = None
        self.running: tuple[Clock, ...] = ()
        self.ticking: Timer = self.set_interval(1, self.tick)
        self.reload()

    def on_screen_suspend(self) -> None:
        """Nobody looks: the seconds stand still."""
        self.ticking.pause()

    def on_screen_resume(self) -> None:
        """Read again: another screen may have changed something."""
        super().on_screen_resume()
        self.ticking.resume()

    def on_resize(self, event: Resize) -> None:
        """Fold what does not fit."""
        self.set_class(event.size.width < 110, "narrow")
        self.set_class(event.size.width < 60 or event.size.height < 12, "tiny")

    def reload(self) -> None:
        """Guide, team and clocks as they stand."""
        if not self.is_mounted:
            return
        incident, now = self.fresh(), self.now()
        self.found = incident_guide(self.desk, incident, now=now)
        self.running = clock_list(clocks(self.desk, incident, now=now))
        mark = "EXERCISE · " if incident.exercise else ""
        ended = "" if incident.is_open else f"{incident.status.label.upper()} · "
        self.query_one("#frame", Vertical).border_title = Content(
            f"{mark}{ended}{incident.reference} «{incident.code_name}» · severity {incident.severity} · {incident.title}"
        )
        self.query_one("#team", Static).update(team_line(roster(self.desk, incident)))
        self._show_guide(self.found)
        self.tick()

    def _show_guide(self, found: Guide) -> None:
        guide = self.query_one("#guide", OptionList)
        chosen = self.chosen_slug
        guide.clear_options()
        next_slug = found.now.step.slug if found.now else ""
        phase = ""
        for each in found.steps:
            if each.state is StepState.NOT_APPLICABLE:
                continue
            if each.step.phase != phase:
                phase = each.step.phase
                heading = found.playbook.phase(phase)
                guide.add_option(Option(heading.title.upper() if heading else phase, disabled=True))
            guide.add_option(Option(step_line(each, is_next=each.step.slug == next_slug), id=each.step.slug))
        wanted = chosen or next_slug
        if wanted:
            guide.highlighted = guide.get_option_index(wanted) if self._listed(wanted) else None

    def _listed(self, slug: str) -> bool:
        step = self.found.named(slug) if self.found else None
        return step is not None and step.state is not StepState.NOT_APPLICABLE

    @property
    def chosen_slug(self) -> str:
        """The highlighted step."""
        guide = self.query_one("#guide", OptionList)
        return (guide.highlighted_option.id or "") if guide.highlighted_option else ""

    def chosen(self) -> GuideStep:
        """The highlighted step as it stands."""
        found = self.found.named(self.chosen_slug) if self.found and self.chosen_slug else None
        if found is None:
            raise RefusedError("No step is highlighted.", "Choose one in the guide.")
        return found

    @on(OptionList.OptionHighlighted)
    def highlighted(self) -> None:
        """Show the step."""
        self._show_step(self.now())

    def tick(self) -> None:
        """One second later."""
        now = self.now()
        local = now.astimezone(ZoneInfo(self.zone))
        place = self.zone.rsplit("/", 1)[-1].replace("_", " ")
        self.query_one("#frame").border_subtitle = f"{now.astimezone(UTC):%H:%M:%S} UTC · {local:%H:%M} {place}"
        self.query_one("#running", Static).update(clock_lines(self.running, now))
        self._show_step(now)

    def _show_step(self, now: datetime) -> None:
        found = self.found.named(self.chosen_slug) if self.found and self.chosen_slug else None
        if found is not None:
            self.query_one("#step", Static).update(step_page(found, now, self.zone))

    @on(Input.Submitted, "#log")
    def logged(self, event: Input.Submitted) -> None:
        """Record the line; it stays in the field when it is refused."""
        if self.attempt(lambda: log(self.desk, self.incident, event.value, now=self.now())) is not None:
            event.input.clear()
            self.notify("Logged.", timeout=4)
            self.set_focus(self.query_one("#guide"))

    @on(OptionList.OptionSelected)
    def action_read(self) -> None:
        """The highlighted step on a page of its own."""
        step = self.attempt(self.chosen)
        if step is not None:
            title = f"{self.incident.reference} · {self.incident.title}"
            self.read_page(title, step_page(step, self.now(), self.zone))

    def action_log(self) -> None:
        """To the log line."""
        self.set_focus(self.query_one("#log"))

    def action_go(self, name: str) -> None:
        """Open another screen about this incident."""
        self.go(name)
