"""Times as people say them: `yesterday 14:10 Berlin`, `-3h`, `08:30`, `2026-03-02 09:00 +01:00`, `3 March`.

Everything is read against `now` and a zone that is said or given, and read back with its zone before it is
recorded. An ambiguous local time (the hour that comes twice) or one that never was is refused, not guessed.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo, available_timezones

from incident.errors import ContentError

_HINT = "Say it like `yesterday 14:10 Berlin`, `-3h`, `08:30`, or `2026-03-02T09:00+01:00`."
_HINT_AHEAD = "Say it like `4h`, `in 2 days`, `18:00`, `tomorrow 10:00`, or `2026-03-05 12:00`."
_RELATIVE = re.compile(r"^(?:-\s*)?(\d+)\s*(m|min|minutes?|h|hours?|d|days?)(?:\s+ago)?$")
_CLOCK = re.compile(r"^(\d{1,2})[:.h](\d{2})(?::(\d{2}))?\s*(am|pm)?$")
_OFFSET = re.compile(r"^(?:utc|gmt)?([+-])(\d{2}):?(\d{2})$")
_DAY_FIRST = re.compile(r"^(\d{1,2})[./](\d{1,2})[./](\d{4})$")
_MONTHS = {
    name: number
    for number, name in enumerate(("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1)
}
_LAST_HOUR = 23
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Said:
    """What was understood: an instant, or a whole local day, and the zone it was read in."""

    at: datetime | None
    on: date | None
    zone: str

    @property
    def document(self) -> str:
        """The contract's form: ISO 8601 with an offset, or a date."""
        return self.at.isoformat() if self.at is not None else str(self.on)

    @property
    def readback(self) -> str:
        """The sentence to confirm: day, time and zone, local and UTC."""
        if self.at is None:
            return f"{self.on:%a %d %b %Y}, the whole day, {self.zone}"
        local = self.at.astimezone(_zone_of(self.zone))
        return f"{local:%a %d %b %Y %H:%M} {self.zone} ({self.at.astimezone(UTC):%H:%M} UTC)"


_AHEAD = re.compile(r"^(?:in |\+ ?)?(\d+)\s*(m|min|minutes?|h|hours?|d|days?)?$")


def until(text: str, *, now: datetime, zone: str) -> datetime:
    """A time ahead as people say it: `4` or `4h`, `in 2 days`, `18:00` (the next one), `tomorrow 10:00`, a date."""
    words = " ".join(text.strip().lower().split())
    if match := _AHEAD.match(words):
        unit = {"m": "minutes", "h": "hours", "d": "days"}[(match[2] or "h")[0]]
        try:
            return (now + timedelta(**{unit: int(match[1])})).astimezone(UTC)
        except OverflowError as error:
            raise ContentError(f"«{text}» lies too far ahead.", _HINT_AHEAD) from error
    local = now.astimezone(_zone_of(zone))
    day = (local + timedelta(days=1)).date().isoformat()
    found = said(re.sub(r"\btomorrow\b", day, words), now=now, zone=zone)
    at = found.at if found.at is not None else _local(datetime.combine(found.on or local.date(), time(18)), found.zone)
    if at <= now and _CLOCK.match(words):
        at += timedelta(days=1)
    if at <= now:
        raise ContentError(f"{found.readback} has passed already.", _HINT_AHEAD)
    return at


def said(text: str, *, now: datetime, zone: str) -> Said:
    """Understand a time as typed; `zone` is the IANA name used where none is said. Raises ContentError."""
    words = text.strip().lower().replace(",", " ")
    if not words:
        raise ContentError("No time was given.", _HINT)
    if (iso := _iso(text.strip(), zone)) is not None:
        return iso
    if words.startswith(("tomorrow", "+", "in ")):
        raise ContentError(f"«{text}» has not come yet.", "What happened lies in the past: say when it was.")
    if words in {"now", "just now"}:
        return Said(now.astimezone(UTC), None, zone)
    if match := _RELATIVE.match(words):
        amount, unit = int(match[1]), match[2][0]
        try:
            delta = timedelta(**{{"m": "minutes", "h": "hours", "d": "days"}[unit]: amount})
            return Said((now - delta).astimezone(UTC).replace(microsecond=0), None, zone)
        except OverflowError as error:
            raise ContentError(f"«{text}» is too long ago.", _HINT) from error
    return _parts(text, words.split(), now=now, zone=zone)


def _iso(text: str, zone: str) -> Said | None:
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return Said(None, date.fromisoformat(text), zone)
        if not re.match(r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}", text):
            return None
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        return Said(_local(moment, zone), None, zone)
    return Said(moment.astimezone(UTC), None, zone)


def _parts(text: str, words: list[str], *, now: datetime, zone: str) -> Said:
    clock: time | None = None
    day: date | None = None
    offset: timezone | None = None
    rest: list[str] = []
    for word in words:
        if word in {"at", "on", "the", "um", "of"}:
            continue
        if clock is None and (match := _CLOCK.match(word)):
            clock = _clock(match)
        elif match := _OFFSET.match(word):
            offset = timezone((1 if match[1] == "+" else -1) * timedelta(hours=int(match[2]), minutes=int(match[3])))
        else:
            rest.append(word)
    day, rest = _day(rest, text, now=now, zone=zone)
    if rest:
        zone = _zone_named(" ".join(rest), text)
        today = now.astimezone(ZoneInfo(zone)).date()
        day = _day([word for word in words if word not in rest], text, now=now, zone=zone)[0] or day or today
    return _assembled(text, clock, day, offset, now=now, zone=zone)


