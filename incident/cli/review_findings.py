"""`incident review`: the course of events with its gaps, findings, and action items followed up across incidents."""

import argparse
from typing import TYPE_CHECKING

from incident.cli.access import incident_of, incident_options, open_desk, vault_options, zone_of
from incident.errors import ContentError, RefusedError

if TYPE_CHECKING:
    from datetime import date

    from incident.usecases.review import ReviewView

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

_CAUSES = ("malware", "hacking", "social", "misuse", "physical", "error", "environmental")


def add_findings(acts: "Commands") -> None:
    """Register the acts on findings and on action items."""
    events = acts.add_parser("timeline", parents=[incident_options()], help="what happened, with gaps and surprises marked")
    events.set_defaults(run=_timeline)
    find = acts.add_parser("find", parents=[incident_options()], help="a factor, a surprise, or expected against seen")
    find.add_argument("kind", choices=("factor", "surprise", "difference"))
    find.add_argument("text")
    find.add_argument("--cause", choices=_CAUSES, default="", help="of a factor: which kind of act it was (VERIS)")
    find.add_argument("--line", type=int, default=0, help="of a surprise: the line's number in `incident review timeline`")
    find.add_argument("--expected", default="", help="of a difference: what people expected then")
    find.set_defaults(run=_find)
    withdraw = acts.add_parser("withdraw", parents=[incident_options()], help="take a finding back")
    withdraw.add_argument("number", type=int, help="its number in `incident review show`")
    withdraw.set_defaults(run=_withdraw)
    follow = acts.add_parser("follow-up", parents=[incident_options()], help="how an action item stands; a new day")
    follow.add_argument("number", type=int)
    follow.add_argument("note", help="how it stands, or why it moves")
    follow.add_argument("--due", metavar="DAY", help="the new day, YYYY-MM-DD")
    follow.set_defaults(run=_follow)
    every = acts.add_parser("actions", parents=[vault_options()], help="every open action item of every incident")
    every.set_defaults(run=_actions)


def day(text: str) -> "date":
    """A day as it is typed."""
    from datetime import date

    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ContentError(f"«{text}» is not a day.", "Write it as YYYY-MM-DD.") from error


def print_findings(view: "ReviewView") -> None:
    """The findings with their numbers."""
    from incident.cli.output import say

    for number, each in enumerate(view.findings, start=1):
        cause = f" ({each.cause})" if each.cause else ""
        expected = f"expected: {each.expected}; seen: " if each.expected else ""
        say(f"{each.kind.value}{cause}: {expected}{each.text}", first=f"  {number}  ")
    if view.findings:
        print()


def _timeline(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.output import moment, print_json, say
    from incident.domain.profile import Profile
    from incident.domain.review import duration_text
    from incident.usecases.review_paper import review_paper

    with open_desk(args) as desk:
        zone = zone_of(desk)
        paper = review_paper(desk, incident_of(desk, args), Profile.PRIVILEGED, now=clock.now(), zone=zone)
    if args.json:
        print_json(paper.lines)
        return 0
    for number, each in enumerate(paper.lines, start=1):
        if each.silence is not None:
            print(f"      ⋯ gap: nothing was written down for {duration_text(each.silence.took)}")
        say(f"{moment(each.at, zone)}  {each.text}", first=f"{number:>4}  ")
        for said in each.surprises:
            say(f"surprise: {said}", first="      ! ")
    return 0


def _find(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.output import print_json
    from incident.domain.finding import FindingKind
    from incident.usecases.findings import NewFinding, add_finding

    new = NewFinding(FindingKind(args.kind), args.text, args.expected, args.cause, args.line)
    with open_desk(args) as desk:
        made = add_finding(desk, incident_of(desk, args), new, now=clock.now())
    if args.json:
        print_json(made)
    else:
        print(f"Recorded: {made.kind.value}.")
    return 0


def _withdraw(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.output import print_json
    from incident.usecases.findings import findings, withdraw_finding

    with open_desk(args) as desk:
        incident = incident_of(desk, args)
        held = findings(desk, incident)
        if not 1 <= args.number <= len(held):
            raise RefusedError(f"There is no finding {args.number}.", "`incident review show` numbers them.")
        withdraw_finding(desk, incident, held[args.number - 1].id, now=clock.now())
    if args.json:
        print_json({"withdrawn": held[args.number - 1]})
    else:
        print("Taken back; that it stood there stays on record.")
    return 0


def _follow(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.output import print_json
    from incident.usecases.action_items import action_items, follow_up

    due_on = day(args.due) if args.due else None
    with open_desk(args) as desk:
        items = action_items(desk, incident_of(desk, args))
        if not 1 <= args.number <= len(items):
            raise RefusedError(f"There is no action item {args.number}.", "`incident review show` numbers them.")
        made = follow_up(desk, items[args.number - 1].id, note=args.note, due_on=due_on, now=clock.now())
    if args.json:
        print_json(made)
    else:
        print(f"«{made.title}», due {made.due_on}.")
    return 0


def _actions(args: argparse.Namespace) -> int:
    from zoneinfo import ZoneInfo

    from incident import clock
    from incident.cli.output import print_json, print_table
    from incident.usecases.action_items import open_items
    from incident.usecases.desk import names

    with open_desk(args) as desk:
        people = names(desk)
        held = open_items(desk, today=clock.now().astimezone(ZoneInfo(zone_of(desk))).date())
    if args.json:
        print_json(held)
        return 0
    if not held:
        print("No action item is open.")
        return 0
    rows = [
        (
            each.reference,
            str(each.number),
            each.item.title,
            people.get(each.item.owner, ""),
            f"{each.item.due_on}{' OVERDUE' if each.overdue else ''}",
        )
        for each in held
    ]
    print_table(("incident", "no", "action item", "owner", "due"), rows)
    return 0
