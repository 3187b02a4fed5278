"""An incident: what was declared, by whom, what state it is in, and how it is referred to.

Only the code name leaves the vault in calendars and reminders, so every incident gets one at once.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from uuid import UUID


class IncidentStatus(StrEnum):
    """Where an incident stands."""

    OPEN = "open"
    CLOSED = "closed"
    FALSE_ALARM = "false_alarm"
    MERGED = "merged"

    @property
    def label(self) -> str:
        """The status as a person reads it."""
        return self.value.replace("_", " ")


@dataclass(frozen=True, slots=True)
class Incident:
    """One incident as recorded. Everything about deadlines and progress is computed from its facts."""

    id: UUID
    reference: str
    """`INC-2026-0042`: year of declaration and a number that is never reused."""
    code_name: str
    title: str
    severity: int
    """1 (worst) to 4."""
    status: IncidentStatus
    playbook: str
    declared_at: datetime
    declared_by: UUID
    exercise: bool = False
    ended_at: datetime | None = None
    ended_reason: str = ""
    merged_into: UUID | None = None
    hidden: bool = False
    """Sealed, and the reader holds no key: only reference, code name, severity, state and times are known."""

    @property
    def is_open(self) -> bool:
        """True while work goes on."""
        return self.status is IncidentStatus.OPEN


_ADJECTIVES = (
    "Amber", "Azure", "Bronze", "Cobalt", "Copper", "Coral", "Crimson", "Emerald", "Granite", "Indigo",
    "Ivory", "Jade", "Marble", "Ochre", "Opal", "Pearl", "Quartz", "Russet", "Saffron", "Sepia",
    "Silver", "Slate", "Teal", "Umber",
)  # fmt: skip
_BIRDS = (
    "Avocet", "Bittern", "Bunting", "Crane", "Curlew", "Dipper", "Dunlin", "Egret", "Falcon", "Finch",
    "Gannet", "Heron", "Ibis", "Kestrel", "Lapwing", "Martin", "Oriole", "Osprey", "Petrel", "Plover",
    "Puffin", "Raven", "Sparrow", "Tern", "Wagtail", "Wren",
)  # fmt: skip


def code_name(incident_id: UUID, taken: frozenset[str]) -> str:
    """A two-word name that says nothing about the incident and is not in use; the same id gives the same name."""
    digest = int.from_bytes(sha256(incident_id.bytes).digest()[:8], "big")
    total = len(_ADJECTIVES) * len(_BIRDS)
    for step in range(total):
        adjective, bird = divmod((digest + step) % total, len(_BIRDS))
        name = f"{_ADJECTIVES[adjective]} {_BIRDS[bird]}"
        if name not in taken:
            return name
    return f"{name} {len(taken) + 1}"


def next_reference(year: int, taken: frozenset[str]) -> str:
    """The next free `INC-<year>-<number>`; gaps are never filled, so a reference is never reused."""
    prefix = f"INC-{year}-"
    numbers = [int(each.removeprefix(prefix)) for each in taken if each.startswith(prefix)]
    return f"{prefix}{max(numbers, default=0) + 1:04d}"
