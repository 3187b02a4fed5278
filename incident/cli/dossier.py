"""`incident dossier`: everything about an incident in one ZIP that a stranger checks without this program."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from incident.cli.access import incident_of, incident_options, open_desk, zone_of

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def add(commands: "Commands") -> None:
    """Register `incident dossier`."""
    text = "one ZIP: documents, filings, receipts, decisions, journal proofs, evidence list; checked without this program"
    dossier = commands.add_parser("dossier", parents=[incident_options()], help=text, description=text)
    dossier.add_argument("--to", type=Path, metavar="FILE.zip", help="a file that is not there yet (else named after it, here)")
    profiles = ["privileged", "regulator", "customer", "public"]
    words = "for whom: what is left out for them, and the stamp that says so (else regulator)"
    dossier.add_argument("--profile", choices=profiles, default="regulator", help=words)
    dossier.set_defaults(run=_dossier)


def _dossier(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.output import print_json, say
    from incident.domain.profile import Profile
    from incident.usecases.dossier import write_dossier

    profile = Profile(args.profile)
    with open_desk(args) as desk:
        incident = incident_of(desk, args)
        path = args.to or Path(f"{incident.reference}_dossier_{profile.value}.zip")
        made = write_dossier(desk, incident, path, now=clock.now(), zone=zone_of(desk), profile=profile)
    if args.json:
        print_json({"stamp": profile.stamp, "dossier": made})
        return 0
    say(
        f"{made.path}: {made.files} files; {made.documents} frozen texts, {made.receipts} receipts, "
        f"{made.entries} journal entries with proofs."
    )
    for each in made.left_out:
        say(f"Not in it: {each}.")
    say(profile.stamp)
    say("READ-ME-FIRST.txt in it says how a stranger checks it. The hash of its list of hashes, to read out:")
    print(f"  {made.manifest_sha256}")
    return 0
