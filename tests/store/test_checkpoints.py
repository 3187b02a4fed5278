"""Checkpoints, anchors, proofs and exports: when they are made, what they show, and that a stranger can check them."""

import base64
import json
import shutil
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from incident.cli.app import main
from incident.domain.access import AccessAct
from incident.errors import ContentError, RefusedError, StoreError
from incident.store import anchor as anchors
from incident.store import vault
from incident.store.anchor import ANCHOR
from incident.store.checkpoint import Checkpoint, checkpoints, create_checkpoints
from incident.store.engine import DATABASE, connector, fingerprint
from incident.store.journal import verify as verify_raw
from incident.store.keys import FLOOR, subkey
from incident.store.merkle import BATCH, Frontier, Roots, inclusion, leaf, node, root_by
from incident.usecases.access import access_review, record_access
from incident.usecases.desk import Desk
from incident.usecases.journal import accept, anchor, each_entry, export, prove, verify
from incident.usecases.timeline import log
from incident.usecases.vaults import unlock
from tests.bench_journal import lengthen
from tests.conftest import NOW, PASSPHRASE, a_vault, an_incident

ROOT = Path(__file__).resolve().parents[2]


def rfc_root(leaves: list[bytes]) -> bytes:
    """The definition, word by word (RFC 6962, 2.1)."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaf(leaves[0])
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return node(rfc_root(leaves[:split]), rfc_root(leaves[split:]))


HASHES = [sha256(b"%d" % number).digest() for number in range(2 * BATCH + 77)]


@given(st.integers(0, 300))
def test_a_frontier_has_the_root_of_its_list(size: int) -> None:
    grown = Frontier()
    for each in HASHES[:size]:
        grown.append(each)
    again = Frontier.read(size, grown.to_bytes())
    assert again is not None
    assert grown.root == again.root == rfc_root(HASHES[:size])
    assert Frontier.read(size + 1, grown.to_bytes() + b"x") is None


@given(st.sets(st.integers(1, len(HASHES)), max_size=4))
def test_the_roots_of_many_prefixes_come_in_one_pass(sizes: set[int]) -> None:
    walk = Roots()
    found: dict[int, bytes] = {}
    for start in range(0, len(HASHES), BATCH):
        batch = HASHES[start : start + BATCH]
        found |= walk.add(batch, [size for size in sizes if start < size <= start + len(batch)])
    assert found == {size: rfc_root(HASHES[:size]) for size in sizes}


@given(st.data())
def test_an_inclusion_path_leads_to_the_root_and_an_altered_one_does_not(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 200))
    index = data.draw(st.integers(0, size - 1))
    root = rfc_root(HASHES[:size])
    path = inclusion(index, size, lambda start, end: rfc_root(HASHES[start:end]))
    assert root_by(HASHES[index], index, size, path) == root
    assert root_by(HASHES[index + 1], index, size, path) != root
    assert root_by(HASHES[index], index, size, [*path, HASHES[0]]) != root
    assert not path or root_by(HASHES[index], index, size, path[:-1]) != root


@pytest.fixture(scope="module")
def auditable(tmp_path_factory: pytest.TempPathFactory) -> tuple[Desk, Path]:
    """A vault with an incident and some hundred entries, and its export."""
    desk = a_vault(tmp_path_factory.mktemp("audited"))
    log(desk, an_incident(desk), "a line with a secret canary", now=NOW)
    lengthen(desk.workspace, 118, rows=3)
    export(desk, desk.workspace.path.parent / "export", now=NOW)
    desk.close()
    return desk, desk.workspace.path.parent / "export"


def signed_sizes(desk: Desk) -> list[int]:
    connection = desk.workspace._connect()
    found = [each.size for each in checkpoints(connection) if isinstance(each, Checkpoint)]
    connection.close()
    return found


def test_a_checkpoint_is_made_every_hundred_entries_and_is_no_entry(ana: Desk) -> None:
    incident = an_incident(ana)
    before, head = signed_sizes(ana), ana.workspace.head().seq
    for _ in range(201):
        log(ana, incident, "a line", now=NOW)
    made = signed_sizes(ana)[len(before) :]
    assert made == [before[-1] + 100, before[-1] + 200]
    assert ana.workspace.head().seq == head + 201
    assert ana.workspace.verify().problems == ()


def test_a_checkpoint_is_made_after_five_minutes_and_when_a_window_closes(ana: Desk) -> None:
    incident = an_incident(ana)
    before = signed_sizes(ana)
    log(ana, incident, "soon", now=NOW + timedelta(minutes=4, seconds=59))
    assert signed_sizes(ana) == before
    log(ana, incident, "later", now=NOW + timedelta(minutes=5))
    assert signed_sizes(ana) == [*before, ana.workspace.head().seq]
    log(ana, incident, "last", now=NOW + timedelta(minutes=6))
    log(ana, incident, "the clock was set back a year", now=NOW - timedelta(days=365))
    log(ana, incident, "and again", now=NOW - timedelta(days=365))
    ana.close()
    assert signed_sizes(ana)[-1] == ana.workspace.head().seq
    assert ana.workspace.verify().problems == ()


def test_checkpoints_are_append_only(ana: Desk) -> None:
    connection = ana.workspace._connect()
    for statement in ("UPDATE checkpoint SET size = 7", "DELETE FROM checkpoint"):
        with pytest.raises(Exception, match="append-only"):
            connection.execute(statement)
    connection.close()


def test_a_failing_checkpoint_takes_its_change_with_it(ana: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    incident = an_incident(ana)
    before = ana.workspace.head()
    with monkeypatch.context() as broken:
        broken.setattr("incident.store.workspace.checkpoint", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            log(ana, incident, "a line", now=NOW)
    assert ana.workspace.head() == before


def forged(desk: Desk, folder: Path, altered: dict[str, object]) -> tuple[str, ...]:
    """The problems after a newest checkpoint that a stranger's key signed, or that says something else."""
    shutil.copy(desk.workspace.path / DATABASE, folder / DATABASE)
    connection = connector(folder / DATABASE, subkey(desk.workspace._master, "db"))()
    connection.execute("DROP TRIGGER checkpoint_no_update")
    stranger = Ed25519PrivateKey.generate()
    size, body = connection.execute("SELECT size, body FROM checkpoint ORDER BY size DESC LIMIT 1").fetchone()
    content = {**json.loads(body), **(altered or {"key": stranger.public_key().public_bytes_raw().hex()})}
    fresh = json.dumps(content, sort_keys=True, separators=(",", ":")).encode()
    connection.execute("UPDATE checkpoint SET body = ?, signature = ? WHERE size = ?", (fresh, stranger.sign(fresh), size))
    vault_id = desk.workspace.vault_id
    problems = verify_raw(connection, schema="", found_schema="", anchor=None, vault_id=vault_id).problems
    connection.close()
    return problems


