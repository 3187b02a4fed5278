"""`incident evidence bundle`: items with their chain of custody in one encrypted file for somebody outside."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from incident.cli.access import first_line, incident_of, incident_options, open_desk, typed
from incident.errors import RefusedError

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def add_bundle(acts: "Commands") -> None:
    """Register `incident evidence bundle`."""
    text = "items with their chain of custody in one age file for somebody outside (extra `age`)"
    bundle = acts.add_parser("bundle", parents=[incident_options()], help=text, description=text)
    bundle.add_argument("numbers", metavar="N", type=int, nargs="+", help="the items' numbers in `incident evidence list`")
    bundle.add_argument("--to", type=Path, metavar="FILE.age", required=True, help="the file to write")
    bundle.add_argument("--to-whom", required=True, metavar="NAME", help="the person and their organisation")
    bundle.add_argument("--note", required=True, help="what for, and how it is handed over")
    bundle.add_argument(
        "--to-recipient",
        metavar="KEY",
        action="append",
        default=[],
        help="their public key: age1…, ssh-ed25519 …; may be given several times",
    )
    bundle.add_argument("--passphrase", action="store_true", help="no key of theirs: a passphrase, typed twice")
    bundle.add_argument("--bundle-passphrase-file", type=Path, metavar="FILE", help="the passphrase in a file's first line")
    bundle.add_argument(
        "--profile",
        choices=["privileged", "regulator", "customer"],
        default="regulator",
        help="for whom: what is left out for them, and the stamp that says so (else regulator)",
    )
    bundle.set_defaults(run=_bundle)


def _bundle(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.output import print_json
    from incident.domain.profile import Profile
    from incident.usecases.evidence import evidence_numbered
    from incident.usecases.evidence_bundle import HandOver, write_bundle

    to = HandOver(args.to_whom, args.note, tuple(args.to_recipient), _passphrase(args), Profile(args.profile))
    to.check()
    with open_desk(args) as desk:
        incident = incident_of(desk, args)
        items = [evidence_numbered(desk, incident, number) for number in dict.fromkeys(args.numbers)]
        made = write_bundle(desk, incident, items, args.to, to, now=clock.now())
    if args.json:
        numbers = [each.number for each in made.items]
        print_json({"file": made.path, "key_file": made.key_path, "items": numbers, "opened_by": made.opened_by})
        return 0
    print(f"{made.path}: {len(made.items)} {'item' if len(made.items) == 1 else 'items'} for {args.to_whom}.")
    if made.key_path is not None:
        print(f"{made.key_path}: send it along; the passphrase opens it. Tell the passphrase another way.")
    print(f"They open it with: {made.opened_by}")
    return 0


def _passphrase(args: argparse.Namespace) -> str:
    if args.bundle_passphrase_file is not None:
        return first_line(args.bundle_passphrase_file)
    if not args.passphrase:
        return ""
    first = typed("Choose a passphrase for the bundle")
    if typed("The same again") != first:
        raise RefusedError("The two passphrases differ.", "Start again; nothing was written.")
    return first
