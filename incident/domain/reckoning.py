"""When a duty is due: its start, its period, holds, other readings, chains and projections.

Pure functions over facts; a missing event never borrows a neighbour's date.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from incident.domain.condition import Condition, Memo, evaluate
from incident.domain.counting import (
    Calendars,
    Counting,
    Unit,
    end_of,
    instant,
    noon_relief,
)
from incident.domain.facts import Facts, Hold, Knowledge, When
from incident.domain.holding import Held, covering, embargo_hold, held, hold_end, standing
from incident.domain.obligation import HoldOn, Reading, StartOf
from incident.domain.places import within
from incident.domain.readings import Ends, readings_of
from incident.domain.regime import Duty, Limit, Relation, Start


@dataclass(frozen=True, slots=True)
class Anchor:
    """The obligation another one hangs on: its own reckoning, and when it was first and last filed."""

    reckoning: "Reckoning"
    first_filed_at: datetime | None
    last_filed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Ground:
    """What a reckoning stands on."""

    facts: Facts
    calendars: Calendars
    zone: str
    place: str
    imputed: frozenset[str]
    anchor: Callable[[str], Anchor | None]
    """The anchor with this obligation id, reckoned for the same place."""
    memo: Memo | None = None

    def holds(self, condition: Condition) -> bool:
        """Whether a condition is true by what is known."""
        return evaluate(condition, self.facts, place=self.place or None, memo=self.memo).value is True


@dataclass(frozen=True, slots=True)
class Reckoning:
    """A duty's dates; `missing` names the events that have not happened or are not known."""

    start: StartOf | None = None
    root: When | None = None
    """The first event of the chain: by its local day the law is chosen."""
    due_at: datetime | None = None
    projected_at: datetime | None = None
    not_before_at: datetime | None = None
    hold: HoldOn | None = None
    readings: tuple[Reading, ...] = ()
    missing: tuple[str, ...] = ()
    order: tuple[tuple[str, str], ...] = field(default=())


def reckon(duty: Duty, ground: Ground) -> Reckoning:
    """Reckon one duty in one version of the law."""
    counting = counting_of(duty, ground)
    order = duty.order
    if duty.start.relation in (Relation.WITH, Relation.BEFORE):
        return _following(duty, ground, order)
    start, root, missing = _start(duty.start, ground, counting.zone)
    embargo = _not_before(duty, ground, counting)
    if start is None and duty.cap is not None and not duty.cap.lapses_if_later:
        return _by_cap_alone(duty, duty.cap, ground, counting, root, missing)
    if start is None or duty.period is None:
        projected = _projected(duty, ground, counting) if start is None else None
        hold = standing(duty, covering(duty, ground.facts, ground.place), counting.zone) if start is not None else None
        return Reckoning(start, root, None, projected, embargo, hold, missing=missing, order=order)
    base = _base(duty, start.at, ground, counting)
    moved, due = _moved(duty, start.at, base, covering(duty, ground.facts, ground.place), ground, counting)
    again = partial(_base, duty, start.at, ground, counting)
    readings = readings_of(duty, start.at, base, moved, ground.facts, ground.calendars, counting, again)
    readings += _in_writing(duty, start.at, base, due, ground, counting)
    hold = moved.hold if moved is not None else None
    return Reckoning(start, root, due, None, embargo, hold, readings, missing=(), order=order)


def _moved(
    duty: Duty, start: When, base: datetime, holds: Sequence[Hold], ground: Ground, counting: Counting
) -> tuple[Held | None, datetime]:
    """What the holds do to a deadline, and the date it then has."""
    moved = held(duty, start, base, holds, counting, ground.calendars)
    if moved is None:
        return None, base
    if duty.cap is None or duty.cap.start.relation is None:
        return moved, moved.due_at
    # a hold moves the law's own limit, not the day on which the people have been told
    ends = partial(end_of, counting=counting, calendars=ground.calendars)
    return moved, _capped(moved.due_at, start, duty.cap, ground, counting, ends)


def _in_writing(
    duty: Duty, start: When, base: datetime, due: datetime, ground: Ground, counting: Counting
) -> tuple[Reading, ...]:
    """The date that a hold would give if it turned out to be in writing, while nobody has stated its form."""
    if all(each.form for each in ground.facts.rows("holds") if isinstance(each, Hold)):
        return ()
    holds = covering(duty, ground.facts, ground.place, unknown_form="written")
    other = _moved(duty, start, base, holds, ground, counting)[1]
    why = "the form of the hold is not known; this is the date if it was given in writing"
    return (Reading("hold-in-writing", other, why),) if other != due else ()


def root_of(duty: Duty, ground: Ground) -> When | None:
    """The first event of a duty's chain, without reckoning its dates."""
    if duty.start.relation in (Relation.WITH, Relation.BEFORE):
        anchor = ground.anchor(duty.start.of)
        return anchor.reckoning.root if anchor is not None else None
    return _start(duty.start, ground, ground.zone)[1]


def counting_of(duty: Duty, ground: Ground) -> Counting:
    """How this duty counts: zone of the days, calendar, closing time, number of the first day."""
    calendar = duty.calendar
    if calendar == "@place":
        calendar = ground.place.split("-")[0]
    elif calendar == "@home":
        calendar = _home(ground.facts)
    return Counting(ground.zone, calendar, duty.zone, duty.closing, duty.first_day)


def _home(facts: Facts) -> str:
    """The EEA state whose bank holidays count: the lead authority's, else the only one of establishment."""
    lead = facts.get("organisation.lead_authority")
    if isinstance(lead, str):
        return lead.split("-")[0]
    held = facts.tokens("organisation.established_in") or frozenset()
    states = {place.split("-")[0] for place in held if within(place, "EEA")}
    return states.pop() if len(states) == 1 else "weekdays"


