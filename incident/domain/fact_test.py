"""The single tests that conditions are made of: each answers True, False or None (unknown) with the value found."""

from collections.abc import Callable
from datetime import date, datetime

from incident.domain.counting import Counting, NoCalendars, Period, end_of, end_of_day, instant
from incident.domain.facts import UNKNOWN, Facts, When
from incident.domain.places import within

OPERATORS: dict[str, Callable[[int, int], bool]] = {
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
}


def is_known(facts: Facts, key: str) -> tuple[bool | None, str]:
    """Whether anybody has said; never unknown itself."""
    return (True, "known") if facts.known(key) else (False, "not said")


def equals(facts: Facts, key: str, wanted: str, *, opposite: bool = False) -> tuple[bool | None, str]:
    """Whether the fact is (or is not) this value."""
    value = facts.get(key)
    if value is UNKNOWN:
        return None, "unknown"
    shown = ("true" if value else "false") if isinstance(value, bool) else str(value)
    return (shown == wanted) is not opposite, shown


def has(facts: Facts, key: str, wanted: frozenset[str]) -> tuple[bool | None, str]:
    """Whether a list holds one of the tokens; an unfinished list that lacks them is unknown."""
    held = facts.tokens(key)
    if held is None:
        return None, "unknown"
    shown = ", ".join(sorted(held)) or "none"
    if "any" in wanted and held:
        return True, shown
    if held & wanted:
        return True, ", ".join(sorted(held & wanted))
    return (None, f"so far: {shown}") if key in facts.partial else (False, shown)


def has_place(facts: Facts, key: str, whole: str) -> tuple[bool | None, str]:
    """Whether a list of places has one within `whole`."""
    held = facts.tokens(key)
    if held is None:
        return None, "unknown"
    inside = sorted(place for place in held if within(place, whole))
    if inside:
        return True, ", ".join(inside)
    return (None if key in facts.partial else False), ", ".join(sorted(held)) or "nowhere"


def is_place(place: str | None, wanted: tuple[str, ...]) -> tuple[bool | None, str]:
    """Whether the place a duty is judged for is one of these; unknown while no place is known."""
    if place is None or place.endswith("*"):
        return None, "unknown"
    return place in wanted, place


def deemed(facts: Facts, obligation: str) -> tuple[bool | None, str]:
    """Whether another law's notices, which a statute accepts, were sent; until then nobody can say."""
    sent = facts.filed(obligation)
    return (True, f"sent {sent[0].at:%Y-%m-%d}") if sent else (None, "not sent yet")


def compare_moment(facts: Facts, key: str, anchor: str, period: Period, *, later: bool) -> tuple[bool | None, str]:
    """Whether something happened later than (or within) a period after an event or a first filing."""
    value = facts.get(key)
    zone = facts.zone or "UTC"
    starts: list[When] = []
    if anchor.startswith("filed:"):
        starts = [sent.at for sent in facts.filed(anchor.removeprefix("filed:"))[:1]]
    else:
        events = [facts.get(each) for each in anchor.split("|")]
        starts = [each for each in events if isinstance(each, date)]
    if not isinstance(value, date) or not starts:
        return None, "unknown" if not isinstance(value, date) else f"{anchor}: not yet"
    begun = min(starts, key=lambda each: instant(each, zone))
    limit = end_of(begun, period, Counting(zone), NoCalendars())
    at = instant(value, zone) if isinstance(value, datetime) else end_of_day(value, zone)
    return (at > limit) is later, f"{value:%Y-%m-%d}"


def people(facts: Facts, word: str, place: str, operator: str, number: int) -> tuple[bool | None, str]:
    """Whether the number of people compares as asked; unknown while the bounds allow both."""
    bounds = head_count(facts, place=place, unreachable=word == "unreachable")
    if bounds is None:
        return None, "unknown"
    least, most = bounds
    shown = str(least) if least == most else f"{least} or more" if most is None else f"{least} to {most}"
    compare = OPERATORS[operator]
    rising = operator in (">", ">=")
    if compare(least, number) and (rising or (most is not None and compare(most, number))):
        return True, shown
    if rising and most is not None and not compare(most, number):
        return False, shown
    if not rising and not compare(least, number):
        return False, shown
    return None, shown


def head_count(facts: Facts, *, place: str = "", unreachable: bool = False) -> tuple[int, int | None] | None:
    """The least and the greatest number of people there can be (None: no upper bound); None while nobody has said.

    A row without a count means at least one. A wider place (`US`) leaves its parts unknown: its people may all
    live in the part asked about, or none of them.
    """
    key = (place, unreachable)
    if key not in facts.counted:
        facts.counted[key] = _add_up(facts, place, unreachable=unreachable)
    return facts.counted[key]


def _add_up(facts: Facts, place: str, *, unreachable: bool) -> tuple[int, int | None] | None:
    rows = facts.people
    if rows is None:
        return None
    least, most = 0, 0
    open_ended = "people" in facts.partial
    for row in rows:
        inside = not place or within(row.place, place)
        wider = bool(place) and not inside and within(place, row.place)
        if not inside and not wider:
            continue
        count = row.unreachable if unreachable else row.count
        if count is None:
            least += 1 if inside and not unreachable else 0
            open_ended = True
        else:
            least += count if inside else 0
            most += count
    return least, None if open_ended else max(least, most)
