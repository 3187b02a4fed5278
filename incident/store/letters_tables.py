"""The tables of the letter press: which column of a recipients' file is what, and which runs there were.

Nothing of a recipient is kept but counts, keyed hashes of codes, and the manifest where somebody wants it.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from sqlmodel import Field

from incident.store.record import Record, enum_column, json_column
from incident.store.sealed import Sealed, sealed_json, sealed_text


class RunState(StrEnum):
    """How far a run of the press got."""

    BEGUN = "begun"
    FINISHED = "finished"
    STOPPED = "stopped"


class ColumnMappingRow(Record, table=True):
    """How the columns of files with this header were named by hand."""

    __tablename__ = "letter_mapping"

    header: str = Field(unique=True)
    """SHA-256 of the header's cells."""
    mapping: Any = Field(sa_column=json_column())
    """Role → column."""


class LetterRunRow(Sealed, table=True):
    """One run of the press: what was asked, which codes it reserved, what came of it."""

    __tablename__ = "letter_run"
    SEALED: ClassVar[tuple[str, ...]] = ("identity", "output", "counts", "codes", "manifest")

    incident_id: UUID = Field(foreign_key="incident.id", index=True)
    state: RunState = Field(sa_column=enum_column(RunState))
    identity: str = Field(sa_column=sealed_text())
    """SHA-256 over everything that decides what is pressed: files, texts, options."""
    output: str = Field(sa_column=sealed_text())
    counts: Any = Field(sa_column=sealed_json())
    codes: str = Field(default="", sa_column=sealed_text())
    """Keyed hashes of the codes that are spoken for, sorted, eight bytes each, as base64."""
    manifest: str = Field(default="", sa_column=sealed_text())
    """Blank unless it is wanted."""
    by: UUID = Field(foreign_key="responder.id")
    at: datetime
    ended_at: datetime | None = None
