"""How long an ended incident is kept: the periods of the law that applies, our own years, and legal holds.

The law names its starting points in words (the finding, the filing); all are counted from the last thing that happened
to the incident, which may keep it longer than the law asks and never shorter.
"""

import re
from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta

from incident.domain.incident import Incident
from incident.errors import ContentError

_PERIOD = re.compile(r"^(\d+) (days|months|years)$")
_MOST_YEARS = 100


@dataclass(frozen=True, slots=True)
class KeepingPeriod:
    """One reason to keep an incident until the end of a day."""

    what: str
    period: str
    citation: str
    until_on: date
    undecided: bool = False
    """The facts do not say whether the law applies; unknown is not no."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """Until when an ended incident is kept, and every reason."""

    incident: Incident
    periods: tuple[KeepingPeriod, ...]
    holds: int
    """Legal holds that stand: nothing is deleted while there is one."""

    @property
    def until_on(self) -> date | None:
        """The last day of the longest period; None while no period is known."""
        return max((each.until_on for each in self.periods), default=None)

    def is_past(self, today: date) -> bool:
        """Whether it may be deleted: every period is over, there is one, and no hold stands."""
        return not self.holds and self.until_on is not None and self.until_on < today


def period_end(last_on: date, period: str) -> date:
    """The last day of a period (`2 years`, `24 months`, `90 days`) counted from a day."""
    found = _PERIOD.match(period)
    if found is None:
        raise ContentError(f"«{period}» is not a period of keeping.", "Write `2 years`, `24 months` or `90 days`.")
    amount, unit = int(found[1]), found[2]
    if unit == "days":
        return last_on + relativedelta(days=amount)
    return last_on + (relativedelta(months=amount) if unit == "months" else relativedelta(years=amount))


def check_years(years: int) -> None:
    """Raise ContentError for a number of years that nobody means."""
    if not 0 <= years <= _MOST_YEARS:
        raise ContentError(f"{years} years cannot be meant.", f"Give 1 to {_MOST_YEARS}; 0 takes the rule back.")
