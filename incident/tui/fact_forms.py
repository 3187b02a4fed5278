"""Facts as forms: kind of answer, unit, how sure, where the figure comes from; or not known yet, who finds out, by when."""

from collections.abc import Callable

from incident.domain.answer import answer, moment_text, value_text
from incident.domain.fact_record import Confidence
from incident.domain.moment import until
from incident.domain.vocabulary import FactKind, FactType
from incident.errors import ContentError
from incident.tui.base_screen import IncidentScreen
from incident.tui.widgets.form import FormField, Kind
from incident.usecases.desk import responders
from incident.usecases.facts import Statement, record_fact, record_unknown

_HINTS = {
    FactType.PEOPLE: "DE 18200, FR ~6400, US-CA 2950 (12 unreachable)",
    FactType.MOMENT: "yesterday 14:10 Berlin · -3h · 2026-03-02 09:00",
    FactType.HOLDS: "law_enforcement written 2026-03-15 until 2026-06-30",
    FactType.KNOWLEDGE: "workforce yesterday 14:00; agent 2026-03-01",
    FactType.PLACES: "DE, FR, US-CA",
}
_TYPES = {
    FactType.FLAG: "yes or no",
    FactType.CHOICE: "one answer",
    FactType.CHOICES: "one or more, with commas between",
    FactType.TEXT: "a line",
    FactType.PROSE: "free text",
    FactType.NUMBER: "a whole number",
    FactType.MOMENT: "a day or a time",
    FactType.PLACES: "places, with commas between",
    FactType.PLACE: "a place",
    FactType.ZONE: "a time zone",
    FactType.PEOPLE: "places with numbers",
    FactType.KNOWLEDGE: "who and when",
    FactType.HOLDS: "who asked, how, when, until when",
    FactType.FILINGS: "filings",
}
_LONGEST_LIST = 14
"""Answers of a choice that are offered as a list to pick from."""
_NOT_SAID = ("", "— not said")
_SURE = tuple((each.value, each.value) for each in Confidence)


class FactForms(IncidentScreen):
    """Asks for a fact; the same form on the facts screen and in a step."""

    def ask_fact(
        self,
        kind: FactKind,
        *,
        title: str,
        known: str = "",
        behalf: str = "",
        intro: str = "",
        then: Callable[[], object] | None = None,
    ) -> None:
        """Ask for one fact: the answer, or who finds out. With neither it is refused, or stays open where `then` follows."""

        def accept(typed: dict[str, str]) -> object:
            if typed["text"].strip():
                return self._record(kind, typed, behalf)
            if typed["owner"]:
                return self.say_unknown(kind, typed, behalf)
            if then is None:
                raise ContentError("Nothing was said.", "Answer, or name who finds out.")
            return None

        fields = (*self._answer_fields(kind, known), *self.finder_fields(optional=True))
        self.ask(title, fields, accept, intro=intro, then=then or (lambda: None))

    def _answer_fields(self, kind: FactKind, known: str) -> tuple[FormField, ...]:
        unit = f", in {kind.unit}" if kind.unit else ""
        label = f"{kind.question} ({_TYPES[kind.type]}{unit})"
        fields = [
            self._text_field(kind, label, known),
            FormField("source", "Where does it come from?", hint="audit log, call with the vendor …"),
            FormField("confidence", "How sure", Kind.CHOICE, choices=_SURE),
        ]
        if kind.judgement:
            fields.append(FormField("basis", "Grounds and reasons (the law leaves this to judgement)", Kind.PROSE))
        return tuple(fields)

    def _text_field(self, kind: FactKind, label: str, known: str) -> FormField:
        if kind.type is FactType.FLAG:
            return FormField("text", label, Kind.CHOICE, choices=(_NOT_SAID, ("yes", "yes"), ("no", "no")))
        if kind.type is FactType.CHOICE and 0 < len(kind.choices) <= _LONGEST_LIST:
            return FormField("text", label, Kind.CHOICE, choices=(_NOT_SAID, *kind.choices))
        if kind.type is FactType.PROSE:
            return FormField("text", label, Kind.PROSE, value=known)
        more = " …" if len(kind.choices) > _LONGEST_LIST else ""
        hint = _HINTS.get(kind.type, ", ".join(token for token, _ in kind.choices[:_LONGEST_LIST]) + more)
        value = known if kind.type is FactType.TEXT else ""
        return FormField("text", label, value=value, hint=hint, preview=lambda text: self._readback(kind, text))

    def finder_fields(self, *, optional: bool) -> tuple[FormField, ...]:
        """Who finds out, and by when."""
        people = tuple((each.sign_in, each.name) for each in responders(self.desk) if each.active)
        nobody = (("", "—"),) if optional else ()
        label = "Not known yet: who finds out" if optional else "Who finds out"
        return (
            FormField("owner", label, Kind.CHOICE, choices=(*nobody, *people)),
            FormField("by", "By when", value="4h", hint="4h · 18:00 · tomorrow 10:00", preview=self._ahead),
        )

    def _ahead(self, text: str) -> str:
        return moment_text(until(text, now=self.now(), zone=self.zone), self.zone)

    def _readback(self, kind: FactKind, text: str) -> str:
        return value_text(kind, answer(kind, text, now=self.now(), zone=self.zone), zone=self.zone)

    def _record(self, kind: FactKind, typed: dict[str, str], behalf: str) -> object:
        sure = Confidence(typed["confidence"])
        statement = Statement(kind.key, typed["text"], typed["source"], sure, typed.get("basis", ""), behalf)
        if typed["owner"]:
            raise ContentError("An answer was given, and somebody was named to find it out.", "Leave one of the two blank.")
        return record_fact(self.desk, self.incident, statement, now=self.now(), zone=self.zone)

    def say_unknown(self, kind: FactKind, typed: dict[str, str], behalf: str = "") -> object:
        """Record that a fact is not known yet, as typed into `finder_fields`."""
        wanted_at = until(typed["by"], now=self.now(), zone=self.zone) if typed["by"].strip() else None
        return record_unknown(
            self.desk, self.incident, kind.key, now=self.now(), owner=typed["owner"], wanted_at=wanted_at, on_behalf_of=behalf
        )
