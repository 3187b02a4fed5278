"""The tables of a notice under work: text that is being written and not recorded yet, and what was copied into a portal."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from incident.store.record import Record, json_column
from incident.store.sealed import Sealed, sealed_text


class UnsavedTextRow(Sealed, table=True):
    """What somebody is typing into a field: kept while it is typed, gone once it is recorded or thrown away."""

    __tablename__ = "unsaved_text"
    __table_args__ = (UniqueConstraint("notice_id", "field", "by"),)
    SEALED: ClassVar[tuple[str, ...]] = ("text",)

    incident_id: UUID = Field(foreign_key="incident.id", index=True)
    notice_id: UUID = Field(foreign_key="notice.id", index=True)
    field: str
    by: UUID = Field(foreign_key="responder.id")
    text: str = Field(sa_column=sealed_text())
    at: datetime


class CopiedFieldRow(Record, table=True):
    """That an answer was copied into the recipient's portal; bound to the very text by a keyed hash."""

    __tablename__ = "copied_field"
    __table_args__ = (UniqueConstraint("notice_id", "field"),)

    incident_id: UUID = Field(foreign_key="incident.id", index=True)
    notice_id: UUID = Field(foreign_key="notice.id", index=True)
    field: str
    digest: Any = Field(sa_column=json_column())
    """Salt and hash (hex) of the text: a tick ends when the answer changes, and tells nobody what it says."""
    by: UUID = Field(foreign_key="responder.id")
    at: datetime
