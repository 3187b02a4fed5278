"""`incident guide add`, `diff`, `adopt`: a second playbook joins; a newer version of one is offered and taken."""

import argparse
from typing import TYPE_CHECKING

from incident.cli.access import incident_of, incident_options, open_desk

if TYPE_CHECKING:
    from incident.domain.playbook_diff import PlaybookDiff


def add_acts(parser: argparse.ArgumentParser) -> None:
    """Register what can follow `incident guide`; what was said before the word keeps counting after it."""
    acts = parser.add_subparsers(dest="act", metavar="ACT")
    for name, run, text in (
        ("add", _add, "let a second playbook join; shared steps are asked once"),
        ("diff", _diff, "what the present playbook files would change"),
        ("adopt", _adopt, "take the present file in place of the version that stands"),
    ):
        act = acts.add_parser(name, parents=[_kept(incident_options())], help=text)
        if name != "diff":
            act.add_argument("playbook", nargs="?" if name == "adopt" else None, default="")
            act.add_argument("--reason", required=True, help="why; it stands in the record")
        act.set_defaults(run=run)


def _kept(options: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """The same options, without defaults that would wipe out what stood before the word."""
    for each in options._actions:
        each.default = argparse.SUPPRESS
    return options


def _add(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.output import print_json
    from incident.usecases.taken_playbooks import join_playbook

    with open_desk(args) as desk:
        incident = incident_of(desk, args)
        playbook = join_playbook(desk, incident, args.playbook, reason=args.reason, now=clock.now())
    if args.json:
        print_json({"incident": incident.reference, "playbook": playbook.slug, "version": playbook.version})
    else:
        print(f"{incident.reference} follows «{playbook.title}» as well; steps that both have are asked once.")
    return 0


def _diff(args: argparse.Namespace) -> int:
    from incident.cli.output import print_json
    from incident.usecases.taken_playbooks import offered_changes

    with open_desk(args) as desk:
        found = offered_changes(desk, incident_of(desk, args))
    if args.json:
        print_json(found)
    elif not found:
        print("The playbook files say what this incident follows already.")
    else:
        for each in found:
            print_diff(each)
        print("\nTake them: `incident guide adopt PLAYBOOK --reason …`; until then the incident keeps what it has.")
    return 0


def _adopt(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.output import print_json
    from incident.usecases.taken_playbooks import adopt_playbook

    with open_desk(args) as desk:
        found = adopt_playbook(desk, incident_of(desk, args), args.playbook, reason=args.reason, now=clock.now())
    if args.json:
        print_json(found)
    else:
        print(f"«{found.title}» is followed as version {found.after} now.")
    return 0


def print_diff(found: "PlaybookDiff") -> None:
    """Print what one playbook would change."""
    from incident.cli.output import say

    versions = f"version {found.before} → {found.after}" if found.before != found.after else f"version {found.after}, edited"
    say(f"{found.title} [{found.slug}], {versions}")
    for sign, steps in (("+", found.added), ("-", found.dropped)):
        for step in steps:
            say(f"{step.title}  [{step.slug}]", first=f"  {sign} ", then="    ")
    for changed in found.changed:
        say(f"{changed.title}  [{changed.slug}]", first="  ~ ", then="    ")
        for each in changed.changes:
            _print_words(each.key, each.before, each.after)
    for each in found.about:
        if each.key != "version":
            _print_words(each.key.replace("_", " "), each.before, each.after)


def _print_words(key: str, before: str, after: str) -> None:
    from incident.cli.output import say

    say(f"{key}:", first="      ")
    for sign, text in (("-", before), ("+", after)):
        if text:
            say(" ".join(text.split()), first=f"        {sign} ", then="          ")
