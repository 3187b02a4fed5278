"""`incident export emergency`: an incident's record as plain text when nothing can be written any more."""

import argparse
import os
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING

from incident.cli.access import incident_options, passphrase_of, vault_of
from incident.cli.recovery import recovery_words
from incident.errors import RefusedError, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterable

    Acts = argparse._SubParsersAction[argparse.ArgumentParser]


def add_act(acts: "Acts") -> None:
    """Register `incident export emergency`."""
    emergency = acts.add_parser(
        "emergency", parents=[incident_options()], help="team, clocks, facts, timeline as text, by reading alone"
    )
    emergency.add_argument("--to", required=True, metavar="FILE", help="a file on another disk, or - for the screen")
    text = "open it with the recovery code in this file; once for each share"
    emergency.add_argument("--code-file", type=Path, metavar="FILE", action="append", help=text)
    emergency.add_argument("--code", action="store_true", help="open it with the recovery code, typed")
    profiles = ["privileged", "regulator", "customer", "public"]
    text = "for whom: what is left out for them, and the stamp that says so (else privileged)"
    emergency.add_argument("--profile", choices=profiles, default="privileged", help=text)
    emergency.set_defaults(run=_emergency)


def _emergency(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.domain.profile import Profile
    from incident.store.device import system_device_store
    from incident.store.read_only import open_slot_of, read_only
    from incident.usecases.emergency import emergency_record

    path = vault_of(args)
    if args.code or args.code_file is not None:
        opened = open_slot_of(path, code=recovery_words(path, args.code_file or ()))
    else:
        sign_in = _who(args, path)
        words = passphrase_of(args, f"Passphrase of {sign_in}")
        opened = open_slot_of(path, sign_in=sign_in, passphrase=words, device=system_device_store())
    vault = read_only(path, opened)
    try:
        lines = emergency_record(vault, args.incident or "", now=clock.now(), profile=Profile(args.profile))
        _written(args, lines)
    finally:
        vault.close()
    return 0


def _who(args: argparse.Namespace, path: Path) -> str:
    """Who signs in, read from the header alone: nothing that writes is loaded."""
    from incident.store.vault import read_header, slot_infos

    if name := args.sign_in or os.environ.get("INCIDENT_AS"):
        return str(name)
    names = sorted({each.sign_in for each in slot_infos(read_header(path)) if each.sign_in})
    if len(names) == 1:
        return names[0]
    raise RefusedError("Several responders can sign in to this vault.", f"Say who: --as {' | '.join(names)}.")


def _written(args: argparse.Namespace, lines: "Iterable[str]") -> None:
    if args.json:
        from incident.cli.output import print_json

        print_json({"markdown": "\n".join(lines)})
    elif args.to == "-":
        _streamed(sys.stdout, lines)
    else:
        _into(Path(args.to), lines)


def _streamed(file: IO[str], lines: "Iterable[str]") -> None:
    for line in lines:
        file.write(line + "\n")
    file.flush()


def _into(path: Path, lines: "Iterable[str]") -> None:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            _streamed(file, lines)
            os.fsync(file.fileno())
    except FileExistsError as error:
        raise StoreError(f"{path} is there already.", "Name another file.") from error
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror}.", "Name another disk, or - for the screen.") from error
    print(f"The record is in {path}. It is plain text: keep it where only the team can read it.")
