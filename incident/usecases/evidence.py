"""Evidence: take it in, list it, and record every act upon it; the bytes stay as they were acquired.

What comes in is hashed while it is encrypted, and is on the disk before the record speaks of it. `evidence_reading` has the
acts that read the bytes again.
"""

import mimetypes
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlmodel import Session, col, select

from incident.domain.access import AccessAct
from incident.domain.evidence import CustodyAct, CustodyTransfer, EvidenceItem
from incident.domain.incident import Incident
from incident.domain.membership import Circle
from incident.domain.permission import Capability
from incident.errors import ContentError, RefusedError
from incident.store.custody import custody_of
from incident.store.custody_tables import AccessRow, CustodyRow, EvidenceRow
from incident.store.evidence import FOLDER, drafting, newest_key, object_name
from incident.store.seals import KeyName, refuse_stranger
from incident.store.source_file import Source, changed, steady
from incident.store.stream import Progress, Readable, Taken
from incident.store.values import value_of
from incident.usecases.desk import Desk
from incident.usecases.rights import require_in

_VERBS = {
    CustodyAct.ACQUIRED: "add",
    CustodyAct.VERIFIED: "verify",
    CustodyAct.VIEWED: "view",
    CustodyAct.EXPORTED: "export",
    CustodyAct.TRANSFERRED: "transfer",
    CustodyAct.SEALED: "seal",
    CustodyAct.DESTROYED: "destroy",
}
_LOGGED = {CustodyAct.VIEWED: AccessAct.VIEWED, CustodyAct.EXPORTED: AccessAct.EXPORTED}
_LONGEST_NAME = 200
_OF_THE_ROWS = frozenset({"custody", "privileged"})


@dataclass(frozen=True, slots=True)
class Offered:
    """What is said about an item that is added."""

    name: str = ""
    """Blank: the file's own."""
    source: str = ""
    """Where it was taken from: a host, a mailbox, a person."""
    note: str = ""
    privileged: bool = False
    """Kept for counsel's circle alone."""


@dataclass(frozen=True, slots=True)
class Act:
    """An act upon an item, as it is about to be recorded."""

    kind: CustodyAct
    to_whom: str = ""
    note: str = ""
    sha256: str = ""


def add_evidence(
    desk: Desk,
    incident: Incident,
    content: Path | Readable,
    offered: Offered,
    *,
    now: datetime,
    derived_from: EvidenceItem | None = None,
    progress: Progress | None = None,
) -> EvidenceItem:
    """Keep a file, or what can be read from a pipe; bytes that the incident holds already are told, not kept twice."""
    require_in(desk, incident, Capability.WRITE)
    name = _name(offered.name or (content.name if isinstance(content, Path) else ""))
    held = _newest_key(desk, incident, Circle.COUNSEL if offered.privileged else Circle.TEAM, now=now)
    with drafting(desk.workspace.path / FOLDER) as draft:
        taken = _taken(content, lambda source: draft.fill(source, held, progress=progress))
        kept_as = object_name(held[1], taken.sha256)
        with desk.workspace.change("evidence.add", now=now, incident_id=incident.id) as session:
            rows = _refuse_twice(session, incident, taken)
            draft.keep(kept_as)  # before the row is committed, and while nobody else can destroy a file of this name
            row = EvidenceRow(
                incident_id=incident.id,
                number=max((each.number for each in rows), default=0) + 1,
                name=name,
                source=clean(offered.source),
                note=clean(offered.note),
                media_type=mimetypes.guess_type(name)[0] or "application/octet-stream",
                sha256=taken.sha256,
                size=taken.size,
                object=kept_as,
                acquired_at=now,
                by=desk.me.id,
                derived_from=derived_from.id if derived_from is not None else None,
            )
            if offered.privileged:
                row.keep_for_counsel()
            session.add(row)
            session.flush()
            note = f"annotates item {derived_from.number}" if derived_from is not None else ""
            _append(session, desk, row, Act(CustodyAct.ACQUIRED, note=note, sha256=taken.sha256), now=now)
            return _item(session, row)


def annotate(
    desk: Desk,
    incident: Incident,
    item: EvidenceItem,
    content: Path | Readable,
    offered: Offered,
    *,
    now: datetime,
    progress: Progress | None = None,
) -> EvidenceItem:
    """Keep a file about an item (a transcript, a marked-up copy) as an item of its own; the original stays as it is."""
    refuse_destroyed(item)
    if item.is_sealed:
        raise RefusedError(f"{item.named} is sealed.", "Add the file as an item of its own, and name the other in its note.")
    offered = replace(offered, privileged=offered.privileged or item.privileged)
    return add_evidence(desk, incident, content, offered, now=now, derived_from=item, progress=progress)


def seal_evidence(desk: Desk, incident: Incident, item: EvidenceItem, *, now: datetime, note: str = "") -> EvidenceItem:
    """Close an item: it takes no further annotation; it can still be verified, viewed and handed over."""

    def check(fresh: EvidenceItem, session: Session) -> None:
        del session
        if fresh.is_sealed:
            raise RefusedError(f"{fresh.named} is sealed already.", "Nothing was changed.")

    return record_act(desk, incident, item, Act(CustodyAct.SEALED, note=note), now=now, check=check)


def evidence(desk: Desk, incident: Incident) -> tuple[EvidenceItem, ...]:
    """What was kept and we may see, by number, each with its chain of custody; for members of the incident."""
    with desk.workspace.reading() as session:
        rows = _rows(session, incident.id)
        if any(row.hidden and row.circle is Circle.TEAM for row in rows):
            raise refuse_stranger(incident.reference)
        acts = custody_of(session, incident.id)
        return tuple(_with_custody(row, acts.get(row.id, ())) for row in rows if not row.hidden)


