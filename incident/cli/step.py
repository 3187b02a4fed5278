"""`incident step`: show one, ask its facts, done, default, skip with a reason, hand over, undo, take up again."""

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
    for name, run, text in (
        ("show", _show, "one step with its guidance"),
        ("ask", _ask, "the facts that a step asks: what is known, how sure, who finds out"),
    ):
        act = acts.add_parser(name, parents=[incident_options()], help=text)
        act.add_argument("step")
        act.set_defaults(run=run)
    done = acts.add_parser("done", parents=[incident_options()], help="the step is done")
    done.add_argument("step")
    done.add_argument("--note", default="")
    done.add_argument("--decision", default="", help="what was decided, where the step is a decision")
    done.add_argument("--dissent", default="", help="who disagreed, and why")
    done.set_defaults(run=_done)
    default = acts.add_parser("default", parents=[incident_options()], help="nobody decided in time: record the default")
    default.add_argument("step")
    default.add_argument("--note", default="", help="whom you tried to reach")
    default.set_defaults(run=_default)
    hand = acts.add_parser("hand", parents=[incident_options()], help="give one step to somebody; the role stays")
    hand.add_argument("step")
    hand.add_argument("--to", required=True, metavar="NAME")
    hand.add_argument("--note", default="", help="what they must know")
    hand.set_defaults(run=_hand)
    for name, run, text in (
        ("skip", _skip, "leave the step out, with a reason"),
        ("undo", _undo, "the last act was a mistake: what stood before stands again"),
        ("reopen", _reopen, "take a finished step up again"),
    ):
        act = acts.add_parser(name, parents=[incident_options()], help=text)
        act.add_argument("step")
        act.add_argument("--reason", required=name != "undo", default="")
        act.set_defaults(run=run)


def _show(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.guide import print_step
    from incident.cli.output import print_json
    from incident.usecases.guide import step_named

    with open_desk(args) as desk:
        found = step_named(desk, incident_of(desk, args), args.step, now=clock.now())
        zone = zone_of(desk)
    if args.json:
        print_json(found)
    else:
        print_step(found, zone, heading=found.state.value.replace("_", " ").capitalize())
    return 0


def _ask(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.asked import print_asked
    from incident.cli.output import print_json
    from incident.usecases.asked_facts import asked_facts
    from incident.usecases.guide import step_named

    with open_desk(args) as desk:
        incident = incident_of(desk, args)
        found = step_named(desk, incident, args.step, now=clock.now())
        asked, zone = asked_facts(desk, incident, found), zone_of(desk)
    if args.json:
        print_json(asked)
    else:
        print_asked(found.step.title, asked, zone)
    return 0


def _told(args: argparse.Namespace, record: "StepRecord") -> int:
    from incident.cli.output import print_json

    if args.json:
        print_json(record)
    else:
        decided = f", {record.decision}{' (the default)' if record.defaulted else ''}" if record.decision else ""
        print(f"{record.step}: {record.state.value.replace('_', ' ')}{decided}")
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


def _undo(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.usecases.guide import undo_step

    with open_desk(args) as desk:
        record = undo_step(desk, incident_of(desk, args), args.step, reason=args.reason, now=clock.now())
    return _told(args, record)


def _default(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.usecases.guide import take_default

    with open_desk(args) as desk:
        record = take_default(desk, incident_of(desk, args), args.step, note=args.note, now=clock.now())
    return _told(args, record)


def _hand(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.usecases.guide import hand_over_step

    with open_desk(args) as desk:
        record = hand_over_step(desk, incident_of(desk, args), args.step, args.to, note=args.note, now=clock.now())
    return _told(args, record)
