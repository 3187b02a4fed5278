"""`incident step`: done, skip with a reason, take up again, show one with its guidance."""

import argparse
from typing import TYPE_CHECKING

from incident.cli.access import incident_of, incident_options, open_desk, zone_of

if TYPE_CHECKING:
    from incident.domain.step import StepRecord

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def add(commands: "Commands") -> None:
    """Register `incident step …`."""
    step = commands.add_parser("step", help="mark a step done, skip it with a reason, record a decision")
    acts = step.add_subparsers(dest="act", metavar="ACT", required=True)
    show = acts.add_parser("show", parents=[incident_options()], help="one step with its guidance")
    show.add_argument("step")
    show.set_defaults(run=_show)
    done = acts.add_parser("done", parents=[incident_options()], help="the step is done")
    done.add_argument("step")
    done.add_argument("--note", default="")
    done.add_argument("--decision", default="", help="what was decided, where the step is a decision")
    done.add_argument("--dissent", default="", help="who disagreed, and why")
    done.set_defaults(run=_done)
    for name, run, text in (
        ("skip", _skip, "leave the step out, with a reason"),
        ("reopen", _reopen, "take a finished step up again"),
    ):
        act = acts.add_parser(name, parents=[incident_options()], help=text)
        act.add_argument("step")
        act.add_argument("--reason", required=True)
        act.set_defaults(run=run)


def _show(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.guide import print_step
    from incident.cli.output import print_json
    from incident.errors import RefusedError
    from incident.usecases.guide import incident_guide

    with open_desk(args) as desk:
        found = incident_guide(desk, incident_of(desk, args), now=clock.now()).named(args.step)
        zone = zone_of(desk)
    if found is None:
        raise RefusedError(f"This playbook has no step «{args.step}».", "`incident guide --all` lists the steps.")
    if args.json:
        print_json(found)
    else:
        print_step(found, zone)
    return 0


def _told(args: argparse.Namespace, record: "StepRecord") -> int:
    from incident.cli.output import print_json

    if args.json:
        print_json(record)
    else:
        print(f"{record.step}: {record.state.value.replace('_', ' ')}")
    return 0


def _done(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.usecases.guide import complete_step

    with open_desk(args) as desk:
        record = complete_step(
            desk,
            incident_of(desk, args),
            args.step,
            now=clock.now(),
            note=args.note,
            decision=args.decision,
            dissent=args.dissent,
        )
    return _told(args, record)


def _skip(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.usecases.guide import skip_step

    with open_desk(args) as desk:
        record = skip_step(desk, incident_of(desk, args), args.step, reason=args.reason, now=clock.now())
    return _told(args, record)


def _reopen(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.usecases.guide import reopen_step

    with open_desk(args) as desk:
        record = reopen_step(desk, incident_of(desk, args), args.step, reason=args.reason, now=clock.now())
    return _told(args, record)
