"""A vault that experiments copy and open over and over: its slot is opened once, its workspace through the program."""

from pathlib import Path

from incident.store import vault
from incident.store.workspace import Workspace
from incident.usecases.desk import Desk, desk_of
from incident.usecases.vaults import renew_recovery
from tests.conftest import NOW, PASSPHRASE, a_vault, an_incident


def a_prepared_vault(folder: Path) -> Path:
    """A closed vault with one incident; Ana and Leo can sign in."""
    desk = a_vault(folder)
    an_incident(desk)
    desk.close()
    return desk.workspace.path


def a_vault_with_its_code(folder: Path) -> str:
    """A closed vault without incidents at `folder/vault`, and its recovery code."""
    desk = a_vault(folder)
    pending = desk.workspace.slots.new_recovery_code()
    renew_recovery(desk, pending, pending.code, now=NOW)
    desk.close()
    return pending.code


def opened_slot(path: Path, *, sign_in: str = "ana") -> vault.Opened:
    """What the passphrase opens, so that many openings need only one derivation."""
    return vault.open_slot(vault.read_header(path), sign_in=sign_in, passphrase=PASSPHRASE, device=None)


def reopened(path: Path, opened: vault.Opened) -> Desk:
    """The vault as the program opens it after the passphrase was checked."""
    header = vault.read_header(path)
    vault.check_header(header, opened.master)
    workspace = Workspace(path, header, opened)
    workspace.bring_up_to_date()
    return desk_of(workspace)
