"""The sealed file of reminders beside the database: due times and code names under a key that opens nothing else.

The unlocked program writes it; `incident remind` reads it while the vault is locked. Nothing here loads the database.
"""

import os
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from incident.domain.reminder_text import Schedule, read, written
from incident.errors import StoreError
from incident.store.durable import sync_folder, write_whole
from incident.store.keys import unwrap, wrap

REMINDERS = "reminders"
_NONCE = 12
_LONGEST = 64 * 2**20
_DATABASE_FILES = ("incident.db", "incident.db-wal")


@dataclass(frozen=True, slots=True)
class ReminderFile:
    """The file of one vault, and a key for it."""

    vault: Path
    vault_id: str
    key: bytes = field(repr=False)

    @property
    def path(self) -> Path:
        """Where it lies."""
        return self.vault / REMINDERS

    @property
    def lock(self) -> Path:
        """Held by whoever computes and writes it."""
        return self.vault / f"{REMINDERS}.lock"

    def read(self) -> Schedule:
        """What is to be reminded of; StoreError when the file is not there, or does not open with this key."""
        try:
            with self.path.open("rb") as file:
                raw = file.read(_LONGEST)
        except OSError as error:
            message = f"There are no reminders in {self.vault}: {error.strerror}."
            raise StoreError(message, "Turn them on with `incident remind on`.") from error
        plain = unwrap(self.key, raw[:_NONCE], raw[_NONCE:], self._bound) if len(raw) > _NONCE else None
        if plain is None:
            raise StoreError("The reminders do not open with this machine's reminder key.", "`incident remind on` renews it.")
        try:
            return read(plain)
        except (ValueError, KeyError, TypeError) as error:
            raise StoreError("The reminders were written by another version.", "Open the vault once with this one.") from error

    def write(self, schedule: Schedule) -> None:
        """Replace the file whole or not at all."""
        nonce, sealed = wrap(self.key, written(schedule), self._bound)
        fresh = self.path.with_name(f"{REMINDERS}.{os.getpid()}.part")  # another window may write its own just now
        try:
            write_whole(fresh, nonce + sealed)
            fresh.replace(self.path)
            sync_folder(self.vault)
        except OSError as error:
            message = f"The reminders cannot be written: {error.strerror}."
            raise StoreError(message, "Free some space; until then reminders stand as they were.") from error

    @property
    def _bound(self) -> bytes:
        return b"incident-reminders/1|" + self.vault_id.encode()


def is_behind(vault: Path, slack: timedelta) -> bool:
    """Whether the vault's database was written longer than `slack` after its file of reminders, going by the files' times."""
    database = max((_written_at(vault / name) for name in _DATABASE_FILES), default=0.0)
    return database - _written_at(vault / REMINDERS) > slack.total_seconds()


def _written_at(path: Path) -> float:
    """Seconds; 0 for a file that is not there or empty, as a log is that was made by reading alone."""
    try:
        found = path.stat()
    except OSError:
        return 0.0
    return found.st_mtime if found.st_size else 0.0
