"""The schedule of reminders as a document: what the unlocked program writes and the locked one reads."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from incident.domain.ladder import DueKind, Rung
from incident.domain.reminder import Due, Watched

_FORMAT = "incident-reminders/1"
_BLOCK = 4096
"""The document's length says no more than how many of these it fills."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """All that is to be reminded of, as it stood when it was written."""

    made_at: datetime
    watched: tuple[Watched, ...] = ()


def written(schedule: Schedule) -> bytes:
    """The document, filled up with spaces to whole blocks."""
    incidents = [
        {
            "key": each.key,
            "code_name": each.code_name,
            "exercise": each.exercise,
            "of": each.of,
            "begun_at": _at(each.begun_at),
            "dues": [_due(due) for due in each.dues],
        }
        for each in schedule.watched
    ]
    content = {
        "format": _FORMAT,
        "made_at": _at(schedule.made_at),
        "incidents": incidents,
    }
    plain = json.dumps(content, separators=(",", ":")).encode()
    return plain + b" " * (-len(plain) % _BLOCK)


def read(plain: bytes) -> Schedule:
    """What `written` wrote; raises ValueError, KeyError or TypeError for anything else."""
    content: dict[str, Any] = json.loads(plain)
    if content["format"] != _FORMAT:
        raise ValueError
    watched = tuple(
        Watched(
            key=str(each["key"]),
            code_name=str(each["code_name"]),
            exercise=bool(each["exercise"]),
            of=str(each["of"]),
            begun_at=_read_at(each["begun_at"]),
            dues=tuple(_read_due(due) for due in each["dues"]),
        )
        for each in content["incidents"]
    )
    return Schedule(_read_at(content["made_at"]), watched)


def _due(due: Due) -> list[object]:
    rungs = [[int(each.after.total_seconds()), list(each.to)] for each in due.rungs]
    return [due.key, due.kind.value, _at(due.due_at), due.role, rungs]


def _read_due(line: list[Any]) -> Due:
    key, kind, due_at, role, rungs = line
    ladder = tuple(Rung(timedelta(seconds=after), tuple(map(str, to))) for after, to in rungs)
    return Due(str(key), DueKind(kind), _read_at(due_at), str(role), ladder)


def _at(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def _read_at(text: object) -> datetime:
    at = datetime.fromisoformat(str(text))
    if at.tzinfo is None:
        raise ValueError
    return at
