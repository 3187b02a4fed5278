"""`incident role`: who does what — list, assign (with hand-over note), give up."""

import argparse
from typing import TYPE_CHECKING

from incident.cli.access import incident_of, incident_options, open_desk, zone_of
from incident.errors import ContentError

if TYPE_CHECKING:
    from incident.domain.responder import Role

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def add(commands: "Commands") -> None:
    """Register `incident role …`."""
    role = commands.add_parser("role", help="take, hand over or give up a role")
    acts = role.add_subparsers(dest="act", metavar="ACT", required=True)
    listed = acts.add_parser("list", parents=[incident_options()], help="every role, its holder, its gaps")
    listed.set_defaults(run=_list)
    assign = acts.add_parser("assign", parents=[incident_options()], help="give a role; the holder hands over")
    assign.add_argument("role")
    assign.add_argument("responder")
    assign.add_argument("--note", default="", help="what the next one must know")
    assign.set_defaults(run=_assign)
    give_up = acts.add_parser("give-up", parents=[incident_options()], help="leave a role without a successor")
    give_up.add_argument("role")
    give_up.add_argument("--note", default="")
    give_up.set_defaults(run=_give_up)


def _role(name: str) -> "Role":
    from incident.domain.responder import Role

    wanted = name.strip().lower().replace("-", "_").replace(" ", "_")
    try:
        return Role(wanted)
    except ValueError as error:
        known = ", ".join(each.value for each in Role)
        raise ContentError(f"«{name}» is not a role.", f"Choose from: {known}.") from error


def _list(args: argparse.Namespace) -> int:
    from incident.cli.output import moment, print_json, print_table
    from incident.usecases.roles import roster

    with open_desk(args) as desk:
        lines, zone = roster(desk, incident_of(desk, args)), zone_of(desk)
    if args.json:
        print_json(lines)
        return 0
    rows = []
    for each in lines:
        who = each.holder.name if each.holder else "NOBODY" if each.is_gap else "—"
        phone = (each.holder.phone or "no number") if each.holder else ""
        rows.append((each.role.label, who, phone, moment(each.since_at, zone)))
    print_table(("role", "held by", "phone", "since"), rows)
    return 0


def _assign(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.output import print_json
    from incident.usecases.roles import assign

    with open_desk(args) as desk:
        made = assign(desk, incident_of(desk, args), _role(args.role), args.responder, now=clock.now(), note=args.note)
    if args.json:
        print_json(made)
    else:
        print(f"{args.responder} is {made.role.label}.")
    return 0


def _give_up(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.usecases.roles import relinquish

    with open_desk(args) as desk:
        relinquish(desk, incident_of(desk, args), _role(args.role), now=clock.now(), note=args.note)
    print("Given up; the role is now open.")
    return 0
