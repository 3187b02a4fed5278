"""The incident: guide, now and clocks side by side, and a line to log what happens."""

from datetime import UTC
from zoneinfo import ZoneInfo

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.events import Resize
from textual.timer import Timer
from textual.widgets import Input, OptionList, Static

from incident.domain.docket import Docket, docket
from incident.domain.incident import Incident
from incident.tui.ending import EndActions
from incident.tui.guide_pane import GuidePane
from incident.tui.widgets.guide_list import GuideList
from incident.tui.widgets.key_line import KeyLine
from incident.tui.widgets.line_input import LineInput
from incident.tui.widgets.texts import clock_lines, team_line
from incident.usecases.access import looked
from incident.usecases.clocks import clock_list, clocks
from incident.usecases.roles import roster
from incident.usecases.timeline import log

_NARROW, _TINY_WIDTH, _TINY_HEIGHT = 110, 60, 12


class TheIncidentScreen(GuidePane, EndActions):
    """One incident at work."""

    TITLE = "Incident"
    AUTO_FOCUS = "#guide"
    BINDINGS = [
        Binding("enter", "read", "read", id="step.read", tooltip="The highlighted step in full"),
        Binding("d", "done", "done", id="step.complete", tooltip="The highlighted step is done, or decided"),
        Binding(
            "i", "fill_in", "fill in", id="step.fill-in", tooltip="Answer what the highlighted step asks, or say who finds out"
        ),
        Binding("s", "skip", "skip", id="step.skip", tooltip="Skip the highlighted step, with a reason"),
        Binding("z", "undo", "undo", id="step.undo", tooltip="The last act on the step was a mistake: take it back"),
        Binding("u", "reopen", "again", id="step.reopen", tooltip="Take a finished step up again"),
        Binding(
            "h", "hand_over", "hand over", id="step.hand-over", tooltip="Give the highlighted step to somebody; the role stays"
        ),
        Binding("plus", "attach", "attach", key_display="+", id="step.attach", tooltip="Keep a file that the step wants kept"),
        Binding(
            "v", "view", "view", id="guide.view", tooltip="Guide: all steps, mine, those that wait, those that do not apply"
        ),
        Binding("slash", "search", "search", key_display="/", id="guide.search", tooltip="Only steps with these words"),
        Binding("m", "mine", "mine", id="mine", tooltip="What is open for me across incidents, and what waits for others"),
        Binding(
            "p", "go('playbooks')", "playbooks", id="incident.playbooks", tooltip="Read, join, compare and adopt playbooks"
        ),
        Binding("a", "go('team')", "team", id="incident.team", tooltip="Team: roles, hand-over, call tree"),
        Binding("f", "go('facts')", "facts", id="incident.facts", tooltip="What is known, and who said so"),
        Binding("c", "go('clocks')", "clocks", id="incident.clocks", tooltip="Every deadline and why it runs"),
        Binding("w", "go('questions')", "find out", id="incident.questions", tooltip="What do we need to find out?"),
        Binding("k", "go('risk')", "risk", id="incident.risk", tooltip="Risk instruments: they advise, you decide"),
        Binding("n", "go('notices')", "notices", id="incident.notices", tooltip="Draft, approve, print, file"),
        Binding("t", "go('timeline')", "timeline", id="incident.timeline", tooltip="What happened, in order"),
        Binding("e", "go('evidence')", "evidence", id="incident.evidence", tooltip="What was kept, and its custody"),
        Binding("r", "go('review')", "review", id="incident.review", tooltip="The post-incident review"),
        Binding("l", "log", "log", id="incident.log", tooltip="Type a line; Enter records it with the time"),
        Binding("x", "end", "end", id="incident.end", tooltip="Close, false alarm, reopen, merge"),
        Binding("escape", "back", "back", id="screen.back", tooltip="Out of a search or a view, then back", show=False),
    ]

    def __init__(self, incident: Incident, wanted: str = "") -> None:
        super().__init__(incident)
        self.wanted = wanted

    def compose(self) -> ComposeResult:
        """The frame with three columns and the log line."""
        with Vertical(id="frame"):
            yield Static("", id="team")
            with Horizontal(id="columns"):
                yield from self.compose_guide()
                with VerticalScroll(id="clocks"):
                    yield Static("Clocks", classes="head")
                    yield Static("", id="running")
            yield LineInput(placeholder="› log a line; Enter records it with the time", id="log")
        yield KeyLine()

    def on_mount(self) -> None:
        """Read once, then let the seconds run."""
        looked(self.desk, self.incident, now=self.now())
        self.running: Docket | None = None
        self.ticking: Timer = self.set_interval(1, self.tick)
        self.watch(self.app, "theme", self.tick, init=False)
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
        self.set_class(event.size.width < _NARROW, "narrow")
        self.set_class(event.size.width < _TINY_WIDTH or event.size.height < _TINY_HEIGHT, "tiny")

    def reload(self) -> None:
        """Guide, team and clocks as they stand."""
        if not self.is_mounted:
            return
        incident, now = self.fresh(), self.now()
        self.running = docket(clock_list(clocks(self.desk, incident, now=now)))
        mark = "EXERCISE · " if incident.exercise else ""
        ended = "" if incident.is_open else f"{incident.status.label.upper()} · "
        self.query_one("#frame", Vertical).border_title = Content(
            f"{mark}{ended}{incident.reference} «{incident.code_name}» · severity {incident.severity} · {incident.title}"
        )
        team = roster(self.desk, incident)
        self.query_one("#team", Static).update(team_line(team))
        self.read_guide(team)
        self.tick()

    def tick(self) -> None:
        """One second later."""
        now = self.now()
        local = now.astimezone(ZoneInfo(self.zone))
        place = self.zone.rsplit("/", 1)[-1].replace("_", " ")
        self.query_one("#frame").border_subtitle = f"{now.astimezone(UTC):%H:%M:%S} UTC · {local:%H:%M} {place}"
        if self.running is not None:
            running = self.query_one("#running", Static)
            lines = clock_lines(self.running, now)
            running.update(lines, layout=lines.plain.count("\n") != str(running.content).count("\n"))
        self.show_step(now)

    @on(OptionList.OptionHighlighted)
    def highlighted(self) -> None:
        """Show the step."""
        self.show_step(self.now())

    @on(OptionList.OptionSelected)
    def clicked(self) -> None:
        """A click on the highlighted step reads it, as Enter does."""
        self.action_read()

    @on(Input.Submitted, "#log")
    def logged(self, event: Input.Submitted) -> None:
        """Record the line; it stays in the field when it is refused."""
        if self.attempt(lambda: log(self.desk, self.incident, event.value, now=self.now())) is not None:
            event.input.clear()
            self.notify("Logged.", timeout=4)
            self.to_guide()

    @on(LineInput.Left, "#log")
    def to_guide(self) -> None:
        """Back to the steps; a half-typed line stays for later."""
        self.set_focus(self.query_one(GuideList))

    def action_log(self) -> None:
        """To the log line."""
        self.set_focus(self.query_one("#log"))

    def action_go(self, name: str) -> None:
        """Open another screen about this incident."""
        self.go(name)

    def action_mine(self) -> None:
        """To what is mine."""
        self.owner.show("mine")
