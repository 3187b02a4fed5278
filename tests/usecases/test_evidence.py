"""Evidence in an incident: every act is one entry of the journal, members only, and nothing is kept twice or lost."""

import os
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from incident.domain.access import AccessAct
from incident.domain.evidence import CustodyAct, EvidenceItem, EvidenceState, grouped, size_text
from incident.domain.incident import Incident
from incident.domain.membership import Circle
from incident.errors import ContentError, IncidentError, RefusedError, StoreError
from incident.store.custody_tables import AccessRow, LegalHoldRow
from incident.store.evidence import object_path
from incident.store.members import dismiss
from incident.store.stream import read_header
from incident.usecases.custody_receipt import write_receipt
from incident.usecases.desk import Desk
from incident.usecases.evidence import Offered, add_evidence, annotate, evidence, evidence_numbered, seal_evidence
from incident.usecases.evidence_reading import (
    destroy_evidence,
    tidy_evidence,
    transfer_custody,
    verify_evidence,
    view_evidence,
    write_evidence,
)
from incident.usecases.vaults import unlock
from tests.conftest import NOW, PASSPHRASE, an_incident


@pytest.fixture
def incident(ana: Desk) -> Incident:
    return an_incident(ana)


def keep(desk: Desk, incident: Incident, content: bytes, name: str = "mail.eml") -> EvidenceItem:
    return add_evidence(desk, incident, BytesIO(content), Offered(name, "mx1", "as found"), now=NOW)


def stored(desk: Desk, item: EvidenceItem) -> Path:
    return object_path(desk.workspace.path / "evidence", item.object)


def holding(desk: Desk, incident: Incident) -> None:
    with desk.workspace.change("test.hold", now=NOW, incident_id=incident.id) as session:
        session.add(LegalHoldRow(incident_id=incident.id, reason="a court order", placed_at=NOW, by=desk.me.id))


def test_every_act_is_one_entry_of_the_journal_that_tells_nothing(ana: Desk, incident: Incident, tmp_path: Path) -> None:
    before = len(ana.workspace.entries(incident.id))
    item = keep(ana, incident, b"content")
    verify_evidence(ana, incident, item, now=NOW)
    seen: list[bytes] = []
    view_evidence(ana, incident, item, seen.append, now=NOW)
    write_evidence(ana, incident, item, tmp_path / "out", now=NOW)
    transfer_custody(ana, incident, item, "K. Wolf (invented)", now=NOW, note="by hand")
    seal_evidence(ana, incident, item, now=NOW)
    destroy_evidence(ana, incident, item, reason="over", basis="Art. 17 GDPR", now=NOW)
    entries = ana.workspace.entries(incident.id)[before:]
    assert [each.act for each in entries] == [
        f"evidence.{verb}" for verb in ("add", "verify", "view", "export", "transfer", "seal", "destroy")
    ]
    assert not any(word in str(each.detail) for each in entries for word in ("mail.eml", "Wolf", item.sha256))
    assert [each.act for each in evidence(ana, incident)[0].custody] == list(CustodyAct)
    assert b"".join(seen) == (tmp_path / "out").read_bytes() == b"content"
    assert (tmp_path / "out").stat().st_mode & 0o077 == 0
    assert ana.workspace.verify().problems == ()


def test_looks_and_exports_are_in_the_access_log(ana: Desk, incident: Incident, tmp_path: Path) -> None:
    item = keep(ana, incident, b"content")
    view_evidence(ana, incident, item, lambda chunk: None, now=NOW)
    write_evidence(ana, incident, item, tmp_path / "out", now=NOW)
    from sqlmodel import select

    with ana.workspace.reading() as session:
        rows = session.exec(select(AccessRow).where(AccessRow.incident_id == incident.id)).all()
    assert [(each.act, each.what) for each in rows if each.what.startswith("evidence")] == [
        (AccessAct.VIEWED, "evidence item 1"),
        (AccessAct.EXPORTED, "evidence item 1"),
    ]


def test_the_same_bytes_are_told_and_not_kept_twice(ana: Desk, incident: Incident) -> None:
    keep(ana, incident, b"content")
    with pytest.raises(RefusedError, match="kept already: item 1 «mail.eml»"):
        keep(ana, incident, b"content", "another name")
    other = an_incident(ana, title="Another one")
    assert keep(ana, other, b"content").object != evidence(ana, incident)[0].object
    assert len(evidence(ana, incident)) == len(evidence(ana, other)) == 1
    assert evidence(ana, incident)[0].sha256 == evidence(ana, other)[0].sha256


