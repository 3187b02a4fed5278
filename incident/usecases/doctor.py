"""What could keep the program from working, or its promises from holding, on this machine and in this vault.

Every check is one line: fine, worth a look, or wrong, with the command or the package that mends it. Asking changes
nothing, and works without a vault, without a passphrase and without a network.
"""

import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from incident.documents.pdf import render_pdf
from incident.errors import DocumentError, IncidentError, StoreError
from incident.store import machine
from incident.store.copies import copies
from incident.store.device import system_device_store
from incident.store.engine import DATABASE, ciphers, refuse_network
from incident.store.keys import Cost
from incident.store.purge import PENDING
from incident.store.vault import HEADER, read_header, recovery_key, slot_infos, slots_in
from incident.usecases.assess import load_law
from incident.usecases.desk import Desk

_PAGE = '<!doctype html><html lang="en"><head><title>t</title></head><body><h1>t</h1><p>t</p></body></html>'
_LITTLE, _NOTHING = 500 * 1024 * 1024, 50 * 1024 * 1024
_STALE_BACKUP = timedelta(days=7)
_SLACK = timedelta(minutes=5)


class State(StrEnum):
    """How a check came out."""

    OK = "ok"
    LOOK = "look"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: what it is about, how it came out, one sentence, and what mends it."""

    topic: str
    state: State
    text: str
    mend: str = ""


def examine(vault: Path, *, now: datetime, desk: Desk | None = None) -> tuple[Finding, ...]:
    """Every check that can be made; with an open desk also those that need the keys."""
    found = [*_program(), *_machine(vault), *_law(now)]
    if not (vault / HEADER).exists():
        found.append(
            Finding("vault", State.LOOK, f"There is no vault in {vault}.", "`incident vault create`, or --vault FOLDER")
        )
        return tuple(found)
    found.extend((*_folder(vault, now), *_header(vault), *_backups(vault, now)))
    if desk is None:
        found.append(
            Finding("journal", State.LOOK, "Not looked at: it needs a passphrase.", "`incident doctor --passphrase-file FILE`")
        )
    else:
        found.extend(_journal(desk, now))
    return tuple(found)


def _program() -> Iterator[Finding]:
    cipher, provider, sqlite = ciphers()
    state = State.OK if cipher.startswith("4.") and provider else State.WRONG
    text = f"SQLCipher {cipher or 'is missing'}, {provider or 'no cryptographic library'}, SQLite {sqlite}."
    yield Finding("encryption", state, text, "" if state is State.OK else "`pip install --force-reinstall sqlcipher3`")
    try:
        render_pdf(_PAGE, title="t", language="en", notice_json=b"{}", made_at=datetime(2026, 1, 1, tzinfo=UTC))
        yield Finding("documents", State.OK, "PDFs are laid out; fonts and native libraries are there.")
    except DocumentError as error:
        yield Finding("documents", State.WRONG, error.message, error.hint)


def _machine(vault: Path) -> Iterator[Finding]:
    yield _keyring(vault)
    existing = next((each for each in (vault, *vault.resolve().parents) if each.exists()), Path("/"))
    encrypted = machine.disk_is_encrypted(existing)
    if encrypted:
        yield Finding("disk", State.OK, "The disk under the vault is encrypted.")
    else:
        text = (
            "Whether the disk is encrypted cannot be told."
            if encrypted is None
            else "The disk under the vault is not encrypted."
        )
        yield Finding("disk", State.LOOK, f"{text} The vault is; exported files are not.", "LUKS, FileVault or BitLocker")
    swap = machine.open_swap()
    if swap:
        yield Finding(
            "swap", State.LOOK, f"Memory may be written in the clear to {', '.join(swap)}.", "`swapoff -a`, or encrypt it"
        )
    elif swap is not None:
        yield Finding("swap", State.OK, "No swap area keeps memory in the clear.")
    if machine.core_dumps():
        yield Finding("core dumps", State.LOOK, "A crash would write the process's memory to a file.", "`ulimit -c 0`")
    else:
        yield Finding("core dumps", State.OK, "A crash leaves no image of the memory.")
    try:
        refuse_network(existing)
        yield Finding(
            "file system", State.OK, f"The vault lies on a local file system ({machine.mount_of(existing)[1] or 'unknown'})."
        )
    except StoreError as error:
        yield Finding("file system", State.WRONG, error.message, error.hint)
    yield _space(existing)


def _keyring(vault: Path) -> Finding:
    works, name = system_device_store() is not None, machine.keyring_backend() or "none"
    kinds = (
        Counter(each.kind for each in slot_infos(read_header(vault)) if each.sign_in)
        if (vault / HEADER).exists()
        else Counter()
    )
    using = kinds["passphrase+device"]
    if using and not works:
        text = f"{using} slots need this device's keyring, and none that keeps a secret works here ({name})."
        return Finding("keyring", State.WRONG, text, "unlock the desktop's keyring, or `incident vault recover`")
    if works:
        return Finding("keyring", State.OK, f"{name} keeps secrets; {using} of {sum(kinds.values())} slots use it.")
    text = f"No keyring that really keeps a secret ({name}): slots rest on the passphrase alone."
    return Finding("keyring", State.LOOK, text, "use six words or more; on a desktop install gnome-keyring or kwallet")


def _space(folder: Path) -> Finding:
    free = shutil.disk_usage(folder).free
    text = f"{free // (1024 * 1024):,} MB are free."
    if free < _NOTHING:
        return Finding("space", State.WRONG, text, "free some space; `incident export emergency --to -` works without any")
    return Finding("space", State.LOOK if free < _LITTLE else State.OK, text, "free some space" if free < _LITTLE else "")


def _law(now: datetime) -> Iterator[Finding]:
    law = load_law()
    today = now.date()
    late = [each.slug for each in law.regimes if each.recheck_by < today]
    if late:
        text = f"{len(late)} of {len(law.regimes)} bodies of law are past their re-check: {', '.join(late[:3])}."
        yield Finding("law", State.LOOK, text, "`incident regimes stale`")
    else:
        yield Finding("law", State.OK, f"{len(law.regimes)} bodies of law, none past its re-check.")
    if law.problems:
        yield Finding("law", State.WRONG, f"Not evaluated: {law.problems[0]}", "`incident regimes check`")
    if newest := max((each.checked_on for each in law.regimes), default=today):
        if newest > today:
            text = f"The clock says {today}, but the law in this version was checked on {newest}."
            yield Finding("clock", State.WRONG, text, "set the clock: every deadline hangs on it")
        else:
            yield Finding("clock", State.OK, f"The clock says {now:%Y-%m-%d %H:%M} UTC.")


def _folder(vault: Path, now: datetime) -> Iterator[Finding]:
    newest = max(each.stat().st_mtime for each in (vault / HEADER, vault / DATABASE) if each.exists())
    if newest > (now + _SLACK).timestamp():
        text = f"The vault was written at {datetime.fromtimestamp(newest, UTC):%Y-%m-%d %H:%M} UTC, later than the clock says."
        yield Finding("clock", State.WRONG, text, "set the clock: every deadline hangs on it")
    if vault.stat().st_mode & 0o077:
        yield Finding("vault", State.LOOK, "Others on this machine may read the vault's folder.", f"`chmod 700 {vault}`")
    if not (vault / DATABASE).exists():
        yield Finding("vault", State.WRONG, f"{DATABASE} is missing.", "`incident restore FOLDER --vault NEW`")
    if (vault / PENDING).exists():
        yield Finding(
            "vault", State.LOOK, "A purge was interrupted: what was deleted may be left.", "`incident retention finish`"
        )
    if (vault / f"{HEADER}.next").exists():
        yield Finding("vault", State.LOOK, "A change of the vault's keys was interrupted.", "sign in once; that settles it")


def _header(vault: Path) -> Iterator[Finding]:
    header = read_header(vault)
    kinds = Counter(each.kind for each in slot_infos(header))
    listed = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
    yield Finding("slots", State.OK if kinds["recovery"] else State.WRONG, f"The vault opens with: {listed}.")
    if kinds["recovery"] and recovery_key(header) is None:
        text = "The recovery code is from before incidents had keys: it opens the vault, not what incidents hold."
        yield Finding("recovery", State.LOOK, text, "`incident vault new-code`")
    for slot in slots_in(header):
        if "memory_kib" in slot:
            yield from _cost(str(slot.get("sign_in", "")), slot)


def _cost(sign_in: str, slot: dict[str, object]) -> Iterator[Finding]:
    cost = Cost(*(int(str(slot.get(key, 0))) for key in ("memory_kib", "passes", "lanes")))
    said = (
        f"Argon2id with {cost.memory_kib // 1024} MiB, {cost.passes} passes, {cost.lanes} lanes guards the slot of {sign_in}."
    )
    try:
        cost.check()
    except IncidentError as error:
        yield Finding("slots", State.WRONG, error.message, error.hint)
        return
    weak = cost.memory_kib < Cost().memory_kib or cost.passes < Cost().passes
    mend = "on a machine with more memory: `incident vault passphrase`" if weak else ""
    yield Finding("slots", State.LOOK if weak else State.OK, said, mend)


def _backups(vault: Path, now: datetime) -> Iterator[Finding]:
    mend = "`incident backup --to FOLDER`, best on another disk"
    try:
        found = copies(vault)
    except StoreError as error:
        yield Finding("backup", State.WRONG, error.message, error.hint)
        return
    if not found:
        yield Finding("backup", State.LOOK, "No backup was ever made.", mend)
        return
    newest = max(found, key=lambda each: each.made_at)
    days = (now - newest.made_at).days
    tested = "tested" if newest.tested_at else "never tested"
    there = "" if newest.is_there else ", not seen from here"
    stale = now - newest.made_at > _STALE_BACKUP
    state = State.LOOK if stale or newest.tested_at is None else State.OK
    text = f"The newest backup is {days} days old, {tested}{there}: {newest.folder}."
    yield Finding(
        "backup", state, text, mend if stale else "" if newest.tested_at else f"`incident backup check {newest.folder}`"
    )


def _journal(desk: Desk, now: datetime) -> Iterator[Finding]:
    report = desk.workspace.verify()
    if report.problems:
        yield Finding(
            "journal", State.WRONG, f"It does not hold: {report.problems[0]}.", "`incident journal verify`, then restore"
        )
    else:
        yield Finding("journal", State.OK, f"It holds: {report.entries} entries.")
    last = max((each.at for each in desk.workspace.entries()), default=now)
    if last > now + _SLACK:
        text = f"The newest journal entry was made at {last:%Y-%m-%d %H:%M} UTC, later than the clock says."
        yield Finding("clock", State.WRONG, text, "set the clock: every deadline hangs on it")
