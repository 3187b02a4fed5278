"""Facts from the contract's document (parsed JSON or TOML), checked to the last token, and back.

An unknown key, token, place or obligation id is an error that names the nearest known one; an instant
without an offset is an error; nothing is guessed. Source: the contract of `incident assess`.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from types import MappingProxyType

from incident.domain.counting import end_of_day
from incident.domain.fact_value import as_written, parse_value, when
from incident.domain.facts import Facts, Filed, Hold
from incident.domain.moment import zone_exists
from incident.domain.places import canonical_place
from incident.domain.vocabulary import FactType, Vocabulary, nearest
from incident.errors import ContentError, shown

__all__ = ["facts_from_document", "parse_value", "when"]

_GROUPS = ("organisation", "at", "data", "breach", "risk", "options")
_LISTS = (FactType.CHOICES, FactType.PLACES, FactType.PEOPLE, FactType.KNOWLEDGE, FactType.HOLDS)


def facts_from_document(
    document: Mapping[str, object], vocabulary: Vocabulary, *, known_obligations: Collection[str], source: str
) -> Facts:
    """The facts of a document; raises ContentError naming `source`, the key and the mend."""
    flat = _flat(document, vocabulary, source)
    if "filed" in flat:
        flat["filed"] = _sent_by_the_end_of_the_day(flat["filed"], flat.get("organisation.timezone"))
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
            found = {f"{key}.{inner}": held for inner, held in value.items()}
        elif key in vocabulary.kinds:
            found = {key: value}
        else:
            known = (*_GROUPS, "people", "knowledge", "holds", "filed", "partial")
            wrong = shown(key, longest=60)
            raise ContentError(f"{source}: «{wrong}» is not a fact.", f"Did you mean {nearest(key, known)}?")
        for twice in found.keys() & flat.keys():
            raise ContentError(f"{source}: {twice}: it is there twice.", "Keep one of the two.")
        flat.update(found)
    return flat


def _sent_by_the_end_of_the_day(raw: object, zone: object) -> object:
    """Filings of which only the day is known: sent by its last second, where days are counted (else in UTC)."""
    if not isinstance(raw, list):
        return raw
    where = zone if isinstance(zone, str) and zone_exists(zone) else "UTC"
    return [_with_time(each, where) if isinstance(each, dict) else each for each in raw]


def _with_time(row: dict[str, object], zone: str) -> dict[str, object]:
    at = row.get("at")
    if isinstance(at, str) and len(at) == 10:
        try:
            at = date.fromisoformat(at)
        except ValueError:
            return row
    if isinstance(at, date) and not isinstance(at, datetime):
        return {**row, "at": end_of_day(at, zone).isoformat()}
    return row


def list_keys(vocabulary: Vocabulary) -> frozenset[str]:
    """The facts that are lists: what is known of them so far may be marked as partial."""
    return frozenset(key for key, kind in vocabulary.kinds.items() if kind.type in _LISTS and kind.law)


def _partial(raw: object, vocabulary: Vocabulary, source: str) -> frozenset[str]:
    lists = list_keys(vocabulary)
    if not isinstance(raw, list):
        raise ContentError(f"{source}: partial: this is a list of keys.", 'Write partial = ["people"].')
    for key in raw:
        if not isinstance(key, str) or key not in lists:
            wrong = as_written(key)
            raise ContentError(
                f"{source}: partial: {wrong} is not the key of a list.", f"Did you mean {nearest(str(key), lists)}?"
            )
    return frozenset(raw)


def _check_obligations(values: Mapping[str, object], known: Collection[str], source: str) -> None:
    """Filings name obligations, holds name obligations or regimes: a mistyped one would silently change a duty."""
    for index, name in _named(values.get("filed", ())):
        if not _is_obligation(name, known):
            hint = f"Did you mean {nearest(name.split('@')[0], known)}?"
            raise ContentError(f"{source}: filed[{index}]: {as_written(name)} is not an obligation.", hint)
    regimes = {each.partition("/")[0] for each in known}
    for index, name in _named(values.get("holds", ())):
        if name not in regimes and not _is_obligation(name, known):
            hint = f"Did you mean {nearest(name.split('@')[0], known if '/' in name else regimes)}?"
            raise ContentError(f"{source}: holds[{index}].scope: {as_written(name)} is neither regime nor obligation.", hint)


def _named(rows: object) -> Iterable[tuple[int, str]]:
    for index, each in enumerate(rows if isinstance(rows, tuple) else ()):
        if isinstance(each, Filed):
            yield index, each.obligation
        elif isinstance(each, Hold):
            yield from ((index, name) for name in each.scope)


def _is_obligation(name: str, known: Collection[str]) -> bool:
    base, at, place = name.partition("@")
    return base in known and (not at or canonical_place(place) is not None)
