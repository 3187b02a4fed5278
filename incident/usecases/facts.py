"""Record what is known, what is not known yet, and who said so; read it back with its provenance."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, select

from incident.domain.answer import answer, value_text
from incident.domain.fact_record import Confidence, FactRecord, current, known_values
from incident.domain.facts_document import parse_value
from incident.domain.incident import Incident
from incident.domain.plausibility import oddities
from incident.domain.vocabulary import FactKind, FactType
from incident.errors import ContentError
from incident.store.tables import FactRow
from incident.store.values import value_of
from incident.usecases.catalogue import catalogue
from incident.usecases.desk import Desk, names, organisation, responder_named
from incident.usecases.incidents import require_open


@dataclass(frozen=True, slots=True)
class Statement:
    """What a responder says about one fact: the answer as typed, where it comes from, how sure it is."""

    key: str
    text: str
    source: str = ""
    confidence: Confidence = Confidence.CONFIRMED
    basis: str = ""
    on_behalf_of: str = ""


@dataclass(frozen=True, slots=True)
class FactLine:
    """One fact as a view shows it: the standing record in words, and how many records it superseded."""

    kind: FactKind
    on_behalf_of: str
    text: str
    unknown: bool
    source: str
    confidence: Confidence
    basis: str
    by: str
    recorded_at: datetime | None
    owner: str
    wanted_at: datetime | None
    superseded: int
    from_profile: bool = False


def record_fact(desk: Desk, incident: Incident, statement: Statement, *, now: datetime, zone: str) -> FactRecord:
    """Record one fact as typed; a time without an offset is read in `zone`. Refused input changes nothing."""
    kind = catalogue().law.vocabulary.kind(statement.key)
    value = answer(kind, statement.text, now=now, zone=zone)
    return record_value(desk, incident, statement, value, now=now)


def record_value(desk: Desk, incident: Incident, statement: Statement, value: object, *, now: datetime) -> FactRecord:
    """Record one fact from its JSON value (the contract's form)."""
    require_open(incident)
    vocabulary = catalogue().law.vocabulary
    kind = vocabulary.kind(statement.key)
    parsed = parse_value(kind, value, vocabulary)
    _refuse_future_event(kind, parsed, now=now)
    if kind.judgement and not statement.basis.strip():
        raise ContentError(
            f"{kind.key}: the law leaves this to judgement, and no reasons were given.",
            "Give the grounds (basis): what was considered and why.",
        )
    return append_record(desk, incident, statement, value, now=now)


def append_record(desk: Desk, incident: Incident, statement: Statement, value: object, *, now: datetime) -> FactRecord:
    """Add a record under a key; for what is no fact of the law (risk instruments) nothing else is asked."""
    require_open(incident)
    detail = {"fact": statement.key, "on_behalf_of": bool(statement.on_behalf_of)}
    with desk.workspace.change("fact.record", now=now, incident_id=incident.id, detail=detail) as session:
        row = FactRow(
            incident_id=incident.id,
            key=statement.key,
            on_behalf_of=statement.on_behalf_of,
            value=value,
            source=statement.source,
            confidence=statement.confidence,
            basis=statement.basis.strip(),
            by=desk.me.id,
            recorded_at=now,
        )
        session.add(row)
        session.flush()
        return value_of(FactRecord, row)


def record_unknown(
    desk: Desk,
    incident: Incident,
    key: str,
    *,
    now: datetime,
    owner: str = "",
    wanted_at: datetime | None = None,
    on_behalf_of: str = "",
) -> FactRecord:
    """Record that a fact is not known yet: who finds out, and by when."""
    require_open(incident)
    kind = catalogue().law.vocabulary.kind(key)
    person = responder_named(desk, owner) if owner else None
    with desk.workspace.change("fact.unknown", now=now, incident_id=incident.id, detail={"fact": key}) as session:
        row = FactRow(
            incident_id=incident.id,
            key=kind.key,
            on_behalf_of=on_behalf_of,
            value=None,
            unknown=True,
            confidence=Confidence.REPORTED,
            by=desk.me.id,
            recorded_at=now,
            owner=person.id if person else None,
            wanted_at=wanted_at,
        )
        session.add(row)
        session.flush()
        return value_of(FactRecord, row)


def _refuse_future_event(kind: FactKind, value: object, *, now: datetime) -> None:
    if kind.type is not FactType.MOMENT or not kind.key.startswith("at."):
        return
    today = now.date()
    future = value > now if isinstance(value, datetime) else isinstance(value, date) and value > today
    if future:
        raise ContentError(f"{kind.key}: {value} has not come yet.", "Check the day, the clock time and the zone.")


def odd_facts(desk: Desk, incident: Incident) -> tuple[str, ...]:
    """What looks odd in the facts as they stand, as questions."""
    vocabulary = catalogue().law.vocabulary
    values = values_for(desk, incident)
    parsed = {
        key: parse_value(vocabulary.kind(key), value, vocabulary) for key, value in values.items() if key.startswith("at.")
    }
    return oddities(parsed, organisation(desk).timezone)


def fact_records(desk: Desk, incident: Incident) -> tuple[FactRecord, ...]:
    """Every record of the incident in order of time, the superseded ones included."""
    with desk.workspace.reading() as session:
        return fact_records_in(session, incident.id)


def fact_records_in(session: Session, incident_id: UUID) -> tuple[FactRecord, ...]:
    """As `fact_records`, read in a running transaction."""
    query = (
        select(FactRow).where(FactRow.incident_id == incident_id).order_by(col(FactRow.recorded_at), col(FactRow.created_at))
    )
    return tuple(value_of(FactRecord, row) for row in session.exec(query).all())


def values_for(desk: Desk, incident: Incident, *, on_behalf_of: str = "") -> dict[str, object]:
    """What is known now for one principal, by fact key, as JSON values; the profile included."""
    standing = current(fact_records(desk, incident))
    return known_values(standing, on_behalf_of=on_behalf_of, of_organisation=organisation(desk).facts())


def fact_lines(desk: Desk, incident: Incident) -> tuple[FactLine, ...]:
    """Every fact that somebody spoke about, in the vocabulary's order, then the profile's."""
    records = fact_records(desk, incident)
    people = names(desk)
    counts: dict[tuple[str, str], int] = {}
    for record in records:
        counts[record.on_behalf_of, record.key] = counts.get((record.on_behalf_of, record.key), 0) + 1
    standing = current(records)
    order = {key: index for index, key in enumerate(catalogue().law.vocabulary.kinds)}
    recorded = [_line(record, people, counts, zone=desk.me.zone) for record in standing.values() if record.key in order]
    recorded.sort(key=lambda each: (each.on_behalf_of, order.get(each.kind.key, len(order))))
    profile = [_profile_line(key, value) for key, value in organisation(desk).facts().items() if ("", key) not in standing]
    return (*recorded, *profile)


def _line(record: FactRecord, people: Mapping[UUID, str], counts: Mapping[tuple[str, str], int], *, zone: str) -> FactLine:
    kind = catalogue().law.vocabulary.kind(record.key)
    return FactLine(
        kind=kind,
        on_behalf_of=record.on_behalf_of,
        text="unknown yet" if record.unknown else value_text(kind, record.value, zone=zone),
        unknown=record.unknown,
        source=record.source,
        confidence=record.confidence,
        basis=record.basis,
        by=people.get(record.by, ""),
        recorded_at=record.recorded_at,
        owner=people.get(record.owner, "") if record.owner else "",
        wanted_at=record.wanted_at,
        superseded=counts[record.on_behalf_of, record.key] - 1,
    )


def _profile_line(key: str, value: object) -> FactLine:
    kind = catalogue().law.vocabulary.kind(key)
    return FactLine(
        kind=kind,
        on_behalf_of="",
        text=value_text(kind, value),
        unknown=False,
        source="organisation's profile",
        confidence=Confidence.CONFIRMED,
        basis="",
        by="",
        recorded_at=None,
        owner="",
        wanted_at=None,
        superseded=0,
        from_profile=True,
    )
