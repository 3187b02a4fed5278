"""The slots of an open vault: let somebody in, change a passphrase, let somebody go, renew the recovery code."""

from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from incident.store import vault
from incident.store.device import DeviceStore
from incident.store.keys import Cost, check_passphrase
from incident.store.recovery import ONE_CODE, Papers, Rule, new_papers
from incident.store.rotation import check_current
from incident.store.vault import read_header


@dataclass(slots=True)
class PendingRecovery:
    """A new recovery code, or a new split, that takes effect when it has been typed back."""

    papers: Papers
    public_key: bytes
    _keeper: "SlotKeeper" = field(repr=False)
    _slot: dict[str, object] = field(repr=False)

    @property
    def code(self) -> str:
        """The code, or the shares, a line each."""
        return "\n".join(self.papers.texts)

    def confirm(self, typed: str) -> None:
        """Replace the vault's recovery slot: what opened it before is void."""
        self.papers.refuse_mistyped(typed)
        self._keeper.put(self._slot, replacing=vault.RECOVERY)


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
            header = read_header(self.path)
            check_current(self.path, header, self.opened.master)
            vault.write_header(self.path, vault.with_slot(header, slot, replacing=replacing), self.opened.master)

    def change_passphrase(self, old: str, new: str, *, device: DeviceStore | None = None) -> None:
        """Change the signed-in responder's passphrase; the signing key stays."""
        check_passphrase(new)
        header = read_header(self.path)
        sign_in = str(self.opened.slot["sign_in"])
        secret = device.secret(str(header["id"])) if device is not None else None
        opened = vault.open_slot(header, sign_in=sign_in, passphrase=old, device=secret)
        self.put(vault.rewrapped(header, opened, passphrase=new, device=secret, cost=self.cost), replacing=sign_in)

    def new_recovery_code(self, rule: Rule = ONE_CODE) -> PendingRecovery:
        """A new recovery code, or a new split of one; the old one holds until the new one has been typed back."""
        header = read_header(self.path)
        papers = new_papers(str(header["id"]), rule)
        slot = vault.recovery_slot(header, self.opened.master, papers)
        return PendingRecovery(papers, bytes.fromhex(str(slot["public_key"])), self, slot)
