"""Reads the vocabulary of facts: `regimes/vocabulary.toml`."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from incident.content.regime_keys import FACT, checked
from incident.domain.vocabulary import FactKind, FactType, Vocabulary
from incident.errors import ContentError, shown


def read_vocabulary(path: Path) -> Vocabulary:
    """The vocabulary; the program cannot work without it, so a fault in it is raised."""
    try:
        with path.open("rb") as file:
            content = tomllib.load(file)
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ContentError(f"{path.name} cannot be read: {error}.", "Install the program again.") from error
    lists = {name: tuple(table.items()) for name, table in content["lists"].items()}
    kinds: dict[str, FactKind] = {}
    for group, facts in content["facts"].items():
        for key, entry in facts.items():
            full = key if group == "top" else f"{group}.{key}"
            kinds[full] = _kind(full, group, entry, lists)
    return Vocabulary(kinds)


def declared_facts(document: Mapping[str, Any], file: str) -> dict[str, FactKind]:
    """The facts a regime declares for itself (`[facts.options.<name>]`, `[facts.risk.<name>]`), by key."""
    found: dict[str, FactKind] = {}
    for key, entry in _entries(document.get("facts", {}), file):
        try:
            checked(entry, FACT, ("type", "ask"))
            if not _NAME.fullmatch(key):
                raise ContentError("its name is not one of small letters, digits and underlines.", "Rename it.")
            found[key] = _kind(key, key.partition(".")[0], entry, {})
        except (ContentError, ValueError) as error:
            raise ContentError(f"{file}: facts.{shown(key, longest=60)}: {error}", "Give it `type` and `ask`.") from error
    return found


_NAME = re.compile(r"[a-z]+\.[a-z][a-z_0-9]*")


def _entries(groups: object, file: str) -> Iterable[tuple[str, Any]]:
    if not isinstance(groups, Mapping):
        raise ContentError(f"{file}: facts: this is not a table.", "Write [facts.options] above the facts.")
    for group, facts in groups.items():
        if group not in ("options", "risk") or not isinstance(facts, Mapping):
            wrong = shown(group, longest=60)
            raise ContentError(f"{file}: facts.{wrong}: a regime declares tables of options and risk only.", "Move the fact.")
        yield from ((f"{group}.{name}", entry) for name, entry in facts.items())


def _kind(key: str, group: str, entry: dict[str, Any], lists: dict[str, tuple[tuple[str, str], ...]]) -> FactKind:
    return FactKind(
        key=key,
        type=FactType(entry["type"]),
        question=entry["ask"],
        choices=lists[entry["list"]] if "list" in entry else tuple(entry.get("choices", {}).items()),
        unit=entry.get("unit", ""),
        judgement=entry.get("judgement", False),
        group=group,
        law=group != "account",
        function=entry.get("function", ""),
    )
