"""Obligations: the duties that fall on this incident, with their state, date, reasons and what is missing."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from incident.domain.condition import Tested
from incident.domain.counting import Period
from incident.domain.facts import When

REACH = ("people in ", "organisation.", "options.offers_in", "options.card_data_contract")
"""How the tests begin that ask whether a law reaches an incident at all: who we are, where people live."""


class ObligationState(StrEnum):
    """Where an obligation stands (the contract's words)."""

    DUE = "due"
    UNDATED = "undated"
    NOT_STARTED = "not_started"
    UNDECIDED = "undecided"
    NOT_REQUIRED = "not_required"
    SATISFIED = "satisfied"


@dataclass(frozen=True, slots=True)
class MissingFact:
    """A fact that would decide an obligation, and the question that asks for it."""

    fact: str
    question: str


@dataclass(frozen=True, slots=True)
class StartOf:
    """From what a clock was counted: the event's name and its instant or day."""

    event: str
    at: When


@dataclass(frozen=True, slots=True)
class HoldOn:
    """A hold that applies: until when (None: open-ended), and the date without it."""

    until_at: datetime | None
    base_due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Reading:
    """Another defensible date, and who reads the law that way."""

    name: str
    due_at: datetime
    source: str


@dataclass(frozen=True, slots=True)
class ContentElement:
    """Something the notice must contain: `have`, `missing` or `may_follow`, judged by the facts alone."""

    id: str
    text: str
    citation: str
    state: str
    facts: tuple[str, ...]
    may_follow: bool


NO_LAW = "this was law on that day"
"""The test that fails for a duty that was not law, is not yet, or is only proposed."""


@dataclass(frozen=True, slots=True)
class Obligation:
    """A duty that falls (or may fall, or does not fall) on this incident. Instants are UTC."""

    id: str
    state: ObligationState
    title: str
    recipient: str
    zone: str
    citation: str
    source: str
    confidence: str
    checked_on: date
    due_at: datetime | None = None
    unit: str = ""
    period: Period | None = None
    start: StartOf | None = None
    not_before_at: datetime | None = None
    projected_at: datetime | None = None
    order: tuple[tuple[str, str], ...] = ()
    hold: HoldOn | None = None
    readings: tuple[Reading, ...] = ()
    late_by: int | None = None
    """Seconds by which the first filing was late; 0 in time; None while unfiled or undated."""
    missing: tuple[MissingFact, ...] = ()
    why: tuple[Tested, ...] = ()
    because: Tested | None = None
    """The test that settled that nobody need be told."""
    content: tuple[ContentElement, ...] = ()
    forbidden: tuple[tuple[str, str, str], ...] = ()
    """What the notice must leave out: id, text, citation."""
    notice_templates: tuple[str, ...] = ()
    effective_from: date | None = None
    effective_until: date | None = None
    note: str = ""

    @property
    def unreached(self) -> tuple[str, ...]:
        """The missing facts that would say whether the law reaches the incident at all."""
        texts = [test.text.removeprefix("not ") for test in self.why if test.outcome is None]
        asked = dict.fromkeys(text.split(" ", 1)[0] for text in texts if text.startswith(REACH))
        missing = {each.fact for each in self.missing}
        return tuple(fact for fact in asked if fact in missing)

    @property
    def earliest_at(self) -> datetime | None:
        """The smallest of the due date and its other readings: what screens sort and warn by."""
        if not self.readings:
            return self.due_at
        dates = [each for each in (self.due_at, *(reading.due_at for reading in self.readings)) if each is not None]
        return min(dates, default=None)


@dataclass(frozen=True, slots=True)
class Unevaluated:
    """A body of law whose file could not be used: never silently absent."""

    regime: str
    reason: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """What follows from a set of facts at one instant, by the law as shipped."""

    assessed_at: datetime
    law_as_of: date
    evaluated: tuple[str, ...]
    obligations: tuple[Obligation, ...]
    unevaluated: tuple[Unevaluated, ...] = ()
    overdue_recheck: tuple[str, ...] = ()
    """Regimes past the day by which they were to be checked again."""
