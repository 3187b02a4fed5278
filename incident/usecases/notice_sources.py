"""Where a notice's fields take their first value from: facts, profile, filings, recorded reasons."""

from collections.abc import Mapping, Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

from incident.domain.fact_record import FactRecord, known_values
from incident.domain.form_sources import derived_sources
from incident.domain.incident import Incident
from incident.domain.notice import Filing
from incident.domain.obligation import Obligation
from incident.domain.organisation import Organisation
from incident.domain.places import within
from incident.usecases.catalogue import catalogue


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
        **derived_sources(values),
        "principal.name": on_behalf_of or profile.name,
        "incident.reference": incident.reference,
        "incident.title": incident.title,
        "incident.declared_at": incident.declared_at.isoformat(),
        "obligation.due_at": due.isoformat() if due else None,
        "obligation.late": late,
        "obligation.regime": _one_regime(owed),
        **_bases(standing),
    }


def _one_regime(owed: Sequence[Obligation]) -> str | None:
    """The body of law that a notice answers; None while it answers none or several."""
    laws = {each.id.split("/")[0] for each in owed}
    return laws.pop() if len(laws) == 1 else None


def _bases(standing: Mapping[tuple[str, str], FactRecord]) -> dict[str, object]:
    """The recorded reasons of a judgement, as a source (`basis.risk.individuals`): the answer and its grounds."""
    return {
        f"basis.{key}": f"{record.value}: {record.basis}"
        for (principal, key), record in standing.items()
        if record.basis and not principal
    }


def filing_sources(filed: Sequence[Filing], zone: str, titles: Mapping[UUID, str]) -> dict[str, object]:
    """What was sent, as sources: a summary, and the instant of each first filing (`filed.us-ca/individuals`).

    `titles` names each notice; several duties met by one sending are one line.
    """
    if not filed:
        return {}
    found: dict[str, object] = {}
    lines: dict[str, None] = {}
    for each in filed:
        found.setdefault(f"filed.{each.obligation.split('@')[0]}", each.filed_at.isoformat())
        lines[f"- {sent_text(each, zone, titles)}"] = None
    return {**found, "filings.summary": "\n".join(lines)}


def sent_text(filing: Filing, zone: str, titles: Mapping[UUID, str]) -> str:
    """A sending in words: which notice, to whom, when, how, under which reference."""
    at = filing.filed_at.astimezone(ZoneInfo(zone))
    name = titles.get(filing.notice_id, "") if filing.notice_id else ""
    name = name or f"{duty_title(filing.obligation)}, without a notice of ours"
    whose = f", for {filing.on_behalf_of}" if filing.on_behalf_of else ""
    recipient = f"to {filing.recipient}, " if filing.recipient else ""
    reference = f", reference {filing.reference}" if filing.reference else ""
    return f"{name}{whose} – {recipient}{at:%Y-%m-%d %H:%M} ({zone}), by {filing.channel}{reference}"


def duty_title(obligation: str) -> str:
    """A duty by its title in the law as loaded, with its place; the id where the law no longer has it."""
    name, _, place = obligation.partition("@")
    titles: dict[str, str] = {}
    for regime in catalogue().law.regimes:
        for duty in regime.duties:
            titles.setdefault(duty.id, duty.title)
    return f"{titles[name]}{f' ({place})' if place else ''}" if name in titles else obligation


def said_by(standing: Mapping[tuple[str, str], FactRecord], people: Mapping[UUID, str], on_behalf_of: str) -> dict[str, str]:
    """Who said each fact, for the principal first."""
    said: dict[str, str] = {}
    for (principal, key), record in standing.items():
        if principal in ("", on_behalf_of) and (key not in said or principal == on_behalf_of):
            said[key] = people.get(record.by, "")
    return said
