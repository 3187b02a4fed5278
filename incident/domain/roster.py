"""The team as one calls it in the night: working hours in their own zone, numbers that work alone, who stands in.

Hours and duty are guidance about whom to try first; a clock of the law waits for nobody's morning.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from incident.domain.responder import CORE_ROLES, Function, Responder, Role
from incident.errors import ContentError, shown

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SHIFT = re.compile(r"([a-z]{3})(?:-([a-z]{3}))? (\d\d?:\d\d)-(\d\d?:\d\d)")
_ALWAYS = frozenset({"always", "24/7"})
_FORM = "Write `Mon-Fri 09:00-17:30, Sat 10:00-12:00`, or `always`."
_PHONE = re.compile(r"(\+|00)[\d ()/.\-]{7,}")
_FEWEST_DIGITS = 8


@dataclass(frozen=True, slots=True)
class Shift:
    """On these days of the week (Monday 0) from one time to another; to an earlier time means into the next day."""

    days: frozenset[int]
    begins: time
    ends: time


def shifts(hours: str) -> tuple[Shift, ...]:
    """Working hours as typed; ContentError when they cannot be read. Blank: none are said."""
    text = hours.strip().lower()
    if not text:
        return ()
    if text in _ALWAYS:
        return (Shift(frozenset(range(7)), time(), time()),)
    return tuple(_shift(part.strip()) for part in text.split(","))


def _shift(part: str) -> Shift:
    found = _SHIFT.fullmatch(part)
    first, last = (found[1], found[2] or found[1]) if found else ("", "")
    if found is None or first not in _DAYS or last not in _DAYS:
        raise ContentError(f"«{shown(part, longest=40)}» is not a working time.", _FORM)
    begin, end = _DAYS.index(first), _DAYS.index(last)
    days = {(begin + step) % 7 for step in range((end - begin) % 7 + 1)}
    return Shift(frozenset(days), _clock(found[3]), _clock(found[4]))


def _clock(text: str) -> time:
    hour, minute = (int(each) for each in text.split(":"))
    if hour == 24 and minute == 0:  # noqa: PLR2004 - the end of a day
        return time()
    try:
        return time(hour, minute)
    except ValueError as error:
        raise ContentError(f"«{text}» is not a time of day.", _FORM) from error


def on_duty(person: Responder, now: datetime) -> bool | None:
    """Whether somebody works at this instant by their own zone; None when no hours are said, False when they left."""
    if not person.active:
        return False
    if not person.hours.strip():
        return None
    local = now.astimezone(ZoneInfo(person.zone))
    return any(_covers(each, local) for each in shifts(person.hours))


def _covers(shift: Shift, local: datetime) -> bool:
    clock, today = local.time(), local.weekday()
    if shift.begins < shift.ends:
        return today in shift.days and shift.begins <= clock < shift.ends
    yesterday = (local - timedelta(days=1)).weekday()
    return (today in shift.days and clock >= shift.begins) or (yesterday in shift.days and clock < shift.ends)


def works_alone(phone: str) -> bool:
    """Whether a telephone number works without a directory: written with its country, long enough."""
    return _PHONE.fullmatch(phone.strip()) is not None and sum(map(str.isdigit, phone)) >= _FEWEST_DIGITS


def phone_words(person: Responder) -> str:
    """The number, with a remark when it cannot be dialled as it stands."""
    if not person.phone.strip():
        return "no number"
    return person.phone if works_alone(person.phone) else f"{person.phone} (write it as +49 …)"


def duty_words(person: Responder, now: datetime) -> str:
    """Whether somebody is at work now, and their own time of day."""
    says = {True: "on duty", False: "off duty", None: "hours not said"}[on_duty(person, now)]
    place = person.zone.rsplit("/", 1)[-1].replace("_", " ")
    return f"{says}, {now.astimezone(ZoneInfo(person.zone)):%H:%M} {place}"


@dataclass(frozen=True, slots=True)
class CallLine:
    """One line of a call tree: as what somebody is called, and whom to call when they do not answer."""

    depth: int
    part: str
    person: Responder | None
    deputy: Responder | None


def call_tree(
    people: Iterable[Responder], held: Mapping[Role, UUID] | None, wanted: Collection[Role] = ()
) -> tuple[CallLine, ...]:
    """Who calls whom: by the roles of an incident, the commander first; without one by where people come from.

    `wanted`: roles that stand in the tree even while nobody holds them, besides the core roles.
    """
    by_id = {each.id: each for each in people}
    active = [each for each in by_id.values() if each.active]

    def line(depth: int, part: str, person: Responder | None) -> CallLine:
        deputy = by_id.get(person.deputy) if person is not None and person.deputy is not None else None
        return CallLine(depth, part, person, deputy if deputy is not None and deputy.active else None)

    if held is None:
        first = [each for each in active if each.administers]
        rest = [each for function in Function for each in active if each.function is function and not each.administers]
        return (*(line(0, "first", each) for each in first), *(line(1, function_label(each.function), each) for each in rest))
    lines = [
        line(0 if role is Role.COMMANDER else 1, role.label, by_id.get(held[role]) if role in held else None)
        for role in Role
        if role in held or role in CORE_ROLES or role in wanted
    ]
    called = set(held.values())
    return (*lines, *(line(1, "no role yet", each) for each in active if each.id not in called))


def function_label(function: Function) -> str:
    """Where somebody comes from, as a person reads it."""
    return "IT" if function is Function.IT else function.value


_DRAFTING = (Role.PRIVACY_OFFICER, Role.LEGAL, Role.COMMUNICATIONS)


def separation_notes(people: Iterable[Responder], held: Mapping[Role, UUID]) -> tuple[str, ...]:
    """Where two parts that want two people are held by one: who drafts does not approve, who commands keeps no log."""
    active = {each.id: each for each in people if each.active}
    approvers = [each for each in active.values() if each.may_approve]
    drafting = {held[role]: role for role in reversed(_DRAFTING) if role in held}
    free = [each for each in approvers if each.id not in drafting]
    notes = []
    if not approvers:
        notes.append("Nobody may approve notices; give that right to a second person before the first draft.")
    elif not free:
        names = " and ".join(f"{each.name} ({drafting[each.id].label})" for each in approvers)
        notes.append(f"Everybody who may approve also drafts: {names}. Who writes a notice cannot approve it.")
    commander = held.get(Role.COMMANDER)
    if commander is not None and commander == held.get(Role.SCRIBE) and commander in active:
        notes.append(f"{active[commander].name} commands and keeps the log; name another scribe when somebody is free.")
    return tuple(notes)
