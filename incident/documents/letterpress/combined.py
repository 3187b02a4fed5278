"""Files of many letters: fonts and static pages once, per letter its own streams, pages and structure.

Two kinds. A `CombinedFile` is fully tagged (PDF/UA-1), for archives and screens; a `PrintStream` carries no tags and is
for a print house. Both hold what was added in the order in which it was added; nothing is written for half a letter.
"""

from collections.abc import Mapping
from pathlib import Path
from zlib import DEFLATED, compress, compressobj

from incident.documents.letterpress.assembly import (
    ABOUT,
    CATALOG,
    DOCUMENT,
    PAGES,
    PARENTS,
    TREE,
    LetterPattern,
    Shared,
    VariantShare,
    add_font,
    add_frame,
    add_resources,
    add_variant,
)
from incident.documents.letterpress.objects import (
    FREE,
    HEADER,
    content_object,
    cross_reference,
    end,
    held_entries,
    identity,
    object_stream,
    offset_entry,
    stream_object,
)
from incident.documents.letterpress.stamping import Stamped, Stamper
from incident.documents.letterpress.typeface import typeface
from incident.documents.letterpress.variant import FaceUse, Variant
from incident.errors import DocumentError

MOST = 8_000
"""Letters of one file: far beyond, object numbers would leave what readers must support."""


_GROUP = 100
"""Letters whose page objects stand together."""


