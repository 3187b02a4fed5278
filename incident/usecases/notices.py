"""Draft a notice from the facts, edit its words, see what is missing, freeze a version.

A field that nobody edited follows the facts; an edited one keeps what legal wrote. What is frozen in a version
never changes: the next edit makes the next version.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from incident.content.authorities import read_authorities
from incident.domain.completeness import Completeness, ElementState, completeness
from incident.domain.duty_clock import OWED, PrincipalClocks
from incident.domain.fact_record import current
from incident.domain.incident import Incident
from incident.domain.notice import (
    FieldType,
    Notice,
    NoticeField,
    NoticeTemplate,
    RequiredElement,
)
from incident.domain.obligation import Obligation
from incident.errors import ContentError, RefusedError, refuse_lost
from incident.store.tables import NoticeRow
from incident.usecases.catalogue import catalogue
from incident.usecases.clocks import clocks_in
from incident.usecases.desk import Desk, organisation
from incident.usecases.facts import fact_records
from incident.usecases.filed import filings
from incident.usecases.incidents import incident_of, require_open
from incident.usecases.notice_fields import carried_words, field_values, named_facts, require_one_authority
from incident.usecases.notice_sources import filing_sources, sources
from incident.usecases.unsaved_text import clear_unsaved


@dataclass(frozen=True, slots=True)
class Draft:
    """A notice as it stands now: every field with its value and source, and the check against the law."""

    notice: Notice
    template: NoticeTemplate
    completeness: Completeness
    obligations: tuple[Obligation, ...]
    edited_by: frozenset[UUID]
    to_follow: tuple[str, ...]
    """What is not there yet, in the document's own language."""
    facts: Mapping[str, object] = dataclass_field(default_factory=dict)
    """The facts that the conditions of the form name."""
    zone: str = "UTC"
    """The zone of the one whose notice it is: ours, or the principal's where that is recorded."""


@dataclass(frozen=True, slots=True)
class NewNotice:
    """What is asked to begin a notice; obligations left out are those its template discharges and that are owed."""

    template: str
    language: str = ""
    """Empty: the language in which the authority's form is written, as far as there is one, else English."""
    recipient_name: str = ""
    recipient_address: str = ""
    on_behalf_of: str = ""
    obligations: tuple[str, ...] = ()


def begin(desk: Desk, incident: Incident, new: NewNotice, *, now: datetime) -> Draft:
    """Begin a notice for an incident; the words of the notice that it continues are taken on, with their authors."""
    require_open(incident)
    template = catalogue().template(new.template)
    if new.language:
        require_language(template, new.language)
    with desk.workspace.change("notice.begin", now=now, incident_id=incident.id, detail={"template": new.template}) as session:
        owed = new.obligations or _owed(clocks_in(session, incident.id, now=now), template, new.on_behalf_of)
        words, authors = carried_words(session, incident.id, template, new.on_behalf_of)
        row = NoticeRow(
            incident_id=incident.id,
            template=new.template,
            obligations=list(owed),
            language=new.language or first_language(template, owed),
            recipient_name=new.recipient_name,
            recipient_address=new.recipient_address,
            on_behalf_of=new.on_behalf_of,
            fields=words,
            edited_by=authors,
        )
        session.add(row)
        session.flush()
        notice_id = row.id
    return draft(desk, notice_id, now=now)


def require_language(template: NoticeTemplate, language: str) -> None:
    """Raise RefusedError unless the template is there in this language."""
    if language not in template.languages:
        raise RefusedError(
            f"«{template.title}» is not there in «{language}».",
            f"There is: {', '.join(template.languages)}. Another language needs its own template file.",
        )


def first_language(template: NoticeTemplate, obligations: Sequence[str]) -> str:
    """The language to begin in: of the form of the authority that is told, else English, else what there is."""
    for each in obligations:
        for authority in read_authorities().for_obligation(each):
            spoken = [language for language in authority.languages if language in template.languages]
            if spoken:
                return spoken[0]
    return "en" if "en" in template.languages else template.languages[0]


