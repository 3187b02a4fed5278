"""`incident log`: one line into the timeline, with the time it happened."""

import argparse
from typing import TYPE_CHECKING

from incident.cli.access import incident_of, incident_options, open_desk, zone_of

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def add(commands: "Commands") -> None:
    """Register `incident log`."""
    parser = commands.add_parser("log", parents=[incident_options()], help="write a line into the timeline")
    parser.add_argument("text", help="what happened")
    parser.add_argument("--when", metavar="WHEN", help="when it happened, as you would say it (else now)")
    parser.add_argument("--kind", default="log", choices=["log", "attack", "response", "notice"])
    parser.add_argument("--source", default="", help="where it comes from")
    parser.add_argument("--privileged", action="store_true", help="for counsel's circle only: sealed under its key")
    parser.set_defaults(run=_log)


def _log(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.output import moment, print_json
    from incident.domain.moment import said
    from incident.domain.timeline import EntryKind
    from incident.usecases.timeline import log

    now = clock.now()
    with open_desk(args) as desk:
        zone = zone_of(desk)
        when = said(args.when, now=now, zone=zone) if args.when else None
        entry = log(
            desk,
            incident_of(desk, args),
            args.text,
            now=now,
            when=when,
            kind=EntryKind(args.kind),
            source=args.source,
            privileged=args.privileged,
        )
    if args.json:
        print_json(entry)
    else:
        print(f"{moment(entry.occurred_at, zone)}  {entry.text}")
    return 0
