"""The access log: who looked at or took out what, and when."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class AccessAct(StrEnum):
    """How something was reached."""

    VIEWED = "viewed"
    EXPORTED = "exported"


@dataclass(frozen=True, slots=True)
class Access:
    """One look or export."""

    act: AccessAct
    what: str
    """What was reached, in words that say nothing of its content (`incident`, `notice 2 as PDF`)."""
    at: datetime
    by: UUID
    incident_id: UUID | None
