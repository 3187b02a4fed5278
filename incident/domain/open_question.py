"""What do we need to find out? The facts that are missing, the most pressing first.

A missing fact is as pressing as the earliest clock that could start with it: the date of an undecided duty where
its event is known, else the date it would have if its event happened now.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from incident.domain.counting import Counting, NoCalendars, end_of
from incident.domain.obligation import MissingFact, Obligation, ObligationState

_NOT_TO_BE_FOUND_OUT = frozenset({"filed", "holds"})
"""What we do, or are told, rather than find out."""


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A missing fact: its question, who finds out, and what hangs on it."""

    fact: str
    question: str
    owner: str
    """Who finds out: a person where one was named, else the function that usually knows."""
    soonest_at: datetime | None
    """When the earliest clock that it could start would fall due (UTC); None where the law names no number."""
    decides: tuple[str, ...]
    """The obligations that wait for it, the earliest first."""
    alone: tuple[str, ...]
    """Those of them for which nothing else is missing."""


def open_questions(
    obligations: Iterable[Obligation], *, now: datetime, owner: Callable[[str], str] = str
) -> tuple[OpenQuestion, ...]:
    """Rank the missing facts by how soon the earliest clock they could start would fall due."""
    asked: dict[str, str] = {}
    waiting: dict[str, list[tuple[float, str, datetime | None]]] = {}
    alone: dict[str, list[str]] = {}
    for each in obligations:
        if each.state not in (ObligationState.UNDECIDED, ObligationState.NOT_STARTED):
            continue
        at = could_fall_due(each, now)
        wanted = tuple(one for one in each.missing if one.fact not in _NOT_TO_BE_FOUND_OUT)
        for missing in _to_ask(each, wanted):
            asked[missing.fact] = missing.question
            waiting.setdefault(missing.fact, []).append((at.timestamp() if at else float("inf"), each.id, at))
            if len(wanted) == 1:
                alone.setdefault(missing.fact, []).append(each.id)
    found = []
    for fact, held in waiting.items():
        ordered = sorted(held, key=lambda one: one[:2])
        decides = tuple(name for _, name, _ in ordered)
        found.append(OpenQuestion(fact, asked[fact], owner(fact), ordered[0][2], decides, tuple(alone.get(fact, ()))))
    return tuple(sorted(found, key=_rank))


def _to_ask(obligation: Obligation, wanted: tuple[MissingFact, ...]) -> tuple[MissingFact, ...]:
    """What to ask now: whether the law reaches us comes first, and the rest only once that is known."""
    reach = frozenset(obligation.unreached)
    return tuple(each for each in wanted if each.fact in reach) or wanted


def _rank(question: OpenQuestion) -> tuple[float, int, str]:
    at = question.soonest_at.timestamp() if question.soonest_at else float("inf")
    return at, -len(question.decides), question.fact


def could_fall_due(obligation: Obligation, now: datetime) -> datetime | None:
    """The earliest date an open obligation can have: its own, its projection, or as if its event happened now."""
    known = obligation.earliest_at or obligation.projected_at
    if known is not None or obligation.period is None or obligation.start is not None:
        return known
    return end_of(now, obligation.period, Counting(obligation.zone), NoCalendars())
