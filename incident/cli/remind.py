"""`incident remind`: tell what comes due, once each, on a locked vault: for cron, a systemd timer or a login script."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from incident.cli.access import open_desk, vault_of, vault_options
from incident.errors import IncidentError, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from incident.usecases.reminding import ChannelLine, Told

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

_UNKNOWN = 3
"""What monitoring systems read as: nobody can say."""
_ADDRESSES = """Addresses are those of the library apprise (`pip install 'incident[remind]'`), for instance
  dbus://                                        this desktop (Linux)
  macosx://                                      this desktop (macOS)
  mailtos://user:password@mail.example.org?to=oncall@example.org
  json://127.0.0.1:8080/hook                     a webhook
  msteams://… slack://… matrixs://… ntfys://…    chat
Only code names and dates are sent."""


def add(commands: "Commands") -> None:
    """Register `incident remind …`."""
    parser = commands.add_parser(
        "remind",
        parents=[_locked_options()],
        help="remind of what comes due, on a locked vault: once each, for cron or a timer",
        description="Send and print what came due or comes due soon, each rung of its ladder once. Asks for no passphrase.",
    )
    parser.add_argument("--status", action="store_true", help="one line for monitoring, exit status 0 1 2 3; sends nothing")
    parser.add_argument("--test", action="store_true", help="try key, record and every channel with a test message")
    parser.add_argument("--quiet", action="store_true", help="print nothing: channels only")
    parser.add_argument("--print-systemd", action="store_true", help="print a service and a timer for systemd")
    parser.add_argument("--print-cron", action="store_true", help="print a line for crontab")
    parser.add_argument("--print-login", action="store_true", help="print a line for a login script")
    parser.set_defaults(run=_remind)
    acts = parser.add_subparsers(dest="act", metavar="ACT")
    on = acts.add_parser("on", parents=[vault_options()], help="keep the reminder key on this machine, and write what is due")
    on.add_argument("--keyring", action="store_true", help="in the desktop's keyring (cron often cannot reach it), not a file")
    on.set_defaults(run=_on)
    off = acts.add_parser("off", parents=[_locked_options()], help="remove the reminder key from this machine")
    off.set_defaults(run=_off)
    _add_channel(acts)
    _add_ladder(acts)


def _locked_options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(add_help=False)
    options.add_argument("--vault", type=Path, metavar="FOLDER", help="the vault's folder (else INCIDENT_VAULT)")
    options.add_argument("--json", action="store_true", help="print one JSON document")
    return options


def _add_channel(acts: "Commands") -> None:
    channel = acts.add_parser("channel", help="where reminders go: desktop, mail, chat, webhook")
    ways = channel.add_subparsers(dest="way", metavar="WAY", required=True)
    new = ways.add_parser(
        "add",
        parents=[_locked_options()],
        help="add an address",
        epilog=_ADDRESSES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    new.add_argument("address")
    new.add_argument("--role", default="", help="only what this role is to hear (else everything)")
    new.set_defaults(run=_channel_add)
    listed = ways.add_parser("list", parents=[_locked_options()], help="the addresses, without their secrets")
    listed.set_defaults(run=_channel_list)
    remove = ways.add_parser("remove", parents=[_locked_options()], help="remove an address by its number")
    remove.add_argument("number", type=int)
    remove.set_defaults(run=_channel_remove)


def _add_ladder(acts: "Commands") -> None:
    ladder = acts.add_parser("ladder", help="when before and after the date, and who hears it")
    ways = ladder.add_subparsers(dest="way", metavar="WAY", required=True)
    shown_ = ways.add_parser("show", parents=[vault_options()], help="the ladders in force")
    shown_.set_defaults(run=_ladder_show)
    put = ways.add_parser("set", parents=[vault_options()], help="for a kind, a body of law, a duty, a step or a fact")
    put.add_argument("scope", help="clock, question, step, answer, action; eu-gdpr; eu-gdpr/authority; a step or a fact")
    put.add_argument("rungs", help="'24h, 4h > commander, due > commander executive, +1h > commander'; '' for the shipped one")
    put.set_defaults(run=_ladder_set)


def _remind(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.usecases.reminding import remind, reminders_of, try_channels

    if args.print_systemd or args.print_cron or args.print_login:
        return _print_units(args)
    if args.status:
        return _status(args)
    reminders = reminders_of(vault_of(args))
    if args.test:
        return _report(args, try_channels(reminders, now=clock.now()))
    printer = None if args.quiet else _kept if args.json else _printed
    return _report(args, remind(reminders, now=clock.now(), printer=printer))


def _printed(text: str) -> None:
    """Print a reminder for good, before it counts as told."""
    import sys

    from incident.cli.output import say

    say(text)
    sys.stdout.flush()


def _kept(text: str) -> None:
    """Printed with the document at the end."""
    del text


def _report(args: argparse.Namespace, told: "Sequence[Told]") -> int:
    """What was printed for the reader, and every channel that did not take its message; 1 when there is one."""
    import sys

    from incident.cli.output import print_json, say

    failed = [each for each in told if each.trouble]
    if args.json:
        print_json(told)
        return int(bool(failed))
    for each in told:
        if args.test:
            say(each.text if not each.trouble else f"FAILED: {each.trouble}", first=f"{each.channel}: ")
    for each in failed:
        if not args.test:
            said = f"{each.channel} did not take a reminder: {shown(each.trouble)}; it is tried again."
            print(f"incident: {said}", file=sys.stderr)
    return int(bool(failed))


def _status(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.output import print_json
    from incident.domain.reminder import Standing
    from incident.usecases.reminding import how_it_stands, reminders_of

    try:
        found = how_it_stands(reminders_of(vault_of(args)), now=clock.now())
    except IncidentError as error:  # a monitoring system reads the status 3, not a refusal
        found = Standing(_UNKNOWN, shown(str(error), longest=300))
    if args.json:
        print_json({"status": found.status, "text": found.text})
    else:
        print(found.line)
    return found.status


def _print_units(args: argparse.Namespace) -> int:
    from incident.cli.remind_units import cron_line, login_line, systemd_units

    vault = vault_of(args).resolve()
    wanted = ((args.print_systemd, systemd_units), (args.print_cron, cron_line), (args.print_login, login_line))
    print("\n".join(made(vault) for asked, made in wanted if asked))
    return 0


def _on(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.output import print_json, say
    from incident.usecases.reminders import turn_on

    with open_desk(args) as desk:
        where = turn_on(desk, now=clock.now(), in_keyring=args.keyring)
    if args.json:
        print_json({"key": where})
        return 0
    say(f"The reminder key is in {where}. It reads due times, code names and roles, and nothing else.")
    say("Next: `incident remind --test`, then `incident remind --print-systemd` or `--print-cron`.")
    return 0


def _off(args: argparse.Namespace) -> int:
    from incident.cli.output import print_json
    from incident.usecases.reminders import turn_off
    from incident.usecases.reminding import reminders_of

    turn_off(reminders_of(vault_of(args)).vault_id)
    if args.json:
        print_json({"on": False})
    else:
        print("The reminder key is gone from this machine: nothing here reminds any more.")
    return 0


def _channel_add(args: argparse.Namespace) -> int:
    from incident.usecases.reminding import add_channel, reminders_of

    return _channel(args, add_channel(reminders_of(vault_of(args)), args.address, args.role), "is a channel now")


def _channel_remove(args: argparse.Namespace) -> int:
    from incident.usecases.reminding import reminders_of, remove_channel

    return _channel(args, remove_channel(reminders_of(vault_of(args)), args.number), "is no channel any more")


def _channel(args: argparse.Namespace, line: "ChannelLine", words: str) -> int:
    from incident.cli.output import print_json

    if args.json:
        print_json(line)
    else:
        print(f"{line.address} ({line.role or 'everything'}) {words}.")
    return 0


def _channel_list(args: argparse.Namespace) -> int:
    from incident.cli.output import print_json, print_table
    from incident.usecases.reminding import channel_lines, reminders_of

    found = channel_lines(reminders_of(vault_of(args)))
    if args.json:
        print_json(found)
    elif not found:
        print("No channel is set: `incident remind` prints, and cron mails what is printed.")
    else:
        print_table(("", "address", "hears"), [(str(each.number), each.address, each.role or "everything") for each in found])
    return 0


def _ladder_show(args: argparse.Namespace) -> int:
    from incident.cli.output import print_json, say
    from incident.usecases.reminders import ladder_lines

    with open_desk(args) as desk:
        found = ladder_lines(desk)
    if args.json:
        print_json([{"scope": scope, "rungs": rungs, "own": own} for scope, rungs, own in found])
        return 0
    for scope, rungs, own in found:
        say(rungs, first=f"{scope}{' (own)' if own else ''}: ", then="    ")
    return 0


def _ladder_set(args: argparse.Namespace) -> int:
    from incident import clock
    from incident.cli.output import print_json, say
    from incident.usecases.reminders import set_ladder

    with open_desk(args) as desk:
        rungs = set_ladder(desk, args.scope, args.rungs, now=clock.now())
    if args.json:
        print_json({"scope": args.scope, "rungs": rungs})
    else:
        say(rungs, first=f"{args.scope}: ", then="    ")
    return 0
