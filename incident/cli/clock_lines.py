"""Clocks as lines of text: what is left, what it is, why it cannot be said yet, and what is folded."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from incident.cli.output import moment, say

if TYPE_CHECKING:
    from incident.domain.docket import Docket, Fold
    from incident.domain.duty_clock import Clock
    from incident.domain.obligation import Obligation
    from incident.domain.open_question import OpenQuestion


def left(at: datetime | None, now: datetime) -> str:
    """What remains until an instant: hours and minutes below two days, whole days above, `late` past it."""
    if at is None:
        return "—"
    seconds = int((at - now).total_seconds())
    late, seconds = seconds < 0, abs(seconds)
    short = seconds < 48 * 3600
    text = f"{seconds // 3600}:{seconds % 3600 // 60:02d} h" if short else f"{seconds // 86400} d"
    return f"late {text}" if late else text


def state_words(clock: "Clock") -> str:
    """The state of a clock in words; of a filed one when it was filed, and how late or in time."""
    from incident.domain.duty_clock import filing_words

    if clock.obligation.state.value == "satisfied":
        return filing_words(clock.obligation, clock.filed_at)
    return _STATES[clock.obligation.state.value]


_STATES = {
    "due": "due",
    "undated": "owed, no limit in the law",
    "not_started": "not started",
    "undecided": "undecided",
    "not_required": "not required",
}


def running(clock: "Clock", now: datetime) -> str:
    """What is left on a clock that still runs; a dash for one that is filed, or has no date."""
    closed = clock.obligation.state.value in ("satisfied", "not_required")
    return left(None if closed else clock.obligation.earliest_at, now)


def print_clocks(clocks: Iterable["Clock"], *, now: datetime, zone: str) -> None:
    """A line per clock, the soonest first; what waits for the same answer stands behind one question."""
    from incident.domain.docket import Fold, docket

    arranged = docket(clocks)
    for row in (*arranged.open, *arranged.filed):
        if isinstance(row, Fold):
            say(f"{row.question} {len(row.clocks)} duties hang on it", first=f"  ?{left(row.soonest_at, now):>11}  ")
            continue
        each = row.obligation
        at = each.earliest_at if each.state.value != "satisfied" else None
        whose = f" (for {row.on_behalf_of})" if row.on_behalf_of else ""
        sign = "?" if each.state.value == "undecided" else " "
        when = f", {moment(at, zone)}" if at else ""
        say(f"{each.title}{whose} — {state_words(row)}{when}", first=f"  {sign}{running(row, now):>11}  ")
        if each.missing:
            say(f"missing: {_missing(each, 2)}", first=" " * 16)


def _missing(each: "Obligation", limit: int | None = None) -> str:
    from incident.domain.reasoning import missing_words

    return "; ".join(missing_words(one, each) for one in each.missing[:limit])


def print_docket(arranged: "Docket", *, now: datetime, everything: bool = False) -> None:
    """Every clock in full, the soonest first: what runs, what waits for an answer, what is not required and why."""
    from incident.domain.docket import Fold

    for row in arranged.open:
        if isinstance(row, Fold):
            _print_fold(row, now=now, everything=everything)
        else:
            say(f"{row.obligation.title} — {state_words(row)}", first=f"{running(row, now):>12}  ")
            print_details(row.obligation)
    done = (*arranged.filed, *arranged.not_required, *(arranged.elsewhere if everything else ()))
    if done:
        print("\nNot required by these facts, or done:")
    for clock in done:
        say(f"{clock.obligation.title} — {state_words(clock)}{_because(clock.obligation)}", first="  ", then=" " * 6)
    if arranged.elsewhere and not everything:
        duties = len(arranged.elsewhere)
        laws = len({clock.obligation.id.split("/")[0] for clock in arranged.elsewhere})
        print()
        say(f"{duties} more duties under {laws} laws do not concern this organisation or these people; --all lists them.")


def _print_fold(fold: "Fold", *, now: datetime, everything: bool) -> None:
    from incident.domain.wording import duty_title

    say(fold.question, first=f"{'? ' + left(fold.soonest_at, now):>12}  ")
    names = [duty_title(clock.obligation.id) for clock in fold.clocks]
    shown = names if everything else names[:4]
    more = f" and {len(names) - len(shown)} more" if len(names) > len(shown) else ""
    say(f"{len(fold.clocks)} duties hang on it: {'; '.join(shown)}{more}", first=" " * 14)


def print_questions(questions: Sequence["OpenQuestion"], *, now: datetime, zone: str, limit: int | None = None) -> None:
    """What to find out, the most pressing first: the question, who finds out, what it decides."""
    from incident.domain.wording import duty_title

    if not questions:
        print("Nothing that the law asks for is missing.")
    for each in questions[:limit]:
        when = f"{left(each.soonest_at, now)}, {moment(each.soonest_at, zone)}" if each.soonest_at else "no number in the law"
        say(each.question, first="  ")
        say(f"{each.owner} finds out · earliest clock {when} · record it as {each.fact}", first=" " * 6)
        titles = [duty_title(name) for name in each.decides]
        names = "; ".join(titles[:4]) + (f" and {len(titles) - 4} more" if len(titles) > 4 else "")
        say(f"{len(titles)} {'duty hangs' if len(titles) == 1 else 'duties hang'} on it: {names}", first=" " * 6)
    if limit is not None and len(questions) > limit:
        print(f"  … and {len(questions) - limit} more questions.")


def print_details(each: "Obligation") -> None:
    """The dates of an obligation, what is missing, what to leave out, where it stands."""
    details = [*_dates(each)]
    if details:
        say("; ".join(details), first=_IN)
    if each.missing:
        say(f"missing: {_missing(each)}", first=_IN)
    for _, text, citation in each.forbidden:
        say(f"must leave out: {text} ({citation})", first=_IN)
    mark = "" if each.confidence == "high" else f" · {CONFIDENCE[each.confidence]}"
    say(f"{each.id} · {each.citation} · checked {each.checked_on}{mark}", first=_IN)


_IN = " " * 14
CONFIDENCE = {"high": "read in the text of the law", "medium": "from secondary sources", "low": "UNVERIFIED"}
"""How firm a rule is, in words."""


def _dates(each: "Obligation") -> Iterator[str]:
    """Every date of an obligation, in words."""
    from incident.domain.wording import event_start, reading_words

    if each.due_at:
        yield f"due {moment(each.due_at, each.zone)}"
    if each.due_at and each.earliest_at and each.earliest_at < each.due_at:
        name = min(each.readings, key=lambda one: one.due_at).name
        yield f"earliest {moment(each.earliest_at, each.zone)} ({reading_words(name)})"
    if each.projected_at:
        yield f"projected {moment(each.projected_at, each.zone)}"
    if each.not_before_at:
        yield f"not before {moment(each.not_before_at, each.zone)}"
    if each.hold:
        without = f"; without the hold {moment(each.hold.base_due_at, each.zone)}" if each.hold.base_due_at else ""
        until = f"held until {moment(each.hold.until_at, each.zone)}" if each.hold.until_at else "held, no end stated"
        yield f"{until}{without}"
    if each.start:
        at = each.start.at
        yield f"from {event_start(each.start.event)}, {moment(at, each.zone) if isinstance(at, datetime) else at}"


def _because(each: "Obligation") -> str:
    from incident.domain.wording import settled_words

    return f": {settled_words(each.because.text, each.because.value)}" if each.because is not None else ""
