"""One fact's value from JSON or TOML, checked against its kind: the wrong ones are named with the mend.

An instant is ISO 8601 or RFC 3339 with an offset, a date stands for a whole local day; nothing is guessed.
"""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import available_timezones

from incident.domain.facts import Filed, Hold, Knowledge, PeopleRow, When
from incident.domain.places import canonical_place, nearest_place
from incident.domain.vocabulary import FactKind, FactType, Vocabulary, nearest
from incident.errors import ContentError, is_plain, shown

KNOWERS = (
    "workforce", "agent", "wrongdoer", "reasonable_diligence", "subcontractor_agent", "independent_contractor",
)  # fmt: skip
HOLD_KINDS = ("law_enforcement", "attorney_general", "counsel")
HOLD_FORMS = ("oral", "written")


def parse_value(kind: FactKind, raw: object, vocabulary: Vocabulary) -> object:
    """One fact's value, checked against its kind; raises ContentError naming the key and the mend."""
    del vocabulary
    return _READ[kind.type](kind, raw)


def _wrong(kind: FactKind, raw: object, wanted: str) -> ContentError:
    return ContentError(f"{kind.key}: {as_written(raw)} is not {wanted}.", f"{kind.question} Leave it out while unknown.")


_LONGEST = 60
"""Of a wrong value, as a message repeats it."""


def as_written(raw: object) -> str:
    """A wrong value as the person who wrote it knows it, shortened: never as Python would print it."""
    if isinstance(raw, str):
        return repr(shown(raw, longest=_LONGEST)).replace("\\\\", "\\")
    if raw is None or isinstance(raw, bool):
        return {None: "null", True: "true", False: "false"}[raw]
    if isinstance(raw, (date, time)):
        return raw.isoformat()
    if isinstance(raw, Mapping):
        return "a table"
    if isinstance(raw, (list, tuple)):
        return "a list"
    if isinstance(raw, float) and (raw != raw or raw in (float("inf"), float("-inf"))):
        return "a number without end"
    return shown(str(raw), longest=_LONGEST)


def _flag(kind: FactKind, raw: object) -> bool:
    if not isinstance(raw, bool):
        raise _wrong(kind, raw, "true or false")
    return raw


def _prose(kind: FactKind, raw: object) -> str:
    if not isinstance(raw, str):
        raise _wrong(kind, raw, "text")
    return raw


def _text(kind: FactKind, raw: object) -> str:
    return _plain(kind.key, _prose(kind, raw))


def _plain(where: str, raw: str) -> str:
    if not is_plain(raw):
        wrong = as_written(raw)
        raise ContentError(f"{where}: {wrong} holds a character that no screen shows.", "Take it out.")
    return raw


def _number(kind: FactKind, raw: object) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int) or raw < 0:
        raise _wrong(kind, raw, "a whole number of 0 or more")
    return raw


def _token(kind: FactKind, raw: object) -> str:
    tokens = tuple(token for token, _ in kind.choices)
    if not isinstance(raw, str) or (tokens and raw not in tokens):
        hint = f"Did you mean {nearest(str(raw), tokens)}?" if tokens else "Write a word."
        raise ContentError(f"{kind.key}: {as_written(raw)} is not one of its answers.", hint)
    return _plain(kind.key, raw)


def _list(kind: FactKind, raw: object) -> list[object]:
    if not isinstance(raw, (list, tuple)):
        raise _wrong(kind, raw, "a list")
    return list(raw)


def _tokens(kind: FactKind, raw: object) -> frozenset[str]:
    return frozenset(_token(kind, each) for each in _list(kind, raw))


def _place(kind: FactKind, raw: object) -> str:
    place = canonical_place(raw) if isinstance(raw, str) else None
    if place is None:
        raise ContentError(f"{kind.key}: {as_written(raw)} is not a place.", f"Did you mean {nearest_place(str(raw))}?")
    return place


