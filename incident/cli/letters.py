"""`incident letters`: letters to the people affected, from recipients' files to a folder for the post."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from incident.cli.access import incident_of, incident_options, open_desk
from incident.errors import ContentError

if TYPE_CHECKING:
    from uuid import UUID

    from incident.domain.incident import Incident
    from incident.usecases.desk import Desk
    from incident.usecases.letters import RunOrder

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def add(commands: "Commands") -> None:
    """Register `incident letters`."""
    letters = commands.add_parser(
        "letters", help="letters to the people affected: check recipients' files, press, count returns"
    )
    acts = letters.add_subparsers(dest="act", metavar="ACT", required=True)
    check = acts.add_parser(
        "check", parents=[incident_options(), _rows()], help="count recipients; every bad row with its reason"
    )
    check.add_argument(
        "--rejected", type=Path, metavar="FILE", help="rows without a letter (else rejected.csv beside the first)"
    )
    check.add_argument("--record-people", action="store_true", help="record the counts as the fact `people`")
    check.set_defaults(run=_check)
    press = acts.add_parser("press", parents=[incident_options(), _rows()], help="make all letters; given again, it goes on")
    _press_options(press)
    press.set_defaults(run=_press)
    returned = acts.add_parser(
        "returned", parents=[incident_options()], help="undeliverable letters: counts by reason and place"
    )
    returned.add_argument("file", type=Path, metavar="FILE", help="CSV with reference (or key) and reason")
    returned.add_argument("--manifest", type=Path, metavar="FILE", help="the run's manifest.csv: says where each person lives")
    returned.add_argument("--record-people", action="store_true", help="record the counts as unreachable people")
    returned.set_defaults(run=_returned)
    runs = acts.add_parser("runs", parents=[incident_options()], help="the runs of the press so far")
    runs.set_defaults(run=_runs)


def _rows() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(add_help=False)
    options.add_argument("files", nargs="+", type=Path, metavar="FILE", help="recipients: CSV or XLSX with a header")
    group = options.add_argument_group("rows")
    group.add_argument("--map", action="append", default=[], metavar="ROLE=COLUMN", help="name a column by hand; remembered")
    group.add_argument(
        "--notice", action="append", type=int, default=[], metavar="NO", help="a letter, by its number in the list"
    )
    group.add_argument("--country", default="", metavar="CODE", help="of rows that name none")
    group.add_argument("--from", dest="home", default="", metavar="CODE", help="the sender's country (else the organisation's)")
    group.add_argument("--language", default="", metavar="CODE", help="of rows that name none (else the first letter's)")
    group.add_argument("--language-else", default="", metavar="CODE", help="for people in whose language there is no letter")
    group.add_argument("--keep-same-person", action="store_true", help="two rows with one name and address are two people")
    return options


def _press_options(press: argparse.ArgumentParser) -> None:
    press.add_argument(
        "--to", type=Path, required=True, metavar="FOLDER", help="a new folder, or that of the run to go on with"
    )
    press.add_argument(
        "--make", dest="output", default="zip", choices=["zip", "folder", "pdf", "print", "eml"], help="what is made (else zip)"
    )
    press.add_argument(
        "--codes", type=Path, metavar="FILE", help="enrolment codes, one a line: each letter gets one of its own"
    )
    press.add_argument("--shard", default="1/1", metavar="K/N", help="make the K-th of N parts; together they are everything")
    press.add_argument("--duplex", action="store_true", help="every letter begins on a front side")
    press.add_argument("--separators", action="store_true", help="a sheet before each batch that says what it holds")
    press.add_argument("--window", default="", choices=["", "din5008", "bs4264", "us10"], help="the envelope's window")
    press.add_argument(
        "--font", action="append", type=Path, default=[], metavar="FILE", help="a further font, for other scripts"
    )
    press.add_argument("--without-email", action="store_true", help="leave out whoever agreed to e-mail")
    press.add_argument("--keep-manifest", action="store_true", help="keep the manifest in the vault, too")
    press.add_argument("--proof", action="store_true", help="at most 20 letters of a version not approved yet, marked DRAFT")
    press.add_argument("--processes", type=int, default=0, metavar="N", help="else one for each core")


def _order(desk: "Desk", incident: "Incident", args: argparse.Namespace) -> "RunOrder":
    from incident.domain.letters import Output
    from incident.usecases.letters import RunOrder

    given = vars(args)
    return RunOrder(
        files=tuple(args.files),
        folder=given.get("to") or Path(),
        output=Output(given.get("output", "zip")),
        version_ids=_versions(desk, incident, args),
        mapping=_mapping(args.map),
        codes=given.get("codes"),
        country=args.country.upper(),
        home=args.home,
        language=args.language,
        language_else=args.language_else,
        shard=_shard(given.get("shard", "1/1")),
        duplex=given.get("duplex", False),
        separators=given.get("separators", False),
        window=given.get("window", ""),
        fonts={each.name: each for each in given.get("font", [])},
        proof=given.get("proof", False),
        keep_manifest=given.get("keep_manifest", False),
        keep_same_person=args.keep_same_person,
        without_email=given.get("without_email", False),
        processes=given.get("processes", 0),
    )


def _mapping(given: list[str]) -> dict[str, str]:
    found = {}
    for each in given:
        role, sign, column = each.partition("=")
        if not sign or not column.strip():
            raise ContentError(f"«{each}» names no column.", "Write --map city=Ort.")
        found[role.strip()] = column.strip()
    return found


def _shard(said: str) -> tuple[int, int]:
    at, _, of = said.partition("/")
    if not (at.isdecimal() and of.isdecimal() and len(said) < 10):
        raise ContentError(f"«{said}» is no shard.", "Write --shard 2/4.")
    return int(at), int(of)


def _versions(desk: "Desk", incident: "Incident", args: argparse.Namespace) -> "tuple[UUID, ...]":
    from incident import clock
    from incident.usecases.letters_choice import chosen_versions

    return chosen_versions(desk, incident, args.notice, proof=vars(args).get("proof", False), now=clock.now())


def _check(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.letters_output import print_checked, rejected_line
    from incident.cli.output import print_json
    from incident.usecases.letters import check, window_of
    from incident.usecases.letters_texts import letter_texts

    with open_desk(args) as desk:
        incident = incident_of(desk, args)
        order = _order(desk, incident, args)
        texts = (
            letter_texts(desk, incident, order.version_ids, window=window_of(desk, order), sheets=False)
            if args.notice
            else None
        )
        rejected_to = args.rejected or args.files[0].parent / "rejected.csv"
        found = check(
            desk,
            incident,
            order,
            now=clock.now(),
            rejected_to=rejected_to,
            told=rejected_line([each.name for each in args.files], quiet=args.json),
            texts=texts,
            record_people=args.record_people,
        )
    if args.json:
        print_json(found)
    else:
        print_checked(found)
    return 0


def _press(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.letters_output import ProgressLine, print_pressed, until_interrupted
    from incident.cli.output import print_json
    from incident.usecases.letters_press import press_letters

    with open_desk(args) as desk:
        incident = incident_of(desk, args)
        order = _order(desk, incident, args)
        line = ProgressLine(clock.monotonic)
        with until_interrupted() as interrupted:
            result = press_letters(desk, incident, order, now=clock.now(), told=line.told, cancelled=interrupted)
        line.close()
    if args.json:
        print_json(result)
    else:
        print_pressed(result)
    return 0 if result.state == "finished" else 130


def _returned(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.letters_output import print_returned
    from incident.cli.output import print_json
    from incident.usecases.letters_returned import returned

    with open_desk(args) as desk:
        incident = incident_of(desk, args)
        found = returned(desk, incident, args.file, args.manifest, record_people=args.record_people, now=clock.now())
    if args.json:
        print_json(found)
    else:
        print_returned(found)
    return 0


def _runs(args: argparse.Namespace) -> int:
    from incident.cli.letters_output import print_runs
    from incident.cli.output import print_json
    from incident.usecases.letters_returned import runs

    with open_desk(args) as desk:
        found = runs(desk, incident_of(desk, args))
        zone = desk.me.zone
    if args.json:
        print_json(found)
    else:
        print_runs(found, zone)
    return 0
