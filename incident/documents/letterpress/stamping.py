"""A recipient's texts set into a variant's places: one short content stream per page, read back before it is used."""

import re
import unicodedata
from binascii import unhexlify
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from incident.documents.letterpress.recipient import Recipient
from incident.documents.letterpress.setting import Setting, setting
from incident.documents.letterpress.slots import slots_of, texts_for
from incident.documents.letterpress.typeface import block_of, typeface
from incident.documents.letterpress.variant import Place, Variant
from incident.errors import DocumentError

_GLYPHS = re.compile(rb"<([0-9a-f]+)>")
_TABLES = 256
_TEXT_BEGINS = b" Tm["


class Why(StrEnum):
    """Why a letter has to be laid out by itself."""

    GLYPHS = "glyphs"
    """A script, a direction or a sign that the slots cannot carry."""
    WIDTH = "width"
    """A text that does not fit its line."""


@dataclass(frozen=True, slots=True)
class Held:
    """A letter that cannot be stamped: why, and because of which slot."""

    why: Why
    slot: str


@dataclass(frozen=True, slots=True)
class Stamped:
    """A recipient's content streams, one per page, and the stocks of glyphs that they need beyond ASCII."""

    pages: tuple[bytes, ...]
    blocks: tuple[int, ...]


class Stamper:
    """Stamps one variant, tagged or not."""

    def __init__(self, variant: Variant, fonts: Mapping[str, Path], *, tagged: bool) -> None:
        self.variant = variant
        self.tagged = tagged
        self.typefaces = [typeface(fonts[face.asset], variant.language) for face in variant.faces]
        self.places = [[place for place in variant.places if place.page == page] for page in range(len(variant.sheets))]
        self._frames = [self._frame(places) for places in self.places]
        self._lines = self._settings(fonts)
        self._tables: dict[tuple[int, tuple[int, ...]], dict[int, str]] = {}

    def stamp(self, recipient: Recipient) -> Stamped | Held:
        """The pages of this recipient, checked against the recipient; or why they cannot be stamped."""
        texts = texts_for(self.variant.shape, recipient)
        glyphs: list[bytes] = []
        for number, (text, (set_in, room)) in enumerate(zip(texts, self._lines, strict=True)):
            if not text:
                glyphs.append(b"")
                continue
            line = set_in.set_line(text)
            if line is None:
                return Held(Why.GLYPHS, slots_of(self.variant.shape)[number].key)
            if line.width > room:
                return Held(Why.WIDTH, slots_of(self.variant.shape)[number].key)
            glyphs.append(line.glyphs)
        pages = tuple(self._page(number, glyphs) for number in range(len(self._frames)))
        blocks = blocks_of(texts)
        for at, page in enumerate(pages):
            if self._read(at, page, blocks) != [texts[place.slot] for place in self.places[at]]:
                if not self._is_embedded(at, page, blocks):
                    return Held(Why.GLYPHS, "")
                self.verify_page(at, page, recipient, blocks)
        return Stamped(pages, blocks)

    def verify_page(self, number: int, page: bytes, recipient: Recipient, blocks: tuple[int, ...]) -> None:
        """Read a page's written glyphs through the embedded fonts' own tables; raise when they say anything else."""
        expected = texts_for(self.variant.shape, recipient)
        read = [unicodedata.normalize("NFC", each) for each in self._read(number, page, blocks)]
        if read != [expected[place.slot] for place in self.places[number]]:
            raise _mixed_up(recipient)

    def _read(self, number: int, page: bytes, blocks: tuple[int, ...]) -> list[str]:
        """The text of each place as the written bytes say it, by the tables that the embedded fonts carry."""
        segments = [b"".join(_GLYPHS.findall(each)) for each in page.split(_TEXT_BEGINS)]
        faces = {place.face for place in self.places[number]}
        if len(faces) == 1:
            return self._decoded(b"ffff".join(segments[1:]), faces.pop(), blocks).split("\uffff")
        places = self.places[number]
        return [self._decoded(each, place.face, blocks) for each, place in zip(segments[1:], places, strict=False)]

    def _decoded(self, glyphs: bytes, face: int, blocks: tuple[int, ...]) -> str:
        table = self._tables.get((face, blocks)) or self._table(face, blocks)
        return unhexlify(glyphs).decode("utf-16-be", "replace").translate(table)

    def _is_embedded(self, number: int, page: bytes, blocks: tuple[int, ...]) -> bool:
        """Whether the fonts carry every glyph of a page: a sign that HarfBuzz takes apart may need those of another stock."""
        for place, segment in zip(self.places[number], page.split(_TEXT_BEGINS)[1:], strict=True):
            held = unhexlify(b"".join(_GLYPHS.findall(segment)))
            glyphs = {int.from_bytes(held[at : at + 2], "big") for at in range(0, len(held), 2)}
            if not glyphs <= self._table(place.face, blocks).keys():
                return False
        return True

    def glyphs(self, face: int, blocks: tuple[int, ...]) -> frozenset[int]:
        """The glyphs to embed of a face: those of the layout and, where it is stamped, the stocks."""
        use = self.variant.faces[face]
        stocks = [self.typefaces[face].stock(block) for block in (0, *blocks)] if use.is_stamped else []
        return frozenset(use.glyphs).union(*stocks)

    def _table(self, face: int, blocks: tuple[int, ...]) -> dict[int, str]:
        embedded, text_of = self.glyphs(face, blocks), self.typefaces[face].text_of
        table = {glyph: text_of[glyph] for glyph in embedded if glyph in text_of}
        if len(self._tables) >= _TABLES:
            self._tables.clear()
        self._tables[(face, blocks)] = table
        return table

    def _page(self, number: int, glyphs: list[bytes]) -> bytes:
        parts, end = self._frames[number]
        return b"".join([each for head, slot in parts for each in (head, glyphs[slot])]) + end

    def _frame(self, places: list[Place]) -> tuple[list[tuple[bytes, int]], bytes]:
        """Everything of a page's stream but the glyphs: what stands before each text, and what ends the last."""
        parts, close, colour, font = [], b"BT", b"", (-1, 0.0)
        for place in places:
            head = close + b"\n"
            if self.tagged:
                mark = b"/Span<</MCID %d>>BDC " % place.mcid if place.mcid >= 0 else b"/Artifact<</Type/Pagination>>BDC "
                head += mark
            if place.colour != colour:
                head += place.colour + b" "
            if (place.face, place.size) != font:
                head += b"/%s %s Tf " % (self.variant.faces[place.face].name, _number(place.size))
            colour, font = place.colour, (place.face, place.size)
            head += b"1 0 0 1 %s %s%s<" % (_number(place.x), _number(place.y), _TEXT_BEGINS)
            parts.append((head, place.slot))
            close = b">]TJ EMC" if self.tagged else b">]TJ"
        return parts, close + b"\nET" if places else b""

    def _settings(self, fonts: Mapping[str, Path]) -> list[tuple[Setting, float]]:
        """Per slot: how its text is set, and the narrowest room among its places."""
        found: dict[int, tuple[Setting, float]] = {}
        for place in self.variant.places:
            _, room = found.get(place.slot, (None, float("inf")))
            set_in = setting(fonts[self.variant.faces[place.face].asset], self.variant.language, place.size)
            found[place.slot] = (set_in, min(room, place.room))
        return [found[slot] for slot in sorted(found)]


def blocks_of(texts: list[str]) -> tuple[int, ...]:
    """The stocks of glyphs beyond ASCII that texts need, in order."""
    said = "".join(texts)
    if said.isascii():
        return ()
    return tuple(sorted({block_of(each) for each in set(said) if each > "\x7f"}))


def _number(value: float) -> bytes:
    return f"{value:.4f}".rstrip("0").rstrip(".").encode()


def _mixed_up(recipient: Recipient) -> DocumentError:
    return DocumentError(
        f"A page written for «{recipient.key}» does not say what this recipient's letter must say; the press has stopped.",
        "Nothing of this file may be sent. Report it: this is a fault of the product.",
    )