def _places(kind: FactKind, raw: object) -> frozenset[str]:
    return frozenset(_place(kind, each) for each in _list(kind, raw))


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())  # walks the whole folder of zones


def _zone(kind: FactKind, raw: object) -> str:
    if not isinstance(raw, str) or raw not in _zones():
        hint = f"Did you mean {nearest(str(raw), _zones())}?"
        raise ContentError(f"{kind.key}: {as_written(raw)} is not an IANA time zone.", hint)
    return raw


_YEARS = (1970, 2199)
"""Outside of these a year is a typing mistake, and calendars end."""


_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,9})?)?)"
    r" ?([Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)?"
)
_WRITE = "Write 2026-03-02T09:00:00+01:00, or 2026-03-02."


def when(key: str, raw: object) -> When:
    """An aware instant or a day from ISO 8601 text or a TOML value; an instant without an offset is refused."""
    if isinstance(raw, str):
        raw = _read_when(key, raw)
    if isinstance(raw, datetime) and (raw.tzinfo is None or raw.utcoffset() is None):
        raise ContentError(
            f"{key}: {raw.isoformat()} has no time zone.", f"Add the offset, for example {raw.isoformat()}+01:00."
        )
    if isinstance(raw, date):
        if not _YEARS[0] <= raw.year <= _YEARS[1]:
            raise ContentError(
                f"{key}: {raw.isoformat()} is in no year of a breach.", f"Years run from {_YEARS[0]} to {_YEARS[1]}."
            )
        return raw
    raise ContentError(f"{key}: {as_written(raw)} is neither an instant nor a day.", _WRITE)


def _read_when(key: str, text: str) -> When:
    found = _INSTANT.fullmatch(text)
    if found is not None and found[2].startswith("24:00"):
        with suppress(ValueError):
            day = date.fromisoformat(found[1]) + timedelta(days=1)
            hint = f"Write {day.isoformat()}T00:00:00{found[3] or '+01:00'}."
            raise ContentError(f"{key}: 24:00 is 00:00 of the next day.", hint)
    try:
        if found is not None:
            return datetime.fromisoformat(f"{found[1]}T{found[2].replace(',', '.')}{(found[3] or '').upper()}")
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except (ValueError, OverflowError) as error:
        raise ContentError(f"{key}: {as_written(text)} does not exist: no such day, clock time or offset.", _WRITE) from error
    raise ContentError(f"{key}: {as_written(text)} is neither an instant nor a day.", _WRITE)


def _moment(kind: FactKind, raw: object) -> When:
    return when(kind.key, raw)


def _row(kind: FactKind, raw: object, index: int, keys: tuple[str, ...]) -> Mapping[str, object]:
    where = f"{kind.key}[{index}]"
    if not isinstance(raw, Mapping):
        raise ContentError(f"{where}: this is not a row.", f"Write {{ {', '.join(keys)} }}.")
    for key in raw:
        if key not in keys:
            raise ContentError(
                f"{where}: «{shown(str(key), longest=_LONGEST)}» is not a key here.", f"Did you mean {nearest(str(key), keys)}?"
            )
    return raw


def _people(kind: FactKind, raw: object) -> tuple[PeopleRow, ...]:
    rows: list[PeopleRow] = []
    for index, each in enumerate(_list(kind, raw)):
        row = _row(kind, each, index, ("in", "count", "estimated", "unreachable"))
        place = _place(kind, row.get("in"))
        if any(other.place == place for other in rows):
            raise ContentError(f"people[{index}]: {place} is there twice.", "Give one row per place.")
        rows.append(
            PeopleRow(
                place=place,
                count=_count(row, "count", index),
                estimated=_flag(kind, row.get("estimated", False)),
                unreachable=_count(row, "unreachable", index),
            )
        )
    return tuple(rows)


def _count(row: Mapping[str, object], key: str, index: int) -> int | None:
    value = row.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ContentError(
            f"people[{index}].{key}: {as_written(value)} is not a whole number of 0 or more.", "Leave it out while unknown."
        )
    return value


