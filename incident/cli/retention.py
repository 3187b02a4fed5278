"""`incident retention` and `incident hold`: what is kept until when, what must be kept, and deleting for good."""

import argparse
import sys
from datetime import date
from typing import TYPE_CHECKING

from incident.cli.access import incident_options, open_desk, vault_options
from incident.errors import RefusedError

if TYPE_CHECKING:
    from incident.domain.incident import Incident
    from incident.domain.retention import Keeping
    from incident.usecases.desk import Desk
    from incident.usecases.retention import PurgeReport

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def add(commands: "Commands") -> None:
    """Register `incident retention …` and `incident hold …`."""
    retention = commands.add_parser("retention", help="what is kept until when and why; delete for good")
    acts = retention.add_subparsers(dest="act", metavar="ACT", required=True)
    show = acts.add_parser("show", parents=[vault_options()], help="ended incidents: kept until when, and why")
    show.set_defaults(run=_show)
    keep = acts.add_parser("keep", parents=[vault_options()], help="how many years the organisation keeps by its own rule")
    keep.add_argument("years", type=int, metavar="YEARS", help="whole years; 0 takes the rule back")
    keep.set_defaults(run=_keep)
    purge = acts.add_parser("purge", parents=[incident_options()], help="delete an ended incident for good")
    purge.add_argument("--reason", required=True, help="stays in the journal: say nothing of the content")
    purge.add_argument("--despite", action="store_true", help="although its time is not over; never despite a legal hold")
    purge.add_argument("--yes", action="store_true", help="do not ask to type the reference")
    purge.set_defaults(run=_purge)
    finish = acts.add_parser("finish", parents=[vault_options()], help="finish a purge that was interrupted")
    finish.set_defaults(run=_finish)
    hold = commands.add_parser("hold", help="legal holds: keep an incident whatever its time says")
    acts = hold.add_subparsers(dest="act", metavar="ACT", required=True)
    place = acts.add_parser("place", parents=[incident_options()], help="forbid deletion")
    place.add_argument("--reason", required=True, help="the proceedings, or the authority's letter")
    place.set_defaults(run=_place)
    lift = acts.add_parser("lift", parents=[incident_options()], help="lift every hold on the incident")
    lift.set_defaults(run=_lift)
    listed = acts.add_parser("list", parents=[incident_options()], help="holds: why, since when, and whether they stand")
    listed.set_defaults(run=_list)


def _named(desk: "Desk", args: argparse.Namespace) -> "Incident":
    from incident.usecases.incidents import incident_named

    if not args.incident:
        raise RefusedError("Which incident is meant is not said.", "Name it with -i.")
    return incident_named(desk, args.incident)