def test_destroyed_bytes_may_be_kept_again(ana: Desk, incident: Incident) -> None:
    first = keep(ana, incident, b"content")
    destroy_evidence(ana, incident, first, reason="over", basis="Art. 17 GDPR", now=NOW)
    again = keep(ana, incident, b"content")
    assert (again.number, again.object) == (2, first.object)
    tidy_evidence(ana, now=NOW + timedelta(days=400))
    assert verify_evidence(ana, incident, again, now=NOW).problem == ""


def test_an_item_is_known_to_members_only(ana: Desk, leo: Desk, incident: Incident) -> None:
    keep(ana, incident, b"content")
    assert evidence(leo, incident)[0].name == "mail.eml"
    with ana.workspace.change("test.dismiss", now=NOW, incident_id=incident.id) as session:
        dismiss(session, incident.id, leo.me.id, Circle, ana.workspace.holders(session), now=NOW)
    later = keep(ana, incident, b"written afterwards", "later.txt")
    with stored(ana, later).open("rb") as file:
        assert read_header(file, "it").key_name.number == 2
    leo.workspace._seals.forget(incident.id)
    for act in (lambda: evidence(leo, incident), lambda: keep(leo, incident, b"mine")):
        with pytest.raises(RefusedError):
            act()
    assert verify_evidence(ana, incident, evidence(ana, incident)[0], now=NOW).problem == ""
    assert verify_evidence(ana, incident, later, now=NOW).problem == ""
    with pytest.raises(RefusedError, match="kept already: item 1"):
        keep(ana, incident, b"content")


def test_an_annotation_is_an_item_of_its_own_until_the_original_is_sealed(ana: Desk, incident: Incident) -> None:
    item = keep(ana, incident, b"content")
    made = annotate(ana, incident, item, BytesIO(b"a transcript"), Offered("transcript.txt"), now=NOW)
    assert (made.derived_from, made.number, evidence(ana, incident)[0].sha256) == (item.id, 2, item.sha256)
    sealed = seal_evidence(ana, incident, item, now=NOW)
    with pytest.raises(RefusedError, match="is sealed"):
        annotate(ana, incident, sealed, BytesIO(b"more"), Offered("more"), now=NOW)
    with pytest.raises(RefusedError, match="sealed already"):
        seal_evidence(ana, incident, item, now=NOW)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(people=st.lists(st.sampled_from(["Wolf", "Berg", "Rey"]), max_size=4), back=st.integers(-500, 500))
def test_the_holder_is_the_last_receiver_whatever_the_clock_says(
    ana: Desk, incident: Incident, people: list[str], back: int
) -> None:
    content = f"{people}{back}".encode()
    known = [each for each in evidence(ana, incident) if each.note == content.decode()]
    item = known[0] if known else add_evidence(ana, incident, BytesIO(content), Offered("x", note=content.decode()), now=NOW)
    before = len(item.custody)
    for number, name in enumerate(people):
        item = transfer_custody(ana, incident, item, name, now=NOW + timedelta(days=back * number), note="by hand")
    assert len(item.custody) == before + len(people)
    assert not people or item.holder == people[-1]
    assert evidence_numbered(ana, incident, item.number) == item


def test_rows_moved_in_the_database_do_not_change_the_holder(ana: Desk, incident: Incident) -> None:
    """Two hand-overs at the same moment, and their rows put the other way round: the journal says which came last."""
    item = keep(ana, incident, b"content")
    for name in ("Wolf", "Berg"):
        item = transfer_custody(ana, incident, item, name, now=NOW, note="by hand")
    with ana.workspace.change("test.move", now=NOW, incident_id=incident.id) as session:
        raw: Any = session.connection().connection.driver_connection
        (first, last), *_ = raw.execute("SELECT min(rowid) + 1, max(rowid) FROM custody").fetchall()
        for place, to in ((first, 900), (last, first), (900, last)):
            raw.execute("UPDATE custody SET rowid = ? WHERE rowid = ?", (to, place))
    assert [each.to_whom for each in evidence(ana, incident)[0].custody] == ["", "Wolf", "Berg"]
    assert evidence(ana, incident)[0].holder == "Berg"


