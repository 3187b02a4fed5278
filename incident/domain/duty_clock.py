"""Obligations as a list of clocks shows them: whose they are, and which comes first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from incident.domain.facts import Facts
from incident.domain.obligation import Assessment, Obligation, ObligationState

OWED = frozenset({ObligationState.DUE, ObligationState.UNDATED, ObligationState.NOT_STARTED, ObligationState.UNDECIDED})
"""The states in which something is still to be done or decided."""


@dataclass(frozen=True, slots=True)
class PrincipalClocks:
    """The answer of the law for one principal: ourselves (empty name), or whose duty is delegated to us."""

    on_behalf_of: str
    assessment: Assessment
    facts: Facts


@dataclass(frozen=True, slots=True)
class Clock:
    """One obligation as a list of clocks shows it."""

    on_behalf_of: str
    obligation: Obligation
    filed_at: datetime | None = None
    """When it was first filed; None while it is not, or where nobody recorded when."""

    @property
    def sort_key(self) -> tuple[int, float, str]:
        """Running clocks by the earliest defensible date, then undated, then those not started, then closed."""
        rank = _RANK[self.obligation.state]
        at = self.obligation.earliest_at
        if self.obligation.state is ObligationState.UNDECIDED and at is not None:
            rank = 0
        return rank, at.timestamp() if at else float("inf"), self.obligation.id


def clocks_of(answer: PrincipalClocks) -> Iterator[Clock]:
    """The clocks of one principal, each with its first filing."""
    for each in answer.assessment.obligations:
        yield Clock(answer.on_behalf_of, each, first_filing(each, answer.facts))


def first_filing(obligation: Obligation, facts: Facts) -> datetime | None:
    """When an obligation was first filed; a filing that names no place counts for the one place there is."""
    if obligation.state is not ObligationState.SATISFIED:
        return None
    sent = facts.filed(obligation.id) or facts.filed(obligation.id.split("@")[0])
    return sent[0].at if sent else None


def filing_words(obligation: Obligation, filed_at: datetime | None) -> str:
    """That it was filed, when, and by how much in time or late: frozen at the first filing."""
    if filed_at is None:
        return f"filed, late by {span(obligation.late_by)}" if obligation.late_by else "filed"
    local = filed_at.astimezone(ZoneInfo(obligation.zone))
    said = f"filed {local:%d %b %Y %H:%M:%S} {obligation.zone.rsplit('/', 1)[-1].replace('_', ' ')}"
    if obligation.late_by:
        return f"{said}, late by {span(obligation.late_by)}"
    if obligation.due_at is None:
        return said
    return f"{said}, in time by {span(int((obligation.due_at - filed_at).total_seconds()))}"


def span(seconds: int) -> str:
    """A length of time in its two largest units."""
    for size, unit, smaller, below in ((86400, "d", 3600, "h"), (3600, "h", 60, "min"), (60, "min", 1, "s")):
        if seconds >= size:
            rest = seconds % size // smaller
            return f"{seconds // size} {unit}{f' {rest} {below}' if rest else ''}"
    return f"{seconds} s"


_RANK = {
    ObligationState.DUE: 0,
    ObligationState.UNDATED: 1,
    ObligationState.UNDECIDED: 2,
    ObligationState.NOT_STARTED: 3,
    ObligationState.SATISFIED: 4,
    ObligationState.NOT_REQUIRED: 5,
}
