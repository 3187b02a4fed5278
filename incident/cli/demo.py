"""`incident demo`: a whole incident handled in a new vault, each step printed; then the same vault on the screen."""

import argparse
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def add(commands: "Commands") -> None:
    """Register `incident demo`."""
    parser = commands.add_parser("demo", help="watch a whole incident handled, in a vault of its own")
    parser.add_argument("--folder", type=Path, help="where to put vault and documents (else a temporary folder)")
    parser.add_argument("--no-screen", action="store_true", help="do not open the screen afterwards")
    parser.set_defaults(run=_demo)


def _demo(args: argparse.Namespace) -> int:
    from incident.usecases.demo import PASSPHRASE, play

    folder = args.folder or Path(tempfile.mkdtemp(prefix="incident-demo-"))
    documents = play(folder, print)
    print(f"\n{len(documents)} documents in {folder / 'documents'}:")
    for path in documents:
        print(f"  {path.name}")
    print(f"\nThe vault is {folder / 'vault'}; everybody's passphrase in this demo is: {PASSPHRASE}")
    on_terminal = sys.stdin.isatty() and sys.stdout.isatty()
    if on_terminal and args.screen is not None and not args.no_screen:
        return int(args.screen(folder / "vault", "ana", PASSPHRASE))
    print(f"Open it with: incident open --vault {folder / 'vault'}")
    return 0
