"""Copies of a vault that can be relied on: made while it is in use, tested before they are called a backup, restored whole.

A plain copy of the files is none: what stands in the write-ahead log is not in the database's file. So the database is
written out by a connection of its own, evidence is copied and read back, and a manifest vouches for every byte.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlcipher3.dbapi2 import DatabaseError

from incident.errors import RefusedError, StoreError
from incident.store.anchor import ANCHOR, leave_anchor, read_anchor
from incident.store.copies import LIST, Copy, alone, confirm_copy, copies, new_copy, note_copy
from incident.store.copy_test import CopyReport, check_copy, files_in, lost_evidence
from incident.store.durable import copied, hash_of, sync_file, sync_folder, sync_tree, write_whole
from incident.store.engine import DATABASE, read_only_connector
from incident.store.evidence import FOLDER as EVIDENCE
from incident.store.journal import JournalHead, head_of
from incident.store.keys import subkey
from incident.store.manifest import FileLine, Manifest, write_manifest
from incident.store.rotation import check_current
from incident.store.vault import HEADER, Opened, header_lock, read_header
from incident.store.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy that was made and tested. `unlisted` says why the vault's list of copies does not show it."""

    copy: Copy
    report: CopyReport
    unlisted: str = ""


def back_up(workspace: Workspace, into: Path, *, now: datetime) -> Backup:
    """Make a tested copy of the vault in a new folder under `into`; raises StoreError and leaves nothing otherwise."""
    _refuse_inside(workspace.path, into)
    beside = into / f".incident-{workspace.vault_id[:8]}.part"
    with alone(workspace.path), _told("The backup cannot be made"):
        into.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.rmtree(beside, ignore_errors=True)
        try:
            report = _built(workspace, beside, now)
            target = _free_name(into, f"incident-{workspace.vault_id[:8]}-{now:%Y%m%dT%H%M%SZ}")
            made = report.manifest
            listed = new_copy(target, now=now, by=made.by, epoch=made.epoch, seq=made.seq)
            listed = replace(listed, id=made.id, tested_at=now)
            unlisted = _listed(workspace.path, listed)
            beside.rename(target)
            _confirm(into, f"The copy is in {target}")
            unlisted = unlisted or _listed(workspace.path, replace(listed, done=True))
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    return Backup(replace(listed, done=True), replace(report, folder=target), unlisted)


def _refuse_inside(path: Path, into: Path) -> None:
    if into.resolve().is_relative_to(path.resolve()):
        raise RefusedError("A backup inside the vault is lost with it.", "Name a folder elsewhere, best on another disk.")


def _free_name(into: Path, name: str) -> Path:
    number = 1
    while (into / (name if number == 1 else f"{name}-{number}")).exists():
        number += 1
    return into / (name if number == 1 else f"{name}-{number}")


def _listed(path: Path, copy: Copy) -> str:
    try:
        note_copy(path, copy)
    except StoreError as error:
        return error.message
    return ""


def _built(workspace: Workspace, folder: Path, now: datetime) -> CopyReport:
    """The whole copy in `folder`, tested; raises StoreError when the test fails."""
    master, seen = workspace._master, read_anchor(workspace.path, workspace._master)
    folder.mkdir(mode=0o700)
    (folder / EVIDENCE).mkdir(mode=0o700)
    with header_lock(workspace.path):
        header = read_header(workspace.path)
        check_current(workspace.path, header, master)
        write_whole(folder / HEADER, (workspace.path / HEADER).read_bytes())
        _database(workspace, folder / DATABASE)
    with suppress(FileNotFoundError):
        write_whole(folder / LIST, (workspace.path / LIST).read_bytes())
    _evidence(workspace.path / EVIDENCE, folder / EVIDENCE)
    head, missing = _state(folder, master)
    leave_anchor(folder, master, head, epoch=int(str(header["epoch"])))
    sync_file(folder / ANCHOR)
    sync_tree(folder)
    manifest = Manifest(
        id=os.urandom(16).hex(),
        vault_id=workspace.vault_id,
        epoch=int(str(header["epoch"])),
        seq=head.seq,
        hash=head.hash,
        made_at=now,
        by=workspace.sign_in,
        files=tuple(_line(folder, each) for each in sorted(files_in(folder))),
        missing=missing,
    )
    write_manifest(folder, manifest, master)
    report = check_copy(folder, master, seen=seen)
    if report.problems:
        raise StoreError(
            f"The copy does not hold: {report.problems[0]}.",
            "No backup was made. Run `incident journal verify`; restore an older backup if it fails too.",
        )
    return report


