"""`incident list`: the board — every incident and the nearest clock of each."""

import argparse
from typing import TYPE_CHECKING

from incident.cli.access import open_desk, vault_options, zone_of

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def add(commands: "Commands") -> None:
    """Register `incident list`."""
    parser = commands.add_parser("list", parents=[vault_options()], help="the incidents and their nearest clock")
    parser.add_argument("--all", action="store_true", help="ended incidents as well")
    parser.set_defaults(run=_list)


def _list(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.output import moment, print_json, print_table
    from incident.usecases.board import board

    with open_desk(args) as desk:
        rows = board(desk, now=clock.now(), open_only=not args.all)
        zone = zone_of(desk)
    if args.json:
        print_json(rows)
        return 0
    if not rows:
        print("No incident is open." if not args.all else "There is no incident yet.")
        return 0
    print_table(
        ("reference", "code name", "severity", "status", "nearest clock", "title"),
        [
            (
                each.incident.reference + (" EXERCISE" if each.incident.exercise else ""),
                each.incident.code_name,
                str(each.incident.severity),
                each.incident.status.label,
                f"{moment(each.nearest_at, zone)} {each.nearest_title}" if each.nearest_at else each.nearest_title or "—",
                each.incident.title,
            )
            for each in rows
        ],
    )
    return 0
