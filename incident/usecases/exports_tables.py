"""The lists of an incident as tables of text, each only for the readers who get it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Protocol
from uuid import UUID

from sqlmodel import col, select

from incident.domain.answer import value_text
from incident.domain.incident import Incident
from incident.domain.outgoing import OutgoingEntry, OutgoingTable, duty_leaves, fact_leaves, is_pseudonymous
from incident.domain.profile import Profile, may_leave
from incident.store.tables import NoticeRow, NoticeVersionRow, StepRow
from incident.usecases.action_items import action_items
from incident.usecases.assignments import assignments
from incident.usecases.catalogue import catalogue
from incident.usecases.clocks import clock_list, clocks
from incident.usecases.desk import Desk, responders
from incident.usecases.evidence import evidence
from incident.usecases.facts import fact_records
from incident.usecases.filed import filings

Row = tuple[str, ...]


class Reader(Protocol):
    """Who gets an export: how they see names and texts."""

    @property
    def profile(self) -> Profile:
        """For whom it is made."""

    def text(self, text: str) -> str:
        """A text as this reader sees it."""

    def name(self, who: UUID | None) -> str:
        """A responder's name as this reader sees it."""


def tables(
    desk: Desk, incident: Incident, reader: Reader, entries: Sequence[OutgoingEntry], *, now: datetime
) -> tuple[OutgoingTable, ...]:
    """Every list that this reader gets, empty ones too: that nothing was recorded is an answer."""
    ours = not is_pseudonymous(reader.profile)
    found = [_incident(incident, reader), _timeline(entries), _duties(desk, incident, reader, now=now)]
    found.append(_filings(desk, incident, reader))
    if reader.profile is not Profile.PUBLIC:
        found.append(_facts(desk, incident, reader))
    if ours:
        found += [each(desk, incident, reader) for each in _OURS]
    return tuple(found)


def _incident(incident: Incident, reader: Reader) -> OutgoingTable:
    head = ("reference", "code_name", "title", "severity", "status", "declared_at", "declared_by", "ended_at", "ended_reason")
    row = (
        incident.reference,
        incident.code_name,
        incident.title,
        str(incident.severity),
        incident.status.label,
        _at(incident.declared_at),
        reader.name(incident.declared_by),
        _at(incident.ended_at),
        incident.ended_reason,
    )
    exercise = ("exercise", "yes" if incident.exercise else "no")
    return OutgoingTable("incident", "the incident", (*head, exercise[0]), ((*row, exercise[1]),))


def _timeline(entries: Sequence[OutgoingEntry]) -> OutgoingTable:
    head = ("occurred_at", "precision", "recorded_at", "kind", "by", "text", "source", "privileged")
    rows = tuple(
        (
            each.written_at.isoformat(timespec="seconds"),
            each.precision.value,
            _at(each.recorded_at),
            each.kind.value,
            each.by,
            each.text,
            each.source,
            "yes" if each.privileged else "no",
        )
        for each in entries
    )
    return OutgoingTable("timeline", "what happened, in order", head, rows)


def _duties(desk: Desk, incident: Incident, reader: Reader, *, now: datetime) -> OutgoingTable:
    head = ("id", "on_behalf_of", "state", "title", "recipient", "due_at", "zone", "filed_at", "late_by_seconds", "citation")
    rows = tuple(
        (
            each.obligation.id,
            reader.text(each.on_behalf_of),
            each.obligation.state.value,
            each.obligation.title,
            each.obligation.recipient,
            _at(each.obligation.due_at),
            each.obligation.zone,
            _at(each.filed_at),
            "" if each.obligation.late_by is None or is_pseudonymous(reader.profile) else str(each.obligation.late_by),
            each.obligation.citation,
        )
        for each in clock_list(clocks(desk, incident, now=now))
        if duty_leaves(each.obligation.state, reader.profile)
    )
    return OutgoingTable("duties", "what the law asks, as computed for this export", head, rows)


def _filings(desk: Desk, incident: Incident, reader: Reader) -> OutgoingTable:
    ours = not is_pseudonymous(reader.profile)
    head = (
        "filed_at",
        "obligation",
        "on_behalf_of",
        "recipient",
        "channel",
        "reference",
        "receipt_sha256",
        "late_reason",
        "by",
    )
    rows = tuple(
        (
            _at(each.filed_at),
            each.obligation,
            reader.text(each.on_behalf_of),
            reader.text(each.recipient),
            each.channel,
            each.reference if ours else "",
            each.receipt_hash if ours else "",
            each.late_reason if ours else "",
            reader.name(each.by),
        )
        for each in filings(desk, incident)
    )
    return OutgoingTable("filings", "what was sent, to whom, when", head, rows)


def _facts(desk: Desk, incident: Incident, reader: Reader) -> OutgoingTable:
    ours = not is_pseudonymous(reader.profile)
    head = ("key", "on_behalf_of", "question", "answer", "unknown", "confidence", "source", "grounds", "by", "recorded_at")
    kinds = catalogue().law.vocabulary.kinds
    rows = []
    for each in fact_records(desk, incident):
        if not fact_leaves(each.key, reader.profile):
            continue
        kind = kinds.get(each.key)
        said = "" if each.unknown else value_text(kind, each.value) if kind is not None else str(each.value)
        rows.append(
            (
                each.key,
                reader.text(each.on_behalf_of),
                kind.question if kind is not None else "",
                reader.text(said),
                "yes" if each.unknown else "no",
                each.confidence.value,
                each.source if ours else "",
                reader.text(each.basis) if ours else "",
                reader.name(each.by),
                _at(each.recorded_at),
            )
        )
    return OutgoingTable("facts", "what was recorded, the superseded answers too, oldest first", head, tuple(rows))


