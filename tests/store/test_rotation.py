"""A new master key when somebody leaves: the rest sign in as before, the one who left opens nothing new."""

import json
import shutil
from pathlib import Path

import pytest
from sqlmodel import select

from incident.domain.responder import Function
from incident.errors import IncidentError, RefusedError, StoreError
from incident.store import opening, rotation, vault
from incident.store.engine import DATABASE, connector
from incident.store.grants import grants_of
from incident.store.header_shape import NEXT
from incident.store.keys import FLOOR, as_text, subkey
from incident.store.read_only import open_slot_of, read_only
from incident.store.seals import wrap_for
from incident.store.tables import IncidentRow
from incident.store.vault import HEADER, read_header
from incident.usecases import vaults
from incident.usecases.desk import Desk
from incident.usecases.incidents import incidents
from incident.usecases.people import invite, let_go
from incident.usecases.timeline import log
from incident.usecases.vaults import NewResponder, recover, renew_recovery, unlock
from tests.conftest import NOW, PASSPHRASE, ZONE, an_incident


def kim(desk: Desk) -> None:
    invite(
        desk,
        NewResponder("Kim Osei (invented)", "kim", Function.IT, zone=ZONE),
        passphrase=PASSPHRASE,
        may_approve=False,
        now=NOW,
    )


def test_who_left_keeps_nothing_that_opens_the_vault(ana: Desk) -> None:
    path = ana.workspace.path
    old = ana.workspace._master
    kim(ana)
    incident = an_incident(ana)
    let_go(ana, "leo", now=NOW)
    log(ana, incident, "after leo left", now=NOW)
    with pytest.raises(RefusedError, match="Nobody signs in"):
        unlock(path, sign_in="leo", passphrase=PASSPHRASE)
    with pytest.raises(StoreError, match="key is wrong"):
        connector(path / DATABASE, subkey(old, "db"))()
    assert ana.workspace.verify().problems == ()
    for sign_in in ("kim", "ana", "kim"):
        desk = unlock(path, sign_in=sign_in, passphrase=PASSPHRASE)
        assert [each.title for each in incidents(desk)] == [incident.title]
        assert desk.workspace.verify().problems == ()
        desk.close()
    assert not any(grants_of(each) for each in vault.slots_in(read_header(path)) if each["kind"] != vault.RECOVERY)


def test_two_changes_of_keys_between_two_sign_ins(ana: Desk) -> None:
    kim(ana)
    ana.workspace.renew_master()
    ana.workspace.renew_master()
    leo = unlock(ana.workspace.path, sign_in="leo", passphrase=PASSPHRASE)
    assert leo.workspace._master == ana.workspace._master
    leo.close()


def test_the_paper_still_opens_after_a_change_of_keys(tmp_path: Path) -> None:
    from incident.domain.organisation import Organisation
    from incident.usecases.vaults import prepare

    founder = NewResponder("Ana (invented)", "ana", Function.IT, zone=ZONE)
    pending = prepare(tmp_path / "v", organisation=Organisation("N"), founder=founder, passphrase=PASSPHRASE, cost=FLOOR)
    desk = pending.confirm(pending.recovery_code, now=NOW)
    incident = an_incident(desk)
    desk.workspace.renew_master()
    desk.close()
    new = "nine entirely new words for ana"
    again = recover(tmp_path / "v", code=pending.recovery_code, sign_in="ana", new_passphrase=new, now=NOW, cost=FLOOR)
    assert [each.title for each in incidents(again)] == [incident.title]
    again.close()


