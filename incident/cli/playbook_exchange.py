"""`incident playbooks export` and `import`: playbooks to and from CACAO v2.0."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from incident.usecases.playbook_exchange import ImportedPlaybook

    Acts = argparse._SubParsersAction[argparse.ArgumentParser]


def add_acts(acts: "Acts") -> None:
    """Register `incident playbooks export` and `incident playbooks import`."""
    export = acts.add_parser("export", help="a playbook as CACAO v2.0, with manual commands; on the screen, or in a file")
    export.add_argument("playbook")
    export.add_argument("--to", type=Path, metavar="FILE", help="a file that is not there yet")
    export.add_argument("--json", action="store_true", help="print one JSON document")
    export.set_defaults(run=_export)
    taken = acts.add_parser("import", help="a CACAO v2.0 playbook as one of your own; checks it and never runs anything in it")
    taken.add_argument("file", type=Path, metavar="FILE")
    taken.add_argument("--lenient", action="store_true", help="repair what can be repaired, and say each repair")
    taken.add_argument("--to", type=Path, metavar="FOLDER", help="where to; else your own folder of playbooks")
    taken.add_argument("--json", action="store_true", help="print one JSON document")
    taken.set_defaults(run=_import)


def _export(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.output import print_json, say
    from incident.usecases.playbook_exchange import export_playbook, exported_playbook

    if args.to is None:
        print_json(exported_playbook(args.playbook, now=clock.now()))
        return 0
    found = export_playbook(args.playbook, args.to, now=clock.now())
    if args.json:
        print_json({"file": args.to, "id": found["id"], "steps": len(found["workflow"])})
    else:
        steps = sum(each["type"] == "action" for each in found["workflow"].values())
        say(f"Written to {args.to}: «{found['name']}» as CACAO v2.0, {_counted(steps, 'manual action')}.")
    return 0


def _import(args: argparse.Namespace) -> int:
    from incident.cli.output import print_json
    from incident.usecases.playbook_exchange import import_playbook

    found = import_playbook(args.file, lenient=args.lenient, folder=args.to)
    if args.json:
        print_json(_document(found))
    else:
        _print(found, args.file.name)
    return 2 if found.faults else 0


def _document(found: "ImportedPlaybook") -> dict[str, object]:
    return {
        "playbook": found.playbook.slug if found.playbook else None,
        "steps": len(found.playbook.steps) if found.playbook else 0,
        "file": found.path,
        "shadows_shipped": found.shadows,
        **{key: getattr(found, key) for key in ("faults", "repairs", "notices")},
    }


def _print(found: "ImportedPlaybook", name: str) -> None:
    import sys

    from incident.cli.output import say

    for each in found.faults:
        print(f"incident: {each}", file=sys.stderr)
    if found.faults:
        print(f"incident: {name} was not imported; nothing was changed.", file=sys.stderr)
        return
    for title, remarks in (("Repaired", found.repairs), ("To know", found.notices)):
        if remarks:
            print(f"{title}:")
        for remark in remarks:
            say(str(remark), first="  ")
    playbook = found.playbook
    if playbook is None or found.path is None:
        say(f"{name} is the playbook that is here already; nothing was written.")
        return
    steps, phases = _counted(len(playbook.steps), "step"), _counted(len(playbook.phases), "phase")
    say(f"«{playbook.title}»: {steps} in {phases}, written to {found.path}.")
    if found.shadows:
        say("From now on it stands before the playbook of that name that comes with the program.")
    say("Read it before you use it: commands in it are text, and nothing here runs them.")


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
