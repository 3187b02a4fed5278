"""The composition root: hands the screen to the command line, which must not know it."""

import sys
from collections.abc import Sequence
from pathlib import Path

from incident.cli.app import main as command


def main(argv: Sequence[str] | None = None) -> int:
    """`incident` and `python -m incident`."""
    return command(argv, screen=_screen)


def _screen(vault: Path, sign_in: str, passphrase: str) -> int:
    from incident.tui import run

    return run(vault, sign_in=sign_in, passphrase=passphrase)


if __name__ == "__main__":
    sys.exit(main())
