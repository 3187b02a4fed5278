"""A chunk of a run, in a process of the press: letters made, proven, written under their name, and noted, or nothing.

A chunk's file takes its name whole; then its part of the manifest does. Only both together count, so a run that was ended
at any point is taken up again without a gap and without a double.
"""

import os
import random
import signal
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from multiprocessing import parent_process
from pathlib import Path
from typing import NamedTuple

from incident.documents.letterpress.press import Letter, Press, Refused
from incident.documents.letterpress.recipient import Recipient
from incident.documents.letterpress.workers import PressOrder
from incident.domain.letters import Addressee, Output
from incident.errors import StoreError
from incident.usecases.letters_files import Made, bundle_of, singles_of
from incident.usecases.letters_intake import addressee_of
from incident.usecases.letters_parts import Refusal, write_part
from incident.usecases.letters_texts import PADDED, SEPARATOR, text_key

_SPECIMEN = "SPECIMEN"


@dataclass(frozen=True, slots=True)
class Bench:
    """What holds for every chunk of a run."""

    folder: Path
    output: Output
    keys: frozenset[str]
    words: Mapping[str, Mapping[str, str]]
    language_else: str = ""
    duplex: bool = False
    separators: bool = False
    with_codes: bool = False
    subject: str = ""
    sender: tuple[str, str] = ("", "")
    """Name and address of e-mails."""
    stamp: str = ""
    made_at: str = ""
    """ISO 8601: the Date of e-mails, the same when the run is taken up again."""
    chunks: int = 0


class Chunk(NamedTuple):
    """Letters that go into one file."""

    bench: Bench
    number: int
    payloads: list[bytes]
    codes: list[str]
    is_drawn: bool
    """Whether one of its letters is laid out the plain way, too, and compared."""


@dataclass(frozen=True, slots=True)
class ChunkDone:
    """What became of a chunk."""

    number: int
    letters: int
    refused: int
    pages: int
    sheets: int
    size: int
    ways: Counter[str] = field(default_factory=Counter)
    places: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class WatchedOrder(PressOrder):
    """An order whose processes end with the one that started them, and leave the interrupt key to it."""

    def press(self) -> Press:
        """A press for this process."""
        if (parent := parent_process()) is not None:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
        return PressOrder.press(self)


def _end_with(parent: object) -> None:
    parent.join()  # type: ignore[attr-defined]
    os._exit(1)  # nobody is left who could use what this process makes


def press_chunk(press: Press, chunk: Chunk) -> ChunkDone:
    """Make, prove, write and note a chunk. Raises DocumentError on a mix-up, StoreError when it cannot be written."""
    bench, refusals = chunk.bench, list[Refusal]()
    letters = list(_letters(press, chunk, refusals))
    made = Made(chunk.number, random.SystemRandom(), is_drawn=chunk.is_drawn)
    try:
        if letters and bench.output.is_single:
            singles_of(press, bench, letters, made)
        elif letters:
            sheet = _separator(press, chunk, letters) if bench.separators else None
            bundle_of(press, bench, letters, sheet, made)
        write_part(bench.folder, made, refusals)
    except OSError as error:
        raise StoreError(
            f"Letters cannot be written to {bench.folder}: {error.strerror or error}.",
            "Make room, then give the same command again: finished files stand.",
        ) from error
    ways = Counter(f"{letter.path}{': ' if letter.why else ''}{letter.why}" for _, letter in letters)
    places = Counter(each.place for each, _ in letters)
    return ChunkDone(chunk.number, len(letters), len(refusals), made.pages, made.sheets, made.size, ways, places)


def _letters(press: Press, chunk: Chunk, refusals: list[Refusal]) -> Iterator[tuple[Addressee, Letter]]:
    for index, payload in enumerate(chunk.payloads):
        each = addressee_of(payload)
        code = chunk.codes[index] if chunk.codes else _SPECIMEN if chunk.bench.with_codes else ""
        letter = press.letter(recipient_of(each, chunk.bench, code))
        if isinstance(letter, Letter) and chunk.bench.duplex and letter.pages % 2:
            padded = replace(letter.recipient, language=letter.recipient.language + PADDED)
            letter = press.letter(padded)
        if isinstance(letter, Refused):
            refusals.append(Refusal(each.source, each.line, letter.reason))
        else:
            yield each, letter


def recipient_of(each: Addressee, bench: Bench, code: str) -> Recipient:
    """An addressee as the press takes them: the words of their language, their text's key."""
    keys = bench.keys
    language = each.language if each.language in keys else bench.language_else
    key = text_key(keys, language, each.reader)
    words = bench.words.get(key, {})
    elements = tuple(words.get(token, token) for token in each.elements)
    return Recipient(
        each.key, key, each.name, each.address, each.reference, salutation=each.salutation, code=code, elements=elements
    )


def _separator(press: Press, chunk: Chunk, letters: list[tuple[Addressee, Letter]]) -> Letter:
    """The sheet before a batch: its number, how many letters, from where to where."""
    first, last = letters[0][0], letters[-1][0]
    number, chunks = chunk.number, chunk.bench.chunks
    recipient = Recipient(
        f"batch {number}",
        SEPARATOR,
        f"Batch {number} of {chunks}",
        (
            f"{len(letters)} letters, {sum(letter.pages for _, letter in letters)} pages",
            f"from {first.country} {first.postcode}",
            f"to {last.country} {last.postcode}",
        ),
        f"BATCH-{number:05d}",
    )
    made = press.letter(recipient)
    if isinstance(made, Letter) and chunk.bench.duplex and made.pages % 2:
        made = press.letter(replace(recipient, language=SEPARATOR + PADDED))
    if isinstance(made, Refused):
        raise StoreError(f"The separator sheet cannot be made: {made.reason}", "Press without --separators.")
    return made
