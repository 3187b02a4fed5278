"""A font file as the press uses it: what it covers, what each glyph stands for, subsets for embedding."""

import unicodedata
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

_FEATURES = ("ccmp", "liga", "clig", "calt", "rlig", "locl", "kern", "mark", "mkmk")
_DROPPED = ("GSUB", "GPOS", "GDEF", "DSIG", "name", "gasp", "OS/2", "cmap", "post", "GlyphOrder")
LATIN = 1
"""The letters of Latin-1 and Latin Extended-A, one stock of glyphs."""


@dataclass(frozen=True, slots=True)
class FontProgram:
    """A subset ready to be embedded: the file (deflated), its length, /W, ToUnicode (deflated), its six-letter tag."""

    file: bytes
    length: int
    widths: bytes
    to_unicode: bytes
    tag: str


def block_of(character: str) -> int:
    """The stock to which a character beyond ASCII belongs: Latin, or its 128 code points."""
    code = ord(character)
    return LATIN if code < 0x180 else code >> 7


class Typeface:
    """One font file."""

    def __init__(self, path: Path, language: str) -> None:
        import uharfbuzz as hb  # type: ignore[import-untyped]

        self._hb = hb
        self.face = hb.Face(hb.Blob.from_file_path(str(path)))
        self.font = hb.Font(self.face)
        self.language = language
        self.scale: float = 1000 / self.face.upem
        self._widths_told: dict[int, int] = {}
        self.covered = frozenset(self.face.unicodes)
        self.text_of = self._glyph_texts()
        self._stocks: dict[int, frozenset[int]] = {}

    def glyphs(self, text: str, font: Any) -> tuple[list[Any], list[Any]]:
        """A text from left to right as HarfBuzz sets it in one of this file's fonts: glyphs and positions."""
        buffer = self._hb.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        buffer.direction, buffer.language = "ltr", self.language
        self._hb.shape(font, buffer)
        return buffer.glyph_infos or [], buffer.glyph_positions or []

    def sized(self, units: int) -> Any:
        """The font at a size, in units of the layout (1/1024 pixel)."""
        font = self._hb.Font(self.face)
        font.scale = (units, units)
        return font

    def width(self, glyph: int) -> int:
        """The advance that a PDF is told, in 1/1000 em."""
        found = self._widths_told.get(glyph)
        if found is None:
            found = self._widths_told[glyph] = round(self.font.get_glyph_h_advance(glyph) * self.scale)
        return found

    def _glyph_texts(self) -> dict[int, str]:
        """Each glyph's text: its own character, plain before compatible; of a ligature, its letters."""
        found: dict[int, str] = {}
        for code in sorted(self.face.unicodes, key=lambda each: (_is_odd(chr(each)), each)):
            glyph = self.font.get_nominal_glyph(code)
            if glyph:
                found.setdefault(glyph, chr(code))
        for text in ("ff", "fi", "fl", "ffi", "ffl", "fj", "ffj", "tt", "ti"):
            infos, _ = self.glyphs(text, self.font)
            if len(infos) == 1:
                found[infos[0].codepoint] = text
        return found

    def stock(self, block: int) -> frozenset[int]:
        """The glyphs of a block of characters (0: ASCII) with the ligatures and marks that they lead to."""
        if block not in self._stocks:
            order = self._hb.SubsetInput()
            order.layout_feature_tag_set.clear()
            order.layout_feature_tag_set.update(_tags(_FEATURES))
            span = range(32, 127) if not block else range(0xA0, 0x180) if block == LATIN else range(block << 7, block + 1 << 7)
            order.unicode_set.update(self.covered & frozenset(span))
            plan = self._hb.SubsetPlan(self.face, order)
            self._stocks[block] = frozenset(int(each) for each in plan.old_to_new_glyph_mapping) - {0}
        return self._stocks[block]

    def program(self, glyphs: frozenset[int], texts: Mapping[int, str]) -> FontProgram:
        """The subset that holds these glyphs under their own numbers; `texts` says what unnamed ones stand for."""
        order = self._hb.SubsetInput()
        flags = self._hb.SubsetFlags
        order.flags = flags.RETAIN_GIDS | flags.NO_HINTING | flags.NO_LAYOUT_CLOSURE
        order.glyph_set.update(glyphs)
        order.drop_table_tag_set.update(_tags(_DROPPED))
        file = bytes(self._hb.subset(self.face, order).blob.data)
        held = sorted(glyphs)
        tag = "".join(chr(65 + each % 26) for each in sha256(file).digest()[:6])
        return FontProgram(
            zlib.compress(file, 9), len(file), self._widths(held), _to_unicode(held, {**texts, **self.text_of}), tag
        )

    def _widths(self, glyphs: Iterable[int]) -> bytes:
        rows: list[list[int]] = []
        for glyph in glyphs:
            if rows and rows[-1][0] + len(rows[-1]) - 1 == glyph:
                rows[-1].append(self.width(glyph))
            else:
                rows.append([glyph, self.width(glyph)])
        return ("[" + "".join(f"{row[0]}[{' '.join(map(str, row[1:]))}]" for row in rows) + "]").encode()


def _tags(names: Iterable[str]) -> set[int]:
    return {int.from_bytes(name.encode(), "big") for name in names if len(name) == 4}


def _is_odd(character: str) -> bool:
    """Characters that share a glyph with a plainer one: the no-break space, the soft hyphen, ligature characters."""
    return unicodedata.normalize("NFKC", character) != character or unicodedata.category(character) in ("Cf", "Cc")


def _to_unicode(glyphs: list[int], text_of: Mapping[int, str]) -> bytes:
    named = [(glyph, text_of[glyph]) for glyph in glyphs if glyph in text_of]
    lines = [f"<{glyph:04x}> <{text.encode('utf-16-be').hex()}>" for glyph, text in named]
    groups = [lines[each : each + 100] for each in range(0, len(lines), 100)]
    body = "\n".join(f"{len(group)} beginbfchar\n" + "\n".join(group) + "\nendbfchar" for group in groups)
    return zlib.compress(
        (
            "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo\n"
            "<< /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n/CMapName /Adobe-Identity-UCS def\n"
            "/CMapType 2 def\n1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n"
            f"{body}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
        ).encode(),
        9,
    )


@lru_cache(maxsize=16)
def typeface(path: Path, language: str) -> Typeface:
    """The typeface of a file for texts of one language (letters differ by language in a few fonts)."""
    return Typeface(path, language)
