"""`incident close`, `reopen`, `merge`: how an incident ends, and how it does not."""

import argparse
from typing import TYPE_CHECKING

from incident.cli.access import incident_of, incident_options, open_desk
from incident.cli.output import print_json

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def add(commands: "Commands") -> None:
    """Register `incident close`, `incident reopen` and `incident merge`."""
    close = commands.add_parser("close", parents=[incident_options()], help="close an incident, also as a false alarm")
    close.add_argument("--reason", required=True, help="why it is over, or why it was none")
    close.add_argument("--false-alarm", action="store_true", help="it was no incident; the reasons go to the register")
    close.add_argument("--despite", action="store_true", help="duties are still open, and the reason covers them")
    close.set_defaults(run=_close)
    reopen = commands.add_parser("reopen", parents=[incident_options()], help="take an ended incident up again")
    reopen.add_argument("--reason", required=True)
    reopen.set_defaults(run=_reopen)
    merge = commands.add_parser("merge", parents=[incident_options()], help="make two incidents that are one into one")
    merge.add_argument("--into", required=True, metavar="NAME", help="the incident that goes on")
    merge.add_argument("--reason", required=True)
    merge.set_defaults(run=_merge)


def _close(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.usecases.closing import close, close_as_false_alarm

    now = clock.now()
    with open_desk(args) as desk:
        incident = incident_of(desk, args)
        if args.false_alarm:
            ended = close_as_false_alarm(desk, incident, reason=args.reason, now=now)
        else:
            ended = close(desk, incident, reason=args.reason, now=now, despite=args.despite)
    if args.json:
        print_json(ended)
    else:
        print(f"{ended.reference} is {ended.status.label}: {ended.ended_reason}")
    return 0


def _reopen(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.usecases.closing import reopen

    with open_desk(args) as desk:
        incident = reopen(desk, incident_of(desk, args), reason=args.reason, now=clock.now())
    if args.json:
        print_json(incident)
    else:
        print(f"{incident.reference} is open again.")
    return 0


def _merge(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.usecases.closing import merge
    from incident.usecases.incidents import incident_named

    with open_desk(args) as desk:
        into = incident_named(desk, args.into)
        done = merge(desk, incident_of(desk, args), into, reason=args.reason, now=clock.now())
    if args.json:
        print_json(done)
        return 0
    print(f"{done.merged.reference} is now part of {done.survivor.reference}.")
    for key in done.adopted:
        print(f"  taken over: {key}")
    for key, stands, other in done.differing:
        print(f"  they differ on {key}: {stands!r} stands, the other said {other!r}")
    return 0
