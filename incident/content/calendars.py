"""Business-day calendars for the law: public holidays from the `holidays` library, closures as dated data."""

from datetime import date
from functools import lru_cache

_EDGAR_CLOSURES: frozenset[date] = frozenset(
    {date(2018, 12, 5), date(2018, 12, 24), date(2019, 12, 24), date(2020, 12, 24), date(2024, 12, 24), date(2025, 1, 9),
     date(2025, 12, 24), date(2025, 12, 26)}
)  # fmt: skip
"""Days on which EDGAR was closed although no federal holiday: national mourning and executive orders."""


class LibraryCalendars:
    """Calendars by name: a country (`DE`), a part (`US-CA`), `US-federal`, `EDGAR`."""

    def is_business_day(self, calendar: str, day: date) -> bool:
        """Neither a Saturday, a Sunday, a public holiday of this calendar nor one of its dated closures."""
        if day.weekday() >= 5:
            return False
        if calendar == "EDGAR":
            return day not in _EDGAR_CLOSURES and not _is_holiday("US", "", day)
        if calendar in ("", "weekdays"):
            return True
        if calendar == "US-federal":
            return not _is_holiday("US", "", day)
        country, _, part = calendar.partition("-")
        return not _is_holiday(country, part, day)


def _is_holiday(country: str, part: str, day: date) -> bool:
    return day in _holidays(country, part, day.year)


@lru_cache(maxsize=256)
def _holidays(country: str, part: str, year: int) -> frozenset[date]:
    import holidays

    try:
        found = holidays.country_holidays(country, subdiv=part or None, years=year)
    except NotImplementedError:
        return frozenset()
    return frozenset(found.keys())
