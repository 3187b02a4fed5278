"""A bundle for somebody outside opens with age and nothing else, holds what was kept byte for byte, and is on record."""

import io
import json
import re
import subprocess
import sys
import tarfile
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest

from incident.cli.app import main
from incident.domain.evidence import CustodyAct, EvidenceItem, EvidenceState
from incident.domain.incident import Incident
from incident.domain.profile import Profile
from incident.errors import ContentError, IncidentError, RefusedError, StoreError
from incident.store.evidence import object_path
from incident.usecases.desk import Desk
from incident.usecases.evidence import Offered, add_evidence, annotate, evidence, evidence_numbered
from incident.usecases.evidence_bundle import Bundle, HandOver, write_bundle
from incident.usecases.evidence_reading import transfer_custody, write_evidence
from incident.usecases.vaults import unlock
from tests.conftest import NOW, PASSPHRASE, an_incident

pyrage = pytest.importorskip("pyrage")
WOLF = "K. Wolf, forensic laboratory (invented)"
MAIL = b"From: somebody\n" * 9000


@pytest.fixture
def incident(ana: Desk) -> Incident:
    return an_incident(ana)


def keep(desk: Desk, incident: Incident, content: bytes, name: str, *, privileged: bool = False) -> EvidenceItem:
    offered = Offered(name, "mx1", "as found", privileged=privileged)
    return add_evidence(desk, incident, BytesIO(content), offered, now=NOW)


def opened(raw: bytes) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(raw)) as archive:
        return {each.name: (archive.extractfile(each) or io.BytesIO()).read() for each in archive.getmembers()}


def bundled(
    desk: Desk, incident: Incident, path: Path, *items: EvidenceItem, profile: Profile = Profile.REGULATOR
) -> dict[str, bytes]:
    identity = pyrage.x25519.Identity.generate()
    to = HandOver(WOLF, "to be examined", (str(identity.to_public()),), profile=profile)
    write_bundle(desk, incident, items, path, to, now=NOW)
    return opened(pyrage.decrypt(path.read_bytes(), [identity]))


def test_the_bundle_holds_items_custody_and_hashes_and_is_recorded(ana: Desk, incident: Incident, tmp_path: Path) -> None:
    mail, empty = keep(ana, incident, MAIL, "../mail\n.eml"), keep(ana, incident, b"", "empty.log")
    before = len(ana.workspace.entries(incident.id))
    held = bundled(ana, incident, tmp_path / "b.age", mail, empty)
    names = [each for each in held if each.startswith("items/")]
    assert [held[each] for each in names] == [MAIL, b""]
    assert not any(".." in each or "\n" in each for each in held)
    for line in held["SHA256SUMS"].decode().splitlines():
        digest, name = line.split("  ")
        assert sha256(held[name]).hexdigest() == digest
    manifest = json.loads(held["manifest.json"])
    assert [each["sha256"] for each in manifest["items"]] == [mail.sha256, empty.sha256]
    assert manifest["items"][0]["custody"][0]["act"] == "acquired"
    assert (manifest["to"], manifest["stamp"]) == (WOLF, Profile.REGULATOR.stamp)
    assert Profile.REGULATOR.stamp in held["README.txt"].decode()
    assert "Ana Ruiz (invented)" in held["custody.txt"].decode()
    last = [each.custody[-1] for each in evidence(ana, incident)]
    assert [(each.act, each.to_whom, "bundle b.age for regulator" in each.note) for each in last] == [
        (CustodyAct.EXPORTED, WOLF, True)
    ] * 2
    assert len(ana.workspace.entries(incident.id)) == before + 1
    assert ana.workspace.verify().problems == ()
    assert (tmp_path / "b.age").stat().st_mode & 0o777 == 0o600


