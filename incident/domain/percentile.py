"""Percentiles of small, skewed samples: by nearest rank, so that every number shown is one that occurred.

The 85th percentile says what five in six stayed under; of three values it would be the largest, so it is told from five on.
"""

from array import array
from dataclasses import dataclass

FEWEST = 5
"""Values from which an 85th percentile is told."""


@dataclass(frozen=True, slots=True)
class Spread:
    """How values lie: how many are known, the median and the 85th percentile, and how many are unknown."""

    n: int
    median: float | None
    """None where nothing is known."""
    p85: float | None
    """What 85 of a hundred do not exceed, or, where little is bad, do not fall below; None below five values."""
    unknown: int

    @property
    def total(self) -> int:
        """Known and unknown."""
        return self.n + self.unknown


class Sample:
    """Values one after the other, eight bytes each; what is not known is counted and never taken for zero."""

    def __init__(self, *, little_is_bad: bool = False) -> None:
        self._values = array("d")
        self._percent = 15 if little_is_bad else 85
        self.unknown = 0

    def add(self, value: float | None) -> None:
        """Take one value, or count one that is not known."""
        if value is None:
            self.unknown += 1
        else:
            self._values.append(value)

    @property
    def spread(self) -> Spread:
        """How the values lie."""
        ordered = sorted(self._values)
        n = len(ordered)
        middle = (ordered[(n - 1) // 2] + ordered[n // 2]) / 2 if n else None
        return Spread(n, middle, nearest_rank(ordered, self._percent) if n >= FEWEST else None, self.unknown)


def nearest_rank(ordered: "list[float]", percent: int) -> float:
    """The smallest value that at least so many of a hundred do not exceed; `ordered` is sorted and not empty."""
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]
