"""The tables of who may read and of what is kept: members and their keys, evidence and custody, access, legal holds."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from incident.domain.access import AccessAct
from incident.domain.evidence import CustodyAct
from incident.domain.membership import Circle
from incident.store.record import Record, enum_column
from incident.store.sealed import Sealed, sealed_text


class MemberRow(Record, table=True):
    """An incident key as wrapped for one member; `responder_id` is empty for the holder of the recovery code."""

    __tablename__ = "member"
    __table_args__ = (UniqueConstraint("incident_id", "responder_id", "circle", "number"),)

    incident_id: UUID = Field(foreign_key="incident.id", index=True)
    responder_id: UUID | None = Field(default=None, foreign_key="responder.id")
    circle: Circle = Field(sa_column=enum_column(Circle))
    number: int
    wrapped: bytes
    """Blank once the member has left the incident."""
    granted_by: UUID = Field(foreign_key="responder.id")
    granted_at: datetime
    ended_at: datetime | None = None


class EvidenceRow(Sealed, table=True):
    """An item of evidence; its bytes lie encrypted in the folder `evidence`, under a name that tells nothing."""

    __tablename__ = "evidence"
    __table_args__ = (UniqueConstraint("incident_id", "number"),)
    SEALED: ClassVar[tuple[str, ...]] = ("name", "source", "note", "media_type", "sha256")

    incident_id: UUID = Field(foreign_key="incident.id", index=True)
    number: int
    name: str = Field(sa_column=sealed_text())
    source: str = Field(default="", sa_column=sealed_text())
    note: str = Field(default="", sa_column=sealed_text())
    media_type: str = Field(default="", sa_column=sealed_text())
    sha256: str = Field(sa_column=sealed_text())
    size: int
    object: str
    """The file's name: a keyed hash of the content."""
    acquired_at: datetime
    by: UUID = Field(foreign_key="responder.id")
    derived_from: UUID | None = Field(default=None, foreign_key="evidence.id")


class CustodyRow(Sealed, table=True):
    """One act upon an item of evidence; never edited."""

    __tablename__ = "custody"
    SEALED: ClassVar[tuple[str, ...]] = ("to_whom", "note", "sha256")

    incident_id: UUID = Field(foreign_key="incident.id", index=True)
    evidence_id: UUID = Field(foreign_key="evidence.id", index=True)
    act: CustodyAct = Field(sa_column=enum_column(CustodyAct))
    at: datetime
    by: UUID = Field(foreign_key="responder.id")
    to_whom: str = Field(default="", sa_column=sealed_text())
    note: str = Field(default="", sa_column=sealed_text())
    sha256: str = Field(default="", sa_column=sealed_text())


class AccessRow(Record, table=True):
    """Who looked at or took out what."""

    __tablename__ = "access"

    incident_id: UUID | None = Field(default=None, index=True)
    """No foreign key: the record of a look outlives a purge."""
    act: AccessAct = Field(sa_column=enum_column(AccessAct))
    what: str
    at: datetime = Field(index=True)
    by: UUID = Field(foreign_key="responder.id")


class LegalHoldRow(Sealed, table=True):
    """That an incident must be kept, whatever its retention says, until the hold is lifted."""

    __tablename__ = "legal_hold"
    SEALED: ClassVar[tuple[str, ...]] = ("reason",)

    incident_id: UUID = Field(foreign_key="incident.id", index=True)
    reason: str = Field(sa_column=sealed_text())
    placed_at: datetime
    by: UUID = Field(foreign_key="responder.id")
    lifted_at: datetime | None = None
