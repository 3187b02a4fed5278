"""Rows as a spreadsheet or as CSV, one after the other: nothing in them is computed, and none is kept in memory.

openpyxl writes what it has streamed so far into temporary files; `folder` says where these go.
"""

import csv
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import Any, BinaryIO

from incident.interchange.inert_cell import inert

_WIDEST, _LONGEST = 60, 32_000
"""Characters: of a column, and of a cell (a spreadsheet's own limit lies just above)."""


def write_csv(file: BinaryIO, head: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    """Write rows as CSV (UTF-8 with a mark, CR LF); how many."""
    text = TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    out = csv.writer(text, lineterminator="\r\n")
    out.writerow(head)
    count = 0
    for row in rows:
        out.writerow([inert(each) for each in row])
        count += 1
    text.flush()
    text.detach()
    return count


def write_xlsx(
    file: BinaryIO, title: str, head: Sequence[str], rows: Iterable[Sequence[str]], *, note: str, folder: Path
) -> int:
    """Write rows as a workbook with a fixed head, a filter, and a second sheet that says for whom; how many."""
    from openpyxl import Workbook

    with _temporary_in(folder):
        book = Workbook(write_only=True)
        sheet = book.create_sheet(title[:31])
        sheet.freeze_panes = "B2"
        for number, name in enumerate(head):
            sheet.column_dimensions[_letters(number)].width = min(_WIDEST, max(14, len(name) + 4))
        sheet.append(_heads(sheet, head))
        count = 0
        for row in rows:
            sheet.append([_cell(each) for each in row])
            count += 1
        sheet.auto_filter.ref = f"A1:{_letters(len(head) - 1)}{count + 1}"
        about = book.create_sheet("About")
        about.append([note])
        book.properties.title = title
        book.save(file)
    return count


def _heads(sheet: Any, head: Sequence[str]) -> list[Any]:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    cells = [WriteOnlyCell(sheet, value=each) for each in head]
    for each in cells:
        each.font = Font(bold=True)
    return cells


def _cell(text: str) -> str:
    return inert("".join(each for each in text if each in "\n\t" or each >= " "))[:_LONGEST]


def _letters(number: int) -> str:
    from openpyxl.utils import get_column_letter

    return str(get_column_letter(number + 1))


@contextmanager
def _temporary_in(folder: Path) -> Iterator[None]:
    before, tempfile.tempdir = tempfile.tempdir, str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = before
