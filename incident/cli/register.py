"""`incident register`: every breach and false alarm, notified or not; HIPAA's annual log; the state of every obligation."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from incident.cli.access import open_desk, vault_options, zone_of

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

_PROFILES = ("privileged", "regulator", "customer", "public")


def add(commands: "Commands") -> None:
    """Register `incident register`."""
    parser = commands.add_parser("register", parents=[vault_options()], help="the register of all breaches, notified or not")
    words = "for whom: what is left out for them, and the stamp that says so"
    parser.add_argument("--profile", choices=_PROFILES, help=words)
    parser.set_defaults(run=_register)
    acts = parser.add_subparsers(dest="act", metavar="[write]", required=False)
    write = acts.add_parser("write", parents=[vault_options()], help="write a list as .xlsx, .csv or .pdf")
    write.add_argument("--to", type=Path, required=True, metavar="FILE", help="a file that is not there yet: .xlsx, .csv, .pdf")
    write.add_argument("--list", dest="kind", choices=("breaches", "hipaa", "obligations"), default="breaches")
    write.add_argument("--year", type=int, help="of one year only (HIPAA: the year of discovery)")
    write.add_argument("--profile", choices=_PROFILES, default="privileged", help=words)
    write.set_defaults(run=_write)


def _write(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.output import print_json
    from incident.domain.profile import Profile
    from incident.usecases.register_files import Wanted, write_register
    from incident.usecases.register_lists import RegisterList

    wanted = Wanted(RegisterList(args.kind), args.year, Profile(args.profile))
    with open_desk(args) as desk:
        made = write_register(desk, wanted, args.to, now=clock.now(), zone=zone_of(desk))
    if args.json:
        print_json({"stamp": made.profile.stamp, "register": made})
        return 0
    print(f"{wanted.title}: {made.rows} {'row' if made.rows == 1 else 'rows'} in {made.path}.")
    print(made.profile.stamp)
    return 0


def _register(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.output import print_json
    from incident.domain.profile import Profile
    from incident.usecases.register import register, write_access

    profile = Profile(args.profile) if args.profile else Profile.PRIVILEGED
    with open_desk(args) as desk:
        entries = register(desk, profile)
        if args.profile:
            write_access(desk, profile, now=clock.now())
    if args.json:
        print_json({"stamp": profile.stamp, "entries": entries} if args.profile else entries)
        return 0
    if args.profile:
        print(f"{profile.stamp}\n")
    for each in entries:
        print(f"{each.incident.reference} «{each.incident.code_name}» {each.incident.title}".rstrip())
        risk = f"{each.risk} — {each.risk_reasons}" if each.risk_reasons else each.risk
        said = (("aware", each.aware), ("facts", each.facts), ("effects", each.effects))
        for name, text in (*said, ("remedial action", each.remedial_action), ("risk", risk)):
            if text:
                print(f"  {name:<17}{text}")
        for line in each.notified:
            print(f"  notified         {line}")
        print(f"  state            {each.outcome}\n")
    return 0
