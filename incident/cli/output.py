"""What commands print: plain tables for people, one JSON document for programs."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo


def plain(value: object) -> object:
    """A value as JSON takes it: instants in UTC with `Z`, durations in seconds, bytes as hex, enums as text.

    A parsed condition (`when`) is left out; its sentences stand beside it (`when_text`).
    """
    for kinds, turn in _TURNS:
        if isinstance(value, kinds):
            return turn(value)
    if is_dataclass(value) and not isinstance(value, type):
        held = ((each.name, getattr(value, each.name)) for each in fields(value))
        return {name: plain(each) for name, each in held if name != "when"}
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


def print_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print columns as wide as their widest cell; the last column runs on."""
    cells = [[str(each).replace("\n", " ") for each in row] for row in (head, *rows)]
    widths = [max(len(row[index]) for row in cells) for index in range(len(head))]
    for number, row in enumerate(cells):
        line = "  ".join(cell.ljust(width) for cell, width in zip(row[:-1], widths[:-1], strict=True))
        print(f"{line}  {row[-1]}".rstrip() if len(row) > 1 else row[-1])
        if number == 0:
            print("  ".join("─" * min(width, 60) for width in widths))


def moment(at: datetime | None, zone: str) -> str:
    """An instant on a line: day, time and zone; a dash for none."""
    if at is None:
        return "—"
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M} {zone.rsplit('/', 1)[-1].replace('_', ' ')}"
