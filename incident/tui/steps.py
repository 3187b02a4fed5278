"""What a responder does with a step: answer what it asks, do it, leave it out, hand it on, take an act back, keep files."""

from collections.abc import Callable

from incident.domain.answer import moment_text
from incident.domain.guide import GuideStep, StepState
from incident.domain.playbook import Decision
from incident.errors import RefusedError
from incident.tui.fact_forms import FactForms
from incident.tui.widgets.form import FormField, Kind
from incident.usecases.asked_facts import AskedFact, asked_facts
from incident.usecases.desk import names, responders
from incident.usecases.guide import complete_step, hand_over_step, reopen_step, skip_step, take_default, undo_step
from incident.usecases.members import members

_DEFAULT = " default"
"""The token of «nobody decided»; a blank first, so that no playbook's option can be it."""
_FINISHED = (StepState.DONE, StepState.SKIPPED)


class StepActions(FactForms):
    """Done, skip, fill in, hand over, undo, take up again, attach evidence."""

    advances = False
    """The last act finished a step: the next one is highlighted when the guide is read again."""

    def chosen(self) -> GuideStep:
        """The highlighted step; the screen knows which."""
        raise RefusedError("No step is highlighted.", "Choose one in the guide.")

    def action_done(self) -> None:
        """Finish the highlighted step: a note, and the decision where it is one."""
        step = self.attempt(lambda: _unfinished(_doable(self.chosen())))
        if step is None:
            return
        decision = step.step.decision
        fields: tuple[FormField, ...] = (FormField("note", "Note (may stay blank)"),)
        if decision is not None:
            fields = (
                FormField(
                    "decision", decision.question, Kind.CHOICE, value=_first(step, decision), choices=_options(step, decision)
                ),
                FormField("note", "Reasons, and on which facts"),
                FormField("dissent", "Who disagrees, and why (blank: nobody)"),
            )
        intro = self._stands_on(step)
        self.ask(f"Done: {step.step.title}", fields, lambda typed: self._finish(step.step.slug, typed), intro=intro)

    def _finish(self, slug: str, typed: dict[str, str]) -> None:
        note, now = typed["note"], self.now()
        if typed.get("decision") == _DEFAULT:
            take_default(self.desk, self.incident, slug, now=now, note=note)
        else:
            decision, dissent = typed.get("decision", ""), typed.get("dissent", "")
            complete_step(self.desk, self.incident, slug, now=now, note=note, decision=decision, dissent=dissent)
        self.advances = True

    def _stands_on(self, step: GuideStep) -> str:
        """The facts a decision stands on; of any other step how many of its questions are still open."""
        if step.step.decision is not None:
            asked = asked_facts(self.desk, self.incident, step)
            return "\n".join(f"{'✔' if each.known else '?'} {each.kind.question} {each.text}" for each in asked)
        count = len(step.asks_unknown)
        return f"{count} of its {len(step.step.asks)} questions are not answered yet; i fills them in." if count else ""

    def action_fill_in(self) -> None:
        """Ask what the highlighted step asks, one question after the other; those without an answer first."""
        step = self.attempt(self.chosen)
        if step is None:
            return
        asked = [each for each in asked_facts(self.desk, self.incident, step) if not each.decides]
        if not asked:
            self.show_refusal(RefusedError(f"«{step.step.title}» asks no facts.", "f shows every fact of the incident."))
            return
        self._ask_next(step.step.title, [each for each in asked if not each.known] or asked, 0)

    def _ask_next(self, step: str, asked: list[AskedFact], number: int) -> None:
        if number == len(asked):
            return
        each = asked[number]
        title = f"Question {number + 1} of {len(asked)} · {step}"
        self.ask_fact(
            each.kind,
            title=title,
            known=each.text if each.known else "",
            intro=self._stands(each),
            then=lambda: self._ask_next(step, asked, number + 1),
        )

    def _stands(self, each: AskedFact) -> str:
        """What is said so far about the answer."""
        if each.known:
            said = f"; {each.by}, {moment_text(each.recorded_at, self.zone)}" if each.by and each.recorded_at else ""
            source = f", from {each.source}" if each.source else ""
            return f"It stands as: {each.text} ({each.confidence}{source}{said})."
        if each.owner:
            return f"{each.owner} finds out{f', by {moment_text(each.wanted_at, self.zone)}' if each.wanted_at else ''}."
        return f"{each.usually} usually knows. Left blank, it stays open."

    def action_skip(self) -> None:
        """Skip the highlighted step, with the reason."""

        def skip(*said: object, **more: object) -> None:
            skip_step(*said, **more)  # type: ignore[arg-type]
            self.advances = True

        self._with_reason("Skip", skip, _unfinished)

    def action_reopen(self) -> None:
        """Take the highlighted step up again."""
        self._with_reason("Take up again", reopen_step, _finished)

    def action_undo(self) -> None:
        """Take the last act on the highlighted step back; both acts stay in the record."""
        self._with_reason("Undo", undo_step, _acted_upon, label="What was wrong (may stay blank)", intro=self._last_act)

    def _last_act(self, step: GuideStep) -> str:
        record = step.record
        if record is None:
            return ""
        who, act = names(self.desk).get(record.by, "?"), record.state.value.replace("_", " ")
        what = f"{act}{f': {record.decision}' if record.decision else ''}"
        return f"Takes back «{what}» by {who}, {moment_text(record.at, self.zone)}. What stood before stands again."

    def _with_reason(
        self,
        title: str,
        act: Callable[..., object],
        fit: Callable[[GuideStep], GuideStep],
        *,
        label: str = "Why",
        intro: Callable[[GuideStep], str] = lambda _: "",
    ) -> None:
        step = self.attempt(lambda: fit(self.chosen()))
        if step is None:
            return
        slug = step.step.slug

        def accept(typed: dict[str, str]) -> object:
            return act(self.desk, self.incident, slug, reason=typed["reason"], now=self.now())

        self.ask(f"{title}: {step.step.title}", (FormField("reason", label),), accept, intro=intro(step))

    def action_hand_over(self) -> None:
        """Give the highlighted step to somebody; the role stays where it is."""
        step = self.attempt(lambda: _unfinished(self.chosen()))
        if step is None:
            return
        slug, readers = step.step.slug, {each.responder_id for each in members(self.desk, self.incident)}
        able = [each for each in responders(self.desk) if each.active and each.id in readers and each.id != step.owner.holder]
        if not able:
            self.show_refusal(RefusedError("Nobody else can read this incident.", "Let somebody in: a, then m."))
            return
        deputy = next((each.sign_in for each in able if each.id == step.owner.stand_in), "")
        people = tuple((each.sign_in, each.name) for each in able)
        fields = (
            FormField("who", "To whom", Kind.CHOICE, value=deputy, choices=people),
            FormField("note", "What they must know"),
        )

        def accept(typed: dict[str, str]) -> object:
            return hand_over_step(self.desk, self.incident, slug, typed["who"], now=self.now(), note=typed["note"])

        self.ask(f"Hand over: {step.step.title}", fields, accept, intro=f"{step.holder or 'Nobody'} has it now.")

    def action_attach(self) -> None:
        """Keep a file that the highlighted step wants kept."""
        step = self.attempt(self.chosen)
        if step is not None:
            self.go("evidence", step=step.step)


