"""Files of evidence: what was written comes back, and nothing else does; what a crash left is swept, what is known stays."""

import os
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from incident.domain.membership import Circle
from incident.errors import StoreError
from incident.store.evidence import (
    ASIDE,
    PATIENCE,
    Kept,
    alone,
    destroy,
    drafting,
    object_name,
    object_path,
    plain_chunks,
    sweep,
)
from incident.store.seals import KeyName
from incident.store.stream import CHUNK, HEADER_BYTES, TAG_BYTES, decrypt, encrypt, read_header

NOW = datetime(2026, 3, 2, 14, 2, tzinfo=UTC)
INCIDENT = UUID(int=7)
NAME = KeyName(INCIDENT, Circle.TEAM, 3)
KEY = bytes(range(32))
SMALL = 100
"""A chunk for tests: 3 chunks fit into a line."""
PART = SMALL + TAG_BYTES


def encrypted(content: bytes, *, chunk: int = SMALL) -> bytes:
    out = BytesIO()
    encrypt(BytesIO(content), out, NAME, KEY, chunk=chunk)
    return out.getvalue()


def opened(raw: bytes, *, key: bytes = KEY) -> bytes:
    source = BytesIO(raw)
    return b"".join(decrypt(source, read_header(source, "Item 3 «x»"), key, "Item 3 «x»"))


def chunks(raw: bytes) -> list[bytes]:
    body = raw[HEADER_BYTES:]
    return [body[start : start + PART] for start in range(0, len(body), PART)]


class Dribble:
    """A pipe that gives a little at a time."""

    def __init__(self, content: bytes, most: int) -> None:
        self.rest, self.most = content, most

    def read(self, size: int, /) -> bytes:
        given, self.rest = self.rest[: min(size, self.most)], self.rest[min(size, self.most) :]
        return given


