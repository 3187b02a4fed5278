"""`incident declare`: title, playbook, when we became aware, who commands — and the clocks run."""

import argparse
from typing import TYPE_CHECKING

from incident.cli.access import open_desk, vault_options, zone_of

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def add(commands: "Commands") -> None:
    """Register `incident declare`."""
    parser = commands.add_parser("declare", parents=[vault_options()], help="declare an incident in under a minute")
    parser.add_argument("title", help="what was seen, in a few words")
    parser.add_argument("--playbook", default="personal-data-breach", metavar="SLUG")
    parser.add_argument("--commander", metavar="NAME", help="who commands (else you)")
    parser.add_argument("--aware", metavar="WHEN", help="when you became aware that personal data are affected")
    parser.add_argument("--detected", metavar="WHEN", help="when something was first noticed")
    parser.add_argument("--severity", type=int, default=2, help="1 (worst) to 4")
    parser.add_argument("--members", metavar="NAMES", help="who may read it, separated by commas (else everybody)")
    parser.add_argument("--exercise", action="store_true", help="a drill: every output is marked EXERCISE")
    parser.set_defaults(run=_declare)


def _declare(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.guide import print_first_checks
    from incident.cli.output import print_json
    from incident.domain.moment import said
    from incident.usecases.guide import playbook_of
    from incident.usecases.incidents import Declaration, declare

    now = clock.now()
    with open_desk(args) as desk:
        zone = zone_of(desk)
        times = {
            key: said(text, now=now, zone=zone) if text else None
            for key, text in (("aware", args.aware), ("detected", args.detected))
        }
        declaration = Declaration(
            args.title,
            args.playbook,
            args.commander or desk.me.sign_in,
            aware=times["aware"],
            detected=times["detected"],
            severity=args.severity,
            exercise=args.exercise,
            members=tuple(each.strip() for each in (args.members or "").split(",") if each.strip()),
        )
        incident = declare(desk, declaration, now=now)
        checks = playbook_of(desk, incident).first_checks
    if args.json:
        print_json(incident)
        return 0
    print(f"{incident.reference} «{incident.code_name}» is open.")
    for key, moment in times.items():
        if moment is not None:
            print(f"  {key}: {moment.readback}")
    print_first_checks(checks)
    print("Next: `incident guide`, `incident clocks`, `incident role assign`.")
    return 0
