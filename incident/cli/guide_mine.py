"""*Mine now* as text: my steps, what I was asked to find out, and who has not answered me."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from incident.usecases.mine import Mine, MyAnswer, MyStep, Waiting


def print_mine(found: "Mine", zone: str) -> None:
    """Print the three lists; an empty one is left out."""
    if not (found.steps or found.answers or found.waiting):
        print("Nothing is open for you.")
        return
    _print("Yours now", [_step(each, zone) for each in found.steps])
    _print("You find out", [_answer(each, zone) for each in found.answers])
    _print("You wait for", [_waiting(each, zone) for each in found.waiting])


def _print(heading: str, lines: Iterable[str]) -> None:
    from incident.cli.output import say

    lines = list(lines)
    if lines:
        print(f"{heading}:")
        for each in lines:
            say(each, first="  ○ ", then="    ")


def _step(each: "MyStep", zone: str) -> str:
    from incident.cli.output import moment

    at = each.step.target_at
    when = f" · {'OVERDUE since' if each.step.overdue else 'by'} {moment(at, zone)}" if at is not None else ""
    default = " · the default may be recorded" if each.step.default_proposed else ""
    return f"{each.incident.reference}  {each.step.step.title}  [{each.step.step.slug}]  {each.why}{when}{default}"


def _answer(each: "MyAnswer", zone: str) -> str:
    from incident.cli.output import moment

    when = f" · {'LATE, wanted' if each.late else 'by'} {moment(each.wanted_at, zone)}" if each.wanted_at else ""
    return f"{each.incident.reference}  {each.question}  [{each.key}]{when}"


def _waiting(each: "Waiting", zone: str) -> str:
    from incident.cli.output import moment

    when = f" · {'no answer since' if each.late else 'by'} {moment(each.by, zone)}" if each.by else ""
    deputy = f" · call the deputy, {each.deputy}" if each.deputy else ""
    return f"{each.incident.reference}  {each.whom or 'NOBODY'}: {each.what}{when}{deputy}"
