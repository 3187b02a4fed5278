"""`incident vault recovery …`: one code or shares for the day when passphrases are lost; how they are handed over and typed."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from incident.cli.access import first_line, open_desk, typed, vault_of, vault_options
from incident.errors import RefusedError

if TYPE_CHECKING:
    from incident.store.recovery import Rule

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def add_recovery(acts: "Commands") -> None:
    """Register `incident vault recovery …` and `incident vault new-code`, which is its old name."""
    recovery = acts.add_parser("recovery", help="one recovery code, or any k of n shares of it")
    ways = recovery.add_subparsers(dest="way", metavar="WAY", required=True)
    show = ways.add_parser("show", parents=[vault_options()], help="what opens the vault when passphrases are lost")
    show.set_defaults(run=_show)
    code = ways.add_parser("code", parents=[vault_options(), _kept_in()], help="a new code; older papers are void")
    code.set_defaults(run=_renew, rule=None)
    shares = ways.add_parser("shares", parents=[vault_options(), _kept_in()], help="new shares; older papers are void")
    shares.add_argument("rule", metavar="K/N", help="how many of how many open the vault, such as 2/3")
    shares.set_defaults(run=_renew)
    renew = acts.add_parser("new-code", parents=[vault_options(), _kept_in()], help="replace the recovery code")
    renew.set_defaults(run=_renew, rule=None)


def _kept_in() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(add_help=False)
    text = "write the recovery code there (0600); shares go into FILE-1, FILE-2 …"
    options.add_argument("--recovery-code-file", type=Path, metavar="FILE", help=text)
    return options


def rule_named(text: str | None) -> "Rule":
    """The rule that was typed; none is one code."""
    from incident.store.recovery import ONE_CODE, rule_from

    return rule_from(text) if text else ONE_CODE


def refuse_unattended(file: Path | None) -> None:
    """Raise RefusedError when a code would be shown to nobody who can type it back."""
    if file is None and not sys.stdin.isatty():
        raise RefusedError(
            "Nobody is at the terminal to type the recovery code back.",
            "Have it written to a file with --recovery-code-file FILE, and keep that file elsewhere.",
        )


def handed_over(papers: Sequence[str], file: Path | None) -> str:
    """Show the papers and have them typed back; written to files, the files are what is read back."""
    if file is not None:
        return "\n".join(_written(text, each) for text, each in zip(papers, files_for(file, len(papers)), strict=True))
    if len(papers) == 1:
        print("\nRecovery code. Write it on paper; it is shown once and opens everything:\n")
        print(f"    {papers[0]}\n")
        return typed("Type the recovery code back")
    print("\nShares of the recovery code. Each is shown once; give each to another person, on paper.")
    for number, text in enumerate(papers, start=1):
        print(f"\n  Share {number} of {len(papers)}:\n\n    {text[:44]}\n    {text[45:]}\n")
    return "\n".join(typed(f"Type share {number} back, in one line") for number in range(1, len(papers) + 1))


def files_for(file: Path, count: int) -> list[Path]:
    """The file for the code, or one for each share: `code.txt` becomes `code-1.txt` and so on."""
    return [file] if count == 1 else [file.with_name(f"{file.stem}-{number}{file.suffix}") for number in range(1, count + 1)]


def _written(text: str, file: Path) -> str:
    from incident.usecases.press import write_private

    write_private(file, (text + "\n").encode())
    return first_line(file)


def recovery_words(path: Path, files: Sequence[Path]) -> str:
    """The recovery code, or as many shares as the vault asks for, a line each: from files, or typed unseen."""
    if files:
        return "\n".join(first_line(each) for each in files)
    from incident.store.vault import read_header, recovery_rule

    rule = recovery_rule(read_header(path))
    if not rule.is_shared:
        return typed("Recovery code")
    return "\n".join(typed(f"A share of the recovery code ({number} of {rule.needed})") for number in range(1, rule.needed + 1))


def _show(args: argparse.Namespace) -> int:
    from incident.cli.output import print_json
    from incident.store.vault import read_header, recovery_rule

    rule = recovery_rule(read_header(vault_of(args)))
    if args.json:
        print_json(rule)
    else:
        print(f"When passphrases are lost, the vault opens with {rule}.")
    return 0


def _renew(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.output import print_json
    from incident.usecases.vaults import new_papers, renew_recovery

    rule = rule_named(args.rule)
    refuse_unattended(args.recovery_code_file)
    with open_desk(args) as desk:
        pending = new_papers(desk, rule)
        typed_back = handed_over(pending.papers.texts, args.recovery_code_file)
        closed = renew_recovery(desk, pending, typed_back, now=clock.now())
    if args.json:
        print_json({"vault": vault_of(args), "opens_with": rule, "not_opened": closed})
        return 0
    print(f"When passphrases are lost, the vault opens with {rule}. The code or the shares before it are void.")
    print("Copies of the vault made earlier still open with the old ones.")
    if closed:
        print(f"It does not open what {', '.join(closed)} holds, because you are no member there: let a member renew it.")
    return 0