def test_what_a_crash_left_is_swept_at_the_next_sign_in(ana: Desk, incident: Incident) -> None:
    item = keep(ana, incident, b"content")
    folder = ana.workspace.path / "evidence"
    (folder / f"{'0' * 32}.part").write_bytes(b"half a file")
    orphan = object_path(folder, "ab" * 32)
    orphan.parent.mkdir(exist_ok=True)
    orphan.write_bytes(b"a file that no row speaks of")
    an_hour_ago = NOW.timestamp() - 3601
    for each in (folder / f"{'0' * 32}.part", orphan):
        os.utime(each, (an_hour_ago, an_hour_ago))
    unlock(ana.workspace.path, sign_in="leo", passphrase=PASSPHRASE, now=NOW).close()
    assert not list(folder.glob("*.part"))
    assert [each.name for each in (folder / "aside").iterdir()] == [orphan.name]
    assert stored(ana, item).exists()


def test_a_damaged_item_is_named_and_goes_nowhere_until_it_is_mended(ana: Desk, incident: Incident, tmp_path: Path) -> None:
    item = keep(ana, incident, b"content" * 20000)
    good = stored(ana, item).read_bytes()
    stored(ana, item).write_bytes(good[:-20])
    found = verify_evidence(ana, incident, item, now=NOW)
    assert found.problem.startswith("Evidence item 1 «mail.eml» does not hold")
    assert found.item.state is EvidenceState.DAMAGED
    seen: list[bytes] = []
    acts: list[Callable[[], object]] = [
        lambda: view_evidence(ana, incident, item, seen.append, now=NOW),
        lambda: write_evidence(ana, incident, item, tmp_path / "out", now=NOW),
        lambda: transfer_custody(ana, incident, item, "Wolf", now=NOW, note="by hand"),
    ]
    for act in acts:
        with pytest.raises(StoreError, match="item 1"):
            act()
    assert seen == []
    assert not [each for each in tmp_path.iterdir() if each.name != "vault"]
    met = evidence(ana, incident)[0].custody[1:]  # by the verification, and by each of the three that were refused
    assert [each.act for each in met] == [CustodyAct.VERIFIED] * 4
    assert all("does not hold" in each.note for each in met)
    stored(ana, item).write_bytes(good)
    assert verify_evidence(ana, incident, item, now=NOW).item.state is EvidenceState.KEPT


def test_the_file_of_another_item_is_found_out(ana: Desk, incident: Incident) -> None:
    first, second = keep(ana, incident, b"first"), keep(ana, incident, b"second")
    stored(ana, first).write_bytes(stored(ana, second).read_bytes())
    assert "not what was acquired" in verify_evidence(ana, incident, first, now=NOW).problem
    other = an_incident(ana, title="Another one")
    third = keep(ana, other, b"third")
    stored(ana, first).write_bytes(stored(ana, third).read_bytes())
    assert "another incident" in verify_evidence(ana, incident, first, now=NOW).problem


def test_a_file_that_changes_while_it_is_read_is_refused(ana: Desk, incident: Incident, tmp_path: Path) -> None:
    file = tmp_path / "growing.log"
    file.write_bytes(b"x" * 300_000)

    def grow(done: int) -> None:
        with file.open("ab") as more:
            more.write(b"y")

    def replace(done: int) -> None:
        (tmp_path / "new").write_bytes(b"z" * 300_000)
        (tmp_path / "new").replace(file)

    for meddle in (grow, replace):
        with pytest.raises(RefusedError, match="changed while it was read"):
            add_evidence(ana, incident, file, Offered(), now=NOW, progress=meddle)
    assert evidence(ana, incident) == ()
    assert [each for each in (ana.workspace.path / "evidence").rglob("*") if each.is_file() and each.name != ".lock"] == []


def test_bad_input_gets_a_sentence_and_changes_nothing(ana: Desk, incident: Incident, tmp_path: Path) -> None:
    item, head = keep(ana, incident, b"content"), ana.workspace.head()
    (tmp_path / "there").write_text("already")
    acts: list[Callable[[], object]] = [
        lambda: add_evidence(ana, incident, tmp_path / "nowhere", Offered(), now=NOW),
        lambda: add_evidence(ana, incident, tmp_path, Offered(), now=NOW),
        lambda: add_evidence(ana, incident, Path("/dev/null"), Offered(), now=NOW),
        lambda: add_evidence(ana, incident, Path("a\0b"), Offered("x"), now=NOW),
        lambda: add_evidence(ana, incident, BytesIO(b"x"), Offered("  "), now=NOW),
        lambda: write_evidence(ana, incident, item, tmp_path / "there", now=NOW),
        lambda: write_evidence(ana, incident, item, tmp_path / "no" / "folder", now=NOW),
        lambda: transfer_custody(ana, incident, item, " ", now=NOW, note="x"),
        lambda: transfer_custody(ana, incident, item, "Wolf", now=NOW, note=""),
        lambda: destroy_evidence(ana, incident, item, reason="x", basis="", now=NOW),
        lambda: evidence_numbered(ana, incident, 9),
        lambda: write_receipt(ana, incident, item, tmp_path / "r.pdf", now=NOW, zone="UTC"),
    ]
    for act in acts:
        with pytest.raises(IncidentError) as refused:
            act()
        assert isinstance(refused.value, ContentError | RefusedError)
        assert refused.value.hint
    assert (tmp_path / "there").read_text() == "already"
    assert ana.workspace.head() == head


