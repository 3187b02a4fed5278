"""Clocks as lines of text: what is left, what it is, why it cannot be said yet."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from incident.cli.output import moment

if TYPE_CHECKING:
    from incident.domain.duty_clock import Clock
    from incident.domain.obligation import Obligation


def left(at: datetime | None, now: datetime) -> str:
    """What remains until an instant: hours and minutes below two days, whole days above, `late` past it."""
    if at is None:
        return "—"
    seconds = int((at - now).total_seconds())
    late, seconds = seconds < 0, abs(seconds)
    short = seconds < 48 * 3600
    text = f"{seconds // 3600}:{seconds % 3600 // 60:02d} h" if short else f"{seconds // 86400} d"
    return f"late {text}" if late else text


def state_words(obligation: "Obligation") -> str:
    """The state of an obligation in words."""
    words = {
        "due": "due",
        "undated": "owed, no limit in the law",
        "not_started": "not started",
        "undecided": "undecided",
        "not_required": "not required",
        "satisfied": "filed",
    }[obligation.state.value]
    if obligation.state.value == "satisfied" and obligation.late_by:
        words += f", late by {obligation.late_by // 60} min"
    return words


def print_clocks(clocks: Iterable["Clock"], *, now: datetime, zone: str) -> None:
    """A line per clock; what is undecided for the same missing fact stands behind one question."""
    grouped: dict[str, list[Clock]] = {}
    for clock in clocks:
        each = clock.obligation
        if each.state.value == "undecided" and each.earliest_at is None and each.missing:
            grouped.setdefault(each.missing[0].question, []).append(clock)
            continue
        whose = f" (for {clock.on_behalf_of})" if clock.on_behalf_of else ""
        at = each.earliest_at
        sign = "?" if each.state.value == "undecided" else " "
        print(f"  {sign}{left(at, now):>11}  {each.title}{whose} — {state_words(each)}{f', {moment(at, zone)}' if at else ''}")
        if each.missing:
            print(f"{'':>16}missing: {'; '.join(one.question for one in each.missing[:2])}")
    for question, held in grouped.items():
        print(f"  ?{'':>11}  {question} {len(held)} {'duty hangs' if len(held) == 1 else 'duties hang'} on it")
