"""Acts that read the bytes of evidence again: verify, look, hand over, take out, destroy; and the sweep of what crashes left.

What leaves is checked whole before its first byte is released, and the act is on record before that.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from sqlmodel import Session, col, select

from incident.domain.evidence import CustodyAct, EvidenceItem
from incident.domain.incident import Incident
from incident.domain.permission import RULES, Capability
from incident.domain.profile import Profile, may_leave
from incident.errors import ContentError, RefusedError, StoreError
from incident.store.custody_tables import CustodyRow, EvidenceRow, LegalHoldRow
from incident.store.durable import taking_name
from incident.store.evidence import FOLDER, Kept, Swept, alone, destroy, key_named, plain_chunks, sweep
from incident.store.seals import KeyName
from incident.store.stream import Progress, does_not_hold
from incident.store.tables import IncidentRow
from incident.usecases.desk import Desk
from incident.usecases.evidence import Act, record_act, refuse_destroyed
from incident.usecases.rights import may_in, require_in


@dataclass(frozen=True, slots=True)
class Verified:
    """What a verification found; `problem` is blank when the bytes are those that were acquired."""

    item: EvidenceItem
    problem: str


def verify_evidence(
    desk: Desk, incident: Incident, item: EvidenceItem, *, now: datetime, progress: Progress | None = None
) -> Verified:
    """Read an item through and compare its hash; the result is recorded, also when it is bad."""
    refuse_destroyed(item)
    require_in(desk, incident, Capability.WRITE)
    problem, found = "", ""
    try:
        found = _checked(desk, item, progress=progress)
    except StoreError as error:
        problem = error.message
    act = Act(CustodyAct.VERIFIED, note=problem, sha256=found)
    return Verified(record_act(desk, incident, item, act, now=now), problem)


def view_evidence(
    desk: Desk, incident: Incident, item: EvidenceItem, release: Callable[[bytes], object], *, now: datetime
) -> EvidenceItem:
    """Show an item's bytes, chunk by chunk, once all of them were checked and the look is on record."""
    refuse_destroyed(item)
    require_in(desk, incident, Capability.READ)
    found = _found_whole(desk, incident, item, Capability.READ, now=now)
    viewed = record_act(desk, incident, item, Act(CustodyAct.VIEWED, sha256=found), now=now, capability=Capability.READ)
    _found_whole(desk, incident, item, Capability.READ, now=now, release=release)
    return viewed


def write_evidence(
    desk: Desk,
    incident: Incident,
    item: EvidenceItem,
    path: Path,
    *,
    now: datetime,
    kind: CustodyAct = CustodyAct.EXPORTED,
    note: str = "",
    profile: Profile | None = None,
    progress: Progress | None = None,
) -> EvidenceItem:
    """Write an item's bytes to a file that only its owner reads, checked and on record before it has its name."""
    capability = Capability.READ if kind is CustodyAct.VIEWED else Capability.EXPORT
    refuse_destroyed(item)
    require_in(desk, incident, capability)
    if kind is not CustodyAct.VIEWED:
        refuse_privileged(item, profile)
        note = " · ".join(each for each in (f"for {profile.value}" if profile else "", note) if each)
    if os.path.lexists(path):
        raise RefusedError(f"{path} is there already; nothing is overwritten.", "Name another file.")
    try:
        with taking_name(path) as file:
            found = _found_whole(desk, incident, item, capability, now=now, release=file.write, progress=progress)
            file.flush()
            os.fsync(file.fileno())  # on the disk before the record says that it went out
            act = Act(kind, to_whom=str(path.absolute()), note=note, sha256=found)
            return record_act(desk, incident, item, act, now=now, capability=capability)
    except (OSError, ValueError) as error:
        said = getattr(error, "strerror", None) or error
        raise ContentError(f"{path} cannot be written: {said}.", "Name a file in a folder that you may write to.") from error


def transfer_custody(
    desk: Desk,
    incident: Incident,
    item: EvidenceItem,
    to_whom: str,
    *,
    now: datetime,
    note: str,
    profile: Profile | None = None,
    progress: Progress | None = None,
) -> EvidenceItem:
    """Hand an item over: its hash is found again, and whoever receives it is its holder from now on."""
    if not to_whom.strip():
        raise ContentError("Who receives the item is not said.", "Name the person and their organisation.")
    if not note.strip():
        raise ContentError("What the item is handed over for is not said.", "Give the reason, and how it was handed over.")
    refuse_destroyed(item)
    require_in(desk, incident, Capability.EXPORT)
    refuse_privileged(item, profile)
    found = _found_whole(desk, incident, item, Capability.EXPORT, now=now, progress=progress)
    act = Act(CustodyAct.TRANSFERRED, to_whom=to_whom, note=note, sha256=found)
    return record_act(desk, incident, item, act, now=now, capability=Capability.EXPORT)


