"""`incident register`: every breach and false alarm, notified or not, with its reasons."""

import argparse
from typing import TYPE_CHECKING

from incident.cli.access import open_desk, vault_options

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def add(commands: "Commands") -> None:
    """Register `incident register`."""
    parser = commands.add_parser("register", parents=[vault_options()], help="the register of all breaches, notified or not")
    parser.set_defaults(run=_register)


def _register(args: argparse.Namespace) -> int:
    from incident.cli.output import print_json
    from incident.usecases.register import register

    with open_desk(args) as desk:
        entries = register(desk)
    if args.json:
        print_json(entries)
        return 0
    for each in entries:
        print(f"{each.incident.reference} «{each.incident.code_name}» {each.incident.title}")
        print(f"  aware            {each.aware}")
        print(f"  facts            {each.facts}")
        print(f"  effects          {each.effects}")
        print(f"  remedial action  {each.remedial_action}")
        print(f"  risk             {each.risk}{f' — {each.risk_reasons}' if each.risk_reasons else ''}")
        for line in each.notified:
            print(f"  notified         {line}")
        print(f"  state            {each.outcome}\n")
    return 0
