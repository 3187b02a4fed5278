"""Clocks as lines of text: what is left, what it is, why it cannot be said yet, and what is folded."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from incident.cli.output import moment

if TYPE_CHECKING:
    from incident.domain.docket import Docket
    from incident.domain.duty_clock import Clock
    from incident.domain.explanation import Explanation
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
    """A line per clock; what waits for the same answer stands behind one question."""
    from incident.domain.docket import docket

    arranged = docket(clocks)
    for clock in (*arranged.pending, *arranged.filed):
        each = clock.obligation
        whose = f" (for {clock.on_behalf_of})" if clock.on_behalf_of else ""
        at = each.earliest_at
        sign = "?" if each.state.value == "undecided" else " "
        print(f"  {sign}{left(at, now):>11}  {each.title}{whose} — {state_words(each)}{f', {moment(at, zone)}' if at else ''}")
        if each.missing:
            print(f"{'':>16}missing: {'; '.join(one.question for one in each.missing[:2])}")
    for fold in arranged.folds:
        soonest = left(fold.clocks[0].obligation.earliest_at, now)
        print(f"  ?{soonest:>11}  {fold.question} {len(fold.clocks)} duties hang on it")


def print_docket(arranged: "Docket", *, now: datetime, everything: bool = False) -> None:
    """Every clock in full: what runs, what waits for an answer, what is not required and why."""
    for clock in arranged.pending:
        each = clock.obligation
        print(f"{left(each.earliest_at, now):>12}  {each.title} — {state_words(each)}")
        _print_details(each)
    for fold in arranged.folds:
        _print_fold(fold.question, fold.clocks, now=now, everything=everything)
    done = (*arranged.filed, *arranged.not_required, *(arranged.elsewhere if everything else ()))
    if done:
        print("\nNot required by these facts, or done:")
    for clock in done:
        print(f"  {state_words(clock.obligation):<14} {clock.obligation.title}{_because(clock.obligation)}")
    if arranged.elsewhere and not everything:
        duties = len(arranged.elsewhere)
        laws = len({clock.obligation.id.split("/")[0] for clock in arranged.elsewhere})
        print(f"\n{duties} more duties under {laws} laws do not concern this organisation or these people; --all lists them.")


def print_explanation(found: "Explanation", *, now: datetime) -> None:
    """One obligation in full: its dates, the tests in reading order, the counting, what would change it."""
    from incident.content.authorities import read_authorities
    from incident.domain.authority import authority_lines

    each = found.obligation
    print(f"{each.title} — {state_words(each)}, {left(each.earliest_at, now)}\n{each.recipient}")
    _print_details(each)
    for line in authority_lines(read_authorities().for_obligation(each.id)):
        print(f"{'':14}{line}")
    for reading in each.readings:
        print(f"{'':14}otherwise read: {moment(reading.due_at, each.zone)} — {reading.name}: {reading.source}")
    print("\nWhy")
    for test in each.why:
        print(f"  { {True: 'yes', False: 'no ', None: '?  '}[test.outcome] }  {test.text}: {test.value}")
    print("\nCounted")
    for line in found.counting:
        print(f"  {line}")
    if found.changes:
        print("\nWhat would change it")
        for change in found.changes:
            print(f"  {change.text}")
    if each.note:
        print(f"\n{each.note}")
    print(f"\nText: {each.source}")


def _print_fold(question: str, clocks: Sequence["Clock"], *, now: datetime, everything: bool) -> None:
    soonest = clocks[0].obligation.earliest_at
    print(f"{'? ' + left(soonest, now):>12}  {question}\n{'':14}{len(clocks)} duties hang on it", end="")
    names = [clock.obligation.id for clock in clocks]
    shown = names if everything else names[:4]
    print(f": {', '.join(shown)}{f' and {len(names) - len(shown)} more' if len(names) > len(shown) else ''}")


def print_questions(questions: Sequence["OpenQuestion"], *, now: datetime, zone: str, limit: int | None = None) -> None:
    """What to find out, the most pressing first: the question, who finds out, what it decides."""
    if not questions:
        print("Nothing that the law asks for is missing.")
    for each in questions[:limit]:
        when = f"{left(each.soonest_at, now)}, {moment(each.soonest_at, zone)}" if each.soonest_at else "no number in the law"
        print(f"  {each.question}\n      {each.fact} · {each.owner} · earliest clock {when}")
        names = ", ".join(each.decides[:4]) + (f" and {len(each.decides) - 4} more" if len(each.decides) > 4 else "")
        print(f"      {len(each.decides)} {'duty hangs' if len(each.decides) == 1 else 'duties hang'} on it: {names}")
    if limit is not None and len(questions) > limit:
        print(f"  … and {len(questions) - limit} more questions.")


def _print_details(each: "Obligation") -> None:
    details = [*_dates(each)]
    if details:
        print(f"{'':14}{'; '.join(details)}")
    if each.missing:
        print(f"{'':14}missing: {'; '.join(one.question for one in each.missing)}")
    for _, text, citation in each.forbidden:
        print(f"{'':14}must leave out: {text} ({citation})")
    mark = "" if each.confidence == "high" else f" · {CONFIDENCE[each.confidence]}"
    print(f"{'':14}{each.id} · {each.citation} · checked {each.checked_on}{mark}")


CONFIDENCE = {"high": "read in the text of the law", "medium": "from secondary sources", "low": "UNVERIFIED"}
"""How firm a rule is, in words."""


def _dates(each: "Obligation") -> Iterator[str]:
    """Every date of an obligation, in words."""
    if each.due_at:
        yield f"due {moment(each.due_at, each.zone)}"
    if each.due_at and each.earliest_at and each.earliest_at < each.due_at:
        name = min(each.readings, key=lambda one: one.due_at).name
        yield f"earliest {moment(each.earliest_at, each.zone)} ({name})"
    if each.projected_at:
        yield f"projected {moment(each.projected_at, each.zone)}"
    if each.not_before_at:
        yield f"not before {moment(each.not_before_at, each.zone)}"
    if each.hold:
        without = f", without it {moment(each.hold.base_due_at, each.zone)}" if each.hold.base_due_at else ""
        yield f"held until {moment(each.hold.until_at, each.zone)}{without}"
    if each.start:
        yield f"from {each.start.event} {each.start.at}"


def _because(each: "Obligation") -> str:
    return f" — {each.because.text}: {each.because.value}" if each.because is not None else ""
