"""`incident member`: who may read an incident. Enforced by keys, not by politeness."""

import argparse
from typing import TYPE_CHECKING

from incident.cli.access import incident_of, incident_options, open_desk, zone_of

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def add(commands: "Commands") -> None:
    """Register `incident member …`."""
    member = commands.add_parser("member", help="who may read an incident: let people in and out")
    acts = member.add_subparsers(dest="act", metavar="ACT", required=True)
    listed = acts.add_parser("list", parents=[incident_options()], help="who holds the incident's keys")
    listed.set_defaults(run=_list)
    let_in = acts.add_parser("add", parents=[incident_options()], help="wrap the incident's keys for one more responder")
    let_in.add_argument("responder")
    let_in.add_argument("--counsel", action="store_true", help="into counsel's circle too: privileged passages")
    let_in.set_defaults(run=_add)
    let_out = acts.add_parser("remove", parents=[incident_options()], help="take the keys; what follows has new ones")
    let_out.add_argument("responder")
    let_out.add_argument("--only-counsel", action="store_true", help="only out of counsel's circle")
    let_out.set_defaults(run=_remove)


def _list(args: argparse.Namespace) -> int:
    from incident.cli.output import moment, print_json, print_table
    from incident.usecases.members import members

    with open_desk(args) as desk:
        found, zone = members(desk, incident_of(desk, args)), zone_of(desk)
    if args.json:
        print_json(found)
    else:
        rows = [(each.name, ", ".join(each.circles), moment(each.granted_at, zone)) for each in found]
        print_table(("member", "circles", "since"), rows)
    return 0


def _add(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.output import print_json
    from incident.usecases.members import let_in

    with open_desk(args) as desk:
        incident = incident_of(desk, args)
        member = let_in(desk, incident, args.responder, counsel=args.counsel, now=clock.now())
    if args.json:
        print_json(member)
    else:
        print(f"{member.name} can read {incident.reference} now ({', '.join(member.circles)}).")
    return 0


def _remove(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.output import print_json
    from incident.usecases.members import let_out, members

    with open_desk(args) as desk:
        incident = incident_of(desk, args)
        let_out(desk, incident, args.responder, only_counsel=args.only_counsel, now=clock.now())
        left = members(desk, incident)
    if args.json:
        print_json(left)
    else:
        print(f"{args.responder} cannot open what is written from now on; what was read before is known to them.")
    return 0
