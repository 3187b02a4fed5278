"""`incident timeline`: what happened, in order, with the zone of every time."""

import argparse
from typing import TYPE_CHECKING

from incident.cli.access import incident_of, incident_options, open_desk, zone_of

if TYPE_CHECKING:
    from incident.domain.outgoing import OutgoingEntry
    from incident.domain.profile import Profile
    from incident.domain.timeline import TimelineEntry

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
    from incident.cli.output import print_json, print_table
    from incident.domain.profile import Profile
    from incident.usecases.desk import names
    from incident.usecases.review_timeline import told
    from incident.usecases.timeline import timeline

    if args.profile:
        return _for_reader(args, Profile(args.profile))
    with open_desk(args) as desk:
        incident, people, zone = incident_of(desk, args), names(desk), zone_of(desk)
        entries = told(desk, incident, timeline(desk, incident), zone=zone)
    if args.json:
        print_json(entries)
        return 0
    rows = []
    for each in entries:
        text = f"[privileged] {each.text}" if each.privileged else each.text
        rows.append((_when(each, zone), each.kind.value, people.get(each.by, ""), text))
    print_table(("when", "kind", "by", "what"), rows)
    return 0


def _for_reader(args: argparse.Namespace, profile: "Profile") -> int:
    """The timeline as it leaves the vault: what every other export for this reader says, and on record as one."""
    from incident import clock
    from incident.cli.output import print_json, print_table
    from incident.usecases.exports import timeline_for

    with open_desk(args) as desk:
        zone = zone_of(desk)
        entries = timeline_for(desk, incident_of(desk, args), profile, now=clock.now(), zone=zone)
    rows = [(_when(each, zone), each.kind.value, each.by, each.text) for each in entries]
    if args.json:
        lines = [dict(zip(("when", "kind", "by", "what"), row, strict=True)) for row in rows]
        print_json({"stamp": profile.stamp, "entries": lines})
        return 0
    print(f"{profile.stamp}\n")
    print_table(("when", "kind", "by", "what"), rows)
    return 0


def _when(entry: "TimelineEntry | OutgoingEntry", zone: str) -> str:
    from incident.cli.output import moment
    from incident.domain.timeline import Precision

    at = moment(entry.occurred_at, zone)
    return at if entry.precision is Precision.EXACT else f"{at.split(' ')[0]} ({entry.precision.value} only)"
