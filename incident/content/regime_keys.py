"""The keys of a regime file and what each may hold: a wrong type is refused by its key before anything reads it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from incident.domain.fact_value import as_written
from incident.domain.vocabulary import nearest
from incident.errors import ContentError, is_plain, shown


@dataclass(frozen=True, slots=True)
class Kind:
    """What a key may hold, in words and as a test."""

    wanted: str
    fits: Callable[[Any], bool]


def _is_line(value: object) -> bool:
    return isinstance(value, str) and is_plain(value)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and is_plain(value.replace("\n", "").replace("\t", ""))


def _is_list_of(fits: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, (list, tuple)) and all(fits(each) for each in value)


def _is_table(value: object) -> bool:
    return isinstance(value, Mapping)


def _is_day(value: object) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


SLUG_PATTERN = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
SLUG = Kind("a name of small letters, digits and dashes", lambda value: isinstance(value, str) and _is_slug(value))
LINE = Kind("one line of text that a screen can show", lambda value: _is_line(value) and bool(value.strip()))
EMPTY_LINE = Kind("one line of text that a screen can show", _is_line)
TEXT = Kind("text that a screen can show", _is_text)
LINES = Kind("a list of texts", _is_list_of(_is_line))
TEXTS = Kind("a list of texts", _is_list_of(_is_text))
TABLE = Kind("a table", _is_table)
TABLES = Kind("a list of tables", _is_list_of(_is_table))
FLAG = Kind("true or false", lambda value: isinstance(value, bool))
DAY = Kind("a date: write 2026-11-23 without quotes", _is_day)
CLOCK = Kind("a time of day: write 17:30:00 without quotes", lambda value: isinstance(value, time))
FIRST_DAY = Kind("0 or 1", lambda value: type(value) is int and value in (0, 1))
DAYS = Kind("a number of days up to 3650", lambda value: type(value) is int and 0 <= value <= 3650)
SENTENCES = Kind("a sentence or a list of sentences", lambda value: isinstance(value, str) or _is_list_of(_is_line)(value))


def _is_slug(value: str) -> bool:
    return len(value) <= 100 and SLUG_PATTERN.fullmatch(value) is not None


READINGS = ("reg-1182-71", "two-working-days", "from-occurrence")
"""The other readings that a regime may ask for; what they are stands in the domain."""
RELATIONS = ("before", "not_after", "together", "after")
REGIME: Mapping[str, Kind] = {
    **dict.fromkeys(("title", "short", "citation", "source", "confidence"), LINE),
    **dict.fromkeys(("place", "calendar"), EMPTY_LINE),
    **dict.fromkeys(("checked_on", "recheck_by"), DAY),
    **dict.fromkeys(("imputed", "readings"), LINES),
    **dict.fromkeys(("conditions", "hold", "facts"), TABLE),
    **dict.fromkeys(("duties", "retention", "examples"), TABLES),
    "slug": SLUG,
    "notes": TEXTS,
}
REGIME_NEEDS = ("slug", "title", "short", "place", "citation", "source", "checked_on", "recheck_by", "confidence", "duties")
DUTY: Mapping[str, Kind] = {
    **dict.fromkeys(("title", "recipient", "citation", "source", "confidence", "starts", "period", "status", "places"), LINE),
    **dict.fromkeys(("variant", "places_from", "calendar", "zone", "law_day"), EMPTY_LINE),
    **dict.fromkeys(("checked_on", "effective_from", "effective_until"), DAY),
    **dict.fromkeys(("when", "variant_when", "relief_when"), SENTENCES),
    **dict.fromkeys(("cap", "not_before", "hold"), TABLE),
    **dict.fromkeys(("order", "content", "forbidden"), TABLES),
    **dict.fromkeys(("readings", "notice_templates"), LINES),
    "slug": SLUG,
    "closing": CLOCK,
    "first_day": FIRST_DAY,
    "always_owed": FLAG,
    "note": TEXT,
}
DUTY_NEEDS = ("slug", "title", "recipient", "citation", "starts", "period")
LIMIT: Mapping[str, Kind] = {"starts": LINE, "period": LINE, "lapses_if_later": FLAG}
HOLD: Mapping[str, Kind] = {
    **dict.fromkeys(("policy", "after"), LINE),
    **dict.fromkeys(("kinds", "forms"), LINES),
    "only_if_passed": FLAG,
    "oral_days": DAYS,
}
ELEMENT: Mapping[str, Kind] = {
    **dict.fromkeys(("id", "citation"), LINE),
    **dict.fromkeys(("may_follow", "when_late"), FLAG),
    "text": TEXT,
    "facts": LINES,
    "when": SENTENCES,
}
ORDER: Mapping[str, Kind] = {"relation": LINE, "to": LINE}
RETENTION: Mapping[str, Kind] = dict.fromkeys(("duty", "what", "period", "starts", "citation"), TEXT)
FACT: Mapping[str, Kind] = {
    **dict.fromkeys(("type", "ask"), LINE),
    **dict.fromkeys(("unit", "function"), EMPTY_LINE),
    "choices": TABLE,
    "judgement": FLAG,
}


def checked(table: object, keys: Mapping[str, Kind], needs: tuple[str, ...] = (), *, where: str = "") -> Mapping[str, Any]:
    """The table, if it has only known keys, all that are needed, and each of its kind; raises ContentError naming the key."""
    before = f"{where}." if where else ""
    if not isinstance(table, Mapping):
        raise ContentError(f"{where or 'this'}: {as_written(table)} is not a table.", "Write its keys below a heading.")
    for key, value in table.items():
        kind = keys.get(key)
        if kind is None:
            raise ContentError(f"«{before}{shown(key, longest=60)}» is not a key here.", f"Did you mean {nearest(key, keys)}?")
        if not kind.fits(value):
            raise ContentError(f"{before}{key}: {as_written(value)} is not {kind.wanted}.", "Mend the value.")
    for key in needs:
        if key not in table:
            raise ContentError(f"«{before}{key}» is missing.", "Add the key.")
    return table
