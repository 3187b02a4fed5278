"""The board: every incident with its nearest clock and its gaps, computed from the record."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from incident.domain.incident import Incident
from incident.domain.responder import CORE_ROLES, Role
from incident.store.tables import AssignmentRow
from incident.usecases.board_cache import Pressing, pressing
from incident.usecases.desk import Desk
from incident.usecases.incidents import incidents_in

_NOTHING = Pressing()
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class BoardLine:
    """One incident on the board."""

    incident: Incident
    nearest_title: str
    nearest_at: datetime | None
    """The earliest defensible date of a duty that runs or may run; None when nothing dated runs."""
    running: int
    undecided: int
    gaps: tuple[str, ...]


def board(desk: Desk, *, now: datetime, open_only: bool = False, newest_ended: int | None = None) -> tuple[BoardLine, ...]:
    """Incidents with their nearest clock: open ones first, the most pressing on top, then ended ones by time."""
    with desk.workspace.reading() as session:
        found = incidents_in(session, open_only=open_only, hidden=True, newest_ended=newest_ended)
        readable = [each.id for each in found if each.is_open and not each.hidden]
        presses = pressing(session, readable, desk.workspace.cache("board"), now=now)
        empty = _gaps(session, readable)
    lines = [_line(each, presses.get(each.id, _NOTHING), empty.get(each.id, ())) for each in found]
    far = datetime.max.replace(tzinfo=now.tzinfo)
    return tuple(sorted(lines, key=lambda each: (not each.incident.is_open, each.nearest_at or far)))


def _line(incident: Incident, presses: Pressing, gaps: tuple[str, ...]) -> BoardLine:
    return BoardLine(
        incident=incident,
        nearest_title=presses.title,
        nearest_at=presses.at,
        running=presses.running,
        undecided=presses.undecided,
        gaps=gaps,
    )


def _gaps(session: Session, incident_ids: list[UUID]) -> dict[UUID, tuple[str, ...]]:
    """The core roles that nobody holds in each of these incidents."""
    held: dict[UUID, set[Role]] = {each: set() for each in incident_ids}
    for start in range(0, len(incident_ids), _AT_ONCE):
        query = select(AssignmentRow.incident_id, AssignmentRow.role).where(
            col(AssignmentRow.incident_id).in_(incident_ids[start : start + _AT_ONCE]),
            col(AssignmentRow.relinquished_at).is_(None),
        )
        for incident_id, role in session.exec(query):
            held[incident_id].add(Role(role))
    return {each: tuple(role.label for role in CORE_ROLES if role not in roles) for each, roles in held.items()}
