"""The files of a chunk: single letters in a ZIP or a folder, e-mail drafts, or many letters in one PDF; each proven by others.

A file is read back by readers that had no part in making it before it takes its name.
"""

import os
import shutil
import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from incident.documents.eml import Mail, eml
from incident.documents.letterpress.combined import CombinedFile, PrintStream
from incident.documents.letterpress.oracle import Written, plain_pdf, validated, verify_drawing, verify_file
from incident.documents.letterpress.press import Letter, Press
from incident.documents.letterpress.recipient import shape_of
from incident.documents.letterpress.slots import signed_html, slots_of, texts_for
from incident.documents.plain import page_text
from incident.domain.letters import Addressee, Output
from incident.errors import DocumentError
from incident.store.durable import sync_folder

if TYPE_CHECKING:
    from incident.usecases.letters_work import Bench

SAMPLE = 2
"""Letters of each file that other readers read."""
Pair = tuple[Addressee, Letter]


@dataclass(slots=True)
class Made:
    """What was made of a chunk so far."""

    number: int
    chance: Random
    is_drawn: bool = False
    file: str = ""
    """Name of the file or folder; blank while there is none."""
    sha256: str = ""
    size: int = 0
    pages: int = 0
    sheets: int = 0
    """Sheets of paper, when printed on both sides."""
    rows: list[dict[str, object]] = field(default_factory=list)


