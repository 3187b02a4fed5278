"""The first sheet of an XLSX workbook, row by row. Formulas come as they are written, so that they can be refused."""

import zipfile
from collections.abc import Iterator
from datetime import date, datetime

from incident.errors import ContentError
from incident.interchange.recipients import BadRow, Inspected, Row

_MOST_COLUMNS = 200
_MOST_BYTES = 400 * 1024 * 1024
"""Unpacked; beyond, a workbook's own tables of strings would have to be held in memory: CSV has no such limit."""


def workbook_rows(file: Inspected) -> Iterator[Row | BadRow]:
    """The rows of the first sheet, blank ones left out; every row as wide as the header."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    _refuse_large(file)
    try:
        book = load_workbook(file.path, read_only=True, data_only=False, keep_links=False)
        sheet = book.worksheets[0]
    except (InvalidFileException, zipfile.BadZipFile, KeyError, IndexError, ValueError, OSError, SyntaxError) as error:
        raise ContentError(f"{file.named} is no workbook that can be read.", "Save it as CSV in UTF-8.") from error
    try:
        sheet.reset_dimensions()
        width = 0
        for line, found in enumerate(sheet.iter_rows(values_only=True, max_col=_MOST_COLUMNS), start=1):
            cells = [_text(each) for each in found]
            while cells and len(cells) > width and not cells[-1]:
                cells.pop()
            if any(cells):
                width = width or len(cells)
                yield Row(line, cells + [""] * (width - len(cells)))
    except (zipfile.BadZipFile, KeyError, ValueError, SyntaxError) as error:
        raise ContentError(f"{file.named}: the workbook is damaged.", "Save it as CSV in UTF-8.") from error
    finally:
        book.close()


def _refuse_large(file: Inspected) -> None:
    try:
        with zipfile.ZipFile(file.path) as packed:
            size = sum(each.file_size for each in packed.infolist())
    except (zipfile.BadZipFile, OSError) as error:
        raise ContentError(f"{file.named} is no workbook that can be read.", "Save it as CSV in UTF-8.") from error
    if size > _MOST_BYTES:
        raise ContentError(f"{file.named} unpacks to {size // 1_000_000} MB.", "Save it as CSV in UTF-8: CSV has no limit.")


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    return str(value)