def test_a_passphrase_opens_the_key_and_the_key_the_bundle(ana: Desk, incident: Incident, tmp_path: Path) -> None:
    item = keep(ana, incident, MAIL, "mail.eml")
    to = HandOver(WOLF, "to be examined", passphrase="eight plain words for the laboratory")
    made = write_bundle(ana, incident, [item], tmp_path / "b.age", to, now=NOW)
    assert made.key_path == tmp_path / "b.key.age"
    assert MAIL[:40] not in made.path.read_bytes()
    key = pyrage.passphrase.decrypt(made.key_path.read_bytes(), to.passphrase).decode().strip()
    held = opened(pyrage.decrypt(made.path.read_bytes(), [pyrage.x25519.Identity.from_str(key)]))
    assert held["items/001_mail.eml"] == MAIL
    assert "b.key.age" in made.opened_by


def test_privileged_items_go_out_for_counsel_alone_and_others_do_not_see_them(
    ana: Desk, leo: Desk, incident: Incident, tmp_path: Path
) -> None:
    from incident.usecases.members import let_out

    memo = keep(leo, incident, b"the advice of counsel", "memo.txt", privileged=True)
    about = annotate(leo, incident, memo, BytesIO(b"a note on it"), Offered("note.txt"), now=NOW)
    assert about.privileged
    for profile in (Profile.REGULATOR, Profile.CUSTOMER, Profile.PUBLIC):
        with pytest.raises(RefusedError):
            bundled(leo, incident, tmp_path / "b.age", memo, profile=profile)
        with pytest.raises(RefusedError, match="privileged"):
            write_evidence(leo, incident, memo, tmp_path / "m", now=NOW, profile=profile)
        with pytest.raises(RefusedError, match="privileged"):
            transfer_custody(leo, incident, memo, WOLF, now=NOW, note="by hand", profile=profile)
    with pytest.raises(RefusedError, match="goes out for counsel alone"):
        write_evidence(leo, incident, memo, tmp_path / "m", now=NOW)
    assert list(tmp_path.glob("[bm]*")) == []
    held = bundled(leo, incident, tmp_path / "b.age", memo, profile=Profile.PRIVILEGED)
    assert held["items/001_memo.txt"] == b"the advice of counsel"
    let_out(leo, incident, "ana", only_counsel=True, now=NOW)
    ana = unlock(ana.workspace.path, sign_in="ana", passphrase=PASSPHRASE)  # what an open window has read it knows
    open_one = keep(ana, incident, b"for everybody", "open.txt")
    assert [each.name for each in evidence(ana, incident)] == ["open.txt"]
    with pytest.raises(RefusedError, match="no item 1"):
        evidence_numbered(ana, incident, 1)
    with pytest.raises(RefusedError, match="Counsel's circle"):
        keep(ana, incident, b"mine", "x", privileged=True)
    assert open_one.number == 3
    ana.close()


def test_a_customer_gets_made_up_names_and_no_working_notes(ana: Desk, incident: Incident, tmp_path: Path) -> None:
    item = keep(ana, incident, MAIL, "mail.eml")
    transfer_custody(ana, incident, item, WOLF, now=NOW, note="a working note")
    held = bundled(ana, incident, tmp_path / "b.age", evidence_numbered(ana, incident, 1), profile=Profile.CUSTOMER)
    said = (held["custody.txt"] + held["manifest.json"]).decode()
    assert re.search(r"Person [0-9A-Z]{6}", said)
    assert not any(each in said for each in ("Ana Ruiz", "a working note", "mx1", "as found"))


def test_what_does_not_hold_leaves_no_file_behind_and_is_put_on_record_as_damaged(
    ana: Desk, incident: Incident, tmp_path: Path
) -> None:
    sound, item = keep(ana, incident, b"sound", "a"), keep(ana, incident, MAIL, "mail.eml")
    path = object_path(ana.workspace.path / "evidence", item.object)
    raw = bytearray(path.read_bytes())
    raw[-20] ^= 1
    path.write_bytes(raw)
    out = tmp_path / "out"
    out.mkdir()
    with pytest.raises(StoreError, match="does not hold"):
        bundled(ana, incident, out / "b.age", sound, item)
    assert list(out.iterdir()) == []
    assert [each.state for each in evidence(ana, incident)] == [EvidenceState.KEPT, EvidenceState.DAMAGED]
    assert not any(act.act is CustodyAct.EXPORTED for each in evidence(ana, incident) for act in each.custody)


