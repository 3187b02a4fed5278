"""`incident playbooks`: list, read, search, print, check the files, exchange them with other tools."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from incident.cli.playbook_exchange import add_acts

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def add(commands: "Commands") -> None:
    """Register `incident playbooks …`."""
    group = commands.add_parser("playbooks", help="the playbooks: list, show, search, print, check, export, import")
    acts = group.add_subparsers(dest="act", metavar="ACT", required=True)
    listed = acts.add_parser("list", help="every playbook")
    listed.add_argument("--json", action="store_true", help="print one JSON document")
    listed.set_defaults(run=_list)
    show = acts.add_parser("show", help="one playbook as a page to read")
    show.add_argument("playbook")
    show.add_argument("--json", action="store_true", help="print one JSON document")
    show.set_defaults(run=_show)
    search = acts.add_parser("search", help="where words stand in all guidance, the best first")
    search.add_argument("words", nargs="+", help="words or their beginnings; all must stand there")
    search.add_argument("--json", action="store_true", help="print one JSON document")
    search.set_defaults(run=_search)
    pdf = acts.add_parser("pdf", help="one playbook (or all) as PDFs for the paper binder")
    pdf.add_argument("playbook", help="its name, or `all`")
    pdf.add_argument("--to", type=Path, default=Path(), metavar="FOLDER", help="where to write (else here)")
    pdf.add_argument("--json", action="store_true", help="print one JSON document")
    pdf.set_defaults(run=_pdf)
    check = acts.add_parser("check", help="what is wrong with playbooks and notice templates, with file and line")
    check.add_argument("--json", action="store_true", help="print one JSON document")
    check.set_defaults(run=_check)
    add_acts(acts)


def _list(args: argparse.Namespace) -> int:
    from incident.cli.output import print_json, print_table
    from incident.usecases.catalogue import catalogue

    found = sorted(catalogue().playbooks.values(), key=lambda each: each.slug)
    if args.json:
        print_json([{"slug": each.slug, "title": each.title, "steps": len(each.steps)} for each in found])
    else:
        print_table(("playbook", "steps", "title"), [(each.slug, str(len(each.steps)), each.title) for each in found])
    return 0


def _show(args: argparse.Namespace) -> int:
    from incident.cli.output import print_json, say
    from incident.content.playbook_document import playbook_to_document
    from incident.domain.playbook_page import playbook_page
    from incident.usecases.catalogue import catalogue

    playbook = catalogue().playbook(args.playbook)
    if args.json:
        print_json(playbook_to_document(playbook))
    else:
        for line in playbook_page(playbook, catalogue().law.vocabulary.question).splitlines():
            say(line, then="  " if line.startswith("- ") else "")
    return 0


def _search(args: argparse.Namespace) -> int:
    from incident.cli.output import print_json, say
    from incident.domain.playbook_search import search
    from incident.usecases.catalogue import catalogue

    found = search(catalogue().playbooks.values(), " ".join(args.words))
    if args.json:
        print_json(found)
        return 0
    for each in found[:_SHOWN]:
        also = f" and {len(each.also_in)} more" if each.also_in else ""
        say(f"{each.title}  [{each.playbook}{f' / {each.step}' if each.step else ''}{also}]")
        say(each.excerpt, first="    ")
    if len(found) > _SHOWN:
        print(f"… and {len(found) - _SHOWN} more; add a word.")
    if not found:
        print("No guidance has all of these words.")
    return 0


_SHOWN = 15


def _pdf(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.output import print_json
    from incident.usecases.catalogue import catalogue
    from incident.usecases.playbook_sheet import write_playbook

    slugs = sorted(catalogue().playbooks) if args.playbook == "all" else [args.playbook]
    written = [write_playbook(each, args.to, now=clock.now()) for each in slugs]
    if args.json:
        print_json(written)
    else:
        for path in written:
            print(path)
    return 0


def _check(args: argparse.Namespace) -> int:
    from incident.cli.output import print_json
    from incident.content.folders import content_folders
    from incident.content.playbook_examples import check_examples
    from incident.usecases.catalogue import catalogue

    found = catalogue()
    law = found.law
    played, failed = check_examples(
        content_folders("playbooks"), found.playbooks, law.vocabulary, known_obligations=law.known_obligations
    )
    problems = (*found.problems, *failed)
    if args.json:
        print_json(problems)
    elif not problems:
        print(f"{len(found.playbooks)} playbooks and {len(found.templates)} notice templates are sound.")
        print(f"{played} worked examples play to their end.")
    else:
        for each in problems:
            print(each)
    return 2 if problems else 0
