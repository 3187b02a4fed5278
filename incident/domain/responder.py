"""Who handles the incident: responders, the roles they hold, and when they held them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """What somebody does in this incident. A role nobody holds is a visible gap."""

    COMMANDER = "commander"
    TECHNICAL_LEAD = "technical_lead"
    PRIVACY_OFFICER = "privacy_officer"
    LEGAL = "legal"
    COMMUNICATIONS = "communications"
    SUPPORT_LEAD = "support_lead"
    EXECUTIVE = "executive"
    SCRIBE = "scribe"
    HR = "hr"
    FINANCE = "finance"
    VENDOR_MANAGER = "vendor_manager"

    @property
    def label(self) -> str:
        """The role as a person reads it: `technical lead`."""
        return "HR" if self is Role.HR else self.value.replace("_", " ")


CORE_ROLES = (Role.COMMANDER, Role.TECHNICAL_LEAD, Role.PRIVACY_OFFICER, Role.LEGAL, Role.SCRIBE)
"""The roles every incident needs; shown as a gap while nobody holds them."""


class Function(StrEnum):
    """Where a responder comes from; decides nothing but what is offered first."""

    IT = "it"
    LEGAL = "legal"
    MANAGEMENT = "management"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Responder:
    """A person of the team. The phone number must be usable without a directory."""

    id: UUID
    name: str
    sign_in: str
    function: Function
    email: str = ""
    phone: str = ""
    zone: str = "UTC"
    may_approve: bool = False
    """May sign a notice as the second person."""
    administers: bool = False
    """May invite responders, change who approves, and edit the organisation's profile."""
    active: bool = True
    public_key: bytes = b""
    deputy: UUID | None = None
    """Who stands in when they do not answer."""
    hours: str = ""
    """When they work, by their own zone: `Mon-Fri 09:00-17:30`; blank: not said. `domain.roster` reads it."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """A role held by a responder from `assumed_at` until `relinquished_at` (None while held)."""

    id: UUID
    incident_id: UUID
    role: Role
    responder_id: UUID
    assumed_at: datetime
    relinquished_at: datetime | None = None
    handover_note: str = ""


def held_now(assignments: tuple[Assignment, ...]) -> dict[Role, UUID]:
    """Who holds which role now: the assignments not yet relinquished."""
    return {each.role: each.responder_id for each in assignments if each.relinquished_at is None}


def gaps(assignments: tuple[Assignment, ...]) -> tuple[Role, ...]:
    """The core roles that nobody holds."""
    held = held_now(assignments)
    return tuple(role for role in CORE_ROLES if role not in held)


@dataclass(frozen=True, slots=True)
class RoleLine:
    """One role of an incident: who holds it now (None: nobody), since when, and who held it before."""

    role: Role
    holder: Responder | None
    since_at: datetime | None
    before: tuple[Assignment, ...]
    is_gap: bool
