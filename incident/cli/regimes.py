"""`incident regimes`: the bodies of law — list, show, check with their worked examples, stale, diff."""

import argparse
from typing import TYPE_CHECKING

from incident.cli.access import open_desk, vault_options

if TYPE_CHECKING:
    from incident.usecases.packs import IncidentChange

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def add(commands: "Commands") -> None:
    """Register `incident regimes …`."""
    group = commands.add_parser("regimes", help="the bodies of law: list, show, check, stale, diff")
    acts = group.add_subparsers(dest="act", metavar="ACT", required=True)
    listed = acts.add_parser("list", help="every body of law in this version")
    listed.add_argument("--place", help="only of this place and its parts: US, DE, EEA …")
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
    from incident.cli.output import print_json, print_table
    from incident.domain.places import within
    from incident.usecases.assess import load_law

    law = load_law()
    place = (args.place or "").upper()
    found = [each for each in law.regimes if not place or within(each.place, place) or each.place == place]
    if args.json:
        keys = ("slug", "title", "place", "citation", "source", "confidence", "checked_on", "recheck_by")
        print_json([{key: getattr(each, key) for key in keys} for each in found])
        return 0
    print_table(
        ("regime", "place", "duties", "checked", "firmness", "title"),
        [
            (each.slug, each.place, str(len(each.versions)), str(each.checked_on), _FIRM[each.confidence], each.title)
            for each in found
        ],
    )
    for problem in law.problems:
        print(f"NOT EVALUATED: {problem}")
    return 0


_FIRM = {"high": "text read", "medium": "secondary", "low": "unverified"}


def _show(args: argparse.Namespace) -> int:
    from incident.cli.output import print_json
    from incident.cli.regime_page import print_regime
    from incident.content.regime_writer import regime_document
    from incident.domain.vocabulary import nearest
    from incident.errors import RefusedError
    from incident.usecases.assess import load_law, one_regime

    found = one_regime(args.regime)
    if found is None:
        regimes = {each.slug: each for each in load_law().regimes}
        hint = f"Did you mean {nearest(args.regime, regimes)}? `incident regimes list` names all {len(regimes)}."
        raise RefusedError(f"There is no regime «{args.regime}» in this version.", hint)
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
        print_table(("regime", "checked", "check again by", "where its text stands"), rows)
    else:
        first = min(each.recheck_by for each in load_law().regimes)
        print(f"Nothing is past its re-check date on {day}; the first is due on {first}.")
    return 1 if found else 0


def _diff(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.output import print_json
    from incident.usecases.packs import incident_changes, law_of, pack_changes

    old, new = law_of(args.old), law_of(args.new)
    rules = pack_changes(old, new)
    open_incidents: tuple[IncidentChange, ...] = ()
    if not args.rules_only:
        with open_desk(args) as desk:
            open_incidents = incident_changes(desk, old, new, now=clock.now())
    if args.json:
        print_json({"rules": rules, "incidents": open_incidents, "problems": [str(each) for each in new.problems]})
        return 0
    for each in rules:
        arrow = f"{each.before or '—'} → {each.after or '—'}"
        print(f"{each.what}\n    {each.key}: {arrow}")
    print(f"{len(rules)} differences in the rules.")
    for problem in new.problems:
        print(f"NOT USABLE in the new pack: {problem}")
    for held in open_incidents:
        whose = f" for {held.on_behalf_of}" if held.on_behalf_of else ""
        print(f"\n{held.incident.reference} «{held.incident.code_name}»{whose}")
        for change in held.changes:
            print(f"    {change.obligation}: {change.before} → {change.after}")
    if not args.rules_only and not open_incidents:
        print("No open incident changes.")
    return 0
