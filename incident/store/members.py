"""Who holds an incident's keys: founded at declaration, wrapped for whoever is let in, renewed when somebody leaves."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Session, col, func, select

from incident.domain.membership import Circle
from incident.errors import RefusedError
from incident.store.custody_tables import MemberRow
from incident.store.sealed import Sealed
from incident.store.seals import KeyName, Seals, refuse_stranger, wrap_for
from incident.store.tables import IncidentRow, ResponderRow
from incident.store.vouched import require_vouched

Holders = Mapping[UUID | None, bytes]
"""Public keys by responder; `None` is the holder of the recovery code."""


def find_wrapped(session: Any, name: KeyName | None, incident_id: UUID, circle: Circle) -> tuple[int, bytes] | None:
    """A key as wrapped for the responder of this session; the newest when no name is given."""
    raw = session.connection().connection.driver_connection
    wanted = "" if name is None else f" AND number = {int(name.number)}"
    sql = f"SELECT number, wrapped FROM member WHERE incident_id = ? AND responder_id = ? AND circle = ?{wanted}"  # noqa: S608 - a number
    row = raw.execute(
        sql + " AND length(wrapped) > 0 ORDER BY number DESC LIMIT 1",
        (incident_id.hex, session.info["responder_id"].hex, circle.value),
    ).fetchone()
    return (row[0], bytes(row[1])) if row else None


def found(session: Session, incident_id: UUID, holders: Holders, counsel: frozenset[UUID], *, now: datetime) -> None:
    """Make the keys of a new incident and wrap them; counsel's circle and the recovery code hold the second one too."""
    made = [(circle, *_seals(session).make(incident_id, circle)) for circle in Circle]
    session.flush()  # the incident, sealed under the key just made, before the rows that refer to it
    for circle, name, key in made:
        _wrap(session, name, key, holders if circle is Circle.TEAM else _counsel(holders, counsel), now=now)


def _counsel(holders: Holders, counsel: frozenset[UUID]) -> Holders:
    return {each: key for each, key in holders.items() if each is None or each in counsel}


def _wrap(session: Session, name: KeyName, key: bytes, people: Holders, *, now: datetime) -> None:
    for responder_id, public_key in people.items():
        if responder_id is not None:
            require_vouched(session, responder_id, public_key)
        session.add(_row(session, name, responder_id, wrap_for(public_key, key, name.to_bytes()), now=now))


def _row(session: Session, name: KeyName, responder_id: UUID | None, wrapped: bytes, *, now: datetime) -> MemberRow:
    return MemberRow(
        incident_id=name.incident_id,
        responder_id=responder_id,
        circle=name.circle,
        number=name.number,
        wrapped=wrapped,
        granted_by=session.info["responder_id"],
        granted_at=now,
    )


def admit(
    session: Session,
    incident_id: UUID,
    responder_id: UUID | None,
    public_key: bytes,
    circles: Iterable[Circle],
    *,
    now: datetime,
) -> None:
    """Wrap every key of these circles for one more person; refused for keys that we do not hold ourselves."""
    if responder_id is not None:
        require_vouched(session, responder_id, public_key)
    for circle in circles:
        held = {row.number: row for row in _rows(session, incident_id, circle) if row.responder_id == responder_id}
        for number in sorted({row.number for row in _rows(session, incident_id, circle)}):
            name = KeyName(incident_id, circle, number)
            key = _seals(session).key(name, lambda *asked: find_wrapped(session, *asked))
            if key is None:
                raise refuse_stranger("This incident" if circle is Circle.TEAM else "Counsel's circle")
            wrapped = wrap_for(public_key, key, name.to_bytes())
            row = held.get(number) or _row(session, name, responder_id, wrapped, now=now)
            row.wrapped, row.ended_at = wrapped, None
            session.add(row)


def admit_everywhere(session: Session, responder_id: UUID | None, public_key: bytes, *, now: datetime) -> None:
    """Wrap every key that we hold for one more holder: a new recovery code."""
    mine = select(MemberRow.incident_id, MemberRow.circle).where(
        MemberRow.responder_id == session.info["responder_id"], func.length(MemberRow.wrapped) > 0
    )
    for incident_id, circle in sorted(set(session.exec(mine).all()), key=str):
        admit(session, incident_id, responder_id, public_key, (Circle(circle),), now=now)


