"""A new master key: when somebody leaves, what they know must not open what is written from now on.

The new header is written beside the old one first, then the database is encrypted anew in one transaction, then the new
header takes the old one's place. Whatever is interrupted in between, one of the two headers opens the database, and the
next sign-in finishes or forgets the change. Copies made earlier stay readable with the keys of their day.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from secrets import token_bytes

from incident.errors import RefusedError, StoreError
from incident.store import vault
from incident.store.anchor import ANCHOR
from incident.store.durable import sync_folder
from incident.store.engine import DATABASE, VaultConnection, connector
from incident.store.grants import grant
from incident.store.header_shape import NEXT
from incident.store.keys import KEY_BYTES, subkey
from incident.store.two_headers import is_under, keys_agree, standing_header
from incident.store.vault import HEADER, read_header, write_header


def rotate(path: Path, opened: vault.Opened, *, without: str = "") -> vault.Opened:
    """Give the vault a new master key, and every slot but one a grant of it; `without` names the slot that goes."""
    with vault.header_lock(path):
        check_current(path, read_header(path), opened.master)
        settle_with(path, opened.master)
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
        take_next(path, fresh)
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


def take_next(path: Path, master: bytes) -> None:
    """Put the new header, which is under this master key, in the old one's place. Raises OSError."""
    if not is_under(read_header(path), master):
        (path / ANCHOR).unlink(missing_ok=True)  # authenticated under the old key; whoever opens the vault leaves a new one
    (path / NEXT).replace(path / HEADER)
    sync_folder(path)


def fits(path: Path, master: bytes) -> bool:
    """Whether this master key is the one that the database is encrypted under."""
    try:
        connector(path / DATABASE, subkey(master, "db"))().close()
    except StoreError:
        return False
    return True


def check_current(path: Path, header: Mapping[str, object], master: bytes) -> None:
    """Raise RefusedError when the vault has a new master key since this one was opened, StoreError for an altered header.

    Whoever has lost the race writes nothing: a header authenticated under an old key would lock everybody out.
    """
    try:
        vault.check_header(header, master)
    except StoreError:
        if fits(path, master):
            raise
        raise RefusedError("The vault's keys were renewed in another window.", "Sign in again and repeat it.") from None


def settle(path: Path, opened_by: Callable[[dict[str, object]], vault.Opened]) -> None:
    """Finish or forget a change of keys that was interrupted; `opened_by` opens a header with what was typed."""
    _sweep(path)
    if not (path / NEXT).exists():
        return
    with vault.header_lock(path):
        if not (path / NEXT).exists():
            return
        name, master = standing_header(path, opened_by, lambda header, key: _stands(path, header, key))
        if name == NEXT:
            take_next(path, master)
        else:
            (path / NEXT).unlink()


def _sweep(path: Path) -> None:
    """Remove what a killed process had begun to write: whoever writes a header holds its lock."""
    left = f"{HEADER}.*.part"
    if any(path.glob(left)):
        with suppress(OSError, StoreError), vault.header_lock(path):
            for each in path.glob(left):
                each.unlink()


def settle_with(path: Path, master: bytes) -> None:
    """The same for whoever holds the current master key and the header's lock."""
    if not (path / NEXT).exists():
        return
    following = read_header(path, NEXT)
    if is_under(following, master) and _stands(path, following, master):
        take_next(path, master)
    else:
        (path / NEXT).unlink()


def _stands(path: Path, header: dict[str, object], master: bytes) -> bool:
    try:
        connection = connector(path / DATABASE, subkey(master, "db"))()
    except StoreError:
        return False
    try:
        return keys_agree(connection, header)
    finally:
        connection.close()
