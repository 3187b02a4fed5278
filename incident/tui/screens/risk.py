"""Risk: the instruments beside each other with every input, and under them what people decided."""

from collections.abc import Iterable

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.events import Resize
from textual.widgets import Static

from incident.domain.risk import CONTEXTS, EDPB_AGREEMENT, FACTORS, QUESTIONS_OF_HARM, RATINGS
from incident.tui.base_screen import IncidentScreen
from incident.tui.widgets.form import FormField, Kind
from incident.tui.widgets.key_line import KeyLine
from incident.usecases.risk import ENISA, HARM, HIPAA, Instruments, instruments, record_enisa, record_four_factors, record_harm

_QUARTERS = tuple((each, each) for each in ("0", "0.25", "0.5"))
_YES_NO = (("", "not known"), ("yes", "yes"), ("no", "no"))


class RiskScreen(IncidentScreen):
    """Three instruments; they advise and never decide."""

    TITLE = "Risk"
    BINDINGS = [
        Binding("enter", "read", "read", id="risk.read", tooltip="All instruments in full on one page"),
        Binding("e", "enisa", "ENISA", id="risk.enisa", tooltip="Score the severity"),
        Binding("h", "hipaa", "four factors", id="risk.hipaa", tooltip="Assess HIPAA's four factors"),
        Binding("s", "harm", "state harm", id="risk.harm", tooltip="Answer the States' question of harm"),
        Binding("f", "decide", "decide", id="risk.decide", tooltip="Record the judgement, with reasons"),
    ]

    def compose(self) -> ComposeResult:
        """Three columns and a line of what was decided."""
        yield Static("", classes="head", markup=False)
        with Horizontal(id="instruments"):
            for name in ("enisa", "hipaa", "harm"):
                with VerticalScroll(classes="instrument"):
                    yield Static("", id=name)
        with VerticalScroll(id="decided-box"):
            yield Static("", id="decided")
        yield KeyLine()

    def on_mount(self) -> None:
        """Read and show."""
        self.reload()

    def on_resize(self, event: Resize) -> None:
        """Below one another where they do not fit side by side."""
        self.set_class(event.size.width < 110, "narrow")

    def reload(self) -> None:
        """Read again."""
        if not self.is_mounted:
            return
        found = instruments(self.desk, self.fresh())
        self.query_one(".head", Static).update(self.heading("risk: instruments advise, people decide"))
        self.query_one("#enisa", Static).update(Content.assemble(*_enisa_page(found)))
        self.query_one("#hipaa", Static).update(Content.assemble(*_hipaa_page(found)))
        self.query_one("#harm", Static).update(Content.assemble(*_harm_page(found)))
        decided = [f"{key}: {text}\n" for key, text in found.decided.items()] or ["nothing yet; `f` leads to the facts\n"]
        agreed, cases = EDPB_AGREEMENT
        foot = (
            f"A score agrees with the EDPB's verdict in {agreed} of its {cases} published cases; the number follows the scorer."
        )
        self.query_one("#decided", Static).update(
            Content.assemble(("Decided by people\n", "bold"), *decided, (foot, "$secondary"))
        )

    def action_read(self) -> None:
        """All of it on a page of its own."""
        found = instruments(self.desk, self.fresh())
        decided = [f"{key}: {text}\n" for key, text in found.decided.items()] or ["nothing yet\n"]
        pages = (*_enisa_page(found), "\n", *_hipaa_page(found), "\n", *_harm_page(found), "\n")
        self.read_page("Risk", Content.assemble(*pages, ("Decided by people\n", "bold"), *decided))

    def action_enisa(self) -> None:
        """Score the severity; every input is kept."""
        fields = (
            FormField("context", "Data processing context, 1 to 4", hint=", ".join(f"{k} {v}" for k, v in CONTEXTS.items())),
            FormField(
                "identification", "Ease of identification", hint="0.25 negligible, 0.5 limited, 0.75 significant, 1 maximum"
            ),
            FormField("confidentiality", "Loss of confidentiality", Kind.CHOICE, choices=_QUARTERS),
            FormField("integrity", "Loss of integrity", Kind.CHOICE, choices=_QUARTERS),
            FormField("availability", "Loss of availability", Kind.CHOICE, choices=_QUARTERS),
            FormField("malicious", "An attack, not an error", Kind.CHOICE, choices=(("no", "no"), ("yes", "yes"))),
            FormField("reasons", "Reasons", Kind.PROSE),
        )

        def accept(typed: dict[str, str]) -> object:
            inputs: dict[str, object] = {**typed, "malicious": typed["malicious"] == "yes"}
            return record_enisa(self.desk, self.incident, inputs, now=self.now())

        self.ask("ENISA severity", fields, accept, intro="Severity = context × identification + circumstances.")

    def action_hipaa(self) -> None:
        """Assess the four factors; a breach is presumed."""
        fields = []
        for name, text in FACTORS.items():
            choices = (("", "not assessed"), *((each, each) for each in RATINGS))
            fields.append(FormField(f"{name}_rating", text[:1].upper() + text[1:], Kind.CHOICE, choices=choices))
            fields.append(FormField(f"{name}_reason", "Why"))

        def accept(typed: dict[str, str]) -> object:
            ratings = {name: typed[f"{name}_rating"] for name in FACTORS if typed[f"{name}_rating"]}
            reasons = {name: typed[f"{name}_reason"] for name in FACTORS}
            return record_four_factors(self.desk, self.incident, ratings, reasons, now=self.now())

        self.ask("HIPAA, 45 CFR 164.402", tuple(fields), accept, intro="A breach is presumed; each factor needs reasons.")

    def action_harm(self) -> None:
        """The States' question."""
        fields = [FormField(name, text, Kind.CHOICE, choices=_YES_NO) for name, text in QUESTIONS_OF_HARM.items()]
        fields.append(FormField("investigation", "What was investigated, and what was found", Kind.PROSE))

        def accept(typed: dict[str, str]) -> object:
            answers = {name: {"yes": True, "no": False}.get(typed[name]) for name in QUESTIONS_OF_HARM}
            return record_harm(self.desk, self.incident, answers, typed["investigation"], now=self.now())

        self.ask("State laws: is harm likely?", tuple(fields), accept)

    def action_decide(self) -> None:
        """To the judgement itself."""
        self.go("facts", wanted="risk.individuals")