@pytest.mark.parametrize(
    ("altered", "named"),
    [
        ({}, "a key that no responder"),
        ({"at": NOW.isoformat().replace("2026", "2025")}, "signature does not hold"),
        ({"root": "00" * 32}, "not those that were signed"),
        ({"vault": "another"}, "another vault's"),
        ({"size": "many"}, "cannot be read"),
        ({"after": 77}, "which is gone"),
    ],
)
def test_a_forged_checkpoint_is_named(
    auditable: tuple[Desk, Path], tmp_path: Path, altered: dict[str, object], named: str
) -> None:
    problems = forged(auditable[0], tmp_path, altered)
    assert any(named in each for each in problems), problems


def test_a_journal_from_before_there_were_checkpoints_begins_with_its_next_entry(ana: Desk) -> None:
    lengthen(ana.workspace, 150, rows=3)
    connection = ana.workspace._connect()
    connection.execute("DROP TABLE checkpoint")
    create_checkpoints(connection)
    schema = fingerprint(connection)
    path = ana.workspace.path
    vault.write_header(path, {**vault.read_header(path), "schema": schema}, ana.workspace._master)
    signer = ana.workspace.signer()
    assert verify_raw(connection, schema="", found_schema="", anchor=None).problems == ()
    incident = an_incident(ana)
    report = verify_raw(connection, schema="", found_schema="", anchor=None, vault_id=signer.vault_id)
    connection.close()
    assert (report.problems, report.checkpoints) == ((), 1)
    assert incident.reference


