"""A new master key: when somebody leaves, what they know must not open what is written from now on.

The new header is written beside the old one first, then the database is encrypted anew in one transaction, then the new
header takes the old one's place. Whatever is interrupted in between, one of the two headers opens the database, and the
next sign-in finishes or forgets the change. Copies made earlier stay readable with the keys of their day.
"""

from collections.abc import Callable
from pathlib import Path
from secrets import token_bytes

from incident.errors import RefusedError, StoreError
from incident.store import vault
from incident.store.anchor import ANCHOR
from incident.store.durable import sync_folder
from incident.store.engine import DATABASE, VaultConnection, connector
from incident.store.grants import grant
from incident.store.keys import KEY_BYTES, subkey
from incident.store.vault import HEADER, read_header, write_header

NEXT = f"{HEADER}.next"


def rotate(path: Path, opened: vault.Opened, *, without: str = "") -> vault.Opened:
    """Give the vault a new master key, and every slot but one a grant of it; `without` names the slot that goes."""
    with vault.header_lock(path):
        header = read_header(path)
        if vault.recovery_key(header) is None:
            raise RefusedError(
                "The recovery code is from before keys could be renewed.",
                "Make a new one first: `incident vault new-code`.",
            )
        fresh = token_bytes(KEY_BYTES)
        kept = [each for each in vault.slots_in(header) if not without or each.get("sign_in") != without]
        slots = [grant(header, each, opened.master, fresh) for each in kept]
        write_header(path, {**header, "slots": slots}, fresh, name=NEXT)
        _encrypt_anew(connector(path / DATABASE, subkey(opened.master, "db")), subkey(fresh, "db"))
        take_next(path)
    mine = next(each for each in slots if each["id"] == opened.slot["id"])
    return vault.Opened(fresh, opened.signing, mine)


def _encrypt_anew(connect: Callable[[], VaultConnection], key: bytes) -> None:
    connection = connect()
    try:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        connection.execute(f"PRAGMA rekey=\"x'{key.hex()}'\"")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    finally:
        connection.close()


def take_next(path: Path) -> None:
    """Put the new header in the old one's place."""
    (path / ANCHOR).unlink(missing_ok=True)  # authenticated under the old key; whoever opens the vault leaves a new one
    (path / NEXT).replace(path / HEADER)
    sync_folder(path)


def settle(path: Path, opens: Callable[[dict[str, object]], bool]) -> None:
    """Finish or forget a change of keys that was interrupted; `opens` says whether a header opens the database."""
    if not (path / NEXT).exists():
        return
    with vault.header_lock(path):
        if not (path / NEXT).exists():
            return
        if opens(read_header(path)):
            (path / NEXT).unlink()
        elif opens(read_header(path, NEXT)):
            take_next(path)
        else:
            raise StoreError(
                "A change of the vault's keys was interrupted, and neither of its headers opens the database.",
                "Restore vault.json and incident.db from the same backup.",
            )
