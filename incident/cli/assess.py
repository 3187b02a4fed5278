"""`incident assess`: what follows from a file of facts; no vault, no key, no screen."""

import argparse
from typing import TYPE_CHECKING

from incident.errors import ContentError

if TYPE_CHECKING:
    from datetime import datetime

    from incident.domain.duty_clock import PrincipalClocks
    from incident.domain.obligation import Assessment

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

_FOOT = "Decision support, not legal advice. A duty that is not listed may exist all the same: other laws, contracts, sectors."


def add(commands: "Commands") -> None:
    """Register `incident assess`."""
    parser = commands.add_parser("assess", help="what follows from a file of facts; needs no vault")
    parser.add_argument("facts", metavar="FACTS", help="a JSON or TOML file; `-` reads JSON from standard input")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--all", action="store_true", help="list also what does not concern this organisation")
    parser.add_argument("--explain", metavar="OBLIGATION", help="one obligation in full: tests, counting, what would change it")
    parser.add_argument("--at", metavar="INSTANT", help="judge at this instant (ISO 8601 with offset), else now")
    parser.set_defaults(run=_assess)


def _assess(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.output import print_json
    from incident.domain.assessment_document import to_document
    from incident.domain.duty_clock import PrincipalClocks
    from incident.interchange.facts_file import read_document
    from incident.usecases.assess import load_law

    now = _instant(args.at) if args.at else clock.now()
    if args.explain:
        return _explain(args, now)
    law = load_law()
    facts = law.facts(read_document(args.facts), source=args.facts)
    assessment = law.assess(facts, now=now)
    if args.json:
        print_json(to_document(assessment))
    else:
        print_assessment(PrincipalClocks("", assessment, facts), everything=args.all)
    return 0


def _explain(args: argparse.Namespace, now: "datetime") -> int:
    from incident.cli.explained import print_explanation
    from incident.cli.output import print_json
    from incident.domain.assessment_document import explanation_document
    from incident.interchange.facts_file import read_document
    from incident.usecases.assess import load_law

    law = load_law()
    found = law.explain(law.facts(read_document(args.facts), source=args.facts), args.explain, now=now)
    if args.json:
        print_json(explanation_document(found))
    else:
        print_explanation(found, now=now)
    return 0


def _instant(text: str) -> "datetime":
    from datetime import datetime

    from incident.domain.facts_document import when

    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise ContentError(f"--at: «{text}» is not an instant.", "Write 2026-03-02T09:00:00+01:00.") from error
    checked = when("--at", at)
    return checked if isinstance(checked, datetime) else at


def print_assessment(answer: "PrincipalClocks", *, everything: bool = False, questions: int | None = 5) -> None:
    """The answer as a table for people: what runs, what waits and for what, what is not required and why."""
    from incident.cli.clock_lines import print_docket, print_questions
    from incident.domain.docket import docket
    from incident.domain.duty_clock import clocks_of
    from incident.domain.open_question import open_questions
    from incident.usecases.assess import load_law

    assessment = answer.assessment
    now = assessment.assessed_at
    print_docket(docket(clocks_of(answer)), now=now, everything=everything)
    asked = open_questions(assessment.obligations, now=now, owner=load_law().vocabulary.owner)
    if asked:
        print("\nWhat do we need to find out? The most pressing first:")
        zone = next((each.zone for each in assessment.obligations), "UTC")
        print_questions(asked, now=now, zone=zone, limit=None if everything else questions)
    _print_foot(assessment, everything=everything)


def _print_foot(assessment: "Assessment", *, everything: bool) -> None:
    from incident.cli.output import say

    held = assessment.evaluated
    names = f": {', '.join(held)}" if everything or len(held) < 8 else ""
    print()
    say(f"Evaluated: {len(held)} bodies of law{names} (law as of {assessment.law_as_of}).")
    for each in assessment.unevaluated:
        say(f"NOT EVALUATED: {each.regime} — {each.reason}", then="    ")
    if assessment.overdue_recheck:
        say(f"Past their re-check date: {', '.join(assessment.overdue_recheck)}.", then="    ")
    say(_FOOT)
