"""Writes dates as iCalendar (RFC 5545): one event per date, stable UIDs, sequence numbers, alarms, cancellation.

An earlier file is read again: what did not change keeps its bytes, what changed counts one up, what is gone is cancelled.
Events of other incidents in the same file stay as they are; a calendar of another program is never touched.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from icalendar import Alarm, Calendar, Event

from incident.domain.calendar_date import CalendarDate, CalendarDates
from incident.errors import ContentError

_PRODUCT = "-//incident//breach response//EN"
_HOST = "@incident.invalid"
_ALARMS = (timedelta(days=1), timedelta(hours=4), timedelta(hours=1))
"""How long before; and once when it is due."""
_NOTE = "Open incident to see what it is. This entry says nothing more on purpose."


def calendar(dates: CalendarDates, earlier: bytes | None, *, now: datetime) -> bytes:
    """One calendar with these dates, after the file that stood there before; raises ContentError for a foreign one."""
    known = _events(earlier)
    kept = [event for uid, event in known.items() if not uid.startswith(dates.incident_key)]
    made = [event for _, event in sorted(_merged(dates, known, now=now).items())]
    return _written([*kept, *made])


def calendar_files(dates: CalendarDates, earlier: Mapping[str, bytes], *, now: datetime) -> Mapping[str, bytes]:
    """As `calendar`, one file per event, named by its UID: the folder that calendar programs keep in step with (vdir)."""
    known: dict[str, Event] = {}
    for name, content in earlier.items():
        if name.startswith(dates.incident_key):
            known.update(_events(content))
    return {f"{uid.removesuffix(_HOST)}.ics": _written([event]) for uid, event in _merged(dates, known, now=now).items()}


def _merged(dates: CalendarDates, known: Mapping[str, Event], *, now: datetime) -> dict[str, Event]:
    merged: dict[str, Event] = {}
    for each in dates.dates:
        uid = each.key + _HOST
        old = known.get(uid)
        if old is None or not _is_same(old, each, dates):
            merged[uid] = _event(each, dates, _next(old, dates), now=now)
        else:
            merged[uid] = old
    for uid, old in known.items():
        if uid.startswith(dates.incident_key) and uid not in merged:
            merged[uid] = old if _is_cancelled(old) else _cancelled(old, dates, now=now)
    return merged


def _next(old: Event | None, dates: CalendarDates) -> int:
    return dates.revision if old is None else max(dates.revision, int(old.get("sequence", 0)) + 1)


def _is_same(old: Event, wanted: CalendarDate, dates: CalendarDates) -> bool:
    same = old.decoded("dtstart") == wanted.at.astimezone(UTC).replace(microsecond=0)
    return same and str(old.get("summary")) == dates.summary(wanted.kind) and _is_cancelled(old) == wanted.cancelled


def _is_cancelled(event: Event) -> bool:
    return str(event.get("status", "")).upper() == "CANCELLED"


def _event(each: CalendarDate, dates: CalendarDates, sequence: int, *, now: datetime) -> Event:
    event = Event()
    stamp = now.astimezone(UTC).replace(microsecond=0)
    event.add("uid", each.key + _HOST)
    event.add("dtstamp", stamp)
    event.add("last-modified", stamp)
    event.add("sequence", sequence)
    event.add("dtstart", each.at.astimezone(UTC).replace(microsecond=0))
    event.add("summary", dates.summary(each.kind))
    event.add("description", _NOTE)
    event.add("class", "CONFIDENTIAL")
    event.add("transp", "TRANSPARENT")
    event.add("status", "CANCELLED" if each.cancelled else "CONFIRMED")
    for before in () if each.cancelled else (*_ALARMS, timedelta()):
        event.add_component(_alarm(before, dates.summary(each.kind)))
    return event


def _alarm(before: timedelta, words: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", words)
    alarm.add("trigger", -before)
    return alarm


def _cancelled(old: Event, dates: CalendarDates, *, now: datetime) -> Event:
    stamp = now.astimezone(UTC).replace(microsecond=0)
    event = Event()
    for name in ("uid", "dtstart", "summary", "description", "class", "transp"):
        if name in old:
            event[name] = old[name]
    event.add("dtstamp", stamp)
    event.add("last-modified", stamp)
    event.add("sequence", _next(old, dates))
    event.add("status", "CANCELLED")
    return event


def _written(events: Iterable[Event]) -> bytes:
    made = Calendar()
    made.add("prodid", _PRODUCT)
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    for event in events:
        made.add_component(event)
    found: bytes = made.to_ical()
    return found


def _events(content: bytes | None) -> dict[str, Event]:
    if content is None:
        return {}
    try:
        found: Any = Calendar.from_ical(content)
        product, events = str(found.get("prodid", "")), {str(each["uid"]): each for each in found.walk("VEVENT")}
        for each in events.values():
            each.decoded("dtstart"), int(each.get("sequence", 0))
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise ContentError(
            "what stands there is no calendar that can be read.", "Name a file that is not there yet."
        ) from error
    if product != _PRODUCT or any(not uid.endswith(_HOST) for uid in events):
        raise ContentError("what stands there is another program's calendar.", "Name a file that is not there yet.")
    return events
