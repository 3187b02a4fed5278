"""The timeline as the review tells it: whole sentences, titles instead of names of steps and duties, the reader's zone."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from sqlmodel import select

from incident.content.folders import shipped_folder
from incident.documents.markdown import plain_lines
from incident.documents.words import words_of
from incident.domain.answer import value_text
from incident.domain.fact_record import FactRecord
from incident.domain.incident import Incident
from incident.domain.notice import Filing
from incident.domain.playbook import Playbook
from incident.domain.step import StepRecord
from incident.domain.timeline import TimelineEntry
from incident.domain.vocabulary import FactKind, FactType
from incident.store.tables import StepRow
from incident.store.values import value_of
from incident.usecases.catalogue import catalogue
from incident.usecases.desk import Desk, names
from incident.usecases.facts import fact_records
from incident.usecases.filed import filings
from incident.usecases.guide import playbook_of
from incident.usecases.notice_sources import duty_title
from incident.usecases.notices import notice_titles


def told(desk: Desk, incident: Incident, entries: tuple[TimelineEntry, ...], *, zone: str) -> tuple[TimelineEntry, ...]:
    """The same entries in words for a reader in `zone`; lines that somebody typed stay as they were typed."""
    playbook, titles, people = playbook_of(desk, incident), notice_titles(desk, incident), names(desk)
    with desk.workspace.reading() as session:
        steps = session.exec(select(StepRow).where(StepRow.incident_id == incident.id)).all()
        words = {each.id: _step(value_of(StepRecord, each), playbook, people) for each in steps}
    words |= {each.id: _fact(each, zone) for each in fact_records(desk, incident)}
    words |= {each.id: _sent(each, titles) for each in filings(desk, incident)}
    return tuple(replace(each, text=words.get(each.id, each.text)) for each in entries)


def _step(record: StepRecord, playbook: Playbook, people: Mapping[UUID, str]) -> str:
    step = playbook.step(record.step)
    decided = f"{record.decision} (the default: nobody decided in time)" if record.defaulted else record.decision
    dissent = f"dissent: {record.dissent}" if record.dissent else ""
    said = "; ".join(each for each in (decided, record.note, dissent) if each)
    name = step.title if step is not None else record.step.replace("-", " ")
    whom = f" to {people.get(record.to, '?')}" if record.to is not None else ""
    return f"Step {record.state.value.replace('_', ' ')}{whom}: {name.rstrip('.')}{f' – {said}' if said else ''}"


def _fact(record: FactRecord, zone: str) -> str:
    kind = catalogue().law.vocabulary.kind(record.key)
    said = "not known yet" if record.unknown else _value(kind, record.value, zone)
    whose = f" (for {record.on_behalf_of})" if record.on_behalf_of else ""
    return f"Fact{whose}: {kind.question} {said}"


def _value(kind: FactKind, value: object, zone: str) -> str:
    """A fact's value: places by name, the lines of a list one after the other."""
    if kind.type is FactType.PEOPLE and isinstance(value, list):
        words = words_of((shipped_folder("notice_templates"),), "en")
        named = [{**each, "in": words.place(str(each["in"]))} for each in value]
        return value_text(kind, named, zone=zone)
    return " ".join(plain_lines(value_text(kind, value, zone=zone)))


def _sent(filing: Filing, titles: Mapping[UUID, str]) -> str:
    name = (titles.get(filing.notice_id, "") if filing.notice_id else "") or duty_title(filing.obligation)
    whose = f", for {filing.on_behalf_of}" if filing.on_behalf_of else ""
    recipient = f" To {filing.recipient}," if filing.recipient else ""
    reference = f", reference {filing.reference}" if filing.reference else ""
    late = f". Late: {filing.late_reason}" if filing.late_reason else ""
    return f"Sent: {name}{whose}.{recipient} by {filing.channel}{reference}{late}"
