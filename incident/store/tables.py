"""The tables: one row class per recorded noun, with the field names of its frozen value in `domain/`.

Rows stay inside the store and the use cases; what leaves is the frozen value. UUID keys, checked strings for
enumerations, no cascade: what is recorded is superseded, closed or revoked, and deleted only by retention.
"""

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from incident.domain.fact_record import Confidence
from incident.domain.incident import IncidentStatus
from incident.domain.notice import NoticeKind
from incident.domain.responder import Function, Role
from incident.domain.review import ActionKind, ReviewState
from incident.domain.step import StepAct
from incident.domain.timeline import EntryKind, Precision
from incident.store.record import Record, enum_column, json_column
from incident.store.sealed import Sealed, sealed_bytes, sealed_json, sealed_text


class OrganisationRow(Record, table=True):
    """The organisation's profile; one row."""

    __tablename__ = "organisation"

    name: str
    profile: Any = Field(sa_column=json_column())


class ResponderRow(Record, table=True):
    """A person of the team; the slot that lets them in stands in the vault's header."""

    __tablename__ = "responder"

    name: str
    sign_in: str = Field(unique=True)
    function: Function = Field(sa_column=enum_column(Function))
    email: str = ""
    phone: str = ""
    zone: str = "UTC"
    may_approve: bool = False
    administers: bool = False
    active: bool = True
    deputy: UUID | None = Field(default=None, foreign_key="responder.id")
    hours: str = ""
    public_key: bytes = b""
    former_public_keys: Any = Field(sa_column=json_column())


class IncidentRow(Sealed, table=True):
    """An incident, and the playbook as it stood when it was declared."""

    __tablename__ = "incident"
    SEALED: ClassVar[tuple[str, ...]] = (
        "title",
        "ended_reason",
    )

    reference: str = Field(unique=True)
    code_name: str = Field(unique=True)
    title: str = Field(sa_column=sealed_text())
    severity: int
    status: IncidentStatus = Field(sa_column=enum_column(IncidentStatus))
    playbook: str
    playbook_snapshot: Any = Field(sa_column=json_column())
    declared_at: datetime
    declared_by: UUID = Field(foreign_key="responder.id")
    exercise: bool = False
    ended_at: datetime | None = None
    ended_reason: str = Field(default="", sa_column=sealed_text())
    merged_into: UUID | None = Field(default=None, foreign_key="incident.id")


class AssignmentRow(Sealed, table=True):
    """A role held from–until."""

    __tablename__ = "assignment"
    SEALED: ClassVar[tuple[str, ...]] = ("handover_note",)

    incident_id: UUID = Field(foreign_key="incident.id", index=True)
    role: Role = Field(sa_column=enum_column(Role))
    responder_id: UUID = Field(foreign_key="responder.id")
    assumed_at: datetime
    relinquished_at: datetime | None = None
    handover_note: str = Field(default="", sa_column=sealed_text())


class FactRow(Sealed, table=True):
    """One statement about one fact; never edited, only superseded."""

    __tablename__ = "fact"
    SEALED: ClassVar[tuple[str, ...]] = (
        "value",
        "source",
        "basis",
    )

    incident_id: UUID = Field(foreign_key="incident.id", index=True)
    key: str
    on_behalf_of: str = ""
    value: Any = Field(sa_column=sealed_json())
    unknown: bool = False
    source: str = Field(default="", sa_column=sealed_text())
    confidence: Confidence = Field(sa_column=enum_column(Confidence))
    basis: str = Field(default="", sa_column=sealed_text())
    by: UUID = Field(foreign_key="responder.id")
    recorded_at: datetime
    owner: UUID | None = Field(default=None, foreign_key="responder.id")
    wanted_at: datetime | None = None


class StepRow(Sealed, table=True):
    """What was done with a step: done, skipped with a reason, or handed over."""

    __tablename__ = "step"
    SEALED: ClassVar[tuple[str, ...]] = (
        "note",
        "decision",
        "dissent",
        "facts",
    )

    incident_id: UUID = Field(foreign_key="incident.id", index=True)
    step: str
    state: StepAct = Field(sa_column=enum_column(StepAct))
    by: UUID = Field(foreign_key="responder.id")
    at: datetime
    note: str = Field(default="", sa_column=sealed_text())
    decision: str = Field(default="", sa_column=sealed_text())
    dissent: str = Field(default="", sa_column=sealed_text())
    facts: Any = Field(default=None, sa_column=sealed_json())
    """On what a decision rested: each asked fact with its value as it stood then."""
    defaulted: bool = False
    """The default was taken because nobody decided in time."""
    to: UUID | None = Field(default=None, foreign_key="responder.id")
    """To whom the step was handed over."""


