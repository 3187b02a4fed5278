"""`incident import`: a timeline into an incident; a VERIS record, or a case or alert of another tool, as a new incident."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from incident.cli.access import incident_of, incident_options, open_desk, vault_options

if TYPE_CHECKING:
    from incident.domain.foreign_case import ForeignCase

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

_TOOLS = (
    ("veris", "a VERIS record (JSON, any 1.x) as a new incident"),
    ("iris", "a DFIR-IRIS case or alert (JSON) as a new incident"),
    ("thehive", "a TheHive case or alert (JSON) as a new incident"),
)


def add(commands: "Commands") -> None:
    """Register `incident import` with one act per source."""
    parser = commands.add_parser("import", help="read a timeline, or start an incident from another tool's record")
    acts = parser.add_subparsers(dest="act", metavar="ACT", required=True)
    lines = acts.add_parser(
        "timeline", parents=[incident_options()], help="lines from CSV or JSONL; a row whose time has no zone is refused"
    )
    lines.add_argument("file", type=Path, metavar="FILE", help="it ends in .csv or .jsonl")
    lines.add_argument("--kind", default="log", choices=["log", "attack", "response", "notice"], help="whose acts they are")
    lines.add_argument("--privileged", action="store_true", help="for counsel's circle only")
    lines.set_defaults(run=_timeline)
    for name, text in _TOOLS:
        act = acts.add_parser(name, parents=[vault_options()], help=text)
        act.add_argument("file", type=Path, metavar="FILE")
        act.add_argument("--playbook", help="else the one that fits what the record says")
        act.add_argument("--commander", metavar="NAME", help="who commands (else you)")
        act.add_argument("--exercise", action="store_true", help="nothing of it is real")
        act.add_argument("--yes", action="store_true", help="take it without asking again")
        act.set_defaults(run=_case)


def _timeline(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.output import print_json, say
    from incident.domain.timeline import EntryKind
    from incident.usecases.imports import import_timeline

    with open_desk(args) as desk:
        incident = incident_of(desk, args)
        done = import_timeline(
            desk, incident, args.file, kind=EntryKind(args.kind), privileged=args.privileged, now=clock.now()
        )
    if args.json:
        print_json(done)
        return 0
    say(f"{_lines(done.taken)} from {args.file.name} now in the timeline of {incident.reference}.")
    if done.known:
        say(f"{_lines(done.known)} stood there already and were left out.")
    for each in done.remarks:
        say(each, first="  ")
    return 0


def _case(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.output import print_json
    from incident.usecases.imports import CaseChoice, import_case, read_case

    now = clock.now()
    with open_desk(args) as desk:
        case = read_case(args.act, args.file, now=now)
        choice = CaseChoice(args.playbook or case.playbook, args.commander or desk.me.sign_in, exercise=args.exercise)
        if not args.json:
            _show(case, choice.playbook)
        if not (args.yes or _agreed(args)):
            if args.json:
                print_json({"case": case, "playbook": choice.playbook, "incident": None})
            else:
                print("Nothing was changed. Repeat it with --yes to take it.")
            return 0
        incident = import_case(desk, case, choice, now=now)
    if args.json:
        print_json({"case": case, "playbook": choice.playbook, "incident": incident})
    else:
        print(f"{incident.reference} «{incident.code_name}» is open: {incident.title}")
    return 0


def _agreed(args: argparse.Namespace) -> bool:
    if args.json or not sys.stdin.isatty():
        return False
    return input("Take this as a new incident? [y/N] ").strip().lower() in ("y", "yes")


def _show(case: "ForeignCase", playbook: str) -> None:
    from incident.cli.output import print_table, say

    say(f"«{case.title}», {case.origin}. Severity {case.severity}, playbook {playbook}.")
    if case.facts:
        print("Facts, each recorded as reported, not as confirmed:")
        print_table(("fact", "value", "from"), [(each.key, _short(each.value), each.place) for each in case.facts])
    if case.lines:
        print(f"{_lines(len(case.lines))} of timeline, from {case.lines[0].at:%Y-%m-%d %H:%M} UTC on.")
    if case.left_out:
        print("Left out:")
        for each in case.left_out:
            say(each, first="  ")


def _lines(number: int) -> str:
    return f"{number:,} line{'' if number == 1 else 's'}"


def _short(value: object) -> str:
    text = "yes" if value is True else " ".join(str(value).split())
    return f"{text[:200]}…" if len(text) > 200 else text
