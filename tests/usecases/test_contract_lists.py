"""Lists of contract clauses: every party keeps its clauses, a hostile list writes nothing."""

from datetime import date
from pathlib import Path

import pytest

from incident.errors import ContentError
from incident.usecases.assess import load_law
from incident.usecases.contracts import contracts_folder, import_contracts, own_contracts

HEAD = "party,window,anchor\n"
TODAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def _own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    monkeypatch.setenv("INCIDENT_CONTENT", str(tmp_path / "own"))
    load_law.cache_clear()
    yield
    monkeypatch.undo()
    load_law.cache_clear()


def read(folder: Path, rows: str, head: str = HEAD) -> tuple[str, ...]:
    file = folder / "clauses.csv"
    file.write_text(head + rows, encoding="utf-8")
    return tuple(each.slug for each in import_contracts(file, today=TODAY))


def windows() -> dict[str, list[str]]:
    return {each.short: [str(duty.period) for duty in each.duties] for each in own_contracts()}


def lying() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in contracts_folder().iterdir()}


def test_parties_whose_names_look_alike_keep_their_own_clauses(tmp_path: Path) -> None:
    rows = "A,24 hours,aware\na!,48 hours,aware\nA,72 hours,discovered\n"
    assert len(read(tmp_path, rows)) == 2
    assert windows() == {"A": ["24 hours", "72 hours"], "a!": ["48 hours"]}
    first = lying()
    read(tmp_path, rows)
    assert lying() == first
    read(tmp_path, "a!,48 hours,aware\nA,24 hours,aware\nA,72 hours,discovered\n")
    assert lying() == first


def test_a_party_read_later_does_not_take_anothers_file(tmp_path: Path) -> None:
    read(tmp_path, "A,24 hours,aware\n")
    read(tmp_path, "a!,48 hours,aware\n")
    assert windows() == {"A": ["24 hours"], "a!": ["48 hours"]}


def test_a_name_without_latin_letters_is_a_name(tmp_path: Path) -> None:
    read(tmp_path, "東京銀行 (架空),24 hours,aware\nБанк,1 h,aware\n")
    assert windows() == {"Банк": ["1 hours"], "東京銀行 (架空)": ["24 hours"]}


def test_a_file_that_cannot_be_read_any_more_is_not_written_over(tmp_path: Path) -> None:
    read(tmp_path, "A,24 hours,aware\n")
    broken = contracts_folder() / "contract-a.toml"
    broken.write_text("slug = ", encoding="utf-8")
    load_law.cache_clear()
    assert read(tmp_path, "A,24 hours,aware\n") != ("contract-a",)
    assert broken.read_text(encoding="utf-8") == "slug = "


@pytest.mark.parametrize(
    ("rows", "named"),
    [
        ("A\x1b[2J,24 hours,aware\n", "no screen shows"),
        ("A\x00B,24 hours,aware\n", "line 2"),
        ("A\u202eB,24 hours,aware\n", r"A\\u202eB"),
        (f"{'A' * 200_000},24 hours,aware\n", "line 2"),
        (f"{'A' * 2000},24 hours,aware\n", "1000 characters"),
        ("A,0 hours,aware\n", "no time at all"),
        ("A,9999 business days,aware\n", "longer than any law"),
        ("A,24 hours,filed:xx/yy\n", "no obligation «xx/yy»"),
        ("A,24 hours,filed:contract-a/notice\n", "hangs on itself"),
        ("A,24 hours,aware\nB,1 h,aware\nA,24 hours,awrae\n", "line 4"),
        ("A,24 hours,aware\n" * 10_001, "more than 10000 clauses"),
    ],
)
def test_a_hostile_list_is_named_by_its_line_and_writes_nothing(tmp_path: Path, rows: str, named: str) -> None:
    with pytest.raises(ContentError, match=named) as refused:
        read(tmp_path, rows)
    assert str(refused.value).isprintable()
    assert not contracts_folder().exists()


def test_a_cell_may_have_two_lines(tmp_path: Path) -> None:
    read(tmp_path, 'A,24 hours,aware,"claims@a.example\nand by telephone"\n', "party,window,anchor,contact\n")
    assert own_contracts()[0].duties[0].note == "Tell claims@a.example and by telephone."


def test_a_clause_may_hang_on_a_notice(tmp_path: Path) -> None:
    read(tmp_path, "A,24 hours,filed:eu-gdpr/authority\n")
    assert own_contracts()[0].duties[0].start.of == "eu-gdpr/authority"
