"""The slots of an open vault: let somebody in, change a passphrase, let somebody go, renew the recovery code."""

import hmac
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_bytes
from uuid import UUID

from incident.errors import RefusedError
from incident.store import vault
from incident.store.device import DeviceStore
from incident.store.keys import Cost, check_passphrase, recovery_code, recovery_secret
from incident.store.vault import read_header


@dataclass(slots=True)
class PendingRecovery:
    """A new recovery code that takes effect when it has been typed back."""

    code: str
    public_key: bytes
    _keeper: "SlotKeeper" = field(repr=False)
    _secret: bytes = field(repr=False)
    _slot: dict[str, object] = field(repr=False)

    def confirm(self, typed: str) -> None:
        """Replace the vault's recovery slot."""
        refuse_mistyped(typed, self._secret)
        self._keeper.put(self._slot, replacing=vault.RECOVERY)


def refuse_mistyped(typed: str, secret: bytes) -> None:
    """Raise RefusedError unless the recovery code was typed back rightly."""
    if not hmac.compare_digest(recovery_secret(typed), secret):
        raise RefusedError("This is not the recovery code that was shown.", "Type the code from your paper.")


@dataclass(slots=True)
class SlotKeeper:
    """Changes the header of the vault that a slot has opened."""

    path: Path
    opened: vault.Opened = field(repr=False)

    @property
    def cost(self) -> Cost:
        """The derivation that the opener's slot uses, for new slots too."""
        return Cost(*(int(str(self.opened.slot[key])) for key in ("memory_kib", "passes", "lanes")))

    def recovery_key(self) -> bytes | None:
        """The public key in the recovery slot."""
        return vault.recovery_key(read_header(self.path))

    def slot_for(
        self, *, sign_in: str, responder_id: UUID, passphrase: str, device: DeviceStore | None = None
    ) -> dict[str, object]:
        """A slot for another responder, not written yet; its public key is needed before it may be."""
        check_passphrase(passphrase)
        header = read_header(self.path)
        secret = device.keep(str(header["id"])) if device is not None else None
        slot, _ = vault.responder_slot(
            header,
            self.opened.master,
            sign_in=sign_in,
            responder_id=responder_id,
            passphrase=passphrase,
            device=secret,
            cost=self.cost,
        )
        return slot

    def put(self, slot: dict[str, object], *, replacing: str) -> None:
        """Write the header with this slot."""
        with vault.header_lock(self.path):
            header = vault.with_slot(read_header(self.path), slot, replacing=replacing)
            vault.write_header(self.path, header, self.opened.master)

    def change_passphrase(self, old: str, new: str, *, device: DeviceStore | None = None) -> None:
        """Change the signed-in responder's passphrase; the signing key stays."""
        check_passphrase(new)
        header = read_header(self.path)
        sign_in = str(self.opened.slot["sign_in"])
        secret = device.secret(str(header["id"])) if device is not None else None
        opened = vault.open_slot(header, sign_in=sign_in, passphrase=old, device=secret)
        self.put(vault.rewrapped(header, opened, passphrase=new, device=secret, cost=self.cost), replacing=sign_in)

    def new_recovery_code(self) -> PendingRecovery:
        """A new recovery code; the old one holds until the new one has been typed back."""
        secret = token_bytes(32)
        slot = vault.recovery_slot(read_header(self.path), self.opened.master, secret)
        return PendingRecovery(recovery_code(secret), bytes.fromhex(str(slot["public_key"])), self, secret, slot)
