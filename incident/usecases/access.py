"""The access log: who looked at or took out what, and the quarterly look at it."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlmodel import col, select

from incident.domain.access import AccessAct
from incident.domain.incident import Incident
from incident.domain.permission import Capability
from incident.errors import RefusedError, StoreError
from incident.store.custody_tables import AccessRow
from incident.store.tables import IncidentRow, ResponderRow
from incident.usecases.desk import Desk, require


@dataclass(frozen=True, slots=True)
class AccessLine:
    """What one responder reached in the same way, on how many days, and when first and last."""

    name: str
    incident: str
    """The incident's reference; a dash for what belongs to none, its id for one that was purged."""
    act: AccessAct
    what: str
    times: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class AccessReview:
    """Everything that was reached from one instant until before another, by name, incident and act."""

    since: datetime
    until: datetime
    lines: tuple[AccessLine, ...]


def record_access(desk: Desk, act: AccessAct, what: str, incident: Incident | None, *, now: datetime) -> None:
    """Record a look or an export in words that say nothing of its content; once a day (UTC) is enough."""
    day = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    incident_id = incident.id if incident is not None else None
    same = select(AccessRow.id).where(
        AccessRow.by == desk.me.id,
        AccessRow.act == act,
        AccessRow.what == what,
        AccessRow.incident_id == incident_id,
        AccessRow.at >= day,
        AccessRow.at < day + timedelta(days=1),
    )
    with desk.workspace.reading() as session:
        if session.exec(same).first() is not None:
            return
    with desk.workspace.change(f"access.{act.value}", now=now, incident_id=incident_id) as session:
        session.add(AccessRow(incident_id=incident_id, act=act, what=what, at=now, by=desk.me.id))


def looked(desk: Desk, incident: Incident, *, now: datetime) -> None:
    """Record that somebody looks at an incident; where nothing can be written, looking stays possible."""
    with suppress(StoreError):
        record_access(desk, AccessAct.VIEWED, "the incident", incident, now=now)


def access_review(desk: Desk, *, since: datetime, until: datetime) -> AccessReview:
    """Who reached what in a period, for whoever administers the vault."""
    require(desk, Capability.ADMINISTER)
    if since >= until:
        raise RefusedError("The period ends before it begins.", "Give an earlier --since or a later --until.")
    grouped: dict[tuple[str, str, AccessAct, str], list[datetime]] = {}
    with desk.workspace.reading() as session:
        names: dict[UUID, str] = dict(session.exec(select(ResponderRow.id, ResponderRow.name)).all())
        references: dict[UUID, str] = dict(session.exec(select(IncidentRow.id, IncidentRow.reference)).all())
        period = select(AccessRow).where(AccessRow.at >= since, AccessRow.at < until).order_by(col(AccessRow.at))
        for row in session.exec(period):
            reference = references.get(row.incident_id, str(row.incident_id)) if row.incident_id else "—"
            grouped.setdefault((names.get(row.by, str(row.by)), reference, row.act, row.what), []).append(row.at)
    lines = (AccessLine(*key, len(times), times[0], times[-1]) for key, times in sorted(grouped.items()))
    return AccessReview(since, until, tuple(lines))
