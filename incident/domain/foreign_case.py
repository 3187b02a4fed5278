"""What another tool recorded, as far as it can become an incident of ours: a person sees it and says yes before it does.

Nothing in it is taken for more than a report: no judgement of the law comes in this way, no list counts as complete, and
«no» in a foreign record says only that the box was not ticked.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from incident.domain.timeline import EntryKind, Precision


@dataclass(frozen=True, slots=True)
class ForeignFact:
    """One fact under our key, as JSON, and the place in the record it comes from."""

    key: str
    value: object
    place: str


@dataclass(frozen=True, slots=True)
class ForeignLine:
    """One line of a timeline."""

    at: datetime
    text: str
    precision: Precision
    kind: EntryKind | None
    """None where the record does not say whose act it was."""
    source: str
    """Where it comes from: file and line."""


@dataclass(frozen=True, slots=True)
class ForeignCase:
    """A case, alert or record of another tool."""

    origin: str
    """`TheHive case 12`: what stands in the source of everything that was taken over."""
    title: str
    severity: int
    playbook: str
    facts: tuple[ForeignFact, ...] = ()
    lines: tuple[ForeignLine, ...] = ()
    left_out: tuple[str, ...] = ()
    """What is in the record and does not become part of the incident, and why."""


ANY_PLAYBOOK = "personal-data-breach"
USUAL_SEVERITY = 2
_WORDS = (
    ("ransomware", ("ransom", "encrypted files", "lockbit", "blackcat")),
    ("business-email-compromise", ("business email compromise", "business e-mail compromise", "ceo fraud", "invoice fraud")),
    ("phishing-account-takeover", ("phish", "account takeover", "spearphish")),
    ("credential-stuffing", ("credential stuffing", "brute force", "bruteforce", "password spray")),
    ("chatbot-prompt-injection", ("prompt injection",)),
    ("integration-token-compromise", ("oauth token", "api token", "api key")),
    ("cloud-storage-exposure", ("bucket", "misconfiguration", "exposed storage")),
    ("web-application-compromise", ("sql injection", "sqli", "web shell", "webshell", "xss")),
    ("lost-stolen-device", ("stolen laptop", "lost laptop", "stolen device", "lost device")),
    ("misdirected-email", ("misdirected", "misdelivery", "wrong recipient")),
    ("insider-misuse", ("insider", "privilege abuse")),
    ("vendor-breach", ("supply chain", "third party breach", "vendor breach")),
)


def fitting_playbook(words: Iterable[str]) -> str:
    """The playbook whose words occur in titles and tags; the general one where none does. A person may choose another."""
    text = " ".join(words).casefold().replace("-", " ").replace("_", " ")
    for playbook, signs in _WORDS:
        if any(sign.replace("-", " ") in text for sign in signs):
            return playbook
    return ANY_PLAYBOOK
