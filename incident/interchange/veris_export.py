"""Writes an incident as a VERIS 1.4.1 record. What nobody recorded is `Unknown`, never a guess and never «No»."""

from datetime import date, datetime, timedelta
from uuid import uuid5

from incident.domain.incident import IncidentStatus
from incident.domain.outgoing import Outgoing
from incident.domain.profile import Profile
from incident.interchange.veris_words import (
    ACTIONS,
    ASSETS,
    CLOUD,
    DATA,
    GOVERNMENT,
    HEALTH_ROLES,
    INDUSTRY,
    INSIDE,
    NO_INDUSTRY,
    PARTNER,
    UNKNOWN,
    VERSION,
    Json,
)

_COUNTRIES = 2
_UNITS = ((timedelta(days=365), "Years"), (timedelta(days=30), "Months"), (timedelta(days=7), "Weeks"),
          (timedelta(days=1), "Days"), (timedelta(hours=1), "Hours"), (timedelta(minutes=1), "Minutes"))  # fmt: skip


def veris_record(going: Outgoing) -> Json:
    """The record; valid against the merged schema of 1.4.1."""
    incident = going.incident
    record: Json = {
        "schema_version": VERSION,
        "schema_name": "verisc",
        "incident_id": str(uuid5(incident.id, f"veris {going.profile.value}")),
        "source_id": "incident",
        "security_incident": _standing(going),
        "summary": _summary(going),
        "timeline": _timeline(going),
        "actor": _actor(going),
        "action": _action(going),
        "asset": _asset(going),
        "discovery_method": {"unknown": True},
        "victim": _victim(going),
        "notes": " ".join((going.profile.stamp, "EXERCISE: nothing of this happened." if incident.exercise else "")).strip(),
    }
    if attribute := _attribute(going):
        record["attribute"] = attribute
    if incident.reference and going.profile is not Profile.PUBLIC:
        record["reference"] = incident.reference
    if found := going.prose("account.how_discovered"):
        record["discovery_notes"] = found
    if planned := going.prose("account.measures_planned"):
        record["corrective_action"] = planned
    return record


def _standing(going: Outgoing) -> str:
    if going.incident.status is IncidentStatus.FALSE_ALARM:
        return "False positive"
    return "Confirmed" if going.moment("aware") is not None else "Suspected"


def _summary(going: Outgoing) -> str:
    said = going.prose("account.what_happened") or going.incident.title
    return said or f"Incident {going.incident.code_name}; nothing more is told to this reader."


def _timeline(going: Outgoing) -> Json:
    began, found, over = (going.moment(each) for each in ("occurred", "detected", "contained"))
    start = began or found or going.incident.declared_at
    when: Json = {"year": start.year}
    if going.profile is not Profile.PUBLIC:
        when["month"] = start.month
        when["day"] = start.day
    timeline: Json = {"incident": when}
    if (took := _took(began, found)) is not None:
        timeline["discovery"] = took
    if (took := _took(found, over)) is not None:
        timeline["containment"] = took
    return timeline


def _took(start: datetime | date | None, end: datetime | date | None) -> Json | None:
    """A length of time as VERIS counts it, in one unit; None while an end is unknown, or the two cannot be compared."""
    if isinstance(start, datetime) and isinstance(end, datetime):
        length = end - start
    elif start is not None and end is not None:
        first, last = (each.date() if isinstance(each, datetime) else each for each in (start, end))
        length = last - first
        if not length:
            return {"unit": UNKNOWN}
    else:
        return None
    if length < timedelta():
        return {"unit": UNKNOWN}
    for size, unit in _UNITS:
        if length >= size:
            return {"unit": unit, "value": length // size}
    return {"unit": "Seconds", "value": int(length.total_seconds())}


def _playbook(going: Outgoing) -> str:
    return "" if going.profile is Profile.PUBLIC else going.incident.playbook


def _actor(going: Outgoing) -> Json:
    playbook, attacked = _playbook(going), going.flag("options.cyberattack")
    if playbook in PARTNER:
        return {"partner": {"motive": [UNKNOWN], "country": [UNKNOWN]}}
    if playbook in INSIDE and not attacked:
        return {"internal": {"motive": [UNKNOWN], "variety": [UNKNOWN]}}
    if attacked:
        return {"external": {"motive": [UNKNOWN], "variety": [UNKNOWN]}}
    return {"unknown": {}}


def _action(going: Outgoing) -> Json:
    found = ACTIONS.get(_playbook(going))
    if found is None:
        return {"unknown": {}}
    return {name: {key: list(words) for key, words in action.items()} for name, action in found.items()}


def _asset(going: Outgoing) -> Json:
    playbook = _playbook(going)
    asset: Json = {
        "assets": [{"variety": ASSETS.get(playbook, UNKNOWN)}],
        "cloud": ["External Cloud Asset(s)" if playbook in CLOUD else UNKNOWN],
    }
    if systems := going.prose("account.systems"):
        asset["notes"] = systems
    return asset


def _victim(going: Outgoing) -> Json:
    sectors, roles = going.tokens("organisation.sectors"), going.tokens("organisation.roles")
    industry = next((INDUSTRY[each] for each in sectors if each in INDUSTRY), NO_INDUSTRY)
    if industry == NO_INDUSTRY and HEALTH_ROLES & set(roles):
        industry = "62"
    countries = sorted({each[:_COUNTRIES] for each in going.tokens("organisation.established_in")})
    governments = sorted({GOVERNMENT[each] for each in sectors if each in GOVERNMENT})
    victim: Json = {
        "country": countries or [UNKNOWN],
        "employee_count": {"small": "Small", "large": "Large"}.get(going.prose("organisation.size"), UNKNOWN),
        "industry": industry,
        "government": governments or [UNKNOWN],
    }
    if going.organisation:
        victim["victim_id"] = going.organisation
    return victim


def _attribute(going: Outgoing) -> Json:
    attribute: Json = {}
    elements, disclosed = going.tokens("data.elements"), _disclosure(going)
    if elements or disclosed != UNKNOWN:
        attribute["confidentiality"] = _confidentiality(going, disclosed, elements)
    if going.flag("breach.integrity"):
        attribute["integrity"] = {"variety": ["Modify data"]}
    if going.flag("breach.availability"):
        attribute["availability"] = {"variety": [UNKNOWN]}
    return attribute


def _disclosure(going: Outgoing) -> str:
    """Yes when somebody took or read the data; No only when all three questions were answered with no."""
    said = {each: going.flag(f"breach.{each}") for each in ("acquired", "accessed", "confidentiality")}
    if said["acquired"] or said["accessed"]:
        return "Yes"
    if said["confidentiality"]:
        return "Potentially"
    return "No" if all(each is False for each in said.values()) else UNKNOWN


def _confidentiality(going: Outgoing, disclosed: str, elements: tuple[str, ...]) -> Json:
    found: Json = {"data_disclosure": disclosed}
    if elements:
        varieties = sorted({DATA.get(each, "Personal") for each in elements})
        found["data"] = [{"variety": each} for each in varieties]
    records = going.facts.get("account.records")
    total = records if isinstance(records, int) and not isinstance(records, bool) else going.people
    if total is not None:
        found["data_total"] = total
    encrypted = going.flag("data.encrypted")
    if encrypted is not None:
        found["state"] = ["Stored encrypted" if encrypted else "Stored unencrypted"]
    if said := going.prose("account.data_description"):
        found["notes"] = said
    return found
