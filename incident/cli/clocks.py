"""`incident clocks`: every clock that runs for an incident, why it runs, and what is still unknown."""

import argparse
from typing import TYPE_CHECKING

from incident.cli.access import incident_of, incident_options, open_desk

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def add(commands: "Commands") -> None:
    """Register `incident clocks`."""
    parser = commands.add_parser(
        "clocks", parents=[incident_options()], help="every clock that runs, why, and what is still unknown"
    )
    parser.set_defaults(run=_clocks)


def _clocks(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.assess import print_assessment
    from incident.cli.output import print_json
    from incident.domain.assessment_document import to_document
    from incident.usecases.clocks import clocks

    now = clock.now()
    with open_desk(args) as desk:
        answers = clocks(desk, incident_of(desk, args), now=now)
    if args.json:
        print_json([{"on_behalf_of": each.on_behalf_of, **to_document(each.assessment)} for each in answers])
        return 0
    for each in answers:
        if each.on_behalf_of:
            print(f"\nOn behalf of {each.on_behalf_of}")
        print_assessment(each.assessment)
    return 0