Part = Content | tuple[str, str] | str


def _enisa_page(found: Instruments) -> Iterable[Part]:
    yield "ENISA severity\n", "bold"
    score = found.enisa
    if score is None:
        yield "not scored; `e`\n", "$secondary"
        return
    yield f"{found.made[ENISA]}\n", "$secondary"
    yield f"{float(score.severity)} {score.band.value.replace('_', ' ')}\n", "bold $accent"
    if score.borderline is not None:
        yield f"borderline: a quarter step from {score.borderline.value.replace('_', ' ')}\n", "bold"
    yield f"context {score.context} × identification {float(score.identification)}\n"
    for name in ("confidentiality", "integrity", "availability"):
        yield f"+ {name} {float(getattr(score, name))}\n"
    yield f"+ malicious {0.5 if score.malicious else 0.0}\n"
    yield f"usually read as: {score.usual_mapping}\n", "$secondary"
    yield f"{score.reasons}\n"


def _hipaa_page(found: Instruments) -> Iterable[Part]:
    yield "HIPAA: four factors\n", "bold"
    held = found.hipaa
    if held is None:
        yield "not assessed: a breach is presumed; `h`\n", "$secondary"
        return
    yield f"{found.made[HIPAA]}\n", "$secondary"
    yield f"{held.advice}\n", "bold $accent"
    for name, text in FACTORS.items():
        yield f"{text}: "
        yield f"{held.ratings.get(name) or '?'}\n", "bold"
        yield f"  {held.reasons.get(name) or 'no reasons'}\n", "$secondary"


def _harm_page(found: Instruments) -> Iterable[Part]:
    yield "State laws: is harm likely?\n", "bold"
    held = found.harm
    if held is None:
        yield "not assessed; `s`\n", "$secondary"
        return
    yield f"{found.made[HARM]}\n", "$secondary"
    yield f"{held.advice}\n", "bold $accent"
    for name, text in QUESTIONS_OF_HARM.items():
        answer = held.answers.get(name)
        yield f"{text} "
        yield f"{'?' if answer is None else 'yes' if answer else 'no'}\n", "bold"
    yield f"{held.investigation}\n", "$secondary"
