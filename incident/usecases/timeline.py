"""The log line and the timeline: what people typed, and what the record itself says happened."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from incident.domain.answer import value_text
from incident.domain.fact_record import FactRecord
from incident.domain.incident import Incident
from incident.domain.moment import Said
from incident.domain.timeline import EntryKind, Precision, TimelineEntry, in_order
from incident.errors import ContentError
from incident.store.guide_tables import TakenPlaybookRow
from incident.store.tables import (
    ApprovalRow,
    AssignmentRow,
    FactRow,
    FilingRow,
    IncidentRow,
    NoticeRow,
    NoticeVersionRow,
    ResponderRow,
    StepRow,
    TimelineRow,
)
from incident.store.values import value_of
from incident.usecases.catalogue import catalogue
from incident.usecases.desk import Desk
from incident.usecases.incidents import family, refuse_future


def log(
    desk: Desk,
    incident: Incident,
    text: str,
    *,
    now: datetime,
    when: Said | None = None,
    kind: EntryKind = EntryKind.LOG,
    source: str = "",
    privileged: bool = False,
) -> TimelineEntry:
    """Write a line into the timeline; without `when` it happened now. Ended incidents may still be annotated.

    A privileged line is sealed for counsel's circle: other members do not see that it is there.
    """
    if not text.strip():
        raise ContentError("The line is empty.", "Say what happened.")
    refuse_future(when, now=now)
    occurred_at, precision = _moment(when, now)
    with desk.workspace.change("timeline.log", now=now, incident_id=incident.id) as session:
        row = TimelineRow(
            incident_id=incident.id,
            occurred_at=occurred_at,
            recorded_at=now,
            precision=precision,
            kind=kind,
            text=text.strip(),
            by=desk.me.id,
            source=source,
            privileged=privileged,
        )
        session.add(row)
        session.flush()
        return value_of(TimelineEntry, row)


def _moment(when: Said | None, now: datetime) -> tuple[datetime, Precision]:
    if when is None:
        return now, Precision.EXACT
    if when.at is not None:
        return when.at, Precision.EXACT
    if when.on is None:
        return now, Precision.EXACT
    return datetime.combine(when.on, time(), ZoneInfo(when.zone)), Precision.DAY


def timeline(desk: Desk, incident: Incident) -> tuple[TimelineEntry, ...]:
    """Everything that happened, in order: typed lines, and acts read from the record of this incident and its kin."""
    with desk.workspace.reading() as session:
        found: list[TimelineEntry] = []
        for incident_id in family(session, incident.id):
            found.extend(_typed(session, incident_id))
            found.extend(_acts(session, incident_id, desk.me.zone))
        return in_order(tuple(found))


def _typed(session: Session, incident_id: UUID) -> Iterator[TimelineEntry]:
    for row in session.exec(select(TimelineRow).where(TimelineRow.incident_id == incident_id)).all():
        if not row.hidden:
            yield value_of(TimelineEntry, row)


def _acts(session: Session, incident_id: UUID, zone: str) -> Iterator[TimelineEntry]:
    incident = session.get_one(IncidentRow, incident_id)
    people = {row.id: row.name for row in session.exec(select(ResponderRow)).all()}

    def entry(row_id: UUID, at: datetime, kind: EntryKind, text: str, by: UUID | None) -> TimelineEntry:
        who = by or incident.declared_by
        return TimelineEntry(row_id, incident_id, at, at, Precision.EXACT, kind, text, who, "record")

    yield entry(incident.id, incident.declared_at, EntryKind.STATUS, f"Declared: {incident.title}", incident.declared_by)
    if incident.ended_at is not None:
        text = f"{incident.status.label.capitalize()}: {incident.ended_reason}"
        yield entry(incident.id, incident.ended_at, EntryKind.STATUS, text, incident.updated_by)
    for held in session.exec(select(AssignmentRow).where(AssignmentRow.incident_id == incident_id)).all():
        who, role = people[held.responder_id], held.role.label
        yield entry(held.id, held.assumed_at, EntryKind.RESPONSE, f"{who} is {role}", held.created_by)
        if held.relinquished_at is not None:
            note = f": {held.handover_note}" if held.handover_note else ""
            text = f"{who} hands over {role}{note}"
            yield entry(held.id, held.relinquished_at, EntryKind.RESPONSE, text, held.updated_by)
    yield from _guide_acts(session, incident_id, people, entry)
    for fact in _facts(session, incident_id):
        yield entry(fact.id, fact.recorded_at, EntryKind.RESPONSE, _fact_text(fact, zone), fact.by)
    yield from _notices(session, incident_id, people)


_Entry = Callable[[UUID, datetime, EntryKind, str, UUID | None], TimelineEntry]


def _guide_acts(session: Session, incident_id: UUID, people: Mapping[UUID, str], entry: _Entry) -> Iterator[TimelineEntry]:
    """What was done with steps, and which playbooks were taken up later."""
    for step in session.exec(select(StepRow).where(StepRow.incident_id == incident_id)).all():
        yield entry(step.id, step.at, EntryKind.RESPONSE, _step_text(step, people), step.by)
    for taken in session.exec(select(TakenPlaybookRow).where(TakenPlaybookRow.incident_id == incident_id)).all():
        if not taken.hidden:
            text = f"Playbook {taken.taken_as.value}: {taken.snapshot.get('title', taken.playbook)} – {taken.reason}"
            yield entry(taken.id, taken.at, EntryKind.RESPONSE, text, taken.by)


def _step_text(step: StepRow, people: Mapping[UUID, str]) -> str:
    """One act on a step: to whom, what was decided and how, the note, who disagreed."""
    whom = f" to {people.get(step.to, '?')}" if step.to is not None else ""
    said = [f"{step.decision} (the default: nobody decided in time)" if step.defaulted else step.decision, step.note]
    said += [f"dissent: {step.dissent}"] if step.dissent else []
    text = "; ".join(each for each in said if each)
    return f"Step {step.step} {step.state.value.replace('_', ' ')}{whom}{f': {text}' if text else ''}"


def _facts(session: Session, incident_id: UUID) -> Iterator[FactRecord]:
    query = select(FactRow).where(FactRow.incident_id == incident_id).order_by(col(FactRow.recorded_at))
    for row in session.exec(query).all():
        yield value_of(FactRecord, row)


def _fact_text(fact: FactRecord, zone: str) -> str:
    kind = catalogue().law.vocabulary.kind(fact.key)
    said = "not known yet" if fact.unknown else value_text(kind, fact.value, zone=zone)
    if len(said) > 120:
        said = said[:117].rstrip() + "…"
    whose = f" (for {fact.on_behalf_of})" if fact.on_behalf_of else ""
    return f"Fact{whose}: {kind.question} {said}"


def _notices(session: Session, incident_id: UUID, people: dict[UUID, str]) -> Iterator[TimelineEntry]:
    versions = session.exec(
        select(NoticeVersionRow, NoticeRow)
        .where(NoticeVersionRow.notice_id == NoticeRow.id)
        .where(NoticeRow.incident_id == incident_id)
    ).all()
    for version, notice in versions:
        name = f"{catalogue().template(notice.template).title}, version {version.number} ({version.kind.value})"
        yield _notice_entry(incident_id, version.id, version.made_at, f"Drafted: {name}", version.made_by)
        for each in session.exec(select(ApprovalRow).where(ApprovalRow.version_id == version.id)).all():
            act = "approves" if each.approved else f"refuses ({each.note})"
            yield _notice_entry(incident_id, each.id, each.at, f"{people[each.by]} {act}: {name}", each.by)
    for filing in session.exec(select(FilingRow).where(FilingRow.incident_id == incident_id)).all():
        late = f", late by {filing.late_by // 60} min: {filing.late_reason}" if filing.late_by else ""
        reference = f", reference {filing.reference}" if filing.reference else ""
        text = f"Sent to {filing.recipient or 'the recipient'} by {filing.channel}: {filing.obligation}{reference}{late}"
        yield _notice_entry(incident_id, filing.id, filing.filed_at, text, filing.by)


def _notice_entry(incident_id: UUID, row_id: UUID, at: datetime, text: str, by: UUID) -> TimelineEntry:
    return TimelineEntry(row_id, incident_id, at, at, Precision.EXACT, EntryKind.NOTICE, text, by, "record")