def _owed(answers: Sequence[PrincipalClocks], template: NoticeTemplate, on_behalf_of: str) -> tuple[str, ...]:
    owed = [
        each.id
        for answer in answers
        if answer.on_behalf_of == on_behalf_of
        for each in answer.assessment.obligations
        if template.meets(each.id) and each.state in OWED
    ]
    if template.is_for_one_authority:
        return require_one_authority(template, owed)
    return tuple(each for each in owed if each.split("@")[0] not in template.apart)


def edit_field(
    desk: Desk, notice_id: UUID, key: str, value: object, *, now: datetime, seen: tuple[object] | None = None
) -> Draft:
    """Write a field in the notice's own words; None lets it follow the facts again.

    `seen` holds the own words (or None) that the writer had before them: newer ones of somebody else are not overwritten.
    """
    row = _row(desk, notice_id)
    template = catalogue().template(row.template)
    field = template.field_named(key)
    if field is None:
        known = ", ".join(each.key for each in template.fields)
        raise ContentError(f"«{template.title}» has no field «{key}».", f"Its fields are: {known}.")
    _check_value(field, value)
    require_open(incident_of(desk, row.incident_id))
    detail = {"notice": str(notice_id), "field": key}
    with desk.workspace.change("notice.edit", now=now, incident_id=row.incident_id, detail=detail) as session:
        fresh = session.get_one(NoticeRow, notice_id)
        if seen is not None:
            refuse_lost(field.label, seen=seen[0], standing=fresh.fields.get(key), wanted=value)
        edited = {name: kept for name, kept in dict(fresh.fields).items() if name != key}
        fresh.fields = edited if value is None else {**edited, key: value}
        fresh.edited_by = sorted({*fresh.edited_by, str(desk.me.id)})
        session.add(fresh)
        clear_unsaved(session, desk.me.id, notice_id, key)
    return draft(desk, notice_id, now=now)


_SHAPES: Mapping[FieldType, tuple[type, ...]] = {
    FieldType.LINE: (str,),
    FieldType.PROSE: (str,),
    FieldType.NUMBER: (int,),
    FieldType.MOMENT: (str,),
    FieldType.CHOICE: (str,),
    FieldType.CHOICES: (list,),
    FieldType.PEOPLE: (list,),
    FieldType.FLAG: (bool,),
}


def _check_value(field: NoticeField, value: object) -> None:
    if value is None:
        return
    if not isinstance(value, _SHAPES[field.type]) or (isinstance(value, bool) and field.type is not FieldType.FLAG):
        raise ContentError(f"{field.label}: this is not a {field.type.value}.", "Write it as the field asks.")
    tokens = [token for token, _ in field.choices]
    said = value if isinstance(value, list) else [value]
    unknown = [each for each in said if tokens and each not in tokens]
    if field.type in (FieldType.CHOICE, FieldType.CHOICES) and unknown:
        raise ContentError(f"{field.label}: «{unknown[0]}» is not one of its answers.", f"Choose: {', '.join(tokens)}.")


def set_recipient(desk: Desk, notice_id: UUID, *, name: str, address: str, now: datetime) -> Draft:
    """Say to whom the notice goes."""
    row = _row(desk, notice_id)
    with desk.workspace.change(
        "notice.recipient", now=now, incident_id=row.incident_id, detail={"notice": str(notice_id)}
    ) as session:
        fresh = session.get_one(NoticeRow, notice_id)
        fresh.recipient_name, fresh.recipient_address = name, address
        fresh.edited_by = sorted({*fresh.edited_by, str(desk.me.id)})
        session.add(fresh)
    return draft(desk, notice_id, now=now)


def notices(desk: Desk, incident: Incident, *, now: datetime) -> tuple[Draft, ...]:
    """Every notice of the incident, in the order they were begun."""
    query = select(NoticeRow.id).where(NoticeRow.incident_id == incident.id).order_by(col(NoticeRow.created_at))
    with desk.workspace.reading() as session:
        ids = tuple(session.exec(query).all())
        answers = clocks_in(session, incident.id, now=now)
    return tuple(_draft(desk, _row(desk, each), incident, answers) for each in ids)


