"""Cells that a spreadsheet shows and never computes: text that would start a formula gets an apostrophe before it."""

import re

_STARTS = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
_MARK = "'"


def inert(text: str) -> str:
    """The cell as it is written; a plain number stays a number."""
    first = text.strip().lstrip("\ufeff\u200b \t")[:1]
    starts = bool(first) and (first in _STARTS or text[0] in _STARTS)
    return f"{_MARK}{text}" if starts and not _NUMBER.fullmatch(text) else text


def plain(text: str) -> str:
    """The cell as it was before `inert` wrote it."""
    return text[1:] if text.startswith(_MARK) and inert(text[1:]) == text else text
