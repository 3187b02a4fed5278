"""CSV as spreadsheets write it: commas, semicolons, tabs or bars, quoted line ends, a line that is broken here and there.

Strict: a quote that is not closed spoils one row and not the file, and no line is longer than a letter could need.
"""

import csv
from collections import deque
from collections.abc import Iterator
from typing import BinaryIO

from incident.errors import ContentError
from incident.interchange.recipients import BadRow, Inspected, Row

LONGEST_LINE = 64 * 1024
"""Bytes; a longer line is a mistake and no recipient."""
_MOST_LINES = 12
"""Lines of one row: cells with line ends have a few; more means a quote that was not closed."""
_SIGNS = ",;\t|"


class _Unreadable(ValueError):
    """A line that is no text."""


class _Lines:
    """The lines of a file, for a CSV reader: numbered, decoded, each of them at most so long; some may be put back."""

    def __init__(self, file: BinaryIO, encoding: str) -> None:
        self._file, self._encoding = file, "utf-8" if encoding == "utf-8-sig" else encoding
        self._number = 0
        self._back: deque[tuple[int, str]] = deque()
        self.taken: list[tuple[int, str]] = []
        """Lines of the row under way."""

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        if len(self.taken) >= _MOST_LINES:
            raise csv.Error("a quote is not closed")
        line = self._back.popleft() if self._back else self._read()
        self.taken.append(line)
        return line[1]

    def put_back(self) -> None:
        """All lines of the row under way but its first are to be read again."""
        self._back.extendleft(reversed(self.taken[1:]))

    def _read(self) -> tuple[int, str]:
        raw = self._file.readline(LONGEST_LINE + 1)
        if not raw:
            raise StopIteration
        self._number += 1
        if len(raw) > LONGEST_LINE:
            while raw and not raw.endswith(b"\n"):
                raw = self._file.readline(LONGEST_LINE)
            self.taken.append((self._number, ""))
            raise _Unreadable(f"The line is longer than {LONGEST_LINE} bytes.")
        if b"\0" in raw:
            self.taken.append((self._number, ""))
            raise _Unreadable("The line holds a NUL character.")
        try:
            return self._number, raw.decode(self._encoding)
        except UnicodeDecodeError as error:
            self.taken.append((self._number, ""))
            raise _Unreadable("The line holds bytes that are no text.") from error


def csv_rows(file: Inspected) -> Iterator[Row | BadRow]:
    """The rows of a CSV file, blank lines left out."""
    with file.path.open("rb") as held:
        if file.encoding == "utf-8-sig":
            held.read(3)
        start = held.tell()
        sign = _separator(held.readline(LONGEST_LINE), file)
        held.seek(start)
        lines = _Lines(held, file.encoding)
        reader = csv.reader(lines, delimiter=sign, strict=True)
        while True:
            lines.taken.clear()
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                lines.put_back()
                yield BadRow(lines.taken[0][0], f"The row is not well-formed: {_said(error)}.")
            except _Unreadable as error:
                yield BadRow(lines.taken[0][0], _spoilt(lines, str(error)))
            else:
                if any(cells):
                    yield Row(lines.taken[0][0], cells)


def _said(error: csv.Error) -> str:
    text = str(error)
    if "end of data" in text or "not closed" in text:
        return "a quote is not closed"
    return "a quote stands within a cell, or is not closed" if "expected after" in text else text


def _spoilt(lines: _Lines, why: str) -> str:
    first, last = lines.taken[0][0], lines.taken[-1][0]
    return why if first == last else f"{why} It stands in a row that goes from line {first} to {last}."


def _separator(header: bytes, file: Inspected) -> str:
    """The sign that stands most often in the header outside of quotes."""
    if b"\0" in header:
        raise ContentError(f"{file.named}: its first line holds a NUL character.", "Save it as CSV in UTF-8.")
    text = header.decode(file.encoding.removesuffix("-sig"), errors="replace")
    outside = "".join(text.split('"')[::2])
    return max(_SIGNS, key=outside.count)
