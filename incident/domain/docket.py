"""The docket: clocks in the order in which a person reads them, and what is folded so that they can.

Hundreds of duties exist; a handful matter. What hangs on one missing answer stands behind its question, and what
does not concern the organisation is counted, not recited. Nothing is left out: every fold opens.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from incident.domain.duty_clock import Clock
from incident.domain.obligation import NO_LAW, REACH, Obligation, ObligationState
from incident.domain.reasoning import missing_words

_MANY_UNREACHED = 3
_MANY = 8
"""From so many on, duties that wait for the same answer stand behind one line."""


@dataclass(frozen=True, slots=True)
class Fold:
    """Duties that wait for the same answer."""

    fact: str
    question: str
    clocks: tuple[Clock, ...]

    @property
    def soonest_at(self) -> datetime | None:
        """When the first of them would fall due; None where none has a date."""
        return self.clocks[0].obligation.earliest_at

    @property
    def sort_key(self) -> tuple[int, float, str]:
        """That of its most pressing duty: a question stands where the clock stands that it hides."""
        return self.clocks[0].sort_key


@dataclass(frozen=True, slots=True)
class Docket:
    """Every clock, arranged."""

    pending: tuple[Clock, ...]
    folds: tuple[Fold, ...]
    filed: tuple[Clock, ...]
    not_required: tuple[Clock, ...]
    """Decided by the facts of this incident: conclusions that somebody may have to defend."""
    elsewhere: tuple[Clock, ...]
    """Not required because the law does not address this organisation, or nobody there is affected."""

    @property
    def open(self) -> tuple[Clock | Fold, ...]:
        """What is still to be done, decided or found out as one list, the soonest first."""
        return tuple(sorted((*self.pending, *self.folds), key=lambda each: each.sort_key))


def docket(clocks: Iterable[Clock]) -> Docket:
    """Arrange clocks; the most pressing first in every part."""
    ordered = sorted(clocks, key=lambda each: each.sort_key)
    waiting: dict[tuple[str, bool], list[Clock]] = {}
    pending: list[Clock] = []
    closed: dict[str, list[Clock]] = {"filed": [], "not_required": [], "elsewhere": []}
    for each in ordered:
        obligation = each.obligation
        if obligation.state is ObligationState.SATISFIED:
            closed["filed"].append(each)
        elif obligation.state is ObligationState.NOT_REQUIRED:
            closed["elsewhere" if _elsewhere(obligation) else "not_required"].append(each)
        elif obligation.state is ObligationState.UNDECIDED and obligation.missing:
            waiting.setdefault(_waits_for(obligation), []).append(each)
        else:
            pending.append(each)
    folds = []
    for (fact, unreached), held in waiting.items():
        if len(held) >= (_MANY_UNREACHED if unreached else _MANY):
            first = held[0].obligation
            question = next(missing_words(each, first) for each in first.missing if each.fact == fact)
            folds.append(Fold(fact, question[:1].upper() + question[1:], tuple(held)))
        else:
            pending.extend(held)
    pending.sort(key=lambda each: each.sort_key)
    folds.sort(key=lambda fold: (fold.clocks[0].sort_key, -len(fold.clocks)))
    return Docket(tuple(pending), tuple(folds), *(tuple(closed[name]) for name in ("filed", "not_required", "elsewhere")))


def _waits_for(obligation: Obligation) -> tuple[str, bool]:
    """The fact it waits for first, and whether that fact says if the law reaches us at all."""
    unreached = obligation.unreached
    return (unreached[0], True) if unreached else (obligation.missing[0].fact, False)


def _elsewhere(obligation: Obligation) -> bool:
    """Whether the law does not reach us: the test that settled it asks who we are or where people live."""
    failed = obligation.because.text.removeprefix("not ") if obligation.because is not None else ""
    unknown_reach = any(test.outcome is None and test.text.removeprefix("not ").startswith(REACH) for test in obligation.why)
    return unknown_reach or failed.startswith((*REACH, "there is a place", NO_LAW))
