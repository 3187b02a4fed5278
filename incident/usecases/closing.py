"""End an incident, take it up again, and make two that are one into one.

Closing while a duty is open is possible, because a person decides; it asks for reasons and records the duties
that were open. The register entry (Art. 33(5) GDPR: every breach, notified or not) is read from the record.
"""

from dataclasses import dataclass
from datetime import datetime

from incident.domain.duty_clock import Clock
from incident.domain.fact_record import FactRecord, current
from incident.domain.incident import Incident, IncidentStatus
from incident.domain.permission import Capability
from incident.errors import RefusedError
from incident.store.tables import FactRow
from incident.usecases.clocks import clock_list, clocks
from incident.usecases.desk import Desk
from incident.usecases.facts import fact_records
from incident.usecases.incidents import require_open, set_status
from incident.usecases.rights import require_in


def open_duties(desk: Desk, incident: Incident, *, now: datetime) -> tuple[Clock, ...]:
    """The duties that are owed, not started or undecided at this moment, records of our own aside."""
    listed = clock_list(clocks(desk, incident, now=now), owed_only=True)
    return tuple(each for each in listed if not each.obligation.id.endswith("/register"))


def close(desk: Desk, incident: Incident, *, reason: str, now: datetime, despite: bool = False) -> Incident:
    """Close an incident; with duties open it is refused unless `despite` says that the reason covers them."""
    require_in(desk, incident, Capability.CLOSE)
    require_open(incident)
    duties = open_duties(desk, incident, now=now)
    if duties and not despite:
        listed = ", ".join(each.obligation.id for each in duties[:4]) + (" …" if len(duties) > 4 else "")
        raise RefusedError(
            f"{len(duties)} duties are still open: {listed}.",
            "File them, decide the missing facts, or close with --despite and say why in the reason.",
        )
    note = reason
    if duties and reason.strip():
        note = f"{reason.strip()} (open when closed: {', '.join(each.obligation.id for each in duties)})"
    return set_status(desk, incident, IncidentStatus.CLOSED, reason=note, now=now)


def close_as_false_alarm(desk: Desk, incident: Incident, *, reason: str, now: datetime) -> Incident:
    """End an incident that was none; the reasons go to the register beside the breaches."""
    require_in(desk, incident, Capability.CLOSE)
    require_open(incident)
    return set_status(desk, incident, IncidentStatus.FALSE_ALARM, reason=reason, now=now)


def reopen(desk: Desk, incident: Incident, *, reason: str, now: datetime) -> Incident:
    """Take an ended incident up again; its clocks are computed from the same facts, as if never closed."""
    require_in(desk, incident, Capability.CLOSE)
    if incident.is_open:
        raise RefusedError(f"{incident.reference} is open.", "There is nothing to reopen.")
    return set_status(desk, incident, IncidentStatus.OPEN, reason=reason, now=now)


@dataclass(frozen=True, slots=True)
class Merge:
    """What merging did: facts taken over, and facts on which the two differ (the survivor's stand)."""

    survivor: Incident
    merged: Incident
    adopted: tuple[str, ...]
    differing: tuple[tuple[str, object, object], ...]


def merge(desk: Desk, incident: Incident, into: Incident, *, reason: str, now: datetime) -> Merge:
    """Make `incident` part of `into`.

    Log and filings are read together from now on. Facts that only the merged one knows are taken over with
    their source; where both know different things the survivor's stand, and the difference is handed back.
    """
    for each in (incident, into):
        require_in(desk, each, Capability.CLOSE)
        require_open(each)
    if incident.id == into.id:
        raise RefusedError("An incident cannot be merged into itself.", "Name the other one.")
    theirs, ours = current(fact_records(desk, incident)), current(fact_records(desk, into))
    adopted = [record for name, record in theirs.items() if name not in ours and not record.unknown]
    differing = tuple(
        (record.key, ours[name].value, record.value)
        for name, record in theirs.items()
        if name in ours and not record.unknown and ours[name].value != record.value
    )
    gone = set_status(desk, incident, IncidentStatus.MERGED, reason=reason, now=now, into=into.id)
    detail = {"from": str(incident.id)}
    with desk.workspace.change("incident.adopt", now=now, incident_id=into.id, detail=detail) as session:
        for record in adopted:
            session.add(_adopted(record, into, incident, desk, now=now))
    return Merge(into, gone, tuple(each.key for each in adopted), differing)


def _adopted(record: FactRecord, into: Incident, origin: Incident, desk: Desk, *, now: datetime) -> FactRow:
    return FactRow(
        incident_id=into.id,
        key=record.key,
        on_behalf_of=record.on_behalf_of,
        value=record.value,
        source=f"{origin.reference}: {record.source}".rstrip(": "),
        confidence=record.confidence,
        basis=record.basis,
        by=desk.me.id,
        recorded_at=now,
    )
