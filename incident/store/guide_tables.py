"""The table of playbooks that an incident took up after it was declared: a second one that joined, or a newer version."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlmodel import Field

from incident.domain.taken_playbook import TakenAs
from incident.store.record import enum_column
from incident.store.sealed import Sealed, sealed_json, sealed_text


class TakenPlaybookRow(Sealed, table=True):
    """A playbook as it stood when a running incident took it up, and why; never edited."""

    __tablename__ = "taken_playbook"
    SEALED: ClassVar[tuple[str, ...]] = ("playbook", "snapshot", "reason")

    incident_id: UUID = Field(foreign_key="incident.id", index=True)
    taken_as: TakenAs = Field(sa_column=enum_column(TakenAs))
    playbook: str = Field(sa_column=sealed_text())
    snapshot: Any = Field(sa_column=sealed_json())
    reason: str = Field(default="", sa_column=sealed_text())
    at: datetime
    by: UUID = Field(foreign_key="responder.id")
