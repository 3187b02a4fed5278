"""F10. One factor lost loses nothing, one factor stolen opens nothing; an old header is an old key, and says so."""

import shutil
from pathlib import Path

import pytest

from incident.domain.organisation import Organisation
from incident.domain.responder import Function
from incident.errors import IncidentError, RefusedError
from incident.store.engine import DATABASE
from incident.store.keys import FLOOR, recovery_code
from incident.store.vault import HEADER
from incident.usecases.desk import Desk
from incident.usecases.incidents import incident_named
from incident.usecases.people import let_go
from incident.usecases.timeline import timeline
from incident.usecases.vaults import NewResponder, prepare, recover, renew_recovery, unlock
from tests.conftest import NOW, PASSPHRASE, a_vault, an_incident

NEW = "another one of six words"


class Stick:
    """A device secret that a test can lose or steal."""

    def __init__(self) -> None:
        self.held: dict[str, bytes] = {}

    def secret(self, vault_id: str) -> bytes | None:
        return self.held.get(vault_id)

    def keep(self, vault_id: str) -> bytes | None:
        return self.held.setdefault(vault_id, b"s" * 32)


@pytest.fixture
def owned(tmp_path: Path) -> tuple[Path, str, Stick]:
    """A vault with an incident, its recovery code, and the device that is its second factor."""
    stick = Stick()
    founder = NewResponder("Ana (invented)", "ana", Function.IT)
    pending = prepare(
        tmp_path / "vault", organisation=Organisation("N"), founder=founder, passphrase=PASSPHRASE, device=stick, cost=FLOOR
    )
    desk = pending.confirm(pending.recovery_code, now=NOW)
    an_incident(desk, title="kept all the while")
    desk.close()
    return tmp_path / "vault", pending.recovery_code, stick


def reads(desk: Desk) -> bool:
    found = any("kept all the while" in each.text for each in timeline(desk, incident_named(desk, "last")))
    holds = desk.workspace.verify().problems == ()
    desk.close()
    return found and holds


@pytest.mark.parametrize("device_lost", [False, True])
def test_the_recovery_code_mends_a_lost_passphrase_or_device_and_everything_is_there(
    owned: tuple[Path, str, Stick], device_lost: bool
) -> None:
    path, code, stick = owned
    device = Stick() if device_lost else stick
    assert reads(recover(path, code=code, sign_in="ana", new_passphrase=NEW, now=NOW, device=device, cost=FLOOR))
    assert reads(unlock(path, sign_in="ana", passphrase=NEW, device=device))


def test_a_lost_recovery_code_is_replaced_while_the_other_factors_are_there(owned: tuple[Path, str, Stick]) -> None:
    path, code, stick = owned
    desk = unlock(path, sign_in="ana", passphrase=PASSPHRASE, device=stick)
    pending = desk.workspace.slots.new_recovery_code()
    renew_recovery(desk, pending, pending.code, now=NOW)
    desk.close()
    with pytest.raises(RefusedError, match="does not open"):
        recover(path, code=code, sign_in="ana", new_passphrase=NEW, now=NOW, device=stick, cost=FLOOR)
    assert reads(recover(path, code=pending.code, sign_in="ana", new_passphrase=NEW, now=NOW, device=stick, cost=FLOOR))


@pytest.mark.parametrize("thief", ["has the passphrase", "has the device", "has neither"])
def test_a_stolen_factor_alone_opens_nothing(owned: tuple[Path, str, Stick], thief: str) -> None:
    path, _, stick = owned
    passphrase = PASSPHRASE if thief == "has the passphrase" else "guessed words of a thief"
    with pytest.raises(RefusedError, match="does not open"):
        unlock(path, sign_in="ana", passphrase=passphrase, device=stick if thief == "has the device" else None)


@pytest.mark.parametrize(("place", "letter"), [(0, "Q"), (20, "A"), (68, "C")])
def test_a_typing_error_in_the_code_changes_nothing(owned: tuple[Path, str, Stick], place: int, letter: str) -> None:
    path, code, stick = owned
    before = {each.name: each.read_bytes() for each in path.iterdir() if each.is_file()}
    wrong = code[:place] + (letter if code[place] != letter else "D") + code[place + 1 :]
    with pytest.raises(RefusedError, match="checksum"):
        recover(path, code=wrong, sign_in="ana", new_passphrase=NEW, now=NOW, device=stick, cost=FLOOR)
    with pytest.raises(RefusedError, match="does not open"):
        recover(path, code=recovery_code(b"f" * 32), sign_in="ana", new_passphrase=NEW, now=NOW, device=stick, cost=FLOOR)
    after = {each.name: each.read_bytes() for each in path.iterdir() if each.is_file() and each.name in before}
    assert after == before


def test_whoever_left_opens_neither_the_vault_nor_the_new_data_with_an_old_header(tmp_path: Path) -> None:
    """A revoked passphrase still opens a copy made earlier, header and database together; not today's database."""
    desk = a_vault(tmp_path)
    an_incident(desk, title="before Leo left")
    path = desk.workspace.path
    desk.close()
    copy = tmp_path / "copy"
    shutil.copytree(path, copy)
    desk = unlock(path, sign_in="ana", passphrase=PASSPHRASE)
    let_go(desk, "leo", now=NOW)
    desk.close()
    with pytest.raises(RefusedError, match="Nobody signs in"):
        unlock(path, sign_in="leo", passphrase=PASSPHRASE)
    (tmp_path / "mixed").mkdir()
    shutil.copy(copy / HEADER, tmp_path / "mixed" / HEADER)
    shutil.copy(path / DATABASE, tmp_path / "mixed" / DATABASE)
    with pytest.raises(IncidentError):
        unlock(tmp_path / "mixed", sign_in="leo", passphrase=PASSPHRASE)
    old = unlock(copy, sign_in="leo", passphrase=PASSPHRASE)
    assert any("before Leo left" in each.text for each in timeline(old, incident_named(old, "last")))
    old.close()
