"""Bring a database to the schema of this program, losing nothing: backup, one transaction, checks before commit.

Foreign keys are off while tables are rebuilt, triggers are made anew, every table must keep at least the rows it
had (a migration that means to remove rows says so), and the new schema's fingerprint goes into the header.
"""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlcipher3.dbapi2 import DatabaseError

from incident.errors import StoreError
from incident.store.engine import VaultConnection, fingerprint
from incident.store.journal import create_triggers
from incident.store.troubles import told

HEAD = "0006"
"""The newest migration; a database that says so is opened without loading Alembic."""
MIGRATIONS = Path(__file__).resolve().parent / "migrations"


def revision(connection: Any) -> str:
    """The migration this database stands at; empty for a new one."""
    exists = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone() if exists else None
    return row[0] if row else ""


def migrate(
    connect: Callable[[], VaultConnection], *, backup_to: Path | None, may_shrink: frozenset[str] = frozenset()
) -> str | None:
    """Migrate if needed and return the new schema's fingerprint; None when nothing was to be done."""
    connection = connect()
    try:
        with told():
            return _brought(connection, backup_to, may_shrink)
    finally:
        connection.close()


def _brought(connection: VaultConnection, backup_to: Path | None, may_shrink: frozenset[str]) -> str | None:
    standing = revision(connection)
    if standing == HEAD:
        return None
    if standing > HEAD:
        raise StoreError("This vault was written by a newer version of the program.", "Install that version to open it.")
    if standing and backup_to is not None:
        _back_up(connection, backup_to / f"before-{HEAD}-from-{standing}.db")
    return _run(connection, may_shrink)


def _back_up(connection: VaultConnection, target: Path) -> None:
    target.parent.mkdir(mode=0o700, exist_ok=True)
    connection.execute(f"VACUUM INTO '{str(target).replace(chr(39), chr(39) * 2)}'")
    target.chmod(0o600)


def _run(connection: VaultConnection, may_shrink: frozenset[str]) -> str:
    connection.execute("PRAGMA foreign_keys=off")
    connection.execute("BEGIN IMMEDIATE")
    connection.touched = []
    try:
        before = _counts(connection)
        _drop_triggers(connection)
        _alembic(connection)
        create_triggers(connection)
        _refuse_loss(before, _counts(connection), may_shrink)
        broken = connection.execute("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise StoreError(f"The migration breaks {len(broken)} references.", "Nothing was changed; report this.")
        connection.execute("COMMIT")
    except BaseException:
        with suppress(DatabaseError):  # a full disk has rolled back already
            connection.execute("ROLLBACK")
        raise
    finally:
        connection.touched = None
        connection.execute("PRAGMA foreign_keys=on")
    return fingerprint(connection)


def _counts(connection: Any) -> dict[str, int]:
    rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    names = [name for (name,) in rows.fetchall() if name != "alembic_version"]
    counted = {}
    for name in names:
        counted[name] = connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608 - our names
    return counted


def _refuse_loss(before: dict[str, int], after: dict[str, int], may_shrink: frozenset[str]) -> None:
    for table, count in before.items():
        if table not in may_shrink and after.get(table, 0) < count:
            raise StoreError(
                f"The migration would lose rows of {table}: {count} before, {after.get(table, 0)} after.",
                "Nothing was changed; report this.",
            )


def _drop_triggers(connection: Any) -> None:
    rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for (name,) in rows:
        connection.execute(f'DROP TRIGGER "{name}"')


class _Lent:
    """The runner's connection as Alembic may use it: it neither commits, rolls back nor closes."""

    def __init__(self, connection: VaultConnection) -> None:
        self._connection = connection

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def commit(self) -> None:
        """Left to the runner."""

    def rollback(self) -> None:
        """Left to the runner."""

    def close(self) -> None:
        """Left to the runner."""


def _alembic(connection: VaultConnection) -> None:
    from alembic import command
    from alembic.config import Config
    from sqlalchemy import create_engine
    from sqlalchemy.pool import StaticPool
    from sqlcipher3 import dbapi2

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    engine = create_engine("sqlite://", module=dbapi2, creator=lambda: _Lent(connection), poolclass=StaticPool)
    with engine.connect() as bound:
        config.attributes["connection"] = bound
        command.upgrade(config, "head")
