"""Where this machine keeps what reminders need while the vault is locked: the reminder key, the channels, what was sent.

They lie outside the vault, in a folder that only its owner enters: whoever copies the vault gets none of it.
"""

import base64
import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from incident.errors import RefusedError, StoreError
from incident.store.durable import write_whole
from incident.store.keys import KEY_BYTES

_SERVICE = "incident-reminders"
_IN_KEYRING = "in the keyring"
_OTHERS = 0o077


def reminder_folder(vault_id: str) -> Path:
    """Where this user of this machine keeps what belongs to a vault's reminders."""
    base = os.environ.get("XDG_STATE_HOME")
    return (Path(base) if base else Path.home() / ".local" / "state") / "incident" / vault_id


@dataclass(frozen=True, slots=True)
class ReminderPlace:
    """The folder of one vault on this machine."""

    vault_id: str

    @property
    def folder(self) -> Path:
        """The folder."""
        return reminder_folder(self.vault_id)

    @property
    def is_on(self) -> bool:
        """Whether reminders are turned on for this vault on this machine."""
        return (self.folder / "key").exists()

    def keep_key(self, key: bytes, *, in_keyring: bool | None = None) -> str:
        """Keep the key in a file that only its owner reads, or in the desktop's keyring (None: as before); where it is."""
        path = self.folder / "key"
        if in_keyring is None:
            in_keyring = path.exists() and path.read_text(encoding="ascii").strip() == _IN_KEYRING
        if in_keyring:
            _into_keyring(self.vault_id, key)
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.folder.chmod(0o700)
            write_whole(path, (_IN_KEYRING if in_keyring else base64.b64encode(key).decode()).encode() + b"\n")
        except OSError as error:
            raise StoreError(f"{path} cannot be written: {error.strerror}.", "Free some space, or mend the folder.") from error
        return "the keyring" if in_keyring else str(path)

    def key(self) -> bytes:
        """The reminder key of this machine; StoreError where there is none or others may read it."""
        path = self.folder / "key"
        try:
            if path.stat().st_mode & _OTHERS:
                raise StoreError(f"Others on this machine may read {path}.", f"`chmod 600 {path}`, then `incident remind on`.")
            text = path.read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise StoreError(
                "Reminders are not turned on for this vault on this machine.", "`incident remind on` does it."
            ) from error
        key = _from_keyring(self.vault_id) if text == _IN_KEYRING else _decoded(text)
        if key is None:
            hint = "Unlock the keyring, or `incident remind on` without --keyring."
            raise StoreError("The reminder key cannot be had.", hint)
        return key

    def forget(self) -> None:
        """Remove the key; channels and the record of what was sent stay for another day."""
        with suppress(OSError):
            (self.folder / "key").unlink()
        with suppress(Exception):
            import keyring

            if _from_keyring(self.vault_id) is not None:
                keyring.delete_password(_SERVICE, self.vault_id)

    def channels(self) -> tuple[Mapping[str, str], ...]:
        """The channels as kept: `key`, `url`, `role`."""
        path = self.folder / "channels.json"
        try:
            return tuple(json.loads(path.read_bytes()))
        except FileNotFoundError:
            return ()
        except (OSError, ValueError, TypeError) as error:
            hint = "Remove it and add them anew: `incident remind channel add`."
            raise StoreError(f"{path} cannot be read.", hint) from error

    def keep_channels(self, channels: Sequence[Mapping[str, str]]) -> None:
        """Replace the channels; only the file's owner reads it, for an address may hold a password."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_whole(self.folder / "channels.json", json.dumps(list(channels), indent=1).encode())
        except OSError as error:
            raise StoreError(f"The channels cannot be written: {error.strerror}.", "Free some space and try again.") from error


def _decoded(text: str) -> bytes | None:
    with suppress(ValueError):
        key = base64.b64decode(text, validate=True)
        return key if len(key) == KEY_BYTES else None
    return None


def _into_keyring(vault_id: str, key: bytes) -> None:
    from incident.store.device import system_device_store

    if system_device_store() is not None:
        with suppress(Exception):
            import keyring

            keyring.set_password(_SERVICE, vault_id, base64.b64encode(key).decode())
            if _from_keyring(vault_id) == key:
                return
    raise RefusedError("No keyring that keeps a secret works here.", "`incident remind on` without --keyring uses a file.")


def _from_keyring(vault_id: str) -> bytes | None:
    with suppress(Exception):
        import keyring

        return _decoded(keyring.get_password(_SERVICE, vault_id) or "")
    return None
