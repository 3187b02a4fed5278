"""Keys and slots: every wrong key refused, every altered header found, nothing half written."""

import base64
import json
import stat
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from incident.domain.organisation import Organisation
from incident.domain.responder import Function
from incident.errors import IncidentError, RefusedError, StoreError
from incident.store.device import KeyringStore, system_device_store
from incident.store.keys import FLOOR, Cost, recovery_code, recovery_secret
from incident.store.opening import open_workspace, prepare_vault, recover
from incident.usecases.desk import Desk
from incident.usecases.people import let_go
from incident.usecases.vaults import NewResponder, prepare, unlock
from tests.conftest import NOW, PASSPHRASE, a_vault


class Device:
    """A keyring of this test."""

    def __init__(self) -> None:
        self.held: dict[str, bytes] = {}

    def secret(self, vault_id: str) -> bytes | None:
        return self.held.get(vault_id)

    def keep(self, vault_id: str) -> bytes | None:
        return self.held.setdefault(vault_id, b"d" * 32)


def edit(desk: Desk, change: Any) -> Path:
    path = desk.workspace.path
    header = json.loads((path / "vault.json").read_text())
    change(header)
    (path / "vault.json").write_text(json.dumps(header))
    return path


def test_a_wrong_passphrase_is_refused_with_the_mend(ana: Desk) -> None:
    with pytest.raises(RefusedError, match="does not open") as refused:
        unlock(ana.workspace.path, sign_in="ana", passphrase="not this one at all")
    assert "recover" in refused.value.hint