class LetterBundle:
    """A file of many letters under way."""

    tagged = True

    def __init__(self, fonts: Mapping[str, Path]) -> None:
        self.fonts = fonts
        self.letters = 0
        self.pages = 0
        self.shared = Shared()
        self._at = len(HEADER)
        self._out: list[bytes] = [HEADER]
        self._sections: list[tuple[int, bytes]] = []
        self._patterns: dict[str, LetterPattern] = {}
        self._shares: list[tuple[Variant, VariantShare]] = []
        self._glyphs: dict[str, set[int]] = {}
        self._page_group: list[tuple[int, bytes, bytes]] = []
        """Of each letter since the last group: its first number, its page objects, its other cross-reference entries."""
        self._held: set[tuple[str, tuple[int, ...]]] = set()
        self._owners: list[tuple[int, LetterPattern]] = []

    def add(self, stamper: Stamper, stamped: Stamped) -> int:
        """Add a stamped letter; the number of its first page in the file, from 1."""
        if stamper.tagged is not self.tagged:
            raise ValueError("a stamper of the other kind")
        if self.letters >= MOST:
            raise DocumentError(f"One file holds {MOST} letters.", "Begin another file.")
        pattern = self._patterns.get(stamper.variant.digest) or self._begun(stamper)
        if (stamper.variant.digest, stamped.blocks) not in self._held:
            self._hold(stamper, stamped.blocks)
        hundred = self._hundred(pattern.blocks)
        self._write(pattern, hundred, stamped)
        self._owners.append((hundred, pattern))
        first = self.pages + 1
        self.letters += 1
        self.pages += pattern.pages
        return first

    def _begun(self, stamper: Stamper) -> LetterPattern:
        variant = stamper.variant
        share = add_variant(self.shared, variant, tagged=self.tagged)
        pattern = self._patterns[variant.digest] = LetterPattern(stamper, share)
        self._shares.append((variant, share))
        return pattern

    def _hold(self, stamper: Stamper, blocks: tuple[int, ...]) -> None:
        """Keep in mind the glyphs that the file has to embed."""
        for index, face in enumerate(stamper.variant.faces):
            self._glyphs.setdefault(face.asset, set()).update(stamper.glyphs(index, blocks))
        self._held.add((stamper.variant.digest, blocks))

    def _hundred(self, blocks: int) -> int:
        """The first of so many hundreds in a row that have the same number of digits."""
        taken = [next(self.shared.hundreds) for _ in range(blocks)]
        while len(str(taken[0])) != len(str(taken[-1])):
            taken = [*taken[1:], next(self.shared.hundreds)]
        return taken[0]

    def _write(self, pattern: LetterPattern, hundred: int, stamped: Stamped) -> None:
        first = hundred * 100
        entries = [held_entries(first + pattern.count, pattern.held - pattern.pages)]
        for number, page in enumerate(stamped.pages, first + pattern.held):
            entries.append(offset_entry(self._at))
            self._append(content_object(number, page))
        if self.tagged:
            entries.append(offset_entry(self._at))
            self._append(_letter_stream(pattern, hundred))
        self._page_group.append((first, pattern.filled(pattern.page_bodies, hundred), b"".join(entries)))
        if len(self._page_group) >= _GROUP:
            self._write_pages()

    def _write_pages(self) -> None:
        """The page objects of the last letters in one object stream: a reader finds all pages without unpacking letters."""
        if not self._page_group:
            return
        holder, bodies, place = self.shared.number(), list[tuple[int, bytes]](), 0
        for first, written, entries in self._page_group:
            pages = written.split(b"\n")
            bodies += enumerate(pages, first)
            self._sections.append((first, held_entries(holder, len(pages), since=place) + entries))
            place += len(pages)
        self._page_group.clear()
        self._sections.append((holder, offset_entry(self._at)))
        self._append(object_stream(holder, bodies, level=1))

    def _append(self, written: bytes) -> None:
        self._out.append(written)
        self._at += len(written)

    def finished(self) -> bytes:
        """The whole file."""
        if not self._shares:
            raise DocumentError("A file without a letter is no file.", "Add a letter first.")
        self._write_pages()
        numbers = self._embedded()
        for variant, share in self._shares:
            add_resources(self.shared, variant, share, [numbers[face.asset] for face in variant.faces])
        add_frame(self.shared, self._shares[0][0], tagged=self.tagged)
        self._close()
        written, shared_entries = self.shared.written(self._at)
        self._append(written)
        return self._with_table(dict(shared_entries))

    def _embedded(self) -> dict[str, int]:
        uses: dict[str, FaceUse] = {}
        texts: dict[str, dict[int, str]] = {}
        for face in (face for variant, _ in self._shares for face in variant.faces):
            uses.setdefault(face.asset, face)
            texts.setdefault(face.asset, {}).update(face.texts)
        language = self._shares[0][0].language
        numbers = {}
        for asset in sorted(uses):
            program = typeface(self.fonts[asset], language).program(frozenset(self._glyphs[asset]), texts[asset])
            numbers[asset] = add_font(self.shared, uses[asset], program)
        return numbers

    def _close(self) -> None:
        places = [(hundred * 100, pattern) for hundred, pattern in self._owners]
        kids = b" ".join([b"%d 0 R" % (first + page) for first, pattern in places for page in range(pattern.pages)])
        self.shared.bodies.append((PAGES, b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, self.pages)))
        if not self.tagged:
            return
        letters = b" ".join([b"%d 0 R" % (first + pattern.letter) for first, pattern in places])
        parents = b" ".join([b"%d 0 R" % (first + pattern.pages) for first, pattern in places])
        self.shared.bodies.append((TREE, b"<</Type/StructTreeRoot/K %d 0 R/ParentTree %d 0 R>>" % (DOCUMENT, PARENTS)))
        self.shared.bodies.append((PARENTS, b"<</Kids[%s]>>" % parents))
        self.shared.bodies.append((DOCUMENT, b"<</S/Document/P %d 0 R/K[%s]>>" % (TREE, letters)))

    def _with_table(self, shared: dict[int, bytes]) -> bytes:
        number = next(self.shared.hundreds) * 100
        sections = sorted([*self._sections, *_runs(shared), (0, FREE), (number, offset_entry(self._at))])
        index = b" ".join([b"%d %d" % (first, len(entries) // len(FREE)) for first, entries in sections])
        table = compress(b"".join([entries for _, entries in sections]), 1)
        seal = identity(self._out)
        self._out.append(cross_reference(number, index=index, entries=table, root=CATALOG, about=ABOUT, identity=seal))
        self._out.append(end(self._at))
        return b"".join(self._out)


class CombinedFile(LetterBundle):
    """A fully tagged file (PDF/UA-1) of many letters."""


class PrintStream(LetterBundle):
    """A file of many letters without tags, for a print house."""

    tagged = False


def _runs(entries: dict[int, bytes]) -> list[tuple[int, bytes]]:
    """Cross-reference entries as sections of numbers in a row."""
    runs: list[tuple[int, bytes]] = []
    for number in sorted(entries):
        first, held = runs[-1] if runs else (-1, b"")
        if runs and first + len(held) // len(FREE) == number:
            runs[-1] = (first, held + entries[number])
        else:
            runs.append((number, entries[number]))
    return runs


def _letter_stream(pattern: LetterPattern, hundred: int) -> bytes:
    """The object stream of one letter; every number of it is in the letter's own hundreds."""
    content, dictionary = pattern.in_a_stream(hundred, since=pattern.pages)
    press = compressobj(1, DEFLATED, 13, 6)
    return stream_object(hundred * 100 + pattern.count, dictionary, press.compress(content) + press.flush())
