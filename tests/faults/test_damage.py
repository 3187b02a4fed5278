"""F4 and F5. Damaged and older files: refused or named, never quietly wrong; and what cannot be seen, said in so many words."""

from pathlib import Path

import pytest

from incident.store.anchor import ANCHOR
from incident.store.engine import DATABASE
from incident.store.vault import HEADER
from incident.usecases.incidents import incident_named
from incident.usecases.people import let_go
from incident.usecases.timeline import log
from incident.usecases.vaults import unlock
from tests.conftest import NOW, PASSPHRASE
from tests.faults.damage import FILES, WAL, Sample, Verdict, a_sample, bit_flips, content, files_of, judge
from tests.faults.outcome import rounds

POSITIONS, SEED = 200, 4


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    return a_sample(tmp_path_factory.mktemp("sample"))


def test_an_untouched_copy_is_found_whole(sample: Sample) -> None:
    assert judge(sample, sample.files) == (Verdict.HARMLESS, "")


@pytest.mark.parametrize("name", FILES)
def test_one_turned_bit_is_refused_or_named_and_never_quietly_wrong(sample: Sample, name: str) -> None:
    found = bit_flips(sample, name, rounds=rounds(4, POSITIONS), seed=SEED)
    assert (found.lost, found.corrupt) == (0, 0), found.note


def test_a_bit_turned_in_a_page_of_the_database_is_named_with_its_page(sample: Sample, tmp_path: Path) -> None:
    closed = files_of(_closed(sample, tmp_path))
    raw = bytearray(closed[DATABASE])
    raw[20 * 4096 + 77] ^= 4
    verdict, said = judge(sample, {**closed, DATABASE: bytes(raw)})
    assert verdict in (Verdict.NAMED, Verdict.REFUSED)
    assert "21" in said or "malformed" in said


def _closed(sample: Sample, folder: Path) -> Path:
    for name, raw in sample.files.items():
        (folder / name).write_bytes(raw)
    unlock(folder, sign_in="ana", passphrase=PASSPHRASE).close()
    return folder


def _later(sample: Sample, folder: Path) -> tuple[dict[str, bytes], Sample]:
    """The files of a closed vault, and the same vault thirty lines later."""
    path = _closed(sample, folder)
    before = files_of(path)
    desk = unlock(path, sign_in="ana", passphrase=PASSPHRASE)
    for number in range(30):
        log(desk, incident_named(desk, "last"), f"later {number}", now=NOW)
    read = content(desk)
    desk.close()
    return before, Sample(files_of(path), read, sample.path)


def test_the_whole_database_of_yesterday_is_reported_by_the_anchor(sample: Sample, tmp_path: Path) -> None:
    before, after = _later(sample, tmp_path)
    verdict, said = judge(after, {**after.files, DATABASE: before[DATABASE]})
    assert verdict is Verdict.NAMED
    assert "rolled back" in said


def test_an_old_page_put_back_is_reported(sample: Sample, tmp_path: Path) -> None:
    """SQLCipher authenticates each page, and takes an older one for good: rows, chain or anchor must tell."""
    before, after = _later(sample, tmp_path)
    old, new = before[DATABASE], after.files[DATABASE]
    pages = [slice(start, start + 4096) for start in range(0, len(old), 4096)]
    changed = [page for page in pages if old[page] != new[page]]
    assert changed
    wrong = []
    for page in changed:
        verdict, said = judge(after, {**after.files, DATABASE: new[: page.start] + old[page] + new[page.stop :]})
        if verdict in (Verdict.SILENT, Verdict.CRASHED):
            wrong.append(f"page {page.start // 4096 + 1}: {verdict.value} {said}")
    assert wrong == []


def test_an_old_header_does_not_let_anybody_back_into_the_program(sample: Sample, tmp_path: Path) -> None:
    """The slot of somebody who left opens the old header; the record says that they left."""
    path = _closed(sample, tmp_path)
    before = files_of(path)
    desk = unlock(path, sign_in="ana", passphrase=PASSPHRASE)
    let_go(desk, "leo", now=NOW)
    desk.close()
    (path / HEADER).write_bytes(before[HEADER])
    with pytest.raises(Exception, match="no longer active|does not open|altered|belongs") as refused:
        unlock(path, sign_in="leo", passphrase=PASSPHRASE)
    assert type(refused.value).__name__ in ("RefusedError", "StoreError")


def test_what_cannot_be_seen_the_whole_folder_of_yesterday(sample: Sample, tmp_path: Path) -> None:
    """Database, header and anchor of one moment are a consistent vault: only a head kept elsewhere shows that it is old."""
    before, after = _later(sample, tmp_path)
    assert after.files != before
    desk = unlock(tmp_path, sign_in="ana", passphrase=PASSPHRASE)
    newest = desk.workspace.head()
    desk.close()
    for name, raw in before.items():
        (tmp_path / name).write_bytes(raw)
    desk = unlock(tmp_path, sign_in="ana", passphrase=PASSPHRASE)
    assert desk.workspace.verify().problems == ()
    assert desk.workspace.head().seq < newest.seq
    desk.close()


def test_what_cannot_be_seen_the_tail_of_a_wal_after_the_last_anchor(sample: Sample) -> None:
    """SQLite reads a WAL to its first damaged frame. Entries behind it are gone, and an anchor from before cannot know them."""
    raw = sample.files[WAL]
    cut = raw[: len(raw) // 2]
    assert judge(sample, {**sample.files, WAL: cut})[0] is Verdict.NAMED
    without = {name: held for name, held in sample.files.items() if name != ANCHOR}
    assert judge(sample, {**without, WAL: cut})[0] is Verdict.SILENT
