"""A vault that is only read: a copy handed over, a backup, or a vault on a disk that takes nothing any more.

Knows neither the journal nor the writing engine. Where a write-ahead log was left, the encrypted files are copied into
memory and opened there, so that nothing in the vault's folder is touched and the log's changes are seen.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlcipher3.dbapi2 import DatabaseError
from sqlmodel import Session

from incident.domain.membership import Circle
from incident.errors import StoreError
from incident.store import vault
from incident.store.device import DeviceStore
from incident.store.engine import DATABASE, VaultConnection, connector, read_engine, read_only_connector
from incident.store.header_shape import NEXT
from incident.store.keys import subkey
from incident.store.scratch import Scratch, new_scratch, sweep_scratch
from incident.store.seals import KeyName, Seals
from incident.store.two_headers import keys_agree, standing_header
from incident.store.vault import Opened, read_header


@dataclass(slots=True)
class ReadOnlyVault:
    """A vault opened for reading alone, by a responder's slot or by the recovery code."""

    path: Path
    sign_in: str
    """Empty when the recovery code opened it."""
    warning: str
    """What may be missing from this view; empty when nothing is."""
    _opened: Opened = field(repr=False)
    _engine: Engine = field(repr=False)
    _scratch: Scratch | None = None
    _seals: Seals | None = field(default=None, repr=False)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that cannot write; sealed rows open with the keys of whoever opened the vault."""
        holder = self._opened.slot.get("responder_id")
        info: dict[str, object] = {"find": find_for(UUID(str(holder)) if holder else None)}
        info["seals"] = self._keys()
        try:
            with Session(self._engine, expire_on_commit=False, info=info) as session:
                yield session
        except (DBAPIError, DatabaseError) as error:
            hint = "Open a copy of it with `incident restore`, which brings it up to date, or restore another backup."
            raise StoreError(f"{self.path} cannot be read as it is: {error}.".replace("\n", " "), hint) from error

    def _keys(self) -> Seals:
        if self._seals is None:
            public = bytes.fromhex(str(self._opened.slot.get("public_key", "")) or "00" * 32)
            self._seals = Seals(self._opened.signing or bytes(32), public)
        return self._seals

    def close(self) -> None:
        """Close the connections and remove what was copied into memory."""
        self._engine.dispose()
        if self._scratch is not None:
            self._scratch.close()


def find_for(holder: UUID | None) -> Callable[..., tuple[int, bytes] | None]:
    """Looks up a key as wrapped for one holder; None is the holder of the recovery code."""

    def find(session: Any, name: KeyName | None, incident_id: UUID, circle: Circle) -> tuple[int, bytes] | None:
        raw = session.connection().connection.driver_connection
        row = raw.execute(
            "SELECT number, wrapped FROM member WHERE incident_id = ? AND responder_id IS ? AND circle = ?"
            " AND length(wrapped) > 0 AND ifnull(number = ?, 1) ORDER BY number DESC LIMIT 1",
            (incident_id.hex, holder.hex if holder else None, circle.value, name.number if name else None),
        ).fetchone()
        return (row[0], bytes(row[1])) if row else None

    return find


def open_slot_of(
    path: Path, *, sign_in: str = "", passphrase: str = "", code: str = "", device: DeviceStore | None = None
) -> Opened:
    """What opens the vault or copy in this folder: a responder's passphrase, or the recovery code. Nothing is written.

    A change of keys that was interrupted left two headers: the one that opens the database counts.
    """
    header = read_header(path)
    secret = device.secret(str(header["id"])) if device is not None and not code else None

    def opened_by(header: dict[str, object]) -> Opened:
        if code:
            return vault.open_recovery(header, code)
        return vault.open_slot(header, sign_in=sign_in, passphrase=passphrase, device=secret)

    if (path / NEXT).exists():
        name, _ = standing_header(path, opened_by, lambda header, master: _stands(path, header, master))
        header = read_header(path, name)
    return opened_by(header)


def _stands(path: Path, header: dict[str, object], master: bytes) -> bool:
    """Whether the database opens under this master key and records the header's keys."""
    try:
        held = read_only(path, Opened(master))
    except StoreError:
        return False
    try:
        with held.reading() as session:
            return keys_agree(session.connection().connection.driver_connection, header)
    except StoreError:
        return False
    finally:
        held.close()


def read_only(path: Path, opened: Opened) -> ReadOnlyVault:
    """Open a vault or a copy for reading alone; works on a read-only medium and on a full disk."""
    sweep_scratch()
    connect, scratch, warning = _way_in(path / DATABASE, subkey(opened.master, "db"))
    sign_in = str(opened.slot.get("sign_in", ""))
    return ReadOnlyVault(path, sign_in, warning, opened, read_engine(connect), scratch)


def _way_in(database: Path, key: bytes) -> tuple[Callable[[], VaultConnection], Scratch | None, str]:
    log = database.with_name(database.name + "-wal")
    if not database.is_file() or database.stat().st_size == 0:
        raise StoreError(f"{database} is missing or empty.", "Restore vault.json and incident.db from the same backup.")
    if not log.exists():
        return read_only_connector(database, key), None, ""
    scratch = _copied(database, log)
    if scratch is not None:
        return connector(scratch.path / DATABASE, key), scratch, ""
    try:
        alone = read_only_connector(database, key, with_log=True)
        alone().close()
    except StoreError:
        return read_only_connector(database, key), None, "The newest changes may be missing: the write-ahead log was not read."
    return alone, None, ""


def _copied(database: Path, log: Path) -> Scratch | None:
    """Both files as they stood at one moment, in memory; None where there is no room for them."""
    scratch = None
    try:
        scratch = new_scratch()
        for _ in range(8):
            before = _state(database, log)
            for each in (database, log):
                shutil.copyfile(each, scratch.path / each.name)
            if _state(database, log) == before:
                return scratch
    except OSError:
        pass
    if scratch is not None:
        scratch.close()
    return None


def _state(*files: Path) -> list[tuple[int, int]]:
    return [(each.stat().st_mtime_ns, each.stat().st_size) for each in files]
