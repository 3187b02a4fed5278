"""`incident show`: one incident at a glance — team and gaps, the next step, the clocks."""

import argparse
from typing import TYPE_CHECKING

from incident.cli.access import incident_of, incident_options, open_desk, zone_of

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def add(commands: "Commands") -> None:
    """Register `incident show`."""
    parser = commands.add_parser("show", parents=[incident_options()], help="one incident at a glance")
    parser.set_defaults(run=_show)


def _show(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.clock_lines import print_clocks
    from incident.cli.guide import print_step
    from incident.cli.output import print_json
    from incident.usecases.clocks import clock_list, clocks
    from incident.usecases.guide import incident_guide
    from incident.usecases.roles import roster

    now = clock.now()
    with open_desk(args) as desk:
        incident, zone = incident_of(desk, args), zone_of(desk)
        team = roster(desk, incident)
        guide = incident_guide(desk, incident, now=now)
        listed = clock_list(clocks(desk, incident, now=now), owed_only=True)
    if args.json:
        print_json({"incident": incident, "team": team, "now": guide.now, "clocks": listed})
        return 0
    mark = " EXERCISE" if incident.exercise else ""
    print(f"{incident.reference} «{incident.code_name}» · severity {incident.severity} · {incident.title}{mark}")
    held = [f"{each.role.label} {each.holder.name}" for each in team if each.holder]
    gaps = [f"{each.role.label}: NOBODY" for each in team if each.is_gap]
    print(" · ".join([*held, *gaps]) + "\n")
    print_clocks(listed, now=now, zone=zone)
    if guide.now is not None:
        print_step(guide.now, zone)
    return 0
