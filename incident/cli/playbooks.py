"""`incident playbooks`: list them, read one, check the files."""

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def add(commands: "Commands") -> None:
    """Register `incident playbooks …`."""
    group = commands.add_parser("playbooks", help="the playbooks: list, show, check")
    acts = group.add_subparsers(dest="act", metavar="ACT", required=True)
    listed = acts.add_parser("list", help="every playbook")
    listed.add_argument("--json", action="store_true", help="print one JSON document")
    listed.set_defaults(run=_list)
    show = acts.add_parser("show", help="one playbook as a page to read")
    show.add_argument("playbook")
    show.add_argument("--json", action="store_true", help="print one JSON document")
    show.set_defaults(run=_show)
    check = acts.add_parser("check", help="what is wrong with playbooks and notice templates, with file and line")
    check.add_argument("--json", action="store_true", help="print one JSON document")
    check.set_defaults(run=_check)


def _list(args: argparse.Namespace) -> int:
    from incident.cli.output import print_json, print_table
    from incident.usecases.catalogue import catalogue

    found = sorted(catalogue().playbooks.values(), key=lambda each: each.slug)
    if args.json:
        print_json([{"slug": each.slug, "title": each.title, "steps": len(each.steps)} for each in found])
    else:
        print_table(("playbook", "steps", "title"), [(each.slug, str(len(each.steps)), each.title) for each in found])
    return 0


def _show(args: argparse.Namespace) -> int:
    from incident.cli.output import print_json
    from incident.content.playbook_document import playbook_text, playbook_to_document
    from incident.usecases.catalogue import catalogue

    playbook = catalogue().playbook(args.playbook)
    if args.json:
        print_json(playbook_to_document(playbook))
    else:
        print(playbook_text(playbook))
    return 0


def _check(args: argparse.Namespace) -> int:
    from incident.cli.output import print_json
    from incident.usecases.catalogue import catalogue

    problems = catalogue().problems
    if args.json:
        print_json(problems)
    elif not problems:
        print(f"{len(catalogue().playbooks)} playbooks and {len(catalogue().templates)} notice templates are sound.")
    else:
        for each in problems:
            print(each)
    return 2 if problems else 0