def _team(desk: Desk, incident: Incident, reader: Reader) -> OutgoingTable:
    people = {each.id: each for each in responders(desk)}
    rows = tuple(
        (
            reader.name(each.responder_id),
            each.role.label,
            _at(each.assumed_at),
            _at(each.relinquished_at),
            people[each.responder_id].email,
            people[each.responder_id].phone,
            each.handover_note,
        )
        for each in assignments(desk, incident)
    )
    return OutgoingTable(
        "team", "who held which role, from when until when", _head("name role from until email phone handover_note"), rows
    )


def _notices(desk: Desk, incident: Incident, reader: Reader) -> OutgoingTable:
    with desk.workspace.reading() as session:
        query = select(NoticeRow).where(NoticeRow.incident_id == incident.id).order_by(col(NoticeRow.created_at))
        rows = tuple(
            (str(each.id), each.template, " ".join(each.obligations), each.language, each.recipient_name, each.on_behalf_of)
            for each in session.exec(query).all()
        )
    del reader
    head = _head("id template obligations language recipient on_behalf_of")
    return OutgoingTable("notices", "the notices under work or sent", head, rows)


def _versions(desk: Desk, incident: Incident, reader: Reader) -> OutgoingTable:
    with desk.workspace.reading() as session:
        query = (
            select(NoticeVersionRow)
            .join(NoticeRow, col(NoticeVersionRow.notice_id) == col(NoticeRow.id))
            .where(NoticeRow.incident_id == incident.id)
            .order_by(col(NoticeVersionRow.made_at))
        )
        rows = tuple(
            (
                str(each.notice_id),
                str(each.number),
                each.kind.value,
                _at(each.made_at),
                reader.name(each.made_by),
                each.content_hash,
            )
            for each in session.exec(query).all()
        )
    head = _head("notice_id number kind made_at made_by content_hash")
    return OutgoingTable("notice_versions", "the frozen texts of the notices", head, rows)


def _evidence(desk: Desk, incident: Incident, reader: Reader) -> OutgoingTable:
    rows = tuple(
        (
            str(each.number),
            each.name,
            each.source,
            each.media_type,
            str(each.size),
            each.sha256,
            _at(each.acquired_at),
            reader.name(each.by),
            "yes" if each.privileged else "no",
        )
        for each in evidence(desk, incident)
        if may_leave(reader.profile, privileged=each.privileged)
    )
    head = _head("number name source media_type bytes sha256 acquired_at acquired_by privileged")
    return OutgoingTable("evidence", "what was kept; the bytes are not in this export", head, rows)


def _custody(desk: Desk, incident: Incident, reader: Reader) -> OutgoingTable:
    rows = tuple(
        (str(item.number), act.act.value, _at(act.at), reader.name(act.by), act.to_whom, act.note, act.sha256)
        for item in evidence(desk, incident)
        if may_leave(reader.profile, privileged=item.privileged)
        for act in item.custody
    )
    return OutgoingTable("custody", "every act upon the evidence", _head("number act at by to_whom note sha256"), rows)


def _steps(desk: Desk, incident: Incident, reader: Reader) -> OutgoingTable:
    with desk.workspace.reading() as session:
        query = select(StepRow).where(StepRow.incident_id == incident.id).order_by(col(StepRow.at))
        rows = tuple(
            (
                each.step,
                each.state.value,
                _at(each.at),
                reader.name(each.by),
                each.note,
                each.decision,
                each.dissent,
                _known_then(each.facts),
                "yes" if each.defaulted else "no",
                reader.name(each.to),
            )
            for each in session.exec(query).all()
        )
    head = _head("step act at by note decision dissent known_then default_taken handed_to")
    return OutgoingTable("steps", "what was done with the playbook's steps, decisions with what was known then", head, rows)


def _known_then(facts: object) -> str:
    return "; ".join(f"{key}: {value}" for key, value in facts.items()) if isinstance(facts, Mapping) else ""


def _actions(desk: Desk, incident: Incident, reader: Reader) -> OutgoingTable:
    rows = tuple(
        (each.title, each.kind.value, reader.name(each.owner), _at(each.due_on), _at(each.done_at), each.outcome)
        for each in action_items(desk, incident)
    )
    return OutgoingTable("action_items", "what will be done afterwards", _head("title kind owner due_on done_at outcome"), rows)


_OURS: tuple[Callable[[Desk, Incident, Reader], OutgoingTable], ...] = (
    _team, _notices, _versions, _evidence, _custody, _steps, _actions,
)  # fmt: skip


def _head(words: str) -> Row:
    return tuple(words.split())


def _at(when: datetime | date | None) -> str:
    if when is None:
        return ""
    return when.astimezone(UTC).isoformat(timespec="seconds") if isinstance(when, datetime) else when.isoformat()
