"""`incident assess`: what follows from a file of facts; no vault, no key, no screen."""

import argparse
from typing import TYPE_CHECKING

from incident.errors import ContentError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from incident.domain.obligation import Assessment, Obligation

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

_FOOT = "Decision support, not legal advice. A duty that is not listed may exist all the same: other laws, contracts, sectors."


def add(commands: "Commands") -> None:
    """Register `incident assess`."""
    parser = commands.add_parser("assess", help="what follows from a file of facts; needs no vault")
    parser.add_argument("facts", metavar="FACTS", help="a JSON or TOML file; `-` reads JSON from standard input")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--at", metavar="INSTANT", help="judge at this instant (ISO 8601 with offset), else now")
    parser.set_defaults(run=_assess)


def _assess(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.output import print_json
    from incident.domain.assessment_document import to_document
    from incident.interchange.facts_file import read_document
    from incident.usecases.assess import assess_document

    now = _instant(args.at) if args.at else clock.now()
    assessment = assess_document(read_document(args.facts), now=now, source=args.facts)
    if args.json:
        print_json(to_document(assessment))
    else:
        print_assessment(assessment)
    return 0


def _instant(text: str) -> "datetime":
    from datetime import datetime

    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise ContentError(f"--at: «{text}» is not an instant.", "Write 2026-03-02T09:00:00+01:00.") from error
    if at.tzinfo is None:
        raise ContentError(f"--at: «{text}» has no time zone.", "Add the offset: 2026-03-02T09:00:00+01:00.")
    return at


def print_assessment(assessment: "Assessment") -> None:
    """The answer as a table for people: what runs, what is undecided and why, what is not required."""
    from incident.cli.clock_lines import left, state_words

    pending, grouped, closed = _sorted(assessment)
    for each in pending:
        shown = left(each.earliest_at, assessment.assessed_at)
        print(f"{shown:>12}  {each.title} — {state_words(each)}")
        _print_details(each, [*_dates(each)])
    for question, held in grouped.items():
        first = min((each.earliest_at for each in held if each.earliest_at), default=None)
        ids = ", ".join(each.id for each in held)
        print(f"{'? ' + left(first, assessment.assessed_at):>12}  {question}\n{'':14}{len(held)} duties hang on it: {ids}")
    if closed:
        print("\nNot required by these facts, or done:")
        for each in closed:
            print(f"  {state_words(each):<14} {each.title}{_because(each)}")
    _print_foot(assessment)


def _dates(each: "Obligation") -> "Iterator[str]":
    """Every date of an obligation, in words."""
    from incident.cli.output import moment

    if each.due_at:
        yield f"due {moment(each.due_at, each.zone)}"
    if each.due_at and each.earliest_at and each.earliest_at < each.due_at:
        name = min(each.readings, key=lambda one: one.due_at).name
        yield f"earliest {moment(each.earliest_at, each.zone)} ({name})"
    if each.projected_at:
        yield f"projected {moment(each.projected_at, each.zone)}"
    if each.hold:
        base = moment(each.hold.base_due_at, each.zone)
        yield f"held until {moment(each.hold.until_at, each.zone)}, without it {base}"
    if each.start:
        yield f"from {each.start.event} {each.start.at}"


_MANY = 3
"""From so many on, duties that hang on the same missing fact stand behind one line."""


def _sorted(assessment: "Assessment") -> tuple[list["Obligation"], dict[str, list["Obligation"]], list["Obligation"]]:
    far = float("inf")
    pending: list[Obligation] = []
    grouped: dict[str, list[Obligation]] = {}
    closed: list[Obligation] = []
    for each in assessment.obligations:
        if each.state.value in ("not_required", "satisfied"):
            closed.append(each)
        elif each.state.value == "undecided" and each.missing:
            grouped.setdefault(each.missing[0].question, []).append(each)
        else:
            pending.append(each)
    for question in [question for question, held in grouped.items() if len(held) < _MANY]:
        pending.extend(grouped.pop(question))
    pending.sort(key=lambda one: (one.earliest_at.timestamp() if one.earliest_at else far, one.id))
    return pending, grouped, closed


def _print_details(each: "Obligation", details: list[str]) -> None:
    if details:
        print(f"{'':14}{'; '.join(details)}")
    if each.missing:
        print(f"{'':14}missing: {'; '.join(one.question for one in each.missing)}")
    mark = "" if each.confidence == "high" else f" · confidence {each.confidence}"
    print(f"{'':14}{each.id} · {each.citation} · checked {each.checked_on}{mark}")


def _because(each: "Obligation") -> str:
    failed = [test for test in each.why if test.outcome is False]
    return f" — {failed[0].text}: {failed[0].value}" if failed and each.state.value == "not_required" else ""


def _print_foot(assessment: "Assessment") -> None:
    print(f"\nEvaluated: {', '.join(assessment.evaluated)} (law as of {assessment.law_as_of}).")
    for each in assessment.unevaluated:
        print(f"NOT EVALUATED: {each.regime} — {each.reason}")
    if assessment.overdue_recheck:
        print(f"Past their re-check date: {', '.join(assessment.overdue_recheck)}.")
    print(_FOOT)
