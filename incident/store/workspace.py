"""An open vault, as use cases see it: read, change, sign, and nothing else.

A change is one transaction with exactly one journal entry, or nothing at all.
"""

import hmac
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.orm.exc import StaleDataError
from sqlcipher3.dbapi2 import DatabaseError
from sqlmodel import Session

import incident.store.tables  # noqa: F401 - fills the metadata before any engine is used
from incident.errors import RefusedError, StoreError
from incident.store import vault
from incident.store.device import DeviceStore
from incident.store.engine import DATABASE, VaultConnection, connector, fingerprint, read_engine, write_engine
from incident.store.journal import JournalEntry, JournalHead, JournalReport, append, entries, head_of, verify
from incident.store.keys import Cost, check_passphrase, recovery_code, recovery_secret, subkey
from incident.store.migrate import migrate
from incident.store.record import Record
from incident.store.vault import SlotInfo, read_header, slot_infos

_ANCHOR = "journal.anchor"


def slots(path: Path) -> tuple[SlotInfo, ...]:
    """Who can open the vault in this folder."""
    return slot_infos(read_header(path))


@dataclass(slots=True)
class PendingRecovery:
    """A new recovery code that takes effect when it has been typed back."""

    code: str
    _workspace: "Workspace" = field(repr=False)
    _secret: bytes = field(repr=False)

    def confirm(self, typed: str) -> None:
        """Replace the vault's recovery slot."""
        refuse_mistyped(typed, self._secret)
        self._workspace.replace_recovery(self._secret)


def refuse_mistyped(typed: str, secret: bytes) -> None:
    """Raise RefusedError unless the recovery code was typed back rightly."""
    if not hmac.compare_digest(recovery_secret(typed), secret):
        raise RefusedError("This is not the recovery code that was shown.", "Type the code from your paper.")


