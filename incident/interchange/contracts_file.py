"""Reads a list of contract clauses: one CSV row per duty to tell a customer, an insurer or another partner.

Columns: `party`, `window`, `anchor`, and if wanted `contact`, `channel`, `clause`, `when`. Commas or semicolons; UTF-8.
"""

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path

from incident.errors import ContentError, is_plain, shown
from incident.regular_file import regular_file

_COLUMNS = ("party", "window", "anchor", "contact", "channel", "clause", "when")
_NEEDED = ("party", "window", "anchor")
_UNITS = {
    "h": "hours", "hour": "hours", "hours": "hours",
    "d": "calendar_days", "day": "calendar_days", "days": "calendar_days",
    "calendar day": "calendar_days", "calendar days": "calendar_days", "calendar_days": "calendar_days",
    "business day": "business_days", "business days": "business_days", "business_days": "business_days",
    "working day": "business_days", "working days": "business_days",
    "month": "months", "months": "months",
}  # fmt: skip
_WITHOUT_NUMBER = frozenset({"immediately", "promptly", "without undue delay", "as soon as possible", "undated"})


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of a contract: whom to tell, how soon, from which event, how."""

    party: str
    period: str
    """As regimes write it: `24 hours`, `3 business_days`, `undated`."""
    anchor: str
    contact: str = ""
    channel: str = ""
    clause: str = ""
    when: str = ""
    line: int = 0


_MEGABYTES, _MOST_CLAUSES, _LONGEST_CELL = 64, 10_000, 1000


def read_clauses(file: Path) -> tuple[Clause, ...]:
    """Every clause of a CSV file, equal ones once; raises ContentError naming the line, and then nothing counts."""
    try:
        text = regular_file(file, "list of contracts", megabytes=_MEGABYTES).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ContentError(f"{file}: byte {error.start} is not UTF-8.", "Save the file as CSV in UTF-8.") from error
    except ContentError as error:
        raise ContentError(f"{file}: {error.message}", error.hint) from error
    head = text[:_LONGEST_CELL].split("\n")[0]
    reader = csv.DictReader(StringIO(text, newline=""), delimiter=";" if head.count(";") > head.count(",") else ",")
    try:
        _check_columns(reader, file.name)
        found = {replace(each, line=0): each for each in _clauses(reader, file.name)}
    except csv.Error as error:
        where = f"{file.name}, line {reader.line_num + 1}"
        raise ContentError(f"{where}: this is not CSV: {error}.", "Look for a quotation mark that is not closed.") from error
    if not found:
        raise ContentError(f"{file.name}: there is no clause in it.", "Write one row per duty.")
    return tuple(found.values())


def _check_columns(rows: "csv.DictReader[str]", name: str) -> None:
    names = [str(each).strip().lower() for each in rows.fieldnames or ()]
    missing = [each for each in _NEEDED if each not in names]
    unknown = [each for each in names if each not in _COLUMNS]
    if missing or unknown:
        wrong = f"the column {missing[0]} is missing" if missing else f"«{shown(unknown[0], longest=60)}» is not a column"
        raise ContentError(f"{name}, line 1: {wrong}.", f"Columns: {', '.join(_COLUMNS)}.")
    rows.fieldnames = names


def _clauses(rows: "csv.DictReader[str]", name: str) -> Iterable[Clause]:
    for number, row in enumerate(rows, 1):
        where = f"{name}, line {rows.line_num}"
        if number > _MOST_CLAUSES:
            raise ContentError(f"{where}: there are more than {_MOST_CLAUSES} clauses.", "Import those that are in force.")
        if None in row:
            raise ContentError(f"{where}: there are more cells than columns.", "Quote cells with commas.")
        said = {key: _cell(value or "", f"{where}: {key}") for key, value in row.items()}
        if any(said.values()):
            yield _clause(said, where, rows.line_num)


def _cell(value: str, where: str) -> str:
    """A cell as one line of text."""
    plain = " ".join(value.split())
    if len(plain) > _LONGEST_CELL:
        raise ContentError(f"{where}: it has more than {_LONGEST_CELL} characters.", "Shorten it.")
    if not is_plain(plain):
        wrong = shown(plain, longest=60)
        raise ContentError(f"{where}: «{wrong}» holds a character that no screen shows.", "Take it out.")
    return plain


def _clause(said: Mapping[str, str], where: str, line: int) -> Clause:
    for key in _NEEDED:
        if not said[key]:
            raise ContentError(f"{where}: {key} is empty.", "Say whom to tell, how soon, and from which event.")
    anchor = said["anchor"].removeprefix("at.")
    rest = {key: said.get(key, "") for key in ("contact", "channel", "clause", "when")}
    return Clause(said["party"], period_of(said["window"], where), anchor, line=line, **rest)


def period_of(text: str, where: str) -> str:
    """A window as people write it (`24 h`, `3 business days`, `immediately`) as regimes write it."""
    plain = " ".join(text.lower().split())
    if plain in _WITHOUT_NUMBER:
        return "undated"
    found = re.fullmatch(r"([0-9]{1,4}) ?([a-z_ ]+)", plain)
    unit = _UNITS.get(found[2]) if found else None
    if found is None or unit is None:
        wrong = shown(text, longest=60)
        raise ContentError(f"{where}: «{wrong}» is not a window.", "Write 24 hours, 5 days, 3 business days, or immediately.")
    if not int(found[1]):
        raise ContentError(f"{where}: «{shown(text, longest=60)}» is no time at all.", "Write immediately.")
    return f"{int(found[1])} {unit}"
