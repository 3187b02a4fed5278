"""Facts from the contract's document (parsed JSON or TOML), checked to the last token, and back.

An unknown key, token, place or obligation id is an error that names the nearest known one; an instant
without an offset is an error; nothing is guessed. Source: the contract of `incident assess`.
"""

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from datetime import date, datetime
from types import MappingProxyType
from zoneinfo import available_timezones

from incident.domain.facts import Facts, Filed, Hold, Knowledge, PeopleRow, When
from incident.domain.places import canonical_place, nearest_place
from incident.domain.vocabulary import FactKind, FactType, Vocabulary, nearest
from incident.errors import ContentError

_GROUPS = ("organisation", "at", "data", "breach", "risk", "options")
_KNOWERS = (
    "workforce", "agent", "wrongdoer", "reasonable_diligence", "subcontractor_agent", "independent_contractor",
)  # fmt: skip
_HOLD_KINDS = ("law_enforcement", "attorney_general", "counsel")
_HOLD_FORMS = ("oral", "written")


def facts_from_document(
    document: Mapping[str, object], vocabulary: Vocabulary, *, known_obligations: Collection[str], source: str
) -> Facts:
    """The facts of a document; raises ContentError naming `source`, the key and the mend."""
    flat = _flat(document, vocabulary, source)
    partial = _partial(document.get("partial", []), vocabulary, source)
    values: dict[str, object] = {}
    for key, raw in flat.items():
        try:
            kind = vocabulary.kind(key)
            if not kind.law:
                raise ContentError(f"{key}: this is narrative, not a fact the law turns on.", "Leave it out here.")
            values[key] = parse_value(kind, raw, vocabulary)
        except ContentError as error:
            raise ContentError(f"{source}: {error.message}", error.hint) from error
    _check_obligations(values, known_obligations, source)
    return Facts(MappingProxyType(values), partial)


def _flat(document: Mapping[str, object], vocabulary: Vocabulary, source: str) -> dict[str, object]:
    flat: dict[str, object] = {}
    for key, value in document.items():
        if key == "partial":
            continue
        if key in _GROUPS:
            if not isinstance(value, Mapping):
                raise ContentError(f"{source}: {key}: this is a group of facts.", f"Write {key} = {{ … }}.")
            flat.update({f"{key}.{inner}": held for inner, held in value.items()})
        elif key in vocabulary.kinds:
            flat[key] = value
        else:
            known = (*_GROUPS, "people", "knowledge", "holds", "filed", "partial")
            raise ContentError(f"{source}: «{key}» is not a fact.", f"Did you mean {nearest(key, known)}?")
    return flat


def _partial(raw: object, vocabulary: Vocabulary, source: str) -> frozenset[str]:
    lists = frozenset(
        key
        for key, kind in vocabulary.kinds.items()
        if kind.type in (FactType.CHOICES, FactType.PLACES, FactType.PEOPLE, FactType.KNOWLEDGE, FactType.HOLDS)
    )
    if not isinstance(raw, list):
        raise ContentError(f"{source}: partial: this is a list of keys.", 'Write partial = ["people"].')
    for key in raw:
        if key not in lists:
            raise ContentError(f"{source}: partial: «{key}» is not a list.", f"Did you mean {nearest(str(key), lists)}?")
    return frozenset(str(key) for key in raw)


def _check_obligations(values: Mapping[str, object], known: Collection[str], source: str) -> None:
    filed = values.get("filed", ())
    for each in filed if isinstance(filed, tuple) else ():
        base = each.obligation.split("@")[0]
        place = each.obligation.partition("@")[2]
        if base not in known or (place and canonical_place(place) is None):
            hint = f"Did you mean {nearest(base, tuple(known))}?"
            raise ContentError(f"{source}: filed: «{each.obligation}» is not an obligation.", hint)


def parse_value(kind: FactKind, raw: object, vocabulary: Vocabulary) -> object:
    """One fact's value, checked against its kind; raises ContentError naming the key and the mend."""
    del vocabulary
    return _READ[kind.type](kind, raw)


def _wrong(kind: FactKind, raw: object, wanted: str) -> ContentError:
    shown = repr(raw) if len(repr(raw)) < 60 else f"{repr(raw)[:57]}…"
    return ContentError(f"{kind.key}: {shown} is not {wanted}.", f"{kind.question} Leave it out while unknown.")


def _flag(kind: FactKind, raw: object) -> bool:
    if not isinstance(raw, bool):
        raise _wrong(kind, raw, "true or false")
    return raw


def _text(kind: FactKind, raw: object) -> str:
    if not isinstance(raw, str):
        raise _wrong(kind, raw, "text")
    return raw


def _number(kind: FactKind, raw: object) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int) or raw < 0:
        raise _wrong(kind, raw, "a whole number of 0 or more")
    return raw


