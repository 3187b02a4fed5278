"""`incident guide`: the playbook's steps — what is next, whose it is, by when, and what it waits for."""

import argparse
import textwrap
from typing import TYPE_CHECKING

from incident.cli.access import incident_of, incident_options, open_desk, zone_of

if TYPE_CHECKING:
    from incident.domain.guide import Guide, GuideStep

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

SIGNS = {
    "open": "○",
    "blocked": "◌",
    "waiting_for_fact": "?",
    "done": "✔",
    "skipped": "–",
    "not_applicable": "·",
}


def add(commands: "Commands") -> None:
    """Register `incident guide`."""
    parser = commands.add_parser("guide", parents=[incident_options()], help="the playbook's steps: what is next")
    parser.add_argument("--all", action="store_true", help="finished steps as well")
    parser.set_defaults(run=_guide)


def _guide(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.output import print_json
    from incident.usecases.guide import incident_guide

    with open_desk(args) as desk:
        found, zone = incident_guide(desk, incident_of(desk, args), now=clock.now()), zone_of(desk)
    if args.json:
        print_json({"now": found.now, "steps": found.steps})
        return 0
    _print(found, zone, everything=args.all)
    return 0


def _print(found: "Guide", zone: str, *, everything: bool) -> None:
    done, total = found.done
    print(f"{found.playbook.title} — {done} of {total} steps finished\n")
    phase = ""
    for each in found.steps:
        if not everything and each.state.value in ("done", "skipped", "not_applicable"):
            continue
        if each.step.phase != phase:
            phase = each.step.phase
            heading = found.playbook.phase(phase)
            print(f"{heading.title if heading else phase}: {heading.objective if heading else ''}")
        print(f"  {SIGNS[each.state.value]} {each.step.title}  [{each.step.slug}]  {_whose(each, zone)}")
    if found.now is not None:
        print_step(found.now, zone)


def _whose(each: "GuideStep", zone: str) -> str:
    from incident.cli.output import moment

    parts = [f"{each.step.owner.label}: {each.holder or 'NOBODY'}"]
    if each.target_at is not None:
        parts.append(f"{'OVERDUE since' if each.overdue else 'by'} {moment(each.target_at, zone)}")
    if each.waits_for:
        parts.append(f"waits for {', '.join(each.waits_for)}")
    if each.reopened:
        parts.append(f"again: {each.reopened}")
    return " · ".join(parts)


def print_step(each: "GuideStep", zone: str) -> None:
    """The next right thing, with its guidance and what it asks."""
    step = each.step
    print(f"\nNow: {step.title}  [{step.slug}]\n     {_whose(each, zone)}\n")
    print(textwrap.indent(step.guidance, "     "))
    for label, items in (
        ("Find out", each.asks_unknown),
        ("Keep", step.evidence),
        ("Draft", step.drafts),
        ("Decide", step.decision.options if step.decision else ()),
    ):
        if items:
            print(f"     {label}: {', '.join(items)}")
    if step.undo:
        print(f"     To undo: {step.undo}")
    if step.if_silent:
        print(f"     If nobody answers: {step.if_silent}")
