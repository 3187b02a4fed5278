"""What a person should look at before a notice goes: words that a State's law wants left out, and a language that may not fit.

Both are signs and reminders. That none was found does not say that all is well.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlmodel import select

from incident.content.language_names import language_name
from incident.documents.render import frame_words
from incident.domain.likely_language import likely_language
from incident.domain.notice import FieldType, NoticeField
from incident.domain.telling import nature_told, number_told
from incident.store.tables import NoticeRow
from incident.usecases.catalogue import catalogue
from incident.usecases.desk import Desk
from incident.usecases.notices import Draft

_STATE = "state"
_NATURE = frozenset({"description", "dates", "measures"})
_FEWEST_WORDS = 3


@dataclass(frozen=True, slots=True)
class Reminder:
    """A field and what somebody should look at in it."""

    field: str
    label: str
    text: str


def told_against_law(drafted: Draft) -> tuple[Reminder, ...]:
    """Free text of a letter to residents of a State that seems to tell what this State's law wants left out."""
    state = drafted.notice.fields.get(_STATE)
    if state is None or not isinstance(state.value, str):
        return ()
    words = frame_words(drafted.template, drafted.notice.language)
    omits = frozenset(words.phrases.get(f"{state.value} omits", "").split())
    field = drafted.template.field_named(_STATE)
    place = dict(field.choices).get(state.value, state.value) if field is not None else state.value
    found = []
    for each, text in _free_texts(drafted):
        signs = (
            ("number of residents", "number" in omits, number_told),
            ("nature of the breach", omits & _NATURE, nature_told),
        )
        for what, is_omitted, told in signs:
            if is_omitted and (sign := told(text)):
                said = f"{place}: the letter must not tell the {what}, and «{sign}» may tell it. Read it again."
                found.append(Reminder(each.key, each.label, said))
    return tuple(found)


def foreign_words(desk: Desk, drafted: Draft) -> tuple[Reminder, ...]:
    """Free text of a notice that seems to be in another language than the notice, or is the same in another's notice."""
    language = drafted.notice.language.split("-")[0]
    kin = _kin(desk, drafted)
    found = []
    for each, text in _free_texts(drafted):
        guess = likely_language(text)
        if guess == language or len(text.split()) < _FEWEST_WORDS:
            continue
        here, same = language_name(language), _same_in(kin, each, text, edited=drafted.notice.fields[each.key].edited)
        if same:
            said = f"this text is the same as in the {language_name(same)} notice: read it in {here} before it goes."
        elif guess:
            said = f"this text looks like {language_name(guess)}, and the notice is in {here}: read it before it goes."
        else:
            continue
        found.append(Reminder(each.key, each.label, said))
    return tuple(found)


def _free_texts(drafted: Draft) -> Iterator[tuple[NoticeField, str]]:
    for each in drafted.template.fields:
        value = drafted.notice.fields[each.key].value
        if each.type is FieldType.PROSE and each.key in drafted.completeness.asked and isinstance(value, str) and value.strip():
            yield each, value


def _kin(desk: Desk, drafted: Draft) -> tuple[NoticeRow, ...]:
    """The incident's notices in other languages, the same principal's."""
    notice = drafted.notice
    query = select(NoticeRow).where(NoticeRow.incident_id == notice.incident_id, NoticeRow.language != notice.language)
    query = query.where(NoticeRow.on_behalf_of == notice.on_behalf_of)
    with desk.workspace.reading() as session:
        rows = tuple(session.exec(query).all())
        for each in rows:
            session.expunge(each)
    return rows


def _same_in(kin: tuple[NoticeRow, ...], field: NoticeField, text: str, *, edited: bool) -> str:
    """The language of a notice that says the very same in this field, or that takes it from the same fact."""
    known = catalogue().templates
    for row in kin:
        own = dict(row.fields)
        template = known.get(row.template)
        theirs = template.field_named(field.key) if template is not None else None
        follows = not edited and theirs is not None and bool(field.source) and theirs.source == field.source
        if own.get(field.key) == text or (follows and field.key not in own):
            return str(row.language)
    return ""
