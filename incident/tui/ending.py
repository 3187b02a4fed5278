"""How an incident ends: closed, a false alarm, merged into another; or taken up again."""

from incident.tui.base_screen import IncidentScreen
from incident.tui.widgets.form import FormField, Kind
from incident.usecases.closing import close, close_as_false_alarm, merge, open_duties, reopen
from incident.usecases.incidents import incident_named


class EndActions(IncidentScreen):
    """Close, false alarm, reopen, merge."""

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