def _options(step: GuideStep, decision: Decision) -> tuple[tuple[str, str], ...]:
    marked = tuple((each, f"{each} (the default)" if each == decision.default else each) for each in decision.options)
    if not step.default_proposed:
        return marked
    return ((_DEFAULT, f"nobody decided in time: the default, «{decision.default}»"), *marked)


def _first(step: GuideStep, decision: Decision) -> str:
    return _DEFAULT if step.default_proposed else decision.default


def _doable(step: GuideStep) -> GuideStep:
    match step.state:
        case StepState.BLOCKED:
            raise RefusedError(f"«{step.step.title}» waits for: {', '.join(step.waits_for)}.", "Finish or skip those first.")
        case StepState.NOT_APPLICABLE:
            raise RefusedError(f"«{step.step.title}» does not apply by the facts.", "Correct the fact if it should: f.")
    return step


def _unfinished(step: GuideStep) -> GuideStep:
    if step.state in _FINISHED:
        what = f"«{step.step.title}» is {step.state.value} already."
        raise RefusedError(what, "u takes it up again; z takes the act back as a mistake.")
    return step


def _finished(step: GuideStep) -> GuideStep:
    if step.state not in _FINISHED:
        raise RefusedError(f"«{step.step.title}» is not finished.", "d finishes it.")
    return step


def _acted_upon(step: GuideStep) -> GuideStep:
    if step.record is None:
        raise RefusedError(f"Nothing was done with «{step.step.title}».", "Nothing is to be undone.")
    return step
