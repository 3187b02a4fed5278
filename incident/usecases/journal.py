"""The journal as people use it: verify it, anchor it elsewhere, prove an entry, hand it all to an auditor."""

import errno
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Session, select

from incident.domain.access import AccessAct
from incident.domain.permission import Capability
from incident.domain.profile import Profile
from incident.errors import ContentError, RefusedError, StoreError
from incident.store.anchor import keyring_anchor
from incident.store.anchor_line import anchor_line, check_lines, find_phrase, phrase_bytes
from incident.store.checkpoint import known_keys
from incident.store.durable import write_whole
from incident.store.journal import JournalEntry, JournalHead, JournalReport, entries
from incident.store.proof import proof, write_export
from incident.store.sealed_detail import opened_detail
from incident.store.tables import OrganisationRow
from incident.usecases.access import record_access
from incident.usecases.desk import Desk, require


@dataclass(frozen=True, slots=True)
class JournalExport:
    """What was written where."""

    folder: Path
    entries: int
    checkpoints: int


@contextmanager
def _reading(desk: Desk) -> Iterator[Any]:
    with desk.workspace.reading() as session:
        yield _raw(session)


def _raw(session: Session) -> Any:
    return session.connection().connection.driver_connection


def with_system_keyring(desk: Desk) -> Desk:
    """The same desk, whose vault is also anchored in this machine's keyring, where one works."""
    desk.workspace.keyring = desk.workspace.keyring or keyring_anchor(desk.workspace.vault_id)
    return desk


def verify(desk: Desk, *, phrase: str = "", anchor_file: Path | None = None) -> JournalReport:
    """Check the journal, and against a phrase on paper or a file of anchors where one is given."""
    wanted = phrase_bytes(phrase) if phrase else b""
    text = _text(anchor_file) if anchor_file is not None else ""
    report = desk.workspace.verify()
    problems, found = list(report.problems), list(report.found)
    with _reading(desk) as connection:
        if wanted:
            place = find_phrase(connection, wanted)
            if place:
                found.append(f"phrase: {place}")
            else:
                problems.append("phrase: no entry and no checkpoint has it; it is another vault's, or the journal was altered")
        if anchor_file is not None:
            keys, where = known_keys(connection, {}), anchor_file.name
            lines = check_lines(connection, text, vault_id=desk.workspace.vault_id, keys=keys, where=where)
            problems.extend(lines.problems)
            found.append(f"{where}: {lines.held} lines")
    return replace(report, problems=tuple(problems), found=tuple(found))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text"
        raise ContentError(f"{path}: {reason}.", "Name a file that `incident journal anchor --to` wrote.") from error


def each_entry(desk: Desk) -> Iterator[JournalEntry]:
    """The journal, one entry at a time, the oldest first."""
    with desk.workspace.reading() as session:
        for each in entries(_raw(session)):
            yield replace(each, detail=opened_detail(session, each.act, each.detail))


def anchor(desk: Desk, *, to: Path | None, now: datetime) -> JournalHead:
    """Remember where the journal stands: on this machine, and in a signed line at the end of a file elsewhere."""
    desk.workspace.checkpoint(now=now)
    head = desk.workspace.leave_anchors()
    if to is not None:
        try:
            with to.open("a", encoding="utf-8", newline="\n") as file:
                file.write(anchor_line(desk.workspace.signer(), head, now=now) + "\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise StoreError(f"{to}: {error.strerror}.", "Name a file that you may write to.") from error
    return head


def accept(desk: Desk, *, reason: str, now: datetime) -> JournalHead:
    """Go on from a journal that this machine's anchors contradict, for example after a restored backup; it is recorded."""
    require(desk, Capability.ADMINISTER)
    if not reason.strip():
        raise ContentError("An acceptance needs a reason.", "Say why the journal is older than what was seen before.")
    contradicted = [each for each in desk.workspace.verify().problems if each.startswith(("anchor:", "keyring:"))]
    if not contradicted:
        raise RefusedError("Nothing that was seen before contradicts this journal.", "There is nothing to accept.")
    with desk.workspace.change("journal.accept", now=now, detail={"despite": contradicted, "reason": reason}) as session:
        row = session.exec(select(OrganisationRow)).one()
        flag_modified(row, "updated_at")
    return desk.workspace.leave_anchors(accept=True)


def prove(desk: Desk, seq: int, *, to: Path | None, now: datetime) -> dict[str, object]:
    """A proof of one entry for somebody who may see nothing else; recorded as an export."""
    with _reading(desk) as connection:
        if connection.execute("SELECT 1 FROM journal WHERE seq = ?", (seq,)).fetchone() is None:
            raise RefusedError(f"The journal has no entry {seq}.", "`incident journal list` shows the entries.")
    record_access(desk, AccessAct.EXPORTED, f"proof of journal entry {seq}", None, now=now)
    desk.workspace.checkpoint(now=now)
    with _reading(desk) as connection:
        made = proof(connection, seq, desk.workspace.vault_id)
    if to is not None:
        try:
            if os.path.lexists(to):
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
            write_whole(to, (json.dumps(made, indent=1, ensure_ascii=False) + "\n").encode())
        except OSError as error:
            raise StoreError(f"{to}: {error.strerror}.", "Name a file that is not there yet.") from error
    return made


def export(desk: Desk, folder: Path, *, now: datetime, profile: Profile = Profile.REGULATOR) -> JournalExport:
    """Write the journal for an auditor into a new folder, whole or not at all; recorded as an export.

    Nothing can be left out of it without breaking the chain, so it is not made for customers or the public.
    """
    if profile in (Profile.CUSTOMER, Profile.PUBLIC):
        raise RefusedError(
            f"The journal does not go out for {profile.value}: nothing can be left out of it.",
            "Prove single entries: `incident journal prove`.",
        )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise RefusedError(f"{folder} is there already and is not empty.", "Name another folder with --to.")
    record_access(desk, AccessAct.EXPORTED, f"journal, for {profile.value}", None, now=now)
    desk.workspace.checkpoint(now=now)
    beside = folder.with_name(folder.name + ".part")
    try:
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir(parents=True)
        with _reading(desk) as connection:
            counts = write_export(connection, beside, desk.workspace.vault_id, profile.stamp)
        if folder.exists():
            folder.rmdir()
        beside.rename(folder)
    except OSError as error:
        raise StoreError(f"{folder} cannot be written: {error.strerror}.", "Name a folder that you may write to.") from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return JournalExport(folder, *counts)