def test_a_folder_that_is_no_vault_says_so(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no vault"):
        unlock(tmp_path, sign_in="ana", passphrase=PASSPHRASE)
    (tmp_path / "vault.json").write_text("not json")
    with pytest.raises(StoreError, match="damaged"):
        unlock(tmp_path, sign_in="ana", passphrase=PASSPHRASE)


def test_nothing_is_on_disk_before_the_code_is_typed_back(tmp_path: Path) -> None:
    founder = NewResponder("Ana (invented)", "ana", Function.IT)
    pending = prepare(tmp_path / "v", organisation=Organisation("N"), founder=founder, passphrase=PASSPHRASE, cost=FLOOR)
    with pytest.raises(RefusedError):
        pending.confirm(recovery_code(b"x" * 32), now=NOW)
    assert list(tmp_path.iterdir()) == []
    pending.confirm(pending.recovery_code.lower().replace("-", " "), now=NOW).close()
    assert (tmp_path / "v" / "vault.json").exists()


def test_a_typing_error_in_the_recovery_code_is_found() -> None:
    code = recovery_code(bytes(range(32)))
    assert recovery_secret(code.lower()) == bytes(range(32))
    for index, letter in enumerate(code):
        if letter != "-":
            wrong = code[:index] + ("A" if letter != "A" else "C") + code[index + 1 :]
            with pytest.raises(RefusedError):
                recovery_secret(wrong)


def test_lookalikes_in_the_code_are_taken_for_each_other() -> None:
    code = recovery_code(b"\x74" * 32)
    folded = code.replace("O", "0").replace("I", "1").replace("B", "8")
    assert recovery_secret(folded) == b"\x74" * 32


def test_a_forgotten_passphrase_is_mended_and_old_signatures_stay_checkable(tmp_path: Path) -> None:
    pending = prepare(
        tmp_path / "v",
        organisation=Organisation("N"),
        founder=NewResponder("Ana (invented)", "ana", Function.IT),
        passphrase=PASSPHRASE,
        cost=FLOOR,
    )
    desk = pending.confirm(pending.recovery_code, now=NOW)
    old_key, signature = desk.workspace.public_key, desk.workspace.sign(b"text")
    desk.close()
    from incident.usecases.vaults import recover as mend

    again = mend(
        tmp_path / "v",
        code=pending.recovery_code,
        sign_in="ana",
        new_passphrase="another one of six words",
        now=NOW,
        cost=FLOOR,
    )
    assert again.workspace.public_key != old_key
    assert again.workspace.verify_signature(old_key, b"text", signature)
    assert again.workspace.verify().problems == ()
    again.close()
    with pytest.raises(RefusedError):
        unlock(tmp_path / "v", sign_in="ana", passphrase=PASSPHRASE)


@pytest.mark.parametrize(
    ("field", "value"), [("memory_kib", 1024), ("passes", 1), ("memory_kib", 64 * 1024 * 1024), ("lanes", 0)]
)
def test_key_derivation_out_of_bounds_is_refused_before_any_work(ana: Desk, field: str, value: int) -> None:
    path = edit(ana, lambda header: header["slots"][0].__setitem__(field, value))
    with pytest.raises(StoreError, match="safe bounds"):
        unlock(path, sign_in="ana", passphrase=PASSPHRASE)


def test_an_altered_slot_and_a_removed_slot_are_found(ana: Desk) -> None:
    def rename(header: dict[str, Any]) -> None:
        header["slots"][0]["responder_id"] = str(uuid4())

    path = edit(ana, rename)
    with pytest.raises(RefusedError):
        unlock(path, sign_in="ana", passphrase=PASSPHRASE)
    edit(ana, lambda header: header["slots"].__delitem__(1))
    with pytest.raises(IncidentError):
        unlock(path, sign_in="leo", passphrase=PASSPHRASE)


def test_a_removed_recovery_slot_is_found(ana: Desk) -> None:
    def remove(header: dict[str, Any]) -> None:
        header["slots"] = [each for each in header["slots"] if each["kind"] != "recovery"]

    path = edit(ana, remove)
    with pytest.raises(StoreError, match="altered"):
        unlock(path, sign_in="ana", passphrase=PASSPHRASE)


def test_a_slot_moved_to_another_vault_does_not_open_it(ana: Desk, tmp_path: Path) -> None:
    other = a_vault(tmp_path / "other")
    mine = json.loads((ana.workspace.path / "vault.json").read_text())["slots"][0]
    path = edit(other, lambda header: header["slots"].__setitem__(0, mine))
    with pytest.raises(IncidentError):
        unlock(path, sign_in="ana", passphrase=PASSPHRASE)
    other.close()


def test_a_slot_with_a_device_secret_needs_both(tmp_path: Path) -> None:
    device = Device()
    new = prepare_vault(tmp_path / "v", sign_in="ana", responder_id=uuid4(), passphrase=PASSPHRASE, device=device, cost=FLOOR)
    new.confirm(new.recovery_code, now=NOW, fill=lambda session, key: None).close()
    open_workspace(tmp_path / "v", sign_in="ana", passphrase=PASSPHRASE, device=device).close()
    with pytest.raises(RefusedError, match="does not open") as refused:
        open_workspace(tmp_path / "v", sign_in="ana", passphrase=PASSPHRASE)
    assert "keyring" in refused.value.hint
    with pytest.raises(RefusedError):
        open_workspace(tmp_path / "v", sign_in="ana", passphrase="stolen device, guessed words", device=device)
    workspace = recover(
        tmp_path / "v",
        code=new.recovery_code,
        sign_in="ana",
        new_passphrase="a new one without device",
        fill=lambda _, __: None,
        cost=FLOOR,
    )
    workspace.close()
    open_workspace(tmp_path / "v", sign_in="ana", passphrase="a new one without device").close()


def test_a_keyring_that_keeps_nothing_or_writes_plaintext_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    import keyring
    from keyring.backends import fail, null

    for backend in (null.Keyring(), fail.Keyring()):
        monkeypatch.setattr(keyring, "get_keyring", lambda backend=backend: backend)
        assert system_device_store() is None
    monkeypatch.setattr(keyring, "set_password", lambda *_: None)
    monkeypatch.setattr(keyring, "get_password", lambda *_: None)
    assert KeyringStore().keep("vault") is None


def test_changing_the_passphrase_keeps_the_signing_key(ana: Desk) -> None:
    key = ana.workspace.public_key
    ana.workspace.slots.change_passphrase(PASSPHRASE, "seven other words for tests")
    again = unlock(ana.workspace.path, sign_in="ana", passphrase="seven other words for tests")
    assert again.workspace.public_key == key
    again.close()


def test_who_left_can_no_longer_sign_in(ana: Desk) -> None:
    let_go(ana, "leo", now=NOW)
    with pytest.raises(RefusedError, match="Nobody signs in"):
        unlock(ana.workspace.path, sign_in="leo", passphrase=PASSPHRASE)


@pytest.mark.parametrize("weak", ["short", "aaaaaaaaaaaaaaaaaa", "abcabcabcabcabc", ""])
def test_an_easy_passphrase_is_refused(tmp_path: Path, weak: str) -> None:
    with pytest.raises(RefusedError, match="too easy"):
        prepare_vault(tmp_path / "v", sign_in="a", responder_id=uuid4(), passphrase=weak, cost=FLOOR)


def test_the_header_holds_no_secret_and_is_private(ana: Desk) -> None:
    path = ana.workspace.path / "vault.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    text = path.read_text()
    assert PASSPHRASE not in text
    assert base64.b64encode(PASSPHRASE.encode()).decode() not in text


def test_the_default_cost_is_within_its_own_bounds() -> None:
    Cost().check()
    assert Cost().memory_kib >= 256 * 1024


def test_no_plaintext_reaches_the_disk(ana: Desk) -> None:
    from incident.usecases.timeline import log
    from tests.conftest import an_incident

    incident = an_incident(ana, title="CANARY-TITLE-7391")
    log(ana, incident, "CANARY-LINE-7391", now=NOW)
    ana.close()
    for file in ana.workspace.path.rglob("*"):
        if file.is_file():
            assert b"CANARY" not in file.read_bytes(), file


def test_a_missing_database_is_not_quietly_made_anew(ana: Desk) -> None:
    ana.close()
    (ana.workspace.path / "incident.db").unlink()
    with pytest.raises(StoreError, match="missing or empty"):
        unlock(ana.workspace.path, sign_in="ana", passphrase=PASSPHRASE)
    assert not (ana.workspace.path / "incident.db").exists()


@pytest.mark.parametrize("page", [3, 7, 11, 15])
def test_one_flipped_bit_is_found_and_its_page_named(ana: Desk, page: int) -> None:
    from incident.store.workspace import Workspace

    assert ana.workspace.verify().problems == ()
    path = ana.workspace.path / "incident.db"
    raw = bytearray(path.read_bytes())
    raw[page * 4096 + 100] ^= 1
    path.write_bytes(raw)
    problems = Workspace._damaged_pages(ana.workspace)
    assert any(str(page + 1) in each or "malformed" in each for each in problems), problems
