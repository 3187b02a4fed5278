"""The post-incident review: how it happened, how it was found, what could have prevented it, and what we do now.

What the team wrote stands here; what the record says (durations, clocks) is computed beside it (`metrics`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum
from uuid import UUID


class ReviewState(StrEnum):
    """Where the review stands."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    REVIEWED = "reviewed"
    CLOSED = "closed"


class ActionKind(StrEnum):
    """What an action item is meant to change."""

    PREVENT = "prevent"
    DETECT = "detect"
    MITIGATE = "mitigate"
    PROCESS = "process"


REVIEW_QUESTIONS: tuple[tuple[str, str], ...] = (
    ("how_it_happened", "How did it happen?"),
    ("how_detected", "How was it detected?"),
    ("what_could_have_prevented", "What could have prevented it?"),
    ("contributing_factors", "Which factors contributed? There is rarely one cause."),
    ("went_well", "What went well?"),
    ("went_badly", "What made it harder?"),
    ("lucky", "Where were we lucky?"),
    ("letters_returned", "How many letters came back, and what did people not understand?"),
    ("calls", "How many calls came, and about what?"),
    ("complaints", "Which complaints came, and what did the authority ask?"),
)
"""The review's sections in order; the first three are its first page."""


@dataclass(frozen=True, slots=True)
class Review:
    """What the team wrote; the timeline, clocks and metrics beside it are computed."""

    id: UUID
    incident_id: UUID
    state: ReviewState
    answers: Mapping[str, str]
    updated_at: datetime
    by: UUID


@dataclass(frozen=True, slots=True)
class ActionItem:
    """Something that will be done, by somebody, by a day."""

    id: UUID
    incident_id: UUID
    title: str
    kind: ActionKind
    owner: UUID
    due_on: date
    done_at: datetime | None = None
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class FilingMargin:
    """How one duty was met: when it was due, when it was first filed, and the time left (negative when late)."""

    obligation: str
    title: str
    due_at: datetime | None
    filed_at: datetime | None
    margin: timedelta | None
    late_reason: str = ""
    on_behalf_of: str = ""
    zone: str = "UTC"
    """The zone in which the duty's day ends."""
    took: timedelta | None = None
    """From the start of the clock to the first filing; whole days where the start is known to the day."""

    @property
    def met(self) -> str:
        """How it was met, in words; where the law names no number nothing is in time or late."""
        if self.filed_at is None:
            return "NOT FILED"
        if self.margin is None:
            done = "recorded" if self.obligation.endswith("/register") else "told"
            after = f"{done} after {duration_text(self.took)}" if self.took is not None else done
            return f"{after}; the law names no number"
        if self.margin < timedelta():
            return f"LATE by {duration_text(-self.margin)}: {self.late_reason}"
        return f"{duration_text(self.margin)} to spare"


def taken(start: datetime | date | None, end: datetime, zone: tzinfo) -> timedelta | None:
    """How long it took: exact from an instant, whole days from a day."""
    if start is None:
        return None
    if isinstance(start, datetime):
        return end - start
    return end.astimezone(zone).date() - start


def duration_text(duration: timedelta) -> str:
    """A duration in words a person says: `2 d 4 h`, `3 h 05 min`, `12 min`; a minus for time overrun."""
    seconds = int(duration.total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    days, rest = divmod(seconds, 86_400)
    hours, rest = divmod(rest, 3_600)
    minutes = rest // 60
    if days:
        return f"{sign}{days} d {hours} h" if hours else f"{sign}{days} d"
    if hours:
        return f"{sign}{hours} h {minutes:02d} min"
    return f"{sign}{minutes} min"


def open_items(items: Sequence[ActionItem]) -> tuple[ActionItem, ...]:
    """Action items not done, the earliest due first."""
    return tuple(sorted((each for each in items if each.done_at is None), key=lambda each: each.due_on))
