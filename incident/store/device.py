"""The device secret: a second factor in the operating system's keyring, where there is a real one.

Backends are allow-listed and what was written is read back: a plaintext or null backend returns normally and
keeps the secret in a file, or nowhere. Where none works, slots need the passphrase alone.
"""

import base64
from contextlib import suppress
from secrets import token_bytes
from typing import Protocol

_ALLOWED = frozenset(
    {
        "keyring.backends.SecretService",
        "keyring.backends.libsecret",
        "keyring.backends.kwallet",
        "keyring.backends.macOS",
        "keyring.backends.Windows",
    }
)
_SERVICE = "incident"


class DeviceStore(Protocol):
    """Where this device keeps a secret per vault."""

    def secret(self, vault_id: str) -> bytes | None:
        """The secret of a vault, or None when this device has none or cannot be asked."""
        ...

    def keep(self, vault_id: str) -> bytes | None:
        """Make and keep a secret for a vault; None when it could not be kept and read back."""
        ...


class KeyringStore:
    """The device secret in an allow-listed keyring."""

    def secret(self, vault_id: str) -> bytes | None:
        """The secret of a vault; any trouble with the keyring means there is none."""
        import keyring

        with suppress(Exception):
            held = keyring.get_password(_SERVICE, vault_id)
            return base64.b64decode(held) if held else None
        return None

    def keep(self, vault_id: str) -> bytes | None:
        """Write a secret and read it back; an existing one is kept."""
        import keyring

        if (existing := self.secret(vault_id)) is not None:
            return existing
        secret = token_bytes(32)
        with suppress(Exception):
            keyring.set_password(_SERVICE, vault_id, base64.b64encode(secret).decode())
        return secret if self.secret(vault_id) == secret else None


def system_device_store() -> DeviceStore | None:
    """The keyring of this desktop, if its backend is one of those that really keep a secret; else None."""
    with suppress(Exception):
        import keyring

        backend = keyring.get_keyring()
        chosen = getattr(backend, "backends", None) or [backend]
        if type(chosen[0]).__module__ in _ALLOWED:
            return KeyringStore()
    return None
