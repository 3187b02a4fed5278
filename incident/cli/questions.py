"""`incident questions`: what do we need to find out, the most pressing first."""

import argparse
from typing import TYPE_CHECKING

from incident.cli.access import incident_of, incident_options, open_desk, zone_of

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def add(commands: "Commands") -> None:
    """Register `incident questions`."""
    parser = commands.add_parser(
        "questions", parents=[incident_options()], help="what we need to find out, the most pressing first"
    )
    parser.set_defaults(run=_questions)


def _questions(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.clock_lines import print_questions
    from incident.cli.output import print_json
    from incident.usecases.questions import questions

    now = clock.now()
    with open_desk(args) as desk:
        found, zone = questions(desk, incident_of(desk, args), now=now), zone_of(desk)
    if args.json:
        print_json(found)
        return 0
    for whose in dict.fromkeys(each.on_behalf_of for each in found):
        if whose:
            print(f"\nOn behalf of {whose}")
        print_questions([each.open for each in found if each.on_behalf_of == whose], now=now, zone=zone)
    if not found:
        print_questions((), now=now, zone=zone)
    return 0
