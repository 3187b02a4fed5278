"""Reads a CACAO file as JSON, within limits, and says where it cannot be read: a line, a byte, or a JSON pointer."""

import json
import re
from pathlib import Path
from typing import Any

from incident.domain.toml_text import read_json
from incident.errors import ContentError
from incident.interchange.cacao_words import Json, pointer
from incident.regular_file import regular_file

_MEGABYTES = 10
_DEEPEST = 60
"""Levels of brackets; the standard's own objects have fewer than ten."""
_MOST_OBJECTS = 100_000
_WORD = re.compile(r'"(?:[^"\\]|\\.)*+"|(-?Infinity|NaN)')
_HALF = re.compile(r"\\u[dD][89a-fA-F]")
_STEPS = {"[": 1, "{": 1, "]": -1, "}": -1}
_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*+"|[\[{]|[\]}]')


def read_cacao(path: Path) -> Json:
    """The JSON object in a file; raises ContentError naming the place, and runs nothing that is in it."""
    try:
        text = regular_file(path, "playbook", megabytes=_MEGABYTES).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ContentError(f"{path.name}: byte {error.start} is not UTF-8.", "Save the file as JSON in UTF-8.") from error
    except ContentError as error:
        raise ContentError(f"{path.name}: {error.message}", error.hint) from error
    document = _parsed(text, path.name)
    if not isinstance(document, dict):
        raise ContentError(f"{path.name}: this is no playbook: the JSON is not one object.", "Name a CACAO v2.0 playbook.")
    return document


def _parsed(text: str, name: str) -> object:
    _check_brackets(text, name)
    try:
        found = read_json(text)
    except ContentError as error:
        raise ContentError(f"{name}{_place(text, error.message)}: {error.message}", error.hint) from error
    if _HALF.search(text) and (place := _half(found)) is not None:
        raise ContentError(f"{name}, {place or '/'}: a text holds half a character.", "Write the character whole.")
    return found


def _check_brackets(text: str, name: str) -> None:
    """Refuse what would cost more memory than any playbook, before it is read."""
    depth = opened = 0
    for found in _BRACKETS.finditer(text):
        step = _STEPS.get(found[0], 0)
        depth += step
        opened += step > 0
        if depth > _DEEPEST or opened > _MOST_OBJECTS:
            line = text.count("\n", 0, found.start()) + 1
            what = (
                f"it is nested more than {_DEEPEST} deep"
                if depth > _DEEPEST
                else f"it has more than {_MOST_OBJECTS} objects and lists"
            )
            raise ContentError(f"{name}, line {line}: {what}.", "No playbook needs that; write it shorter.")


def _place(text: str, message: str) -> str:
    """Where a word that is no value stands, or a key that stands twice; JSON's own errors name their line."""
    if "is not a value" in message:
        found = next((each for each in _WORD.finditer(text) if each[1]), None)
        return f", line {text.count(chr(10), 0, found.start()) + 1}" if found else ""
    return f", {place}" if "is there twice" in message and (place := _double(text)) else ""


class _Pairs(list[tuple[str, Any]]):
    """An object with all its pairs, the double ones too."""


def _double(text: str) -> str:
    """The pointer to the first key that stands twice."""
    waiting: list[tuple[str, object]] = [("", json.loads(text, object_pairs_hook=_Pairs))]
    while waiting:
        place, value = waiting.pop()
        seen: set[str] = set()
        pairs = value if isinstance(value, _Pairs) else enumerate(value) if isinstance(value, list) else ()
        for key, each in pairs:
            if isinstance(value, _Pairs) and key in seen:
                return place + pointer(key)
            seen.add(str(key))
            if isinstance(each, list):
                waiting.append((place + pointer(key), each))
    return ""


def _half(document: object) -> str | None:
    """The pointer to the first text that no file can hold: half a surrogate pair."""
    waiting = [("", document)]
    while waiting:
        place, value = waiting.pop()
        inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        if isinstance(value, str) and not _writable(value):
            return place
        for key, each in inside:
            if isinstance(key, str) and not _writable(key):
                return place
            waiting.append((place + pointer(key), each))
    return None


def _writable(text: str) -> bool:
    return text.isascii() or not any("\ud800" <= char <= "\udfff" for char in text)
