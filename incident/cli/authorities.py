"""`incident authorities`: supervisory authorities — name, seat, language of the form, zone."""

import argparse
from typing import TYPE_CHECKING

from incident.errors import RefusedError

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def add(commands: "Commands") -> None:
    """Register `incident authorities`."""
    parser = commands.add_parser("authorities", help="supervisory authorities: name, language of the form, zone")
    parser.add_argument("place", nargs="?", help="a place code: DE, FR, GB, CH, DE-BY …")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.set_defaults(run=_authorities)


def _authorities(args: argparse.Namespace) -> int:
    from incident.cli.output import print_json, print_table
    from incident.content.authorities import read_authorities

    table = read_authorities()
    found = table.of(args.place.upper()) if args.place else table.authorities
    if not found:
        raise RefusedError(f"No authority is known for «{args.place}».", "The EEA, the German Länder, GB and CH are known.")
    if args.json:
        print_json(found)
        return 0
    rows = [
        (
            each.place,
            ", ".join(each.languages),
            each.zone,
            each.seat,
            f"{each.name}{f' ({each.competent_for})' if each.competent_for else ''}",
        )
        for each in found
    ]
    print_table(("place", "form in", "zone", "seat", "authority"), rows)
    print(f"\nChecked on {table.checked_on}; channels and addresses were not: look them up on the authority's own site.")
    return 0