@pytest.mark.parametrize(
    ("to", "said"),
    [
        (HandOver(WOLF, "examined", ("age1nonsense",)), "no age recipient|not an age recipient"),
        (HandOver(WOLF, "examined"), "not said, or twice"),
        (HandOver("", "examined", ("age1x",)), "Who receives"),
        (HandOver(WOLF, "examined", passphrase="short"), "too easy"),
        (HandOver(WOLF, "examined", ("ssh-ed25519 AAAA",)), "not an age recipient"),
    ],
)
def test_a_bad_hand_over_is_refused_before_anything_is_written(
    ana: Desk, incident: Incident, tmp_path: Path, to: HandOver, said: str
) -> None:
    item = keep(ana, incident, b"x", "x")
    with pytest.raises(IncidentError, match=said):
        write_bundle(ana, incident, [item], tmp_path / "b.age", to, now=NOW)
    assert not list(tmp_path.glob("*.age"))
    (tmp_path / "b.age").write_bytes(b"theirs")
    with pytest.raises(IncidentError):
        write_bundle(ana, incident, [item], tmp_path / "b.age", to, now=NOW)
    assert (tmp_path / "b.age").read_bytes() == b"theirs"


def test_without_the_library_the_extra_is_named(
    ana: Desk, incident: Incident, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = keep(ana, incident, b"x", "x")
    monkeypatch.setitem(sys.modules, "pyrage", None)
    with pytest.raises(RefusedError, match="not installed") as refused:
        write_bundle(ana, incident, [item], tmp_path / "b.age", HandOver(WOLF, "examined", ("age1x",)), now=NOW)
    assert "incident[age]" in refused.value.hint


def test_a_bundle_by_command(ana: Desk, incident: Incident, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keep(ana, incident, MAIL, "mail.eml")
    (tmp_path / "words").write_text(PASSPHRASE)
    identity = pyrage.x25519.Identity.generate()
    signed_in = ["--vault", str(ana.workspace.path), "--as", "ana", "--passphrase-file", str(tmp_path / "words")]
    words = ["evidence", "bundle", "1", "1", "--to", str(tmp_path / "b.age"), "--to-whom", WOLF, "--note", "examined"]
    assert main([*words, *signed_in]) == ContentError.exit_status
    assert main([*words, "--to-recipient", str(identity.to_public()), "--json", *signed_in]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["items"], said["key_file"]) == ([1], None)
    assert "items/001_mail.eml" in opened(pyrage.decrypt((tmp_path / "b.age").read_bytes(), [identity]))


def test_a_large_item_passes_through_in_little_memory(ana: Desk, incident: Incident, tmp_path: Path) -> None:
    """In a process of its own whose address space is too small to hold the item."""
    keep(ana, incident, bytes(60_000_000), "disk.img")
    script = f"""
import resource
from pathlib import Path
import pyrage
from incident.usecases.vaults import unlock
from incident.usecases.incidents import incidents
from incident.usecases.evidence import evidence
from incident.usecases.evidence_bundle import HandOver, write_bundle
from tests.conftest import NOW, PASSPHRASE
desk = unlock(Path({str(ana.workspace.path)!r}), sign_in="ana", passphrase=PASSPHRASE)
one = incidents(desk)[0]
items = evidence(desk, one)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
to = HandOver("W (invented)", "examined", (str(pyrage.x25519.Identity.generate().to_public()),))
write_bundle(desk, one, items, Path({str(tmp_path / "b.age")!r}), to, now=NOW)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""
    grown = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert int(grown) < 25_000  # KiB
    assert (tmp_path / "b.age").stat().st_size > 60_000_000


def test_the_command_that_opens_it_names_the_files() -> None:
    assert Bundle(Path("x/b.age"), None, ()).opened_by == "age -d -i THEIR-KEY.txt b.age | tar -x"
