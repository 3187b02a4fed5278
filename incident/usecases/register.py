"""The register of breaches (Art. 33(5) GDPR, and the like elsewhere): every incident, notified or not.

Read from the record: facts, effects, remedial action, who was told and when, or why nobody was.
"""

from dataclasses import dataclass

from incident.domain.answer import value_text
from incident.domain.fact_record import current
from incident.domain.incident import Incident
from incident.usecases.catalogue import catalogue
from incident.usecases.desk import Desk, organisation
from incident.usecases.facts import fact_records
from incident.usecases.filed import filings
from incident.usecases.incidents import incidents
from incident.usecases.notice_sources import sent_text
from incident.usecases.notices import notice_titles


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """One line of the register; what nobody recorded says so."""

    incident: Incident
    aware: str
    facts: str
    effects: str
    remedial_action: str
    risk: str
    risk_reasons: str
    notified: tuple[str, ...]
    """Each sending in words: which notice, to whom, when, how."""
    outcome: str


_UNSAID = "not recorded"


def register(desk: Desk) -> tuple[RegisterEntry, ...]:
    """Every incident that is not an exercise, the newest first; false alarms with their reasons."""
    return tuple(_entry(desk, each) for each in incidents(desk) if not each.exercise)


def _entry(desk: Desk, incident: Incident) -> RegisterEntry:
    standing = current(fact_records(desk, incident))
    zone, titles = organisation(desk).timezone, notice_titles(desk, incident)

    def text(key: str) -> str:
        record = standing.get(("", key))
        if record is None or record.unknown:
            return _UNSAID
        kind = catalogue().law.vocabulary.kinds.get(key)
        return value_text(kind, record.value, zone=zone) if kind is not None else str(record.value)

    risk = standing.get(("", "risk.individuals"))
    outcome = f"{incident.status.label}: {incident.ended_reason}" if incident.ended_reason else incident.status.label
    return RegisterEntry(
        incident=incident,
        aware=text("at.aware"),
        facts=text("account.what_happened"),
        effects=text("account.likely_consequences"),
        remedial_action=text("account.measures_taken"),
        risk=text("risk.individuals"),
        risk_reasons=risk.basis if risk else "",
        notified=tuple(dict.fromkeys(sent_text(each, zone, titles) for each in filings(desk, incident))),
        outcome=outcome,
    )
