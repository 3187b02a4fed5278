"""`incident timeline`: what happened, in order, with the zone of every time."""

import argparse
from typing import TYPE_CHECKING

from incident.cli.access import incident_of, incident_options, open_desk, zone_of

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def add(commands: "Commands") -> None:
    """Register `incident timeline`."""
    parser = commands.add_parser("timeline", parents=[incident_options()], help="what happened, in order")
    parser.add_argument(
        "--profile",
        choices=["privileged", "regulator", "customer", "public"],
        help="for whom: what is left out for them, and the stamp that says so",
    )
    parser.set_defaults(run=_timeline)


def _timeline(args: argparse.Namespace) -> int:
    from incident.cli.output import moment, print_json, print_table
    from incident.domain.profile import Profile, entries_for, names_for
    from incident.domain.timeline import Precision
    from incident.usecases.desk import names
    from incident.usecases.timeline import timeline

    with open_desk(args) as desk:
        entries, people, zone = timeline(desk, incident_of(desk, args)), names(desk), zone_of(desk)
    profile = Profile(args.profile) if args.profile else Profile.PRIVILEGED
    entries, people = entries_for(entries, profile, people), names_for(profile, people)
    if args.json:
        print_json({"stamp": profile.stamp, "entries": entries} if args.profile else entries)
        return 0
    if args.profile:
        print(f"{profile.stamp}\n")
    rows = []
    for each in entries:
        at = moment(each.occurred_at, zone)
        if each.precision is not Precision.EXACT:
            at = f"{at.split(' ')[0]} ({each.precision.value} only)"
        text = f"[privileged] {each.text}" if each.privileged else each.text
        rows.append((at, each.kind.value, people.get(each.by, ""), text))
    print_table(("when", "kind", "by", "what"), rows)
    return 0
