"""`incident watch`: remind for as long as it runs, in a window or a container; looks at the clock anew each time."""

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from incident.cli.access import vault_of
from incident.errors import ContentError, StoreError, shown

if TYPE_CHECKING:
    from incident.usecases.reminding import Reminders

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

_SHORTEST, _LONGEST = 5, 3600


def add(commands: "Commands") -> None:
    """Register `incident watch`."""
    parser = commands.add_parser("watch", help="remind of what comes due for as long as it runs, on a locked vault")
    parser.add_argument("--vault", type=Path, metavar="FOLDER", help="the vault's folder (else INCIDENT_VAULT)")
    parser.add_argument("--json", action="store_true", help="print each reminder as one line of JSON")
    parser.add_argument("--every", type=int, default=30, metavar="SECONDS", help="how often to look (else 30)")
    parser.add_argument("--looks", type=int, default=0, metavar="N", help="end after so many looks (else never)")
    parser.set_defaults(run=_watch)


def _watch(args: argparse.Namespace) -> int:
    from incident.usecases.reminding import checked_alive, reminders_of

    if not _SHORTEST <= args.every <= _LONGEST:
        raise ContentError(f"--every {args.every} is out of range.", f"From {_SHORTEST} to {_LONGEST} seconds.")
    reminders = reminders_of(vault_of(args))
    checked_alive(reminders)
    if not args.json:
        print(f"Watching {reminders.vault}. Ctrl+C ends it.", file=sys.stderr)
    look = 0
    while True:
        _look(args, reminders)
        look += 1
        if look == args.looks:
            return 0
        time.sleep(args.every)  # never "until the next rung": a clock that is set, or a machine that slept, must not matter


def _look(args: argparse.Namespace, reminders: "Reminders") -> None:
    """One look. What goes wrong is said and tried again: a watch that ends reminds nobody."""
    from incident import clock
    from incident.usecases.reminding import remind

    try:
        told = remind(reminders, now=clock.now(), printer=_as_json if args.json else _as_line)
    except StoreError as error:
        print(f"incident: {shown(str(error))}", file=sys.stderr, flush=True)
        return
    for each in told:
        if each.trouble:
            print(f"incident: {each.channel} did not take a reminder: {shown(each.trouble)}", file=sys.stderr, flush=True)


def _as_json(text: str) -> None:
    import json

    print(json.dumps({"reminder": text}, ensure_ascii=False), flush=True)


def _as_line(text: str) -> None:
    from incident.cli.output import say

    say(text)
    sys.stdout.flush()