def _token(kind: FactKind, raw: object) -> str:
    tokens = tuple(token for token, _ in kind.choices)
    if not isinstance(raw, str) or (tokens and raw not in tokens):
        hint = f"Did you mean {nearest(str(raw), tokens)}?"
        raise ContentError(f"{kind.key}: {raw!r} is not one of its answers.", hint)
    return raw


def _list(kind: FactKind, raw: object) -> list[object]:
    if not isinstance(raw, (list, tuple)):
        raise _wrong(kind, raw, "a list")
    return list(raw)


def _tokens(kind: FactKind, raw: object) -> frozenset[str]:
    return frozenset(_token(kind, each) for each in _list(kind, raw))


def _place(kind: FactKind, raw: object) -> str:
    place = canonical_place(raw) if isinstance(raw, str) else None
    if place is None:
        raise ContentError(f"{kind.key}: {raw!r} is not a place.", f"Did you mean {nearest_place(str(raw))}?")
    return place


def _places(kind: FactKind, raw: object) -> frozenset[str]:
    return frozenset(_place(kind, each) for each in _list(kind, raw))


def _zone(kind: FactKind, raw: object) -> str:
    if not isinstance(raw, str) or raw not in available_timezones():
        hint = f"Did you mean {nearest(str(raw), frozenset(available_timezones()))}?"
        raise ContentError(f"{kind.key}: {raw!r} is not an IANA time zone.", hint)
    return raw


_YEARS = (1970, 2199)
"""Outside of these a year is a typing mistake, and calendars end."""


def when(key: str, raw: object) -> When:
    """An aware instant or a day from ISO 8601 text or a TOML value; an instant without an offset is refused."""
    if isinstance(raw, str):
        with suppress(ValueError):
            raw = date.fromisoformat(raw) if len(raw) == 10 else datetime.fromisoformat(raw)
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
    raise ContentError(f"{key}: {raw!r} is neither an instant nor a day.", "Write 2026-03-02T09:00:00+01:00, or 2026-03-02.")


def _moment(kind: FactKind, raw: object) -> When:
    return when(kind.key, raw)


def _row(kind: FactKind, raw: object, index: int, keys: tuple[str, ...]) -> Mapping[str, object]:
    where = f"{kind.key}[{index}]"
    if not isinstance(raw, Mapping):
        raise ContentError(f"{where}: this is not a row.", f"Write {{ {', '.join(keys)} }}.")
    for key in raw:
        if key not in keys:
            raise ContentError(f"{where}: «{key}» is not a key here.", f"Did you mean {nearest(str(key), keys)}?")
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
            f"people[{index}].{key}: {value!r} is not a whole number of 0 or more.", "Leave it out while unknown."
        )
    return value


def _one_of(where: str, raw: object, known: tuple[str, ...]) -> str:
    if not isinstance(raw, str) or raw not in known:
        raise ContentError(f"{where}: {raw!r} is not known.", f"Did you mean {nearest(str(raw), known)}?")
    return raw


def _knowledge(kind: FactKind, raw: object) -> tuple[Knowledge, ...]:
    rows = []
    for index, each in enumerate(_list(kind, raw)):
        row = _row(kind, each, index, ("by", "at"))
        by = _one_of(f"knowledge[{index}].by", row.get("by"), _KNOWERS)
        rows.append(Knowledge(by, when(f"knowledge[{index}].at", row.get("at"))))
    return tuple(rows)


def _holds(kind: FactKind, raw: object) -> tuple[Hold, ...]:
    rows = []
    for index, each in enumerate(_list(kind, raw)):
        row = _row(kind, each, index, ("kind", "form", "stated", "until", "scope"))
        where = f"holds[{index}]"
        scope = row.get("scope", ())
        rows.append(
            Hold(
                kind=_one_of(f"{where}.kind", row.get("kind"), _HOLD_KINDS),
                form=_one_of(f"{where}.form", row.get("form", "written"), _HOLD_FORMS),
                stated=None if row.get("stated") is None else when(f"{where}.stated", row["stated"]),
                until=None if row.get("until") is None else when(f"{where}.until", row["until"]),
                scope=(scope,) if isinstance(scope, str) else tuple(str(part) for part in scope or ()),  # type: ignore[attr-defined]
            )
        )
    return tuple(rows)


def _filings(kind: FactKind, raw: object) -> tuple[Filed, ...]:
    rows = []
    for index, each in enumerate(_list(kind, raw)):
        row = _row(kind, each, index, ("obligation", "at", "to"))
        at = when(f"filed[{index}].at", row.get("at"))
        if not isinstance(at, datetime):
            raise ContentError(f"filed[{index}].at: {at} has no clock time.", "Say when it was sent, with an offset.")
        rows.append(Filed(_text(kind, row.get("obligation")), at, str(row.get("to") or "")))
    return tuple(rows)


_READ: Mapping[FactType, Callable[[FactKind, object], object]] = {
    FactType.FLAG: _flag,
    FactType.CHOICE: _token,
    FactType.CHOICES: _tokens,
    FactType.TEXT: _text,
    FactType.PROSE: _text,
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
