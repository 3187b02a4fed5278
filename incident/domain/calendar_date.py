"""Dates of an incident as a calendar may show them: when, and under a code name. Calendars leak, so nothing else goes in."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class DateKind(StrEnum):
    """What happens at a date, as far as a stranger may know."""

    DUTY = "duty"
    """Something falls due."""
    QUESTION = "question"
    """Something would fall due if an open question were answered so."""


_WORDS = {DateKind.DUTY: "a date falls due", DateKind.QUESTION: "a question wants its answer"}


@dataclass(frozen=True, slots=True)
class CalendarDate:
    """One date; `key` stays the same for the same duty whatever becomes of its date, and says nothing about it."""

    key: str
    at: datetime
    kind: DateKind
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class CalendarDates:
    """The dates of one incident for one calendar."""

    incident_key: str
    """How the keys of this incident begin; a calendar may hold several incidents."""
    code_name: str
    exercise: bool
    revision: int
    """Grows with the record, so that a calendar takes a newer file for newer even when the older one is lost."""
    dates: tuple[CalendarDate, ...]

    def summary(self, kind: DateKind) -> str:
        """The line a calendar shows."""
        return f"{'EXERCISE ' if self.exercise else ''}{self.code_name}: {_WORDS[kind]}"