def evidence_numbered(desk: Desk, incident: Incident, number: int) -> EvidenceItem:
    """The item of this number; refused with the known ones when there is none."""
    found = evidence(desk, incident)
    for each in found:
        if each.number == number:
            return each
    known = f"The newest is {found[-1].number}; `incident evidence list` shows all." if found else "Nothing was kept yet."
    raise RefusedError(f"There is no item {number} in {incident.reference}.", known)


def record_act(
    desk: Desk,
    incident: Incident,
    item: EvidenceItem,
    act: Act,
    *,
    now: datetime,
    capability: Capability = Capability.WRITE,
    check: Callable[[EvidenceItem, Session], None] | None = None,
) -> EvidenceItem:
    """Append an act to an item's chain of custody; refused for a destroyed one, and when `check` refuses it as it stands."""
    require_in(desk, incident, capability)
    detail = {"number": item.number}
    verb = f"evidence.{_VERBS[act.kind]}"
    with desk.workspace.change(verb, now=now, incident_id=incident.id, detail=detail) as session:
        row = session.get_one(EvidenceRow, item.id)
        fresh = _item(session, row)
        refuse_destroyed(fresh)
        if check is not None:
            check(fresh, session)
        _append(session, desk, row, act, now=now)
        return _item(session, row)


def record_together(
    desk: Desk, incident: Incident, acts: Sequence[tuple[EvidenceItem, Act]], *, verb: str, now: datetime
) -> tuple[EvidenceItem, ...]:
    """Append an act to each of several items, as one change: what left in one piece is recorded in one piece."""
    require_in(desk, incident, Capability.EXPORT)
    detail = {"numbers": [item.number for item, _ in acts]}
    with desk.workspace.change(verb, now=now, incident_id=incident.id, detail=detail) as session:
        rows = [session.get_one(EvidenceRow, item.id) for item, _ in acts]
        for row, (_, act) in zip(rows, acts, strict=True):
            refuse_destroyed(_item(session, row))
            _append(session, desk, row, act, now=now)
        return tuple(_item(session, row) for row in rows)


def refuse_destroyed(item: EvidenceItem) -> None:
    """Raise RefusedError for an item whose bytes are gone."""
    if item.is_destroyed:
        raise RefusedError(f"{item.named} was destroyed.", f"`incident evidence show {item.number}` says why and by whom.")


def clean(text: str) -> str:
    """A text without what a terminal would act upon: names of hostile files are shown on screens and in documents."""
    return "".join(each if each.isprintable() or each == "\n" else "\N{REPLACEMENT CHARACTER}" for each in text.strip())


def _name(text: str) -> str:
    name = clean(text).replace("\n", "\N{REPLACEMENT CHARACTER}")
    if not name:
        raise ContentError("The item has no name.", "Give one with --name.")
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"


def _newest_key(desk: Desk, incident: Incident, circle: Circle, *, now: datetime) -> tuple[KeyName, bytes]:
    """In a change that touches nothing, because the first change seals a vault from before there were incident keys."""
    with desk.workspace.change("evidence.key", now=now, incident_id=incident.id) as session:
        return newest_key(session, incident.id, circle, called=incident.reference)


def _taken(content: Path | Readable, fill: Callable[[Readable], Taken]) -> Taken:
    if not isinstance(content, Path):
        return fill(Source("The input", content))
    with steady(content) as source:
        taken = fill(source)
        if taken.size != source.size:
            raise changed(source.named)
    return taken


def _rows(session: Session, incident_id: UUID) -> Sequence[EvidenceRow]:
    query = select(EvidenceRow).where(EvidenceRow.incident_id == incident_id).order_by(col(EvidenceRow.number))
    return session.exec(query).all()


def _refuse_twice(session: Session, incident: Incident, taken: Taken) -> Sequence[EvidenceRow]:
    """All items; refused when one of them, not destroyed, has these bytes."""
    rows = _rows(session, incident.id)
    for row in rows:
        if row.sha256 == taken.sha256 and not _item(session, row).is_destroyed:
            raise RefusedError(
                f"These bytes are kept already: item {row.number} «{row.name}».",
                f"Nothing was kept twice; `incident evidence show {row.number}` has its chain of custody.",
            )
    return rows


def _append(session: Session, desk: Desk, row: EvidenceRow, act: Act, *, now: datetime) -> None:
    custody = CustodyRow(
        incident_id=row.incident_id,
        evidence_id=row.id,
        act=act.kind,
        at=now,
        by=desk.me.id,
        to_whom=clean(act.to_whom),
        note=clean(act.note),
        sha256=act.sha256,
    )
    if row.circle is Circle.COUNSEL:
        custody.keep_for_counsel()
    session.add(custody)
    if act.kind in _LOGGED:
        what = f"evidence item {row.number}"
        session.add(AccessRow(incident_id=row.incident_id, act=_LOGGED[act.kind], what=what, at=now, by=desk.me.id))
    session.flush()


def _item(session: Session, row: EvidenceRow) -> EvidenceItem:
    return _with_custody(row, custody_of(session, row.incident_id, row.id).get(row.id, ()))


def _with_custody(row: EvidenceRow, acts: Sequence[CustodyRow]) -> EvidenceItem:
    chain = tuple(value_of(CustodyTransfer, each) for each in acts)
    recorded = {each.name: getattr(row, each.name) for each in fields(EvidenceItem) if each.name not in _OF_THE_ROWS}
    return EvidenceItem(**recorded, custody=chain, privileged=row.circle is Circle.COUNSEL)
