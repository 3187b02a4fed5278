"""`incident notice json`: a notice in the recipient's machine-readable form; `incident notice coverage`: what they cover."""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from incident.cli.access import incident_of, incident_options, open_desk
from incident.errors import ContentError, RefusedError

if TYPE_CHECKING:
    Acts = argparse._SubParsersAction[argparse.ArgumentParser]


def add_acts(acts: "Acts") -> None:
    """Register the two verbs under `incident notice`."""
    written = acts.add_parser("json", parents=[incident_options()], help="write it as JSON in the EDPB's common template")
    written.add_argument("number", type=int, nargs="?", help="the notice's number in the list")
    written.add_argument(
        "--version", dest="version_number", type=int, help="this one as it was, else the newest, else the draft"
    )
    written.add_argument("--to", type=Path, metavar="FILE", help="else standard output")
    written.add_argument("--schema", action="store_true", help="print the JSON Schema of these documents; needs no vault")
    written.set_defaults(run=_json)
    covered = acts.add_parser("coverage", help="which content of which law each notice covers, as Markdown")
    covered.add_argument("--json", action="store_true", help="print one JSON document")
    covered.set_defaults(run=_coverage)


def _json(args: argparse.Namespace) -> int:
    if args.schema:
        return _schema()
    if args.number is None:
        raise ContentError("The notice's number is missing.", "`incident notice list` numbers them.")
    from incident import clock
    from incident.usecases.notice_json import notice_json
    from incident.usecases.notices import notices
    from incident.usecases.versions import versions

    with open_desk(args) as desk:
        incident = incident_of(desk, args)
        found = notices(desk, incident, now=clock.now())
        if not 1 <= args.number <= len(found):
            raise RefusedError(f"{incident.reference} has no notice {args.number}.", "`incident notice list` numbers them.")
        draft = found[args.number - 1]
        made = [each.version for each in versions(desk, draft.notice.id)]
        wanted = [each for each in made if args.version_number in (None, each.number)]
        if args.version_number is not None and not wanted:
            raise RefusedError("There is no such version.", "Make one with `incident notice freeze`.")
        written = notice_json(desk, draft, wanted[-1] if wanted else None, now=clock.now())
    if written.version is None:
        print("DRAFT: nobody froze or approved this text.", file=sys.stderr)
    if written.open_rows:
        print(f"Still open: {'; '.join(written.open_rows)}", file=sys.stderr)
    return _out(args, json.dumps(written.document, ensure_ascii=False, indent=2) + "\n")


def _out(args: argparse.Namespace, text: str) -> int:
    from incident.cli.output import print_json

    if args.to is None:
        print(text, end="")
        return 0
    from incident.usecases.press import write_private

    write_private(args.to, text.encode())
    if args.json:
        print_json({"path": str(args.to)})
    else:
        print(args.to)
    return 0


def _schema() -> int:
    from incident.interchange.edpb_json import edpb_schema
    from incident.usecases.catalogue import catalogue

    print(json.dumps(edpb_schema(catalogue().template("gdpr-authority")), ensure_ascii=False, indent=2))
    return 0


def _coverage(args: argparse.Namespace) -> int:
    from incident.cli.output import print_json
    from incident.usecases.coverage import coverage, coverage_page

    if args.json:
        print_json(coverage())
    else:
        print(coverage_page(coverage()), end="")
    return 0