@pytest.mark.parametrize("died", ["before the change", "before the header took its place"])
def test_a_recovery_that_is_killed_leaves_the_old_passphrase_or_the_new_one(
    ana: Desk, monkeypatch: pytest.MonkeyPatch, died: str
) -> None:
    """Whatever was the last thing that reached the disk, one of the two opens the vault and every incident in it."""
    incident, path = an_incident(ana), ana.workspace.path
    pending = ana.workspace.slots.new_recovery_code()
    renew_recovery(ana, pending, pending.code, now=NOW)
    ana.close()
    new = "nine entirely new words for ana"

    def dies(*given: object, **named: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as killed:
        killed.setattr(opening, "settle_with", lambda path, master: None)
        killed.setattr(*((vaults, "rewrap_own", dies) if died == "before the change" else (opening, "take_next", dies)))
        with pytest.raises(KeyboardInterrupt):
            recover(path, code=pending.code, sign_in="ana", new_passphrase=new, now=NOW, cost=FLOOR)
    assert (path / NEXT).exists()
    holds, fails = (PASSPHRASE, new) if died == "before the change" else (new, PASSPHRASE)
    with pytest.raises(RefusedError, match="does not open"):
        unlock(path, sign_in="ana", passphrase=fails)
    desk = unlock(path, sign_in="ana", passphrase=holds)
    assert [each.title for each in incidents(desk)] == [incident.title]
    assert desk.workspace.verify().problems == ()
    assert not (path / NEXT).exists()
    desk.close()


def test_a_grant_that_nobody_vouched_for_is_refused(ana: Desk) -> None:
    path = ana.workspace.path
    ana.workspace.renew_master()
    header = json.loads((path / HEADER).read_text())
    leo = next(each for each in header["slots"] if each.get("sign_in") == "leo")
    forged = wrap_for(bytes.fromhex(leo["public_key"]), b"k" * 32, b"x")
    leo["grants"].append({"sealed": as_text(forged), "mac": "00" * 32})
    (path / HEADER).write_text(json.dumps(header))
    with pytest.raises(StoreError, match="altered"):
        unlock(path, sign_in="leo", passphrase=PASSPHRASE)


@pytest.mark.parametrize("stop", ["before", "after"])
def test_a_change_of_keys_that_is_interrupted_is_finished_or_forgotten(
    ana: Desk, monkeypatch: pytest.MonkeyPatch, stop: str
) -> None:
    """The process dies just before, or just after, the database is encrypted anew."""
    incident = an_incident(ana)
    path = ana.workspace.path
    anew = rotation._encrypt_anew

    def dies(connect: object, key: bytes) -> None:
        if stop == "after":
            anew(connect, key)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    monkeypatch.setattr(rotation, "_encrypt_anew", dies)
    with pytest.raises(KeyboardInterrupt):
        ana.workspace.renew_master()
    assert (path / NEXT).exists()
    for sign_in in ("leo", "ana"):
        desk = unlock(path, sign_in=sign_in, passphrase=PASSPHRASE)
        assert [each.title for each in incidents(desk)] == [incident.title]
        assert desk.workspace.verify().problems == ()
        desk.close()
    assert not (path / NEXT).exists()


def test_reading_alone_finds_the_header_that_an_interrupted_change_left(ana: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Encrypted anew, and the process died before the header took its place: an emergency export writes nothing and reads."""
    an_incident(ana)
    path = ana.workspace.path
    monkeypatch.setattr(rotation, "take_next", lambda path, master: (_ for _ in ()).throw(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        ana.workspace.renew_master()
    held = read_only(path, open_slot_of(path, sign_in="leo", passphrase=PASSPHRASE))
    with held.reading() as session:
        assert [each.title for each in session.exec(select(IncidentRow)).all()] == ["A mailbox was read"]
    held.close()
    assert (path / NEXT).exists()


def test_a_window_that_missed_a_change_of_keys_is_told_to_sign_in_again(ana: Desk, leo: Desk) -> None:
    """Its old key must not write the header either: nobody could open the vault any more."""
    path = ana.workspace.path
    let_go(ana, "leo", now=NOW)
    after = (path / HEADER).read_bytes()
    pending = leo.workspace.slots.new_recovery_code()
    for act in (leo.workspace.verify, leo.workspace.renew_master, lambda: pending.confirm(pending.code)):
        with pytest.raises(IncidentError) as refused:
            act()
        assert refused.value.hint.startswith("Sign in again")
    assert (path / HEADER).read_bytes() == after
    assert ana.workspace.verify().problems == ()


def test_a_header_that_was_altered_is_still_said_to_be(ana: Desk) -> None:
    path = ana.workspace.path / HEADER
    path.write_text(json.dumps({**json.loads(path.read_text()), "epoch": 0}))
    with pytest.raises(StoreError, match="altered outside the program"):
        ana.workspace.verify()


def test_an_old_header_put_back_after_a_change_of_keys_does_not_open(ana: Desk, tmp_path: Path) -> None:
    path = ana.workspace.path
    shutil.copy(path / HEADER, tmp_path / "old.json")
    let_go(ana, "leo", now=NOW)
    ana.close()
    shutil.copy(tmp_path / "old.json", path / HEADER)
    with pytest.raises(IncidentError, match="key is wrong|same backup|does not open"):
        unlock(path, sign_in="leo", passphrase=PASSPHRASE)
