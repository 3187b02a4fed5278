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


class EvidenceState(StrEnum):
    """How an item stands."""

    KEPT = "kept"
    SEALED = "sealed"
    DAMAGED = "damaged"
    """Its last verification failed."""
    DESTROYED = "destroyed"


@dataclass(frozen=True, slots=True)
class CustodyTransfer:
    """One act upon an item: who, when, to whom, and the hash that was found."""

    act: CustodyAct
    at: datetime
    by: UUID
    to_whom: str
    """To whom it was handed; for an export or a look, where its bytes went."""
    note: str
    sha256: str
    """Blank where the bytes were not read, or did not hold."""


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
    object: str
    """The name of its file: a keyed hash of the content."""
    acquired_at: datetime
    by: UUID
    derived_from: UUID | None
    custody: tuple[CustodyTransfer, ...]
    privileged: bool = False
    """Sealed for counsel's circle: other members do not see it, and no export but the privileged one takes it out."""

    @property
    def named(self) -> str:
        """How a sentence names it."""
        return f"Evidence item {self.number} «{self.name}»"

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

    @property
    def verified(self) -> CustodyTransfer | None:
        """The last verification; its hash is blank when the item did not hold."""
        found = [each for each in self.custody if each.act is CustodyAct.VERIFIED]
        return found[-1] if found else None

    @property
    def state(self) -> EvidenceState:
        """How it stands: destroyed above damaged above sealed."""
        if self.is_destroyed:
            return EvidenceState.DESTROYED
        if self.verified is not None and self.verified.sha256 != self.sha256:
            return EvidenceState.DAMAGED
        return EvidenceState.SEALED if self.is_sealed else EvidenceState.KEPT


def grouped(digest: str) -> str:
    """A hash in groups of eight, as it is read out and compared."""
    return " ".join(digest[start : start + 8] for start in range(0, len(digest), 8))


def size_text(size: int) -> str:
    """A size as people read it: `512 B`, `12.3 MB` (powers of ten)."""
    if size < 1000:
        return f"{size} B"
    amount = float(size)
    for unit in ("kB", "MB", "GB"):
        amount /= 1000
        if amount < 999.95:
            return f"{amount:.1f} {unit}"
    return f"{amount / 1000:.1f} TB"
