"""`incident clocks`: every clock that runs for an incident, why it runs, and what is still unknown."""

import argparse
from typing import TYPE_CHECKING

from incident.cli.access import incident_of, incident_options, open_desk

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from incident.domain.duty_clock import PrincipalClocks
    from incident.domain.incident import Incident
    from incident.usecases.desk import Desk

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def add(commands: "Commands") -> None:
    """Register `incident clocks`."""
    parser = commands.add_parser(
        "clocks", parents=[incident_options()], help="every clock that runs, why, and what is still unknown"
    )
    parser.add_argument("--all", action="store_true", help="list also what does not concern this organisation")
    parser.add_argument(
        "--profile",
        choices=["privileged", "regulator", "customer", "public"],
        help="one JSON document for somebody: what is left out for them, and the stamp that says so",
    )
    parser.add_argument("--explain", metavar="OBLIGATION", help="one obligation in full: tests, counting, what would change it")
    parser.set_defaults(run=_clocks)


def _clocks(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.assess import print_assessment
    from incident.cli.output import print_json
    from incident.domain.assessment_document import to_document
    from incident.usecases.clocks import clocks

    now = clock.now()
    with open_desk(args) as desk:
        incident = incident_of(desk, args)
        answers = clocks(desk, incident, now=now)
        if args.profile:
            return _handed_out(desk, incident, answers, args, now)
    if args.explain:
        return _explain(answers, args, now)
    if args.json:
        print_json([{"on_behalf_of": each.on_behalf_of, **to_document(each.assessment)} for each in answers])
        return 0
    for each in answers:
        if each.on_behalf_of:
            print(f"\nOn behalf of {each.on_behalf_of}")
        print_assessment(each, everything=args.all)
    return 0


def _handed_out(
    desk: "Desk", incident: "Incident", answers: "Sequence[PrincipalClocks]", args: argparse.Namespace, now: "datetime"
) -> int:
    from incident.cli.output import print_json
    from incident.domain.access import AccessAct
    from incident.domain.assessment_document import to_document
    from incident.domain.clock_profile import clocks_for
    from incident.domain.profile import Profile
    from incident.usecases.access import record_access

    profile = Profile(args.profile)
    record_access(desk, AccessAct.EXPORTED, f"the clocks, for {profile.value}", incident, now=now)
    whose = [each for each in answers if profile is not Profile.PUBLIC or not each.on_behalf_of]
    found = [{"on_behalf_of": each.on_behalf_of, **clocks_for(to_document(each.assessment), profile)} for each in whose]
    print_json({"stamp": profile.stamp, "incident": incident.reference, "clocks": found})
    return 0


def _explain(answers: "Sequence[PrincipalClocks]", args: argparse.Namespace, now: "datetime") -> int:
    from incident.cli.explained import print_explanation
    from incident.cli.output import print_json
    from incident.domain.assessment_document import explanation_document
    from incident.errors import RefusedError
    from incident.usecases.catalogue import catalogue

    held = [each for each in answers if any(one.id == args.explain for one in each.assessment.obligations)]
    if not held:
        raise RefusedError(f"No clock «{args.explain}» here.", "`incident clocks --all` lists every obligation by its id.")
    found = [catalogue().law.explain(each.facts, args.explain, now=now) for each in held]
    if args.json:
        print_json([explanation_document(each) for each in found])
        return 0
    for each, explained in zip(held, found, strict=True):
        print(f"\nOn behalf of {each.on_behalf_of}" if each.on_behalf_of else "", end="")
        print_explanation(explained, now=now)
    return 0
