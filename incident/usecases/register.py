"""The register of breaches (Art. 33(5) GDPR, and the like elsewhere): every incident, notified or not.

Read from the record: facts, effects, remedial action, who was told and when, or why nobody was.
"""

from dataclasses import dataclass
from datetime import datetime

from incident.domain.fact_record import current
from incident.domain.incident import Incident
from incident.usecases.desk import Desk
from incident.usecases.facts import fact_records
from incident.usecases.filed import filings
from incident.usecases.incidents import incidents


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
    notified: tuple[tuple[str, datetime], ...]
    outcome: str


_UNSAID = "not recorded"


def register(desk: Desk) -> tuple[RegisterEntry, ...]:
    """Every incident that is not an exercise, the newest first; false alarms with their reasons."""
    return tuple(_entry(desk, each) for each in incidents(desk) if not each.exercise)


def _entry(desk: Desk, incident: Incident) -> RegisterEntry:
    standing = current(fact_records(desk, incident))

    def text(key: str) -> str:
        record = standing.get(("", key))
        return _UNSAID if record is None or record.unknown else str(record.value)

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
        notified=tuple((each.obligation, each.filed_at) for each in filings(desk, incident)),
        outcome=outcome,
    )
