"""An incident on its way out, without a vault (all invented)."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from incident.domain.incident import Incident, IncidentStatus
from incident.domain.outgoing import Outgoing, OutgoingEntry, OutgoingTable
from incident.domain.profile import Profile
from incident.domain.timeline import EntryKind, Precision

NOW = datetime(2026, 3, 2, 14, 2, tzinfo=UTC)
REFERENCE = Path(__file__).resolve().parents[3] / "shared" / "data"
"""Published schemas and records, beside the checkout; not part of it."""

FACTS: dict[str, object] = {
    "organisation.established_in": ["DE", "US-CA"],
    "organisation.sectors": ["bank"],
    "at.occurred": "2026-02-27T10:00:00+01:00",
    "at.detected": "2026-03-02T09:00:00+01:00",
    "at.aware": "2026-03-02T09:30:00+01:00",
    "at.contained": "2026-03-02",
    "breach.confidentiality": True,
    "breach.acquired": True,
    "breach.integrity": True,
    "data.elements": ["name", "medical", "biometric", "online_credentials"],
    "people": [{"in": "DE", "count": 1200}, {"in": "US-CA"}],
    "account.what_happened": "A mailbox was opened from abroad.",
    "account.records": 5000,
}


def an_entry(number: int, text: str, **changed: Any) -> OutgoingEntry:
    values: dict[str, Any] = {
        "id": UUID(int=number),
        "occurred_at": NOW + timedelta(minutes=number),
        "recorded_at": NOW + timedelta(minutes=number),
        "precision": Precision.EXACT,
        "kind": EntryKind.LOG,
        "text": text,
        "by": "Ana Ruiz (invented)",
        "source": "",
        "privileged": False,
        "zone": "Europe/Berlin",
    }
    return OutgoingEntry(**values | changed)


def an_outgoing(profile: Profile = Profile.PRIVILEGED, **changed: Any) -> Outgoing:
    incident: dict[str, Any] = {
        "id": UUID(int=7),
        "reference": "INC-2026-0042",
        "code_name": "Copper Heron",
        "title": "A mailbox was read",
        "severity": 1,
        "status": IncidentStatus.OPEN,
        "playbook": "phishing-account-takeover",
        "declared_at": NOW,
        "declared_by": UUID(int=1),
    }
    values: dict[str, Any] = {
        "profile": profile,
        "made_at": NOW + timedelta(hours=2),
        "changed_at": NOW + timedelta(hours=1),
        "zone": "Europe/Berlin",
        "organisation": "Nordlicht GmbH (invented)",
        "facts": FACTS,
        "entries": (
            an_entry(1, "the rule was removed", kind=EntryKind.RESPONSE),
            an_entry(
                2,
                "the attacker came in",
                kind=EntryKind.ATTACK,
                precision=Precision.DAY,
                occurred_at=datetime(2026, 2, 28, 23, tzinfo=UTC),
            ),
        ),
        "tables": (OutgoingTable("lines", "lines", ("a", "b"), (("=1+1", "-5"), ("@x", "plain"))),),
    }
    own = {key: changed.pop(key) for key in list(changed) if key in {*incident, "exercise"}}
    return Outgoing(incident=Incident(**incident | own), **values | changed)
