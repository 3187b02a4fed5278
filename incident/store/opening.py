"""Create a vault, open it, and open it again after a forgotten passphrase.

A new vault is built whole in a folder beside its own and renamed into place: there is never half a vault.
"""

import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from secrets import token_bytes
from uuid import UUID

from sqlmodel import Session

from incident.errors import RefusedError, StoreError
from incident.store import vault
from incident.store.device import DeviceStore
from incident.store.engine import DATABASE
from incident.store.header_shape import NEXT
from incident.store.keys import Cost, check_passphrase
from incident.store.purge import finish
from incident.store.recovery import ONE_CODE, Papers, Rule, new_papers
from incident.store.rotation import check_current, settle, settle_with, take_next
from incident.store.seals import Seals
from incident.store.vault import read_header
from incident.store.workspace import Workspace


@dataclass(slots=True)
class NewVault:
    """A vault that is not on disk yet; `confirm` writes it when the recovery code has been typed back."""

    path: Path
    papers: Papers
    _header: dict[str, object] = field(repr=False)
    _opened: vault.Opened = field(repr=False)

    @property
    def recovery_code(self) -> str:
        """The code, or the shares, a line each."""
        return "\n".join(self.papers.texts)

    def confirm(self, typed: str, *, now: datetime, fill: Callable[[Session, bytes], None]) -> Workspace:
        """Write the vault; `fill` adds its first rows (given the founder's public key) in the first change."""
        self.papers.refuse_mistyped(typed)
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
    recovery: Rule = ONE_CODE,
) -> NewVault:
    """Make the keys of a new vault and its recovery code or shares; nothing is written."""
    check_passphrase(passphrase)
    _refuse_occupied(path)
    header = vault.new_header()
    master, papers = token_bytes(32), new_papers(str(header["id"]), recovery)
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
    header = vault.with_slot(header, vault.recovery_slot(header, master, papers))
    return NewVault(path, papers, header, vault.Opened(master, signing, slot))


def open_workspace(path: Path, *, sign_in: str, passphrase: str, device: DeviceStore | None = None) -> Workspace:
    """Open the vault with a responder's slot, migrating its database if this program is newer."""
    secret = device.secret(str(read_header(path)["id"])) if device is not None else None

    def opened_by(header: dict[str, object]) -> vault.Opened:
        return vault.open_slot(header, sign_in=sign_in, passphrase=passphrase, device=secret)

    settle(path, opened_by)
    header = read_header(path)
    opened = opened_by(header)
    if opened.healed is not None:
        with vault.header_lock(path):
            header = read_header(path)
            check_current(path, header, opened.master)
            vault.write_header(path, vault.with_slot(header, opened.healed, replacing=sign_in), opened.master)
        opened = vault.Opened(opened.master, opened.signing, opened.healed)
    return _opened(path, header, opened)


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
    fill: Callable[[Workspace, Seals | None], None],
    device: DeviceStore | None = None,
    cost: Cost | None = None,
) -> Workspace:
    """Open the vault with the recovery code, or the shares, and give a responder a new passphrase and a new signing key.

    The old signing key was sealed under the forgotten passphrase and is gone. `fill` records the new public key in one
    change and wraps the responder's incident keys anew with what the code opens; the header waits beside the old one until
    then, so that whatever is interrupted, the old passphrase holds or the new one.
    """
    check_passphrase(new_passphrase)
    settle(path, lambda header: vault.open_recovery(header, code))
    header = read_header(path)
    opened = vault.open_recovery(header, code)
    secret = device.keep(str(header["id"])) if device is not None else None
    slot, signing = vault.responder_slot(
        header,
        opened.master,
        sign_in=sign_in,
        responder_id=_holder(header, sign_in),
        passphrase=new_passphrase,
        device=secret,
        cost=cost or Cost(),
    )
    paper = Seals(opened.signing, bytes.fromhex(str(opened.slot["public_key"]))) if opened.signing else None
    workspace = _opened(path, header, vault.Opened(opened.master, signing, slot))
    try:
        _replace_slot(workspace, opened, slot, lambda: fill(workspace, paper))
    except BaseException:
        workspace.close()
        raise
    return workspace


def _holder(header: dict[str, object], sign_in: str) -> UUID:
    """Whose slot this sign-in is."""
    for each in vault.slot_infos(header):
        if each.sign_in == sign_in and each.responder_id is not None:
            return each.responder_id
    known = ", ".join(each.sign_in for each in vault.slot_infos(header) if each.sign_in)
    raise RefusedError(f"Nobody signs in to this vault as «{sign_in}».", f"Known: {known}.")


def _replace_slot(workspace: Workspace, paper: vault.Opened, slot: dict[str, object], fill: Callable[[], None]) -> None:
    """Write the header with the slot beside the vault's, have the database record it, and put it in its place."""
    path = workspace.path
    with vault.header_lock(path):
        check_current(path, read_header(path), paper.master)
        settle_with(path, paper.master)
        header = read_header(path)
        if paper.healed is not None:
            header = vault.with_slot(header, paper.healed, replacing=vault.RECOVERY)
        following = vault.with_slot(header, slot, replacing=str(slot["sign_in"]))
        vault.write_header(path, following, paper.master, name=NEXT)
        try:
            fill()
        except BaseException:
            with suppress(StoreError, OSError):  # else the next sign-in settles it
                settle_with(path, paper.master)
            raise
        try:
            take_next(path, paper.master)
        except OSError as error:
            hint = "Sign in with the new passphrase: that finishes it."
            raise StoreError(f"vault.json cannot be replaced yet: {error.strerror}.", hint) from error