def test_what_a_former_key_signed_still_holds(ana: Desk) -> None:
    from incident.usecases.vaults import recover, renew_recovery

    an_incident(ana)
    pending = ana.workspace.slots.new_recovery_code()
    renew_recovery(ana, pending, pending.code, now=NOW)
    ana.close()
    again = recover(ana.workspace.path, code=pending.code, sign_in="ana", new_passphrase=PASSPHRASE + "!", now=NOW, cost=FLOOR)
    again.close()
    assert again.workspace.verify().problems == ()
    connection = again.workspace._connect()
    keys = {each.key for each in checkpoints(connection) if isinstance(each, Checkpoint)}
    connection.close()
    assert len(keys) == 2


def test_verifying_takes_no_more_memory_for_ten_times_the_entries(ana: Desk) -> None:
    peaks = []
    for entries in (1_200, 3_600):
        lengthen(ana.workspace, entries, rows=20)
        connection = ana.workspace._connect()
        verify_raw(connection, schema="", found_schema="", anchor=None)
        tracemalloc.start()
        verify_raw(connection, schema="", found_schema="", anchor=None)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        connection.close()
    assert peaks[1] < 1.3 * peaks[0]


# — outside the vault —


class PretendKeyring:
    """An allow-listed keyring that keeps what it is given, or forgets it."""

    def __init__(self, *, forgets: bool = False) -> None:
        self.held: dict[tuple[str, str], str] = {}
        self.forgets = forgets

    def get_password(self, service: str, name: str) -> str | None:
        return self.held.get((service, name))

    def set_password(self, service: str, name: str, value: str) -> None:
        if not self.forgets:
            self.held[service, name] = value


@pytest.fixture
def ring(monkeypatch: pytest.MonkeyPatch) -> PretendKeyring:
    import keyring

    pretended = PretendKeyring()
    monkeypatch.setattr(keyring, "get_password", pretended.get_password)
    monkeypatch.setattr(keyring, "set_password", pretended.set_password)
    return pretended


def test_the_keyring_sees_the_whole_folder_put_back(ana: Desk, ring: PretendKeyring, tmp_path: Path) -> None:
    ana.workspace.keyring = anchors.KeyringAnchor(ana.workspace.vault_id)
    ana.close()
    shutil.copytree(ana.workspace.path, tmp_path / "yesterday")
    again = unlock(ana.workspace.path, sign_in="ana", passphrase=PASSPHRASE)
    again.workspace.keyring = ana.workspace.keyring
    an_incident(again)
    again.workspace.slots.change_passphrase(PASSPHRASE, PASSPHRASE + "!")
    again.close()
    rolled = unlock(tmp_path / "yesterday", sign_in="ana", passphrase=PASSPHRASE)
    assert verify(rolled).problems == ()
    rolled.workspace.keyring = ana.workspace.keyring
    problems = verify(rolled).problems
    assert any("keyring" in each and "rolled back" in each for each in problems)
    assert any("vault.json was written" in each for each in problems)
    an_incident(rolled)
    rolled.close()
    assert verify(rolled).problems, "a newer head must not wash the contradiction away"
    assert json.loads(next(iter(ring.held.values())))["vault"] == ana.workspace.vault_id