def _database(workspace: Workspace, target: Path) -> None:
    """Write the database out, as of one moment, under the same key."""
    connection = workspace._connect()
    try:
        connection.execute("VACUUM INTO ?", (str(target),))
    finally:
        connection.close()
    target.chmod(0o600)
    sync_file(target)


def _evidence(source: Path, target: Path) -> None:
    """Copy every object; what lies aside because no row speaks of it is left out."""
    for path in sorted(each for each in source.glob("??/*") if each.is_file()):
        copy = target / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with suppress(FileNotFoundError):
            if copied(path, copy) != hash_of(copy):
                raise StoreError(f"{copy} was not written as it was read.", "Use another disk.")


def _line(folder: Path, path: Path) -> FileLine:
    return FileLine(path.relative_to(folder).as_posix(), path.stat().st_size, hash_of(path))


def _state(folder: Path, master: bytes) -> tuple[JournalHead, tuple[str, ...]]:
    connection = read_only_connector(folder / DATABASE, subkey(master, "db"))()
    try:
        return head_of(connection), lost_evidence(connection, folder)
    finally:
        connection.close()


def restore(folder: Path, target: Path, opened: Opened) -> CopyReport:
    """Make a vault out of a copy, in a new folder: tested first, built beside, renamed; nothing is overwritten."""
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise RefusedError(f"{target} is there already and is not empty.", "Name another folder with --vault.")
    report = check_copy(folder, opened.master)
    if report.problems:
        raise StoreError(f"The copy does not hold: {report.problems[0]}.", "Nothing was restored; take another copy.")
    beside = target.with_name(target.name + ".restore")
    with _told("The copy cannot be restored"):
        shutil.rmtree(beside, ignore_errors=True)
        try:
            _unpacked(report.manifest, folder, beside)
            if target.exists():
                target.rmdir()
            beside.rename(target)
            _confirm(target.parent, f"The vault is in {target}")
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    return report


def _unpacked(manifest: Manifest, folder: Path, beside: Path) -> None:
    (beside / EVIDENCE).mkdir(parents=True, mode=0o700)
    beside.chmod(0o700)
    for each in manifest.files:
        copy = beside / each.name
        copy.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if copied(folder / each.name, copy) != each.sha256 or hash_of(copy) != each.sha256:
            raise StoreError(f"{each.name} changed while it was copied.", "Nothing was restored; use another disk.")
    made = Copy(manifest.id, str(folder.resolve()), manifest.made_at, manifest.by, manifest.epoch, manifest.seq)
    if all(each.id != made.id for each in copies(beside)):
        confirm_copy(beside, made)
    sync_tree(beside)


@contextmanager
def _told(what: str) -> Iterator[None]:
    """Turn what a disk says into a sentence."""
    try:
        yield
    except OSError as error:
        raise StoreError(f"{what}: {error.strerror or error}.", _MEND) from error
    except DatabaseError as error:
        raise StoreError(f"{what}: {error}.", _MEND) from error


def _confirm(folder: Path, what: str) -> None:
    """Bring a new name to the disk; what cannot be confirmed is there all the same, and is said to be."""
    try:
        sync_folder(folder)
    except OSError as error:
        hint = "Sign in, or check it with `incident backup check`, before you rely on it."
        raise StoreError(f"{what}, and the disk does not confirm it: {error.strerror}.", hint) from error


_MEND = "Nothing was kept. Free some space, or name a folder on another disk."


def opened_by(workspace: Workspace) -> Opened:
    """What opened this workspace, for testing its copies."""
    return workspace.slots.opened
