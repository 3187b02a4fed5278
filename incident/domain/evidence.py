"""Evidence: what was kept, where its bytes came from, and every act upon it, in order.

The holder of an item is whoever the last transfer names; an original never changes, an annotation is a new item with
`derived_from`.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class CustodyAct(StrEnum):
    """What can happen to an item of evidence."""

    ACQUIRED = "acquired"
    VERIFIED = "verified"
    VIEWED = "viewed"
    EXPORTED = "exported"
    TRANSFERRED = "transferred"
    SEALED = "sealed"
    DESTROYED = "destroyed"


@dataclass(frozen=True, slots=True)
class CustodyTransfer:
    """One act upon an item: who, when, to whom, and the hash that was found."""

    act: CustodyAct
    at: datetime
    by: UUID
    to_whom: str
    note: str
    sha256: str


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """One item as recorded, with its chain of custody, the oldest act first."""

    id: UUID
    incident_id: UUID
    number: int
    name: str
    source: str
    note: str
    media_type: str
    size: int
    """Bytes."""
    sha256: str
    """Of the plain bytes, as they were when the item was acquired."""
    acquired_at: datetime
    by: UUID
    derived_from: UUID | None
    custody: tuple[CustodyTransfer, ...]

    @property
    def is_sealed(self) -> bool:
        """Whether the item was sealed: it is verified, viewed and handed over, and takes no further annotation."""
        return any(each.act is CustodyAct.SEALED for each in self.custody)

    @property
    def is_destroyed(self) -> bool:
        """Whether its bytes were destroyed; the record of it stays."""
        return any(each.act is CustodyAct.DESTROYED for each in self.custody)

    @property
    def holder(self) -> str:
        """To whom it was handed last; empty while it has not left this vault."""
        handed = [each.to_whom for each in self.custody if each.act is CustodyAct.TRANSFERRED]
        return handed[-1] if handed else ""
