"""`incident regimes`: the bodies of law — list, show, check with their worked examples, stale, diff."""

import argparse
from typing import TYPE_CHECKING

from incident.cli.access import open_desk, vault_options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from incident.domain.regime_diff import LawChange
    from incident.usecases.packs import IncidentChange

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def add(commands: "Commands") -> None:
    """Register `incident regimes …`."""
    group = commands.add_parser("regimes", help="the bodies of law: list, show, check, stale, diff")
    acts = group.add_subparsers(dest="act", metavar="ACT", required=True)
    listed = acts.add_parser("list", help="every body of law in this version")
    listed.add_argument("--place", help="only of this place and its parts: US, DE, EEA, California …")
    listed.add_argument("--json", action="store_true", help="print one JSON document")
    listed.set_defaults(run=_list)
    show = acts.add_parser("show", help="one body of law in readable words")
    show.add_argument("regime")
    show.add_argument("--json", action="store_true", help="print one JSON document")
    show.set_defaults(run=_show)
    check = acts.add_parser("check", help="lint every regime and run its worked examples, or those in the files named")
    check.add_argument("files", nargs="*", metavar="FILE", help="worked examples to run instead")
    check.set_defaults(run=_check)
    stale = acts.add_parser("stale", help="what is past its re-check date")
    stale.add_argument("--by", metavar="DATE", help="past it on this day, else today")
    stale.add_argument("--json", action="store_true", help="print one JSON document")
    stale.set_defaults(run=_stale)
    diff = acts.add_parser("diff", parents=[vault_options()], help="what a new pack changes, for open incidents too")
    diff.add_argument("old", metavar="OLD", help="a folder of regimes, or `shipped`")
    diff.add_argument("new", metavar="NEW", help="a folder of regimes, or `shipped`")
    diff.add_argument("--rules-only", action="store_true", help="do not open the vault")
    diff.set_defaults(run=_diff)


def _list(args: argparse.Namespace) -> int:
    from incident.cli.output import print_json, print_table, say
    from incident.domain.place_names import place_name
    from incident.domain.places import within
    from incident.usecases.assess import load_law
    from incident.usecases.law_names import place_meant

    law = load_law()
    place = place_meant(args.place) if args.place else ""
    found = [each for each in law.regimes if not place or within(each.place, place) or each.place == place]
    if args.json:
        keys = ("slug", "title", "place", "citation", "source", "confidence", "checked_on", "recheck_by")
        print_json([{key: getattr(each, key) for key in keys} for each in found])
        return 0
    if not found:
        print(f"No body of law of {place_name(place)} in this version.")
    else:
        print_table(
            ("regime", "title", "duties", "checked", "firmness", "place"),
            [
                (
                    each.slug,
                    each.title,
                    str(len(each.versions)),
                    str(each.checked_on),
                    _FIRM[each.confidence],
                    place_name(each.place).removeprefix("the "),
                )
                for each in found
            ],
            spare=("duties", "firmness", "checked", "place"),
        )
    for problem in law.problems:
        say(f"NOT EVALUATED: {problem}", then="    ")
    return 0


_FIRM = {"high": "text read", "medium": "secondary", "low": "unverified"}


def _show(args: argparse.Namespace) -> int:
    from incident.cli.output import print_json
    from incident.cli.regime_page import print_regime
    from incident.content.regime_writer import regime_document
    from incident.errors import RefusedError
    from incident.usecases.assess import load_law
    from incident.usecases.law_names import regime_hint, worded_regime

    found = worded_regime(args.regime)
    if found is None:
        raise RefusedError(f"There is no regime «{args.regime}» in this version.", regime_hint(load_law(), args.regime))
    if args.json:
        print_json(regime_document(found))
    else:
        print_regime(found)
    return 0


def _check(args: argparse.Namespace) -> int:
    from incident.usecases.examples import check_files, check_law

    outcome = check_files(args.files) if args.files else check_law()
    for problem in outcome.problems:
        print(problem)
    for failure in outcome.failures:
        print(failure)
    print(f"{outcome.examples} examples, {outcome.expectations} expectations, {len(outcome.failures)} failed.")
    return 1 if outcome.failures or outcome.problems else 0


def _stale(args: argparse.Namespace) -> int:
    from datetime import date

    from incident import clock
    from incident.cli.output import print_json, print_table
    from incident.errors import ContentError
    from incident.usecases.assess import load_law

    try:
        day = date.fromisoformat(args.by) if args.by else clock.now().date()
    except ValueError as error:
        raise ContentError(f"--by: «{args.by}» is not a date.", "Write 2027-02-28.") from error
    found = sorted((each for each in load_law().regimes if each.recheck_by < day), key=lambda each: each.recheck_by)
    if args.json:
        print_json([{"slug": each.slug, "recheck_by": each.recheck_by, "checked_on": each.checked_on} for each in found])
    elif found:
        rows = [(each.slug, str(each.checked_on), str(each.recheck_by), each.source) for each in found]
        print_table(("regime", "checked", "check again by", "where its text stands"), rows, spare=("checked",))
    else:
        first = min(each.recheck_by for each in load_law().regimes)
        print(f"Nothing is past its re-check date on {day}; the first is due on {first}.")
    return 1 if found else 0


def _diff(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.access import vault_of
    from incident.cli.output import print_json
    from incident.usecases.packs import incident_changes, law_of, pack_changes

    old, new = law_of(args.old), law_of(args.new)
    rules = pack_changes(old, new)
    held: tuple[IncidentChange, ...] = ()
    opened = not args.rules_only and (args.vault is not None or vault_of(args).is_dir())
    if opened:
        with open_desk(args) as desk:
            held = incident_changes(desk, old, new, now=clock.now())
    if args.json:
        problems = {"old_problems": [str(each) for each in old.problems], "problems": [str(each) for each in new.problems]}
        print_json({"rules": rules, "incidents": held, "vault_opened": opened, **problems})
        return 0
    _print_rules(rules)
    if opened:
        _print_incidents(held)
    elif not args.rules_only:
        print("Rules only: there is no vault here. --vault FOLDER adds what changes for open incidents.")
    return 0


def _print_rules(rules: "Sequence[LawChange]") -> None:
    from incident.cli.output import say

    last = ""
    for each in rules:
        if each.what != last:
            say(each.what)
        last = each.what
        say(f"{each.key}: {each.change}", first="    ", then="        ")
    print(f"{len(rules)} {'difference' if len(rules) == 1 else 'differences'} in the rules.")


def _print_incidents(found: "Sequence[IncidentChange]") -> None:
    from incident.cli.output import say
    from incident.domain.wording import duty_title

    for held in found:
        whose = f" for {held.on_behalf_of}" if held.on_behalf_of else ""
        print(f"\n{held.incident.reference} «{held.incident.code_name}»{whose}")
        for change in held.changes:
            say(f"{duty_title(change.obligation)}: {change.before} → {change.after}", first="    ", then="        ")
    if not found:
        print("No open incident changes.")