@settings(max_examples=60)
@given(size=st.integers(0, 5 * SMALL), most=st.integers(1, 2 * SMALL))
@example(size=0, most=1)
@example(size=SMALL - 1, most=7)
@example(size=SMALL, most=SMALL)
@example(size=SMALL + 1, most=SMALL)
@example(size=2 * SMALL, most=33)
def test_what_goes_in_comes_out_whatever_its_size(size: int, most: int) -> None:
    content = bytes(number % 251 for number in range(size))
    out = BytesIO()
    taken = encrypt(Dribble(content, most), out, NAME, KEY, chunk=SMALL)
    assert opened(out.getvalue()) == content
    assert taken.size == size
    assert len(out.getvalue()) == HEADER_BYTES + size + TAG_BYTES * max(1, -(-size // SMALL))


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_borders_of_the_real_chunk(size: int) -> None:
    content = os.urandom(size)
    assert opened(encrypted(content, chunk=CHUNK)) == content


def test_the_format_is_the_documented_one() -> None:
    raw = encrypted(b"")
    assert raw[:8] == b"INCIDEV1"
    assert int.from_bytes(raw[8:12], "big") == SMALL
    assert raw[51:72] == NAME.to_bytes()
    assert encrypted(b"") != raw


@settings(max_examples=80)
@given(data=st.data())
def test_one_flipped_bit_anywhere_is_refused(data: st.DataObject) -> None:
    raw = bytearray(encrypted(bytes(250)))
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(StoreError, match="Item 3 «x» does not hold"):
        opened(bytes(raw))


@settings(max_examples=60)
@given(cut=st.integers(0, HEADER_BYTES + 3 * PART - 51))
def test_cut_short_anywhere_is_refused(cut: int) -> None:
    raw = encrypted(bytes(250))
    with pytest.raises(StoreError, match="Item 3 «x» does not hold"):
        opened(raw[:cut])


def test_chunks_swapped_doubled_dropped_and_appended_are_refused() -> None:
    raw = encrypted(bytes(range(250)))
    head, (first, second, last) = raw[:HEADER_BYTES], chunks(raw)
    other = chunks(encrypted(bytes(range(250))))
    for order, said in (
        ((second, first, last), "part 1"),
        ((first, first, second, last), "part 2"),
        ((first, last), "part 2"),
        ((second, last), "part 1"),
        ((first, second), "cut short"),
        ((first,), "cut short"),
        ((), "cut short"),
        ((first, second, last, last), "part 3|appended"),
        ((first, second, last, b"x"), "part 3|appended"),
        ((first, other[1], last), "part 2"),
    ):
        with pytest.raises(StoreError, match=said):
            opened(head + b"".join(order))


def test_bytes_after_a_full_last_chunk_are_refused() -> None:
    raw = encrypted(bytes(2 * SMALL))
    for more in (b"x", bytes(TAG_BYTES), bytes(PART)):
        with pytest.raises(StoreError, match="appended"):
            opened(raw + more)


def test_another_header_or_key_opens_nothing() -> None:
    raw, other = encrypted(bytes(250)), encrypted(bytes(250))
    with pytest.raises(StoreError, match="part 1"):
        opened(other[:HEADER_BYTES] + raw[HEADER_BYTES:])
    with pytest.raises(StoreError, match="part 1"):
        opened(raw, key=bytes(32))


@settings(max_examples=80)
@given(raw=st.binary(max_size=200))
@example(raw=b"INCIDEV1" + b"\xff" * 100)
@example(raw=b"INCIDEV1" + bytes(100))
@example(raw=b"INCIDEV2" + bytes(100))
def test_a_header_made_up_by_somebody_is_refused_before_any_memory_is_taken(raw: bytes) -> None:
    class Meter(BytesIO):
        asked = 0

        def read(self, size: int | None = -1, /) -> bytes:
            self.asked = max(self.asked, size or 0)
            return super().read(size)

    source = Meter(raw)
    with pytest.raises(StoreError, match="does not hold"):
        list(decrypt(source, read_header(source, "It"), KEY, "It"))
    assert source.asked <= 1024 * 1024 + TAG_BYTES


# --- the folder -----------------------------------------------------------------------------------------------------


def kept(folder: Path, content: bytes) -> str:
    with drafting(folder) as draft:
        taken = draft.fill(BytesIO(content), (NAME, KEY))
        name = object_name(KEY, taken.sha256)
        draft.keep(name)
    return name


def read(folder: Path, name: str, incident_id: UUID = INCIDENT) -> bytes:
    return b"".join(plain_chunks(folder, Kept(incident_id, name, "Item 3 «x»"), lambda name: KEY))


def aged(path: Path, days: int) -> None:
    at = NOW.timestamp() - days * 86400
    os.utime(path, (at, at))


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*") if path.is_file() and path.name != ".lock"}


def test_a_name_tells_nothing_about_a_known_content(tmp_path: Path) -> None:
    from hashlib import sha256

    name = kept(tmp_path, b"a leaked document")
    digest = sha256(b"a leaked document").hexdigest()
    assert digest not in {name, *files(tmp_path)}
    assert object_name(bytes(32), digest) != name
    assert read(tmp_path, name) == b"a leaked document"
    assert b"leaked" not in object_path(tmp_path, name).read_bytes()
    assert object_path(tmp_path, name).stat().st_mode & 0o077 == 0


def test_what_is_not_kept_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), drafting(tmp_path) as draft:
        draft.fill(BytesIO(b"half"), (NAME, KEY))
        raise KeyboardInterrupt
    assert files(tmp_path) == set()


@pytest.mark.parametrize("step", ["write", "fsync", "replace", "sync_folder"])
def test_a_disk_that_fails_at_any_step_leaves_nothing_under_a_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def fail(*given: object, **named: object) -> None:
        raise OSError(28, "No space left on device")

    target = {"write": "encrypt", "fsync": "os.fsync", "replace": "os.replace", "sync_folder": "sync_folder"}[step]
    monkeypatch.setattr(f"incident.store.evidence.{target}", fail)
    with pytest.raises(StoreError, match="No space left"):
        kept(tmp_path, b"content")
    left = files(tmp_path)
    assert not any(name.endswith(".part") for name in left)
    assert left == set() or step == "sync_folder"


def test_a_missing_file_and_one_of_another_incident_say_so(tmp_path: Path) -> None:
    name = kept(tmp_path, b"content")
    with pytest.raises(StoreError, match="another incident"):
        read(tmp_path, name, UUID(int=8))
    object_path(tmp_path, name).unlink()
    with pytest.raises(StoreError, match="Item 3 «x» does not hold: its file is missing"):
        read(tmp_path, name)


def test_temporary_files_go_after_the_grace_and_known_files_stay(tmp_path: Path) -> None:
    name = kept(tmp_path, b"content")
    for age, part in ((0, "new.part"), (1, "old.part")):
        (tmp_path / part).write_bytes(b"")
        aged(tmp_path / part, age)
    aged(object_path(tmp_path, name), 400)
    assert sweep(tmp_path, frozenset({name}), NOW).removed == 1
    assert files(tmp_path) == {name, "new.part"}


def test_a_file_that_no_row_speaks_of_is_set_aside_comes_back_or_goes(tmp_path: Path) -> None:
    name = kept(tmp_path, b"content")
    aged(object_path(tmp_path, name), 400)
    assert sweep(tmp_path, frozenset(), NOW).set_aside == 1
    assert not object_path(tmp_path, name).exists()
    later = NOW + timedelta(days=2)
    assert sweep(tmp_path, frozenset(), later) == sweep(tmp_path, frozenset(), later)
    assert sweep(tmp_path, frozenset({name}), later).put_back == 1
    assert read(tmp_path, name) == b"content"
    sweep(tmp_path, frozenset(), later)
    assert files(tmp_path / ASIDE) == {name}
    assert sweep(tmp_path, frozenset(), later + PATIENCE + timedelta(hours=1)).removed == 1
    assert files(tmp_path) == set()


def test_a_fresh_file_without_a_row_is_left_alone(tmp_path: Path) -> None:
    name = kept(tmp_path, b"content")
    aged(object_path(tmp_path, name), 0)
    assert sweep(tmp_path, frozenset(), NOW).set_aside == 0
    assert object_path(tmp_path, name).exists()


def test_what_was_destroyed_on_record_goes_at_once_unless_it_is_kept_again(tmp_path: Path) -> None:
    name = kept(tmp_path, b"content")
    assert sweep(tmp_path, frozenset({name}), NOW, destroyed=frozenset({name})).removed == 0
    assert sweep(tmp_path, frozenset(), NOW, destroyed=frozenset({name})).removed == 1
    assert files(tmp_path) == set()


def test_destroying_takes_the_head_first(tmp_path: Path) -> None:
    name = kept(tmp_path, b"content")
    with object_path(tmp_path, name).open("rb") as held:
        destroy(tmp_path, name)
        assert held.read(HEADER_BYTES) == bytes(HEADER_BYTES)
    destroy(tmp_path, name)
    assert files(tmp_path) == set()


def test_nothing_is_swept_while_somebody_adds(tmp_path: Path) -> None:
    def free() -> bool:
        with alone(tmp_path) as answer:
            return answer

    with drafting(tmp_path):
        assert not free()
    assert free()
    with alone(tmp_path / "nowhere") as answer:
        assert not answer


def test_progress_is_told_and_may_stop_the_work(tmp_path: Path) -> None:
    seen: list[int] = []
    encrypt(BytesIO(bytes(250)), BytesIO(), NAME, KEY, chunk=SMALL, progress=seen.append)
    assert seen == [100, 200, 250]

    def stop(done: int) -> None:
        raise StoreError(f"stopped at {done}")

    with pytest.raises(StoreError, match="stopped at 7"), drafting(tmp_path) as draft:
        draft.fill(BytesIO(b"content"), (NAME, KEY), progress=stop)
    assert files(tmp_path) == set()