def bundle_of(press: Press, bench: "Bench", letters: Sequence[Pair], sheet: Letter | None, made: Made) -> None:
    """All letters in one PDF, the separator sheet first where there is one."""
    bundle = CombinedFile(press.desk.fonts) if press.tagged else PrintStream(press.desk.fonts)
    every = [*([sheet] if sheet else []), *(letter for _, letter in letters)]
    held = [Written(letter.recipient, bundle.add(letter.stamper, letter.stamped), letter.pages) for letter in every]
    pdf = bundle.finished()
    sample = made.chance.sample(range(len(held)), min(SAMPLE, len(held)))
    verify_file(pdf, held, sample)
    if made.is_drawn:
        one = held[sample[0]]
        verify_drawing(pdf, plain_pdf(press, one.recipient), one.recipient, first=one.first)
        _refuse_invalid(press, pdf)
    made.file, made.sha256 = f"letters-{made.number:05d}.pdf", sha256(pdf).hexdigest()
    made.size = _written(bench.folder / made.file, [pdf])
    made.pages, made.sheets = bundle.pages, sum(-(-letter.pages // 2) for letter in every)
    firsts = {id(each.recipient): each.first for each in held}
    made.rows = [_row(each, letter, made.file, firsts[id(letter.recipient)], made.sha256) for each, letter in letters]


def singles_of(press: Press, bench: "Bench", letters: Sequence[Pair], made: Made) -> None:
    """Each letter as a file of its own."""
    sample = set(made.chance.sample(range(len(letters)), min(SAMPLE, len(letters))))
    drawn = min(sample) if made.is_drawn else -1
    stem = f"letters-{made.number:05d}"

    def files() -> Iterator[tuple[str, list[bytes], int]]:
        for index, (each, letter) in enumerate(letters):
            one = press.file(letter)
            if index in sample:
                verify_file(one.pdf, [Written(letter.recipient, 1, letter.pages)], [0])
            if index == drawn:
                verify_drawing(one.pdf, plain_pdf(press, letter.recipient), letter.recipient)
                _refuse_invalid(press, one.pdf)
            name, parts, crc, digest = f"{each.reference}.pdf", [one.prefix, one.rest], one.crc32, one.sha256
            if bench.output is Output.EML:
                mail = eml(_mail(press, bench, each, letter, one.pdf))
                name, parts, crc, digest = f"{each.reference}.eml", [mail], zlib.crc32(mail), sha256(mail).hexdigest()
            made.pages, made.sheets = made.pages + letter.pages, made.sheets - (-letter.pages // 2)
            made.rows.append(_row(each, letter, f"{made.file}/{name}", 1, digest))
            yield name, parts, crc

    if bench.output is Output.ZIP:
        made.file = f"{stem}.zip"
        made.size = _written(bench.folder / made.file, stored_zip(files()))
    else:
        made.file = stem
        made.size = _folder_written(bench.folder / stem, files())


def _refuse_invalid(press: Press, pdf: bytes) -> None:
    finding = validated(pdf) if press.tagged else ""
    if finding:
        raise DocumentError(f"A validator of PDF/UA refuses a letter: {finding}", "Nothing of this run may be sent. Report it.")


def _row(each: Addressee, letter: Letter, file: str, page: int, digest: str) -> dict[str, object]:
    return {
        "key": each.key,
        "reference": each.reference,
        "country": each.country,
        "place": each.place,
        "file": file,
        "page": page,
        "pages": letter.pages,
        "sha256": digest,
        "variant": letter.stamper.variant.digest[:16],
        "path": letter.path,
    }


def _mail(press: Press, bench: "Bench", each: Addressee, letter: Letter, pdf: bytes) -> Mail:
    shape = shape_of(letter.recipient)
    told = press.texts[letter.recipient.language]
    text = _mail_text(told.written or told.html, shape)
    for slot, said in zip(slots_of(shape), texts_for(shape, letter.recipient), strict=True):
        text = text.replace(slot.sign, said)
    name, address = bench.sender
    return Mail(
        subject=bench.subject,
        sender_name=name,
        sender=address,
        recipient=each.email,
        text="\n".join(line for line in text.splitlines() if line.strip() or not line),
        made_at=datetime.fromisoformat(bench.made_at),
        stamp=bench.stamp,
        attachment=pdf,
        attachment_name=f"{each.reference}.pdf",
    )


@lru_cache(maxsize=64)
def _mail_text(html: str, shape: Any) -> str:
    return page_text(signed_html(html, shape))


def stored_zip(files: Iterable[tuple[str, list[bytes], int]]) -> Iterator[bytes]:
    """A ZIP whose members are stored: PDF is compressed already. Each member is name (ASCII), content, CRC-32."""
    at, entries = 0, []
    for name, parts, crc in files:
        size, called = sum(map(len, parts)), name.encode("ascii")
        common = struct.pack("<HHHHHIIIHH", 20, 0, 0, 0, _FIRST_OF_1980, crc, size, size, len(called), 0)
        entries.append(b"PK\x01\x02\x14\x03" + common + struct.pack("<HHHII", 0, 0, 0, _PRIVATE, at) + called)
        head = b"PK\x03\x04" + common + called
        yield head
        yield from parts
        at += len(head) + size
    body = b"".join(entries)
    yield body + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, len(entries), len(entries), len(body), at, 0)


_FIRST_OF_1980 = 0x21
_PRIVATE = 0o100600 << 16


def _written(path: Path, parts: Iterable[bytes]) -> int:
    """A file under its name once it is whole and durable; the bytes written."""
    beside, size = path.with_name(path.name + ".part"), 0  # a name of its own: what a kill left is written over
    try:
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb", buffering=1 << 20) as out:
            for part in parts:
                out.write(part)
                size += len(part)
            out.flush()
            os.fsync(handle)
        beside.replace(path)
        sync_folder(path.parent)
    except BaseException:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise
    return size


def _folder_written(path: Path, files: Iterable[tuple[str, list[bytes], int]]) -> int:
    """A folder of files under its name once all of them are whole and durable."""
    beside, size = path.with_name(path.name + ".part"), 0
    for old in (beside, path):
        if old.exists():
            shutil.rmtree(old)
    beside.mkdir(mode=0o700)
    for name, parts, _ in files:
        handle = os.open(beside / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as out:
            out.writelines(parts)
            out.flush()
            os.fsync(handle)
        size += sum(map(len, parts))
    sync_folder(beside)
    beside.rename(path)
    sync_folder(path.parent)
    return size
