"""Whether a draft says what the law and its form ask: computed from fields and elements, never stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from incident.domain.form import asked_fields, is_unsettled, length_of
from incident.domain.notice import FieldValue, NoticeField, NoticeKind, NoticeTemplate, RequiredElement


class ElementState(StrEnum):
    """Where one legally required element stands."""

    HAVE = "have"
    MISSING = "missing"
    MAY_FOLLOW = "may_follow"


@dataclass(frozen=True, slots=True)
class ElementCheck:
    """One line of the completeness check: the element, its state, the fields and facts it rests on."""

    element: RequiredElement
    state: ElementState
    fields: tuple[str, ...]
    blank: tuple[str, ...]
    """Of these fields, the ones that say nothing yet."""
    said_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Completeness:
    """Whether this draft may go out as initial or as complete, and what stands in the way."""

    elements: tuple[ElementCheck, ...]
    blank_fields: tuple[str, ...]
    """Labels of the form's own required fields that are empty."""
    too_long: tuple[str, ...]
    asked: frozenset[str] = frozenset()
    """The keys of the fields that a complete notice asks for these answers."""
    wanted: tuple[str, ...] = ()
    """Labels of fields that the form marks as mandatory and that say nothing yet, though the law can do without."""

    @property
    def may_be_complete(self) -> bool:
        """Every element is there, every required field is filled and nothing exceeds the portal's limit."""
        return all(each.state is ElementState.HAVE for each in self.elements) and not self.blank_fields and not self.too_long

    @property
    def may_be_initial(self) -> bool:
        """Nothing is missing that the law wants at once."""
        return not self.wanted_at_once

    @property
    def wanted_at_once(self) -> tuple[str, ...]:
        """What even an initial notice cannot leave for later: in words; what may follow is not among it."""
        lacking = [each.element.text for each in self.elements if each.state is ElementState.MISSING]
        return (*lacking, *(f"{label} is too long" for label in self.too_long))

    @property
    def missing(self) -> tuple[str, ...]:
        """What is not there yet, in words: elements first, then the form's own blanks and overlong fields."""
        lacking = [each.element.text for each in self.elements if each.state is not ElementState.HAVE]
        return (*lacking, *self.blank_fields, *(f"{label} is too long" for label in self.too_long))


def completeness(
    template: NoticeTemplate,
    values: Mapping[str, FieldValue],
    elements: Sequence[RequiredElement],
    *,
    facts: Mapping[str, object] | None = None,
) -> Completeness:
    """Check a draft against the elements of the duties it discharges and the form's own required fields.

    `facts` are the sources that the form's conditions name. Fields that the form does not ask are neither blank nor too long.
    """
    answers = {key: each.value for key, each in values.items()}
    asked = asked_fields(template.fields, answers, facts or {}, NoticeKind.COMPLETE)
    shown = [each for each in template.fields if each.key in asked]
    blank = [each for each in shown if (each.required or each.wanted) and _blank(each, values) and not _is_by_kind(each)]
    return Completeness(
        elements=tuple(_check(template, values, element, asked) for element in elements),
        blank_fields=tuple(each.label for each in blank if each.required),
        too_long=tuple(each.label for each in shown if _over(each, values)),
        asked=asked,
        wanted=tuple(each.label for each in blank if not each.required),
    )


def _check(
    template: NoticeTemplate, values: Mapping[str, FieldValue], element: RequiredElement, asked: frozenset[str]
) -> ElementCheck:
    every = [each for each in template.fields if element.id in each.covers]
    covering = [each for each in every if each.key in asked] or every
    filled = [each for each in covering if not _blank(each, values)]
    if covering and len(filled) == len(covering):
        state = ElementState.HAVE
    elif element.may_follow:
        state = ElementState.MAY_FOLLOW
    else:
        state = ElementState.MISSING
    said_by = {values[each.key].said_by for each in filled if values[each.key].said_by}
    return ElementCheck(
        element=element,
        state=state,
        fields=tuple(each.key for each in covering),
        blank=tuple(each.key for each in covering if each not in filled),
        said_by=tuple(sorted(said_by)),
    )


def _blank(field: NoticeField, values: Mapping[str, FieldValue]) -> bool:
    value = values.get(field.key)
    return value is None or value.is_empty or is_unsettled(field, value.value)


def _is_by_kind(field: NoticeField) -> bool:
    """Answered by the kind of version itself."""
    return field.source.startswith("notice.")


def _over(field: NoticeField, values: Mapping[str, FieldValue]) -> bool:
    value = values.get(field.key)
    text = value.value if value is not None and isinstance(value.value, str) else ""
    return field.max_length is not None and length_of(text, field.counts) > field.max_length
