"""`incident contracts`: clauses of customers and insurers as clocks of your own."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from incident.domain.regime import Duty, Regime

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def add(commands: "Commands") -> None:
    """Register `incident contracts …`."""
    group = commands.add_parser("contracts", help="contract clauses as clocks of your own: import, list")
    acts = group.add_subparsers(dest="act", metavar="ACT", required=True)
    taken = acts.add_parser("import", help="read a CSV: party, window, anchor, contact, channel, clause, when")
    taken.add_argument("file", type=Path, metavar="CSV")
    taken.add_argument("--json", action="store_true", help="print one JSON document")
    taken.set_defaults(run=_import)
    listed = acts.add_parser("list", help="your clauses, the tightest first")
    listed.add_argument("--json", action="store_true", help="print one JSON document")
    listed.set_defaults(run=_list)


def _import(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.usecases.contracts import contracts_folder, import_contracts

    found = import_contracts(args.file, today=clock.now().date())
    _print(found, as_json=args.json)
    if not args.json:
        print(f"Written to {contracts_folder()}, in the clear and yours to edit. They run from now on.")
    return 0


def _list(args: argparse.Namespace) -> int:
    from incident.usecases.contracts import own_contracts

    _print(own_contracts(), as_json=args.json)
    return 0


def _print(regimes: "Iterable[Regime]", *, as_json: bool) -> None:
    from incident.cli.output import print_json, print_table
    from incident.content.regime_writer import start_text

    duties = [(regime, duty) for regime in regimes for duty in regime.duties]
    if as_json:
        print_json(
            [
                {
                    "id": duty.id,
                    "party": duty.recipient,
                    "window": str(duty.period) if duty.period else "undated",
                    "anchor": start_text(duty.start),
                    "clause": duty.citation,
                    "note": duty.note,
                }
                for _, duty in duties
            ]
        )
        return
    if not duties:
        print("No clauses. `incident contracts import FILE.csv` reads them.")
        return
    rows = [(duty.recipient, _window(duty), _from(duty), duty.citation, duty.note) for _, duty in duties]
    print_table(("party", "window", "from", "clause", "how"), rows)


def _window(duty: "Duty") -> str:
    """How soon, in words."""
    if duty.period is None:
        return "no number"
    unit = str(duty.period).replace("_", " ")
    return unit.removesuffix("s") if duty.period.amount == 1 else unit


def _from(duty: "Duty") -> str:
    """From when a clause runs, in words."""
    start = duty.start
    if start.relation is not None:
        words = {"filed": "first sending of", "filed-last": "latest sending of"}
        return f"{words.get(start.relation.value, start.relation.value)} {start.of}"
    if start.hold_end:
        return "the end of the hold"
    events = [*start.events, *(["knowledge"] if start.knowledge else [])]
    return (" and " if start.latest else " or ").join(each.replace("_", " ") for each in events) or "no event"
