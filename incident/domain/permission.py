"""Who may do what: one table that the screen, the commands and the use cases ask.

Within one vault these rules are guidance and record, not cryptography: whoever can sign in holds the key to
all of it. What is enforced by keys is the signature of an approval.
"""

from enum import StrEnum
from uuid import UUID

from incident.domain.responder import Responder


class Capability(StrEnum):
    """An act that not everybody may do."""

    ADMINISTER = "administer"
    APPROVE = "approve"


_MEND = {
    Capability.ADMINISTER: "Ask a responder who administers the vault.",
    Capability.APPROVE: "Ask a responder who may approve; `incident team list` shows who.",
}


def may(responder: Responder, capability: Capability) -> bool:
    """Whether this responder may do this at all; an inactive responder may do nothing."""
    if not responder.active:
        return False
    return responder.administers if capability is Capability.ADMINISTER else responder.may_approve


def why_not(responder: Responder, capability: Capability) -> tuple[str, str]:
    """The sentence and the mend for a refusal."""
    return f"{responder.name} may not {capability.value}.", _MEND[capability]


def may_sign_version(responder: Responder, *, made_by: UUID, edited_by: frozenset[UUID]) -> tuple[bool, str]:
    """Whether this responder may approve this version: a second person, who neither made nor edited it."""
    if not may(responder, Capability.APPROVE):
        return False, f"{responder.name} may not approve notices."
    if responder.id == made_by or responder.id in edited_by:
        return False, f"{responder.name} wrote this version; a second person approves."
    return True, ""
