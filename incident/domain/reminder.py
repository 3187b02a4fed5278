"""What is to be reminded of, as it may be known outside the vault: code names, dates, which role; and what is pending.

No title, no name of a person or of a law stands in it. Whether a rung was told already is asked of a record of what was sent;
time enters as `now` alone, so a machine that slept, or whose clock was set, catches up at the next look.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from incident.domain.duty_clock import span
from incident.domain.ladder import DueKind, Rung


@dataclass(frozen=True, slots=True)
class Due:
    """Something that comes due, under a key that tells nothing."""

    key: str
    kind: DueKind
    due_at: datetime
    role: str
    """Whose it is."""
    rungs: tuple[Rung, ...]

    def rung_id(self, rung: Rung) -> str:
        """The same rung of the same date has the same id; another date makes new ones."""
        return f"{self.key}.{int(self.due_at.timestamp())}.{int(rung.after.total_seconds())}"


@dataclass(frozen=True, slots=True)
class Watched:
    """One incident as reminders know it; `of` names what it was computed from."""

    key: str
    code_name: str
    exercise: bool
    of: str
    begun_at: datetime
    """When it was declared: warnings before that are nobody's to miss; what was late by then is told at once."""
    dues: tuple[Due, ...]

    @property
    def called(self) -> str:
        """The code name, with the mark of an exercise."""
        return f"EXERCISE {self.code_name}" if self.exercise else self.code_name


@dataclass(frozen=True, slots=True)
class Channel:
    """Where reminders go: for everybody (no role), or for who holds a role."""

    key: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class Pending:
    """One message to one channel about one incident: every rung that was reached and not told there yet."""

    watched: Watched
    channel: Channel
    dues: tuple[Due, ...]
    rungs: tuple[str, ...]
    newest_at: datetime
    """When the newest of these rungs was reached."""

    def text(self, now: datetime, *, repeated: bool = False) -> str:
        """The message: the code name and dates, nothing else."""
        late = now - self.newest_at
        notes = [f"told {span(int(late.total_seconds()))} late: no reminder ran before"] if late > _LATE else []
        notes += ["may be a repeat: the machine stopped while it was being sent"] if repeated else []
        said = f"{self.watched.called}: {due_words(self.dues, now)}."
        return f"{said} ({'; '.join(notes)})" if notes else said


_LATE = timedelta(minutes=15)
_AT_ONCE = timedelta()


def pending(
    watched: Sequence[Watched], channels: Sequence[Channel], told: Callable[[str, str], bool], *, now: datetime
) -> Iterator[Pending]:
    """What is to be sent now: at most one message per incident and channel. `told(channel, rung)` says what was sent."""
    listening = frozenset(each.role for each in channels if each.role)
    for incident in watched:
        for channel in channels:
            found = [
                (due, rung)
                for due in incident.dues
                for rung in due.rungs
                if due.due_at + rung.after <= now
                and (rung.after >= _AT_ONCE or due.due_at + rung.after >= incident.begun_at)
                and _hears(channel, due, rung, listening)
                and not told(channel.key, due.rung_id(rung))
            ]
            if found:
                dues = tuple(dict.fromkeys(due for due, _ in found))
                newest = max(due.due_at + rung.after for due, rung in found)
                yield Pending(incident, channel, dues, tuple(due.rung_id(rung) for due, rung in found), newest)


def _hears(channel: Channel, due: Due, rung: Rung, listening: frozenset[str]) -> bool:
    """A rung for roles that no channel serves goes everywhere: it must reach somebody."""
    audience = {due.role, *rung.to}
    return not channel.role or channel.role in audience or not audience & listening


_NOUNS = {
    DueKind.CLOCK: ("clock", "clocks"),
    DueKind.QUESTION: ("possible clock", "possible clocks"),
    DueKind.STEP: ("step", "steps"),
    DueKind.ANSWER: ("answer", "answers"),
    DueKind.ACTION: ("action item", "action items"),
}


def due_words(dues: Iterable[Due], now: datetime) -> str:
    """What came due and what comes due, in counts and dates."""
    ordered = sorted(dues, key=lambda each: each.due_at)
    past, ahead = [each for each in ordered if each.due_at <= now], [each for each in ordered if each.due_at > now]
    parts = []
    if past:
        first = past[0].due_at
        since = f"{'the first ' if len(past) > 1 else ''}{_utc(first)}, {span(int((now - first).total_seconds()))} ago"
        parts.append(f"{_counted(past)} came due ({since})")
    if ahead:
        first = ahead[0].due_at
        at = f"{'the first ' if len(ahead) > 1 else ''}{_utc(first)}, in {span(int((first - now).total_seconds()))}"
        parts.append(f"{_counted(ahead)} to come ({at})")
    return "; ".join(parts) or "nothing is due"


def _counted(dues: Sequence[Due]) -> str:
    counts = [(kind, sum(each.kind is kind for each in dues)) for kind in DueKind]
    return ", ".join(f"{number} {_NOUNS[kind][number != 1]}" for kind, number in counts if number)


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%d %b %Y %H:%M} UTC"


@dataclass(frozen=True, slots=True)
class Standing:
    """How things stand for a monitoring system: 0 in order, 1 warning, 2 critical, 3 unknown; and its one line."""

    status: int
    text: str

    @property
    def line(self) -> str:
        """As monitoring systems read it."""
        return f"INCIDENT {('OK', 'WARNING', 'CRITICAL', 'UNKNOWN')[self.status]} - {self.text}"


_CRITICAL, _WARNING = timedelta(hours=4), timedelta(hours=24)
_LAW = frozenset({DueKind.CLOCK, DueKind.QUESTION})


def standing(watched: Sequence[Watched], *, now: datetime, doubts: Sequence[str] = ()) -> Standing:
    """Critical: a clock has passed or does within four hours. Warning: within a day, anything else late, or a doubt."""
    real = [each for each in watched if not each.exercise]
    dues = [(due, each) for each in real for due in each.dues]
    clocks = [due.due_at for due, _ in dues if due.kind is DueKind.CLOCK]
    past = [due for due, _ in dues if due.due_at <= now]
    soonest = min((each for each in dues if each[0].due_at > now and each[0].kind in _LAW), key=_when, default=None)
    status = 0
    if doubts or past or (soonest is not None and soonest[0].due_at - now <= _WARNING):
        status = 1
    if any(at - now <= _CRITICAL for at in clocks):
        status = 2
    parts = [f"{_counted(past)} past due"] if past else ["nothing past due"]
    if soonest is not None:
        due, incident = soonest
        parts.append(f"next {incident.code_name} {_utc(due.due_at)}, in {span(int((due.due_at - now).total_seconds()))}")
    number = f"{len(real)} incident{'' if len(real) == 1 else 's'} watched"
    late = sum(each.kind is DueKind.CLOCK for each in past)
    return Standing(status, f"{'; '.join((*parts, number, *doubts))} | past_due={late}")


def _when(entry: tuple[Due, Watched]) -> datetime:
    return entry[0].due_at
