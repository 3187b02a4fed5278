"""Indexes that views need among many ended incidents; made with the triggers, at creation and after each migration."""

from typing import Any

from sqlalchemy import Index
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex
from sqlmodel import col

from incident.store.tables import IncidentRow

INDEXES = (
    Index("ix_incident_status_declared_at", col(IncidentRow.status), col(IncidentRow.declared_at)),
    Index("ix_incident_merged_into", col(IncidentRow.merged_into)),
)
"""The open ones and the newest of the others; what was merged into one."""


def create_indexes(connection: Any) -> None:
    """Create those that are not there."""
    for each in INDEXES:
        connection.execute(str(CreateIndex(each, if_not_exists=True).compile(dialect=sqlite.dialect())))
