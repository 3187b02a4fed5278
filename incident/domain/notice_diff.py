"""What one version of a notice says differently from another, word by word."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from incident.domain.notice import NoticeField

_PIECE = re.compile(r"\s+|[^\s]+")
_LONGEST = 4000
"""Pieces up to which words are compared; longer texts are shown as taken out and put in as a whole."""


class Change(StrEnum):
    """What happened to a stretch of text."""

    SAME = "same"
    OUT = "out"
    IN = "in"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of text and what happened to it."""

    change: Change
    text: str


@dataclass(frozen=True, slots=True)
class FieldDiff:
    """One answer that is another now."""

    key: str
    label: str
    stretches: tuple[Stretch, ...]


def field_diffs(
    fields: Sequence[NoticeField], before: Mapping[str, object], after: Mapping[str, object]
) -> tuple[FieldDiff, ...]:
    """The fields that say something else, in the form's order; what no longer stands in the form is not compared."""
    return tuple(
        FieldDiff(each.key, each.label, text_diff(value_text(before.get(each.key)), value_text(after.get(each.key))))
        for each in fields
        if before.get(each.key) != after.get(each.key)
    )


def text_diff(before: str, after: str) -> tuple[Stretch, ...]:
    """The way from one text to the other, in stretches."""
    old, new = _PIECE.findall(before), _PIECE.findall(after)
    if len(old) > _LONGEST or len(new) > _LONGEST:
        whole = (Stretch(Change.OUT, before), Stretch(Change.IN, after))
        return tuple(each for each in whole if each.text)
    found: list[Stretch] = []
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(Stretch(Change.SAME, "".join(old[i:j])))
            continue
        if j > i:
            found.append(Stretch(Change.OUT, "".join(old[i:j])))
        if m > k:
            found.append(Stretch(Change.IN, "".join(new[k:m])))
    return tuple(found)


def value_text(value: object) -> str:
    """A field's value as text to compare: lists by commas, people by place, yes and no in words."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return ", ".join(value_text(each) for each in value)
    if isinstance(value, Mapping):
        parts = [str(each) for key, each in value.items() if key != "estimated" and each is not None]
        return " ".join(parts) + (" (about)" if value.get("estimated") else "")
    return str(value)
