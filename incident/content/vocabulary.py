"""Reads the vocabulary of facts: `regimes/vocabulary.toml`."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from incident.domain.vocabulary import FactKind, FactType, Vocabulary
from incident.errors import ContentError


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
    for group, facts in document.get("facts", {}).items():
        if group not in ("options", "risk"):
            raise ContentError(f"{file}: facts.{group}: a regime declares options and risk only.", "Move the fact.")
        for name, entry in facts.items():
            key = f"{group}.{name}"
            try:
                found[key] = _kind(key, group, entry, {})
            except (KeyError, ValueError, TypeError, AttributeError) as error:
                raise ContentError(f"{file}: facts.{key}: {error}.", "Give it `type` and `ask`.") from error
    return found


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
