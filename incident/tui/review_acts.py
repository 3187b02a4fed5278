"""What people say in a review: answers, surprises, factors, differences, action items, its state."""

from collections.abc import Callable
from datetime import date

from incident.domain.finding import Cause, FindingKind
from incident.domain.review import REVIEW_QUESTIONS, ActionItem, ActionKind, ReviewState
from incident.errors import ConflictError, ContentError
from incident.tui.base_screen import IncidentScreen
from incident.tui.review_stages import ANSWERED_IN
from incident.tui.widgets.form import FormField, Kind
from incident.usecases.action_items import add_action_item, finish_action_item, follow_up
from incident.usecases.desk import responders
from incident.usecases.findings import NewFinding, add_finding, withdraw_finding
from incident.usecases.review import advance_review, answer_review, review_view
from incident.usecases.review_paper import ReviewPaper

_SHORT = 60


class ReviewActs(IncidentScreen):
    """The acts of the review's screen; it holds the paper and the stage in sight."""

    paper: ReviewPaper | None = None
    stage = 0

    def action_answer(self) -> None:
        """The questions of this stage in one form, what was written already inside; elsewhere all of them."""
        keys = ANSWERED_IN.get(self.stage, tuple(key for key, _ in REVIEW_QUESTIONS))
        answers = dict(self.paper.answers) if self.paper else {}
        fields = tuple(
            FormField(key, question, Kind.PROSE, value=answers.get(key, ""))
            for key, question in REVIEW_QUESTIONS
            if key in keys
        )

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

    def action_mark(self) -> None:
        """A line of the timeline that surprised those who were there."""
        fields = (
            FormField("entry", "Which line", hint="its number in «What happened»"),
            FormField("text", "What surprised you"),
        )

        def accept(typed: dict[str, str]) -> object:
            number = typed["entry"].strip()
            if not number.isdecimal():
                raise ContentError(f"«{number}» is no number of a line.", "Each line begins with its number.")
            return self._find(NewFinding(FindingKind.SURPRISE, typed["text"], line=int(number)))

        self.ask("A surprise", fields, accept)

    def action_factor(self) -> None:
        """Something that contributed."""
        causes = (("", "no kind of these"), *((each.value, each.value) for each in Cause))
        fields = (
            FormField("text", "What contributed"),
            FormField("cause", "Which kind of act it was", Kind.CHOICE, choices=causes),
        )
        self.ask(
            "A factor", fields, lambda typed: self._find(NewFinding(FindingKind.FACTOR, typed["text"], cause=typed["cause"]))
        )

    def action_difference(self) -> None:
        """What was expected, and what was seen."""
        fields = (FormField("expected", "What did you expect then?"), FormField("text", "What did you see?"))
        self.ask(
            "Expected, and seen",
            fields,
            lambda typed: self._find(NewFinding(FindingKind.DIFFERENCE, typed["text"], expected=typed["expected"])),
        )

    def _find(self, new: NewFinding) -> object:
        return add_finding(self.desk, self.incident, new, now=self.now())

    def action_withdraw(self) -> None:
        """Take a finding back."""
        held = self.paper.findings if self.paper else ()
        if not held:
            self.notify("There is no finding to take back.")
            return
        choices = tuple((str(each.id), f"{each.kind.value}: {each.text[:_SHORT]}") for each in held)

        def accept(typed: dict[str, str]) -> None:
            chosen = next(each for each in held if str(each.id) == typed["finding"])
            withdraw_finding(self.desk, self.incident, chosen.id, now=self.now())

        self.ask("Take a finding back", (FormField("finding", "Which", Kind.CHOICE, choices=choices),), accept)

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
            kind = ActionKind(typed["kind"])
            return add_action_item(
                self.desk,
                self.incident,
                typed["title"],
                owner=typed["owner"],
                due_on=_day(typed["due"]),
                kind=kind,
                now=self.now(),
            )

        self.ask("Action item", fields, accept)

    def action_follow_up(self) -> None:
        """How an action item stands; a new day where it moves."""
        fields = (FormField("note", "How it stands, or why it moves"), FormField("due", "New day, if any", hint="YYYY-MM-DD"))

        def accept(item: ActionItem, typed: dict[str, str]) -> object:
            due_on = _day(typed["due"]) if typed["due"].strip() else None
            return follow_up(self.desk, item.id, note=typed["note"], due_on=due_on, now=self.now())

        self._about_item("Follow up", fields, accept)

    def action_finish(self) -> None:
        """An action item is done."""

        def accept(item: ActionItem, typed: dict[str, str]) -> object:
            return finish_action_item(self.desk, item.id, outcome=typed["outcome"], now=self.now())

        self._about_item("Action item done", (FormField("outcome", "What came of it"),), accept)

    def _about_item(
        self, title: str, fields: tuple[FormField, ...], accept: Callable[[ActionItem, dict[str, str]], object]
    ) -> None:
        held = [each for each in (self.paper.items if self.paper else ()) if each.done_at is None]
        if not held:
            self.notify("No action item is open.")
            return
        which = FormField("item", "Which", Kind.CHOICE, choices=tuple((str(each.id), each.title) for each in held))

        def taken(typed: dict[str, str]) -> object:
            return accept(next(each for each in held if str(each.id) == typed["item"]), typed)

        self.ask(title, (which, *fields), taken)

    def action_advance(self) -> None:
        """Move the review on."""
        states = tuple((each.value, each.value.replace("_", " ")) for each in ReviewState)
        field = FormField("state", "The review is now", Kind.CHOICE, value="in_review", choices=states)

        def accept(typed: dict[str, str]) -> object:
            return advance_review(self.desk, self.incident, ReviewState(typed["state"]), now=self.now())

        self.ask("State of the review", (field,), accept)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise ContentError(f"«{text}» is not a day.", "Write it as YYYY-MM-DD.") from error
