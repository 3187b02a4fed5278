"""Incidents one after the other, each with what the register and the metrics read of it.

A few hundred are read at a time, by one query per table, and forgotten when the next ones come: ten thousand cost
ten times what a thousand cost, and no more memory.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import defer
from sqlmodel import Session, col, or_, select

from incident.domain.fact_record import FactRecord, current
from incident.domain.incident import Incident, IncidentStatus
from incident.domain.notice import Filing
from incident.domain.responder import Role
from incident.store.review_tables import ReviewFindingRow
from incident.store.tables import AssignmentRow, FactRow, FilingRow, IncidentRow, NoticeRow, StepRow
from incident.store.values import value_of
from incident.usecases.desk import Desk

CHUNK = 250
"""Incidents that are read at a time."""
_SNAPSHOT: Any = IncidentRow.playbook_snapshot


@dataclass(frozen=True, slots=True)
class Sending:
    """What the metrics read of a filing: nothing that is sealed."""

    obligation: str
    on_behalf_of: str
    filed_at: datetime
    due_at: datetime | None
    late_by: int


@dataclass(slots=True)
class Case:
    """One incident with what was read of it."""

    incident: Incident
    standing: dict[tuple[str, str], FactRecord] = field(default_factory=dict)
    """The facts asked for, as they stand."""
    said: list[tuple[str, str, bool, datetime]] = field(default_factory=list)
    """Every statement about any fact: for whom, which, unknown, when."""
    sendings: list[Sending] = field(default_factory=list)
    filings: list[Filing] = field(default_factory=list)
    templates: dict[UUID, str] = field(default_factory=dict)
    steps: list[datetime] = field(default_factory=list)
    told: list[datetime] = field(default_factory=list)
    causes: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is read: which facts, and whether texts (filings in full, templates) or times (steps, statements, causes)."""

    facts: Sequence[str]
    texts: bool = False
    times: bool = False
    since: datetime | None = None
    until: datetime | None = None


def cases(desk: Desk, wanted: Wanted) -> Iterator[Case]:
    """Every incident that is not an exercise and was declared in the period, the newest first; merged ones too."""
    with desk.workspace.reading() as session:
        merged = _merged(session)
        after: tuple[datetime, UUID] | None = None
        while rows := session.exec(_page(wanted, after)).all():
            after = rows[-1].declared_at, rows[-1].id
            found = {row.id: Case(value_of(Incident, row)) for row in rows if not row.exercise and not row.hidden}
            _fill(session, found, merged, wanted)
            session.expunge_all()
            yield from found.values()


def _merged(session: Session) -> dict[UUID, UUID]:
    """Merged incident → the one it is part of at last."""
    rows = session.exec(select(IncidentRow.id, IncidentRow.merged_into).where(col(IncidentRow.merged_into).is_not(None)))
    into = {each: target for each, target in rows.all() if target is not None}

    def last(each: UUID) -> UUID:
        seen = {each}
        while each in into and into[each] not in seen:
            each = into[each]
            seen.add(each)
        return each

    return {each: last(each) for each in into}


def _page(wanted: Wanted, after: tuple[datetime, UUID] | None) -> Any:
    at, key = col(IncidentRow.declared_at), col(IncidentRow.id)
    query = select(IncidentRow).options(defer(_SNAPSHOT)).order_by(at.desc(), key.desc()).limit(CHUNK)
    if wanted.since is not None:
        query = query.where(at >= wanted.since)
    if wanted.until is not None:
        query = query.where(at < wanted.until)
    return query if after is None else query.where(or_(at < after[0], (at == after[0]) & (key < after[1])))


def _fill(session: Session, found: dict[UUID, Case], merged: dict[UUID, UUID], wanted: Wanted) -> None:
    family = {each: each for each in found} | {each: last for each, last in merged.items() if last in found}
    _facts(session, found, wanted.facts)
    if wanted.texts:
        _texts(session, found, family)
    if wanted.times:
        _times(session, found, family)


def _facts(session: Session, found: dict[UUID, Case], keys: Sequence[str]) -> None:
    query = select(FactRow).where(col(FactRow.incident_id).in_(found), col(FactRow.key).in_(keys))
    records: dict[UUID, list[FactRecord]] = defaultdict(list)
    for row in session.exec(query):
        records[row.incident_id].append(value_of(FactRecord, row))
    for incident_id, held in records.items():
        found[incident_id].standing = current(held)


def _texts(session: Session, found: dict[UUID, Case], family: dict[UUID, UUID]) -> None:
    query = select(FilingRow).where(col(FilingRow.incident_id).in_(family)).order_by(col(FilingRow.filed_at))
    for row in session.exec(query):
        found[family[row.incident_id]].filings.append(value_of(Filing, row))
    drafts = select(NoticeRow.id, NoticeRow.incident_id, NoticeRow.template)
    for notice_id, incident_id, template in session.exec(drafts.where(col(NoticeRow.incident_id).in_(family))):
        found[family[incident_id]].templates[notice_id] = template


def _times(session: Session, found: dict[UUID, Case], family: dict[UUID, UUID]) -> None:
    for row in _columns(session, family, FilingRow, "obligation", "on_behalf_of", "filed_at", "due_at", "late_by"):
        found[family[row[0]]].sendings.append(Sending(*row[1:]))
    for row in _columns(session, found, FactRow, "on_behalf_of", "key", "unknown", "recorded_at"):
        found[row[0]].said.append(tuple(row[1:]))
    for row in _columns(session, found, StepRow, "at"):
        found[row[0]].steps.append(row[1])
    for row in _columns(session, found, AssignmentRow, "role", "assumed_at"):
        if row[1] in (Role.PRIVACY_OFFICER, Role.LEGAL):
            found[row[0]].told.append(row[2])
    for row in _columns(session, found, ReviewFindingRow, "cause"):
        if row[1]:
            found[row[0]].causes.add(row[1])


def _columns(session: Session, ids: Iterable[UUID], table: Any, *names: str) -> Iterator[Any]:
    """Columns that are not sealed, of every row of these incidents."""
    columns = (table.incident_id, *(getattr(table, name) for name in names))
    yield from session.exec(select(*columns).where(col(table.incident_id).in_(list(ids))))


def is_breach(incident: Incident) -> bool:
    """Whether an incident counts by itself: a false alarm was none, and a merged one is counted with the other."""
    return incident.status not in (IncidentStatus.FALSE_ALARM, IncidentStatus.MERGED)
