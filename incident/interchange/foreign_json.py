"""Reads another tool's JSON within limits: size, depth and number of values, and only text that a screen can show."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from incident.domain.toml_text import read_json
from incident.errors import ContentError, shown
from incident.regular_file import regular_file

Json = Mapping[str, object]

MEGABYTES = 20
_DEEPEST = 60
_MOST = 200_000
"""Objects and lists; a case with ten thousand events has a few times as many."""
LONGEST_TEXT = 20_000
_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*+"|[\[{]|[\]}]')
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_FIRST, _LAST = datetime(1970, 1, 2, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def read_text(path: Path, what: str) -> str:
    """The text of a file; raises ContentError naming the file and the byte that is not UTF-8."""
    try:
        return regular_file(path, what, megabytes=MEGABYTES).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ContentError(f"{path.name}: byte {error.start} is not UTF-8.", "Save the file in UTF-8.") from error
    except ContentError as error:
        raise ContentError(f"{path.name}: {error.message}", error.hint) from error


def read_object(path: Path, what: str) -> Json:
    """The one JSON object in a file, also where it is the only item of a list or the `data` of an answer."""
    text = read_text(path, what)
    check_brackets(text, path.name)
    try:
        found = read_json(text)
    except ContentError as error:
        raise ContentError(f"{path.name}: {error.message}", error.hint) from error
    if isinstance(found, list) and len(found) == 1:
        found = found[0]
    if isinstance(found, list):
        raise ContentError(f"{path.name}: there are {len(found)} items in it.", "Export one, and import it alone.")
    if isinstance(found, dict) and isinstance(found.get("data"), dict) and {"status", "message"} & set(found):
        found = found["data"]
    if not isinstance(found, dict):
        raise ContentError(f"{path.name}: this is no {what}: the JSON is not one object.", "Name another file.")
    return found


def check_brackets(text: str, name: str, *, first_line: int = 1) -> None:
    """Refuse what would cost more memory than any record, before it is read."""
    depth = opened = 0
    for found in _BRACKETS.finditer(text):
        step = 1 if found[0] in "[{" else -1 if found[0] in "]}" else 0
        depth += step
        opened += step > 0
        if depth > _DEEPEST or opened > _MOST:
            line = text.count("\n", 0, found.start()) + first_line
            what = f"it is nested more than {_DEEPEST} deep" if depth > _DEEPEST else f"it holds more than {_MOST} values"
            raise ContentError(f"{name}, line {line}: {what}.", "No record needs that; name another file.")


def text_of(record: Json, *keys: str, longest: int = LONGEST_TEXT) -> str:
    """The first of these keys that holds text, as a screen can show it; numbers count as text, blank where there is none."""
    for key in keys:
        value = record.get(key)
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if isinstance(value, str) and (clean := cleaned(value, longest=longest)):
            return clean
    return ""


def cleaned(text: str, *, longest: int = LONGEST_TEXT) -> str:
    """Text without what no screen shows: control and direction characters, half characters; cut to `longest`."""
    whole = _UNSEEN.sub("", text.encode("utf-8", "replace").decode()).replace("\r\n", "\n").replace("\r", "\n").strip()
    return whole if len(whole) <= longest else f"{whole[: longest - 1]}…"


def inner(record: Json, key: str) -> Json:
    """The object under a key; an empty one where there is none."""
    value = record.get(key)
    return value if isinstance(value, dict) else {}


def objects(record: Json, *keys: str) -> tuple[Json, ...]:
    """The objects of the first list under one of these keys."""
    for key in keys:
        value = record.get(key)
        if isinstance(value, list):
            return tuple(each for each in value if isinstance(each, dict))
    return ()


def words(record: Json, key: str) -> tuple[str, ...]:
    """The texts of a list, or of one text with commas."""
    value = record.get(key)
    parts = value.split(",") if isinstance(value, str) else value if isinstance(value, list) else ()
    return tuple(clean for each in parts if isinstance(each, str) and (clean := cleaned(each, longest=200)))


def moment_of(value: object) -> datetime | None:
    """An instant from ISO 8601 with its offset or from milliseconds since 1970; None where neither, or without a zone."""
    if isinstance(value, str) and re.fullmatch(r"\d{12,14}", value.strip()):
        value = int(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if not -1e15 < value < 1e15:
            return None
        found = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=value)
        return found if _FIRST < found < _LAST else None
    try:
        read = datetime.fromisoformat(value.strip()) if isinstance(value, str) else None
    except ValueError:
        return None
    return read.astimezone(UTC) if read is not None and read.tzinfo is not None and 1970 < read.year < 2200 else None


def counted(number: int, what: str) -> str:
    """A number with its noun."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def as_seen(value: object) -> str:
    """A wrong value as a message repeats it."""
    return shown(str(value), longest=60)
