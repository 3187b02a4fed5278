"""An answer as a person types it, turned into a fact's JSON value; and a value turned back into words.

`yes`, `DE 18200, FR ~6400`, `name, e-mail`, `yesterday 14:10 Berlin` — each kind of fact has one way to be
typed, the same on the screen and on the command line. What cannot be understood is refused with the mend.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from incident.domain.fact_value import HOLD_FORMS, when
from incident.domain.moment import said
from incident.domain.vocabulary import FactKind, FactType
from incident.errors import ContentError, shown

_YES = frozenset({"yes", "y", "true", "ja", "oui"})
_NO = frozenset({"no", "n", "false", "nein", "non"})
_PEOPLE_ROW = re.compile(r"^([A-Za-z]{2}(?:-[A-Za-z0-9]{1,3})?)\s*[:=]?\s*(~|about |ca\.? )?([\d.,_' ]+)?(.*)$")


def answer(kind: FactKind, text: str, *, now: datetime, zone: str) -> object:
    """The JSON value of what was typed for this fact; raises ContentError naming the fact and the mend."""
    text = text.strip()
    if not text:
        raise ContentError(f"{kind.key}: nothing was given.", "Leave a fact out, or record it as unknown.")
    if kind.type in _TIMED:
        return _TIMED[kind.type](kind, text, now=now, zone=zone)
    return _READ[kind.type](kind, text) if kind.type in _READ else text


def _flag(kind: FactKind, text: str) -> bool:
    if text.lower() in _YES:
        return True
    if text.lower() in _NO:
        return False
    raise ContentError(f"{kind.key}: «{text}» is neither yes nor no.", "Answer yes or no, or record it as unknown.")


_LONGEST_NUMBER = 40
_WHOLE = re.compile(r"^(\d+|\d{1,3}([ _',.]\d{3})+)$")


def _number(kind: FactKind, text: str) -> int:
    if len(text) > _LONGEST_NUMBER or not _WHOLE.match(text.strip()):
        raise ContentError(
            f"{kind.key}: «{shown(text, longest=_LONGEST_NUMBER)}» is not a number of 0 or more.",
            "Give whole digits, such as 12500.",
        )
    return int(re.sub(r"\D", "", text))


def _items(text: str) -> list[str]:
    return [each.strip() for each in re.split(r"[,;\n]", text) if each.strip()]


def _rows(text: str) -> list[str]:
    return [each.strip() for each in re.split(r"[;\n]|,(?!\d{3}(?!\d))", text) if each.strip()]


def _token(kind: FactKind, text: str) -> str:
    wanted = text.strip().lower()
    for token, label in kind.choices:
        if wanted in (token.lower(), label.lower(), token.lower().replace("_", " ")):
            return token
    if not kind.choices:
        return text.strip()
    known = ", ".join(token for token, _ in kind.choices[:12])
    more = " …" if len(kind.choices) > 12 else ""
    raise ContentError(f"{kind.key}: «{text}» is not one of its answers.", f"Choose from: {known}{more}.")


_PEOPLE_ALIVE = 10_000_000_000
"""More than live; the world counts a little over eight thousand million."""


def _headcount(kind: FactKind, number: int) -> int:
    if number > _PEOPLE_ALIVE:
        raise ContentError(f"{kind.key}: {number:,} are more people than live.", "Count persons, once each.")
    return number


def _people_row(kind: FactKind, text: str) -> dict[str, object]:
    match = _PEOPLE_ROW.match(text)
    if match is None:
        raise ContentError(f"{kind.key}: «{text}» is not a place and a number.", "Write `DE 18200, US-CA ~2950`.")
    place, about, number, rest = match[1].upper(), match[2], match[3], match[4].strip().lower()
    row: dict[str, object] = {"in": place}
    if number and number.strip():
        row["count"] = _headcount(kind, _number(kind, number.strip(" ,")))
    if unreachable := re.search(r"(\d{1,18})\s*unreachable", rest):
        row["unreachable"] = _headcount(kind, int(unreachable[1]))
        rest = rest.replace(unreachable[0], "").strip(" ,()")
    if about or "estimated" in rest:
        row["estimated"] = True
        rest = rest.replace("estimated", "").strip(" ,()")
    if rest and rest not in {"?", "unknown"}:
        raise ContentError(f"{kind.key}: «{text}» is not a place and a number.", "Write `DE 18200, US-CA ~2950`.")
    return row


def _knowledge_row(kind: FactKind, text: str, *, now: datetime, zone: str) -> dict[str, object]:
    by, _, when = text.partition(" ")
    if not when:
        raise ContentError(f"{kind.key}: «{text}» lacks a time.", "Write who and when: `workforce yesterday 14:00`.")
    return {"by": by.lower(), "at": said(when, now=now, zone=zone).document}


def _hold_row(kind: FactKind, text: str, *, now: datetime, zone: str) -> dict[str, object]:
    """`law_enforcement written 2026-03-15 until 2026-06-30`."""
    before, _, until = text.partition(" until ")
    words = before.split(maxsplit=2)
    if len(words) < 3 or words[1] not in HOLD_FORMS:
        raise ContentError(
            f"{kind.key}: «{shown(text, longest=60)}» is not a hold.",
            "Write `law_enforcement written 2026-03-15 until 2026-06-30` (or `oral`, without an end).",
        )
    row: dict[str, object] = {"kind": words[0], "form": words[1], "stated": said(words[2], now=now, zone=zone).document}
    if until:
        row["until"] = said(until, now=now, zone=zone).document
    return row


def _moment(kind: FactKind, text: str, *, now: datetime, zone: str) -> str:
    return said(text, now=now, zone=zone).document


def _knowledge(kind: FactKind, text: str, *, now: datetime, zone: str) -> list[dict[str, object]]:
    return [_knowledge_row(kind, each, now=now, zone=zone) for each in _rows(text)]


def _holds(kind: FactKind, text: str, *, now: datetime, zone: str) -> list[dict[str, object]]:
    return [_hold_row(kind, each, now=now, zone=zone) for each in _rows(text)]


def _tokens(kind: FactKind, text: str) -> list[str]:
    return [] if text.lower() in {"none", "-"} else [_token(kind, each) for each in _items(text)]


def _place(kind: FactKind, text: str) -> str:
    return text.strip().upper()


def _places(kind: FactKind, text: str) -> list[str]:
    return [] if text.lower() in {"none", "nowhere", "-"} else [_place(kind, each) for each in _items(text)]


def _people(kind: FactKind, text: str) -> list[dict[str, object]]:
    return [] if text.lower() in {"nobody", "none"} else [_people_row(kind, each) for each in _rows(text)]


_READ: Mapping[FactType, Callable[[FactKind, str], object]] = {
    FactType.FLAG: _flag,
    FactType.NUMBER: _number,
    FactType.CHOICE: _token,
    FactType.CHOICES: _tokens,
    FactType.PLACES: _places,
    FactType.PLACE: _place,
    FactType.PEOPLE: _people,
}


class _Timed(Protocol):
    def __call__(self, kind: FactKind, text: str, *, now: datetime, zone: str) -> object: ...


_TIMED: Mapping[FactType, _Timed] = {
    FactType.MOMENT: _moment,
    FactType.KNOWLEDGE: _knowledge,
    FactType.HOLDS: _holds,
}


def value_text(kind: FactKind, value: object, *, zone: str = "UTC") -> str:
    """A fact's JSON value in one line of words; instants in the reader's zone, naming it, with UTC beside it."""
    if value is None:
        return "unknown yet"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        if kind.type is FactType.MOMENT and isinstance(at := when(kind.key, value), datetime):
            return moment_text(at, zone)
        return dict(kind.choices).get(value, value)
    if isinstance(value, Sequence):
        return ", ".join(_row_text(kind, each) for each in value) or "none"
    return f"{value:,}" if isinstance(value, int) else str(value)


def moment_text(at: datetime, zone: str) -> str:
    """An instant as it is read back: local day and time, the zone's name, and UTC where that differs."""
    utc = at.astimezone(UTC)
    if zone == "UTC":
        return f"{utc:%Y-%m-%d %H:%M} UTC"
    local, place = at.astimezone(ZoneInfo(zone)), zone.rsplit("/", 1)[-1].replace("_", " ")
    same_day = f"{utc:%H:%M}" if local.date() == utc.date() else f"{utc:%Y-%m-%d %H:%M}"
    return f"{local:%Y-%m-%d %H:%M} {place} ({same_day} UTC)"


def _row_text(kind: FactKind, row: object) -> str:
    if not isinstance(row, Mapping):
        return dict(kind.choices).get(str(row), str(row))
    if "in" in row:
        count = row.get("count")
        number = "number unknown" if count is None else f"{'about ' if row.get('estimated') else ''}{count:,}"
        unreachable = f" ({row['unreachable']} unreachable)" if row.get("unreachable") else ""
        return f"{row['in']} {number}{unreachable}"
    return " ".join(str(each) for each in row.values())
