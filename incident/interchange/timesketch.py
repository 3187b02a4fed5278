"""Writes the timeline as Timesketch reads it, CSV or JSONL: `message`, `datetime` with its offset, `timestamp_desc`.

`timestamp` is the same instant in microseconds since 1970. A day is written as its first instant and says in
`timestamp_desc` that only the day is known.
"""

import csv
import json
from collections.abc import Iterator
from io import StringIO

from incident.domain.outgoing import Outgoing, OutgoingEntry
from incident.domain.timeline import EntryKind, Precision
from incident.interchange.inert_cell import inert

COLUMNS = ("message", "datetime", "timestamp_desc", "timestamp", "kind", "by", "source", "incident", "stamp")
_DESCRIPTIONS = {
    EntryKind.LOG: "Log line",
    EntryKind.ATTACK: "Attack",
    EntryKind.RESPONSE: "Response",
    EntryKind.NOTICE: "Notice",
    EntryKind.STATUS: "Status",
}


def timesketch_csv(going: Outgoing) -> str:
    """The timeline as CSV; a message is one line, because tools split on line ends."""
    out = StringIO(newline="")
    rows = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    rows.writeheader()
    for row in _rows(going):
        cells = {key: " ".join(value.split()) if isinstance(value, str) else value for key, value in row.items()}
        rows.writerow({key: inert(value) if isinstance(value, str) else value for key, value in cells.items()})
    return out.getvalue()


def timesketch_jsonl(going: Outgoing) -> str:
    """The timeline as JSONL: one object per line, never a list."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in _rows(going))


def _rows(going: Outgoing) -> Iterator[dict[str, str | int]]:
    for entry in going.entries:
        at = entry.written_at
        yield {
            "message": entry.text,
            "datetime": at.isoformat(timespec="microseconds"),
            "timestamp_desc": described(entry),
            "timestamp": int(at.timestamp()) * 1_000_000 + at.microsecond,
            "kind": entry.kind.value,
            "by": entry.by,
            "source": entry.source,
            "incident": going.incident.reference,
            "stamp": f"EXERCISE. {going.profile.stamp}" if going.incident.exercise else going.profile.stamp,
        }


def described(entry: OutgoingEntry) -> str:
    """What the time of a line is the time of, and how exactly it is known."""
    words = _DESCRIPTIONS[entry.kind]
    return words if entry.precision is Precision.EXACT else f"{words} ({entry.precision.value} precision)"
