"""One obligation in full, for people: its dates, the argument, the counting, what would change it."""

from datetime import datetime
from typing import TYPE_CHECKING

from incident.cli.clock_lines import print_details, running, state_words
from incident.cli.output import moment, say

if TYPE_CHECKING:
    from incident.domain.explanation import Explanation
    from incident.domain.obligation import Obligation
    from incident.domain.reasoning import ReasonLine


def print_explanation(found: "Explanation", *, now: datetime) -> None:
    """One obligation in full: its dates, the tests in reading order, the counting, what would change it."""
    from incident.content.authorities import read_authorities
    from incident.domain.authority import authority_lines
    from incident.domain.duty_clock import Clock
    from incident.domain.wording import order_words, reading_words

    each = found.obligation
    clock = Clock("", each, found.filed_at)
    remains = running(clock, now)
    say(f"{each.title} — {state_words(clock)}{f', {remains}' if remains != '—' else ''}")
    say(each.recipient)
    print_details(each)
    for line in authority_lines(read_authorities().for_obligation(each.id)):
        say(line, first=_IN)
    for reading in each.readings:
        text = f"otherwise read: {moment(reading.due_at, each.zone)} — {reading_words(reading.name)}: {reading.source}"
        say(text, first=_IN)
    for relation, other in each.order:
        say(order_words(relation, other), first=_IN)
    _print_why(each)
    print("\nCounted")
    for line in found.counting:
        say(line.strip(), first="    " if line.startswith(" ") else "  ", then="    ")
    if found.changes:
        print("\nWhat would change it")
        for change in found.changes:
            say(change.text, first="  ", then="    ")
    if each.note:
        print()
        say(each.note)
    print()
    say(f"Text: {each.source}")


_IN = " " * 14
_SIGNS = {True: "yes", False: "no", None: "?"}


def _print_why(each: "Obligation") -> None:
    from incident.domain.reasoning import outline

    lines = outline(each.why, each.because)
    if lines:
        print("\nWhy: all of these must hold")
    for line in lines:
        sign = "–" if line.idle and line.outcome is not False else _SIGNS[line.outcome]
        say(reason_text(line), first=f"  {sign:<3}  {'    ' * line.depth}")


def reason_text(line: "ReasonLine") -> str:
    """A line of the argument: the statement, what was found, and whether this settled it."""
    found = f" ({line.value})" if line.value else ""
    colon = ":" if line.heading else ""
    return f"{line.text}{found}{colon}{' ← this settles it' if line.settles else ''}"