def dismiss(
    session: Session, incident_id: UUID, responder_id: UUID, circles: Iterable[Circle], holders: Holders, *, now: datetime
) -> None:
    """Take the keys of these circles from somebody; what is written afterwards has a new key that they never had."""
    for circle in circles:
        rows = _rows(session, incident_id, circle)
        remaining = {row.responder_id for row in rows if row.wrapped and row.responder_id != responder_id}
        if not remaining - {None}:
            raise RefusedError("Somebody must be able to read the incident.", "Let another person in first.")
        for row in rows:
            if row.responder_id == responder_id:
                row.wrapped, row.ended_at = b"", row.ended_at or now
                session.add(row)
        people = {each: key for each, key in holders.items() if each in remaining}
        name, key = _seals(session).make(incident_id, circle, max(row.number for row in rows) + 1)
        _wrap(session, name, key, people, now=now)


def rewrap_own(session: Session, seals: Seals, responder_id: UUID, public_key: bytes, *, now: datetime) -> None:
    """Wrap what the recovery code opens for a responder's new key, in the circles that they were in."""
    mine = session.exec(
        select(MemberRow).where(MemberRow.responder_id == responder_id, col(MemberRow.ended_at).is_(None))
    ).all()
    for row in mine:
        name = KeyName(row.incident_id, row.circle, row.number)
        key = seals.key(name, lambda name, incident, circle: _for_recovery(session, name, incident, circle))
        row.wrapped = wrap_for(public_key, key, name.to_bytes()) if key is not None else b""
        row.granted_at = now
        session.add(row)


def _for_recovery(session: Session, name: KeyName | None, incident_id: UUID, circle: Circle) -> tuple[int, bytes] | None:
    if name is None:
        return None
    query = select(MemberRow).where(
        MemberRow.incident_id == incident_id,
        col(MemberRow.responder_id).is_(None),
        MemberRow.circle == circle,
        MemberRow.number == name.number,
    )
    row = session.exec(query).first()
    return (row.number, row.wrapped) if row is not None and row.wrapped else None


def _rows(session: Session, incident_id: UUID, circle: Circle) -> list[MemberRow]:
    query = select(MemberRow).where(MemberRow.incident_id == incident_id, MemberRow.circle == circle)
    return list(session.exec(query).all())


def _seals(session: Session) -> Seals:
    seals: Seals = session.info["seals"]
    return seals


def without_keys(session: Session) -> list[UUID]:
    """Incidents from before there were incident keys: what they hold stands open to everybody in the vault."""
    founded = select(MemberRow.incident_id)
    return list(session.exec(select(IncidentRow.id).where(col(IncidentRow.id).not_in(founded))).all())


def seal_what_stood_open(session: Session, recovery_key: bytes | None, counsel: frozenset[UUID], *, now: datetime) -> None:
    """Give every incident without keys its keys, for everybody active, and seal all its rows."""
    people: dict[UUID | None, bytes] = {
        row.id: row.public_key for row in session.exec(select(ResponderRow).where(ResponderRow.active)).all()
    }
    if recovery_key is not None:
        people[None] = recovery_key
    for incident_id in without_keys(session):
        found(session, incident_id, people, counsel, now=now)
        for row in _rows_of(session, incident_id):
            flag_modified(row, row.SEALED[0])
        session.flush()


def _rows_of(session: Session, incident_id: UUID) -> list[Sealed]:
    """Every sealed row of an incident, those that hang on a notice or its versions included."""
    rows: list[Sealed] = [session.get_one(IncidentRow, incident_id)]
    for kind in _kinds(Sealed):
        if kind is not IncidentRow and "incident_id" in kind.__table__.c:  # type: ignore[attr-defined]
            rows.extend(session.exec(select(kind).where(kind.incident_id == incident_id)).all())  # type: ignore[attr-defined]
    return rows


def _kinds(base: type[Sealed]) -> list[type[Sealed]]:
    return sorted(base.__subclasses__(), key=lambda each: str(each.__tablename__))
