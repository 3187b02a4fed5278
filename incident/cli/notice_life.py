"""`incident notice check | diff | copy | follow-up | export`: what is missing, what changed, out into a portal or a file."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from incident.cli.access import incident_of, incident_options, open_desk
from incident.errors import ContentError, RefusedError

if TYPE_CHECKING:
    from incident.usecases.desk import Desk
    from incident.usecases.notices import Draft
    from incident.usecases.versions import VersionView

    Acts = argparse._SubParsersAction[argparse.ArgumentParser]


def add_life(acts: "Acts") -> None:
    """Register the verbs under `incident notice`."""
    for name, run, text in (
        ("check", _check, "each content element with its fact and who said so; lengths, readability, marks"),
        ("diff", _diff, "what changed since the recipient was told, or between two versions"),
        ("copy", _copy, "field by field for a portal, with ticks for what was copied"),
        ("follow-up", _follow_up, "what was promised and is still owed; begin the report that follows"),
        ("export", _export, "as an e-mail draft, plain text, or a Word document for counsel"),
    ):
        act = acts.add_parser(name, parents=[incident_options()], help=text)
        act.add_argument("number", type=int, help="the notice's number in the list")
        act.set_defaults(run=run)
        _arguments(act, name)


def _arguments(act: argparse.ArgumentParser, name: str) -> None:
    if name == "diff":
        act.add_argument("--since", type=int, metavar="VERSION", help="else the version that was sent last")
        act.add_argument("--until", type=int, metavar="VERSION", help="else the draft as it stands")
    if name in ("copy", "export"):
        act.add_argument("--version", dest="version_number", type=int, help="this one, else the newest, else the draft")
    if name == "copy":
        act.add_argument("--next", action="store_true", help="the next answer alone, as it is pasted")
        act.add_argument("--done", nargs="+", default=[], metavar="FIELD", help="these were copied")
        act.add_argument("--undone", nargs="+", default=[], metavar="FIELD", help="these were not copied after all")
    if name == "export":
        act.add_argument("form", choices=["eml", "text", "docx"])
        act.add_argument("--to", type=Path, default=Path(), metavar="FOLDER", help="else the folder you are in")
        profiles = ["privileged", "regulator", "customer", "public"]
        act.add_argument("--profile", choices=profiles, help="of a Word document: for whom (else privileged: for counsel)")


def _chosen(desk: "Desk", args: argparse.Namespace) -> "Draft":
    from incident import clock
    from incident.usecases.notices import notices

    incident = incident_of(desk, args)
    found = notices(desk, incident, now=clock.now())
    if not 1 <= args.number <= len(found):
        raise RefusedError(f"{incident.reference} has no notice {args.number}.", "`incident notice list` numbers them.")
    chosen: Draft = found[args.number - 1]
    return chosen


def _version(desk: "Desk", drafted: "Draft", number: int | None) -> "VersionView | None":
    from incident.usecases.versions import versions

    made = versions(desk, drafted.notice.id)
    found = [each for each in made if number in (None, each.version.number)]
    if number is not None and not found:
        raise RefusedError("There is no such version.", "Make one with `incident notice freeze`.")
    return found[-1] if found else None


def _check(args: argparse.Namespace) -> int:
    from incident.cli.notice_check_page import print_check
    from incident.cli.output import print_json
    from incident.usecases.notice_check import notice_check
    from incident.usecases.notice_follow_up import follow_up
    from incident.usecases.notice_reminders import foreign_words
    from incident.usecases.versions import versions

    with open_desk(args) as desk:
        drafted = _chosen(desk, args)
        following = follow_up(drafted, versions(desk, drafted.notice.id))
        foreign = foreign_words(desk, drafted)
    found = notice_check(drafted)
    if args.json:
        print_json({"check": found, "follow_up": following, "foreign_words": foreign})
    else:
        print_check(found, following, foreign)
    return 0


def _diff(args: argparse.Namespace) -> int:
    from incident.cli.output import print_json, say
    from incident.usecases.notice_compare import compare, marked

    with open_desk(args) as desk:
        found = compare(desk, _chosen(desk, args), since=args.since, until=args.until)
    if args.json:
        print_json(found)
        return 0
    say(f"From {found.before}{', which the recipient has,' if found.told else ''} to {found.after}:")
    for each in found.fields:
        print(f"\n{each.label}")
        for line in marked(each.stretches).splitlines():
            say(line, first="  ", then="  ")
    if not found.fields:
        print("Nothing changed.")
    return 0


def _copy(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.notice_check_page import print_copy
    from incident.cli.output import print_json
    from incident.usecases.notice_copy import copy_sheet, tick

    with open_desk(args) as desk:
        drafted = _chosen(desk, args)
        view = _version(desk, drafted, args.version_number)
        version = view.version if view is not None else None
        sheet = copy_sheet(desk, drafted, version)
        lines = {each.field: each for each in sheet.lines}
        for field in (*args.done, *args.undone):
            if field not in lines:
                raise ContentError(f"The sheet has no field «{field}».", f"Its fields are: {', '.join(lines)}.")
        for field in args.done:
            tick(desk, drafted, lines[field], now=clock.now())
        for field in args.undone:
            tick(desk, drafted, lines[field], now=clock.now(), copied=False)
        sheet = copy_sheet(desk, drafted, version)
    if args.json:
        print_json(sheet)
    elif args.next:
        print(sheet.next_open.text if sheet.next_open is not None else "")
    else:
        print_copy(sheet)
    return 0


def _follow_up(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.notice_output import print_draft
    from incident.cli.output import print_json, say
    from incident.usecases.notice_follow_up import begin_follow_up, follow_up
    from incident.usecases.versions import versions

    with open_desk(args) as desk:
        drafted = _chosen(desk, args)
        following = follow_up(drafted, versions(desk, drafted.notice.id))
        begun = begin_follow_up(desk, drafted, now=clock.now())
    if args.json:
        print_json({"follow_up": following, "draft": begun})
        return 0
    if following is not None:
        say(f"{following.text}.")
        if following.open:
            say(f"Still open: {'; '.join(following.open)}.")
    if begun.notice.id == drafted.notice.id:
        say(f"Notice {args.number} goes on as its own follow-up: mend it, then freeze it as supplementary or complete.")
    else:
        print_draft(begun)
    return 0


def _export(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.output import print_json, say
    from incident.domain.profile import Profile
    from incident.usecases.notice_files import NoticeFile, write_notice_file

    profile = Profile(args.profile) if args.profile else None
    if profile is not None and args.form != "docx":
        raise ContentError("A letter is for the one who gets it.", "Leave --profile out, or export docx.")
    with open_desk(args) as desk:
        drafted = _chosen(desk, args)
        whole = args.form == "docx" and args.version_number is None
        view = None if whole else _version(desk, drafted, args.version_number)
        done = write_notice_file(desk, drafted, view, NoticeFile(args.form), args.to, now=clock.now(), profile=profile)
    if args.json:
        print_json({"stamp": done.profile.stamp, "file": done})
        return 0
    say(f"{done.path}  {'APPROVED' if done.is_approved else 'DRAFT'}  SHA-256 {done.sha256[:16]}")
    say(done.profile.stamp)
    return 0
