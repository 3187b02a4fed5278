"""Recipients' files, row by row: CSV in the shapes that spreadsheets write, and XLSX. Memory does not grow with the file.

The file is looked through once (encoding, hash), then read; one that changes meanwhile is refused. A line that cannot be
read is handed out as such with its number; the lines after it are read all the same.
"""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from incident.errors import ContentError

_PIECE = 1 << 20
_MARKS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}
_UTF8_MARK = b"\xef\xbb\xbf"
_ZIP = b"PK\x03\x04"


class Row(NamedTuple):
    """A row's cells, and the line (from 1) on which it begins."""

    line: int
    cells: list[str]


class BadRow(NamedTuple):
    """A line that cannot be read, and why, in a sentence."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Inspected:
    """A recipients' file as it was found before it is read."""

    path: Path
    sha256: str
    size: int
    is_workbook: bool
    encoding: str
    """`utf-8-sig`, `utf-8`, `cp1252` or `latin-1`; blank for a workbook."""
    identity: tuple[int, int, int, int]

    @property
    def named(self) -> str:
        """The file's name."""
        return self.path.name

    @property
    def note(self) -> str:
        """What is worth saying of its encoding; empty for UTF-8."""
        if self.encoding in ("latin-1", "cp1252"):
            called = "Latin-1" if self.encoding == "latin-1" else "Windows-1252, a kind of Latin-1"
            return f"{self.named} is not UTF-8; it was read as {called}. Look at the names with accents."
        return ""


def inspected(path: Path) -> Inspected:
    """Look a file through; raises ContentError for one that is empty, no file, or in no encoding that is known here."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError) as error:
        raise ContentError(f"{path}: {getattr(error, 'strerror', None) or error}.", "Name a file that can be read.") from error
    with os.fdopen(handle, "rb", buffering=0) as file:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode):
            raise ContentError(f"{path} is not an ordinary file.", "Name a CSV or XLSX file.")
        digest, kinds, first = sha256(), _Encoding(), b""
        while piece := file.read(_PIECE):
            first = first or piece[:4]
            digest.update(piece)
            if not first.startswith(_ZIP):
                kinds.look(piece)
    if not first:
        raise ContentError(f"{path} is empty.", "Name the file with the recipients.")
    if first[:2] in _MARKS:
        raise ContentError(f"{path} is in UTF-16.", "Save it as CSV in UTF-8.")
    if first.startswith(b"\xd0\xcf\x11\xe0"):
        raise ContentError(f"{path} is an old workbook (.xls).", "Save it as XLSX or CSV.")
    is_workbook = first.startswith(_ZIP)
    encoding = "" if is_workbook else "utf-8-sig" if first.startswith(_UTF8_MARK) else kinds.name
    return Inspected(path, digest.hexdigest(), found.st_size, is_workbook, encoding, _identity(found))


class _Encoding:
    """Tells UTF-8 from the Latin encodings, piece by piece."""

    def __init__(self) -> None:
        import codecs

        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self.is_utf8 = True
        self._windows = False

    def look(self, piece: bytes) -> None:
        if self.is_utf8:
            try:
                self._decoder.decode(piece)
            except UnicodeDecodeError:
                self.is_utf8 = False
        self._windows = self._windows or (not piece.isascii() and len(piece.translate(None, _WINDOWS)) < len(piece))

    @property
    def name(self) -> str:
        return "utf-8" if self.is_utf8 else "cp1252" if self._windows else "latin-1"


_WINDOWS = bytes(range(0x80, 0xA0))


def rows(file: Inspected) -> Iterator[Row | BadRow]:
    """The rows of a file, its header first; raises ContentError when it changed since it was inspected."""
    if file.is_workbook:
        from incident.interchange.recipients_workbook import workbook_rows

        found = workbook_rows(file)
    else:
        from incident.interchange.recipients_csv import csv_rows

        found = csv_rows(file)
    yield from found
    refuse_changed(file)


def header_of(file: Inspected) -> list[str]:
    """The cells of the first row."""
    for row in rows(file):
        if isinstance(row, BadRow):
            raise ContentError(f"{file.named}: the header cannot be read. {row.reason}", "Mend its first line.")
        return row.cells
    raise ContentError(f"{file.named} has no row.", "Name the file with the recipients.")


def refuse_changed(file: Inspected) -> None:
    """Raise ContentError when the file is another one than was inspected."""
    try:
        same = _identity(file.path.stat()) == file.identity
    except OSError:
        same = False
    if not same:
        raise ContentError(f"{file.path} changed while it was read; nothing of it was used.", "Copy it first and use the copy.")


def _identity(found: os.stat_result) -> tuple[int, int, int, int]:
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns
