"""Recipients' files as people have them: every row is read or named with its line, and the file is never trusted."""

import csv
import os
import tracemalloc
from itertools import islice
from pathlib import Path

import pytest
from openpyxl import Workbook

from incident.domain.letters_columns import columns_of
from incident.errors import ContentError
from incident.interchange.recipients import BadRow, Row, header_of, inspected, rows
from incident.interchange.recipients_countries import country_codes, country_lines, region_codes


def read(path: Path) -> list[Row | BadRow]:
    return list(rows(inspected(path)))


def a_file(folder: Path, content: bytes, name: str = "people.csv") -> Path:
    (folder / name).write_bytes(content)
    return folder / name


@pytest.mark.parametrize(
    ("content", "encoding", "note"),
    [
        ("Name;Ort\r\nZoë;Köln\r\n".encode(), "utf-8", ""),
        ("Name;Ort\r\nZoë;Köln\r\n".encode("utf-8-sig"), "utf-8-sig", ""),
        ("Name;Ort\r\nZoë;Köln\r\n".encode("latin-1"), "latin-1", "Latin-1"),
        ("Name;Ort\r\nZoë;Köln\r\n€;x\r\n".encode("cp1252"), "cp1252", "Windows-1252"),
    ],
)
def test_the_encoding_is_recognised_and_said(tmp_path: Path, content: bytes, encoding: str, note: str) -> None:
    file = inspected(a_file(tmp_path, content))
    assert file.encoding == encoding
    assert note in file.note
    assert list(islice(rows(file), 2)) == [Row(1, ["Name", "Ort"]), Row(2, ["Zoë", "Köln"])]


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_the_separator_is_recognised_and_quoted_line_ends_stay(tmp_path: Path, sign: str) -> None:
    path = tmp_path / "people.csv"
    with path.open("w", newline="") as file:
        csv.writer(file, delimiter=sign).writerows([["Name", "Street, No", "City"], ["a", "1 x\n2 y", "c"], ["b", "", "d"]])
    assert read(path)[1:] == [Row(2, ["a", "1 x\n2 y", "c"]), Row(4, ["b", "", "d"])]


def test_a_broken_line_spoils_itself_alone(tmp_path: Path) -> None:
    content = b'name,city\nok,1\n"open,2\nok,3\n"x"y,4\nnu\0l,5\nok,6\n' + b"z" * 200_000 + b',7\n\nok,8\nlast,"9\n'
    found = read(a_file(tmp_path, content))
    assert [each.cells[1] for each in found if isinstance(each, Row)] == ["city", "1", "3", "6", "8"]
    bad = {each.line: each.reason for each in found if isinstance(each, BadRow)}
    assert list(bad) == [3, 5, 6, 8, 11]
    assert "quote" in bad[3]
    assert "NUL" in bad[6]
    assert "longer than" in bad[8]
    assert "not closed" in bad[11]


def test_a_line_of_any_length_takes_no_more_memory_than_a_short_one(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    with path.open("wb") as file:
        file.write(b"name,city\n")
        file.truncate(400_000_000)  # a hole: a line of NULs
        file.seek(0, os.SEEK_END)
        file.write(b"\nok,1\n")
    tracemalloc.start()
    found = read(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [type(each).__name__ for each in found] == ["Row", "BadRow", "Row"]
    assert peak < 8_000_000


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        ("Name;Ort\r\n".encode("utf-16"), "UTF-16"),
        (b"PK\x03\x04 no workbook", "no workbook"),
        (b"na\0me,city\na,b\n", "NUL"),
        (b"\n\n", "has no row"),
    ],
)
def test_what_is_no_file_of_recipients_is_said(tmp_path: Path, content: bytes, said: str) -> None:
    with pytest.raises(ContentError, match=said):
        header_of(inspected(a_file(tmp_path, content)))


def test_a_pipe_and_a_file_that_is_not_there_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name in ("pipe", "nowhere"):
        with pytest.raises(ContentError):
            inspected(tmp_path / name)


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path) -> None:
    path = a_file(tmp_path, b"name,city\n" + b"a,b\n" * 9)
    found = rows(inspected(path))
    next(found)
    with path.open("ab") as file:
        file.write(b"c,d\n")
    with pytest.raises(ContentError, match="changed while it was read"):
        list(found)


def test_a_workbook_gives_the_same_rows_and_formulas_as_they_are_written(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["Name", "ZIP", "City"], ["Zoë", 10115.0, "Köln"], [None, None, None], ['=HYPERLINK("x","y")', "01067", None]):
        sheet.append(row)
    book.save(tmp_path / "people.xlsx")
    found = read(tmp_path / "people.xlsx")
    assert found[1:] == [Row(2, ["Zoë", "10115", "Köln"]), Row(4, ['=HYPERLINK("x","y")', "01067", ""])]


def test_columns_are_recognised_by_name_or_by_hand_and_never_guessed() -> None:
    found = columns_of(("Kundennummer", "Vorname", "Nachname", "Straße", "PLZ", "Ort", "Land"), {}, named="k.csv")
    assert found.named["city"] == "Ort"
    assert found.named["street"] == "Straße"
    by_hand = columns_of(("A", "B", "City", "Town"), {"name": "A", "street": "B", "city": "Town"}, named="k.csv")
    assert by_hand.unused == ("City",)
    for header, mapping, said in (
        (("Name", "name ", "Street", "City"), {}, "two columns are called"),
        (("Name", "Street", "City", "Ort"), {}, "could both be city"),
        (("Zoë", "1 Main Street", "Fresno"), {}, "no header"),
        (("Name", "City"), {}, "no column for street"),
        (("Name", "Street", "City"), {"town": "City"}, "no role"),
    ):
        with pytest.raises(ContentError, match=said):
            columns_of(header, mapping, named="k.csv")


def test_countries_are_read_in_many_languages_and_written_in_the_senders() -> None:
    assert {country_codes()[name] for name in ("deutschland", "germany", "allemagne", "de")} == {"DE"}
    assert country_lines("de")["US"] == "VEREINIGTE STAATEN"
    assert country_lines("en")["CI"] == "CÔTE D’IVOIRE"
    assert {region_codes()[name] for name in ("us ca", "us california", "us us-ca")} == {"US-CA"}
