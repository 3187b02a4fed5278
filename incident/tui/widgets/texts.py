"""Frozen values as styled text: clocks, the team. User text is substituted, never read as markup."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from textual.content import Content

from incident.domain.docket import Docket, Fold
from incident.domain.duty_clock import Clock, filing_words
from incident.domain.obligation import Obligation, ObligationState
from incident.domain.responder import RoleLine


def local(at: datetime, zone: str) -> str:
    """A clock time with its zone; the day too when it is not today's."""
    moment = at.astimezone(ZoneInfo(zone))
    return f"{moment:%d %b %H:%M} {zone.rsplit('/', 1)[-1].replace('_', ' ')}"


def remaining(at: datetime, now: datetime) -> str:
    """What is left: h:mm:ss below 48 hours, days above, `late` past it."""
    seconds = int((at - now).total_seconds())
    late, seconds = seconds < 0, abs(seconds)
    if seconds < 48 * 3600:
        text = f"{seconds // 3600}:{seconds % 3600 // 60:02d}:{seconds % 60:02d}"
    else:
        text = f"{seconds // 86400} d"
    return f"late {text}" if late else text


_STATE_WORDS = {
    ObligationState.UNDATED: "owed, no limit",
    ObligationState.NOT_STARTED: "not started",
    ObligationState.UNDECIDED: "undecided",
    ObligationState.NOT_REQUIRED: "not required",
    ObligationState.SATISFIED: "filed",
    ObligationState.DUE: "due",
}


def state_words(clock: Clock) -> str:
    """The state in words; of a filed one when it was filed, and how late or in time."""
    if clock.obligation.state is ObligationState.SATISFIED:
        return filing_words(clock.obligation, clock.filed_at)
    return _STATE_WORDS[clock.obligation.state]


def brief_state(obligation: Obligation) -> str:
    """The state in a word or two."""
    late = obligation.state is ObligationState.SATISFIED and obligation.late_by
    return "filed late" if late else _STATE_WORDS[obligation.state]


def clock_line(clock: Clock, now: datetime) -> Content:
    """One clock: what is left, whose it is, what it is."""
    each = clock.obligation
    at = each.earliest_at
    whose = f" for {clock.on_behalf_of}" if clock.on_behalf_of else ""
    match each.state:
        case ObligationState.SATISFIED:
            sign, style = ("✔ late" if each.late_by else "✔"), "$success"
        case ObligationState.UNDATED:
            sign, style = "—", ""
        case ObligationState.NOT_STARTED:
            sign, style = "◌", "$secondary"
        case _:
            late = at is not None and at < now
            near = at is not None and (at - now).total_seconds() < 86400
            sign = remaining(at, now) if at is not None else "?"
            sign = f"? {sign}" if each.state is ObligationState.UNDECIDED and at is not None else sign
            style = "bold $error" if late else "bold $accent" if near else "bold"
    return Content.assemble((f"{sign:>10} ", style), each.title, (whose, "$secondary"))


def clock_lines(arranged: Docket, now: datetime) -> Content:
    """The clocks, the most pressing first; what waits for the same answer stands behind its question."""
    rows = (*arranged.open, *arranged.filed)
    lines = [fold_line(row, now) if isinstance(row, Fold) else clock_line(row, now) for row in rows]
    return Content("\n").join(lines) if lines else Content("No duty is owed by what is known.")


def fold_line(fold: Fold, now: datetime) -> Content:
    """A question with the number of duties that wait for its answer."""
    at = fold.soonest_at
    left = f"? {remaining(at, now)}" if at is not None else "?"
    hang = f" {len(fold.clocks)} duties hang on it"
    return Content.assemble((f"{left:>10} ", "bold $accent"), fold.question, (hang, "$secondary"))


def team_line(team: Iterable[RoleLine]) -> Content:
    """The core roles that nobody holds first, because they are what must change; then who holds which role."""
    gaps = [each.role.label for each in team if each.holder is None and each.is_gap]
    parts = [Content.styled(f"nobody: {', '.join(gaps)}", "bold $error")] if gaps else []
    parts += [
        Content.assemble((each.holder.name, "bold $foreground"), f" {each.role.label}")
        for each in team
        if each.holder is not None
    ]
    return Content(" · ").join(parts)
