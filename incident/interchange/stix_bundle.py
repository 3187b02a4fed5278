"""Writes an incident as a STIX 2.1 bundle: the Incident object with the Incident Core extension 2.0, its events, its harm.

Ids follow from the incident and the profile, so the same record gives the same bundle, and two profiles never share an
object whose content differs. The harm is told in notes: the extension's own Impact objects carry keys that STIX 2.1
forbids, and its validator refuses them. Built and checked by the `stix2` library.
"""

import hmac
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

import stix2  # type: ignore[import-untyped]
from stix2.exceptions import STIXError  # type: ignore[import-untyped]

from incident.domain.incident import IncidentStatus
from incident.domain.outgoing import Outgoing, OutgoingEntry
from incident.domain.timeline import EntryKind
from incident.errors import ContentError
from incident.interchange.tlp import TLP

Json = dict[str, object]

CORE = "extension-definition--ef765651-680c-498d-9894-99799f2fa126"
EVENT = "extension-definition--4ca6de00-5b0d-45ef-a1dc-ea7279ea910e"
_TLP_EXTENSION = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"
_MARKINGS = {
    "red": "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1",
    "amber+strict": "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003",
    "amber": "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421",
    "green": "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
    "clear": "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487",
}
"""The marking objects of TLP 2.0 have fixed ids."""
_TYPES = {
    "ransomware": "ransomware",
    "phishing-account-takeover": "compromised-system",
    "business-email-compromise": "illegitimate-use-name",
    "credential-stuffing": "compromised-system",
    "web-application-compromise": "compromised-system",
    "integration-token-compromise": "illegitimate-use-resources",
    "lost-stolen-device": "equipment-loss",
    "insider-misuse": "policy-violation",
}
_FIDELITY = {"day": "day", "month": "month"}


def stix_bundle(going: Outgoing) -> Json:
    """The bundle as a JSON document; raises ContentError where the library refuses it."""
    try:
        bundle = stix2.Bundle(id=_id(going, "bundle", ""), objects=list(_objects(going)), allow_custom=True)
        found: Json = json.loads(bundle.serialize(sort_keys=True))
    except (STIXError, ValueError) as error:
        raise ContentError(f"STIX cannot hold this incident: {error}.", "Report this; the other formats still work.") from error
    return found


def _objects(going: Outgoing) -> Iterator[object]:
    marking = _marking(going)
    yield marking
    common: Json = {
        "spec_version": "2.1",
        "created": _stamp(going.incident.declared_at),
        "modified": _stamp(max(going.changed_at, going.incident.declared_at)),
        "object_marking_refs": [marking["id"]],
    }
    us = {
        "type": "identity",
        "id": _id(going, "identity", "organisation"),
        **common,
        "name": going.organisation or f"The organisation behind {going.incident.code_name}",
        "identity_class": "organization",
    }
    yield us
    common["created_by_ref"] = str(us["id"])
    events = [_event(going, each, common) for each in going.entries]
    yield from events
    incident = _incident(going, common, events)
    yield incident
    for name, said in _harm(going):
        held = {"abstract": f"Impact on {name}", "content": said, "object_refs": [incident["id"]]}
        yield {"type": "note", "id": _id(going, "note", name), **common, **held}


def _marking(going: Outgoing) -> Json:
    level = TLP[going.profile]
    return {
        "type": "marking-definition",
        "spec_version": "2.1",
        "id": _MARKINGS[level],
        "created": "2022-10-01T00:00:00.000Z",
        "name": f"TLP:{level.upper()}",
        "extensions": {_TLP_EXTENSION: {"extension_type": "property-extension", "tlp_2_0": level}},
    }


def _incident(going: Outgoing, common: Json, events: Sequence[Json]) -> Json:
    incident, ended = going.incident, going.incident.status is not IncidentStatus.OPEN
    core: Json = {
        "extension_type": "property-extension",
        "determination": _determination(going),
        "investigation_status": "closed" if ended else "open",
        "criticality": 100 - 25 * (incident.severity - 1),
    }
    if kind := _TYPES.get(incident.playbook):
        core["incident_types"] = [kind]
    if events:
        core["events"] = [{"event_ref": each["id"]} for each in events]
    if going.people is not None:
        core["impacted_entity_counts"] = {"individual": going.people}
    found: Json = {
        "type": "incident",
        "id": _id(going, "incident", ""),
        **common,
        "name": f"{incident.reference} {incident.code_name}{f': {incident.title}' if incident.title else ''}",
        "labels": ["exercise"] if incident.exercise else ["incident"],
        "extensions": {CORE: core},
    }
    said = [going.prose("account.what_happened"), going.profile.stamp]
    found["description"] = "\n\n".join(each for each in said if each)
    return found


def _determination(going: Outgoing) -> str:
    if going.incident.status is IncidentStatus.FALSE_ALARM:
        return "false-positive"
    taken = going.flag("breach.acquired") or going.flag("breach.accessed") or going.moment("aware") is not None
    return "successful-attempt" if taken else "suspected"


def _event(going: Outgoing, entry: OutgoingEntry, common: Json) -> Json:
    event: Json = {
        "type": "event",
        "id": _id(going, "event", str(entry.id)),
        **common,
        "created": _stamp(entry.recorded_at),
        "name": entry.kind.value,
        "description": f"{entry.by}: {entry.text}" if entry.by else entry.text,
        "status": "occurred",
        "start_time": _stamp(entry.occurred_at),
        "extensions": {EVENT: {"extension_type": "new-sdo"}},
    }
    if fidelity := _FIDELITY.get(entry.precision.value):
        event["start_time_fidelity"] = fidelity
    if entry.kind is EntryKind.ATTACK:
        event["event_types"] = ["confirmed"]
    return event


def _harm(going: Outgoing) -> Iterator[tuple[str, str]]:
    """What was harmed, in the extension's own words, and how much of it."""
    records = going.facts.get("account.records")
    counted = f", {records} records" if isinstance(records, int) and not isinstance(records, bool) else ""
    people = f", {going.people} people" if going.people is not None else ""
    taken = going.flag("breach.acquired") or going.flag("breach.accessed")
    if taken or going.flag("breach.confidentiality"):
        yield "confidentiality", f"{'confirmed-loss' if taken else 'suspected-loss'} of {_information(going)}{counted}{people}"
    if going.flag("breach.integrity"):
        yield "integrity", f"modification of {_information(going)}{people}"
    if going.flag("breach.availability"):
        yield "availability", f"{_information(going)} lost or out of reach{people}"


def _information(going: Outgoing) -> str:
    """The kind of information: health data where the law calls it so, else personal data."""
    health = {"medical", "medical_id", "health_insurance", "health_care_payment", "sud_records"}
    return "phi" if health & set(going.tokens("data.elements")) else "pii"


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _id(going: Outgoing, kind: str, what: str) -> str:
    """An id that follows from incident, profile and object, in the form of a version 4 that STIX asks for."""
    told = f"stix|{going.profile.value}|{kind}|{what}".encode()
    return f"{kind}--{UUID(bytes=hmac.digest(going.incident.id.bytes, told, sha256)[:16], version=4)}"
