"""Keys are wrapped only for a public key that the record vouches for.

Whoever holds the database key could put a key of their own beside a colleague's name, wait until something is sealed for
that colleague, and put the old one back. Before anything is wrapped, the key must be the one in the vault's header, and
the responder's row must be what the journal recorded of it.
"""

from typing import Any
from uuid import UUID

from sqlmodel import Session

from incident.errors import StoreError
from incident.store.commitment import is_as_recorded


def require_vouched(session: Session, responder_id: UUID, public_key: bytes) -> None:
    """Raise StoreError unless this is the responder's key by the header and by the journal.

    A row that this very change has touched is judged by the header alone, and a newcomer's slot is written after the row.
    """
    raw: Any = session.connection().connection.driver_connection
    mine = ("responder", responder_id.hex)
    touched = any((table, row) == mine for table, row, _ in raw.touched or ())
    in_header = session.info["slot_keys"]().get(responder_id)
    if in_header == public_key and (touched or is_as_recorded(raw, *mine)):
        return
    if touched and in_header is None:
        return
    raise StoreError(
        "The key of a responder is not the one that the vault's record vouches for; nothing was sealed for it.",
        "Run `incident journal verify`: it names the row. Restore the newest backup that holds.",
    )
