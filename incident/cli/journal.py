"""`incident journal`: verify the log of everything that was changed, anchor it elsewhere, prove and export it."""

import argparse
import json
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from incident.cli.access import open_desk, vault_options, zone_of
from incident.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from incident.usecases.desk import Desk

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

_QUARTER = "92 days ago"


def add(commands: "Commands") -> None:
    """Register `incident journal …`."""
    journal = commands.add_parser("journal", help="verify the log of everything that was changed")
    acts = journal.add_subparsers(dest="act", metavar="ACT", required=True)

    def act(name: str, run: "Callable[[argparse.Namespace], int]", text: str) -> argparse.ArgumentParser:
        parser = acts.add_parser(name, parents=[vault_options()], help=text, description=text)
        parser.set_defaults(run=run)
        return parser

    verify = act("verify", _verify, "check every entry and checkpoint; name the first that does not hold")
    verify.add_argument("--phrase", metavar="WORDS", default="", help="eight words from paper: are they in this journal?")
    verify.add_argument("--anchor", type=Path, metavar="FILE", help="a file of anchors: does every line of it hold?")
    act("head", _head, "the newest entry, as eight words to write down")
    act("list", _list, "the entries: when, who, what act")
    anchor = act("anchor", _anchor, "remember where the journal stands, outside the vault")
    anchor.add_argument("--to", type=Path, metavar="FILE", help="append a signed line to this file, best on a USB stick")
    accept = act("accept", _accept, "go on from a restored backup that the anchors contradict; recorded")
    accept.add_argument("--reason", required=True, help="why the journal is older than what was seen before")
    prove = act("prove", _prove, "prove one entry to somebody who may see nothing else")
    prove.add_argument("entry", type=int, metavar="ENTRY", help="the entry's number")
    prove.add_argument("--to", type=Path, metavar="FILE", help="write the proof here, not on the screen")
    export = act("export", _export, "write the journal for an auditor, with what is needed to check it")
    export.add_argument("--to", type=Path, metavar="FOLDER", required=True, help="a folder that is not there yet")
    profiles = ["privileged", "regulator", "customer", "public"]
    export.add_argument("--profile", choices=profiles, default="regulator", help="for whom; the stamp says so (else regulator)")
    access = act("access", _access, "who looked at or took out what: the quarterly review")
    access.add_argument("--since", metavar="TIME", help="from when (else the last 92 days)")
    access.add_argument("--until", metavar="TIME", default="now", help="until when (else now)")


@contextmanager
def _anchored_desk(args: argparse.Namespace) -> "Iterator[Desk]":
    from incident.usecases.journal import with_system_keyring

    with open_desk(args) as desk:
        yield with_system_keyring(desk)


def _verify(args: argparse.Namespace) -> int:
    from incident.cli.output import print_json
    from incident.usecases.journal import verify

    with _anchored_desk(args) as desk:
        report = verify(desk, phrase=args.phrase, anchor_file=args.anchor)
    if args.json:
        print_json(report)
    elif report.problems:
        count = len(report.problems)
        print(f"The journal does not hold. {count} {'problem' if count == 1 else 'problems'}; the first:")
        print(f"  {report.problems[0]}")
        for each in report.problems[1:5]:
            print(f"  {each}")
    else:
        head = f"head {report.head.hash[:16]} «{report.head.phrase}»"
        print(f"The journal holds: {report.entries} entries, {report.checkpoints} signed checkpoints, {head}.")
        print(
            f"It agrees with: {'; '.join(report.found)}." if report.found else "No anchor outside it was there to compare with."
        )
    return 1 if report.problems else 0


def _head(args: argparse.Namespace) -> int:
    from incident.cli.output import print_json

    with _anchored_desk(args) as desk:
        head = desk.workspace.head()
    if args.json:
        print_json({"seq": head.seq, "hash": head.hash, "phrase": head.phrase})
    else:
        print(f"entry {head.seq}  {head.hash}\n{head.phrase}")
    return 0


def _list(args: argparse.Namespace) -> int:
    from incident.cli.output import plain
    from incident.usecases.desk import names
    from incident.usecases.journal import each_entry

    with open_desk(args) as desk:
        people = names(desk)
        if args.json:
            between = "[\n"
            for entry in each_entry(desk):
                print(between + json.dumps(plain(entry), ensure_ascii=False), end="")
                between = ",\n"
            print("[]" if between == "[\n" else "\n]")
            return 0
        for entry in each_entry(desk):
            print(f"{entry.seq:>7}  {entry.at:%Y-%m-%d %H:%M:%S} UTC  {people.get(entry.by, '—'):<24}  {entry.act}")
    return 0


def _anchor(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.output import print_json
    from incident.usecases.journal import anchor

    with _anchored_desk(args) as desk:
        head = anchor(desk, to=args.to, now=clock.now())
        kept = ["the vault's folder"] + ["the keyring"] * (desk.workspace.keyring is not None)
    kept += [str(args.to)] * (args.to is not None)
    if args.json:
        print_json({"seq": head.seq, "hash": head.hash, "phrase": head.phrase, "kept": kept})
    else:
        print(f"entry {head.seq} is remembered in: {', '.join(kept)}.\nOn paper: {head.phrase}")
    return 0


def _accept(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.output import print_json
    from incident.usecases.journal import accept

    with _anchored_desk(args) as desk:
        head = accept(desk, reason=args.reason, now=clock.now())
    if args.json:
        print_json({"seq": head.seq, "hash": head.hash, "phrase": head.phrase})
    else:
        print(f"Accepted and recorded as entry {head.seq}; the anchors stand there now.")
    return 0


def _prove(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.output import print_json
    from incident.usecases.journal import prove

    with open_desk(args) as desk:
        made = prove(desk, args.entry, to=args.to, now=clock.now())
    if args.json or args.to is None:
        print_json(made)
    else:
        print(f"The proof of entry {args.entry} is in {args.to}; scripts/verify_journal.py checks it without this program.")
    return 0


def _export(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.output import print_json
    from incident.domain.profile import Profile
    from incident.usecases.journal import export

    with open_desk(args) as desk:
        done = export(desk, args.to, now=clock.now(), profile=Profile(args.profile))
    if args.json:
        print_json(done)
    else:
        print(f"{done.entries} entries and {done.checkpoints} checkpoints are in {done.folder}.")
        print("INSTRUCTIONS.txt in it says how to check them without this program.")
    return 0


def _access(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.output import moment, print_json, print_table
    from incident.usecases.access import access_review

    now = clock.now()
    with open_desk(args) as desk:
        zone = zone_of(desk)
        since, until = (_instant(text, now, zone) for text in (args.since or _QUARTER, args.until))
        review = access_review(desk, since=since, until=until)
    if args.json:
        print_json(review)
        return 0
    rows = [
        (
            each.name,
            each.incident,
            each.act.value,
            str(each.times),
            moment(each.first_at, zone),
            moment(each.last_at, zone),
            each.what,
        )
        for each in review.lines
    ]
    print(f"From {moment(since, zone)} to {moment(until, zone)}:")
    print_table(("who", "incident", "act", "days", "first", "last", "what"), rows)
    return 0


def _instant(text: str, now: "datetime", zone: str) -> "datetime":
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from incident.domain.moment import said

    meant = said(text, now=now, zone=zone)
    if meant.at is not None:
        return meant.at
    if meant.on is None:
        raise RefusedError(f"«{text}» is no time.", "Give a day such as 2026-03-01, or `-30 d`.")
    return datetime(meant.on.year, meant.on.month, meant.on.day, tzinfo=ZoneInfo(zone))
