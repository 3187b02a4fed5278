"""`incident team`: invite responders, list them, change what they may do, close a slot."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from incident.cli.access import first_line, open_desk, typed, vault_options

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def add(commands: "Commands") -> None:
    """Register `incident team …`."""
    team = commands.add_parser("team", help="invite responders; who may approve; who left")
    acts = team.add_subparsers(dest="act", metavar="ACT", required=True)
    invite = acts.add_parser("invite", parents=[vault_options()], help="give a second person a slot of their own")
    invite.add_argument("name", help="their name")
    invite.add_argument("--sign-in", dest="new_sign_in", required=True, metavar="WORD")
    invite.add_argument("--function", default="it", choices=["it", "legal", "management", "outside"])
    invite.add_argument("--email", default="")
    invite.add_argument("--phone", default="", help="a number that works without a directory")
    invite.add_argument("--zone", default="", help="the zone in which they read times (else yours)")
    invite.add_argument("--may-approve", action="store_true", help="may sign notices as the second person")
    invite.add_argument("--their-passphrase-file", type=Path, metavar="FILE", help="else they type it here")
    invite.set_defaults(run=_invite)
    listed = acts.add_parser("list", parents=[vault_options()], help="everybody, with phone numbers")
    listed.set_defaults(run=_list)
    change = acts.add_parser("change", parents=[vault_options()], help="contact data, and what a responder may do")
    change.add_argument("name")
    change.add_argument("--may-approve", choices=["yes", "no"])
    change.add_argument("--administers", choices=["yes", "no"])
    change.add_argument("--phone")
    change.add_argument("--email")
    change.add_argument("--zone")
    change.set_defaults(run=_change)
    leave = acts.add_parser("leave", parents=[vault_options()], help="close a responder's slot")
    leave.add_argument("name")
    leave.set_defaults(run=_leave)


def _invite(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.output import print_json
    from incident.domain.responder import Function
    from incident.store.device import system_device_store
    from incident.usecases.people import invite
    from incident.usecases.vaults import NewResponder

    with open_desk(args) as desk:
        zone = args.zone or desk.me.zone
        person = NewResponder(
            args.name, args.new_sign_in, Function(args.function), email=args.email, phone=args.phone, zone=zone
        )
        chosen = args.their_passphrase_file
        passphrase = first_line(chosen) if chosen else typed(f"{args.name} chooses a passphrase")
        made = invite(
            desk,
            person,
            passphrase=passphrase,
            may_approve=args.may_approve,
            now=clock.now(),
            device=system_device_store(),
        )
    if args.json:
        print_json(made)
    else:
        print(f"{made.name} can sign in as «{made.sign_in}».")
    return 0


def _list(args: argparse.Namespace) -> int:
    from incident.cli.output import print_json, print_table
    from incident.usecases.desk import responders

    with open_desk(args) as desk:
        people = responders(desk)
    if args.json:
        print_json(people)
        return 0
    rows = []
    for each in people:
        rights = [
            word
            for word, has in (
                ("approves", each.may_approve),
                ("administers", each.administers),
                ("left", not each.active),
            )
            if has
        ]
        rows.append((each.name, each.sign_in, each.function.value, each.phone or "no number", ", ".join(rights)))
    print_table(("name", "sign-in", "function", "phone", "may"), rows)
    return 0


def _change(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.output import print_json
    from incident.usecases.people import change_responder

    yes = {"yes": True, "no": False, None: None}
    with open_desk(args) as desk:
        person = change_responder(
            desk,
            args.name,
            now=clock.now(),
            may_approve=yes[args.may_approve],
            administers=yes[args.administers],
            phone=args.phone,
            email=args.email,
            zone=args.zone,
        )
    if args.json:
        print_json(person)
    else:
        print(f"{person.name} is changed.")
    return 0


def _leave(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.usecases.people import let_go

    with open_desk(args) as desk:
        gone = let_go(desk, args.name, now=clock.now())
    print(f"{gone.name} can no longer sign in here. Copies of the vault made earlier still open with their passphrase.")
    return 0
