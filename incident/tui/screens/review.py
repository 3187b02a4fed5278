"""The review: its questions, durations, how the clocks were met, action items; written as PDF, Markdown, JSON."""

from datetime import date
from pathlib import Path

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from incident.domain.review import REVIEW_QUESTIONS, ActionKind, ReviewState, duration_text
from incident.errors import ConflictError, ContentError
from incident.tui.base_screen import IncidentScreen
from incident.tui.widgets.form import FormField, Kind
from incident.tui.widgets.key_line import KeyLine
from incident.usecases.desk import names, responders
from incident.usecases.review import (
    ReviewView,
    add_action_item,
    advance_review,
    answer_review,
    finish_action_item,
    review_view,
)
from incident.usecases.review_report import write_review


class ReviewScreen(IncidentScreen):
    """The post-incident review."""

    TITLE = "Review"
    BINDINGS = [
        Binding("e", "answer", "answer", id="review.answer", tooltip="Answer the review's questions"),
        Binding("i", "item", "action item", id="review.item", tooltip="Add an action item"),
        Binding("k", "finish", "item done", id="review.finish", tooltip="An action item is done"),
        Binding("v", "advance", "state", id="review.advance", tooltip="Draft, in review, reviewed, closed"),
        Binding("w", "write", "write", id="review.write", tooltip="Write PDF, Markdown and JSON"),
    ]

    def compose(self) -> ComposeResult:
        """One page."""
        yield Static("", classes="head", markup=False)
        with VerticalScroll(id="page"):
            yield Static("", id="text")
        yield KeyLine()

    def on_mount(self) -> None:
        """Read and show."""
        self.view: ReviewView | None = None
        self.reload()
        self.query_one("#page").focus()

    def reload(self) -> None:
        """Read again."""
        if not self.is_mounted:
            return
        self.view = review_view(self.desk, self.fresh(), now=self.now())
        state = self.view.review.state.value.replace("_", " ") if self.view.review else "not begun"
        self.query_one(".head", Static).update(self.heading(f"review · {state}"))
        self.query_one("#text", Static).update(self._text(self.view))

    def _text(self, view: ReviewView) -> Content:
        parts: list[Content | tuple[str, str] | str] = []
        answers = view.review.answers if view.review else {}
        for key, question in REVIEW_QUESTIONS:
            parts += [(f"{question}\n", "bold"), f"{answers.get(key) or '— not answered yet (e)'}\n\n"]
        parts.append(("How the clocks were met\n", "bold"))
        for margin in view.margins:
            left = "not filed" if margin.filed_at is None else "no date in the law"
            if margin.margin is not None:
                late = margin.margin.total_seconds() < 0
                left = f"LATE by {duration_text(-margin.margin)}" if late else f"{duration_text(margin.margin)} to spare"
            parts.append(f"  {left:<22} {margin.title}\n")
        parts.append(("\nHow long it took\n", "bold"))
        for metric in view.metrics:
            took = duration_text(metric.took) if metric.took is not None else "unknown"
            parts.append(f"  {took:<22} {metric.name} ({metric.from_event} → {metric.to_event}) {metric.note}\n")
        parts.append(("\nAction items\n", "bold"))
        people = names(self.desk)
        for number, item in enumerate(view.items, start=1):
            sign = "✔" if item.done_at else "○"
            parts.append(f"  {number} {sign} {item.title} — {people.get(item.owner, '')}, {item.due_on}, {item.kind.value}\n")
        if not view.items:
            parts.append(("  none yet (i)\n", "$secondary"))
        return Content.assemble(*parts)

    def action_answer(self) -> None:
        """All questions in one form, what was written already inside."""
        answers = dict(self.view.review.answers) if self.view and self.view.review else {}
        fields = tuple(FormField(key, question, Kind.PROSE, value=answers.get(key, "")) for key, question in REVIEW_QUESTIONS)

        def accept(typed: dict[str, str]) -> object:
            changed = {key: text for key, text in typed.items() if text != answers.get(key, "")}
            try:
                return answer_review(self.desk, self.incident, changed, now=self.now(), seen=answers)
            except ConflictError:
                fresh = review_view(self.desk, self.incident, now=self.now()).review
                answers.update(
                    {key: fresh.answers.get(key, "") for key in changed} if fresh else {}
                )  # both have been shown now: saving again means it
                raise

        self.ask("Review", fields, accept)

    def action_item(self) -> None:
        """Add an action item."""
        people = tuple((each.sign_in, each.name) for each in responders(self.desk) if each.active)
        fields = (
            FormField("title", "What will be done"),
            FormField("owner", "By whom", Kind.CHOICE, choices=people),
            FormField("due", "By which day", hint="YYYY-MM-DD"),
            FormField("kind", "To", Kind.CHOICE, choices=tuple((each.value, each.value) for each in ActionKind)),
        )

        def accept(typed: dict[str, str]) -> object:
            try:
                due_on = date.fromisoformat(typed["due"].strip())
            except ValueError as error:
                raise ContentError(f"«{typed['due']}» is not a day.", "Write it as YYYY-MM-DD.") from error
            kind = ActionKind(typed["kind"])
            return add_action_item(
                self.desk, self.incident, typed["title"], owner=typed["owner"], due_on=due_on, kind=kind, now=self.now()
            )

        self.ask("Action item", fields, accept)

    def action_finish(self) -> None:
        """An action item is done."""
        open_items = [each for each in (self.view.items if self.view else ()) if each.done_at is None]
        if not open_items:
            self.notify("No action item is open.")
            return
        fields = (
            FormField("item", "Which", Kind.CHOICE, choices=tuple((str(each.id), each.title) for each in open_items)),
            FormField("outcome", "What came of it"),
        )

        def accept(typed: dict[str, str]) -> object:
            chosen = next(each for each in open_items if str(each.id) == typed["item"])
            return finish_action_item(self.desk, chosen.id, outcome=typed["outcome"], now=self.now())

        self.ask("Action item done", fields, accept)

    def action_advance(self) -> None:
        """Move the review on."""
        states = tuple((each.value, each.value.replace("_", " ")) for each in ReviewState)
        field = FormField("state", "The review is now", Kind.CHOICE, value="in_review", choices=states)

        def accept(typed: dict[str, str]) -> object:
            return advance_review(self.desk, self.incident, ReviewState(typed["state"]), now=self.now())

        self.ask("State of the review", (field,), accept)

    def action_write(self) -> None:
        """Ask for the folder and write in the background; a copy outside the vault asks for the passphrase."""
        self.confirmed(self._ask_folder)

    def _ask_folder(self) -> None:
        folder = FormField("folder", "Folder", value=str(Path.home() / "incident-documents"))
        self.ask("Write the review", (folder,), lambda typed: self._start(typed["folder"]))

    def _start(self, folder: str) -> None:
        self.write(Path(folder).expanduser())

    @work(thread=True, exclusive=True, exit_on_error=False, group="press")
    def write(self, folder: Path) -> None:
        """Write the three files; the keyboard stays free."""
        paths = write_review(self.desk, self.incident, folder, now=self.now(), zone=self.zone)
        self.app.call_from_thread(self.notify, "\n".join(str(each) for each in paths), title="Review written", markup=False)