def draft(desk: Desk, notice_id: UUID, *, now: datetime) -> Draft:
    """One notice as it stands now."""
    row = _row(desk, notice_id)
    with desk.workspace.reading() as session:
        answers = clocks_in(session, row.incident_id, now=now)
    return _draft(desk, row, incident_of(desk, row.incident_id), answers)


def _row(desk: Desk, notice_id: UUID) -> NoticeRow:
    with desk.workspace.reading() as session:
        row = session.get(NoticeRow, notice_id)
        if row is None:
            raise RefusedError(f"There is no notice {notice_id}.", "`incident notice list` shows the notices.")
        session.expunge(row)
        return row


def _draft(desk: Desk, row: NoticeRow, incident: Incident, answers: Sequence[PrincipalClocks]) -> Draft:
    template = catalogue().template(row.template)
    owed = tuple(
        each
        for answer in answers
        if answer.on_behalf_of == row.on_behalf_of
        for each in answer.assessment.obligations
        if each.id in row.obligations
    )
    found = _sources(desk, row, incident, owed)
    values = field_values(desk, row, template, incident, found)
    facts = named_facts(template, found)
    check = completeness(template, values, _elements(owed, template), facts=facts)
    notice = Notice(
        id=row.id,
        incident_id=row.incident_id,
        template=row.template,
        obligations=tuple(row.obligations),
        language=row.language,
        recipient_name=row.recipient_name,
        recipient_address=row.recipient_address,
        on_behalf_of=row.on_behalf_of,
        fields=values,
    )
    editors = frozenset(UUID(each) for each in row.edited_by)
    follow = _to_follow(template, row.language, check)
    return Draft(notice, template, check, owed, editors, follow, facts, str(found.get("organisation.timezone") or "UTC"))


def _to_follow(template: NoticeTemplate, language: str, check: Completeness) -> tuple[str, ...]:
    """What is missing by the labels of the fields that would say it, in the document's language."""
    lacking = [each for each in check.elements if each.state is not ElementState.HAVE]
    keys = {key for each in lacking for key in each.blank}
    unsaid = [] if language != "en" else [each.element.text for each in lacking if not each.blank]
    blank = set(check.blank_fields)
    named = [each.label_in(language) for each in template.fields if each.key in keys or each.label in blank]
    return (*named, *unsaid)


def _sources(desk: Desk, row: NoticeRow, incident: Incident, owed: Sequence[Obligation]) -> dict[str, object]:
    profile = organisation(desk)
    standing = current(fact_records(desk, incident))
    found = sources(profile, incident, owed, standing, row.on_behalf_of)
    return found | filing_sources(filings(desk, incident), profile.timezone, notice_titles(desk, incident))


def notice_titles(desk: Desk, incident: Incident) -> dict[UUID, str]:
    """The title of every notice of the incident; its template's name where that is gone."""
    known = catalogue().templates
    query = select(NoticeRow.id, NoticeRow.template).where(NoticeRow.incident_id == incident.id)
    with desk.workspace.reading() as session:
        return {each: known[slug].title if slug in known else slug for each, slug in session.exec(query).all()}


def _elements(owed: Sequence[Obligation], template: NoticeTemplate) -> tuple[RequiredElement, ...]:
    """The content elements of the obligations this notice discharges, each once, in the regime's order.

    Without an obligation (a duty that is delegated, or not owed) the law as loaded still says what it wants.
    """
    found: dict[str, RequiredElement] = {}
    for each in owed:
        for element in each.content:
            found.setdefault(element.id, RequiredElement(element.id, element.text, element.citation, element.may_follow))
    if not owed and not template.is_for_one_authority:
        for wanted in catalogue().law.elements_of(template.duties):
            found.setdefault(wanted.id, wanted)
    return tuple(found.values())
