"""Engines over one SQLCipher file: writers begin IMMEDIATE, readers cannot write.

WAL with `synchronous=FULL`: what was acknowledged survives a power cut. The key never stands in a URL. A
connection outside a running change cannot write: the journal's triggers ask it which change is running.
"""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import create_engine, event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.pool import QueuePool
from sqlcipher3 import dbapi2

from incident.errors import BusyError, StoreError
from incident.store.troubles import trouble

DATABASE = "incident.db"
_PRAGMAS = (
    "journal_mode=wal",
    "synchronous=full",
    "foreign_keys=on",
    "secure_delete=on",
    "busy_timeout=15000",
    "cache_size=-64000",
    "cell_size_check=on",
)
_NETWORK = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "9p", "afs", "ceph"})


class VaultConnection(dbapi2.Connection):  # type: ignore[misc]
    """A connection that knows which rows the running change has touched; None while no change runs."""

    touched: list[tuple[str, str, str]] | None = None

    def note(self, table: str, row: str, act: str) -> int:
        """Called by the triggers: remember a touched row, or refuse to write outside a change."""
        if self.touched is None:
            raise PermissionError("a row may be written only inside a change")
        self.touched.append((table, row, act))
        return 1


def connector(path: Path, key: bytes) -> Callable[[], VaultConnection]:
    """A function that opens the encrypted database with its raw key."""
    refuse_network(path.parent)

    def connect() -> VaultConnection:
        connection: VaultConnection = dbapi2.connect(
            str(path), timeout=15, check_same_thread=False, cached_statements=64, factory=VaultConnection
        )
        connection.isolation_level = None
        connection.execute("PRAGMA cipher_log_level=NONE")  # a wrong key is told in a sentence, not on the terminal
        connection.execute(f"PRAGMA key=\"x'{key.hex()}'\"")
        try:
            for pragma in _PRAGMAS:
                connection.execute("pragma " + pragma)
        except dbapi2.DatabaseError as error:
            connection.close()
            if "not a database" not in str(error):
                raise trouble(f"{path} cannot be used", error) from error
            raise StoreError(
                f"{path} does not open: the key is wrong, or it is not a vault's database.",
                "Restore vault.json and incident.db from the same backup.",
            ) from error
        connection.create_function("incident_touched", 3, connection.note)
        return connection

    return connect


def read_only_connector(path: Path, key: bytes, *, with_log: bool = False) -> Callable[[], VaultConnection]:
    """A function that opens a database that nobody writes to: the file is only read, its schema is not trusted.

    What stands in a write-ahead log beside it is not seen, or seen `with_log`: then the file is held alone, because the
    index of the log is kept in memory, and it must be writable although nothing is written.
    """
    way = "mode=rw" if with_log else "mode=ro&immutable=1"
    alone = ("locking_mode=exclusive",) if with_log else ()

    def connect() -> VaultConnection:
        name = f"file:{quote(str(path.resolve()))}?{way}"
        connection: VaultConnection = dbapi2.connect(name, uri=True, check_same_thread=False, factory=VaultConnection)
        connection.isolation_level = None
        connection.execute(f"PRAGMA key=\"x'{key.hex()}'\"")
        try:
            for pragma in (*alone, "trusted_schema=off", "query_only=on", "cell_size_check=on", "cache_size=-64000"):
                connection.execute("pragma " + pragma)
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except dbapi2.DatabaseError as error:
            connection.close()
            raise StoreError(
                f"{path} does not open: the key is wrong, or it is not a vault's database.",
                "vault.json and incident.db must come from the same copy.",
            ) from error
        return connection

    return connect


def ciphers() -> tuple[str, str, str]:
    """The versions of SQLCipher, of its cryptographic library, and of SQLite."""
    connection = dbapi2.connect(":memory:")
    try:
        connection.execute("PRAGMA key='none'")
        cipher = connection.execute("PRAGMA cipher_version").fetchone()
        provider = connection.execute("PRAGMA cipher_provider_version").fetchone()
    finally:
        connection.close()
    return (cipher[0] if cipher else ""), (provider[0] if provider else ""), str(dbapi2.sqlite_version)


def refuse_network(folder: Path) -> None:
    """Raise StoreError for a folder on a network file system, where the database's locking cannot be relied on."""
    try:
        mounts = [line.split()[1:3] for line in Path("/proc/mounts").read_text(encoding="utf-8").splitlines()]
    except OSError:
        return
    held = str(folder.resolve())
    over = [(point, kind) for point, kind in mounts if held == point or held.startswith(point.rstrip("/") + "/")]
    point, kind = max(over, key=lambda each: len(each[0]), default=("/", ""))
    if kind in _NETWORK:
        raise StoreError(f"{folder} lies on a network file system ({kind}).", "Keep the vault on a local disk.")


Waiting = Callable[[float], None]
"""Told how many seconds a change has waited for another writer; what it raises ends the wait."""
_WAITS = (0.25, 0.75, 14.0)
"""Seconds of each attempt; after the last one the change is refused."""


def write_engine(connect: Callable[[], VaultConnection], waiting: Waiting = lambda seconds: None) -> Engine:
    """The engine of changes: every transaction begins IMMEDIATE, so no lost updates and no late refusals.

    While another window writes, `waiting` hears of it; after 15 seconds the change is refused.
    """
    engine = create_engine("sqlite://", module=dbapi2, creator=connect, poolclass=QueuePool, pool_size=1, max_overflow=2)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        raw, waited = connection.connection.driver_connection, 0.0
        for wait in _WAITS:
            if _begun(raw, wait):
                return
            waited += wait
            waiting(waited)
        raise BusyError(waited)

    return engine


def _begun(raw: Any, wait: float) -> bool:
    """Whether the transaction began before `wait` seconds were over."""
    raw.execute(f"PRAGMA busy_timeout={wait * 1000:.0f}")
    try:
        raw.execute("BEGIN IMMEDIATE")
    except dbapi2.OperationalError as error:
        if "locked" not in str(error):
            raise
        return False
    finally:
        raw.execute("PRAGMA busy_timeout=15000")
    return True


def read_engine(connect: Callable[[], VaultConnection]) -> Engine:
    """The engine of views: the connection refuses to write."""
    engine = create_engine("sqlite://", module=dbapi2, creator=connect, poolclass=QueuePool, pool_size=2, max_overflow=6)

    @event.listens_for(engine, "connect")
    def _query_only(connection: Any, record: object) -> None:
        del record
        connection.execute("pragma query_only=on")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine


def fingerprint(connection: Any) -> str:
    """SHA-256 over the schema: a dropped trigger or an altered table changes it. Kept outside the database."""
    rows = connection.execute("SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY 1, 2")
    return sha256("\n".join(f"{kind} {name} {sql}" for kind, name, sql in rows).encode()).hexdigest()
