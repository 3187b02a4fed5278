"""The doctor: every line says how it stands and what mends it; nothing is changed, and no vault is needed."""

import json
import os
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from incident.__main__ import main
from incident.store import machine
from incident.store.copies import Copy, note_copy
from incident.store.purge import PENDING
from incident.usecases.backup import back_up
from incident.usecases.desk import Desk
from incident.usecases.doctor import Finding, State, examine
from tests.conftest import NOW, PASSPHRASE, a_vault, an_incident


@pytest.fixture(autouse=True)
def _no_press(monkeypatch: pytest.MonkeyPatch) -> None:
    """Laying a page out takes a second; one test does it."""
    monkeypatch.setattr("incident.usecases.doctor.render_pdf", lambda *_, **__: b"%PDF-")


@pytest.fixture(scope="module")
def closed_vault(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A vault that no test alters."""
    desk = a_vault(tmp_path_factory.mktemp("pristine"))
    desk.close()
    return desk.workspace.path


@pytest.fixture
def path(closed_vault: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(closed_vault, tmp_path / "vault"))


def of(found: tuple[Finding, ...], topic: str) -> list[Finding]:
    return [each for each in found if each.topic == topic]


def test_a_vault_in_good_order_has_nothing_wrong(ana: Desk, tmp_path: Path) -> None:
    an_incident(ana)
    now = NOW + timedelta(days=365)
    back_up(ana, tmp_path / "to", now=now)
    found = examine(ana.workspace.path, now=now, desk=ana)
    assert {each.state for topic in ("encryption", "slots", "backup", "journal") for each in of(found, topic)} <= {
        State.OK,
        State.LOOK,  # the tests' cheap derivation
    }
    assert of(found, "backup")[0].state is State.OK
    assert all(each.mend for each in found if each.state is not State.OK)


def test_it_works_without_a_vault(tmp_path: Path) -> None:
    found = examine(tmp_path / "none", now=NOW)
    assert of(found, "encryption")[0].text.startswith("SQLCipher 4.")
    assert of(found, "vault")[0].state is State.LOOK
    assert "vault create" in of(found, "vault")[0].mend


def test_what_is_amiss_in_a_vault_is_named(path: Path) -> None:
    (path / PENDING).write_text("{}")
    path.chmod(0o755)
    header = json.loads((path / "vault.json").read_text())
    for slot in header["slots"]:
        slot.pop("public_key") if slot["kind"] == "recovery" else slot.update(memory_kib=1024)
    (path / "vault.json").write_text(json.dumps(header))
    found = examine(path, now=NOW + timedelta(days=365))
    assert {each.mend for each in of(found, "vault")} == {"`incident retention finish`", f"`chmod 700 {path}`"}
    assert of(found, "recovery")[0].mend == "`incident vault new-code`"
    assert State.WRONG in {each.state for each in of(found, "slots")}
    assert of(found, "backup")[0].text == "No backup was ever made."
    assert of(found, "journal")[0].state is State.LOOK


@pytest.mark.parametrize("years", [-1, -10])
def test_a_clock_that_is_behind_is_wrong(ana: Desk, years: int) -> None:
    an_incident(ana)
    found = examine(ana.workspace.path, now=NOW + timedelta(days=365 * years), desk=ana)
    assert all(each.state is State.WRONG for each in of(found, "clock") if "later than" in each.text)
    assert len([each for each in of(found, "clock") if each.state is State.WRONG]) >= 2


def test_a_slot_that_needs_a_keyring_which_is_not_there_is_wrong(path: Path) -> None:
    header = json.loads((path / "vault.json").read_text())
    header["slots"][0]["kind"] = "passphrase+device"
    (path / "vault.json").write_text(json.dumps(header))
    found = of(examine(path, now=NOW), "keyring")
    assert found[0].state is State.WRONG
    assert "recover" in found[0].mend


def test_an_old_backup_and_a_full_disk_are_seen(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    note_copy(path, Copy("1", str(tmp_path / "to"), NOW, "ana", 1, 1, tested_at=NOW, done=True))
    usage = type("Usage", (), {"free": 1024})
    monkeypatch.setattr("incident.usecases.doctor.shutil.disk_usage", lambda _: usage)
    found = examine(path, now=NOW + timedelta(days=30))
    assert "30 days old" in of(found, "backup")[0].text
    assert of(found, "backup")[0].state is State.LOOK
    assert of(found, "space")[0].state is State.WRONG


def test_a_network_file_system_is_wrong(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from incident.store import engine

    monkeypatch.setattr(engine, "_NETWORK", frozenset({machine.mount_of(path)[1]}))
    assert of(examine(path, now=NOW), "file system")[0].state is State.WRONG


def test_a_disk_on_a_crypt_mapping_is_seen_through_the_layers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "_BLOCK", tmp_path)
    for name, uuid, below in (("dm-1", "LVM-abc", "dm-0"), ("dm-0", "CRYPT-LUKS2-abc", "sda2"), ("sda2", "", "")):
        (tmp_path / name / "slaves" / below).mkdir(parents=True)
        (tmp_path / name / "dm").mkdir()
        (tmp_path / name / "dm" / "uuid").write_text(uuid)
    assert machine.device_is_encrypted("/dev/dm-1") is True
    assert machine.device_is_encrypted("/dev/sda2") is False
    assert machine.device_is_encrypted("/dev/sdz") is None
    assert machine.device_is_encrypted("overlay") is None


def test_the_command_prints_lines_or_json_and_says_by_its_status(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = tmp_path / "words"
    words.write_text(PASSPHRASE)
    options = ["--vault", str(path), "--as", "ana", "--passphrase-file", str(words)]
    main(["doctor", *options])
    assert "ok    journal      It holds" in capsys.readouterr().out
    os.truncate(path / "incident.db", 0)
    assert main(["doctor", "--json", *options]) == 1
    assert "wrong" in {each["state"] for each in json.loads(capsys.readouterr().out)}
