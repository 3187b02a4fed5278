"""`incident guide`: the playbook's steps — what is next, whose it is, by when, what it waits for; what is mine."""

import argparse
import textwrap
from typing import TYPE_CHECKING

from incident.cli.access import incident_of, incident_options, open_desk, zone_of

if TYPE_CHECKING:
    from collections.abc import Sequence

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
_FINISHED = ("done", "skipped", "not_applicable")


def add(commands: "Commands") -> None:
    """Register `incident guide`."""
    from incident.cli.guide_playbooks import add_acts

    parser = commands.add_parser("guide", parents=[incident_options()], help="the playbook's steps: what is next")
    shown = parser.add_mutually_exclusive_group()
    shown.add_argument("--all", action="store_true", help="finished steps as well, with the reason of each state")
    shown.add_argument("--mine", action="store_true", help="what is open for you, across incidents")
    shown.add_argument("--blocked", action="store_true", help="only what waits, and for what")
    parser.set_defaults(run=_guide)
    add_acts(parser)


def _guide(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.output import print_json
    from incident.usecases.guide import incident_guide

    if args.mine:
        return _mine(args)
    with open_desk(args) as desk:
        found, zone = incident_guide(desk, incident_of(desk, args), now=clock.now()), zone_of(desk)
    if args.json:
        print_json({"now": found.now, "progress": found.progress, "steps": found.steps})
        return 0
    _print(found, zone, args)
    return 0


def _mine(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.guide_mine import print_mine
    from incident.cli.output import print_json
    from incident.usecases.mine import mine

    with open_desk(args) as desk:
        found, zone = mine(desk, now=clock.now()), zone_of(desk)
    if args.json:
        print_json(found)
    else:
        print_mine(found, zone)
    return 0


def _print(found: "Guide", zone: str, args: argparse.Namespace) -> None:
    from incident.cli.output import say

    done, total = found.done
    say(f"{found.playbook.title}: {done} of {total} steps finished")
    if not any(each.record for each in found.steps):
        print_first_checks(found.playbook.first_checks)
    progress = {each.phase.slug: each for each in found.progress}
    phase = ""
    for each in found.steps:
        if not _is_shown(each, args):
            continue
        if each.step.phase != phase:
            phase = each.step.phase
            heading = found.playbook.phase(phase)
            count = f" ({progress[phase].finished}/{progress[phase].applying})" if phase in progress else ""
            print()
            say(f"{heading.title if heading else phase}{count}: {heading.objective if heading else ''}")
        say(
            f"{each.step.title}  [{each.step.slug}]  {_whose(each, zone)}", first=f"  {SIGNS[each.state.value]} ", then="      "
        )
    if found.now is not None and not args.blocked:
        print_step(found.now, zone)
        _print_others(found)


def print_first_checks(checks: "Sequence[str]") -> None:
    """What to look at before anything else; printed while nothing is done yet."""
    from incident.cli.output import say

    if checks:
        print("\nLook first:")
    for each in checks:
        say(each, first="  □ ", then="    ")


def _is_shown(each: "GuideStep", args: argparse.Namespace) -> bool:
    if args.blocked:
        return each.state.value in ("blocked", "waiting_for_fact")
    return bool(args.all) or each.state.value not in _FINISHED


def _print_others(found: "Guide") -> None:
    """What the other lines of work can do meanwhile."""
    from incident.cli.output import say

    others = [each for each in found.by_track.values() if each != found.now]
    if others:
        print("\nMeanwhile:")
    for each in others:
        say(f"{each.step.track.value}: {each.step.title}  [{each.step.slug}]  {_who(each)}", first="     ")


def _who(each: "GuideStep") -> str:
    who = each.holder or "NOBODY"
    if each.owner.handed_over:
        return f"handed to {who}"
    return f"{each.step.owner.label}: {who}"


def _whose(each: "GuideStep", zone: str) -> str:
    from incident.cli.output import moment
    from incident.domain.guide_words import why
    from incident.usecases.catalogue import catalogue

    parts = [_who(each)]
    if each.owner.stand_in_name:
        parts.append(f"{each.owner.stand_in_name} stands in: {each.owner.why}")
    if each.target_at is not None and each.state.value not in _FINISHED:
        counted = ", counted from the declaration" if each.target_moved else ""
        parts.append(f"{'OVERDUE since' if each.overdue else 'by'} {moment(each.target_at, zone)}{counted}")
    if reason := why(each, catalogue().law.vocabulary.question):
        parts.append(reason)
    return " · ".join(parts)


def print_step(each: "GuideStep", zone: str, *, heading: str = "Now") -> None:
    """The next right thing, with its guidance and what it asks."""
    from incident.cli.output import moment, say
    from incident.usecases.catalogue import catalogue

    step, question = each.step, catalogue().law.vocabulary.question
    print()
    say(f"{step.title}  [{step.slug}]", first=f"{heading}: ", then="     ")
    say(_whose(each, zone), first="     ")
    for paragraph in step.guidance.split("\n\n"):
        print()
        say(" ".join(paragraph.split()), first="     ")
    print()
    decision = step.decision
    for label, text in (
        ("Find out", " ".join(f"{question(key)} [{key}]" for key in each.asks_unknown)),
        ("Keep", "; ".join(step.evidence)),
        ("Draft", ", ".join(step.drafts)),
        ("Decide", f"{decision.question} {' / '.join(decision.options)}" if decision else ""),
        ("Who decides", f"{decision.by.label}: {each.decider or 'NOBODY'}" if decision else ""),
        ("Until", moment(each.decide_by, zone) if each.decide_by else ""),
        ("Default", f"{decision.default} (`incident step default {step.slug}`)" if decision and each.default_proposed else ""),
        ("To undo", step.undo),
        ("If nobody answers", step.if_silent),
        ("Tags", ", ".join(step.tags)),
    ):
        if text:
            say(text, first=f"     {label}: ", then="       ")
    _print_record(each, zone)


def _print_record(each: "GuideStep", zone: str) -> None:
    """What a decision rested on."""
    from incident.cli.output import moment, say

    record = each.record
    if record is None or not record.decision:
        return
    whose = f" by {each.decided_by or '?'} for the {each.step.decision.by.label}" if each.step.decision else ""
    default = " (the default)" if record.defaulted else ""
    say(f"Decided {moment(record.at, zone)}{whose}: {record.decision}{default}", first="     ")
    for label, text in (("Note", record.note), ("Dissent", record.dissent)):
        if text:
            say(text, first=f"     {label}: ", then="       ")
    for key, value in (record.facts or {}).items():
        print(textwrap.indent(f"{key}: {value}", "       "))
