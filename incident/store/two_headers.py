"""Two headers: a change of keys that was interrupted left the new one beside the old. The database says which one holds.

A new master key opens only the one or the other; a slot renewed with the recovery code is the vault's once the database
records its public key. Nothing here writes.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from incident.errors import RefusedError, StoreError
from incident.store import vault
from incident.store.header_shape import NEXT
from incident.store.vault import HEADER, Opened, read_header

Header = dict[str, object]


def standing_header(
    path: Path, opened_by: Callable[[Header], Opened], stands: Callable[[Header, bytes], bool]
) -> tuple[str, bytes]:
    """The name of the header that holds, and the master key; `stands` asks the database about a header and a key.

    Raises RefusedError when what was typed opens neither, StoreError when neither holds.
    """
    headers = {HEADER: read_header(path), NEXT: read_header(path, NEXT)}
    keys: list[bytes] = []
    refused: RefusedError | None = None
    for header in headers.values():
        try:
            keys.append(opened_by(header).master)
        except RefusedError as error:
            refused = refused or error
    for name, header in headers.items():
        for key in keys:
            if is_under(header, key) and stands(header, key):
                return name, key
    if refused is not None:
        raise refused
    raise StoreError(
        "A change of the vault's keys was interrupted, and neither of its headers opens the database.",
        "Restore vault.json and incident.db from the same backup.",
    )


def is_under(header: Mapping[str, object], key: bytes) -> bool:
    """Whether a header is authenticated under this master key."""
    try:
        vault.check_header(header, key)
    except StoreError:
        return False
    return True


def keys_agree(connection: Any, header: Mapping[str, object]) -> bool:
    """Whether the database records the public key of every responder's slot in this header."""
    recorded = {UUID(row): bytes(key) for row, key in connection.execute("SELECT id, public_key FROM responder")}
    slots = [each for each in vault.slots_in(header) if each.get("responder_id")]
    held = {UUID(str(each["responder_id"])): bytes.fromhex(str(each["public_key"])) for each in slots}
    return all(recorded.get(who, key) == key for who, key in held.items())
