"""Reads a timeline from CSV or JSONL: Timesketch's columns, and those of DFIR-IRIS. A time without a zone is refused.

`datetime` is trusted; a `timestamp` beside it that says otherwise is remarked on, because real tools write it in
milliseconds, in seconds, or an hour off.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

from incident.domain.foreign_case import ForeignLine
from incident.domain.timeline import EntryKind, Precision
from incident.domain.toml_text import read_json
from incident.errors import ContentError
from incident.interchange.foreign_json import as_seen, check_brackets, cleaned, counted, read_text
from incident.interchange.inert_cell import plain

_MOST_ROWS = 50_000
_LONGEST_LINE = 1_000_000
_LONGEST_TEXT = 4_000
_MESSAGE = ("message", "event_title", "title")
_WHEN = ("datetime", "event_date")
_DESCRIBED = ("timestamp_desc", "timestamp_description")
_OFFSET = re.compile(r"(?:UTC|GMT)?([+-]\d{2}:?\d{2})")
_KINDS = frozenset(each.value for each in EntryKind)
_ACTORS = {"attacker": EntryKind.ATTACK, "responder": EntryKind.RESPONSE}
_MEND = "Give every time as ISO 8601 with its offset: 2026-03-02T09:00:00+01:00."


@dataclass(frozen=True, slots=True)
class TimelineFile:
    """The lines of a file in its order, and what was odd in it."""

    lines: tuple[ForeignLine, ...]
    remarks: tuple[str, ...]


def read_timeline(path: Path) -> TimelineFile:
    """Every row of a file; raises ContentError naming the row, and then nothing counts."""
    text = read_text(path, "timeline")
    suffix = path.suffix.lower()
    if suffix not in (".csv", ".jsonl"):
        raise ContentError(f"{path.name}: this is no timeline that can be read.", "Name a file that ends in .csv or .jsonl.")
    rows = _csv_rows(text, path.name) if suffix == ".csv" else _jsonl_rows(text, path.name)
    lines: list[ForeignLine] = []
    odd: list[int] = []
    for number, row in rows:
        if len(lines) == _MOST_ROWS:
            raise ContentError(f"{path.name}, line {number}: there are more than {_MOST_ROWS} rows.", "Split the file.")
        line = _line(row, f"{path.name}, line {number}")
        lines.append(line)
        if _disagrees(row, line.at):
            odd.append(number)
    if not lines:
        raise ContentError(f"{path.name}: there is no row in it.", "Write one row per event.")
    return TimelineFile(tuple(lines), _remarks(odd))


def _remarks(odd: list[int]) -> tuple[str, ...]:
    if not odd:
        return ()
    named = ", ".join(map(str, odd[:5])) + (" …" if len(odd) > 5 else "")
    return (
        f"In {counted(len(odd), 'row')} `timestamp` says another time than `datetime` (line {named}); `datetime` was taken.",
    )


Row = Mapping[str, object]


def _csv_rows(text: str, name: str) -> Iterator[tuple[int, Row]]:
    head = text[:_LONGEST_TEXT].split("\n")[0]
    reader = csv.reader(StringIO(text, newline=""), delimiter=max(",;\t", key=head.count))
    try:
        columns = [each.strip().lower() for each in next(reader, [])]
        _check_columns(columns, name)
        for cells in reader:
            if not any(each.strip() for each in cells):
                continue
            if len(cells) > len(columns):
                where = f"{name}, line {reader.line_num}"
                raise ContentError(f"{where}: it has {len(cells)} cells and the head {len(columns)}.", "Quote commas.")
            yield reader.line_num, dict(zip(columns, map(plain, cells), strict=False))
    except csv.Error as error:
        where = f"{name}, line {reader.line_num}"
        raise ContentError(f"{where}: this is not CSV: {error}.", "Look for a quotation mark that is not closed.") from error


def _check_columns(columns: list[str], name: str) -> None:
    for wanted in (_MESSAGE, _WHEN):
        if not set(wanted) & set(columns):
            raise ContentError(f"{name}, line 1: there is no column `{wanted[0]}`.", "Name `message` and `datetime` in line 1.")
    if len(set(columns)) != len(columns):
        raise ContentError(f"{name}, line 1: a column is there twice.", "Keep one of the two.")


def _jsonl_rows(text: str, name: str) -> Iterator[tuple[int, Row]]:
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        where = f"{name}, line {number}"
        if len(line) > _LONGEST_LINE:
            raise ContentError(f"{where}: it is longer than a million characters.", "Shorten it.")
        check_brackets(line, name, first_line=number)
        try:
            row = read_json(line)
        except ContentError as error:
            raise ContentError(f"{where}: {error.message}", error.hint) from error
        if not isinstance(row, dict):
            raise ContentError(
                f"{where}: this is not one JSON object.", "JSONL has one object per line and no list around them."
            )
        yield number, {str(key).lower(): value for key, value in row.items()}


def _line(row: Row, where: str) -> ForeignLine:
    message = " ".join(cleaned(_first(row, _MESSAGE), longest=_LONGEST_TEXT).split())
    if not message:
        raise ContentError(f"{where}: the message is empty.", "Say what happened.")
    described = _first(row, _DESCRIBED).casefold()
    precision = Precision.DAY if "day precision" in described else Precision.EXACT
    if "month precision" in described:
        precision = Precision.MONTH
    said = [cleaned(_first(row, (key,)), longest=500) for key in ("source", "event_source", "actor", "by")]
    source = "; ".join(dict.fromkeys(each for each in said if each))
    return ForeignLine(
        _at(row, where), message, precision, _kind(row), f"imported from {where}{f': {source}' if source else ''}"
    )


def _first(row: Row, keys: tuple[str, ...]) -> str:
    return next((str(row[key]) for key in keys if isinstance(row.get(key), (str, int))), "")


def _kind(row: Row) -> EntryKind | None:
    kind = _first(row, ("kind",))
    if kind in _KINDS:
        return EntryKind(kind)
    return _ACTORS.get(_first(row, ("actor",)).casefold())


def _at(row: Row, where: str) -> datetime:
    said = _first(row, _WHEN).strip()
    if not said:
        raise ContentError(f"{where}: there is no time.", _MEND)
    try:
        found = datetime.fromisoformat(said)
    except ValueError as error:
        raise ContentError(f"{where}: «{as_seen(said)}» is not a time.", _MEND) from error
    if found.tzinfo is None and (offset := _OFFSET.fullmatch(_first(row, ("event_tz",)).strip())) is not None:
        found = datetime.fromisoformat(f"{found.isoformat()}{offset[1]}")
    if found.tzinfo is None:
        raise ContentError(f"{where}: the time «{as_seen(said)}» has no zone.", _MEND)
    if not 1970 < found.year < 2200:
        raise ContentError(f"{where}: the year {found.year} cannot be right.", _MEND)
    return found.astimezone(UTC)


def _disagrees(row: Row, at: datetime) -> bool:
    said = _first(row, ("timestamp",)).strip()
    if not re.fullmatch(r"\d{1,17}", said):
        return False
    return abs(datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(said)) - at) > timedelta(seconds=1)
