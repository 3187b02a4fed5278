"""Reads a list of contract clauses: one CSV row per duty to tell a customer, an insurer or another partner.

Columns: `party`, `window`, `anchor`, and if wanted `contact`, `channel`, `clause`, `when`. Commas or semicolons; UTF-8.
"""

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from incident.errors import ContentError

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


def read_clauses(file: Path) -> tuple[Clause, ...]:
    """Every clause of a CSV file; raises ContentError naming the line, and then nothing counts."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ContentError(f"{file}: it cannot be read: {error}.", "Give a CSV file in UTF-8.") from error
    head = text.splitlines()[0] if text.strip() else ""
    reader = csv.DictReader(text.splitlines(), delimiter=";" if head.count(";") > head.count(",") else ",")
    names = [str(name).strip().lower() for name in reader.fieldnames or ()]
    missing = [name for name in _NEEDED if name not in names]
    unknown = [name for name in names if name not in _COLUMNS]
    if missing or unknown:
        wrong = f"the column {missing[0]} is missing" if missing else f"«{unknown[0]}» is not a column"
        raise ContentError(f"{file.name}, line 1: {wrong}.", f"Columns: {', '.join(_COLUMNS)}.")
    reader.fieldnames = names
    found = tuple(_clauses(reader, file.name))
    if not found:
        raise ContentError(f"{file.name}: there is no clause in it.", "Write one row per duty.")
    return found


def _clauses(rows: "csv.DictReader[str]", name: str) -> Iterable[Clause]:
    for row in rows:
        if None in row:
            raise ContentError(f"{name}, line {rows.line_num}: there are more cells than columns.", "Quote cells with commas.")
        said = {key: (value or "").strip() for key, value in row.items()}
        if any(said.values()):
            yield _clause(said, f"{name}, line {rows.line_num}", rows.line_num)


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
    found = re.fullmatch(r"(\d{1,4}) ?([a-z_ ]+)", plain)
    unit = _UNITS.get(found[2]) if found else None
    if found is None or unit is None:
        raise ContentError(f"{where}: «{text}» is not a window.", "Write 24 hours, 5 days, 3 business days, or immediately.")
    return f"{found[1]} {unit}"
