"""Backups as people ask for them: make one, list them, test one, restore one, look into one."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlmodel import Session, col, func, select

from incident.domain.access import AccessAct
from incident.domain.incident import Incident
from incident.domain.permission import Capability
from incident.errors import StoreError
from incident.store import backup as store
from incident.store.backup import Backup
from incident.store.copies import Copy, copies, forget_copy
from incident.store.copy_test import CopyReport, check_copy
from incident.store.custody_tables import AccessRow, EvidenceRow
from incident.store.purge import finish
from incident.store.read_only import ReadOnlyVault, read_only
from incident.store.tables import FilingRow, IncidentRow, NoticeRow, OrganisationRow, ResponderRow, TimelineRow
from incident.store.values import value_of
from incident.store.vault import Opened
from incident.usecases.desk import Desk, require

_COUNTED = (
    ("incidents", IncidentRow),
    ("timeline lines", TimelineRow),
    ("notices", NoticeRow),
    ("filings", FilingRow),
    ("items of evidence", EvidenceRow),
    ("responders", ResponderRow),
)


@dataclass(frozen=True, slots=True)
class Contents:
    """What a copy holds, as far as whoever opened it may read it."""

    organisation: str
    incidents: tuple[Incident, ...]
    counts: tuple[tuple[str, int], ...]
    warning: str


def default_folder(vault: Path) -> Path:
    """Where backups go when no folder is named: beside the vault."""
    return vault.resolve().with_name(vault.resolve().name + "-backups")


def back_up(desk: Desk, into: Path | None, *, now: datetime) -> Backup:
    """Make a tested backup while the vault is in use, and record that somebody took a copy of everything."""
    require(desk, Capability.ADMINISTER)
    finish(desk.workspace)
    made = store.back_up(desk.workspace, into or default_folder(desk.workspace.path), now=now)
    try:
        with desk.workspace.change("backup.make", now=now, detail={"seq": made.copy.seq}) as session:
            session.add(AccessRow(act=AccessAct.EXPORTED, what="the whole vault as a backup", at=now, by=desk.me.id))
    except StoreError as error:  # the copy is good; a full disk must not take it away
        return Backup(made.copy, made.report, made.unlisted or error.message)
    return made


def backups(vault: Path) -> tuple[Copy, ...]:
    """The copies that were made of this vault, the oldest first; needs no passphrase."""
    return copies(vault)


def forget(desk: Desk, folder: Path) -> Copy:
    """Take a copy off the list because it was destroyed."""
    require(desk, Capability.ADMINISTER)
    return forget_copy(desk.workspace.path, folder)


def check(folder: Path, opened: Opened) -> CopyReport:
    """Test a copy as it was tested when it was made."""
    return check_copy(folder, opened.master)


def restore(folder: Path, vault: Path, opened: Opened) -> CopyReport:
    """Make a vault in a new folder out of a tested copy."""
    return store.restore(folder, vault, opened)


def contents(folder: Path, opened: Opened) -> Contents:
    """The board and the counts of a copy, which is only read."""
    copy = read_only(folder, opened)
    try:
        with copy.reading() as session:
            return _contents(session, copy)
    finally:
        copy.close()


def _contents(session: Session, copy: ReadOnlyVault) -> Contents:
    rows = session.exec(select(IncidentRow).order_by(col(IncidentRow.declared_at).desc())).all()
    return Contents(
        organisation=session.exec(select(OrganisationRow.name)).one(),
        incidents=tuple(value_of(Incident, row) for row in rows),
        counts=tuple((name, session.exec(select(func.count()).select_from(kind)).one()) for name, kind in _COUNTED),
        warning=copy.warning,
    )