def _assembled(text: str, clock: time | None, day: date | None, offset: timezone | None, *, now: datetime, zone: str) -> Said:
    if clock is None and day is None:
        raise ContentError(f"«{text}» is not a time I understand.", _HINT)
    if clock is None:
        return Said(None, day, zone)
    if offset is not None:
        local_day = day or now.astimezone(offset).date()
        return Said(datetime.combine(local_day, clock, offset).astimezone(UTC), None, zone)
    local_day = day or now.astimezone(_zone_of(zone)).date()
    return Said(_local(datetime.combine(local_day, clock), zone), None, zone)


def _clock(match: re.Match[str]) -> time:
    hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
    if match[4]:
        hour = hour % 12 + (12 if match[4] == "pm" else 0)
    try:
        return time(hour, minute, second)
    except ValueError as error:
        what = f"«{match[0]}» is no {'hour' if hour > _LAST_HOUR else 'time of day'}."
        raise ContentError(what, "A day runs from 00:00 to 23:59.") from error


def _day(words: list[str], text: str, *, now: datetime, zone: str) -> tuple[date | None, list[str]]:
    today = now.astimezone(_zone_of(zone)).date()
    named = {"today": 0, "yesterday": 1}
    rest = [word for word in words if not _CLOCK.match(word) and word not in {"at", "on", "the", "um", "of"}]
    for index, word in enumerate(rest):
        if word in named:
            return today - timedelta(days=named[word]), rest[:index] + rest[index + 1 :]
        if word[:3] in _WEEKDAYS and word in _full_names(word[:3]):
            back = (today.weekday() - _WEEKDAYS.index(word[:3])) % 7 or 7
            return today - timedelta(days=back), rest[:index] + rest[index + 1 :]
        if (found := _calendar_day(rest, index, text, today)) is not None:
            return found
    return None, rest


def _full_names(short: str) -> tuple[str, ...]:
    full = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    return (short, full[_WEEKDAYS.index(short)])


def _calendar_day(rest: list[str], index: int, text: str, today: date) -> tuple[date, list[str]] | None:
    word = rest[index]
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", word):
            return date.fromisoformat(word), rest[:index] + rest[index + 1 :]
        if match := _DAY_FIRST.match(word):
            return date(int(match[3]), int(match[2]), int(match[1])), rest[:index] + rest[index + 1 :]
        month = _MONTHS.get(rest[index + 1][:3]) if index + 1 < len(rest) else None
        if month and (number := re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th|\.)?", word)):
            has_year = index + 2 < len(rest) and re.fullmatch(r"\d{4}", rest[index + 2]) is not None
            year = int(rest[index + 2]) if has_year else today.year
            found = date(year, month, int(number[1]))
            if not has_year and found > today:
                found = found.replace(year=year - 1)
            return found, rest[:index] + rest[index + (3 if has_year else 2) :]
    except ValueError as error:
        raise ContentError(f"«{text}» names a day that does not exist.", _HINT) from error
    return None


def _zone_named(name: str, text: str) -> str:
    wanted = name.strip().replace(" ", "_")
    if wanted in {"utc", "z", "gmt"}:
        return "UTC"
    matches = sorted(
        zone
        for zone in available_timezones()
        if zone.lower() == wanted or (zone.lower().rsplit("/", 1)[-1] == wanted and "/" in zone)
    )
    if not matches:
        raise ContentError(f"«{name}» in «{text}» is neither a day nor a time zone I know.", _HINT)
    return matches[0]


def _zone_of(zone: str) -> ZoneInfo:
    return ZoneInfo(zone)


def _local(moment: datetime, zone: str) -> datetime:
    """The one instant at which clocks in `zone` show this; refused when there are two or none."""
    where = _zone_of(zone)
    first, second = moment.replace(tzinfo=where, fold=0), moment.replace(tzinfo=where, fold=1)
    if first.utcoffset() == second.utcoffset():
        return first.astimezone(UTC)
    if first.astimezone(UTC).astimezone(where).replace(tzinfo=None) != moment:
        raise ContentError(
            f"{moment:%H:%M} on {moment:%d %b %Y} did not happen in {zone}: the clocks went forward.",
            "Give the time with an offset, for example +02:00.",
        )
    raise ContentError(
        f"{moment:%H:%M} on {moment:%d %b %Y} came twice in {zone}: the clocks went back.",
        f"Give the offset: {first:%z} is the earlier, {second:%z} the later.",
    )


def zone_exists(name: str) -> bool:
    """Whether this is an IANA zone that this machine knows."""
    return name in available_timezones()


def written(value: object) -> datetime | date | None:
    """An event as documents hold it: an instant, a day, or None for anything else."""
    if not isinstance(value, str):
        return None
    try:
        return date.fromisoformat(value) if len(value) == 10 else datetime.fromisoformat(value)
    except ValueError:
        return None
