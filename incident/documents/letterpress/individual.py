"""One PDF per person: everything that does not change is written once, a letter adds its own few hundred bytes."""

import zlib
from collections import OrderedDict
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from incident.documents.letterpress.assembly import (
    ABOUT,
    CATALOG,
    DOCUMENT,
    PAGES,
    PARENTS,
    TREE,
    LetterPattern,
    Shared,
    add_font,
    add_frame,
    add_resources,
    add_variant,
)
from incident.documents.letterpress.objects import (
    FREE,
    HEADER,
    TailDeflate,
    content_object,
    cross_reference,
    end,
    held_entries,
    offset_entry,
    stream_object,
)
from incident.documents.letterpress.stamping import Stamped, Stamper

_PREFIXES = 64
_FEW = 90


@dataclass(frozen=True, slots=True)
class LetterFile:
    """One letter as a file: the part that all letters of its kind share, its own part, and what a manifest wants."""

    prefix: bytes
    rest: bytes
    sha256: str
    crc32: int
    pages: int

    @property
    def pdf(self) -> bytes:
        """The file."""
        return self.prefix + self.rest


@dataclass(frozen=True, slots=True)
class _Prefix:
    written: bytes
    hashed: Any
    crc32: int
    table: TailDeflate
    after: bytes
    """The last constant entry of the cross-reference table: the letter's object stream."""
    index: bytes
    first_content: int
    number: int
    """Of the cross-reference stream."""


class Individual:
    """Writes the individual files of one variant."""

    def __init__(self, stamper: Stamper) -> None:
        self.stamper = stamper
        self._prefixes: OrderedDict[tuple[int, ...], _Prefix] = OrderedDict()

    def file(self, stamped: Stamped) -> LetterFile:
        """The file of a stamped letter; the same letter gives the same bytes."""
        prefix = self._prefix(stamped.blocks)
        at, parts, entries = len(prefix.written), [], []
        for number, page in enumerate(stamped.pages, prefix.first_content):
            entries.append(offset_entry(at))
            parts.append(content_object(number, page))
            at += len(parts[-1])
        seal = prefix.hashed.copy()
        for part in parts:
            seal.update(part)
        entries += [prefix.after, offset_entry(at)]
        parts.append(
            cross_reference(
                prefix.number,
                index=prefix.index,
                entries=prefix.table.with_tail(b"".join(entries)),
                root=CATALOG,
                about=ABOUT,
                identity=seal.hexdigest()[:32].encode(),
            )
        )
        parts.append(end(at))
        rest = b"".join(parts)
        digest = prefix.hashed.copy()
        digest.update(rest)
        return LetterFile(prefix.written, rest, digest.hexdigest(), zlib.crc32(rest, prefix.crc32), len(stamped.pages))

    def _prefix(self, blocks: tuple[int, ...]) -> _Prefix:
        held = self._prefixes.get(blocks)
        if held is None:
            held = self._prefixes[blocks] = self._written(blocks)
            if len(self._prefixes) > _PREFIXES:
                self._prefixes.popitem(last=False)
        else:
            self._prefixes.move_to_end(blocks)
        return held

    def _written(self, blocks: tuple[int, ...]) -> _Prefix:
        stamper, variant = self.stamper, self.stamper.variant
        shared = Shared()
        share = add_variant(shared, variant, tagged=stamper.tagged)
        faces = enumerate(zip(variant.faces, stamper.typefaces, strict=True))
        fonts = [
            add_font(shared, use, face.program(stamper.glyphs(index, blocks), dict(use.texts))) for index, (use, face) in faces
        ]
        add_resources(shared, variant, share, fonts)
        add_frame(shared, variant, tagged=stamper.tagged)
        pattern = LetterPattern(stamper, share)
        hundred = 1 if shared.next_number < _FEW else next(shared.hundreds)
        _close(shared, pattern, hundred)
        return _prefix_of(shared, pattern, hundred)


def _close(shared: Shared, pattern: LetterPattern, hundred: int) -> None:
    kids = b" ".join(pattern.local(page) + b" 0 R" for page in range(pattern.pages))
    bodies = [(PAGES, b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, pattern.pages))]
    if pattern.stamper.tagged:
        bodies.append((TREE, b"<</Type/StructTreeRoot/K %d 0 R/ParentTree %d 0 R>>" % (DOCUMENT, PARENTS)))
        bodies.append((PARENTS, b"<</Kids[%s 0 R]>>" % pattern.local(pattern.pages)))
        bodies.append((DOCUMENT, b"<</S/Document/P %d 0 R/K[%s 0 R]>>" % (TREE, pattern.local(pattern.letter))))
    shared.bodies += [(number, pattern.filled(body, hundred)) for number, body in bodies]


def _prefix_of(shared: Shared, pattern: LetterPattern, hundred: int) -> _Prefix:
    base = hundred * 100
    holder = base + pattern.count
    content, dictionary = pattern.in_a_stream(hundred)
    letter = stream_object(holder, dictionary, zlib.compress(content, 9))
    written, entries = shared.written(len(HEADER) + len(letter))
    numbered = dict(entries)
    last = max(numbered)
    table = FREE + b"".join(numbered.get(number, FREE) for number in range(1, last + 1)) + held_entries(holder, pattern.held)
    whole = HEADER + letter + written
    return _Prefix(
        whole,
        sha256(whole),
        zlib.crc32(whole),
        TailDeflate(table),
        offset_entry(len(HEADER)),
        b"0 %d %d %d" % (last + 1, base, pattern.count + 2),
        base + pattern.held,
        holder + 1,
    )
