"""`incident authorities`: supervisory authorities — name, seat, language of the form, zone."""

import argparse
from typing import TYPE_CHECKING

from incident.errors import RefusedError

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def add(commands: "Commands") -> None:
    """Register `incident authorities`."""
    parser = commands.add_parser("authorities", help="supervisory authorities: name, language of the form, zone")
    parser.add_argument("place", nargs="?", help="a place by code or name: DE, FR, GB, CH, DE-BY, Bavaria …")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.set_defaults(run=_authorities)


def _authorities(args: argparse.Namespace) -> int:
    from incident.cli.output import print_json, print_table, say
    from incident.content.authorities import read_authorities
    from incident.usecases.law_names import place_meant

    table = read_authorities()
    found = table.of(place_meant(args.place)) if args.place else table.authorities
    if not found:
        raise RefusedError(f"No authority is known for «{args.place}».", "The EEA, the German Länder, GB and CH are known.")
    if args.json:
        print_json(found)
        return 0
    rows = [
        (
            each.place,
            f"{each.name}{f' ({each.competent_for})' if each.competent_for else ''}",
            ", ".join(each.languages),
            each.seat,
            each.zone,
        )
        for each in found
    ]
    print_table(("place", "authority", "form in", "seat", "zone"), rows)
    print()
    say(f"Checked on {table.checked_on}; channels and addresses were not: look them up on the authority's own site.")
    return 0
