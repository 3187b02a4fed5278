"""What a review finds besides its answers: factors that contributed, surprises, differences, and gaps in the timeline."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from incident.domain.timeline import TimelineEntry


class FindingKind(StrEnum):
    """What sort of finding it is."""

    FACTOR = "factor"
    """Something without which it would have gone otherwise; there is rarely one cause."""
    SURPRISE = "surprise"
    """A line of the timeline that surprised those who were there."""
    DIFFERENCE = "difference"
    """What people expected at that time, and what they saw."""


class Cause(StrEnum):
    """The kind of act or event behind a factor: VERIS's seven actions."""

    MALWARE = "malware"
    HACKING = "hacking"
    SOCIAL = "social"
    MISUSE = "misuse"
    PHYSICAL = "physical"
    ERROR = "error"
    ENVIRONMENTAL = "environmental"


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding, as somebody marked it."""

    id: UUID
    incident_id: UUID
    kind: FindingKind
    text: str
    expected: str
    """What was expected; blank where the finding is no difference."""
    cause: str
    entry_id: UUID | None
    at: datetime
    by: UUID


@dataclass(frozen=True, slots=True)
class FollowUp:
    """How an action item stood; `due_on` where it was moved."""

    item_id: UUID
    note: str
    due_on: date | None
    at: datetime
    by: UUID


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch in which nothing was written: after which line, until which, how long."""

    after: UUID
    before: UUID
    took: timedelta


SILENT = timedelta(hours=4)
"""A silence that a review asks about, while the incident was being handled."""


def gaps(entries: Sequence[TimelineEntry], *, until: datetime | None = None, silent: timedelta = SILENT) -> tuple[Gap, ...]:
    """The silences between lines in order of time; what lies after `until` (it was handled) is not asked about."""
    found = []
    for before, after in zip(entries, entries[1:], strict=False):
        took = after.occurred_at - before.occurred_at
        if took >= silent and (until is None or before.occurred_at < until):
            found.append(Gap(before.id, after.id, took))
    return tuple(found)