class Workspace:
    """One open vault and the responder whose slot opened it."""

    def __init__(self, path: Path, header: Mapping[str, object], opened: vault.Opened) -> None:
        self.path = path
        self.vault_id = str(header["id"])
        self.sign_in = str(opened.slot["sign_in"])
        self.responder_id = UUID(str(opened.slot["responder_id"]))
        self._master = opened.master
        self._signing = Ed25519PrivateKey.from_private_bytes(opened.signing)
        self._cost = Cost(*(int(str(opened.slot[key])) for key in ("memory_kib", "passes", "lanes")))
        self._connect: Callable[[], VaultConnection] = connector(path / DATABASE, subkey(self._master, "db"))
        self._write, self._read = write_engine(self._connect), read_engine(self._connect)

    def __repr__(self) -> str:
        return f"Workspace({self.sign_in!r})"

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session on one consistent state; it cannot write."""
        with _told(), Session(self._read, expire_on_commit=False) as session:
            yield session

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
        with _told(), Session(self._write, expire_on_commit=False) as session:
            event.listen(session, "before_flush", self._stamps(now))
            raw = _raw(session)
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
                        detail=detail or {},
                    )
                session.commit()
            finally:
                raw.touched = None

    def _stamps(self, now: datetime) -> Callable[[Session, object, object], None]:
        def stamp(session: Session, context: object, instances: object) -> None:
            del context, instances
            for row in session.new:
                if isinstance(row, Record) and row.created_at is None:
                    row.created_at, row.created_by = now, self.responder_id
            for row in (*session.new, *session.dirty):
                if isinstance(row, Record):
                    row.updated_at, row.updated_by = now, self.responder_id

        return stamp

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
            return tuple(entries(_raw(session), incident_id))

    def verify(self) -> JournalReport:
        """Check everything the journal vouches for."""
        schema = str(read_header(self.path).get("schema", ""))
        damaged = self._damaged_pages()
        with self.reading() as session:
            raw = _raw(session)
            report = verify(raw, schema=schema, found_schema=fingerprint(raw), anchor=self._anchor())
        return replace(report, problems=(*damaged, *report.problems))

    def _damaged_pages(self) -> tuple[str, ...]:
        """Every page of the file whose authentication fails, also pages that nothing reads."""
        connection = self._connect()
        try:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            rows = connection.execute("PRAGMA cipher_integrity_check").fetchall()
        except DatabaseError as error:
            return (f"database: {error}",)
        finally:
            connection.close()
        return tuple(f"database: {row[0]}" for row in rows)

    def invite(self, *, sign_in: str, responder_id: UUID, passphrase: str, device: DeviceStore | None = None) -> bytes:
        """Add a slot for another responder and return their public key."""
        check_passphrase(passphrase)
        slot = self._put_slot(sign_in, responder_id, passphrase, device, replacing=sign_in)
        return bytes.fromhex(str(slot["public_key"]))

    def _put_slot(
        self, sign_in: str, responder_id: UUID, passphrase: str, device: DeviceStore | None, *, replacing: str
    ) -> dict[str, object]:
        secret = device.keep(self.vault_id) if device is not None else None
        with vault.header_lock(self.path):
            header = read_header(self.path)
            slot, _ = vault.responder_slot(
                header,
                self._master,
                sign_in=sign_in,
                responder_id=responder_id,
                passphrase=passphrase,
                device=secret,
                cost=self._cost,
            )
            vault.write_header(self.path, vault.with_slot(header, slot, replacing=replacing), self._master)
        return slot

    def change_passphrase(self, old: str, new: str, *, device: DeviceStore | None = None) -> None:
        """Change the signed-in responder's passphrase; the signing key stays."""
        check_passphrase(new)
        secret = device.secret(self.vault_id) if device is not None else None
        with vault.header_lock(self.path):
            header = read_header(self.path)
            opened = vault.open_slot(header, sign_in=self.sign_in, passphrase=old, device=secret)
            slot = vault.rewrapped(header, opened, passphrase=new, device=secret, cost=self._cost)
            vault.write_header(self.path, vault.with_slot(header, slot, replacing=self.sign_in), self._master)

    def remove_slot(self, sign_in: str) -> None:
        """Remove a responder's slot; copies of the vault made earlier still open with their passphrase."""
        with vault.header_lock(self.path):
            header = read_header(self.path)
            vault.write_header(self.path, vault.without_slot(header, sign_in), self._master)

    def new_recovery_code(self, secret: bytes | None = None) -> PendingRecovery:
        """A new recovery code; the old one holds until the new one has been typed back."""
        from secrets import token_bytes

        fresh = secret or token_bytes(32)
        return PendingRecovery(recovery_code(fresh), self, fresh)

    def replace_recovery(self, secret: bytes) -> None:
        """Make this the vault's only recovery slot."""
        with vault.header_lock(self.path):
            header = read_header(self.path)
            slot = vault.recovery_slot(header, self._master, secret)
            header = vault.with_slot(header, slot, replacing=vault.RECOVERY)
            vault.write_header(self.path, header, self._master)

    def bring_up_to_date(self) -> None:
        """Migrate the database if this program is newer, with a backup first; record the schema in the header."""
        schema = migrate(self._connect, backup_to=self.path / "backups")
        if schema is not None:
            with vault.header_lock(self.path):
                vault.write_header(self.path, {**read_header(self.path), "schema": schema}, self._master)

    def close(self) -> None:
        """Leave the anchor of the newest entry beside the database, and close every connection."""
        with suppress(StoreError, OSError, DatabaseError):
            self._leave_anchor(self.head())
        self._write.dispose()
        self._read.dispose()

    def _leave_anchor(self, head: JournalHead) -> None:
        seen = self._anchor()
        if seen is not None and seen.seq >= head.seq:
            return
        content = {"seq": head.seq, "hash": head.hash}
        fresh = self.path / f"{_ANCHOR}.part"
        fresh.write_text(json.dumps({**content, "mac": self._anchor_mac(content)}), encoding="utf-8")
        fresh.replace(self.path / _ANCHOR)

    def _anchor(self) -> JournalHead | None:
        try:
            content = json.loads((self.path / _ANCHOR).read_text(encoding="utf-8"))
            mac = content.pop("mac")
            if not hmac.compare_digest(mac, self._anchor_mac(content)):
                return JournalHead(1, "the anchor file was altered")
            return JournalHead(content["seq"], content["hash"])
        except (OSError, ValueError, KeyError, AttributeError):
            return None

    def _anchor_mac(self, content: Mapping[str, object]) -> str:
        return hmac.new(subkey(self._master, "anchor"), json.dumps(content, sort_keys=True).encode(), sha256).hexdigest()


def _raw(session: Session) -> Any:
    return session.connection().connection.driver_connection


@contextmanager
def _told() -> Iterator[None]:
    """Turn the database's troubles into sentences."""
    try:
        yield
    except StaleDataError as error:
        raise RefusedError("Somebody else changed this meanwhile.", "Look again and repeat your change.") from error
    except DBAPIError as error:
        text = str(error.orig)
        hints = {
            "disk is full": "Free some space; nothing was changed and nothing is lost.",
            "locked": "Another window is writing; try again.",
            "malformed": "Run `incident journal verify`, then restore the newest backup.",
        }
        hint = next((mend for sign, mend in hints.items() if sign in text), "Nothing was changed.")
        raise StoreError(f"The database refuses: {text}.", hint) from error
    except StatementError as error:
        raise StoreError(f"A value cannot be stored: {error.orig}.", "Nothing was changed.") from error
