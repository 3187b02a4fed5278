"""How a notice's check and its copy-out sheet look as text."""

from typing import TYPE_CHECKING

from incident.cli.output import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from incident.usecases.notice_check import ElementLine, NoticeCheck
    from incident.usecases.notice_copy import CopySheet
    from incident.usecases.notice_follow_up import FollowUp
    from incident.usecases.notice_reminders import Reminder

_SIGN = {"have": "✔", "missing": "✘", "may_follow": "…"}
_READERS = {"regulator": "an authority", "customer": "people it concerns", "public": "the public", "privileged": "counsel"}
_YES = {True: "yes", False: "no"}


def print_check(check: "NoticeCheck", following: "FollowUp | None", foreign: "Sequence[Reminder]" = ()) -> None:
    """Everything that stands for or against a notice, the law's elements first."""
    print(f"{check.title}: for {_READERS[check.reader.value]}\n")
    for each in check.elements:
        _print_element(each)
    for title, labels in (("The form wants", check.blank), ("Marked as mandatory, not by the law", check.wanted)):
        if labels:
            say(f"{title}: {'; '.join(labels)}", then="  ")
    _print_texts(check)
    for one in (*check.told_against_law, *foreign):
        say(f"! {one.label}: {one.text}", then="  ")
    print(f"\nMay go out as initial: {_YES[check.may_be_initial]} · as complete: {_YES[check.may_be_complete]}")
    if check.to_follow:
        say(f"Will follow: {'; '.join(check.to_follow)}", then="  ")
    if following is not None:
        say(f"Follow-up: {following.text}.", then="  ")


def _print_element(each: "ElementLine") -> None:
    say(f"{_SIGN[each.state.value]} {each.state.value.replace('_', ' '):<10} {each.text} ({each.citation})", then="    ")
    for one in each.sources:
        said = f", said by {one.said_by}" if one.said_by else ""
        source = "written here" if one.source == "edited" else one.source or "to be written"
        say(f"{one.label}: {one.says or 'nothing yet'}  [{source}{said}]", first="      ", then="        ")


def _print_texts(check: "NoticeCheck") -> None:
    for line in check.lengths:
        if line.used:
            say(f"{line.label}: {line.used} of {line.limit} {line.unit}{'  TOO LONG' if line.is_over else ''}", then="  ")
    for read in check.readable:
        say(f"{read.label}: {read.verdict.text}", then="  ")
        for long in read.verdict.longest:
            say(f"{long.words} words: {long.text}", first="    ", then="      ")
    for label, count in check.kept_back:
        say(f"{label}: {count} marked passage{'s' if count > 1 else ''} kept back from this recipient", then="  ")
    for label, mark in check.unclear:
        say(f"✘ {label}: the mark «{mark}» is not understood, or has no end; nothing goes out with it", then="  ")


def print_copy(sheet: "CopySheet") -> None:
    """The answers in the portal's order, with what was copied."""
    which = f"version {sheet.version}" if sheet.version is not None else "the DRAFT, which nobody froze or approved"
    done = sum(1 for each in sheet.lines if each.is_copied)
    print(f"From {which}; {done} of {sum(1 for each in sheet.lines if each.text)} answers copied.")
    screen = ""
    for each in sheet.lines:
        if each.screen != screen:
            screen = each.screen
            print(f"\n{screen}")
        sign = "✔" if each.is_copied else "○" if each.text else "–"
        limit = f"  {each.used}/{each.limit} {each.unit}{' TOO LONG' if each.is_over else ''}" if each.limit is not None else ""
        number = f"{each.row} " if each.row else ""
        say(f"{sign} {number}{each.portal or each.label}  [{each.field}]{limit}", then="    ")
        for line in (each.text or "nothing yet").splitlines():
            say(line, first="    ", then="    ")
    if sheet.next_open is not None:
        say(f"\nNext: {sheet.next_open.field}. `--next` prints it alone, `--done {sheet.next_open.field}` ticks it.")