def _one_of(where: str, raw: object, known: tuple[str, ...]) -> str:
    if not isinstance(raw, str) or raw not in known:
        raise ContentError(f"{where}: {as_written(raw)} is not known.", f"Did you mean {nearest(str(raw), known)}?")
    return raw


def _knowledge(kind: FactKind, raw: object) -> tuple[Knowledge, ...]:
    rows = []
    for index, each in enumerate(_list(kind, raw)):
        row = _row(kind, each, index, ("by", "at"))
        by = _one_of(f"knowledge[{index}].by", row.get("by"), KNOWERS)
        rows.append(Knowledge(by, when(f"knowledge[{index}].at", row.get("at"))))
    return tuple(rows)


def _holds(kind: FactKind, raw: object) -> tuple[Hold, ...]:
    rows = []
    for index, each in enumerate(_list(kind, raw)):
        row = _row(kind, each, index, ("kind", "form", "stated", "until", "scope"))
        where = f"holds[{index}]"
        stated, until = (None if row.get(key) is None else when(f"{where}.{key}", row[key]) for key in ("stated", "until"))
        if stated is not None and until is not None and _is_after(stated, until):
            raise ContentError(f"{where}: it was stated after it had ended.", "Mend `stated` or `until`.")
        held = _one_of(f"{where}.kind", row.get("kind"), HOLD_KINDS)
        form = "" if row.get("form") is None else _one_of(f"{where}.form", row["form"], HOLD_FORMS)
        rows.append(Hold(held, form, stated, until, _scope(f"{where}.scope", row.get("scope"))))
    return tuple(rows)


def _scope(where: str, raw: object) -> tuple[str, ...]:
    """Regimes and obligations by name; whether they exist is checked where the law is known."""
    entries = [] if raw is None else [raw] if isinstance(raw, str) else raw
    if not isinstance(entries, list) or not all(isinstance(each, str) for each in entries):
        raise ContentError(f"{where}: this is not a list of regimes or obligations.", 'Write ["us-hipaa"], or leave it out.')
    return tuple(entries)


def _is_after(stated: When, until: When) -> bool:
    """Whether it was stated later than it ended; a day and an instant may be a day apart by their zones."""
    if isinstance(stated, datetime) and isinstance(until, datetime):
        return stated > until
    one, other = (each.date() if isinstance(each, datetime) else each for each in (stated, until))
    return one - other > timedelta(days=0 if type(stated) is type(until) else 1)


def _filings(kind: FactKind, raw: object) -> tuple[Filed, ...]:
    rows = []
    for index, each in enumerate(_list(kind, raw)):
        row = _row(kind, each, index, ("obligation", "at", "to"))
        at = when(f"filed[{index}].at", row.get("at"))
        if not isinstance(at, datetime):
            raise ContentError(f"filed[{index}].at: {at} has no clock time.", "Say when it was sent, with an offset.")
        obligation, to = row.get("obligation"), row.get("to", "")
        for key, value in (("obligation", obligation), ("to", to)):
            if not isinstance(value, str):
                raise ContentError(f"filed[{index}].{key}: {as_written(value)} is not text.", "Write its name in quotes.")
        rows.append(Filed(str(obligation), at, _plain(f"filed[{index}].to", str(to))))
    return tuple(rows)


_READ: Mapping[FactType, Callable[[FactKind, object], object]] = {
    FactType.FLAG: _flag,
    FactType.CHOICE: _token,
    FactType.CHOICES: _tokens,
    FactType.TEXT: _text,
    FactType.PROSE: _prose,
    FactType.NUMBER: _number,
    FactType.MOMENT: _moment,
    FactType.PLACE: _place,
    FactType.PLACES: _places,
    FactType.ZONE: _zone,
    FactType.PEOPLE: _people,
    FactType.KNOWLEDGE: _knowledge,
    FactType.HOLDS: _holds,
    FactType.FILINGS: _filings,
}
