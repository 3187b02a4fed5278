"""`incident role`: who does what — list, assign (with hand-over note), give up."""

import argparse
from typing import TYPE_CHECKING

from incident.cli.access import incident_of, incident_options, open_desk, zone_of
from incident.errors import ContentError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from incident.domain.responder import Responder, Role, RoleLine

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def add(commands: "Commands") -> None:
    """Register `incident role …`."""
    role = commands.add_parser("role", help="take, hand over or give up a role")
    acts = role.add_subparsers(dest="act", metavar="ACT", required=True)
    listed = acts.add_parser("list", parents=[incident_options()], help="every role, its holder, its gaps")
    listed.add_argument("--history", action="store_true", help="who held what from when until when, with hand-over notes")
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
    from incident import clock
    from incident.cli.output import print_json, say
    from incident.usecases.desk import responders
    from incident.usecases.roles import roster, separation

    now = clock.now()
    with open_desk(args) as desk:
        incident = incident_of(desk, args)
        lines, notes, zone = roster(desk, incident), separation(desk, incident), zone_of(desk)
        people = {each.id: each for each in responders(desk)}
    if args.json:
        print_json(lines)
        return 0
    if args.history:
        _print_history(lines, people, zone)
    else:
        _print_roles(lines, people, zone, now)
    for note in notes:
        say(note, first="! ")
    return 0


def _print_roles(lines: "Sequence[RoleLine]", people: "Mapping[UUID, Responder]", zone: str, now: "datetime") -> None:
    from incident.cli.output import moment, print_table
    from incident.domain.roster import duty_words, phone_words

    rows = []
    for each in lines:
        holder = each.holder
        who = holder.name if holder else "NOBODY" if each.is_gap else "—"
        deputy = people.get(holder.deputy) if holder is not None and holder.deputy is not None else None
        rows.append(
            (
                each.role.label,
                who,
                phone_words(holder) if holder else "",
                duty_words(holder, now) if holder else "",
                deputy.name if deputy is not None else "",
                moment(each.since_at, zone),
            )
        )
    print_table(("role", "held by", "phone", "now", "deputy", "since"), rows, spare=("deputy", "now"))


def _print_history(lines: "Sequence[RoleLine]", people: "Mapping[UUID, Responder]", zone: str) -> None:
    from incident.cli.output import moment, print_table

    rows = []
    for each in lines:
        for held in each.before:
            name = people[held.responder_id].name if held.responder_id in people else "?"
            until = moment(held.relinquished_at, zone)
            rows.append((each.role.label, name, moment(held.assumed_at, zone), until, held.handover_note))
        if each.holder is not None:
            rows.append((each.role.label, each.holder.name, moment(each.since_at, zone), "holds it", ""))
    print_table(("role", "held by", "from", "until", "hand-over note"), rows)


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
