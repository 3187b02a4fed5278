"""`incident regimes`: the bodies of law — list, show, check with their worked examples."""

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def add(commands: "Commands") -> None:
    """Register `incident regimes …`."""
    group = commands.add_parser("regimes", help="the bodies of law: list, show, check")
    acts = group.add_subparsers(dest="act", metavar="ACT", required=True)
    listed = acts.add_parser("list", help="every body of law in this version")
    listed.add_argument("--json", action="store_true", help="print one JSON document")
    listed.set_defaults(run=_list)
    show = acts.add_parser("show", help="one body of law with its duties and sources")
    show.add_argument("regime")
    show.add_argument("--json", action="store_true", help="print one JSON document")
    show.set_defaults(run=_show)
    check = acts.add_parser("check", help="lint every regime and run its worked examples, or those in the files named")
    check.add_argument("files", nargs="*", metavar="FILE", help="worked examples to run instead")
    check.set_defaults(run=_check)


def _list(args: argparse.Namespace) -> int:
    from incident.cli.output import print_json, print_table
    from incident.usecases.assess import load_law

    law = load_law()
    if args.json:
        print_json([{"slug": each.slug, "title": each.title, "checked_on": each.checked_on} for each in law.regimes])
        return 0
    print_table(
        ("regime", "place", "duties", "checked", "title"),
        [(each.slug, each.place, str(len(each.versions)), str(each.checked_on), each.title) for each in law.regimes],
    )
    for problem in law.problems:
        print(f"NOT EVALUATED: {problem}")
    return 0


def _show(args: argparse.Namespace) -> int:
    from incident.cli.output import print_json
    from incident.errors import RefusedError
    from incident.usecases.assess import load_law

    found = next((each for each in load_law().regimes if each.slug == args.regime), None)
    if found is None:
        known = ", ".join(each.slug for each in load_law().regimes)
        raise RefusedError(f"There is no regime «{args.regime}» in this version.", f"There are: {known}.")
    if args.json:
        duties = [
            {"id": each.id, "variant": each.variant, "title": each.title, "citation": each.citation, "status": each.status}
            for each in found.duties
        ]
        print_json({"slug": found.slug, "title": found.title, "source": found.source, "duties": duties})
        return 0
    print(f"{found.title} ({found.slug}), {found.citation}\n{found.source}")
    print(f"checked {found.checked_on}, to be checked again by {found.recheck_by}, confidence {found.confidence}\n")
    for duty in found.duties:
        limit = f"{duty.period.amount} {duty.period.unit.value.replace('_', ' ')}" if duty.period else "no number in the law"
        version = f" [{duty.variant}]" if duty.variant else ""
        print(f"  {duty.id}{version}\n    {duty.title}: {limit}; {duty.citation}")
        if duty.note:
            print(f"    {duty.note}")
    for kept in found.retention:
        print(f"\nKeep {kept.what}: {kept.period} from {kept.starts} ({kept.citation}). Information, not a due date.")
    for note in found.notes:
        print(f"\n{note}")
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
