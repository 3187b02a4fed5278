"""Obligations as a list of clocks shows them: whose they are, and which comes first."""

from dataclasses import dataclass

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

    @property
    def sort_key(self) -> tuple[int, float, str]:
        """Running clocks by the earliest defensible date, then undated, then those not started, then closed."""
        rank = _RANK[self.obligation.state]
        at = self.obligation.earliest_at
        if self.obligation.state is ObligationState.UNDECIDED and at is not None:
            rank = 0
        return rank, at.timestamp() if at else float("inf"), self.obligation.id


_RANK = {
    ObligationState.DUE: 0,
    ObligationState.UNDATED: 1,
    ObligationState.UNDECIDED: 2,
    ObligationState.NOT_STARTED: 3,
    ObligationState.SATISFIED: 4,
    ObligationState.NOT_REQUIRED: 5,
}
