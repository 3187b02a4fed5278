"""Create a vault, open it, and open it again after a forgotten passphrase.

A new vault is built whole in a folder beside its own and renamed into place: there is never half a vault.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from secrets import token_bytes
from uuid import UUID

from sqlmodel import Session

from incident.errors import RefusedError, StoreError
from incident.store import vault
from incident.store.device import DeviceStore
from incident.store.engine import DATABASE, connector
from incident.store.keys import Cost, check_passphrase, recovery_code, subkey
from incident.store.purge import finish
from incident.store.rotation import settle
from incident.store.seals import Seals
from incident.store.slot_keeper import refuse_mistyped
from incident.store.vault import read_header
from incident.store.workspace import Workspace


@dataclass(slots=True)
class NewVault:
    """A vault that is not on disk yet; `confirm` writes it when the recovery code has been typed back."""

    path: Path
    recovery_code: str
    _header: dict[str, object] = field(repr=False)
    _opened: vault.Opened = field(repr=False)
    _recovery: bytes = field(repr=False)

    def confirm(self, typed: str, *, now: datetime, fill: Callable[[Session, bytes], None]) -> Workspace:
        """Write the vault; `fill` adds its first rows (given the founder's public key) in the first change."""
        refuse_mistyped(typed, self._recovery)
        _refuse_occupied(self.path)
        beside = self.path.with_name(self.path.name + ".new")
        shutil.rmtree(beside, ignore_errors=True)
        try:
            self._build(beside, now, fill)
            if self.path.exists():
                self.path.rmdir()
            beside.rename(self.path)
        except OSError as error:
            hint = "Choose a folder that you may write to."
            raise StoreError(f"{self.path} cannot be made: {error.strerror}.", hint) from error
        finally:
            shutil.rmtree(beside, ignore_errors=True)
        return Workspace(self.path, read_header(self.path), self._opened)

    def _build(self, folder: Path, now: datetime, fill: Callable[[Session, bytes], None]) -> None:
        folder.mkdir(parents=True, mode=0o700)
        (folder / "evidence").mkdir(mode=0o700)
        vault.write_header(folder, self._header, self._opened.master)
        workspace = Workspace(folder, self._header, self._opened)
        try:
            workspace.bring_up_to_date()
            with workspace.change("vault.create", now=now) as session:
                fill(session, workspace.public_key)
        finally:
            workspace.close()


def _refuse_occupied(path: Path) -> None:
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise RefusedError(f"{path} is there already and is not empty.", "Name another folder with --vault.")


def prepare_vault(
    path: Path,
    *,
    sign_in: str,
    responder_id: UUID,
    passphrase: str,
    device: DeviceStore | None = None,
    cost: Cost | None = None,
) -> NewVault:
    """Make the keys of a new vault and its recovery code; nothing is written."""
    check_passphrase(passphrase)
    _refuse_occupied(path)
    header = vault.new_header()
    master, recovery = token_bytes(32), token_bytes(32)
    secret = device.keep(str(header["id"])) if device is not None else None
    slot, signing = vault.responder_slot(
        header,
        master,
        sign_in=sign_in,
        responder_id=responder_id,
        passphrase=passphrase,
        device=secret,
        cost=cost or Cost(),
    )
    header = vault.with_slot(header, slot)
    header = vault.with_slot(header, vault.recovery_slot(header, master, recovery))
    return NewVault(path, recovery_code(recovery), header, vault.Opened(master, signing, slot), recovery)


def open_workspace(path: Path, *, sign_in: str, passphrase: str, device: DeviceStore | None = None) -> Workspace:
    """Open the vault with a responder's slot, migrating its database if this program is newer."""
    secret = device.secret(str(read_header(path)["id"])) if device is not None else None

    def opened_by(header: dict[str, object]) -> vault.Opened:
        return vault.open_slot(header, sign_in=sign_in, passphrase=passphrase, device=secret)

    settle(path, lambda header: _fits(path, opened_by(header)))
    header = read_header(path)
    opened = opened_by(header)
    if opened.healed is not None:
        with vault.header_lock(path):
            healed = vault.with_slot(read_header(path), opened.healed, replacing=sign_in)
            vault.write_header(path, healed, opened.master)
        opened = vault.Opened(opened.master, opened.signing, opened.healed)
    return _opened(path, header, opened)


def _fits(path: Path, opened: vault.Opened) -> bool:
    """Whether the master key of a slot is the one that the database is encrypted under."""
    try:
        connector(path / DATABASE, subkey(opened.master, "db"))().close()
    except StoreError:
        return False
    return True


def _opened(path: Path, header: dict[str, object], opened: vault.Opened) -> Workspace:
    database = path / DATABASE
    if not database.exists() or database.stat().st_size == 0:
        raise StoreError(f"{database} is missing or empty.", "Restore vault.json and incident.db from the same backup.")
    workspace = Workspace(path, header, opened)
    try:
        workspace.bring_up_to_date()
        finish(workspace)
    except BaseException:
        workspace.close()
        raise
    return workspace


def recover(
    path: Path,
    *,
    code: str,
    sign_in: str,
    new_passphrase: str,
    device: DeviceStore | None = None,
    cost: Cost | None = None,
) -> tuple[Workspace, Seals | None]:
    """Open the vault with the recovery code and give a responder a new passphrase and a new signing key.

    The old signing key was sealed under the forgotten passphrase and is gone; the caller keeps the old public
    key on record, so that what it signed can still be checked, and wraps the responder's incident keys anew with
    what the recovery code opens.
    """
    check_passphrase(new_passphrase)
    settle(path, lambda header: _fits(path, vault.open_recovery(header, code)))
    with vault.header_lock(path):
        header = read_header(path)
        opened = vault.open_recovery(header, code)
        master = opened.master
        if opened.healed is not None:
            header = vault.with_slot(header, opened.healed, replacing=vault.RECOVERY)
        held = [each for each in vault.slot_infos(header) if each.sign_in == sign_in and each.responder_id]
        if not held or held[0].responder_id is None:
            known = ", ".join(each.sign_in for each in vault.slot_infos(header) if each.sign_in)
            raise RefusedError(f"Nobody signs in to this vault as «{sign_in}».", f"Known: {known}.")
        secret = device.keep(str(header["id"])) if device is not None else None
        slot, signing = vault.responder_slot(
            header,
            master,
            sign_in=sign_in,
            responder_id=held[0].responder_id,
            passphrase=new_passphrase,
            device=secret,
            cost=cost or Cost(),
        )
        vault.write_header(path, vault.with_slot(header, slot, replacing=sign_in), master)
    paper = Seals(opened.signing, bytes.fromhex(str(opened.slot["public_key"]))) if opened.signing else None
    return _opened(path, read_header(path), vault.Opened(master, signing, slot)), paper
