"""The `incident` command: reads the words, runs one verb, turns a refusal into one line and an exit status.

Nothing heavy is imported here: `--help` must answer in the time an interpreter takes to start.
"""

import argparse
import errno
import importlib
import os
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from incident import __version__
from incident.errors import ContentError, IncidentError, shown

Screen = Callable[[Path, str, str], int]
"""Opens the screen on a vault; sign-in and passphrase may be blank."""

_AGO = re.compile(r"^-(\d+ ?(?:m|min|h|d))$")
"""`-3h` is a time that people type, not an option."""

_GROUPS: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...] = (
    (
        "Start",
        (
            ("demo", "demo", "watch a whole incident handled, in a vault of its own"),
            ("open", "open_screen", "open the screen (also what `incident` alone does)"),
            ("vault", "vault", "create a vault; recover, change a passphrase, show its slots"),
            ("team", "team", "invite responders; who may approve; who left"),
            ("organisation", "organisation", "the organisation's profile, entered once"),
        ),
    ),
    (
        "Respond",
        (
            ("declare", "declare", "declare an incident in under a minute"),
            ("list", "board", "the incidents and their nearest clock"),
            ("show", "show", "one incident at a glance: team, next step, clocks, gaps"),
            ("guide", "guide", "the playbook's steps: what is next and whose it is"),
            ("step", "step", "mark a step done, skip it with a reason, record a decision"),
            ("member", "member", "who may read an incident: let people in and out"),
            ("role", "role", "take, hand over or give up a role"),
            ("fact", "fact", "record what is known, or who finds out by when"),
            ("log", "log", "write a line into the timeline"),
            ("timeline", "timeline", "what happened, in order"),
            ("evidence", "evidence", "keep evidence: add, verify, hand over, with its chain of custody"),
            ("clocks", "clocks", "every clock that runs, why, and what is still unknown"),
            ("questions", "questions", "what we need to find out, the most pressing first"),
        ),
    ),
    (
        "Notify",
        (
            ("notice", "notice", "draft, check, freeze, approve and print a notice"),
            ("letters", "letters", "letters to the people affected: check recipients' files, press, count returns"),
            ("file", "file", "record that a notice was sent"),
            ("register", "register", "the register of all breaches, notified or not"),
        ),
    ),
    (
        "Finish",
        (
            ("close", "closing", "close an incident, also as a false alarm; reopen; merge"),
            ("reopen", "closing", "take an ended incident up again"),
            ("merge", "closing", "make two incidents that are one into one"),
            ("review", "review", "the post-incident review: answers, action items, report"),
            ("metrics", "metrics", "how long it took, from what to what; across incidents with n"),
            ("dossier", "dossier", "everything about an incident in one ZIP that a stranger checks"),
            ("retention", "retention", "what is kept until when and why; delete for good"),
            ("hold", "retention", "legal holds: keep an incident whatever its time says"),
            ("journal", "journal", "verify the log of everything that was changed"),
        ),
    ),
    (
        "Keep it safe",
        (
            ("backup", "backup", "make a tested copy of the vault; list, check, read copies"),
            ("restore", "backup", "make a vault in a new folder out of a copy"),
            ("export", "export", "take an incident out: VERIS, STIX, MISP, Timesketch, calendar, CSV; in an emergency"),
            ("import", "import_", "a timeline into an incident; a case of another tool as a new one"),
            ("doctor", "doctor", "check machine, vault, keyring, fonts, law and backups"),
            ("ready", "ready", "are we ready: people and numbers, laws and notices, contacts, backups, exercises"),
            ("remind", "remind", "remind of what comes due, on a locked vault; for cron, a timer or monitoring"),
            ("watch", "watch", "the same for as long as it runs"),
        ),
    ),
    (
        "The law and the content",
        (
            ("assess", "assess", "what follows from a file of facts; needs no vault"),
            ("risk", "risk", "severity, HIPAA's four factors, state harm tests: they advise, you decide"),
            ("regimes", "regimes", "the bodies of law: list, show, check, stale, diff"),
            ("contracts", "contracts", "contract clauses as clocks of your own"),
            ("authorities", "authorities", "supervisory authorities: name, language of the form, zone"),
            ("schema", "schema", "JSON Schema of regimes, playbooks and facts, for editors"),
            ("templates", "templates", "notice templates: list, copy one as your own, check, preview"),
            ("playbooks", "playbooks", "the playbooks: list, show, check; CACAO v2.0 out and in"),
        ),
    ),
)


