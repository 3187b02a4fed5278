"""The emergency export: an incident's record as plain text, made by reading alone.

For the day when the disk is full, the folder is read-only or the journal cannot be written. It goes round everything
that writes: neither the journal nor an open workspace is loaded. What is recorded comes first; where the law cannot be
reckoned any more, the facts still stand there.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from incident.domain.answer import value_text
from incident.domain.docket import docket
from incident.domain.duty_clock import Clock
from incident.domain.fact_record import FactRecord, as_document, current, known_values, principals
from incident.domain.incident import Incident
from incident.domain.membership import Circle
from incident.domain.organisation import Organisation
from incident.domain.profile import Profile, entries_for, may_leave, names_for
from incident.domain.timeline import TimelineEntry
from incident.errors import IncidentError, RefusedError, shown
from incident.store.custody_tables import EvidenceRow
from incident.store.read_only import ReadOnlyVault
from incident.store.tables import (
    AssignmentRow,
    FactRow,
    FilingRow,
    IncidentRow,
    NoticeRow,
    NoticeVersionRow,
    OrganisationRow,
    ResponderRow,
    StepRow,
    TimelineRow,
)
from incident.store.values import value_of
from incident.usecases.assess import load_law

_TABLE = "| --- | --- | --- |"


@dataclass(frozen=True, slots=True)
class Source:
    """What the sections are read from."""

    session: Session
    incident: Incident
    family: tuple[UUID, ...]
    people: dict[UUID, ResponderRow]
    zone: str
    now: datetime
    profile: Profile
    names: dict[UUID, str]
    """The people as this reader sees them."""

    def rows(self, kind: Any, order: Any) -> Sequence[Any]:
        """The rows of the incident and of those merged into it; what we hold no key for is left out."""
        query = select(kind).where(col(kind.incident_id).in_(self.family)).order_by(order)
        return [each for each in self.session.exec(query).all() if not each.hidden]

    def at(self, moment: datetime | None) -> str:
        """An instant with its zone."""
        return "—" if moment is None else f"{moment.astimezone(ZoneInfo(self.zone)):%Y-%m-%d %H:%M} {self.zone}"

    def name(self, who: UUID | None) -> str:
        """Who somebody is."""
        return self.names.get(who, "—") if who is not None else "—"


def emergency_record(vault: ReadOnlyVault, name: str, *, now: datetime, profile: Profile = Profile.PRIVILEGED) -> Iterator[str]:
    """The record of an incident, line by line, as it is read; `name` as for every command, empty for the only open one.

    A regulator gets all but what is privileged; customers and the public what happened and who was told.
    """
    with vault.reading() as session:
        incident = _chosen([value_of(Incident, row) for row in session.exec(select(IncidentRow)).all()], name)
        people = {row.id: row for row in session.exec(select(ResponderRow)).all()}
        row = session.exec(select(OrganisationRow)).one()
        ours = Organisation(name=row.name, **_tuples(row.profile))
        called = names_for(profile, {each.id: each.name for each in people.values()})
        family = _family(session, incident.id)
        source = Source(session, incident, family, people, ours.timezone, now, profile, called)
        yield from _head(source, ours, vault.warning)
        if profile in (Profile.CUSTOMER, Profile.PUBLIC):
            yield from _timeline(source)
            yield from _filings(source)
            return
        for section in (_team, _facts, _timeline, _steps, _notices, _filings, _evidence):
            yield from section(source)
        yield from _clocks(source, ours)


def _tuples(held: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in held.items()}


def _chosen(known: Sequence[Incident], name: str) -> Incident:
    wanted = name.strip().lower()
    if wanted in ("", "last"):
        found = [each for each in known if not each.hidden and (each.is_open or wanted)]
        found = sorted(found, key=lambda each: each.declared_at)[-1:] if wanted else found
    else:
        found = [each for each in known if wanted in (each.reference.lower(), each.code_name.lower(), _number(each))]
    if len(found) != 1:
        references = ", ".join(each.reference for each in known) or "none"
        raise RefusedError("Which incident is meant is not clear.", f"Name one with -i: {references}.")
    if found[0].hidden:
        raise RefusedError(f"{found[0].reference} is sealed: you are not one of its members.", "Ask a member.")
    return found[0]


def _number(incident: Incident) -> str:
    return incident.reference.rsplit("-", 1)[1].lstrip("0")


def _family(session: Session, incident_id: UUID) -> tuple[UUID, ...]:
    found = [incident_id]
    for each in found:
        found.extend(session.exec(select(IncidentRow.id).where(IncidentRow.merged_into == each)).all())
    return tuple(found)


def _head(source: Source, ours: Organisation, warning: str) -> Iterator[str]:
    incident = source.incident
    mark = " — EXERCISE" if incident.exercise else ""
    outside = source.profile in (Profile.CUSTOMER, Profile.PUBLIC)
    title = "" if outside else f": {_line(incident.title)}"
    yield f"# {incident.reference} «{incident.code_name}»{title}{mark}"
    yield ""
    yield source.profile.stamp
    yield f"{ours.name} · severity {incident.severity} · {incident.status.label} · declared {source.at(incident.declared_at)}"
    secret = "" if source.profile is Profile.PUBLIC else " Confidential."
    yield f"Emergency export made {source.at(source.now)}, by reading alone: it is not in the access log.{secret}"
    if warning:
        yield f"**{warning}**"
    for what, text in (("Contact", ours.contact_phone or ours.contact_email), ("Data protection officer", ours.dpo_phone)):
        if text and not outside:
            yield f"{what}: {text}"


def _team(source: Source) -> Iterator[str]:
    yield from ("", "## Team", "", "| name | role | telephone | e-mail |", f"{_TABLE} --- |")
    roles: dict[UUID, list[str]] = {}
    for each in source.rows(AssignmentRow, AssignmentRow.assumed_at):
        if each.relinquished_at is None and each.incident_id == source.incident.id:
            roles.setdefault(each.responder_id, []).append(each.role.label)
    active = [each for each in source.people.values() if each.active]
    for person in sorted(active, key=lambda each: (each.id not in roles, each.name)):
        yield f"| {person.name} | {', '.join(roles.get(person.id, ()))} | {person.phone or '—'} | {person.email or '—'} |"


def _facts(source: Source) -> Iterator[str]:
    yield from ("", "## Facts", "")
    vocabulary = load_law().vocabulary
    for record in current(_records(source)).values():
        kind = vocabulary.kinds.get(record.key)
        question = kind.question if kind is not None else record.key
        said = "not known yet" if record.unknown else value_text(kind, record.value) if kind else str(record.value)
        whose = f" (for {record.on_behalf_of})" if record.on_behalf_of else ""
        grounds = f" Grounds: {_line(record.basis)}" if record.basis else ""
        yield f"- {question}{whose} **{_line(said)}** — {record.confidence.value}, {_line(record.source) or 'no source'}, " + (
            f"{source.name(record.by)}, {source.at(record.recorded_at)}.{grounds}"
        )


def _records(source: Source) -> tuple[FactRecord, ...]:
    rows = source.rows(FactRow, FactRow.recorded_at)
    return tuple(value_of(FactRecord, row) for row in rows if row.incident_id == source.incident.id)


def _timeline(source: Source) -> Iterator[str]:
    yield from ("", "## Timeline", "")
    typed = tuple(value_of(TimelineEntry, each) for each in source.rows(TimelineRow, TimelineRow.occurred_at))
    for each in entries_for(typed, source.profile, {key: row.name for key, row in source.people.items()}):
        mark = " [privileged]" if each.privileged else ""
        yield f"- {source.at(each.occurred_at)} · {source.name(each.by)}{mark}: {_line(each.text)}"


def _steps(source: Source) -> Iterator[str]:
    yield from ("", "## Steps", "")
    for row in source.rows(StepRow, StepRow.at):
        words = [row.note, row.decision, f"Dissent: {row.dissent}" if row.dissent else ""]
        said = " ".join(_line(each) for each in words if each)
        yield f"- {source.at(row.at)} · {row.step} {row.state.replace('_', ' ')} · {source.name(row.by)}. {said}".rstrip()


def _notices(source: Source) -> Iterator[str]:
    yield from ("", "## Notices", "")
    versions = source.rows(NoticeVersionRow, NoticeVersionRow.number)
    frozen = {key: list(held) for key, held in groupby(sorted(versions, key=_notice_of), key=_notice_of)}
    for row in source.rows(NoticeRow, NoticeRow.created_at):
        yield f"### {row.template} → {_line(row.recipient_name) or 'recipient not named'} ({', '.join(row.obligations)})"
        yield ""
        for key, value in sorted((row.fields or {}).items()):
            yield f"- {key}: {_line(str(value))}"
        for each in frozen.get(row.id, ()):
            yield f"- version {each.number}, {each.kind.value}, frozen {source.at(each.made_at)}, {each.content_hash}"
        yield ""


def _notice_of(version: NoticeVersionRow) -> UUID:
    return version.notice_id


def _filings(source: Source) -> Iterator[str]:
    yield from ("", "## Filings", "")
    for row in source.rows(FilingRow, FilingRow.filed_at):
        late = f", late by {row.late_by // 60} min: {_line(row.late_reason)}" if row.late_by else ""
        if source.profile in (Profile.CUSTOMER, Profile.PUBLIC):
            late = ""
        reference = f", reference {_line(row.reference)}" if row.reference else ""
        recipient = _line(row.recipient) or "the recipient"
        yield f"- {source.at(row.filed_at)} · {row.obligation} to {recipient} by {row.channel}{reference}{late}"


def _evidence(source: Source) -> Iterator[str]:
    yield from ("", "## Evidence (what is kept; the bytes are not in this export)", "")
    for row in source.rows(EvidenceRow, EvidenceRow.number):
        if not may_leave(source.profile, privileged=row.circle is Circle.COUNSEL):
            continue
        mark = " [privileged]" if row.circle is Circle.COUNSEL else ""
        yield f"- {row.number}.{mark} {_line(row.name)}, {row.size:,} bytes, SHA-256 {row.sha256}, {source.at(row.acquired_at)}"


def _clocks(source: Source, ours: Organisation) -> Iterator[str]:
    """The clocks; a law that cannot be reckoned says so and takes nothing else away."""
    yield from ("", "## Clocks", "", "| duty | state | due |", _TABLE)
    try:
        arranged = docket(_reckoned(source, ours))
    except IncidentError as error:
        yield f"| The clocks cannot be reckoned: {error} | | |"
        return
    for clock in (*arranged.pending, *arranged.filed):
        duty, whose = clock.obligation, f" (for {clock.on_behalf_of})" if clock.on_behalf_of else ""
        yield f"| {duty.title}{whose}, {duty.citation} | {duty.state.value} | {source.at(duty.due_at)} |"
    yield ""
    for fold in arranged.folds:
        yield f"- {fold.question} {len(fold.clocks)} duties wait for the answer: " + (
            ", ".join(clock.obligation.id for clock in fold.clocks)
        )


def _reckoned(source: Source, ours: Organisation) -> list[Clock]:
    law, records = load_law(), _records(source)
    standing, filings = current(records), source.rows(FilingRow, FilingRow.filed_at)
    found: list[Clock] = []
    for principal in principals(records):
        values = known_values(standing, on_behalf_of=principal, of_organisation=ours.facts())
        facts = law.facts(_document(values, filings, principal), source=principal or "this incident")
        answer = law.assess(facts, now=source.now)
        found.extend(Clock(principal, each) for each in answer.obligations)
    return found


def _document(values: dict[str, object], filings: Sequence[FilingRow], principal: str) -> dict[str, object]:
    document = as_document(values)
    own = [each for each in filings if each.on_behalf_of == principal]
    filed = [{"obligation": each.obligation, "at": each.filed_at.isoformat(), "to": each.recipient} for each in own]
    return {**document, "filed": filed} if filed else document


def _line(text: str) -> str:
    """A text on one line, as a terminal may print it."""
    return shown(" ".join(text.split()))
