"""Reads TOML and JSON from outside with the limits that their readers lack; the messages speak of the document."""

import json
import re
import tomllib
from collections.abc import Mapping
from typing import Any, NoReturn

from incident.errors import ContentError, shown

LONGEST_TOML = 2 * 1024 * 1024
"""Bytes. Nobody writes more by hand, and the reader of TOML is slow."""
_KEY = r"""(?:[\w-]+|"[^"\n]*"|'[^'\n]*')"""
_DEEP_KEY = re.compile(rf"""(?<![\w.-]){_KEY}(?:[ \t]*\.[ \t]*{_KEY}){{32}}""", re.ASCII)
"""A key of 33 parts: the reader needs a time that grows with the square of them."""
_LONG_NUMBER = re.compile(r"(?<![\w\"'])[+-]?[0-9][0-9_]{999}", re.ASCII)
_SUSPICIONS = ((_DEEP_KEY, "a key has more than 32 parts"), (_LONG_NUMBER, "a number has a thousand digits"))
_SHORT_TEXT, _SHORT_LINE = 64 * 1024, 1000
"""Below these no key can be deep enough to matter, and the law is read without looking."""
_NESTED = "it is nested too deeply"


def read_toml(text: str) -> dict[str, Any]:
    """The document; raises ContentError that says what is wrong, with the line where the reader names one."""
    if len(text) > LONGEST_TOML:
        raise ContentError("it is larger than two megabytes.", "Write it as JSON, or split it.")
    suspect = len(text) > _SHORT_TEXT or max(map(len, text.splitlines()), default=0) > _SHORT_LINE
    for pattern, what in _SUSPICIONS if suspect else ():
        if found := pattern.search(text):
            raise ContentError(f"{what} (line {text.count(chr(10), 0, found.start()) + 1}).", "Mend the line.")
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise ContentError(f"this is not TOML: {_NESTED}.", "Write it flatter.") from error
    except tomllib.TOMLDecodeError as error:
        raise ContentError(f"this is not TOML: {shown(str(error), longest=200)}.", "Mend the line.") from error
    except ValueError as error:
        raise ContentError("this is not TOML: a number or a date in it does not exist.", "Mend the value.") from error


def read_json(text: str) -> object:
    """The document; raises ContentError that says what is wrong, with the line where the reader names one."""
    try:
        return json.loads(text, object_pairs_hook=_no_doubles, parse_constant=_no_constant)
    except RecursionError as error:
        raise ContentError(f"this is not JSON: {_NESTED}.", "Write it flatter.") from error
    except json.JSONDecodeError as error:
        raise ContentError(f"this is not JSON: {error}.", "Mend the place it names.") from error
    except ValueError as error:
        raise ContentError("this is not JSON: a number in it is too long.", "Mend the number.") from error


def _no_doubles(pairs: list[tuple[str, object]]) -> Mapping[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise ContentError(f"the key «{shown(twice, longest=60)}» is there twice.", "Keep one of the two.")
    return found


def _no_constant(word: str) -> NoReturn:
    raise ContentError(f"«{word}» is not a value.", "Leave the key out while it is unknown.")
