"""The timeline: what happened, when it happened and when that was written down, kept apart."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Precision(StrEnum):
    """How exactly the time is known; a day says nothing about the hour."""

    EXACT = "exact"
    DAY = "day"
    MONTH = "month"


class EntryKind(StrEnum):
    """Whose act it was."""

    LOG = "log"
    """A line somebody typed."""
    ATTACK = "attack"
    """What the attacker or the fault did."""
    RESPONSE = "response"
    """What the team did: step done, role taken, fact established."""
    NOTICE = "notice"
    """A notice approved, sent, acknowledged."""
    STATUS = "status"
    """Declared, closed, reopened, merged."""


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One line of the timeline; `occurred_at` is when it happened, `recorded_at` when we wrote it."""

    id: UUID
    incident_id: UUID
    occurred_at: datetime
    recorded_at: datetime
    precision: Precision
    kind: EntryKind
    text: str
    by: UUID
    source: str = ""
    privileged: bool = False
    """Readable in counsel's circle only."""


def in_order(entries: tuple[TimelineEntry, ...]) -> tuple[TimelineEntry, ...]:
    """Entries by the time they happened; what was written first comes first among equals."""
    return tuple(sorted(entries, key=lambda each: (each.occurred_at, each.recorded_at)))
