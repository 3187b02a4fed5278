"""`incident export`: an incident in the formats of the trade, for one kind of reader; and the emergency record."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from incident.cli.access import incident_of, incident_options, open_desk
from incident.cli.emergency import add_act

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

_FORMATS = (
    ("veris", "FILE", "a VERIS 1.4.1 record (JSON)"),
    ("stix", "FILE", "a STIX 2.1 bundle with the incident extension (JSON)"),
    ("misp", "FILE", "a MISP event with TLP, RSIT and GDPR tags (JSON)"),
    ("timesketch", "FILE", "the timeline for Timesketch: a file that ends in .csv or .jsonl"),
    ("csv", "FOLDER", "every list as CSV, with a README, in a new folder"),
    ("calendar", "PATH", "due dates under the code name: a file that ends in .ics, or a folder; renewed when it is there"),
)


def add(commands: "Commands") -> None:
    """Register `incident export` with one act per format."""
    export = commands.add_parser("export", help="take an incident out, for one kind of reader")
    acts = export.add_subparsers(dest="act", metavar="ACT", required=True)
    for name, place, text in _FORMATS:
        act = acts.add_parser(name, parents=[incident_options()], help=text)
        act.add_argument("--to", type=Path, required=True, metavar=place, help="where to")
        profiles = ["privileged", "regulator", "customer", "public"]
        words = "for whom: what is left out or renamed for them, and the stamp that says so (else privileged)"
        act.add_argument("--profile", choices=profiles, default="privileged", help=words)
        act.set_defaults(run=_export)
    add_act(acts)


def _export(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.output import print_json, say
    from incident.domain.profile import Profile
    from incident.usecases.exports_files import ExportFormat, export_incident

    profile = Profile(args.profile)
    with open_desk(args) as desk:
        incident = incident_of(desk, args)
        done = export_incident(desk, incident, ExportFormat(args.act), profile, to=args.to, now=clock.now())
    if args.json:
        print_json({"stamp": profile.stamp, "export": done})
        return 0
    files = "1 file" if done.files == 1 else f"{done.files} files"
    if done.format is ExportFormat.CALENDAR:
        say(f"{incident.code_name} is in {done.path} ({files}, {done.size:,} bytes): times under the code name, nothing else.")
        return 0
    say(f"{incident.reference} is in {done.path} ({files}, {done.size:,} bytes).")
    say(profile.stamp)
    say("It lies in the clear where you put it; read it before you send it.")
    return 0
