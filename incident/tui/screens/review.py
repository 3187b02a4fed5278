"""The review, stage by stage: what the facilitator asks, what the record and the team say, what is still to say."""

from pathlib import Path

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.reactive import reactive
from textual.widgets import Static

from incident.domain.profile import Profile
from incident.tui.review_acts import ReviewActs
from incident.tui.review_stages import STAGES, to_say
from incident.tui.widgets.blocks import Blocks
from incident.tui.widgets.form import FormField, Kind
from incident.tui.widgets.key_line import KeyLine
from incident.usecases.review_paper import review_paper
from incident.usecases.review_report import write_review

_PROFILES = (
    (Profile.REGULATOR, "a regulator: no privileged lines"),
    (Profile.PRIVILEGED, "counsel: nothing is left out"),
    (Profile.CUSTOMER, "a customer: the three questions, what is being done"),
    (Profile.PUBLIC, "the public: what became of it, who was told"),
)


class ReviewScreen(ReviewActs):
    """The post-incident review, one stage in sight at a time."""

    TITLE = "Review"
    BINDINGS = [
        Binding("n,right", "stage(1)", "next", id="review.next", tooltip="The next stage", key_display="n"),
        Binding("p,left", "stage(-1)", "back", id="review.previous", tooltip="The stage before", key_display="p"),
        Binding("e", "answer", "answer", id="review.answer", tooltip="Answer the questions of this stage"),
        Binding("m", "mark", "mark", id="review.mark", tooltip="A line that surprised you"),
        Binding("f", "factor", "factor", id="review.factor", tooltip="Something that contributed"),
        Binding("d", "difference", "difference", id="review.difference", tooltip="What you expected, and what you saw"),
        Binding("i", "item", "item", id="review.item", tooltip="Add an action item"),
        Binding("u", "follow_up", "follow up", id="review.follow_up", tooltip="How an action item stands; a new day"),
        Binding("k", "finish", "done", id="review.finish", tooltip="An action item is done"),
        Binding("z", "withdraw", "take back", id="review.withdraw", tooltip="Take a finding back"),
        Binding("v", "advance", "state", id="review.advance", tooltip="Draft, in review, reviewed, closed"),
        Binding("w", "write", "write", id="review.write", tooltip="Write it as PDF, Word, HTML, Markdown, JSON"),
    ]
    stage: reactive[int] = reactive(0)

    def compose(self) -> ComposeResult:
        """The stage's title and question, and its page."""
        yield Static("", classes="head", markup=False)
        with VerticalScroll(id="page"):
            yield Static("", id="asks", markup=False)
            yield Blocks(id="text")
        yield KeyLine()

    def on_mount(self) -> None:
        """Read and show."""
        self.reload()
        self.query_one("#page").focus()

    def reload(self) -> None:
        """Read again."""
        if not self.is_mounted:
            return
        incident = self.fresh()
        self.paper = self.attempt(lambda: review_paper(self.desk, incident, Profile.PRIVILEGED, now=self.now(), zone=self.zone))
        self.show_stage()

    def watch_stage(self) -> None:
        """Another stage, from its top."""
        if self.is_mounted:
            self.show_stage()
            self.query_one("#page").scroll_home(animate=False)

    def show_stage(self) -> None:
        """Show what stands in this stage."""
        if self.paper is None:
            return
        stage, state = STAGES[self.stage], self.paper.state.replace("_", " ")
        where = f"{self.stage + 1} of {len(STAGES)} {stage.title}"
        self.query_one(".head", Static).update(self.heading(f"review · {state} · {where}"))
        self.query_one("#asks", Static).update(f"{to_say(self.paper)[:1].upper()}{to_say(self.paper)[1:]}\n{stage.ask}")
        self.query_one("#text", Blocks).show(stage.blocks(self.paper, self.size.width))

    def action_stage(self, by: int) -> None:
        """Go to the next stage, or to the one before."""
        self.stage = (self.stage + by) % len(STAGES)

    def action_write(self) -> None:
        """Ask for whom and where, and write in the background; a copy outside the vault asks for the passphrase."""
        self.confirmed(self._ask_folder)

    def _ask_folder(self) -> None:
        fields = (
            FormField("folder", "Folder", value=str(Path.home() / "incident-documents")),
            FormField("profile", "For", Kind.CHOICE, choices=tuple((each.value, text) for each, text in _PROFILES)),
        )
        self.ask("Write the review", fields, lambda typed: self._start(typed["folder"], typed["profile"]))

    def _start(self, folder: str, profile: str) -> None:
        self.write(Path(folder).expanduser(), Profile(profile))

    @work(thread=True, exclusive=True, exit_on_error=False, group="press")
    def write(self, folder: Path, profile: Profile) -> None:
        """Write the files; the keyboard stays free."""
        paths = write_review(self.desk, self.incident, folder, now=self.now(), zone=self.zone, profile=profile)
        self.app.call_from_thread(self.notify, "\n".join(str(each) for each in paths), title="Review written", markup=False)