def _show(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.output import print_json
    from incident.usecases.retention import finish, keepings

    now = clock.now()
    with open_desk(args) as desk:
        residue, found = finish(desk), keepings(desk, now=now)
    if args.json:
        listed = [{"keeping": each, "until_on": each.until_on, "is_past": each.is_past(now.date())} for each in found]
        print_json({"kept": listed, "residue": residue})
        return 0
    if residue:
        print(residue)
    if not found:
        print("No incident has ended; open ones are kept.")
    for each in found:
        _print_keeping(each, "its time is over" if each.is_past(now.date()) else "")
    return 0


def _print_keeping(kept: "Keeping", mark: str) -> None:
    from incident.cli.output import say

    until = f"kept until {kept.until_on}" if kept.until_on else "no period is set: `incident retention keep YEARS`"
    hold = f" · {kept.holds} legal holds" if kept.holds else ""
    print(f"{kept.incident.reference} «{kept.incident.code_name}» {until}{hold}{f' · {mark}' if mark else ''}")
    folded: dict[tuple[date, str, str, bool], list[str]] = {}
    for each in sorted(kept.periods, key=lambda period: period.until_on, reverse=True):
        folded.setdefault((each.until_on, each.what, each.period, each.undecided), []).append(each.citation)
    for (until_on, what, period, undecided), citations in folded.items():
        more = f" and {len(citations) - 2} more" if len(citations) > 2 else ""
        doubt = " (undecided whether this law applies)" if undecided else ""
        text = f"{what}{f', {period}' if period else ''} — {'; '.join(citations[:2])}{more}{doubt}"
        say(text, first=f"  {until_on}  ")


def _keep(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.output import print_json
    from incident.usecases.retention import keep_years

    with open_desk(args) as desk:
        keep_years(desk, args.years, now=clock.now())
    if args.json:
        print_json({"years": args.years})
    elif args.years:
        print(f"Ended incidents are kept {args.years} years by our own rule, longer where a law or a hold asks it.")
    else:
        print("There is no rule of our own any more; the periods of the law stay.")
    return 0


def _purge(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.output import print_json
    from incident.usecases.retention import purge_incident, refuse_purge

    now = clock.now()
    with open_desk(args) as desk:
        incident = _named(desk, args)
        refuse_purge(desk, incident, now=now, despite=args.despite)
        if not args.yes:
            _confirm(incident)
        report = purge_incident(desk, incident, reason=args.reason, now=now, despite=args.despite)
    if args.json:
        print_json(report)
    else:
        _print_purge(report)
    return 1 if report.purged.residue else 0


def _confirm(incident: "Incident") -> None:
    if not sys.stdin.isatty():
        raise RefusedError("There is no terminal to confirm at.", "Add --yes.")
    print(f"{incident.reference} «{incident.code_name}» {incident.title}: deleted for good, nobody can bring it back.")
    if input("Type the reference to delete it: ").strip() != incident.reference:
        raise RefusedError("That is not the reference.", "Nothing was deleted.")


def _print_purge(report: "PurgeReport") -> None:
    done = report.purged
    print(f"{', '.join(report.references)} deleted: {done.rows} rows, their keys, {done.files} evidence files.")
    if done.residue:
        print(done.residue)
    if not report.remaining:
        print("No copy that this vault knows of holds it. Make a new backup: `incident backup`.")
        return
    print(f"{len(report.remaining)} copies still hold it; destroy them, then `incident backup forget FOLDER`:")
    for each in report.remaining:
        there = "" if each.is_there else " (not seen from here)"
        print(f"  {each.copy.made_at:%Y-%m-%d %H:%M} UTC  {each.copy.folder}{there}")
        print(f"    opened by: {', '.join(each.opened_by)}")
    print("Then make a new backup: `incident backup`.")


def _finish(args: argparse.Namespace) -> int:
    from incident.cli.output import print_json
    from incident.usecases.retention import finish

    with open_desk(args) as desk:
        residue = finish(desk)
    if args.json:
        print_json({"residue": residue})
    else:
        print(residue or "Nothing of a purge is left over.")
    return 1 if residue else 0


def _place(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.output import print_json
    from incident.usecases.retention import place_hold

    with open_desk(args) as desk:
        incident = _named(desk, args)
        hold = place_hold(desk, incident, reason=args.reason, now=clock.now())
    if args.json:
        print_json(hold)
    else:
        print(f"{incident.reference} is under legal hold.")
    return 0


def _lift(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.output import print_json
    from incident.usecases.retention import lift_hold

    with open_desk(args) as desk:
        incident = _named(desk, args)
        lifted = lift_hold(desk, incident, now=clock.now())
    if args.json:
        print_json({"lifted": lifted})
    else:
        print(f"{lifted} holds on {incident.reference} are lifted.")
    return 0


def _list(args: argparse.Namespace) -> int:
    from incident.cli.output import print_json, print_table
    from incident.usecases.desk import names
    from incident.usecases.incidents import incidents
    from incident.usecases.retention import holds

    with open_desk(args) as desk:
        found = holds(desk, _named(desk, args) if args.incident else None)
        people, references = names(desk), {each.id: each.reference for each in incidents(desk, hidden=True)}
    if args.json:
        print_json(found)
        return 0
    rows = [
        (
            references[each.incident_id],
            f"{each.placed_at:%Y-%m-%d}",
            people.get(each.by, ""),
            f"lifted {each.lifted_at:%Y-%m-%d}" if each.lifted_at else "stands",
            each.reason,
        )
        for each in found
    ]
    print_table(("incident", "since", "by", "state", "reason"), rows)
    return 0
