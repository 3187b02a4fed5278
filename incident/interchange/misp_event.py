"""Writes an incident as a MISP event, tagged with TLP 2.0, RSIT and the special categories of the GDPR; nothing is published.

The event is for the organisation that imports it alone (distribution 0): who else may see it is decided there, by a person.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from uuid import uuid5

from incident.domain.incident import IncidentStatus
from incident.domain.outgoing import Outgoing
from incident.domain.timeline import Precision
from incident.interchange.rsit import rsit_classes
from incident.interchange.tlp import TLP

Json = dict[str, object]

_OUR_ORGANISATION = "0"
_AS_THE_EVENT = "5"
_SPECIAL = {
    "medical": "health",
    "medical_id": "health",
    "health_insurance": "health",
    "health_care_payment": "health",
    "sud_records": "health",
    "genetic": "genetic-data",
    "biometric": "biometric-data",
}
"""Data element → special category of Art. 9 GDPR."""
_THREAT = {1: "1", 2: "2", 3: "3", 4: "3"}
"""Our severity 1 to 4 → MISP's threat level high, medium, low."""
_MOMENTS = (
    ("occurred", "it began"),
    ("detected", "something was first noticed"),
    ("aware", "the organisation became aware"),
    ("contained", "it was contained"),
)
_LONGEST = 65_000
"""Characters; MISP cuts a longer value."""


def misp_event(going: Outgoing) -> Json:
    """The event as MISP's own export writes it."""
    incident = going.incident
    began = going.moment("occurred") or going.moment("detected") or incident.declared_at
    event: Json = {
        "uuid": _id(going, "event"),
        "info": _info(going),
        "date": _day(began),
        "threat_level_id": _THREAT[incident.severity],
        "analysis": "1" if incident.status is IncidentStatus.OPEN else "2",
        "distribution": _OUR_ORGANISATION,
        "published": False,
        "timestamp": _epoch(going.changed_at),
        "Orgc": {"uuid": _id(going, "organisation"), "name": going.organisation or incident.code_name},
        "Tag": [{"name": each} for each in tags(going)],
        "Attribute": list(_attributes(going)),
    }
    return {"Event": event}


def tags(going: Outgoing) -> tuple[str, ...]:
    """The machine tags: how far it may travel, what kind of incident, which special categories of data."""
    special = sorted({_SPECIAL[each] for each in going.tokens("data.elements") if each in _SPECIAL})
    return (
        f"tlp:{TLP[going.profile]}",
        *(f'rsit:{kind}="{what}"' for kind, what in rsit_classes(going)),
        *(f'gdpr:special-categories="{each}"' for each in special),
    )


def _info(going: Outgoing) -> str:
    incident = going.incident
    mark = "EXERCISE " if incident.exercise else ""
    return f"{mark}{incident.reference} {incident.code_name}{f': {incident.title}' if incident.title else ''}"


def _attributes(going: Outgoing) -> Iterator[Json]:
    yield _attribute(going, "stamp", "comment", going.profile.stamp)
    if said := going.prose("account.what_happened"):
        yield _attribute(going, "what_happened", "text", said, comment="What happened")
    if going.people is not None:
        yield _attribute(going, "people", "counter", str(going.people), comment="People affected")
    for event, words in _MOMENTS:
        when = going.moment(event)
        if isinstance(when, datetime):
            yield _attribute(going, event, "datetime", _iso(when), comment=f"When {words}")
        elif when is not None:
            yield _attribute(going, event, "text", str(when), comment=f"The day on which {words}")
    for entry in going.entries:
        by = f" · {entry.by}" if entry.by else ""
        exact = "" if entry.precision is Precision.EXACT else f", known to the {entry.precision.value} only"
        text = f"{entry.written_at.isoformat()}{exact} · {entry.kind.value}{by}: {entry.text}"
        line = _attribute(going, str(entry.id), "text", text, comment=f"Timeline{exact}")
        if entry.precision is Precision.EXACT:
            line["first_seen"] = _iso(entry.occurred_at)
        yield line


def _attribute(going: Outgoing, what: str, kind: str, value: str, *, comment: str = "") -> Json:
    return {
        "uuid": _id(going, f"attribute|{what}"),
        "type": kind,
        "category": "Other",
        "value": value[:_LONGEST],
        "comment": comment,
        "to_ids": False,
        "distribution": _AS_THE_EVENT,
        "timestamp": _epoch(going.changed_at),
        "disable_correlation": True,
    }


def _day(when: datetime | date) -> str:
    return (when.astimezone(UTC).date() if isinstance(when, datetime) else when).isoformat()


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def _epoch(at: datetime) -> str:
    return str(int(at.timestamp()))


def _id(going: Outgoing, what: str) -> str:
    return str(uuid5(uuid5(going.incident.id, f"misp {going.profile.value}"), what))
