"""`incident open`: the screen. `incident` alone does the same."""

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from incident.cli.access import default_vault
from incident.errors import RefusedError

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def add(commands: "Commands") -> None:
    """Register `incident open`."""
    parser = commands.add_parser("open", help="open the screen (also what `incident` alone does)")
    parser.add_argument("--vault", type=Path, metavar="FOLDER", help="the vault's folder (else INCIDENT_VAULT)")
    parser.add_argument("--as", dest="sign_in", metavar="NAME", help="who signs in (else INCIDENT_AS)")
    parser.set_defaults(run=_open)


def _open(args: argparse.Namespace) -> int:
    if args.screen is None or not sys.stdout.isatty() or not sys.stdin.isatty():
        raise RefusedError("There is no terminal to open the screen in.", "`incident --help` lists the commands.")
    return int(args.screen(args.vault or default_vault(), args.sign_in or os.environ.get("INCIDENT_AS", ""), ""))
