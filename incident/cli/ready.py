"""`incident ready`: what is missing before it happens, each gap with the command that closes it."""

import argparse
from typing import TYPE_CHECKING

from incident.cli.access import open_desk, vault_options

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

_KINDS = ("insurer", "forensics", "counsel", "communications", "hosting", "police")


def add(commands: "Commands") -> None:
    """Register `incident ready …`."""
    parser = commands.add_parser(
        "ready",
        parents=[vault_options()],
        help="are we ready: people and numbers, laws and notices, contacts, backups, exercises",
        description="Every gap with the command that closes it. Exit status 1 while there is a gap. Not legal advice.",
    )
    parser.add_argument("--all", action="store_true", help="also what is ready")
    parser.set_defaults(run=_ready)
    acts = parser.add_subparsers(dest="act", metavar="ACT")
    number = acts.add_parser("number", parents=[vault_options()], help="record that a responder's number was called")
    number.add_argument("name", help="whose: sign-in or name")
    number.add_argument("--answered", choices=["yes", "no"], required=True)
    number.add_argument("--note", default="", metavar="TEXT")
    number.set_defaults(run=_number)
    contact = acts.add_parser("contact", parents=[vault_options()], help="enter or confirm somebody outside")
    contact.add_argument("kind", choices=_KINDS)
    contact.add_argument("name", help="the firm, and the person")
    contact.add_argument("--phone", required=True, help="a number that works without a directory")
    contact.add_argument("--contract", default="", help="contract or policy number")
    contact.set_defaults(run=_contact)
    listed = acts.add_parser("contacts", parents=[vault_options()], help="the people outside, as entered")
    listed.set_defaults(run=_contacts)


def _ready(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.output import print_json, say
    from incident.domain.readiness import Ready
    from incident.usecases.readiness import readiness

    with open_desk(args) as desk:
        found = readiness(desk, now=clock.now())
    gaps = sum(each.state is Ready.GAP for each in found)
    if args.json:
        print_json({"ready": not gaps, "gaps": gaps, "checks": found})
        return int(bool(gaps))
    for each in found:
        if args.all or each.state is not Ready.READY:
            mend = f" → {each.mend}" if each.mend else ""
            say(f"{each.text}{mend}", first=f"{each.state.value:<6} {each.topic:<10} ")
    looks = sum(each.state is Ready.LOOK for each in found)
    print(f"{gaps} gaps, {looks} to look at, {len(found) - gaps - looks} ready.")
    return int(bool(gaps))


def _number(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.output import print_json
    from incident.usecases.readiness import record_number_test

    with open_desk(args) as desk:
        made = record_number_test(desk, args.name, answered=args.answered == "yes", now=clock.now(), note=args.note)
    if args.json:
        print_json(made)
    else:
        print(f"{made.phone}: {'answered' if made.answered else 'not answered'}; recorded.")
    return 0


def _contact(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.output import print_json
    from incident.usecases.readiness import save_contact

    with open_desk(args) as desk:
        made = save_contact(desk, args.kind, args.name, phone=args.phone, contract=args.contract, now=clock.now())
    if args.json:
        print_json(made)
    else:
        print(f"{made.kind.value}: {made.name}, {made.phone}, {made.contract or 'no contract'}; checked today.")
    return 0


def _contacts(args: argparse.Namespace) -> int:
    from incident.cli.output import print_json, print_table
    from incident.usecases.readiness import contacts

    with open_desk(args) as desk:
        found = contacts(desk)
    if args.json:
        print_json(found)
    elif not found:
        print('Nobody is entered: `incident ready contact insurer "NAME" --phone "+…"`.')
    else:
        rows = [(each.kind.value, each.name, each.phone, each.contract, str(each.checked_on)) for each in found]
        print_table(("kind", "name", "telephone", "contract", "checked"), rows)
    return 0
