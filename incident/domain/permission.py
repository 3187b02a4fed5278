"""Who may do what: one table that the screen, the commands and the use cases ask.

Each line says by what it is held: `keys` means that without the key nothing can be read, whatever program asks; a
`signature` can be checked by anybody later; `guidance` is refused by this program and recorded, and no more than that.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from incident.domain.membership import Circle
from incident.domain.responder import Function, Responder, Role


class Capability(StrEnum):
    """An act that not everybody may do."""

    READ = "read an incident"
    READ_PRIVILEGED = "read privileged passages"
    WRITE = "record facts, steps, log lines and notices"
    APPROVE = "approve a notice"
    ADMIT = "let people into an incident and out of it"
    CLOSE = "close, reopen or merge an incident"
    EXPORT = "take an incident's content out of the vault"
    PURGE = "delete an incident for good"
    ADMINISTER = "invite and let go, edit the profile, make backups, renew the recovery code"


class Held(StrEnum):
    """By what a rule is held."""

    KEYS = "keys"
    SIGNATURE = "signature"
    GUIDANCE = "guidance"


@dataclass(frozen=True, slots=True)
class Rule:
    """Who has a capability, by what that is held, and whom to ask otherwise."""

    who: str
    held: Held
    mend: str


_MEMBERS = "A member can let you in: `incident member add`."
_LEADS = "Ask the commander, legal, or who administers the vault."
RULES: Mapping[Capability, Rule] = MappingProxyType(
    {
        Capability.READ: Rule("members of the incident", Held.KEYS, _MEMBERS),
        Capability.READ_PRIVILEGED: Rule("members in counsel's circle", Held.KEYS, "Ask a member of counsel's circle."),
        Capability.WRITE: Rule("members of the incident", Held.KEYS, _MEMBERS),
        Capability.APPROVE: Rule(
            "responders who may approve, never who wrote or edited the version",
            Held.SIGNATURE,
            "Ask a responder who may approve; `incident team list` shows who.",
        ),
        Capability.ADMIT: Rule("members who command, are legal, or administer", Held.KEYS, _LEADS),
        Capability.CLOSE: Rule("members who command, are legal, or administer", Held.GUIDANCE, _LEADS),
        Capability.EXPORT: Rule("members of the incident", Held.KEYS, _MEMBERS),
        Capability.PURGE: Rule("members who administer", Held.GUIDANCE, "Ask a responder who administers the vault."),
        Capability.ADMINISTER: Rule("responders who administer", Held.GUIDANCE, "Ask a responder who administers the vault."),
    }
)
_LEADING = frozenset({Role.COMMANDER, Role.PRIVACY_OFFICER, Role.LEGAL})


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody is in one incident: the roles they hold and the circles whose keys they have."""

    roles: frozenset[Role] = frozenset()
    circles: frozenset[Circle] = frozenset()


def may(responder: Responder, capability: Capability, standing: Standing | None = None) -> bool:
    """Whether this responder may do this; an inactive responder may do nothing, a stranger to an incident nothing in it."""
    here = standing or Standing()
    leads = bool(here.roles & _LEADING) or responder.function is Function.LEGAL or responder.administers
    member = Circle.TEAM in here.circles
    answers = {
        Capability.READ: member,
        Capability.WRITE: member,
        Capability.EXPORT: member,
        Capability.READ_PRIVILEGED: Circle.COUNSEL in here.circles,
        Capability.APPROVE: responder.may_approve,
        Capability.ADMIT: member and leads,
        Capability.CLOSE: member and leads,
        Capability.PURGE: member and responder.administers,
        Capability.ADMINISTER: responder.administers,
    }
    return responder.active and answers[capability]


def why_not(responder: Responder, capability: Capability) -> tuple[str, str]:
    """The sentence and the mend for a refusal."""
    return f"{responder.name} may not {capability.value}.", RULES[capability].mend


def may_sign_version(responder: Responder, *, made_by: UUID, edited_by: frozenset[UUID]) -> tuple[bool, str]:
    """Whether this responder may approve this version: a second person, who neither made nor edited it."""
    if not may(responder, Capability.APPROVE):
        return False, f"{responder.name} may not approve notices."
    if responder.id == made_by or responder.id in edited_by:
        return False, f"{responder.name} wrote this version; a second person approves."
    return True, ""