def test_a_keyring_that_fails_breaks_nothing(ana: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    import keyring

    def locked(*_: object) -> None:
        raise RuntimeError("locked")

    monkeypatch.setattr(keyring, "get_password", locked)
    monkeypatch.setattr(keyring, "set_password", locked)
    ana.workspace.keyring = anchors.KeyringAnchor(ana.workspace.vault_id)
    assert ana.workspace.keyring.leave(ana.workspace.head(), epoch=1) is False
    assert verify(ana).problems == ()
    ana.close()


def test_an_anchor_that_contradicts_stays_until_it_is_accepted(ana: Desk) -> None:
    an_incident(ana)
    ana.close()
    old = (ana.workspace.path / DATABASE).read_bytes()
    again = unlock(ana.workspace.path, sign_in="ana", passphrase=PASSPHRASE)
    an_incident(again)
    again.close()
    for name in (f"{DATABASE}-wal", f"{DATABASE}-shm"):
        (ana.workspace.path / name).unlink(missing_ok=True)
    (ana.workspace.path / DATABASE).write_bytes(old)
    restored = unlock(ana.workspace.path, sign_in="ana", passphrase=PASSPHRASE)
    for _ in range(3):
        an_incident(restored)
    restored.close()
    assert any(each.startswith("anchor: entry") for each in restored.workspace.verify().problems)
    with pytest.raises(ContentError):
        accept(restored, reason=" ", now=NOW)
    accept(restored, reason="the disk failed; restored from Monday's backup", now=NOW)
    assert restored.workspace.verify().problems == ()
    assert list(each_entry(restored))[-1].act == "journal.accept"
    with pytest.raises(RefusedError, match="contradicts"):
        accept(restored, reason="again", now=NOW)
    restored.close()


def test_an_altered_anchor_file_is_reported(ana: Desk) -> None:
    ana.close()
    file = ana.workspace.path / ANCHOR
    file.write_text(file.read_text().replace('"seq": 2', '"seq": 1'))
    assert any("anchor" in each for each in verify(ana).problems)


def test_a_file_of_anchors_is_checked_line_by_line(ana: Desk, tmp_path: Path) -> None:
    stick = tmp_path / "stick.jsonl"
    anchor(ana, to=stick, now=NOW)
    an_incident(ana)
    anchor(ana, to=stick, now=NOW)
    report = verify(ana, anchor_file=stick)
    assert report.problems == ()
    assert "stick.jsonl: 2 lines" in report.found
    first, second = stick.read_text().splitlines()
    stick.write_text("\n".join([first.replace('"size":2', '"size":3'), "no anchor", second]) + "\n")
    problems = verify(ana, anchor_file=stick).problems
    assert [each.split(":")[0] for each in problems] == ["stick.jsonl, line 1", "stick.jsonl, line 1", "stick.jsonl, line 2"]
    stick.write_text("")
    assert "no line of it" in verify(ana, anchor_file=stick).problems[0]
    with pytest.raises(ContentError):
        verify(ana, anchor_file=tmp_path / "absent")


def test_a_phrase_on_paper_is_looked_up(ana: Desk) -> None:
    paper = ana.workspace.head().phrase
    an_incident(ana)
    assert any(each.startswith("phrase: entry 2") for each in verify(ana, phrase=paper).found)
    assert any(each.startswith("phrase") for each in verify(ana, phrase=" ".join(reversed(paper.split()))).problems)
    for wrong in ("acid acorn", "acid acorn actor adobe agate alarm album nonsense"):
        with pytest.raises(ContentError):
            verify(ana, phrase=wrong)


# — for strangers —


def check(path: Path, *words: str) -> tuple[int, str]:
    """Run the independent verifier, isolated: it sees neither this program nor the folder it stands in."""
    program = ROOT / "scripts" / "verify_journal.py"
    blind = "import sys, runpy; sys.modules['incident'] = None; sys.argv = sys.argv[1:]; runpy.run_path(sys.argv[0], run_name='__main__')"
    done = subprocess.run(
        [sys.executable, "-I", "-c", blind, str(program), str(path), *words],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
    )
    assert done.stderr == ""
    return done.returncode, done.stdout


def test_the_independent_verifier_is_short_and_stands_alone() -> None:
    text = (ROOT / "scripts" / "verify_journal.py").read_text()
    assert len(text.splitlines()) <= 150
    imported = {line.split()[1].split(".")[0] for line in text.splitlines() if line.startswith(("import ", "from "))}
    assert imported <= {*sys.stdlib_module_names, "cryptography"}


@pytest.fixture
def exported(auditable: tuple[Desk, Path], tmp_path: Path) -> Path:
    return Path(shutil.copytree(auditable[1], tmp_path / "export"))


def test_a_stranger_can_check_an_export(auditable: tuple[Desk, Path], exported: Path) -> None:
    desk = auditable[0]
    head = desk.workspace.head()
    status, said = check(exported, "--key", desk.workspace.public_key.hex(), "--head", head.hash)
    assert status == 0, said
    assert head.hash in said
    assert desk.me.name in said
    assert check(exported, "--key", "00" * 32)[0] == 1
    assert check(exported, "--head", "0123456789abcdef")[0] == 1
    assert b"canary" not in b"".join(path.read_bytes() for path in exported.iterdir())
    assert "canary" not in str([base64.b64decode(json.loads(line)["body"]) for line in (exported / "entries.jsonl").open()])
    with pytest.raises(RefusedError):
        export(desk, exported, now=NOW)


def _without(name: str, number: int) -> Callable[[Path], None]:
    def alter(folder: Path) -> None:
        lines = (folder / name).read_text().splitlines(keepends=True)
        (folder / name).write_text("".join(lines[:number] + lines[number + 1 :]))

    return alter


def _entry_altered(folder: Path) -> None:
    lines = (folder / "entries.jsonl").read_text().splitlines()
    entry = json.loads(lines[40])
    entry["body"] = base64.b64encode(base64.b64decode(entry["body"]).replace(b"timeline", b"timelime")).decode()
    lines[40] = json.dumps(entry)
    (folder / "entries.jsonl").write_text("\n".join(lines) + "\n")


def _chain_recomputed(folder: Path) -> None:
    _entry_altered(folder)
    lines, here = [json.loads(line) for line in (folder / "entries.jsonl").open()], bytes(32)
    for each in lines:
        here = sha256(here + base64.b64decode(each["body"])).digest()
        each["hash"] = here.hex()
    (folder / "entries.jsonl").write_text("".join(json.dumps(each) + "\n" for each in lines))


def _tail_cut(folder: Path) -> None:
    lines = (folder / "entries.jsonl").read_text().splitlines(keepends=True)
    (folder / "entries.jsonl").write_text("".join(lines[:-1]))


def _signature_altered(folder: Path) -> None:
    lines = [json.loads(line) for line in (folder / "checkpoints.jsonl").open()]
    lines[0]["signature"] = "00" * 64
    (folder / "checkpoints.jsonl").write_text("".join(json.dumps(each) + "\n" for each in lines))


@pytest.mark.parametrize(
    ("alter", "named"),
    [
        (_entry_altered, "entry 41: its content"),
        (_chain_recomputed, "not those that were signed"),
        (_without("entries.jsonl", 40), "entry 41 is missing"),
        (_tail_cut, "covers more than"),
        (_without("checkpoints.jsonl", 1), "without a checkpoint"),
        (_without("checkpoints.jsonl", 0), "is missing"),
        (_signature_altered, "signature does not hold"),
        (lambda folder: (folder / "checkpoints.jsonl").write_text(""), "none is here"),
    ],
)
def test_a_stranger_sees_what_was_altered(exported: Path, alter: Callable[[Path], None], named: str) -> None:
    alter(exported)
    status, said = check(exported)
    assert (status, named in said) == (1, True), said


def test_a_stranger_is_told_what_cannot_be_read(exported: Path, tmp_path: Path) -> None:
    (exported / "keys.json").write_text("{")
    assert check(exported)[0] == 2
    assert check(tmp_path / "absent")[0] == 2


def test_one_entry_is_proven_without_the_others(ana: Desk, tmp_path: Path) -> None:
    an_incident(ana)
    made = prove(ana, 3, to=tmp_path / "proof.json", now=NOW)
    status, said = check(tmp_path / "proof.json")
    assert (status, "incident.declare" in said) == (0, True), said
    alterations: tuple[Callable[[Any], object], ...] = (
        lambda proof: proof["entry"].update(seq=2),
        lambda proof: proof["entry"].update(prev="11" * 32),
        lambda proof: proof["path"].append("11" * 32),
        lambda proof: proof["path"].clear(),
        lambda proof: proof["signer"].update(key="11" * 32),
        lambda proof: proof.update(vault="another"),
    )
    for alter in alterations:
        wrong = json.loads(json.dumps(made))
        alter(wrong)
        (tmp_path / "wrong.json").write_text(json.dumps(wrong))
        assert check(tmp_path / "wrong.json")[0] == 1
    with pytest.raises(RefusedError):
        prove(ana, 999, to=None, now=NOW)
    with pytest.raises(StoreError):
        prove(ana, 3, to=tmp_path / "proof.json", now=NOW)


def test_the_documented_vector_is_what_the_program_computes() -> None:
    text = (ROOT / "docs" / "format-journal.md").read_text()
    vector = json.loads(text.split("```json vector\n")[1].split("```")[0])
    here, tree = bytes(32), Frontier()
    for body, digest in zip(vector["bodies"], vector["hashes"], strict=True):
        here = sha256(here + body.encode()).digest()
        assert here.hex() == digest
        tree.append(here)
    assert tree.root.hex() == vector["root"]
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(vector["secret_key"]))
    assert key.public_key().public_bytes_raw().hex() == vector["public_key"]
    assert key.sign(vector["checkpoint"].encode()).hex() == vector["signature"]
    hashes = [bytes.fromhex(each) for each in vector["hashes"]]
    path = inclusion(1, 3, lambda start, end: rfc_root(hashes[start:end]))
    assert [each.hex() for each in path] == vector["path_of_entry_2"]


