"""The order of the acts upon evidence, which decides who holds it: the journal's.

A database's own order of rows is nobody's word, and a clock can be set back. Where the recorded times leave no doubt they
are enough; else the journal's entries, which are chained and signed, say what came after what.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, select

from incident.store.custody_tables import CustodyRow

_ACT = re.compile(rb'"id":"([0-9a-f]{32})","op":"insert","table":"custody"')


def custody_of(session: Session, incident_id: UUID, evidence_id: UUID | None = None) -> dict[UUID, list[CustodyRow]]:
    """The acts upon each item, in the order in which they were recorded."""
    query = select(CustodyRow).where(CustodyRow.incident_id == incident_id).order_by(text("custody.rowid"))
    if evidence_id is not None:
        query = query.where(CustodyRow.evidence_id == evidence_id)
    found: dict[UUID, list[CustodyRow]] = {}
    for row in session.exec(query).all():
        found.setdefault(row.evidence_id, []).append(row)
    doubtful = [rows for rows in found.values() if not _times_agree(rows)]
    if doubtful:
        places = _places(session.connection().connection.driver_connection)
        for rows in doubtful:
            rows.sort(key=lambda row: places.get(row.id.hex, len(places)))
    return found


def _times_agree(rows: Sequence[CustodyRow]) -> bool:
    return all(earlier.at < later.at for earlier, later in pairwise(rows))


def _places(connection: Any) -> dict[str, int]:
    """The place of every act among all acts, by its row's id."""
    query = "SELECT body FROM journal WHERE instr(body, ?) ORDER BY seq"
    bodies = connection.execute(query, (b'"table":"custody"',))
    ids = (each.decode() for (body,) in bodies for each in _ACT.findall(body))
    return {row_id: place for place, row_id in enumerate(ids)}
