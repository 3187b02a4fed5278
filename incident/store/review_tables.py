"""The tables of the review beyond its answers: findings that people mark, and what became of action items meanwhile."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from sqlmodel import Field

from incident.domain.finding import FindingKind
from incident.store.record import enum_column
from incident.store.sealed import Sealed, sealed_text


class ReviewFindingRow(Sealed, table=True):
    """Something the review found: a factor, a surprise, a difference between what was expected and what was seen."""

    __tablename__ = "review_finding"
    SEALED: ClassVar[tuple[str, ...]] = ("text", "expected")

    incident_id: UUID = Field(foreign_key="incident.id", index=True)
    kind: FindingKind = Field(sa_column=enum_column(FindingKind))
    text: str = Field(sa_column=sealed_text())
    expected: str = Field(default="", sa_column=sealed_text())
    """What people expected at that time; only of a difference."""
    cause: str = ""
    """Of a factor: the kind of act it was (VERIS); blank for none."""
    entry_id: UUID | None = None
    """The line of the timeline that it is about."""
    at: datetime
    by: UUID = Field(foreign_key="responder.id")
    withdrawn_at: datetime | None = None


class ActionFollowUpRow(Sealed, table=True):
    """How an action item stood on a day, and its new due day where it was moved; never edited."""

    __tablename__ = "action_follow_up"
    SEALED: ClassVar[tuple[str, ...]] = ("note",)

    incident_id: UUID = Field(foreign_key="incident.id", index=True)
    item_id: UUID = Field(foreign_key="action_item.id", index=True)
    note: str = Field(sa_column=sealed_text())
    due_on: date | None = None
    """The new due day; None: it stays."""
    at: datetime
    by: UUID = Field(foreign_key="responder.id")
