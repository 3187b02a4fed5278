"""The board: every incident with its nearest clock and its gaps, computed from the record."""

from dataclasses import dataclass
from datetime import datetime

from incident.domain.incident import Incident
from incident.domain.obligation import ObligationState
from incident.domain.responder import gaps
from incident.usecases.clocks import clock_list, clocks
from incident.usecases.desk import Desk
from incident.usecases.incidents import incidents
from incident.usecases.roles import assignments


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
    found = incidents(desk, open_only=open_only, hidden=True, newest_ended=newest_ended)
    lines = [_line(desk, each, now=now) for each in found]
    far = datetime.max.replace(tzinfo=now.tzinfo)
    return tuple(sorted(lines, key=lambda each: (not each.incident.is_open, each.nearest_at or far)))


def _line(desk: Desk, incident: Incident, *, now: datetime) -> BoardLine:
    readable = incident.is_open and not incident.hidden
    listed = clock_list(clocks(desk, incident, now=now), owed_only=True) if readable else ()
    reached = [each for each in listed if not each.obligation.unreached] or listed
    dated = [each for each in reached if each.obligation.earliest_at is not None]
    nearest = (dated or reached)[0].obligation if reached else None
    states = [each.obligation.state for each in listed]
    return BoardLine(
        incident=incident,
        nearest_title=nearest.title if nearest else "",
        nearest_at=nearest.earliest_at if nearest else None,
        running=states.count(ObligationState.DUE),
        undecided=states.count(ObligationState.UNDECIDED),
        gaps=tuple(each.label for each in gaps(assignments(desk, incident))) if readable else (),
    )
