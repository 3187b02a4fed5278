"""The check of a notice in full: each element with the facts it rests on and who said them, lengths, readability, marks."""

from dataclasses import dataclass, replace

from incident.content.plain_language import phrases_to_avoid
from incident.domain.completeness import ElementState, completeness
from incident.domain.form import length_of
from incident.domain.notice import FieldType, FieldValue, NoticeField
from incident.domain.notice_diff import value_text
from incident.domain.passage import for_reader, profile_of, unclear_mark
from incident.domain.profile import Profile
from incident.domain.readability import Readability, readability
from incident.usecases.marked_passages import unclear_marks
from incident.usecases.notice_reminders import Reminder, told_against_law
from incident.usecases.notices import Draft

_SAYS = 70


@dataclass(frozen=True, slots=True)
class ElementSource:
    """A field that an element rests on: what it says, where that came from and who said it."""

    field: str
    label: str
    says: str
    """The beginning of what it says; empty while it says nothing."""
    source: str
    """The fact or other source by its key; `edited` for words of the notice's own."""
    said_by: str


@dataclass(frozen=True, slots=True)
class ElementLine:
    """A content element of the law and where it stands."""

    state: ElementState
    text: str
    citation: str
    sources: tuple[ElementSource, ...]


@dataclass(frozen=True, slots=True)
class LengthLine:
    """How much of the recipient's limit an answer takes, in the recipient's own count."""

    field: str
    label: str
    used: int
    limit: int
    unit: str

    @property
    def is_over(self) -> bool:
        """Whether the recipient's form would not take it."""
        return self.used > self.limit


@dataclass(frozen=True, slots=True)
class ReadabilityLine:
    """How an answer reads."""

    field: str
    label: str
    verdict: Readability


@dataclass(frozen=True, slots=True)
class NoticeCheck:
    """Everything that stands for or against a notice."""

    title: str
    reader: Profile
    elements: tuple[ElementLine, ...]
    blank: tuple[str, ...]
    wanted: tuple[str, ...]
    lengths: tuple[LengthLine, ...]
    readable: tuple[ReadabilityLine, ...]
    kept_back: tuple[tuple[str, int], ...]
    """Labels of answers with marked passages that this recipient does not get, and how many."""
    unclear: tuple[tuple[str, str], ...]
    """Labels of answers with a mark that is not understood, and the mark: nothing goes out with one."""
    told_against_law: tuple[Reminder, ...]
    """Answers that seem to tell what the reader's State wants left out."""
    may_be_complete: bool
    may_be_initial: bool
    to_follow: tuple[str, ...]

    @property
    def hard(self) -> tuple[ReadabilityLine, ...]:
        """The answers that an ordinary reader would not follow, in a notice to people."""
        return tuple(each for each in self.readable if not each.verdict.passes) if self.is_for_people else ()

    @property
    def is_for_people(self) -> bool:
        """Whether ordinary people read it: then hard text stops a version until somebody means it."""
        return self.reader in (Profile.CUSTOMER, Profile.PUBLIC)


def notice_check(drafted: Draft) -> NoticeCheck:
    """The check of a draft as it stands."""
    template, check = drafted.template, drafted.completeness
    asked = [each for each in template.fields if each.key in check.asked]
    reader = profile_of(template)
    elements = tuple(
        ElementLine(each.state, each.element.text, each.element.citation, tuple(_source(drafted, key) for key in each.fields))
        for each in check.elements
    )
    held = drafted.notice.fields
    unclear = unclear_marks(template, held)
    return NoticeCheck(
        title=template.title,
        reader=reader,
        elements=elements,
        blank=check.blank_fields,
        wanted=check.wanted,
        lengths=tuple(length_line(each, held[each.key]) for each in asked if each.max_length is not None),
        readable=tuple(
            ReadabilityLine(each.key, each.label, prose_verdict(drafted, str(held[each.key].value)))
            for each in asked
            if each.type is FieldType.PROSE and not held[each.key].is_empty
        ),
        kept_back=tuple(
            (each.label, for_reader(held[each.key].whole, reader).kept_back) for each in asked if held[each.key].whole
        ),
        unclear=unclear,
        told_against_law=told_against_law(drafted),
        may_be_complete=check.may_be_complete and not unclear,
        may_be_initial=check.may_be_initial and not unclear,
        to_follow=drafted.to_follow,
    )


def _source(drafted: Draft, key: str) -> ElementSource:
    field, value = drafted.template.field_named(key), drafted.notice.fields[key]
    text = " ".join(value_text(value.value).split())
    return ElementSource(
        field=key,
        label=field.label if field is not None else key,
        says=text if len(text) <= _SAYS else text[: _SAYS - 1] + "…",
        source="edited" if value.edited else value.source,
        said_by=value.said_by if not value.is_empty else "",
    )


def length_line(field: NoticeField, value: FieldValue) -> LengthLine:
    """How long an answer is in the recipient's count; its limit must be known."""
    text = value.value if isinstance(value.value, str) else ""
    return LengthLine(field.key, field.label, length_of(text, field.counts), field.max_length or 0, field.counts.value)


def prose_verdict(drafted: Draft, text: str) -> Readability:
    """How a text reads in the notice's language."""
    return readability(text, drafted.notice.language, phrases_to_avoid(drafted.notice.language))


@dataclass(frozen=True, slots=True)
class LiveCheck:
    """What a text that is being written would mean for the notice if it were recorded now."""

    characters: int
    words: int
    length: LengthLine | None
    """Only where the recipient's form has a limit."""
    verdict: Readability
    elements: tuple[ElementLine, ...]
    """The content elements that the field covers, as they would stand."""
    kept_back: int
    """Marked passages that the recipient would not get."""
    unclear: str
    """A mark that is not understood."""


def live_check(drafted: Draft, key: str, text: str) -> LiveCheck:
    """The check of one field while it is written."""
    template = drafted.template
    field = template.field_named(key)
    filtered = for_reader(text, profile_of(template))
    value = FieldValue(filtered.text, edited=True)
    fields = {**drafted.notice.fields, key: value}
    check = completeness(template, fields, [each.element for each in drafted.completeness.elements], facts=drafted.facts)
    would = replace(drafted, completeness=check, notice=replace(drafted.notice, fields=fields))
    return LiveCheck(
        characters=len(filtered.text),
        words=len(filtered.text.split()),
        length=length_line(field, value) if field is not None and field.max_length is not None else None,
        verdict=prose_verdict(drafted, filtered.text),
        elements=tuple(
            ElementLine(each.state, each.element.text, each.element.citation, tuple(_source(would, one) for one in each.fields))
            for each in check.elements
            if key in each.fields
        ),
        kept_back=filtered.kept_back,
        unclear=unclear_mark(text),
    )
