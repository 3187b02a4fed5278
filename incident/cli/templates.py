"""`incident templates`: the notice templates: list them, copy one as your own, check them, look at one filled in."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

_LOOK_SECONDS = 0.5


def add(commands: "Commands") -> None:
    """Register `incident templates …`."""
    group = commands.add_parser("templates", help="notice templates: list, copy one as your own, check, preview")
    acts = group.add_subparsers(dest="act", metavar="ACT", required=True)
    new = acts.add_parser("new", help="copy a template into your own folder under another name")
    new.add_argument("name", help="small letters, digits and hyphens: acme-customers")
    new.add_argument("source", metavar="from", help="the template to begin from; `incident templates list` has them")
    new.add_argument("--title", default="", help="its title")
    listed = acts.add_parser("list", help="every template, and whose it is")
    check = acts.add_parser("check", help="what is wrong with them, with file and line")
    check.add_argument("names", nargs="*", help="these alone")
    preview = acts.add_parser("preview", help="one filled in with invented answers, as text")
    preview.add_argument("name")
    preview.add_argument("--language", default="", help="else English")
    way = preview.add_mutually_exclusive_group()
    way.add_argument("--watch", action="store_true", help="show it again each time one of its files is saved; ctrl+c ends")
    way.add_argument("--pdf", type=Path, metavar="FILE", help="as a PDF")
    way.add_argument("--png", type=Path, metavar="FILE", help="its first page as a picture (needs pdftoppm)")
    way.add_argument("--image", action="store_true", help="its first page in a terminal that shows pictures (kitty, iTerm2)")
    for act, run in ((new, _new), (listed, _list), (check, _check), (preview, _preview)):
        act.add_argument("--json", action="store_true", help="print one JSON document")
        act.set_defaults(run=run)


def _new(args: argparse.Namespace) -> int:
    from incident.cli.output import print_json, say
    from incident.usecases.own_templates import copy_template

    folder = copy_template(args.name, args.source, titled=args.title)
    if args.json:
        print_json({"folder": str(folder), "files": sorted(each.name for each in folder.iterdir())})
        return 0
    say(f"{folder} is yours: `notice.toml` says what is asked, one file per language how it looks.")
    say(f"Then: incident templates check {args.name}; incident templates preview {args.name} --watch")
    return 0


def _list(args: argparse.Namespace) -> int:
    from incident.cli.output import print_json, print_table
    from incident.content.folders import user_folder
    from incident.usecases.catalogue import catalogue

    found = sorted(catalogue().templates.values(), key=lambda each: each.slug)
    own = str(user_folder())
    if args.json:
        print_json([{"template": each, "own": each.folder.startswith(own)} for each in found])
        return 0
    rows = [
        (each.slug, "yours" if each.folder.startswith(own) else "shipped", ", ".join(each.languages), each.title)
        for each in found
    ]
    print_table(("template", "whose", "languages", "title"), rows)
    return 0


def _check(args: argparse.Namespace) -> int:
    from incident.cli.output import print_json
    from incident.usecases.own_templates import check_templates

    found = check_templates(tuple(args.names))
    if args.json:
        print_json(found)
    else:
        for each in found.problems:
            print(each)
        if not found.problems:
            print(f"{len(found.sound)} notice templates are sound: facts, variables, content of the law, languages.")
    return 2 if found.problems else 0


def _preview(args: argparse.Namespace) -> int:
    from incident.cli.output import print_json
    from incident.usecases.own_templates import preview_pdf, preview_text

    if args.watch:
        return _watch(args, lambda: preview_text(args.name, args.language))
    if args.pdf is not None:
        written = preview_pdf(args.name, args.pdf, args.language)
        print_json({"path": str(written)}) if args.json else print(written)
        return 0
    if args.png is not None or args.image:
        from incident.cli.terminal_image import first_page, show_image

        picture = first_page(lambda path: preview_pdf(args.name, path, args.language), args.png)
        if args.image:
            show_image(picture)
        elif args.json:
            print_json({"path": str(args.png)})
        else:
            print(args.png)
        return 0
    text = preview_text(args.name, args.language)
    print_json({"text": text}) if args.json else print(text, end="")
    return 0


def _watch(args: argparse.Namespace, text: "Callable[[], str]") -> int:
    import time

    from incident.errors import IncidentError
    from incident.usecases.own_templates import reloaded, stamp_of

    seen: tuple[float, ...] = ()
    while True:
        stamp = stamp_of(args.name) if not seen or reloaded(args.name) is None else seen
        if stamp != seen:
            seen = stamp
            print("\033[2J\033[H", end="")
            try:
                print(text(), flush=True)
            except IncidentError as error:  # the preview goes on while the template is being mended
                print(f"{error.message} {error.hint}", flush=True)
        time.sleep(_LOOK_SECONDS)