def build_parser(screen: Screen | None = None, words: Sequence[str] | None = None) -> argparse.ArgumentParser:
    """The command line; a test compares it with the README.

    `words` are those that were typed: only the module of that command is loaded, the other names stand alone.
    Without them the whole command line is there.
    """
    parser = argparse.ArgumentParser(
        prog="incident",
        description="Breach response in the terminal: who does what, which clocks run, what is owed to whom.",
        epilog=_contents(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        usage="incident [--version] COMMAND …",
    )
    parser.add_argument("--version", action="version", version=f"incident {__version__}")
    parser.set_defaults(screen=screen)
    commands = parser.add_subparsers(dest="command", prog="incident", metavar="COMMAND", help=argparse.SUPPRESS)
    lines = [line for _, group in _GROUPS for line in group]
    typed = None if words is None else next((word for word in words if not word.startswith("-")), "")
    for module in dict.fromkeys(module for name, module, _ in lines if typed in (None, name)):
        importlib.import_module(f"incident.cli.{module}").add(commands)
    for name, _, text in lines:
        if name not in commands.choices:
            commands.add_parser(name, help=text)
    return parser


def _contents() -> str:
    parts = []
    for title, lines in _GROUPS:
        parts.append(f"{title}:")
        parts.extend(f"  {name:<14}{text}" for name, _, text in lines)
        parts.append("")
    parts.append("`incident COMMAND --help` says more. Decision support for responders and counsel; not legal advice.")
    return "\n".join(parts)


def main(argv: Sequence[str] | None = None, *, screen: Screen | None = None) -> int:
    """Run one command: 0 done, 1 refused or failed, 2 input that cannot be used, 130 interrupted.

    `screen` opens the screen; the composition root hands it in, because commands must not know it.
    """
    words = [_AGO.sub(r"\1 ago", word) for word in (sys.argv[1:] if argv is None else argv)] or ["open"]
    if words[0].startswith("-") and words[0] not in ("-h", "--help", "--version"):
        words = ["open", *words]  # `incident --vault FOLDER`
    try:
        args = build_parser(screen, words).parse_args(words)
        status = int(args.run(args) or 0)
        if sys.stdout is not None:
            sys.stdout.flush()
    except IncidentError as error:
        _print_error(error)
        return error.exit_status
    except KeyboardInterrupt:
        print("\nincident: interrupted; what was acknowledged is recorded.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        _write_nothing_more()
        return 0
    except OSError as error:
        if error.filename is not None or error.errno not in _NO_ROOM:
            raise
        _write_nothing_more()
        print(f"incident: the answer could not be written: {error.strerror}. Send it elsewhere.", file=sys.stderr)
        return 1
    return status


_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EFBIG)


def _write_nothing_more() -> None:
    """The reader is gone or the disk is full: what is left in the buffer goes nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _print_error(error: IncidentError) -> None:
    """One line for input that cannot be used, so that a program can read it; two for a person who was refused."""
    message, hint = (shown(text, longest=2000) for text in (error.message, error.hint))
    if error.exit_status == ContentError.exit_status:
        print(f"incident: {message} {hint}".rstrip(), file=sys.stderr)
        return
    print(f"incident: {message}", file=sys.stderr)
    if hint:
        print(f"          {hint}", file=sys.stderr)
