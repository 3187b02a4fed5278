"""Marks of passages that nobody understands: a text with one goes to no reader but counsel, frozen or not."""

from collections.abc import Iterable, Mapping

from incident.domain.notice import FieldValue, NoticeTemplate
from incident.domain.passage import unclear_mark
from incident.errors import RefusedError


def unclear_marks(template: NoticeTemplate, fields: Mapping[str, FieldValue]) -> tuple[tuple[str, str], ...]:
    """Labels of the answers whose marks are not sound, each with the mark; empty where all are."""
    return unclear_in((each.label, _text(fields[each.key])) for each in template.fields)


def unclear_in(texts: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """The same for texts under their labels."""
    return tuple((label, mark) for label, text in texts if (mark := unclear_mark(text)))


def _text(value: FieldValue) -> str:
    return value.whole or (value.value if isinstance(value.value, str) else "")


def refuse_unclear_marks(found: Iterable[tuple[str, str]]) -> None:
    """Raise RefusedError for the first mark that is not understood: it could let a passage reach the wrong reader."""
    for label, mark in found:
        raise RefusedError(
            f"{label}: the mark «{mark}» is not understood, or has no end.",
            "Write [[privileged]] … [[end]] or [[regulator only]] … [[end]].",
        )