class TimelineRow(Sealed, table=True):
    """One line of the timeline."""

    __tablename__ = "timeline"
    SEALED: ClassVar[tuple[str, ...]] = (
        "text",
        "source",
    )

    incident_id: UUID = Field(foreign_key="incident.id", index=True)
    occurred_at: datetime
    recorded_at: datetime
    precision: Precision = Field(sa_column=enum_column(Precision))
    kind: EntryKind = Field(sa_column=enum_column(EntryKind))
    text: str = Field(sa_column=sealed_text())
    by: UUID = Field(foreign_key="responder.id")
    source: str = Field(default="", sa_column=sealed_text())
    privileged: bool = False
    """Readable in counsel's circle only."""


class NoticeRow(Sealed, table=True):
    """A notice under work: template, obligations, language, recipient and the fields as they stand."""

    __tablename__ = "notice"
    SEALED: ClassVar[tuple[str, ...]] = (
        "recipient_name",
        "recipient_address",
        "fields",
    )

    incident_id: UUID = Field(foreign_key="incident.id", index=True)
    template: str
    obligations: Any = Field(sa_column=json_column())
    language: str
    recipient_name: str = Field(default="", sa_column=sealed_text())
    recipient_address: str = Field(default="", sa_column=sealed_text())
    on_behalf_of: str = ""
    fields: Any = Field(sa_column=sealed_json())
    edited_by: Any = Field(sa_column=json_column())


class NoticeVersionRow(Sealed, table=True):
    """A frozen text of a notice, and its PDF."""

    __tablename__ = "notice_version"
    SEALED: ClassVar[tuple[str, ...]] = ("content",)
    __table_args__ = (UniqueConstraint("notice_id", "number"),)

    incident_id: UUID | None = Field(default=None, foreign_key="incident.id", index=True)
    notice_id: UUID = Field(foreign_key="notice.id", index=True)
    number: int
    kind: NoticeKind = Field(sa_column=enum_column(NoticeKind))
    content_hash: str
    content: Any = Field(sa_column=sealed_json())
    made_by: UUID = Field(foreign_key="responder.id")
    made_at: datetime
    journal_seq: int
    journal_hash: str


class DocumentRow(Sealed, table=True):
    """A PDF that was written: kept as it was, so that nothing hangs on making it again."""

    __tablename__ = "document"
    SEALED: ClassVar[tuple[str, ...]] = ("pdf",)

    incident_id: UUID | None = Field(default=None, foreign_key="incident.id", index=True)
    version_id: UUID = Field(foreign_key="notice_version.id", index=True)
    mark: str
    sha256: str
    pdf: bytes = Field(sa_column=sealed_bytes())


class ApprovalRow(Sealed, table=True):
    """A second person's signature over a version's content hash, or a refusal with reasons."""

    __tablename__ = "approval"
    SEALED: ClassVar[tuple[str, ...]] = ("note",)

    incident_id: UUID | None = Field(default=None, foreign_key="incident.id", index=True)
    version_id: UUID = Field(foreign_key="notice_version.id", index=True)
    by: UUID = Field(foreign_key="responder.id")
    approved: bool
    at: datetime
    content_hash: str
    signature: bytes
    public_key: bytes
    note: str = Field(default="", sa_column=sealed_text())


class FilingRow(Sealed, table=True):
    """That a notice was sent: to whom, when, how, with which receipt."""

    __tablename__ = "filing"
    SEALED: ClassVar[tuple[str, ...]] = (
        "recipient",
        "reference",
        "late_reason",
    )

    incident_id: UUID = Field(foreign_key="incident.id", index=True)
    notice_id: UUID | None = Field(default=None, foreign_key="notice.id")
    version_id: UUID | None = Field(default=None, foreign_key="notice_version.id")
    obligation: str
    on_behalf_of: str = ""
    filed_at: datetime
    recipient: str = Field(sa_column=sealed_text())
    channel: str
    reference: str = Field(default="", sa_column=sealed_text())
    receipt_hash: str = ""
    late_by: int = 0
    """Seconds late at this filing as judged when it was recorded; frozen."""
    due_at: datetime | None = None
    late_reason: str = Field(default="", sa_column=sealed_text())
    by: UUID = Field(foreign_key="responder.id")


class ReviewRow(Sealed, table=True):
    """What the team wrote for the post-incident review; one row per incident."""

    __tablename__ = "review"
    SEALED: ClassVar[tuple[str, ...]] = ("answers",)

    incident_id: UUID = Field(foreign_key="incident.id", unique=True)
    state: ReviewState = Field(sa_column=enum_column(ReviewState))
    answers: Any = Field(sa_column=sealed_json())
    by: UUID = Field(foreign_key="responder.id")


class ActionItemRow(Sealed, table=True):
    """Something that will be done after the incident, by somebody, by a day."""

    __tablename__ = "action_item"
    SEALED: ClassVar[tuple[str, ...]] = (
        "title",
        "outcome",
    )

    incident_id: UUID = Field(foreign_key="incident.id", index=True)
    title: str = Field(sa_column=sealed_text())
    kind: ActionKind = Field(sa_column=enum_column(ActionKind))
    owner: UUID = Field(foreign_key="responder.id")
    due_on: date
    done_at: datetime | None = None
    outcome: str = Field(default="", sa_column=sealed_text())
