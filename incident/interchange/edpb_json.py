"""The EDPB's common template for Art. 33 as JSON: one property per row (`field_48`), by a description of our own.

The description follows the template version 1.0 (8 June 2026), with its published machine-readable form's faults mended: rows
that allow several answers are lists, only the rows that the answers make visible are mandatory, and only in a complete notice.
Row 97 has `b1` (a date to be set) beside `b`; 89 has `d` (more information needed); 117 and 122 count people per country.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from incident.domain.form import is_unsettled
from incident.domain.notice import FieldType, NoticeField, NoticeTemplate

EDPB = "edpb-1.0"
_DAYS = frozenset({"52", "98", "99"})
_LINES = frozenset({"40", "118", "123"})
_PER_COUNTRY = frozenset({"117", "122"})
_PLAIN = re.compile(r"([a-z_]+) (?:is|has) ([a-z0-9|]+)")
"""A condition on one answer: what JSON Schema can say as well."""


def edpb_document(
    template: NoticeTemplate, values: Mapping[str, object], asked: frozenset[str], zone: str
) -> dict[str, object]:
    """The rows that are asked and answered; days are those of `zone`."""
    found: dict[str, list[object]] = {}
    for field in template.fields:
        if field.row and field.key in asked and not _blank(values.get(field.key)):
            value = _value(field, values[field.key], zone)
            if value is not None:
                found.setdefault(field.row, []).append(value)
    rows = sorted(found, key=int)
    return {f"field_{row}": _joined(found[row]) for row in rows}


def lacking_rows(template: NoticeTemplate, values: Mapping[str, object], asked: frozenset[str]) -> tuple[str, ...]:
    """The rows that a complete notice must answer and this one does not: `60 Kind of incident`."""
    return tuple(
        f"{each.row} {each.label}"
        for each in template.fields
        if each.row and each.key in asked and _is_mandatory(each) and _open(each, values.get(each.key))
    )


def edpb_schema(template: NoticeTemplate) -> dict[str, object]:
    """JSON Schema (2020-12) of the documents that `edpb_document` makes, from the template itself."""
    properties: dict[str, object] = {}
    for field in template.fields:
        if field.row:
            properties.setdefault(f"field_{field.row}", {"title": field.label, **_shape(field)})
    ordered = dict(sorted(properties.items(), key=lambda each: int(each[0][6:])))
    always = [f"field_{each.row}" for each in template.fields if _is_mandatory(each) and _is_always(each)]
    complete = {"if": _equals("field_4", ["a"]), "then": {"required": sorted(set(always), key=lambda each: int(each[6:]))}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Notification of a personal data breach (EDPB common template 1.0), as `incident` writes it",
        "description": "Row numbers of the EDPB's template; not an official format of submission.",
        "type": "object",
        "properties": ordered,
        "required": ["field_3", "field_4", "field_12", "field_13", "field_48"],
        "additionalProperties": False,
        "allOf": [complete, *_conditional(template)],
    }


def _conditional(template: NoticeTemplate) -> Iterable[dict[str, object]]:
    for field in template.fields:
        plain = _PLAIN.fullmatch(field.visible_if)
        other = template.field_named(plain[1]) if plain else None
        if plain is None or other is None or not other.row or not field.row:
            continue
        answered = _equals(f"field_{other.row}", plain[2].split("|"), several=other.type is FieldType.CHOICES)
        name = f"field_{field.row}"
        if _is_mandatory(field):
            both = {"allOf": [_equals("field_4", ["a"]), answered]}
            yield {"if": both, "then": {"required": [name]}}
        yield {"if": {"required": [name]}, "then": answered}


def _equals(name: str, tokens: list[str], *, several: bool = False) -> dict[str, object]:
    said: dict[str, object] = {"enum": tokens}
    return {"properties": {name: {"contains": said} if several else said}, "required": [name]}


def _is_mandatory(field: NoticeField) -> bool:
    return field.required or field.wanted or bool(field.covers)


def _is_always(field: NoticeField) -> bool:
    return bool(field.row) and not field.visible_if and not field.applies


def _shape(field: NoticeField) -> dict[str, object]:
    tokens = [token for token, _ in field.choices]
    match field.type:
        case FieldType.CHOICE:
            return {"enum": tokens, "description": _options(field)}
        case FieldType.CHOICES:
            items = {"enum": tokens}
            return {"type": "array", "items": items, "uniqueItems": True, "minItems": 1, "description": _options(field)}
        case FieldType.FLAG:
            return {"type": "boolean"}
        case FieldType.NUMBER:
            return {"type": "integer", "minimum": 0}
        case FieldType.MOMENT:
            day: dict[str, object] = {"type": "string", "format": "date"}
            instant: dict[str, object] = {"type": "string", "format": "date-time", "pattern": "T"}
            return day if field.row in _DAYS else instant if field.required else {"anyOf": [day, instant]}
        case FieldType.PEOPLE:
            return _per_country() if field.row in _PER_COUNTRY else {"type": "integer", "minimum": 0}
        case _:
            text = {"type": "string", "minLength": 1}
            return {"type": "array", "items": text, "minItems": 1} if field.row in _LINES else text


def _per_country() -> dict[str, object]:
    number = {"type": ["integer", "null"], "minimum": 0}
    row = {"country": {"type": "string"}, "number": number}
    items = {"type": "object", "properties": row, "required": ["country", "number"], "additionalProperties": False}
    return {"type": "array", "items": items, "minItems": 1}


def _options(field: NoticeField) -> str:
    return "; ".join(f"{token}: {label}" for token, label in field.choices)


def _value(field: NoticeField, value: object, zone: str) -> object:
    match field.type:
        case FieldType.MOMENT:
            return _moment(str(value), zone, day=field.row in _DAYS)
        case FieldType.PEOPLE:
            return _people(value if isinstance(value, list) else [], per_country=field.row in _PER_COUNTRY)
        case FieldType.LINE | FieldType.PROSE:
            text = str(value).strip()
            return [line.strip() for line in text.splitlines() if line.strip()] if field.row in _LINES else text
        case _:
            return value


def _moment(text: str, zone: str, *, day: bool) -> str:
    """An instant in local time with its offset, or the local day; a day stays the day that is known."""
    if len(text) == 10:
        return text
    local = datetime.fromisoformat(text).astimezone(ZoneInfo(zone))
    return f"{local:%Y-%m-%d}" if day else local.isoformat(timespec="seconds")


def _people(rows: list[Mapping[str, object]], *, per_country: bool) -> object:
    if per_country:
        return [{"country": str(each.get("in")), "number": each.get("count")} for each in rows]
    counts = [count for each in rows if isinstance(count := each.get("count"), int)]
    return sum(counts) if rows and len(counts) == len(rows) else None


def _joined(parts: list[object]) -> object:
    """Several of our fields that answer one row: prose in paragraphs, lines in one line."""
    if len(parts) == 1:
        return parts[0]
    prose = any(len(str(each)) > 80 or "\n" in str(each) or str(each).rstrip().endswith((".", "!", "?")) for each in parts)
    between = "\n\n" if prose else ", "
    return between.join(str(each) for each in parts)


def _blank(value: object) -> bool:
    return value is None or value == [] or (isinstance(value, str) and not value.strip())


def _open(field: NoticeField, value: object) -> bool:
    return _blank(value) or is_unsettled(field, value)
