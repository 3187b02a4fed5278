"""Where a notice's fields take their first value from: facts, profile, filings, recorded reasons."""

from collections.abc import Mapping, Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

from incident.domain.fact_record import FactRecord, known_values
from incident.domain.incident import Incident
from incident.domain.notice import Filing
from incident.domain.obligation import Obligation
from incident.domain.organisation import Organisation
from incident.domain.places import within


def sourced(source: str, sources: Mapping[str, object]) -> object:
    """The value of a source; `people@US-CA` is the rows of people who live there."""
    key, _, place = source.partition("@")
    value = sources.get(key) if key else None
    if not place or not isinstance(value, list):
        return value
    return [row for row in value if isinstance(row, Mapping) and within(str(row.get("in")), place)]


def sources(
    profile: Organisation,
    incident: Incident,
    owed: Sequence[Obligation],
    standing: Mapping[tuple[str, str], FactRecord],
    on_behalf_of: str,
) -> dict[str, object]:
    """Every source by its key: profile, facts of the principal, the incident, the obligation, recorded reasons."""
    values = known_values(standing, on_behalf_of=on_behalf_of, of_organisation=profile.facts())
    due = min((each.due_at for each in owed if each.due_at is not None), default=None)
    late = any(each.due_at is not None and each.late_by for each in owed)
    return {
        **profile.sources(),
        **values,
        "principal.name": on_behalf_of or profile.name,
        "incident.reference": incident.reference,
        "incident.title": incident.title,
        "incident.declared_at": incident.declared_at.isoformat(),
        "obligation.due_at": due.isoformat() if due else None,
        "obligation.late": late,
        **_bases(standing),
    }


def _bases(standing: Mapping[tuple[str, str], FactRecord]) -> dict[str, object]:
    """The recorded reasons of a judgement, as a source (`basis.risk.individuals`): the answer and its grounds."""
    return {
        f"basis.{key}": f"{record.value}: {record.basis}"
        for (principal, key), record in standing.items()
        if record.basis and not principal
    }


def filing_sources(filed: Sequence[Filing], zone: str) -> dict[str, object]:
    """What was sent, as sources: a summary, and the instant of each first filing (`filed.us-ca/individuals`)."""
    if not filed:
        return {}
    found: dict[str, object] = {}
    lines = []
    for each in filed:
        found.setdefault(f"filed.{each.obligation.split('@')[0]}", each.filed_at.isoformat())
        at = each.filed_at.astimezone(ZoneInfo(zone))
        lines.append(f"- {each.recipient or each.obligation}: {at:%Y-%m-%d %H:%M} ({zone}), {each.channel}")
    return {**found, "filings.summary": "\n".join(lines)}


def said_by(standing: Mapping[tuple[str, str], FactRecord], people: Mapping[UUID, str], on_behalf_of: str) -> dict[str, str]:
    """Who said each fact, for the principal first."""
    said: dict[str, str] = {}
    for (principal, key), record in standing.items():
        if principal in ("", on_behalf_of) and (key not in said or principal == on_behalf_of):
            said[key] = people.get(record.by, "")
    return said