def test_a_legal_hold_refuses_destruction_and_so_does_the_table_of_rights(ana: Desk, leo: Desk, incident: Incident) -> None:
    item = keep(ana, incident, b"content")
    with pytest.raises(RefusedError, match="may not destroy"):
        destroy_evidence(leo, incident, item, reason="x", basis="y", now=NOW)
    holding(ana, incident)
    with pytest.raises(RefusedError, match="legal hold: a court order"):
        destroy_evidence(ana, incident, item, reason="x", basis="y", now=NOW)
    assert verify_evidence(ana, incident, item, now=NOW).problem == ""


def test_what_is_destroyed_is_gone_and_its_record_stays(ana: Desk, incident: Incident) -> None:
    item = keep(ana, incident, b"content")
    done = destroy_evidence(ana, incident, item, reason="mistaken", basis="Art. 17 GDPR", now=NOW)
    assert not stored(ana, item).exists()
    last = evidence(ana, incident)[0].custody[-1]
    assert (last.act, last.by, last.sha256) == (CustodyAct.DESTROYED, ana.me.id, item.sha256)
    assert "mistaken" in last.note
    assert "Art. 17 GDPR" in last.note
    for act in (
        lambda: verify_evidence(ana, incident, done, now=NOW),
        lambda: transfer_custody(ana, incident, item, "Wolf", now=NOW, note="by hand"),
        lambda: destroy_evidence(ana, incident, item, reason="x", basis="y", now=NOW),
    ):
        with pytest.raises(IncidentError):
            act()


def test_the_sweep_knows_what_every_incident_keeps(ana: Desk, leo: Desk, incident: Incident) -> None:
    item, gone = keep(ana, incident, b"content"), keep(ana, incident, b"gone")
    raw = stored(ana, gone).read_bytes()
    destroy_evidence(ana, incident, gone, reason="over", basis="law", now=NOW)
    stored(ana, gone).write_bytes(raw)
    much_later = NOW + timedelta(days=4000)
    assert tidy_evidence(leo, now=much_later).removed == 1
    assert tidy_evidence(leo, now=much_later).set_aside == 0
    assert verify_evidence(ana, incident, item, now=NOW).problem == ""
    assert not stored(ana, gone).exists()


def test_a_hostile_name_acts_upon_no_terminal(ana: Desk, incident: Incident) -> None:
    item = keep(ana, incident, b"content", "evil\x1b[2J\u202egpj.exe\udcff\n" + "x" * 400)
    assert item.name.isprintable()
    assert len(item.name) == 200
    assert evidence(ana, incident)[0].name == item.name


def test_the_receipt_names_the_item_its_hash_the_acts_and_both_signers(ana: Desk, incident: Incident, tmp_path: Path) -> None:
    import pypdf

    item = keep(ana, incident, b"content")
    done = transfer_custody(ana, incident, item, "K. Wolf <b>(invented)</b>", now=NOW, note="by hand")
    path = write_receipt(ana, incident, done, tmp_path / "receipt.pdf", now=NOW, zone="Europe/Berlin")
    text = " ".join("".join(page.extract_text() for page in pypdf.PdfReader(path).pages).split())
    head = ana.workspace.head()
    for said in (
        *grouped(item.sha256).split(),
        "K. Wolf <b>(invented)</b>",
        "by hand",
        "Signatures",
        "Received by",
        head.hash[:8],
    ):
        assert said in text
    assert path.stat().st_mode & 0o077 == 0


def test_sizes_are_said_as_people_read_them() -> None:
    said = [size_text(each) for each in (0, 999, 1000, 12_340_000, 999_999, 5 * 10**12)]
    assert said == ["0 B", "999 B", "1.0 kB", "12.3 MB", "1.0 MB", "5.0 TB"]
