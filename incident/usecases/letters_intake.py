"""Recipients' files taken in: every row an addressee or rejected with its reason, twins found, all sorted for the post.

Two passes and no more memory than a few thousand rows: rows are spilled encrypted and come back sorted by country and
postcode; keyed hashes of keys, references and persons, sorted too, show which rows say the same as an earlier one.
"""

import marshal
import os
import struct
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from types import TracebackType

from incident.domain.letters import Addressee, Rejected, Tally, Why
from incident.domain.letters_columns import Columns, columns_of
from incident.domain.letters_rows import RowReader, Terms
from incident.errors import ContentError, StoreError
from incident.interchange.recipients import BadRow, Inspected, header_of, rows
from incident.usecases.letters_spill import Spill

_SECRET: bytes = os.urandom(32)
"""Of this process: hashes of persons mean nothing elsewhere."""
_KEY, _REFERENCE, _PERSON = b"k", b"r", b"p"
_TWINS = {_KEY: "key", _REFERENCE: "reference", _PERSON: "person"}
_PLACE = struct.Struct(">HIQ")
"""Source, line, ordinal."""
MOST_FILES = 99
Judge = Callable[[Addressee], Rejected | None]
"""What else may speak against a letter (its language, its channel)."""


@dataclass(frozen=True, slots=True)
class Sources:
    """The files of a run, inspected, with the columns of each."""

    files: tuple[Inspected, ...]
    columns: tuple[Columns, ...]

    @property
    def notes(self) -> tuple[str, ...]:
        """What is worth saying of them."""
        return tuple(each.note for each in self.files if each.note)


def sources_of(
    inspected_files: Sequence[Inspected], mapping: Mapping[str, str], remembered: Callable[[tuple[str, ...]], Mapping[str, str]]
) -> Sources:
    """The columns of each file: as mapped by hand, else as remembered for this header, else recognised."""
    if not 0 < len(inspected_files) <= MOST_FILES:
        raise ContentError(f"{len(inspected_files)} files were named.", f"Name 1 to {MOST_FILES}.")
    columns = []
    for file in inspected_files:
        header = tuple(each.strip() for each in header_of(file))
        columns.append(columns_of(header, mapping or remembered(header), named=file.named))
    return Sources(tuple(inspected_files), tuple(columns))


@dataclass(slots=True)
class Intake:
    """What was taken in: use it in a `with` block; `tally` counts rejections, and letters as `payloads` goes through them."""

    sources: Sources
    spill: Spill
    tally: Tally = field(default_factory=Tally)
    accepted: int = 0
    _taken: int = 0
    _twins: bytearray = field(default_factory=bytearray)
    """One bit a row: whether it says the same as an earlier one."""

    def __enter__(self) -> "Intake":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.spill.__exit__(kind, error, trace)

    def payloads(self) -> Iterator[bytes]:
        """Every accepted addressee as bytes (`addressee_of`), by country and postcode; may be asked again."""
        for key, payload in self.spill.merged():
            ordinal = _PLACE.unpack(key[-_PLACE.size :])[2]
            if not self._twins[ordinal >> 3] >> (ordinal & 7) & 1:
                yield payload


def addressee_of(payload: bytes) -> Addressee:
    """The addressee in a payload."""
    return Addressee(*marshal.loads(payload))  # noqa: S302 - written by this program a moment ago


def take_in(
    sources: Sources,
    terms: Terms,
    rejected: Callable[[Rejected], None],
    *,
    judge: Judge,
    folder: Path | None = None,
    keep_same_person: bool = False,
) -> Intake:
    """Read all rows; each one that gets no letter is handed to `rejected` as it is found."""
    intake = Intake(sources, Spill(folder=folder))
    try:
        with Spill(run=60_000, folder=folder) as hashes:
            for number, (file, columns) in enumerate(zip(sources.files, sources.columns, strict=True)):
                reader = RowReader(columns, terms)
                _take_file(intake, hashes, _Taking(file, number, reader, judge, rejected, keep_same_person))
            intake._twins = bytearray(intake._taken // 8 + 1)
            _find_twins(intake, hashes, rejected)
    except OSError as error:
        intake.spill.__exit__(None, None, None)
        raise StoreError(f"The rows cannot be sorted: {error.strerror or error}.", "Make room on the disk.") from error
    except BaseException:
        intake.spill.__exit__(None, None, None)
        raise
    return intake


@dataclass(frozen=True, slots=True)
class _Taking:
    file: Inspected
    number: int
    reader: RowReader
    judge: Judge
    rejected: Callable[[Rejected], None]
    keep_same_person: bool


def _take_file(intake: Intake, hashes: Spill, taking: _Taking) -> None:
    found = iter(rows(taking.file))
    next(found)  # the header
    for row in found:
        if isinstance(row, BadRow):
            said: Addressee | Rejected = Rejected(taking.number, row.line, Why.BAD, row.reason)
        else:
            said = taking.reader.read(row.cells, taking.number, row.line)
            if isinstance(said, Addressee) and (against := taking.judge(said)) is not None:
                said = against
        if isinstance(said, Rejected):
            intake.tally.reject(said)
            taking.rejected(said)
        else:
            _take(intake, hashes, taking, said)


def _take(intake: Intake, hashes: Spill, taking: _Taking, each: Addressee) -> None:
    place = _PLACE.pack(each.source, each.line, intake._taken)
    intake._taken += 1
    intake.spill.add(f"{each.country}\0{each.postcode}\0".encode() + place, marshal.dumps(tuple(each)))
    said = [(_REFERENCE, each.reference.casefold())]
    if not each.key.startswith(f"{each.source + 1}:"):
        said.append((_KEY, each.key))
    if not taking.keep_same_person:
        same = unicodedata.normalize("NFKC", " ".join((each.name, *each.address, each.postcode, each.country)))
        said.append((_PERSON, " ".join(same.casefold().split())))
    for kind, text in said:
        digest = blake2b(text.encode(), digest_size=16, key=_SECRET, person=kind).digest()
        hashes.add(kind + digest + place)


def _find_twins(intake: Intake, hashes: Spill, rejected: Callable[[Rejected], None]) -> None:
    first, before = b"", b""
    for key, _ in hashes.merged():
        named, place = key[: -_PLACE.size], key[-_PLACE.size :]
        if named != before:
            first, before = place, named
            continue
        source, line, ordinal = _PLACE.unpack(place)
        if intake._twins[ordinal >> 3] >> (ordinal & 7) & 1:
            continue
        intake._twins[ordinal >> 3] |= 1 << (ordinal & 7)
        other, other_line, _ = _PLACE.unpack(first)
        where = f"line {other_line}" + ("" if other == source else f" of {intake.sources.files[other].named}")
        twin = Rejected(source, line, Why.DUPLICATE, f"The same {_TWINS[named[:1]]} stands in {where}.")
        intake.tally.reject(twin)
        rejected(twin)
    intake.accepted = intake._taken - intake.tally.rejected[Why.DUPLICATE.value]
