"""The fields of a notice as they stand: what legal wrote, else what the facts say, in the form's own answers."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from sqlmodel import Session, col, select

from incident.domain.fact_record import current
from incident.domain.form import fact_names, taken
from incident.domain.incident import Incident
from incident.domain.notice import FieldValue, NoticeTemplate
from incident.domain.passage import for_reader, has_mark, profile_of
from incident.domain.profile import Profile
from incident.errors import RefusedError
from incident.store.tables import NoticeRow
from incident.usecases.catalogue import catalogue
from incident.usecases.desk import Desk, names
from incident.usecases.facts import fact_records
from incident.usecases.notice_sources import said_by, sourced


def field_values(
    desk: Desk, row: NoticeRow, template: NoticeTemplate, incident: Incident, found: Mapping[str, object]
) -> dict[str, FieldValue]:
    """Every field by its key, with its value, its source and who said so."""
    people = names(desk)
    speakers = said_by(current(fact_records(desk, incident)), people, row.on_behalf_of)
    edited = dict(row.fields)
    editors = ", ".join(sorted(people.get(UUID(each), "") for each in row.edited_by))
    reader = profile_of(template)
    values: dict[str, FieldValue] = {}
    for field in template.fields:
        if field.key in edited:
            values[field.key] = _for_its_reader(FieldValue(edited[field.key], said_by=editors, edited=True), reader)
        else:
            value = taken(field, sourced(field.source, found))
            said = FieldValue(value, source=field.source, said_by=speakers.get(field.source, ""))
            values[field.key] = _for_its_reader(said, reader)
    return values


def _for_its_reader(said: FieldValue, reader: Profile) -> FieldValue:
    """Without the passages that are marked for others; the whole text stays beside it for whoever edits it."""
    if not isinstance(said.value, str) or not has_mark(said.value):
        return said
    return replace(said, value=for_reader(said.value, reader).text, whole=said.value)


def named_facts(template: NoticeTemplate, found: Mapping[str, object]) -> dict[str, object]:
    """The sources that the template's conditions name."""
    return {name: sourced(name, found) for name in sorted(fact_names(template))}


def require_one_authority(template: NoticeTemplate, owed: Sequence[str]) -> tuple[str, ...]:
    """For a sheet that serves many authorities, the one that is owed; refused while several are, because each is told apart."""
    if len(owed) > 1:
        raise RefusedError(
            f"«{template.title}» goes to one authority at a time, and {len(owed)} are owed.",
            f"Name one with --obligation: {', '.join(owed[:6])}{' …' if len(owed) > 6 else ''}.",
        )
    return tuple(owed)


def carried_words(
    session: Session, incident_id: UUID, template: NoticeTemplate, on_behalf_of: str
) -> tuple[dict[str, object], list[str]]:
    """The own words of the newest notice that this template continues, and who wrote them; nothing where there is none."""
    for slug in template.continues:
        query = select(NoticeRow).where(NoticeRow.incident_id == incident_id, NoticeRow.template == slug)
        query = query.where(NoticeRow.on_behalf_of == on_behalf_of).order_by(col(NoticeRow.created_at).desc())
        row, before = session.exec(query).first(), catalogue().templates.get(slug)
        if row is not None and before is not None:
            types = {each.key: each.type for each in before.fields}
            same = {
                each.key
                for each in template.fields
                if types.get(each.key) is each.type and not each.source.startswith("notice.")
            }
            return {key: value for key, value in dict(row.fields).items() if key in same}, list(row.edited_by)
    return {}, []
