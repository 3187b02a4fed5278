"""Instruments that help to judge risk. They advise and never decide; every input and its reason is kept.

ENISA, «Recommendations for a methodology of the assessment of severity of personal data breaches» (working document,
2013): severity = data processing context × ease of identification + circumstances of the breach. 45 CFR 164.402:
the four factors; a breach is presumed until they show a low probability of compromise. State laws: whether misuse
or harm is reasonably likely after an investigation.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from incident.errors import ContentError, shown


class Band(StrEnum):
    """How severe, in the method's four levels."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    VERY_HIGH = "very_high"


_LIMITS = ((Fraction(2), Band.LOW), (Fraction(3), Band.MEDIUM), (Fraction(4), Band.HIGH))
_STEP = Fraction(1, 4)
CONTEXTS = {"simple": 1, "behavioural": 2, "financial": 3, "sensitive": 4}
"""The base score of each class of data, before the context moves it between 1 and 4."""
_STEPS_OF_IDENTIFICATION = (Fraction(1, 4), Fraction(1, 2), Fraction(3, 4), Fraction(1))
_CIRCUMSTANCES = (Fraction(0), Fraction(1, 4), Fraction(1, 2))


@dataclass(frozen=True, slots=True)
class Enisa:
    """One severity score with all its inputs; exact quarters, no rounding."""

    context: int
    """Data processing context, 1 to 4."""
    identification: Fraction
    """Ease of identification: 0.25, 0.5, 0.75 or 1."""
    confidentiality: Fraction = Fraction(0)
    integrity: Fraction = Fraction(0)
    availability: Fraction = Fraction(0)
    """Each 0, 0.25 or 0.5."""
    malicious: bool = False
    reasons: str = ""

    @property
    def severity(self) -> Fraction:
        """SE = DPC × EI + CB, from 0.25 to 6."""
        circumstances = self.confidentiality + self.integrity + self.availability + (Fraction(1, 2) if self.malicious else 0)
        return self.context * self.identification + circumstances

    @property
    def band(self) -> Band:
        """Below 2 low, below 3 medium, below 4 high, else very high."""
        return next((band for limit, band in _LIMITS if self.severity < limit), Band.VERY_HIGH)

    @property
    def borderline(self) -> Band | None:
        """The neighbouring band, when one quarter step of any input would reach it; None inside a band."""
        lower, upper = self.severity - _STEP, self.severity + _STEP
        for limit, band in _LIMITS:
            if lower < limit <= self.severity:
                return band
            if self.severity < limit <= upper:
                return next((above for high, above in _LIMITS if limit < high), Band.VERY_HIGH)
        return None

    @property
    def usual_mapping(self) -> str:
        """What a common reading draws from the band; ENISA itself draws nothing."""
        return "high" if self.severity >= 3 else "risk" if self.severity >= 2 else "unlikely"


def enisa(values: Mapping[str, object]) -> Enisa:
    """A score from its inputs; raises ContentError naming the one that is not on the scale."""
    context = _context(values.get("context"))
    return Enisa(
        context=context,
        identification=_on_scale("identification", values.get("identification"), _STEPS_OF_IDENTIFICATION),
        confidentiality=_on_scale("confidentiality", values.get("confidentiality", 0), _CIRCUMSTANCES),
        integrity=_on_scale("integrity", values.get("integrity", 0), _CIRCUMSTANCES),
        availability=_on_scale("availability", values.get("availability", 0), _CIRCUMSTANCES),
        malicious=bool(values.get("malicious", False)),
        reasons=str(values.get("reasons", "")).strip(),
    )


def _context(value: object) -> int:
    word = str(value).strip().lower()
    number = CONTEXTS.get(word) or {str(each): each for each in CONTEXTS.values()}.get(word)
    if number is None:
        wrong = shown(str(value), longest=40)
        raise ContentError(f"context: «{wrong}» is not 1, 2, 3 or 4.", f"Or name the class: {', '.join(CONTEXTS)}.")
    return number


