"""`incident journal`: verify the chain of everything that was changed, show its head, list its entries."""

import argparse
from typing import TYPE_CHECKING

from incident.cli.access import open_desk, vault_options

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def add(commands: "Commands") -> None:
    """Register `incident journal …`."""
    journal = commands.add_parser("journal", help="verify the log of everything that was changed")
    acts = journal.add_subparsers(dest="act", metavar="ACT", required=True)
    verify = acts.add_parser("verify", parents=[vault_options()], help="check every entry; name the first that fails")
    verify.set_defaults(run=_verify)
    head = acts.add_parser("head", parents=[vault_options()], help="the newest entry, as eight words to write down")
    head.set_defaults(run=_head)
    listed = acts.add_parser("list", parents=[vault_options()], help="the entries: when, who, what act")
    listed.set_defaults(run=_list)


def _verify(args: argparse.Namespace) -> int:
    from incident.cli.output import print_json

    with open_desk(args) as desk:
        report = desk.workspace.verify()
    if args.json:
        print_json(report)
    elif report.problems:
        print(f"The journal does not hold. {len(report.problems)} problems; the first:")
        print(f"  {report.problems[0]}")
    else:
        print(f"The journal holds: {report.entries} entries, head {report.head.hash[:16]} «{report.head.phrase}».")
    return 1 if report.problems else 0


def _head(args: argparse.Namespace) -> int:
    from incident.cli.output import print_json

    with open_desk(args) as desk:
        head = desk.workspace.head()
    if args.json:
        print_json(head)
    else:
        print(f"entry {head.seq}  {head.hash}\n{head.phrase}")
    return 0


def _list(args: argparse.Namespace) -> int:
    from incident.cli.output import print_json, print_table
    from incident.usecases.desk import names

    with open_desk(args) as desk:
        entries, people = desk.workspace.entries(), names(desk)
    if args.json:
        print_json(entries)
        return 0
    rows = [(str(each.seq), f"{each.at:%Y-%m-%d %H:%M:%S} UTC", people.get(each.by, "—"), each.act) for each in entries]
    print_table(("entry", "at", "by", "act"), rows)
    return 0
