"""The classes of the Reference Security Incident Taxonomy (ENISA and TF-CSIRT, v1003) that an incident falls under."""

from collections.abc import Mapping
from types import MappingProxyType

from incident.domain.outgoing import Outgoing
from incident.domain.profile import Profile

_CONTENT = "information-content-security"
_PLAYBOOKS: Mapping[str, tuple[tuple[str, str], ...]] = MappingProxyType(
    {
        "ransomware": (("malicious-code", "infected-system"),),
        "phishing-account-takeover": (("fraud", "phishing"), ("intrusions", "unprivileged-account-compromise")),
        "business-email-compromise": (("fraud", "masquerade"),),
        "credential-stuffing": (("intrusion-attempts", "brute-force"), ("intrusions", "unprivileged-account-compromise")),
        "web-application-compromise": (("intrusions", "application-compromise"),),
        "integration-token-compromise": (("intrusions", "application-compromise"),),
        "chatbot-prompt-injection": ((_CONTENT, "unauthorised-information-access"),),
        "vendor-breach": ((_CONTENT, "data-leak"),),
        "misdirected-email": ((_CONTENT, "data-leak"),),
        "cloud-storage-exposure": ((_CONTENT, "data-leak"),),
        "ai-data-leakage": ((_CONTENT, "data-leak"),),
        "lost-stolen-device": ((_CONTENT, "data-loss"),),
        "insider-misuse": ((_CONTENT, "unauthorised-information-access"),),
    }
)
_FACTS = (
    ("breach.accessed", "unauthorised-information-access"),
    ("breach.acquired", "data-leak"),
    ("breach.integrity", "unauthorised-information-modification"),
    ("breach.availability", "data-loss"),
)


def rsit_classes(going: Outgoing) -> tuple[tuple[str, str], ...]:
    """The (class, type) pairs of an incident, by its playbook and what was recorded; `other: undetermined` where none fits."""
    found = list(() if going.profile is Profile.PUBLIC else _PLAYBOOKS.get(going.incident.playbook, ()))
    found.extend((_CONTENT, kind) for key, kind in _FACTS if going.flag(key))
    return tuple(dict.fromkeys(found)) or (("other", "undetermined"),)
