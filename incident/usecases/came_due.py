"""What came due while nobody had the screen open, for whoever opens it next.

When this responder last looked is kept in a cache beside the database: losing it loses no more than this one notice.
"""

from dataclasses import dataclass
from datetime import datetime

from incident.domain.incident import Incident
from incident.domain.ladder import DueKind
from incident.store.cache import KeptAnswer
from incident.usecases.desk import Desk
from incident.usecases.dues import dues, watched_incidents

_MOST = 50
"""Incidents that are gone through, so that a full board does not keep the screen busy."""


@dataclass(frozen=True, slots=True)
class CameDue:
    """One thing whose date passed in the meantime and that is still open."""

    incident: Incident
    kind: DueKind
    title: str
    due_at: datetime


def came_due(desk: Desk, *, since: datetime, now: datetime) -> tuple[CameDue, ...]:
    """What came due after one instant until another and is not dealt with: clocks first, then by date."""
    found = [
        CameDue(incident, each.kind, each.title, each.due_at)
        for incident in [each for each in watched_incidents(desk) if not each.hidden][:_MOST]
        for each in dues(desk, incident, now=now)
        if since < each.due_at <= now
    ]
    return tuple(sorted(found, key=lambda each: (list(DueKind).index(each.kind), each.due_at)))


def last_seen(desk: Desk) -> datetime | None:
    """When this responder last had the screen open; None when that is not known."""
    kept = desk.workspace.cache("seen").read().get(desk.me.id)
    try:
        return datetime.fromisoformat(kept.of) if kept is not None else None
    except ValueError:
        return None


def mark_seen(desk: Desk, *, now: datetime) -> None:
    """Keep that this responder has the screen open now."""
    file = desk.workspace.cache("seen")
    file.write({**file.read(), desk.me.id: KeptAnswer(now.isoformat(), b"")})
