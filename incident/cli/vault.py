"""`incident vault`: create it with the recovery code typed back, recover, change a passphrase, show its slots."""

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from incident.cli.access import first_line, open_desk, passphrase_of, sign_in_of, typed, vault_of, vault_options
from incident.cli.recovery import add_recovery, handed_over, recovery_words, refuse_unattended, rule_named
from incident.errors import RefusedError

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def add(commands: "Commands") -> None:
    """Register `incident vault …`."""
    vault = commands.add_parser("vault", help="create a vault; recover, change a passphrase, show its slots")
    acts = vault.add_subparsers(dest="act", metavar="ACT", required=True)
    create = acts.add_parser("create", parents=[vault_options()], help="create a vault for an organisation")
    create.add_argument("--organisation", required=True, metavar="NAME", help="the name on your letters")
    create.add_argument("--name", required=True, help="your name")
    create.add_argument("--sign-in", dest="own_sign_in", required=True, metavar="WORD", help="the word you sign in with")
    create.add_argument("--function", default="it", choices=["it", "legal", "management", "outside"])
    create.add_argument("--zone", default="UTC", help="time zone, for example Europe/Berlin")
    text = "write the recovery code there (0600); shares go into FILE-1, FILE-2 …"
    create.add_argument("--recovery-code-file", type=Path, metavar="FILE", help=text)
    create.add_argument("--recovery-shares", metavar="K/N", help="not one recovery code but shares: any K of N open the vault")
    create.set_defaults(run=_create)
    show = acts.add_parser("show", parents=[vault_options()], help="who can sign in, and how")
    show.set_defaults(run=_show)
    recover = acts.add_parser("recover", parents=[vault_options()], help="forgotten passphrase: use the recovery code")
    recover.add_argument(
        "--recovery-code-file",
        "--code-file",
        dest="code_file",
        type=Path,
        metavar="FILE",
        action="append",
        help="read the recovery code from a file; give it once for each share",
    )
    recover.set_defaults(run=_recover)
    change = acts.add_parser("passphrase", parents=[vault_options()], help="change your passphrase")
    change.add_argument("--new-passphrase-file", type=Path, metavar="FILE")
    change.set_defaults(run=_change)
    add_recovery(acts)


def _create(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.domain.organisation import Organisation
    from incident.domain.responder import Function
    from incident.store.device import system_device_store
    from incident.usecases.vaults import NewResponder, prepare

    path = vault_of(args)
    rule = rule_named(args.recovery_shares)
    refuse_unattended(args.recovery_code_file)
    named = args.passphrase_file or os.environ.get("INCIDENT_PASSPHRASE_FILE")
    passphrase = _new_passphrase(Path(named) if named else None)
    pending = prepare(
        path,
        organisation=Organisation(name=args.organisation, timezone=args.zone),
        founder=NewResponder(args.name, args.own_sign_in, Function(args.function), zone=args.zone),
        passphrase=passphrase,
        device=system_device_store(),
        recovery=rule,
    )
    code = handed_over(pending.papers, args.recovery_code_file)
    desk = pending.confirm(code, now=clock.now())
    desk.close()
    next_steps = "Next: `incident organisation set`, `incident team invite`, `incident`."
    return _told(args, f"The vault is in {path}. {next_steps}", vault=str(path))


def _new_passphrase(file: Path | None) -> str:
    if file is not None:
        return first_line(file)
    first = typed("Choose a passphrase (six words are best)")
    if typed("The same again") != first:
        raise RefusedError("The two passphrases differ.", "Start again; nothing was written.")
    return first


def _show(args: argparse.Namespace) -> int:
    from incident.cli.output import print_json, print_table
    from incident.store.workspace import slots

    found = slots(vault_of(args))
    if args.json:
        print_json(found)
    else:
        print_table(("sign-in", "opens with"), [(each.sign_in or "—", str(each.kind)) for each in found])
    return 0


def _recover(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.store.device import system_device_store
    from incident.usecases.vaults import recover

    sign_in = sign_in_of(args)
    code = recovery_words(vault_of(args), args.code_file or ())
    passphrase = _new_passphrase(args.passphrase_file)
    desk = recover(
        vault_of(args),
        code=code,
        sign_in=sign_in,
        new_passphrase=passphrase,
        now=clock.now(),
        device=system_device_store(),
    )
    desk.close()
    text = f"{sign_in} has a new passphrase and a new signing key. The recovery code, or its shares, stay valid."
    return _told(args, text, sign_in=sign_in)


def _change(args: argparse.Namespace) -> int:
    sign_in = sign_in_of(args)
    with open_desk(args) as desk:
        old = passphrase_of(args, f"Passphrase of {sign_in}, once more")
        desk.workspace.slots.change_passphrase(old, _new_passphrase(args.new_passphrase_file))
    text = "The passphrase is changed. Copies of the vault made earlier still open with the old one."
    return _told(args, text, sign_in=sign_in)


def _told(args: argparse.Namespace, text: str, **said: str) -> int:
    """Say what was done, as a sentence or as a document."""
    from incident.cli.output import print_json

    if args.json:
        print_json(said)
    else:
        print(text)
    return 0