# — the access log —


def test_an_access_is_recorded_once_a_day_and_reviewed(ana: Desk, leo: Desk) -> None:
    incident = an_incident(ana)
    for at in (NOW, NOW + timedelta(hours=1), NOW + timedelta(days=1)):
        record_access(leo, AccessAct.VIEWED, "incident", incident, now=at)
    record_access(ana, AccessAct.EXPORTED, "journal", None, now=NOW)
    review = access_review(ana, since=NOW - timedelta(days=1), until=NOW + timedelta(days=2))
    assert [(each.name, each.incident, each.act.value, each.times) for each in review.lines] == [
        ("Ana Ruiz (invented)", "—", "exported", 1),
        ("Leo Stein (invented)", incident.reference, "viewed", 2),
    ]
    assert access_review(ana, since=NOW + timedelta(days=3), until=NOW + timedelta(days=4)).lines == ()
    with pytest.raises(RefusedError):
        access_review(leo, since=NOW, until=NOW + timedelta(days=1))
    with pytest.raises(RefusedError):
        access_review(ana, since=NOW, until=NOW)
    assert ana.workspace.verify().problems == ()


def test_the_commands_say_it(
    ana: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    an_incident(ana)
    ana.close()
    (tmp_path / "passphrase").write_text(PASSPHRASE + "\n")
    monkeypatch.setenv("INCIDENT_VAULT", str(ana.workspace.path))
    monkeypatch.setenv("INCIDENT_PASSPHRASE_FILE", str(tmp_path / "passphrase"))
    monkeypatch.setenv("INCIDENT_AS", "ana")

    def said(*words: str) -> str:
        assert main(["journal", *words]) == 0
        return capsys.readouterr().out

    phrase = json.loads(said("head", "--json"))["phrase"]
    assert "signed checkpoints" in said("verify", "--phrase", phrase)
    said("anchor", "--to", str(tmp_path / "stick"))
    assert json.loads(said("verify", "--anchor", str(tmp_path / "stick"), "--json"))["problems"] == []
    said("prove", "3", "--to", str(tmp_path / "proof.json"))
    said("export", "--to", str(tmp_path / "export"))
    assert check(tmp_path / "export")[0] == check(tmp_path / "proof.json")[0] == 0
    assert {each["what"] for each in json.loads(said("access", "--json"))["lines"]} == {
        "journal, for regulator",
        "proof of journal entry 3",
    }
    assert len(json.loads(said("list", "--json"))) == len(said("list").splitlines())
    assert main(["journal", "accept", "--reason", "none"]) == 1
