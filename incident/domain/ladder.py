"""When somebody is reminded of what comes due: rungs before and after the date, and who hears each of them.

A ladder is text that a person can write: `24h, 4h > commander, due > commander executive, +1h > commander`. Whoever has the
thing to do hears every rung; the roles after `>` hear that rung as well.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from incident.domain.responder import Role
from incident.errors import ContentError, shown


class DueKind(StrEnum):
    """What comes due."""

    CLOCK = "clock"
    """A duty of the law or of a contract."""
    QUESTION = "question"
    """A duty that an answer still missing would decide; the date is the one it would have."""
    STEP = "step"
    ANSWER = "answer"
    """A fact that somebody was to find out."""
    ACTION = "action"
    """An action item of a review."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One reminder: how long after the date (negative: before it), and which roles hear it besides whose it is."""

    after: timedelta
    to: tuple[str, ...] = ()


Ladder = tuple[Rung, ...]

_UNITS = {"d": "days", "h": "hours", "min": "minutes", "m": "minutes"}
_RUNG = re.compile(r"(\+?)(\d{1,4}) ?(d|h|min|m)")
_MOST = 24
_LONGEST = timedelta(days=400)
_FORM = "Write rungs such as `24h, 4h > commander, due > commander executive, +1h > commander`."

DEFAULTS: Mapping[DueKind, str] = {
    DueKind.CLOCK: (
        "7d, 3d, 24h, 12h > commander, 4h > commander, 1h > commander executive, due > commander executive, "
        "+1h > commander executive, +4h > commander executive, +24h > commander executive, +72h > commander executive"
    ),
    DueKind.QUESTION: "24h, 4h > commander, 1h > commander, due > commander",
    DueKind.STEP: "due, +30min > commander, +2h > commander, +8h > commander",
    DueKind.ANSWER: "1h, due, +1h > commander, +4h > commander",
    DueKind.ACTION: "3d, due, +1d > commander, +7d > commander",
}
"""The ladder of each kind where nobody set another."""


def ladder_of(text: str) -> Ladder:
    """A ladder as typed, the earliest rung first; ContentError when it cannot be read or says one time twice."""
    rungs = tuple(sorted((_rung(part) for part in text.split(",")), key=lambda each: each.after))
    if len({each.after for each in rungs}) != len(rungs):
        raise ContentError("The ladder names the same time twice.", _FORM)
    if len(rungs) > _MOST:
        raise ContentError(f"The ladder has {len(rungs)} rungs.", f"{_MOST} are the most.")
    return rungs


def _rung(part: str) -> Rung:
    when, _, to = part.partition(">")
    return Rung(_offset(when.strip().lower()), tuple(_role(word) for word in to.split()))


def _offset(text: str) -> timedelta:
    if text == "due":
        return timedelta()
    found = _RUNG.fullmatch(text)
    if found is None:
        raise ContentError(f"«{shown(text, longest=40)}» is no rung of a ladder.", _FORM)
    length = timedelta(**{_UNITS[found[3]]: int(found[2])})
    if length > _LONGEST or not length:
        raise ContentError(f"«{text}» is no time for a reminder.", f"From one minute to {_LONGEST.days} days.")
    return length if found[1] else -length


def _role(word: str) -> str:
    try:
        return Role(word).value
    except ValueError as error:
        known = ", ".join(each.value for each in Role)
        raise ContentError(f"«{shown(word, longest=40)}» is no role.", f"Known: {known}.") from error


def ladder_text(ladder: Sequence[Rung]) -> str:
    """A ladder as it is typed."""
    return ", ".join(f"{_when(each.after)}{' > ' + ' '.join(each.to) if each.to else ''}" for each in ladder)


def _when(after: timedelta) -> str:
    seconds = int(abs(after).total_seconds())
    if not seconds:
        return "due"
    sign = "+" if after > timedelta() else ""
    for size, unit in ((86400, "d"), (3600, "h")):
        if seconds % size == 0:
            return f"{sign}{seconds // size}{unit}"
    return f"{sign}{seconds // 60}min"


def ladder_for(scopes: Sequence[str], kind: DueKind, own: Mapping[str, str]) -> Ladder:
    """The ladder of something due: its most specific scope that somebody set, else the one of its kind."""
    text = next((own[each] for each in (*scopes, kind.value) if each in own), DEFAULTS[kind])
    return ladder_of(text)
