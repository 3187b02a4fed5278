"""`incident doctor`: whether this machine and this vault are fit, line by line, and what mends what is not."""

import argparse
import os
from contextlib import nullcontext
from typing import TYPE_CHECKING

from incident.cli.access import open_desk, vault_of, vault_options
from incident.errors import IncidentError

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from incident.usecases.desk import Desk

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def add(commands: "Commands") -> None:
    """Register `incident doctor`."""
    parser = commands.add_parser(
        "doctor", parents=[vault_options()], help="check machine, vault, keyring, fonts, law and backups"
    )
    parser.add_argument("--open", action="store_true", help="ask for the passphrase and check the journal too")
    parser.set_defaults(run=_doctor)


def _doctor(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.output import print_json, say
    from incident.usecases.doctor import Finding, State, examine

    now, vault = clock.now(), vault_of(args)
    try:
        with _desk(args) as desk:
            found = examine(vault, now=now, desk=desk)
    except IncidentError as error:
        found = (*examine(vault, now=now), Finding("journal", State.WRONG, error.message, error.hint))
    wrong = any(each.state is State.WRONG for each in found)
    if args.json:
        print_json(found)
        return int(wrong)
    for each in found:
        mend = f" → {each.mend}" if each.mend else ""
        say(f"{each.text}{mend}", first=f"{each.state.value:<5} {each.topic:<12} ")
    return int(wrong)


def _desk(args: argparse.Namespace) -> "AbstractContextManager[Desk | None]":
    named = args.passphrase_file or os.environ.get("INCIDENT_PASSPHRASE_FILE")
    if (args.open or named) and (vault_of(args) / "vault.json").exists():
        return open_desk(args)
    return nullcontext(None)
