"""`incident fact`: record what is known, say what is not and who finds out, list it with its provenance."""

import argparse
from typing import TYPE_CHECKING

from incident.cli.access import incident_of, incident_options, open_desk, zone_of

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def add(commands: "Commands") -> None:
    """Register `incident fact …`."""
    fact = commands.add_parser("fact", help="record what is known, or who finds out by when")
    acts = fact.add_subparsers(dest="act", metavar="ACT", required=True)
    listed = acts.add_parser("list", parents=[incident_options()], help="what is known, and who said so")
    listed.set_defaults(run=_list)
    record = acts.add_parser("set", parents=[incident_options()], help="record a fact: fact set people 'DE 400, FR ~90'")
    record.add_argument("key", help="the fact, for example at.aware, people, data.elements, risk.individuals")
    record.add_argument("answer", help="as you would say it; times like `yesterday 14:10 Berlin`, `-3h`")
    record.add_argument("--source", default="", help="where it comes from: audit log, call with the vendor …")
    record.add_argument("--basis", default="", help="reasons; required where the law leaves it to judgement")
    record.add_argument("--confidence", default="confirmed", choices=["confirmed", "likely", "estimate", "reported"])
    record.add_argument("--for", dest="principal", default="", metavar="NAME", help="for a principal who delegated to you")
    record.set_defaults(run=_set)
    unknown = acts.add_parser("unknown", parents=[incident_options()], help="not known yet: who finds out, by when")
    unknown.add_argument("key")
    unknown.add_argument("--owner", default="", metavar="NAME")
    unknown.add_argument("--by", default="", metavar="WHEN", help="by when it is wanted: 4h, 18:00, tomorrow 10:00")
    unknown.add_argument("--for", dest="principal", default="", metavar="NAME")
    unknown.set_defaults(run=_unknown)
    keys = acts.add_parser("keys", help="every fact that can be recorded, with its question")
    keys.add_argument("--json", action="store_true", help="print one JSON document")
    keys.set_defaults(run=_keys)


def _list(args: argparse.Namespace) -> int:
    from incident.cli.output import moment, print_json, print_table
    from incident.usecases.facts import fact_lines

    with open_desk(args) as desk:
        lines, zone = fact_lines(desk, incident_of(desk, args)), zone_of(desk)
    if args.json:
        print_json(lines)
        return 0
    rows = []
    for each in lines:
        key = f"{each.on_behalf_of}: {each.kind.key}" if each.on_behalf_of else each.kind.key
        said = each.text if len(each.text) <= 60 else each.text[:57] + "…"
        if each.unknown and each.owner:
            said += f" — {each.owner}, by {moment(each.wanted_at, zone)}"
        who = each.by or each.source
        when = moment(each.recorded_at, zone) if each.recorded_at else ""
        rows.append((key, said, each.confidence.value if not each.unknown else "", who, when))
    print_table(("fact", "answer", "confidence", "said by", "recorded"), rows)
    return 0


def _set(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.output import print_json
    from incident.domain.answer import value_text
    from incident.domain.fact_record import Confidence
    from incident.usecases.assess import load_law
    from incident.usecases.facts import Statement, odd_facts, record_fact

    statement = Statement(
        args.key,
        args.answer,
        source=args.source,
        confidence=Confidence(args.confidence),
        basis=args.basis,
        on_behalf_of=args.principal,
    )
    with open_desk(args) as desk:
        zone = zone_of(desk)
        incident = incident_of(desk, args)
        record = record_fact(desk, incident, statement, now=clock.now(), zone=zone)
        odd = odd_facts(desk, incident)
    if args.json:
        print_json(record)
        return 0
    print(f"{record.key}: {value_text(load_law().vocabulary.kind(record.key), record.value, zone=zone)}")
    for sentence in odd:
        print(f"  ? {sentence}")
    return 0


def _unknown(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.output import moment, print_json
    from incident.domain.moment import until
    from incident.usecases.desk import names
    from incident.usecases.facts import record_unknown

    now = clock.now()
    with open_desk(args) as desk:
        zone = zone_of(desk)
        wanted = until(args.by, now=now, zone=zone) if args.by else None
        called = names(desk)
        record = record_unknown(
            desk,
            incident_of(desk, args),
            args.key,
            now=now,
            owner=args.owner,
            wanted_at=wanted,
            on_behalf_of=args.principal,
        )
    if args.json:
        print_json(record)
    else:
        who = called.get(record.owner, "") if record.owner else ""
        asked = f" {who} finds out" if who else " Nobody was asked to find out"
        print(f"{record.key} is not known yet.{asked}{f', by {moment(wanted, zone)}' if wanted else ''}.")
    return 0


def _keys(args: argparse.Namespace) -> int:
    from incident.cli.output import print_json, print_table
    from incident.usecases.assess import load_law

    kinds = load_law().vocabulary.kinds
    if args.json:
        print_json(list(kinds.values()))
        return 0
    print_table(("fact", "type", "question"), [(each.key, each.type.value, each.question) for each in kinds.values()])
    return 0
