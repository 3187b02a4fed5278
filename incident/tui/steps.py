"""What a responder does with a step, and how an incident ends: the acts of the incident screen."""

from collections.abc import Callable

from incident.domain.guide import GuideStep
from incident.errors import RefusedError
from incident.tui.base_screen import IncidentScreen
from incident.tui.widgets.form import FormField, Kind
from incident.usecases.closing import close, close_as_false_alarm, merge, open_duties, reopen
from incident.usecases.guide import complete_step, reopen_step, skip_step
from incident.usecases.incidents import incident_named


class StepActions(IncidentScreen):
    """Done, skip, take up again; close, false alarm, reopen, merge."""

    def chosen(self) -> GuideStep:
        """The highlighted step; the screen knows which."""
        raise RefusedError("No step is highlighted.", "Choose one in the guide.")

    def action_done(self) -> None:
        """Finish the highlighted step: a note, and the decision where it is one."""
        step = self.attempt(self.chosen)
        if step is None:
            return
        slug, decision = step.step.slug, step.step.decision
        fields: tuple[FormField, ...] = (FormField("note", "Note (may stay blank)"),)
        if decision is not None:
            choices = tuple((each, each) for each in decision.options)
            fields = (
                FormField("decision", decision.question, Kind.CHOICE, value=decision.default, choices=choices),
                FormField("note", "On which facts"),
                FormField("dissent", "Who disagrees, and why"),
            )

        def accept(typed: dict[str, str]) -> object:
            return complete_step(
                self.desk,
                self.incident,
                slug,
                now=self.now(),
                note=typed["note"],
                decision=typed.get("decision", ""),
                dissent=typed.get("dissent", ""),
            )

        self.ask(f"Done: {step.step.title}", fields, accept)

    def action_skip(self) -> None:
        """Skip the highlighted step, with the reason."""
        self._with_reason("Skip", skip_step)

    def action_reopen(self) -> None:
        """Take the highlighted step up again."""
        self._with_reason("Take up again", reopen_step)

    def _with_reason(self, title: str, act: Callable[..., object]) -> None:
        step = self.attempt(self.chosen)
        if step is None:
            return
        slug = step.step.slug

        def accept(typed: dict[str, str]) -> object:
            return act(self.desk, self.incident, slug, reason=typed["reason"], now=self.now())

        self.ask(f"{title}: {step.step.title}", (FormField("reason", "Why"),), accept)

    def action_end(self) -> None:
        """Close, call it a false alarm, merge it into another; or reopen what has ended. Asks for the passphrase."""
        self.confirmed(self._ask_how)

    def _ask_how(self) -> None:
        if not self.incident.is_open:
            self.ask(
                "Reopen",
                (FormField("reason", "Why it is taken up again"),),
                lambda typed: reopen(self.desk, self.incident, reason=typed["reason"], now=self.now()),
            )
            return
        duties = open_duties(self.desk, self.incident, now=self.now())
        intro = f"{len(duties)} duties are still open." if duties else "No duty is open."
        fields = (
            FormField(
                "how",
                "How it ends",
                Kind.CHOICE,
                choices=(
                    ("close", "closed; every duty is met"),
                    ("despite", "closed, though duties are open: the reason covers them"),
                    ("false", "a false alarm"),
                    ("merge", "it is part of another incident"),
                ),
            ),
            FormField("into", "Part of which incident (only for a merge)"),
            FormField("reason", "Reasons", Kind.PROSE),
        )
        self.ask("End this incident", fields, self._end, intro=intro)

    def _end(self, typed: dict[str, str]) -> object:
        how, reason, now = typed["how"], typed["reason"], self.now()
        if how == "merge":
            into = incident_named(self.desk, typed["into"])
            return merge(self.desk, self.incident, into, reason=reason, now=now)
        if how == "false":
            return close_as_false_alarm(self.desk, self.incident, reason=reason, now=now)
        return close(self.desk, self.incident, reason=reason, now=now, despite=how == "despite")