def _start(start: Start, ground: Ground, zone: str) -> tuple[StartOf | None, When | None, tuple[str, ...]]:
    """The start, the root event of its chain, and the events that are missing."""
    if start.relation in (Relation.FILED, Relation.FILED_LAST):
        anchor = ground.anchor(start.of)
        if anchor is None:
            return None, None, ("filed",)
        sent = anchor.first_filed_at if start.relation is Relation.FILED else anchor.last_filed_at
        found = StartOf(f"{start.relation.value}:{start.of}", sent) if sent is not None else None
        return found, anchor.reckoning.root, () if found else ("filed",)
    if start.hold_end:
        ended = hold_end(ground.facts, ground.zone)
        return (StartOf("hold", ended), ended, ()) if ended else (None, None, ("holds",))
    known = [StartOf(f"at.{event}", at) for event in start.events if (at := ground.facts.moment(event)) is not None]
    if start.latest:
        missing = tuple(f"at.{event}" for event in start.events if ground.facts.moment(event) is None)
        if missing:
            return None, known[0].at if known else None, missing
        latest = max(known, key=lambda each: instant(each.at, zone))
        return latest, latest.at, ()
    if start.knowledge:
        known.extend(
            StartOf(f"knowledge:{each.by}", each.at)
            for each in ground.facts.rows("knowledge")
            if isinstance(each, Knowledge) and each.by in ground.imputed
        )
    if not known:
        return None, None, tuple(f"at.{event}" for event in start.events[:1])
    earliest = min(known, key=lambda each: instant(each.at, zone))
    return earliest, earliest.at, ()


def _base(duty: Duty, start: When, ground: Ground, counting: Counting, ends: Ends | None = None) -> datetime:
    """The deadline without holds: the period, the second limit, the relief; `ends` is the way a period ends."""
    assert duty.period is not None  # noqa: S101 - the caller has asked
    ends = ends or partial(end_of, counting=counting, calendars=ground.calendars)
    due = ends(start, duty.period)
    if duty.cap is not None:
        due = _capped(due, start, duty.cap, ground, counting, ends)
    if duty.relief_when is not None and ground.holds(duty.relief_when):
        due = noon_relief(due, counting, ground.calendars)
    return due


def _by_cap_alone(
    duty: Duty, cap: Limit, ground: Ground, counting: Counting, root: When | None, missing: tuple[str, ...]
) -> Reckoning:
    """Whichever comes first: the second limit can end before the event of the first has happened (Arkansas)."""
    other, _, _ = _start(cap.start, ground, counting.zone)
    if other is None:
        return Reckoning(root=root, missing=missing, order=duty.order)
    return Reckoning(other, root, end_of(other.at, cap.period, counting, ground.calendars), order=duty.order)


def _capped(due: datetime, start: When, cap: Limit, ground: Ground, counting: Counting, ends: Ends) -> datetime:
    """The earlier of two limits; a cap that had ended when the main clock started falls away."""
    other, _, _ = _start(cap.start, ground, counting.zone)
    if other is None:
        return due
    limit = ends(other.at, cap.period)
    if cap.lapses_if_later and instant(start, counting.zone) > limit:
        return due
    return min(due, limit)


def _no_later(due: datetime | None, cap: Limit, ground: Ground) -> datetime | None:
    """A second limit on a duty that follows another one: the earlier counts."""
    other, _, _ = _start(cap.start, ground, ground.zone)
    if other is None:
        return due
    limit = end_of(other.at, cap.period, Counting(ground.zone), ground.calendars)
    return limit if due is None else min(due, limit)


def _not_before(duty: Duty, ground: Ground, counting: Counting) -> datetime | None:
    """When an embargo ends: after full days, the first second of the day that follows."""
    if duty.not_before is None:
        return None
    start, _, _ = _start(duty.not_before.start, ground, counting.zone)
    if start is None:
        return None
    end = end_of(start.at, duty.not_before.period, counting, ground.calendars)
    hours = duty.not_before.period.unit is Unit.HOURS
    opens = end if hours else end + timedelta(seconds=1)
    longer = embargo_hold(covering(duty, ground.facts, ground.place), counting.zone)
    return max(opens, longer + timedelta(seconds=1)) if longer is not None else opens


def _projected(duty: Duty, ground: Ground, counting: Counting) -> datetime | None:
    """The latest date a chained clock can have: as if its anchor were filed at its own last moment."""
    if duty.period is None or duty.start.relation not in (Relation.FILED, Relation.FILED_LAST):
        return None
    anchor = ground.anchor(duty.start.of)
    if anchor is None:
        return None
    last = anchor.reckoning.due_at or anchor.reckoning.projected_at
    return _base(duty, last, ground, counting) if last is not None else None


def _following(duty: Duty, ground: Ground, order: tuple[tuple[str, str], ...]) -> Reckoning:
    """Due with (or before) another obligation: its date while that is unsent, its first filing afterwards."""
    anchor = ground.anchor(duty.start.of)
    if anchor is None:
        return Reckoning(missing=("filed",), order=order)
    inner = anchor.reckoning
    if not duty.follows:
        return Reckoning(inner.start, inner.root, missing=inner.missing if inner.start is None else (), order=order)
    due = inner.due_at
    if anchor.first_filed_at is not None:
        due = min(due, anchor.first_filed_at) if due is not None else anchor.first_filed_at
    if duty.cap is not None:
        due = _no_later(due, duty.cap, ground)
    return Reckoning(inner.start, inner.root, due, inner.projected_at, hold=inner.hold, missing=inner.missing, order=order)
