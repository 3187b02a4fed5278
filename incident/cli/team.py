"""`incident team`: invite responders, list them, change what they may do, close a slot."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from incident.cli.access import first_line, open_desk, typed, vault_options

if TYPE_CHECKING:
    from datetime import datetime

    from incident.domain.responder import Responder
    from incident.domain.roster import CallLine

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
    _add_roster(acts)
    leave = acts.add_parser("leave", parents=[vault_options()], help="close a responder's slot")
    leave.add_argument("name")
    leave.set_defaults(run=_leave)


def _add_roster(acts: "Commands") -> None:
    """What is said about a person who is there: contact data, hours, deputy; the tree in which they are called."""
    change = acts.add_parser("change", parents=[vault_options()], help="contact data, and what a responder may do")
    change.add_argument("name")
    change.add_argument("--may-approve", choices=["yes", "no"])
    change.add_argument("--administers", choices=["yes", "no"])
    change.add_argument("--phone")
    change.add_argument("--email")
    change.add_argument("--zone")
    change.add_argument("--deputy", metavar="NAME", help="who stands in when they do not answer; '' for nobody")
    change.add_argument("--hours", metavar="TEXT", help="when they work, in their zone: 'Mon-Fri 09:00-17:30'; or always")
    change.set_defaults(run=_change)
    tree = acts.add_parser("call-tree", parents=[vault_options()], help="whom to call, and who stands in; as a PDF with --to")
    tree.add_argument("-i", "--incident", metavar="NAME", help="by the roles of this incident (else by function)")
    tree.add_argument("--to", type=Path, metavar="FOLDER", help="write it as a PDF for the wall")
    tree.set_defaults(run=_call_tree)


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
    from incident import clock
    from incident.cli.output import print_json, print_table
    from incident.domain.roster import duty_words, phone_words
    from incident.usecases.desk import responders

    now = clock.now()
    with open_desk(args) as desk:
        people = responders(desk)
    if args.json:
        print_json(people)
        return 0
    called = {each.id: each.name for each in people}
    rows = [
        (
            each.name,
            each.sign_in,
            each.function.value,
            phone_words(each),
            duty_words(each, now) if each.active else "",
            called.get(each.deputy, "") if each.deputy else "",
            _rights(each),
        )
        for each in people
    ]
    print_table(("name", "sign-in", "function", "phone", "now", "deputy", "may"), rows, spare=("sign-in",))
    return 0


def _rights(each: "Responder") -> str:
    words = (("approves", each.may_approve), ("administers", each.administers), ("left", not each.active))
    return ", ".join(word for word, has in words if has)


def _call_tree(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.output import print_json, say
    from incident.usecases.call_tree import call_notes, calls, write_call_tree
    from incident.usecases.incidents import incident_named

    now = clock.now()
    with open_desk(args) as desk:
        incident = incident_named(desk, args.incident) if args.incident else None
        lines, notes = calls(desk, incident), call_notes(desk, incident)
        path = write_call_tree(desk, incident, args.to, now=now) if args.to else None
    if args.json:
        print_json({"calls": lines, "notes": notes, "path": path})
        return 0
    if path is not None:
        print(path)
        return 0
    for each in lines:
        say(_call(each, now), first="  " * each.depth, then="  " * each.depth + "  ")
    for note in notes:
        say(note, first="! ")
    return 0


def _call(each: "CallLine", now: "datetime") -> str:
    from incident.domain.roster import duty_words, phone_words

    if each.person is None:
        return f"{each.part}: NOBODY"
    deputy = f"; no answer: {each.deputy.name}, {phone_words(each.deputy)}" if each.deputy is not None else "; no deputy"
    return f"{each.part}: {each.person.name}, {phone_words(each.person)} ({duty_words(each.person, now)}){deputy}"


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
            deputy=args.deputy,
            hours=args.hours,
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
