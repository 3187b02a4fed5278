"""Whether a draft says what the law and its form ask: computed from fields and elements, never stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from incident.domain.notice import FieldValue, NoticeTemplate, RequiredElement


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
    template: NoticeTemplate, values: Mapping[str, FieldValue], elements: Sequence[RequiredElement]
) -> Completeness:
    """Check a draft against the elements of the duties it discharges and the form's own required fields."""
    return Completeness(
        elements=tuple(_check(template, values, element) for element in elements),
        blank_fields=tuple(each.label for each in template.fields if each.required and _blank(values.get(each.key))),
        too_long=tuple(
            each.label
            for each in template.fields
            if each.max_length is not None and _length(values.get(each.key)) > each.max_length
        ),
    )


def _check(template: NoticeTemplate, values: Mapping[str, FieldValue], element: RequiredElement) -> ElementCheck:
    covering = [each for each in template.fields if element.id in each.covers]
    filled = [each for each in covering if not _blank(values.get(each.key))]
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


def _blank(value: FieldValue | None) -> bool:
    return value is None or value.is_empty


def _length(value: FieldValue | None) -> int:
    return len(value.value) if value is not None and isinstance(value.value, str) else 0
