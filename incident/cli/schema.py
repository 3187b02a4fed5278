"""`incident schema`: JSON Schema of the files that people write, for their editors."""

import argparse
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def add(commands: "Commands") -> None:
    """Register `incident schema`."""
    parser = commands.add_parser("schema", help="JSON Schema of regimes, playbooks and facts, for editors; of a review")
    parser.add_argument("kind", choices=("regime", "playbook", "facts", "review"))
    parser.set_defaults(run=_schema)


def _schema(args: argparse.Namespace) -> int:
    from incident.content.schemas import facts_schema, playbook_schema, regime_schema
    from incident.usecases.assess import load_law

    if args.kind == "review":
        from incident.content.review_schema import review_schema

        found = review_schema()
    elif args.kind == "regime":
        found = regime_schema()
    else:
        law = load_law()
        facts = args.kind == "facts"
        found = facts_schema(law.vocabulary, law.known_obligations) if facts else playbook_schema(law.vocabulary)
    print(json.dumps(found, ensure_ascii=False, indent=2))
    return 0
