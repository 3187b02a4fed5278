"""`incident file`: record that a notice was sent — the program sends nothing itself."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from incident.cli.access import incident_of, incident_options, open_desk, zone_of
from incident.errors import ContentError

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def add(commands: "Commands") -> None:
    """Register `incident file`."""
    parser = commands.add_parser("file", parents=[incident_options()], help="record that a notice was sent")
    parser.add_argument("--notice", type=int, metavar="NUMBER", help="the notice's number in `incident notice list`")
    parser.add_argument("--version", dest="version_number", type=int, help="this one as it was, else the newest")
    parser.add_argument(
        "--obligation", default="", metavar="ID", help="sent without a notice of ours; with --notice: for this one alone"
    )
    parser.add_argument("--channel", required=True, help="portal, e-mail, post, telephone …")
    parser.add_argument("--when", default="now", help="when it was sent, as you would say it")
    parser.add_argument("--to", default="", metavar="NAME")
    parser.add_argument("--reference", default="", help="the recipient's reference number")
    parser.add_argument("--receipt", type=Path, metavar="FILE", help="the receipt; kept as evidence, its SHA-256 recorded")
    parser.add_argument("--late-reason", default="", help="why it was late, if it was")
    parser.add_argument("--for", dest="principal", default="", metavar="NAME")
    parser.set_defaults(run=_file)


def _file(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.notice import _chosen, _version_id
    from incident.cli.output import moment, print_json
    from incident.domain.moment import said
    from incident.usecases.filings import Sent, record_filing

    if args.notice is None and not args.obligation:
        raise ContentError("What was sent is not clear.", "Give --notice NUMBER, or --obligation ID, or both.")
    now = clock.now()
    with open_desk(args) as desk:
        incident, zone = incident_of(desk, args), zone_of(desk)
        version_id = None
        if args.notice is not None:
            version_id = _version_id(desk, _chosen(desk, incident, args.notice), args.version_number)
        sent = Sent(
            channel=args.channel,
            version_id=version_id,
            obligation=args.obligation,
            on_behalf_of=args.principal,
            recipient=args.to,
            reference=args.reference,
            receipt=args.receipt,
            late_reason=args.late_reason,
            as_it_was=args.version_number is not None,
        )
        made = record_filing(desk, incident, sent, said(args.when, now=now, zone=zone), now=now)
    if args.json:
        print_json(made)
        return 0
    for each in made:
        print(f"{each.obligation}: sent {moment(each.filed_at, zone)} by {each.channel}")
    return 0
