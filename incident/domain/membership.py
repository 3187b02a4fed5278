"""Who may read an incident: its team, and counsel's circle within it for privileged passages."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Circle(StrEnum):
    """Who a key is for."""

    TEAM = "team"
    COUNSEL = "counsel"
    """Privileged passages: readable by the members whom counsel's circle names."""


@dataclass(frozen=True, slots=True)
class Member:
    """One person who holds an incident's keys."""

    responder_id: UUID
    name: str
    circles: tuple[Circle, ...]
    granted_at: datetime
