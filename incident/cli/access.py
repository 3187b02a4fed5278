"""How a command gets at the vault: which folder, who signs in, and where the passphrase comes from."""

import argparse
import getpass
import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from incident.cli.step_up import is_asked, name_of
from incident.errors import ContentError, RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from incident.domain.incident import Incident
    from incident.usecases.desk import Desk


def default_vault() -> Path:
    """The vault's folder when none is named: INCIDENT_VAULT, else the user's data folder."""
    if chosen := os.environ.get("INCIDENT_VAULT"):
        return Path(chosen)
    base = os.environ.get("XDG_DATA_HOME")
    return (Path(base) if base else Path.home() / ".local" / "share") / "incident" / "vault"


def vault_options() -> argparse.ArgumentParser:
    """The options of every command that opens a vault."""
    options = argparse.ArgumentParser(add_help=False)
    group = options.add_argument_group("vault")
    group.add_argument("--vault", type=Path, metavar="FOLDER", help="the vault's folder (else INCIDENT_VAULT)")
    group.add_argument("--as", dest="sign_in", metavar="NAME", help="who signs in (else INCIDENT_AS, else the only one)")
    group.add_argument(
        "--passphrase-file",
        type=Path,
        metavar="FILE",
        help="read the passphrase from a file's first line, not the keys",
    )
    options.add_argument("--json", action="store_true", help="print one JSON document")
    return options


def incident_options() -> argparse.ArgumentParser:
    """The vault's options, and which incident is meant."""
    options = argparse.ArgumentParser(add_help=False, parents=[vault_options()])
    options.add_argument(
        "-i", "--incident", metavar="NAME", help="reference, its number or code name (else the only open incident)"
    )
    return options


def vault_of(args: argparse.Namespace) -> Path:
    """The vault's folder that a command means."""
    return args.vault if args.vault is not None else default_vault()


def passphrase_of(args: argparse.Namespace, prompt: str) -> str:
    """The passphrase: from the file named, from INCIDENT_PASSPHRASE_FILE, or typed unseen.

    A command that asks for it itself (`step_up`) does not take it from the environment.
    """
    inherited = os.environ.get("INCIDENT_PASSPHRASE_FILE")
    if args.passphrase_file is None and inherited and is_asked(args):
        return _asked(name_of(args), prompt)
    named = args.passphrase_file or inherited
    return first_line(Path(named)) if named else typed(prompt)


def _asked(command: str, prompt: str) -> str:
    if not sys.stdin.isatty():
        raise RefusedError(
            f"`incident {command}` asks for the passphrase itself; INCIDENT_PASSPHRASE_FILE does not count here.",
            "Type it at a terminal, or name the file: --passphrase-file FILE.",
        )
    return typed(f"{prompt}, because {command} asks for it itself")


def first_line(path: Path) -> str:
    """The first line of a file, without its line end."""
    try:
        return path.read_text(encoding="utf-8").splitlines()[0]
    except OSError as error:
        raise ContentError(f"{path}: {error.strerror}.", "Name a readable file.") from error
    except (IndexError, UnicodeDecodeError) as error:
        raise ContentError(f"{path}: there is no passphrase in its first line.", "Write it there as UTF-8.") from error


def typed(prompt: str) -> str:
    """Something secret typed at the terminal; refused where there is none."""
    if not sys.stdin.isatty():
        raise RefusedError(
            "There is no terminal to type a passphrase at.", "Name a file that holds it: `--help` says by which option."
        )
    return getpass.getpass(f"{prompt}: ")


def sign_in_of(args: argparse.Namespace) -> str:
    """Who signs in: the one named, or the vault's only responder."""
    from incident.store.workspace import slots

    if name := args.sign_in or os.environ.get("INCIDENT_AS"):
        return str(name)
    names = sorted({each.sign_in for each in slots(vault_of(args)) if each.sign_in})
    if len(names) == 1:
        return names[0]
    raise RefusedError("Several responders can sign in to this vault.", f"Say who: --as {' | '.join(names)}.")


@contextmanager
def open_desk(args: argparse.Namespace) -> "Iterator[Desk]":
    """Unlock the vault for the length of a command."""
    from incident import clock
    from incident.store.device import system_device_store
    from incident.usecases.vaults import unlock

    sign_in = sign_in_of(args)
    passphrase = passphrase_of(args, f"Passphrase of {sign_in}")
    desk = unlock(vault_of(args), sign_in=sign_in, passphrase=passphrase, device=system_device_store(), now=clock.now())
    desk.workspace.waiting = _said_once()
    try:
        yield desk
    finally:
        desk.close()


def _said_once() -> "Callable[[float], None]":
    """Says, after a second and once, for what a command waits."""
    said = False

    def say(seconds: float) -> None:
        nonlocal said
        if seconds >= 1 and not said:
            said = True
            print("incident: another window is writing; waiting …", file=sys.stderr, flush=True)

    return say


def incident_of(desk: "Desk", args: argparse.Namespace) -> "Incident":
    """The incident a command means: the one named, or the only open one; the look goes into the access log."""
    from incident import clock
    from incident.usecases.access import looked

    incident = _meant(desk, args)
    looked(desk, incident, now=clock.now())
    return incident


def _meant(desk: "Desk", args: argparse.Namespace) -> "Incident":
    from incident.usecases.incidents import incident_named, incidents, references

    if args.incident:
        return incident_named(desk, args.incident)
    found = incidents(desk, open_only=True)
    if len(found) == 1:
        return found[0]
    if not found:
        raise RefusedError("No incident is open.", "Declare one with `incident declare`, or name one with -i.")
    raise RefusedError(f"{len(found)} incidents are open.", f"Name one with -i: {references(found)}.")


def zone_of(desk: "Desk") -> str:
    """The zone in which a responder's times are read and shown: theirs."""
    return desk.me.zone