_STEP_TEXT = re.compile(r"[0-9]{1,2}(?:\.[0-9]{1,6})?|[0-9]/[1-9]")


def _on_scale(name: str, value: object, scale: tuple[Fraction, ...]) -> Fraction:
    text = str(value).strip()
    number = Fraction(text) if _STEP_TEXT.fullmatch(text) else None
    if number is None or number not in scale:
        steps = ", ".join(str(float(each)) for each in scale)
        raise ContentError(f"{name}: «{shown(text, longest=40)}» is not on the scale.", f"Write {steps}.")
    return number


FACTORS = {
    "nature": "the nature and extent of the information, and how easily it identifies people",
    "recipient": "who used it or to whom it was disclosed",
    "acquired": "whether it was actually acquired or viewed",
    "mitigation": "to what extent the risk was mitigated",
}
"""45 CFR 164.402(2)(i)-(iv)."""
RATINGS = ("low", "medium", "high")


@dataclass(frozen=True, slots=True)
class FourFactors:
    """HIPAA's assessment: a rating and reasons for each of the four factors."""

    ratings: Mapping[str, str]
    reasons: Mapping[str, str]

    @property
    def open_factors(self) -> tuple[str, ...]:
        """The factors without a rating or without reasons: while there is one, the presumption stands."""
        return tuple(
            name for name in FACTORS if self.ratings.get(name) not in RATINGS or not self.reasons.get(name, "").strip()
        )

    @property
    def supports_low_probability(self) -> bool:
        """Whether every factor is reasoned and speaks for a low probability of compromise."""
        return not self.open_factors and all(self.ratings[name] == "low" for name in FACTORS)

    @property
    def advice(self) -> str:
        """What the assessment supports; a person decides."""
        if self.open_factors:
            return f"A breach is presumed: no reasoned rating for {', '.join(self.open_factors)}."
        if self.supports_low_probability:
            return "The four factors support a low probability of compromise. Somebody decides and signs it; keep it six years."
        high = [name for name in FACTORS if self.ratings[name] != "low"]
        return f"A breach stands presumed: {', '.join(high)} do not speak for a low probability."


def four_factors(ratings: Mapping[str, str], reasons: Mapping[str, str]) -> FourFactors:
    """The assessment from its inputs; raises ContentError for a rating that is none."""
    for name, rating in ratings.items():
        if rating and (name not in FACTORS or rating not in RATINGS):
            raise ContentError(f"{name}: «{rating}» is not a rating.", f"Write {', '.join(RATINGS)}.")
    return FourFactors(dict(ratings), dict(reasons))


QUESTIONS_OF_HARM = {
    "misuse_seen": "Was misuse of the data seen, here or with others hit by the same attack?",
    "wrongdoer": "Is the data in the hands of somebody with bad intent, or not known to be in safe hands?",
    "usable": "Can the data be used for identity theft or fraud as they are?",
    "not_recovered": "Is the data still out: neither returned, destroyed nor confirmed deleted?",
}


@dataclass(frozen=True, slots=True)
class HarmTest:
    """The States' question: is misuse or harm reasonably likely? Answers, and what the investigation rests on."""

    answers: Mapping[str, bool | None]
    investigation: str = ""

    @property
    def advice(self) -> str:
        """What the answers support; most States ask for an investigation in writing before anybody relies on it."""
        said_yes = [name for name in QUESTIONS_OF_HARM if self.answers.get(name)]
        unknown = [name for name in QUESTIONS_OF_HARM if self.answers.get(name) is None]
        if said_yes:
            return f"Harm is reasonably likely by {', '.join(said_yes).replace('_', ' ')}."
        if unknown:
            return f"Open: {', '.join(unknown).replace('_', ' ')}. What is unknown is not unlikely."
        if not self.investigation.strip():
            return "Nothing speaks for harm, but no investigation is described: the exception cannot be relied on."
        return "The answers support that harm is not likely. Keep the finding in writing; some States must be told."


EDPB_AGREEMENT = (12, 18)
"""In how many of the EDPB's eighteen published cases an honest score and the usual mapping agree with its verdict."""
