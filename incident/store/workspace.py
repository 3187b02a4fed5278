"""An open vault, as use cases see it: read, change, sign, and nothing else.

A change is one transaction with exactly one journal entry, or nothing at all.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import Engine
from sqlcipher3.dbapi2 import DatabaseError
from sqlmodel import Session, select

import incident.store.guide_tables
import incident.store.letters_tables
import incident.store.notice_tables
import incident.store.reminder_tables
import incident.store.review_tables  # noqa: F401 - what a purge deletes from must be known
from incident.domain.responder import Function
from incident.errors import StoreError
from incident.store import vault
from incident.store.anchor import check_anchors, epoch_of, keyring_anchor, leave_anchors, renew_anchor, seen_anchors
from incident.store.cache import CacheFile
from incident.store.checkpoint import Signer, checkpoint, slot_keys
from incident.store.engine import DATABASE, VaultConnection, Waiting, connector, fingerprint, read_engine, write_engine
from incident.store.journal import JournalEntry, JournalHead, JournalReport, append, entries, head_of, verify
from incident.store.keys import subkey
from incident.store.members import find_wrapped, found, seal_what_stood_open, without_keys
from incident.store.migrate import HEAD, migrate, revision
from incident.store.rotation import check_current, rotate
from incident.store.sealed_detail import opened_detail, sealed_detail
from incident.store.seals import Seals
from incident.store.session import ChangeSession
from incident.store.slot_keeper import SlotKeeper
from incident.store.tables import ResponderRow
from incident.store.troubles import told
from incident.store.vault import SlotInfo, read_header, slot_infos


def slots(path: Path) -> tuple[SlotInfo, ...]:
    """Who can open the vault in this folder."""
    return slot_infos(read_header(path))


class Workspace:
    """One open vault and the responder whose slot opened it."""

    def __init__(self, path: Path, header: Mapping[str, object], opened: vault.Opened) -> None:
        self.path = path
        self.vault_id = str(header["id"])
        self.sign_in = str(opened.slot["sign_in"])
        self.responder_id = UUID(str(opened.slot["responder_id"]))
        self._signing = Ed25519PrivateKey.from_private_bytes(opened.signing)
        self._seals = Seals(opened.signing, self.public_key)
        self._sealed_through = False
        self._schema_seen = -1
        self._changed_at: datetime | None = None
        self.waiting: Waiting = lambda seconds: None
        self.keyring = keyring_anchor(self.vault_id) if opened.slot["kind"] == "passphrase+device" else None
        self._use(opened)

    def _use(self, opened: vault.Opened) -> None:
        self._master = opened.master
        self.slots = SlotKeeper(self.path, opened)
        self._connect: Callable[[], VaultConnection] = connector(self.path / DATABASE, subkey(self._master, "db"))
        self.__dict__.pop("_write", None)
        self._read = read_engine(self._connect)

    @cached_property
    def _write(self) -> Engine:
        """Made for the first change: most commands only read."""
        return write_engine(self._connect, lambda seconds: self.waiting(seconds))

    def renew_master(self, *, without: str = "") -> None:
        """A new master key for everybody but `without`, whose slot goes; every other open window must sign in again."""
        head = self.head()
        self._write.dispose()
        self._read.dispose()
        try:
            with told():
                self._use(rotate(self.path, self.slots.opened, without=without))
            renew_anchor(self.path, self._master, head, epoch=epoch_of(read_header(self.path)))
        except OSError as error:
            raise StoreError(f"The keys could not be renewed: {error.strerror}.", "Sign in again and repeat it.") from error

    def __repr__(self) -> str:
        return f"Workspace({self.sign_in!r})"

    @property
    def changed_at(self) -> datetime | None:
        """When this desk last changed something; None while it only read."""
        return self._changed_at

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session on one consistent state; it cannot write."""
        with told(), Session(self._read, expire_on_commit=False, info=self._keys()) as session:
            yield session

    def _keys(self) -> dict[str, object]:
        known = {"seals": self._seals, "find": find_wrapped, "responder_id": self.responder_id}
        return known | {"slot_keys": lambda: slot_keys(read_header(self.path))}

    @contextmanager
    def change(
        self,
        act: str,
        *,
        now: datetime,
        incident_id: UUID | None = None,
        detail: Mapping[str, object] | None = None,
    ) -> Iterator[Session]:
        """One transaction with its journal entry; an exception, or no touched row, writes nothing."""
        self._close_what_stands_open(now)
        with told(), ChangeSession(self._write, expire_on_commit=False, info=self._keys()) as session:
            session.stamped(now, incident_id)
            raw = _raw(session)
            self._refuse_altered_schema(raw)
            raw.touched = []
            try:
                yield session
                session.flush()
                if raw.touched:
                    append(
                        raw,
                        raw.touched,
                        at=now,
                        by=self.responder_id,
                        act=act,
                        incident_id=incident_id,
                        detail=sealed_detail(session, incident_id, act, detail or {}),
                    )
                    checkpoint(raw, self.signer(), now=now)
                    self._changed_at = now
                raw.touched = None  # before the connection goes back: another thread's change may be next on it
                session.commit()
            except BaseException:
                raw.touched = None
                if incident_id is not None:
                    self._seals.forget(incident_id)
                raise

    def _refuse_altered_schema(self, raw: Any) -> None:
        """Without its triggers a table could be written past the journal: then nothing is written at all."""
        version = raw.execute("PRAGMA schema_version").fetchone()[0]
        if version == self._schema_seen:
            return
        if fingerprint(raw) != str(read_header(self.path).get("schema", "")):
            raise StoreError(
                "The database's tables or triggers were changed outside the program; nothing is written.",
                "Run `incident journal verify`, then restore the newest backup; reading and exports still work.",
            )
        self._schema_seen = version

    def _close_what_stands_open(self, now: datetime) -> None:
        """Once, in a vault from before there were incident keys: seal what it holds."""
        if self._sealed_through:
            return
        self._sealed_through = True
        with self.reading() as session:
            if not without_keys(session):
                return
        with self.change("vault.seal", now=now) as session:
            seal_what_stood_open(session, self.recovery_key, self.counsel(session), now=now)

    @property
    def recovery_key(self) -> bytes | None:
        """The public key of the recovery code's holder; None for a code from before there were incident keys."""
        return self.slots.recovery_key()

    def found_incident(self, session: Session, incident_id: UUID, members: frozenset[UUID] | None, *, now: datetime) -> None:
        """Make a new incident's keys for these members (None: everybody active), and for the recovery code."""
        with session.no_autoflush:  # the incident cannot be written before its keys are made
            people, counsel = self.holders(session), self.counsel(session)
        chosen = {each: key for each, key in people.items() if members is None or each is None or each in members}
        found(session, incident_id, chosen, counsel, now=now)

    def holders(self, session: Session) -> dict[UUID | None, bytes]:
        """The public keys of everybody active, and of the recovery code's holder under `None`."""
        rows = session.exec(select(ResponderRow).where(ResponderRow.active)).all()
        people: dict[UUID | None, bytes] = {row.id: row.public_key for row in rows}
        return people | ({None: self.recovery_key} if self.recovery_key is not None else {})

    def counsel(self, session: Session) -> frozenset[UUID]:
        """Who belongs to counsel's circle of a new incident: the legal function, and whoever opens it."""
        query = select(ResponderRow.id).where(ResponderRow.active, ResponderRow.function == Function.LEGAL)
        return frozenset(session.exec(query).all()) | {self.responder_id}

    def sign(self, message: bytes) -> bytes:
        """The signed-in responder's Ed25519 signature."""
        return self._signing.sign(message)

    @property
    def public_key(self) -> bytes:
        """The public half of the signed-in responder's key."""
        return self._signing.public_key().public_bytes_raw()

    @staticmethod
    def verify_signature(public_key: bytes, message: bytes, signature: bytes) -> bool:
        """Whether this key made this signature over this message."""
        try:
            Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True

    def head(self) -> JournalHead:
        """The journal's newest entry."""
        with self.reading() as session:
            return head_of(_raw(session))

    def entries(self, incident_id: UUID | None = None) -> tuple[JournalEntry, ...]:
        """The journal, the oldest entry first; of one incident when it is named."""
        with self.reading() as session:
            found = entries(_raw(session), incident_id)
            return tuple(replace(each, detail=opened_detail(session, each.act, each.detail)) for each in found)

    def verify(self) -> JournalReport:
        """Check everything the journal vouches for, and the journal against what was seen of it on this machine."""
        header = read_header(self.path)
        check_current(self.path, header, self._master)
        damaged = self._damaged_pages()
        seen = seen_anchors(self.path, self._master, self.keyring)
        with self.reading() as session:
            raw, schema = _raw(session), str(header.get("schema", ""))
            found = fingerprint(raw)
            report = verify(
                raw, schema=schema, found_schema=found, anchor=None, vault_id=self.vault_id, slot_keys=slot_keys(header)
            )
            against = tuple(check_anchors(raw, seen, epoch=epoch_of(header)))
        return replace(report, problems=(*damaged, *report.problems, *against), found=tuple(each.where for each in seen))

    def _damaged_pages(self) -> tuple[str, ...]:
        """Every page of the file whose authentication fails, also pages that nothing reads."""
        try:
            connection = self._connect()
        except (DatabaseError, StoreError) as error:
            return (f"database: {error}",)
        try:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            rows = connection.execute("PRAGMA cipher_integrity_check").fetchall()
            rows += [row for row in connection.execute("PRAGMA integrity_check(20)").fetchall() if row[0] != "ok"]
        except DatabaseError as error:
            return (f"database: {error}",)
        finally:
            connection.close()
        return tuple(f"database: {row[0]}" for row in rows)

    def bring_up_to_date(self) -> None:
        """Migrate the database if this program is newer, with a backup first; record the schema in the header."""
        with self.reading() as session:  # on a connection that the first query takes over
            if revision(_raw(session)) == HEAD:
                return
        self._read.dispose()
        schema = migrate(self._connect, backup_to=self.path / "backups")
        if schema is not None:
            with vault.header_lock(self.path):
                vault.write_header(self.path, {**read_header(self.path), "schema": schema}, self._master)

    def signer(self) -> Signer:
        """The signed-in responder, as one who signs checkpoints and anchors."""
        return Signer(self.vault_id, self.responder_id, self.public_key, self.sign)

    def checkpoint(self, *, now: datetime) -> None:
        """Sign a checkpoint over the entries that have none yet."""
        with told(), ChangeSession(self._write, expire_on_commit=False, info=self._keys()) as session:
            checkpoint(_raw(session), self.signer(), now=now, anyway=True)
            session.commit()

    def leave_anchors(self, *, accept: bool = False) -> JournalHead:
        """Remember the newest entry beside the database and in the keyring; `accept` also over what contradicts it."""
        with self.reading() as session:
            return leave_anchors(_raw(session), self.path, self._master, self.keyring, accept=accept)

    def cache(self, name: str) -> CacheFile:
        """The file in which answers of this kind are kept."""
        return CacheFile(self.path / f"{name}.cache", subkey(self._master, "cache"))

    def close(self) -> None:
        """Sign and remember where the journal stands, and close every connection."""
        with suppress(StoreError, OSError, DatabaseError):
            if self._changed_at is not None:
                self.checkpoint(now=self._changed_at)
            self.leave_anchors()
        self._write.dispose()
        self._read.dispose()


def _raw(session: Session) -> Any:
    return session.connection().connection.driver_connection
