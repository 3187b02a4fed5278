"""The form of a step's facts as text: each question with its answers, what stands, and how to say it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from incident.usecases.asked_facts import AskedFact


def print_asked(title: str, asked: Sequence["AskedFact"], zone: str) -> None:
    """Print the questions of one step."""
    from incident.cli.output import say

    if not asked:
        print(f"«{title}» asks no facts.")
        return
    say(title)
    for each in asked:
        mark = "·" if each.decides else "✔" if each.known else "?"
        print()
        say(each.kind.question, first=f"  {mark} ", then="    ")
        say(_answer(each, zone), first="    ")
        if not each.known and not each.decides:
            say(_kind(each), first="    ")
            say(f"incident fact set {each.kind.key} '…' --source … --confidence …", first="    ")


def _answer(each: "AskedFact", zone: str) -> str:
    from incident.cli.output import moment

    if each.known:
        origin = f", from {each.source}" if each.source else ""
        who = f"; {each.by}, {moment(each.recorded_at, zone)}" if each.by and each.recorded_at else ""
        return f"{each.text} ({each.confidence}{origin}{who})"
    if each.owner:
        return f"unknown yet: {each.owner} finds out{f', by {moment(each.wanted_at, zone)}' if each.wanted_at else ''}"
    asked = "said to be unknown, nobody finds out" if each.recorded_at else "not asked yet"
    return f"{asked}; {each.usually} usually knows (`incident fact unknown {each.kind.key} --owner … --by …`)"


def _kind(each: "AskedFact") -> str:
    unit = f", in {each.kind.unit}" if each.kind.unit else ""
    choices = ", ".join(token for token, _ in each.kind.choices[:_SHOWN])
    more = f" … ({len(each.kind.choices)} in all)" if len(each.kind.choices) > _SHOWN else ""
    judged = "; a judgement: say why with --basis" if each.kind.judgement else ""
    return f"{each.kind.type.value}{unit}{f': {choices}{more}' if choices else ''}{judged}"


_SHOWN = 12
"""Answers of a long list that are shown."""
