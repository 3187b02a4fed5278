"""`incident backup` and `incident restore`: copies that were tested, and a vault made out of one."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from incident.cli.access import open_desk, passphrase_of, sign_in_of, vault_of, vault_options
from incident.cli.recovery import recovery_words

if TYPE_CHECKING:
    from incident.store.copy_test import CopyReport
    from incident.store.vault import Opened

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def add(commands: "Commands") -> None:
    """Register `incident backup …` and `incident restore`."""
    text = "make a tested copy of the vault; list, check, read copies"
    backup = commands.add_parser("backup", parents=[vault_options()], help=text)
    backup.set_defaults(run=_make)
    backup.add_argument("--to", type=Path, metavar="FOLDER", help="where to; best another disk (else beside the vault)")
    acts = backup.add_subparsers(dest="act", metavar="ACT")
    listed = acts.add_parser("list", parents=[_below()], help="the copies that were made, and whether they are there")
    listed.set_defaults(run=_list)
    check = acts.add_parser("check", parents=[_copy_options(_below())], help="test a copy as it was tested when it was made")
    check.set_defaults(run=_check)
    read = acts.add_parser(
        "read", parents=[_copy_options(_below())], help="look into a copy without touching it: board and counts"
    )
    read.set_defaults(run=_read)
    forget = acts.add_parser("forget", parents=[_below()], help="take a destroyed copy off the list")
    forget.add_argument("folder", type=Path, metavar="FOLDER")
    forget.set_defaults(run=_forget)
    restore = commands.add_parser(
        "restore", parents=[_copy_options(vault_options())], help="make a vault in a new folder out of a copy"
    )
    restore.set_defaults(run=_restore)


def _below() -> argparse.ArgumentParser:
    """The vault's options once more after the act: what was said before it stands unless it is said again."""
    options = vault_options()
    for action in options._actions:
        action.default = argparse.SUPPRESS
    return options


def _copy_options(vault: argparse.ArgumentParser) -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(add_help=False, parents=[vault])
    options.add_argument("folder", type=Path, metavar="FOLDER", help="the copy's folder, as it was printed")
    text = "open it with the recovery code in this file; once for each share"
    options.add_argument("--code-file", type=Path, metavar="FILE", action="append", help=text)
    options.add_argument("--code", action="store_true", help="open it with the recovery code, typed")
    return options


def _opened(args: argparse.Namespace) -> "Opened":
    """What opens a copy: the recovery code when that is asked for, else a passphrase of then."""
    from incident.store.device import system_device_store
    from incident.store.read_only import open_slot_of

    if args.code or args.code_file is not None:
        return open_slot_of(args.folder, code=recovery_words(args.folder, args.code_file or ()))
    sign_in = sign_in_of(argparse.Namespace(**{**vars(args), "vault": args.folder}))
    passphrase = passphrase_of(args, f"Passphrase of {sign_in} when the copy was made")
    return open_slot_of(args.folder, sign_in=sign_in, passphrase=passphrase, device=system_device_store())


def _make(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.output import print_json
    from incident.usecases.backup import back_up

    with open_desk(args) as desk:
        made = back_up(desk, args.to, now=clock.now())
    if args.json:
        print_json(made)
        return 0
    _print_report(made.report)
    print("It opens with today's passphrases and with the recovery code on paper.")
    if made.unlisted:
        print(f"It is not on the vault's list of copies: {made.unlisted} Write its folder down.")
    return 0


def _print_report(report: "CopyReport") -> None:
    made = report.manifest
    size = sum(each.size for each in made.files)
    print(f"{report.folder}\n  made {made.made_at:%Y-%m-%d %H:%M} UTC by {made.by}, {len(made.files)} files, {size:,} bytes")
    if report.problems:
        print(f"  It does not hold. {len(report.problems)} problems; the first: {report.problems[0]}")
    else:
        print(f"  Tested: every file as in the manifest, the journal holds with {report.entries} entries.")
    if made.missing:
        print(f"  The vault itself had lost {len(made.missing)} evidence files when it was made.")


def _list(args: argparse.Namespace) -> int:
    from incident.cli.output import print_json, print_table
    from incident.usecases.backup import backups

    found = backups(vault_of(args))
    if args.json:
        print_json([{**_plain(each), "is_there": each.is_there} for each in found])
        return 0
    if not found:
        print("No backup was made yet. Make one with `incident backup --to FOLDER`.")
        return 0
    rows = [
        (
            f"{each.made_at:%Y-%m-%d %H:%M} UTC",
            each.by,
            str(each.seq),
            "yes" if each.is_there else "not seen from here",
            each.folder,
        )
        for each in found
    ]
    print_table(("made", "by", "to entry", "there", "folder"), rows)
    return 0


def _plain(value: object) -> dict[str, object]:
    from dataclasses import asdict

    return asdict(value)  # type: ignore[call-overload,no-any-return]


def _check(args: argparse.Namespace) -> int:
    from incident.cli.output import print_json
    from incident.usecases.backup import check

    report = check(args.folder, _opened(args))
    if args.json:
        print_json(report)
    else:
        _print_report(report)
    return 1 if report.problems else 0


def _read(args: argparse.Namespace) -> int:
    from incident.cli.output import print_json, print_table
    from incident.usecases.backup import contents

    found = contents(args.folder, _opened(args))
    if args.json:
        print_json(found)
        return 0
    print(f"{found.organisation}: " + ", ".join(f"{count} {name}" for name, count in found.counts))
    if found.warning:
        print(found.warning)
    rows = [
        (each.reference, f"«{each.code_name}»", each.status.label, f"{each.declared_at:%Y-%m-%d}", each.title)
        for each in found.incidents
    ]
    print_table(("incident", "code name", "state", "declared", "title"), rows)
    return 0


def _forget(args: argparse.Namespace) -> int:
    from incident.cli.output import print_json
    from incident.usecases.backup import forget

    with open_desk(args) as desk:
        gone = forget(desk, args.folder)
    if args.json:
        print_json(gone)
    else:
        print(f"{gone.folder} is off the list.")
    return 0


def _restore(args: argparse.Namespace) -> int:
    from incident.cli.output import print_json
    from incident.usecases.backup import restore

    target = vault_of(args)
    report = restore(args.folder, target, _opened(args))
    if args.json:
        print_json({"vault": target, "report": report})
        return 0
    print(f"The vault is in {target}: {report.entries} journal entries, up to {report.manifest.made_at:%Y-%m-%d %H:%M} UTC.")
    print("What was recorded later is not in it; what was deleted later is in it again: `incident retention show`.")
    print(f"Sign in with a passphrase of then, or with the paper: `incident vault recover --vault {target} --as NAME`.")
    return 0
