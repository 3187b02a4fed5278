"""`incident notice`: begin, show, edit, freeze a version, approve it as the second person, write the PDF."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from incident.cli.access import incident_of, incident_options, open_desk
from incident.cli.notice_edit import edit, edit_arguments
from incident.cli.notice_json import add_acts
from incident.cli.notice_life import add_life
from incident.errors import RefusedError

if TYPE_CHECKING:
    from uuid import UUID

    from incident.domain.incident import Incident
    from incident.usecases.desk import Desk
    from incident.usecases.notices import Draft

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def add(commands: "Commands") -> None:
    """Register `incident notice …`."""
    notice = commands.add_parser("notice", help="draft, check, freeze, approve and print a notice")
    acts = notice.add_subparsers(dest="act", metavar="ACT", required=True)
    kinds = acts.add_parser("templates", help="the notices this version can write")
    kinds.add_argument("--duty", default="", metavar="ID", help="only those that meet this duty (us-ny/attorney-general)")
    kinds.add_argument("--json", action="store_true", help="print one JSON document")
    kinds.set_defaults(run=_templates)
    begin = acts.add_parser("begin", parents=[incident_options()], help="begin a notice")
    begin.add_argument("template", help="which notice; `incident notice templates` lists them")
    begin.add_argument("--to", default="", metavar="NAME", help="the recipient")
    begin.add_argument("--address", default="", help="the recipient's address, lines separated by `;`")
    begin.add_argument("--language", default="", help="else that of the authority's form, else en")
    begin.add_argument("--for", dest="principal", default="", metavar="NAME", help="for a principal who delegated it")
    begin.add_argument("--obligation", action="append", default=[], metavar="ID", help="else those owed")
    begin.set_defaults(run=_begin)
    listed = acts.add_parser("list", parents=[incident_options()], help="the notices of an incident")
    listed.set_defaults(run=_list)
    for name, run, text in (
        ("show", _show, "fields, completeness, versions"),
        ("edit", edit, "write a field in the notice's own words"),
        ("to", _to, "say to whom it goes"),
        ("language", _language, "write it in another language"),
        ("drop", _drop, "take away a notice, or one version of it, that nobody signed, refused or sent"),
        ("freeze", _freeze, "make a version of the text as it stands"),
        ("approve", _approve, "sign a version as the second person, or refuse it"),
        ("pdf", _pdf, "write a version's PDF"),
    ):
        act = acts.add_parser(name, parents=[incident_options()], help=text)
        act.add_argument("number", type=int, help="the notice's number in the list")
        act.set_defaults(run=run)
        _arguments(act, name)
    add_acts(acts)
    add_life(acts)


def _arguments(act: argparse.ArgumentParser, name: str) -> None:
    more = {"edit": edit_arguments, "drop": _drop_arguments}.get(name)
    if more is not None:
        more(act)
    if name == "to":
        act.add_argument("name")
        act.add_argument("--address", default="", help="lines separated by `;`")
    if name == "language":
        act.add_argument("language", help="de, en, fr …")
    if name == "freeze":
        kinds = ["initial", "supplementary", "complete", "withdrawal"]
        act.add_argument("--kind", default="complete", choices=kinds)
        act.add_argument("--as-written", action="store_true", help="also when people would find it hard to read")
    if name in ("approve", "pdf"):
        act.add_argument("--version", dest="version_number", type=int, help="this one as it was, else the newest")
    if name == "approve":
        act.add_argument("--refuse", action="store_true", help="do not sign; say why with --note")
        act.add_argument("--note", default="")
    if name == "pdf":
        act.add_argument("--to", type=Path, default=Path(), metavar="FOLDER", help="else the folder you are in")


def _drop_arguments(act: argparse.ArgumentParser) -> None:
    act.add_argument("--version", dest="version_number", type=int, help="this version alone; the notice goes on")


def _templates(args: argparse.Namespace) -> int:
    from incident.cli.output import print_json, print_table
    from incident.usecases.catalogue import catalogue

    every = sorted(catalogue().templates.values(), key=lambda each: each.slug)
    found = [each for each in every if not args.duty or each.meets(args.duty) or args.duty in each.duties]
    if args.json:
        print_json(found)
        return 0
    rows = [(each.slug, each.form.value, ", ".join(each.languages), each.title) for each in found]
    print_table(("template", "form", "languages", "title"), rows)
    return 0


def _chosen(desk: "Desk", incident: "Incident", number: int) -> "Draft":
    from incident import clock
    from incident.usecases.notices import notices

    found = notices(desk, incident, now=clock.now())
    if not 1 <= number <= len(found):
        raise RefusedError(f"{incident.reference} has no notice {number}.", "`incident notice list` numbers them.")
    return found[number - 1]


def _version_id(desk: "Desk", draft: "Draft", number: int | None) -> "UUID":
    from incident.usecases.press import version_numbered

    row = version_numbered(desk, draft.notice.id, number)
    if row is None:
        raise RefusedError("There is no such version.", "Make one with `incident notice freeze`.")
    return row.id


def _begin(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.usecases.notices import NewNotice, begin

    new = NewNotice(
        template=args.template,
        language=args.language,
        recipient_name=args.to,
        recipient_address="\n".join(part.strip() for part in args.address.split(";") if part.strip()),
        on_behalf_of=args.principal,
        obligations=tuple(args.obligation),
    )
    with open_desk(args) as desk:
        draft = begin(desk, incident_of(desk, args), new, now=clock.now())
    return _print_draft(args, draft)


def _print_draft(args: argparse.Namespace, draft: "Draft") -> int:
    from incident.cli.notice_output import print_draft
    from incident.cli.output import print_json

    if args.json:
        print_json(draft)
    else:
        print_draft(draft)
    return 0


def _list(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.notice_output import print_notices
    from incident.cli.output import print_json
    from incident.usecases.notices import notices
    from incident.usecases.versions import versions, void_by_change

    with open_desk(args) as desk:
        found = notices(desk, incident_of(desk, args), now=clock.now())
        made = [versions(desk, each.notice.id) for each in found]
    if args.json:
        print_json(
            [
                {"draft": draft, "versions": held, "void": void_by_change(draft, held[-1]) if held else ""}
                for draft, held in zip(found, made, strict=True)
            ]
        )
    else:
        print_notices(found, made)
    return 0


def _show(args: argparse.Namespace) -> int:
    with open_desk(args) as desk:
        draft = _chosen(desk, incident_of(desk, args), args.number)
    return _print_draft(args, draft)


def _to(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.usecases.notices import set_recipient

    address = "\n".join(part.strip() for part in args.address.split(";") if part.strip())
    with open_desk(args) as desk:
        notice_id = _chosen(desk, incident_of(desk, args), args.number).notice.id
        draft = set_recipient(desk, notice_id, name=args.name, address=address, now=clock.now())
    return _print_draft(args, draft)


def _language(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.usecases.notice_changes import set_language

    with open_desk(args) as desk:
        notice_id = _chosen(desk, incident_of(desk, args), args.number).notice.id
        draft = set_language(desk, notice_id, args.language, now=clock.now())
    return _print_draft(args, draft)


def _drop(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.output import print_json
    from incident.usecases.notice_changes import drop, drop_version

    with open_desk(args) as desk:
        draft = _chosen(desk, incident_of(desk, args), args.number)
        if args.version_number is not None:
            drop_version(desk, _version_id(desk, draft, args.version_number), now=clock.now())
        else:
            drop(desk, draft.notice.id, now=clock.now())
    if args.json:
        print_json({"dropped": str(draft.notice.id), "version": args.version_number})
    elif args.version_number is not None:
        print(f"Dropped: version {args.version_number}. The notice goes on.")
    else:
        print(f"Dropped: {draft.template.title}. The notices after it move up by one.")
    return 0


def _freeze(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.notice_output import print_stand_ins
    from incident.cli.output import print_json, say
    from incident.domain.notice import NoticeKind
    from incident.usecases.notice_reminders import foreign_words
    from incident.usecases.versions import freeze, kept_page

    with open_desk(args) as desk:
        draft = _chosen(desk, incident_of(desk, args), args.number)
        version = freeze(desk, draft.notice.id, NoticeKind(args.kind), now=clock.now(), as_written=args.as_written)
        foreign = foreign_words(desk, draft)
    if args.json:
        print_json(version)
    else:
        print(f"Version {version.number} ({version.kind.value}), content {version.content_hash[:16]}.")
        print_stand_ins(kept_page(version).stand_ins)
        for one in foreign:
            say(f"! {one.label}: {one.text}", then="  ")
        print("A second person now approves it: `incident notice approve`.")
    return 0


def _approve(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.output import print_json
    from incident.usecases.versions import approve

    with open_desk(args) as desk:
        draft = _chosen(desk, incident_of(desk, args), args.number)
        version_id = _version_id(desk, draft, args.version_number)
        made = approve(desk, version_id, now=clock.now(), refuse=args.refuse, note=args.note)
    if args.json:
        print_json(made)
    else:
        print("Refused." if args.refuse else f"Approved and signed: content {made.content_hash[:16]}.")
    return 0


def _pdf(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.output import print_json
    from incident.usecases.press import write_pdf
    from incident.usecases.versions import as_it_was, version_view, void_by_change

    with open_desk(args) as desk:
        draft = _chosen(desk, incident_of(desk, args), args.number)
        version_id = _version_id(desk, draft, args.version_number)
        view = version_view(desk, version_id)
        if args.version_number is None and (void := void_by_change(draft, view)):
            raise RefusedError(void, as_it_was(view.version.number))
        written = write_pdf(desk, version_id, args.to, now=clock.now())
    if args.json:
        print_json(written)
    else:
        if written.void:
            print(f"Note: {written.void} This is version {view.version.number} as it was.")
        print(f"{written.path}  {written.mark.value.upper()}  SHA-256 {written.sha256[:16]}")
    return 0