def refuse_privileged(item: EvidenceItem, profile: Profile | None) -> None:
    """Raise RefusedError for an item that is sealed for counsel and would go to somebody else, or to nobody said."""
    if not may_leave(profile or Profile.REGULATOR, privileged=item.privileged):
        whom = f"does not go out for {profile.value}" if profile else "goes out for counsel alone"
        raise RefusedError(f"{item.named} is privileged and {whom}.", "For counsel: --profile privileged.")


def destroy_evidence(
    desk: Desk, incident: Incident, item: EvidenceItem, *, reason: str, basis: str, now: datetime
) -> EvidenceItem:
    """Destroy an item's bytes; who, why and on which legal basis stay on record with the hash. A legal hold refuses it."""
    if not reason.strip() or not basis.strip():
        raise ContentError("Why the item is destroyed, or on which legal basis, is not said.", "Give both.")
    if not may_in(desk, incident, Capability.PURGE):
        raise RefusedError(f"{desk.me.name} may not destroy evidence.", RULES[Capability.PURGE].mend)

    def check(fresh: EvidenceItem, session: Session) -> None:
        _refuse_held(session, fresh)

    note = f"{reason.strip()} · legal basis: {basis.strip()}"
    act = Act(CustodyAct.DESTROYED, note=note, sha256=item.sha256)
    done = record_act(desk, incident, item, act, now=now, capability=Capability.PURGE, check=check)
    with desk.workspace.change("evidence.destroy", now=now, incident_id=incident.id) as session:
        if item.object not in _known(session)[0]:  # the same bytes may have been added again meanwhile
            destroy(desk.workspace.path / FOLDER, item.object)
    return done


def _refuse_held(session: Session, item: EvidenceItem) -> None:
    """A hold on the incident, or on one that it was merged into."""
    owners, found = [item.incident_id], session.get_one(IncidentRow, item.incident_id)
    while found.merged_into is not None and found.merged_into not in owners:
        owners.append(found.merged_into)
        found = session.get_one(IncidentRow, found.merged_into)
    query = select(LegalHoldRow).where(col(LegalHoldRow.incident_id).in_(owners), col(LegalHoldRow.lifted_at).is_(None))
    hold = session.exec(query).first()
    if hold is not None:
        raise RefusedError(f"{item.named} is under a legal hold: {hold.reason}.", "It stays until the hold is lifted.")


def _found_whole(
    desk: Desk,
    incident: Incident,
    item: EvidenceItem,
    capability: Capability,
    *,
    now: datetime,
    release: Callable[[bytes], object] | None = None,
    progress: Progress | None = None,
) -> str:
    """The SHA-256 of an item's bytes; that it does not hold is on record before it is told."""
    try:
        return _checked(desk, item, release=release, progress=progress)
    except StoreError as error:
        with suppress(StoreError):
            met = Act(CustodyAct.VERIFIED, note=error.message)
            record_act(desk, incident, item, met, now=now, capability=capability)
        raise


def _checked(
    desk: Desk,
    item: EvidenceItem,
    *,
    release: Callable[[bytes], object] | None = None,
    progress: Progress | None = None,
) -> str:
    """The SHA-256 of an item's bytes as they are; raises StoreError unless they are those that were acquired."""
    done = 0
    for chunk in checked_chunks(desk, item):
        done += len(chunk)
        if release is not None:
            release(chunk)
        if progress is not None:
            progress(done)
    return item.sha256


def checked_chunks(desk: Desk, item: EvidenceItem) -> Iterator[bytes]:
    """An item's bytes; raises StoreError, at the end at the latest, unless they are those that were acquired."""

    def key_of(name: KeyName) -> bytes:
        with desk.workspace.reading() as session:
            return key_named(session, name, called=item.named)

    digest = sha256()
    kept = Kept(item.incident_id, item.object, item.named)
    for chunk in plain_chunks(desk.workspace.path / FOLDER, kept, key_of):
        digest.update(chunk)
        yield chunk
    if digest.hexdigest() != item.sha256:
        raise does_not_hold(item.named, "its content is not what was acquired")


def tidy_evidence(desk: Desk, *, now: datetime) -> Swept:
    """Sweep what crashes left in the evidence folder; for when a vault was opened. It waits for nobody."""
    folder = desk.workspace.path / FOLDER
    with alone(folder) as free:
        if not free:
            return Swept()
        with desk.workspace.reading() as session:
            known, destroyed = _known(session)
        return sweep(folder, known, now, destroyed=destroyed)


def _known(session: Session) -> tuple[frozenset[str], frozenset[str]]:
    """The files of items that are kept, and of those that were destroyed; of every incident, its members or not."""
    gone: set[UUID] = set(session.exec(select(CustodyRow.evidence_id).where(CustodyRow.act == CustodyAct.DESTROYED)).all())
    rows = session.exec(select(EvidenceRow.id, EvidenceRow.object)).all()
    return (
        frozenset(name for item, name in rows if item not in gone),
        frozenset(name for item, name in rows if item in gone),
    )
