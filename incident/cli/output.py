"""What commands print: plain tables for people, one JSON document for programs."""

import json
import os
import shutil
import sys
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from itertools import zip_longest
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from incident.errors import shown

_PIPED = 100
"""Columns where nobody's window says how wide it is."""
_NARROWEST = 8


def plain(value: object) -> object:
    """A value as JSON takes it: instants in UTC with `Z`, durations in seconds, bytes as hex, enums as text.

    A parsed condition (`when`) is left out; its sentences stand beside it (`when_text`).
    """
    for kinds, turn in _TURNS:
        if isinstance(value, kinds):
            return turn(value)
    if is_dataclass(value) and not isinstance(value, type):
        held = ((each.name, getattr(value, each.name)) for each in fields(value))
        return {name: plain(each) for name, each in held if name not in ("when", "any_of")}
    return value


def _instant(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


_TURNS: tuple[tuple[type | tuple[type, ...], Callable[[Any], object]], ...] = (
    (datetime, _instant),
    (Enum, lambda value: value.value),
    (timedelta, lambda value: value.total_seconds()),
    ((date, UUID, Path), str),
    (bytes, lambda value: value.hex()),
    (Mapping, lambda value: {str(key): plain(each) for key, each in value.items()}),
    ((list, tuple, set, frozenset), lambda value: [plain(each) for each in value]),
)


def print_json(value: object) -> None:
    """Print one JSON document."""
    print(json.dumps(plain(value), ensure_ascii=False, indent=2))


def columns() -> int:
    """How many columns a line may have: the terminal's, COLUMNS, or 100 where there is neither."""
    return max(40, shutil.get_terminal_size((_PIPED, 24)).columns if sys.stdout.isatty() else _said_columns())


def _said_columns() -> int:
    said = os.environ.get("COLUMNS", "")
    return int(said) if said.isdecimal() and len(said) < 5 and int(said) else _PIPED


def wrapped(text: str, *, first: str = "", then: str | None = None) -> str:
    """Text within the terminal's width: `first` begins its first line, `then` (else as many spaces) every other one."""
    following = " " * len(first) if then is None else then
    width = max(columns(), len(following) + 20)
    lines = textwrap.wrap(
        shown(text), width, initial_indent=first, subsequent_indent=following, break_long_words=False, break_on_hyphens=False
    )
    return "\n".join(lines) if lines else first.rstrip()


def say(text: str, *, first: str = "", then: str | None = None) -> None:
    """Print text within the terminal's width."""
    print(wrapped(text, first=first, then=then))


def print_table(head: Sequence[str], rows: Sequence[Sequence[str]], *, spare: Sequence[str] = ()) -> None:
    """Print columns within the terminal's width; `spare` ones are left out first where it is narrow, then cells wrap."""
    cells = [[shown(" ".join(str(each).split())) for each in row] for row in (head, *rows)]
    for name in spare:
        if _whole(cells) > columns():
            index = cells[0].index(name)
            cells = [[cell for number, cell in enumerate(row) if number != index] for row in cells]
    widths = _widths(cells)
    for number, row in enumerate(cells):
        _print_row(row, widths)
        if number == 0:
            print("  ".join("─" * min(width, 60) for width in widths))


def _whole(cells: Sequence[Sequence[str]]) -> int:
    """How wide a table is that wraps nothing but its last column, which can do with a third of the line."""
    full = [max(len(row[index]) for row in cells) for index in range(len(cells[0]))]
    return sum(full[:-1]) + min(full[-1], columns() // 3) + 2 * (len(full) - 1)


def _widths(cells: Sequence[Sequence[str]]) -> list[int]:
    """As wide as the widest cell; the widest columns give way until the line fits."""
    widths = [max(len(row[index]) for row in cells) for index in range(len(cells[0]))]
    room = columns() - 2 * (len(widths) - 1)
    while sum(widths) > room and max(widths) > _NARROWEST:
        widest = max(range(len(widths)), key=lambda index: (widths[index], index))
        widths[widest] -= 1
    return widths


def _print_row(row: Sequence[str], widths: Sequence[int]) -> None:
    broken = [textwrap.wrap(cell, width, break_on_hyphens=False) or [""] for cell, width in zip(row, widths, strict=True)]
    for line in zip_longest(*broken, fillvalue=""):
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def moment(at: datetime | None, zone: str) -> str:
    """An instant on a line: day, time and zone; a dash for none."""
    if at is None:
        return "—"
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M} {zone.rsplit('/', 1)[-1].replace('_', ' ')}"
