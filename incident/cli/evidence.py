"""`incident evidence`: keep what may be evidence, hand it over, and show every act upon it."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from incident.cli.access import incident_of, incident_options, open_desk, zone_of
from incident.cli.evidence_bundle import add_bundle
from incident.errors import ContentError, RefusedError

if TYPE_CHECKING:
    from uuid import UUID

    from incident.domain.evidence import EvidenceItem
    from incident.domain.profile import Profile
    from incident.usecases.desk import Desk
    from incident.usecases.evidence import Offered

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def add(commands: "Commands") -> None:
    """Register `incident evidence …`."""
    evidence = commands.add_parser("evidence", help="keep evidence: add, verify, hand over, with its chain of custody")
    acts = evidence.add_subparsers(dest="act", metavar="ACT", required=True)
    kept = acts.add_parser("add", parents=[incident_options(), _said()], help="keep a file (or `-`: standard input)")
    kept.add_argument("file", metavar="FILE")
    kept.set_defaults(run=_add)
    listed = acts.add_parser("list", parents=[incident_options()], help="what was kept, who holds it, how it stands")
    listed.set_defaults(run=_list)
    shown = _numbered(acts, "show", "one item: its hash and its chain of custody")
    shown.set_defaults(run=_show)
    verified = acts.add_parser("verify", parents=[incident_options()], help="read items through and compare their hashes")
    verified.add_argument("number", metavar="N", type=int, nargs="?", help="one item (else all)")
    verified.set_defaults(run=_verify)
    viewed = _numbered(acts, "view", "look at an item; the look is recorded")
    viewed.add_argument("--to", type=Path, metavar="FILE", help="a file to look at (else standard output)")
    viewed.set_defaults(run=_view)
    exported = _numbered(acts, "export", "take a copy of an item out of the vault")
    exported.add_argument("--to", type=Path, metavar="FILE", required=True)
    exported.add_argument("--note", default="", help="what for")
    exported.add_argument("--profile", choices=["privileged", "regulator", "customer", "public"], help="for whom")
    exported.set_defaults(run=_export)
    _add_changes(acts)


def _add_changes(acts: "Commands") -> None:
    handed = _numbered(acts, "transfer", "hand an item over: whoever receives it holds it from now on")
    handed.add_argument("--to-whom", required=True, metavar="NAME", help="the person and their organisation")
    handed.add_argument("--note", required=True, help="what for, and how it was handed over")
    handed.add_argument("--receipt", type=Path, metavar="FILE.pdf", help="write a receipt to sign")
    handed.set_defaults(run=_transfer)
    handed.add_argument("--profile", choices=["privileged", "regulator", "customer"], help="for whom")
    add_bundle(acts)
    receipt = _numbered(acts, "receipt", "write the receipt of the last hand-over (again)")
    receipt.add_argument("--to", type=Path, metavar="FILE.pdf", required=True)
    receipt.add_argument("--language", default="en", help="of whoever signs it (en de fr es it nl pl pt)")
    receipt.set_defaults(run=_receipt)
    sealed = _numbered(acts, "seal", "close an item: it takes no further annotation")
    sealed.add_argument("--note", default="")
    sealed.set_defaults(run=_seal)
    annotated = acts.add_parser("annotate", parents=[incident_options(), _said()], help="keep a file about an item")
    annotated.add_argument("number", metavar="N", type=int)
    annotated.add_argument("file", metavar="FILE")
    annotated.set_defaults(run=_annotate)
    destroyed = _numbered(acts, "destroy", "destroy an item's bytes; the record of it stays")
    destroyed.add_argument("--reason", required=True)
    destroyed.add_argument("--basis", required=True, metavar="LAW", help="the legal basis")
    destroyed.set_defaults(run=_destroy)


def _said() -> argparse.ArgumentParser:
    said = argparse.ArgumentParser(add_help=False)
    said.add_argument("--name", default="", help="else the file's own")
    said.add_argument("--source", default="", help="where it was taken from: a host, a mailbox, a person")
    said.add_argument("--note", default="")
    said.add_argument("--privileged", action="store_true", help="for counsel's circle alone; other members do not see it")
    return said


def _numbered(acts: "Commands", name: str, text: str) -> argparse.ArgumentParser:
    parser = acts.add_parser(name, parents=[incident_options()], help=text)
    parser.add_argument("number", metavar="N", type=int, help="the item's number in `incident evidence list`")
    return parser


def _add(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.usecases.evidence import add_evidence

    now = clock.now()
    with open_desk(args) as desk:
        return _told(args, desk, add_evidence(desk, incident_of(desk, args), _content(args), _offered(args), now=now))


def _annotate(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.usecases.evidence import annotate, evidence_numbered

    with open_desk(args) as desk:
        incident = incident_of(desk, args)
        item = evidence_numbered(desk, incident, args.number)
        return _told(args, desk, annotate(desk, incident, item, _content(args), _offered(args), now=clock.now()))


def _content(args: argparse.Namespace) -> "Path | BinaryIO":
    return sys.stdin.buffer if args.file == "-" else Path(args.file)


def _offered(args: argparse.Namespace) -> "Offered":
    from incident.usecases.evidence import Offered

    name = args.name or ("standard input" if args.file == "-" else "")
    return Offered(name=name, source=args.source, note=args.note, privileged=args.privileged)


def _list(args: argparse.Namespace) -> int:
    from incident.cli.output import moment, print_json, print_table
    from incident.domain.evidence import size_text
    from incident.usecases.evidence import evidence

    with open_desk(args) as desk:
        found, zone = evidence(desk, incident_of(desk, args)), zone_of(desk)
    if args.json:
        print_json([_document(each) for each in found])
    elif not found:
        print("Nothing was kept yet. `incident evidence add FILE` keeps a file.")
    else:
        rows = [
            (str(each.number), each.name, size_text(each.size), moment(each.acquired_at, zone), _state(each), each.holder)
            for each in found
        ]
        print_table(("no", "name", "size", "acquired", "state", "holder"), rows)
    return 0


def _state(item: "EvidenceItem") -> str:
    return f"{item.state.value}, privileged" if item.privileged else item.state.value


def _profile(args: argparse.Namespace) -> "Profile | None":
    from incident.domain.profile import Profile

    return Profile(args.profile) if args.profile else None


def _show(args: argparse.Namespace) -> int:
    from incident.usecases.evidence import evidence_numbered

    with open_desk(args) as desk:
        return _told(args, desk, evidence_numbered(desk, incident_of(desk, args), args.number))


def _verify(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.output import print_json
    from incident.usecases.evidence import evidence, evidence_numbered
    from incident.usecases.evidence_reading import verify_evidence

    now = clock.now()
    with open_desk(args) as desk:
        incident = incident_of(desk, args)
        if args.number is not None:
            chosen = [evidence_numbered(desk, incident, args.number)]
        else:
            chosen = [each for each in evidence(desk, incident) if not each.is_destroyed]
        found = [verify_evidence(desk, incident, each, now=now) for each in chosen]
    if args.json:
        print_json([{"item": _document(each.item), "problem": each.problem} for each in found])
    else:
        for each in found:
            print(each.problem or f"{each.item.named} holds.")
        if not found:
            print("Nothing is kept that could be verified.")
    return 1 if any(each.problem for each in found) else 0


def _view(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.domain.evidence import CustodyAct
    from incident.usecases.evidence import evidence_numbered
    from incident.usecases.evidence_reading import view_evidence, write_evidence

    if args.to is None and args.json:
        raise ContentError("Standard output cannot hold both the item and a JSON document.", "Name a file: --to FILE.")
    if args.to is None and sys.stdout.isatty():
        raise RefusedError(
            "Evidence is not printed on a terminal: its bytes may act upon it.", "Pipe it, for example `| less`, or --to FILE."
        )
    now = clock.now()
    with open_desk(args) as desk:
        incident = incident_of(desk, args)
        item = evidence_numbered(desk, incident, args.number)
        if args.to is None:
            view_evidence(desk, incident, item, sys.stdout.buffer.write, now=now)
            sys.stdout.buffer.flush()
            return 0
        viewed = write_evidence(desk, incident, item, args.to, now=now, kind=CustodyAct.VIEWED)
        return _told(args, desk, viewed, f"{args.to}: remove it when you have looked at it.")


def _export(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.usecases.evidence import evidence_numbered
    from incident.usecases.evidence_reading import write_evidence

    with open_desk(args) as desk:
        incident = incident_of(desk, args)
        item = evidence_numbered(desk, incident, args.number)
        done = write_evidence(desk, incident, item, args.to, now=clock.now(), note=args.note, profile=_profile(args))
        return _told(args, desk, done, f"{args.to}: SHA-256 {done.sha256}")


def _transfer(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.usecases.custody_receipt import write_receipt
    from incident.usecases.evidence import evidence_numbered
    from incident.usecases.evidence_reading import transfer_custody

    now = clock.now()
    with open_desk(args) as desk:
        incident = incident_of(desk, args)
        item = evidence_numbered(desk, incident, args.number)
        done = transfer_custody(desk, incident, item, args.to_whom, now=now, note=args.note, profile=_profile(args))
        if args.receipt is not None:
            write_receipt(desk, incident, done, args.receipt, now=now, zone=zone_of(desk))
        said = f"{done.named} is held by {done.holder}." + (f" Receipt: {args.receipt}" if args.receipt else "")
        return _told(args, desk, done, said)


def _receipt(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.usecases.custody_receipt import write_receipt
    from incident.usecases.evidence import evidence_numbered

    with open_desk(args) as desk:
        incident = incident_of(desk, args)
        item = evidence_numbered(desk, incident, args.number)
        asked = {"zone": zone_of(desk), "language": args.language}
        path = write_receipt(desk, incident, item, args.to, now=clock.now(), **asked)
        return _told(args, desk, item, str(path))


def _seal(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.usecases.evidence import evidence_numbered, seal_evidence

    with open_desk(args) as desk:
        incident = incident_of(desk, args)
        item = evidence_numbered(desk, incident, args.number)
        done = seal_evidence(desk, incident, item, now=clock.now(), note=args.note)
        return _told(args, desk, done, f"{done.named} is sealed.")


def _destroy(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.usecases.evidence import evidence_numbered
    from incident.usecases.evidence_reading import destroy_evidence

    with open_desk(args) as desk:
        incident = incident_of(desk, args)
        item = evidence_numbered(desk, incident, args.number)
        done = destroy_evidence(desk, incident, item, reason=args.reason, basis=args.basis, now=clock.now())
        return _told(args, desk, done, f"{done.named} is destroyed; copies in backups and exports remain.")


def _told(args: argparse.Namespace, desk: "Desk", item: "EvidenceItem", said: str = "") -> int:
    """The item as JSON, or what was done to it; without a sentence, all of it."""
    from incident.cli.output import print_json
    from incident.usecases.desk import names

    if args.json:
        print_json(_document(item))
    elif said:
        print(said)
    else:
        _print(item, names(desk), zone_of(desk))
    return 0


def _document(item: "EvidenceItem") -> dict[str, object]:
    from dataclasses import asdict

    return {**asdict(item), "state": item.state, "holder": item.holder}


def _print(item: "EvidenceItem", people: "dict[UUID, str]", zone: str) -> None:
    from incident.cli.output import moment, print_table
    from incident.domain.evidence import grouped, size_text

    print(f"{item.number}  {item.name}  {size_text(item.size)} ({item.size:,} bytes)  {_state(item)}")
    print(f"SHA-256  {grouped(item.sha256)}")
    for label, text in (("Source", item.source), ("Note", item.note), ("Holder", item.holder)):
        if text:
            print(f"{label}  {text}")
    print()
    rows = [(moment(each.at, zone), each.act.value, people.get(each.by, ""), each.to_whom, each.note) for each in item.custody]
    print_table(("when", "act", "by", "to", "note"), rows)
