"""Text set in one typeface at one size, kerned and rounded as the layout does it, and read back before it is used.

Shaping goes by words, since no rule of a bundled font reaches across a space (each file is asked, and one that does is
shaped by lines). Numbers and codes go by pairs of signs: no two of them make a ligature, and kerning knows pairs alone.
A word whose glyphs cannot be read back into the very same word is not set here at all.
"""

import unicodedata
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from incident.documents.letterpress.typeface import Typeface, typeface

_WORDS = 20_000
"""Words kept, twice; a longer memory would grow with the number of letters."""
_SHORT = 5
"""Signs up to which a number is likely to come again."""
_CODE_SIGNS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-/")
_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN", "RLE", "RLO", "RLI", "LRE", "LRO", "LRI", "FSI", "PDF", "PDI"})
_UNITS = 1024
"""Of a pixel, in which the layout measures; a point is 4/3 of a pixel."""


@dataclass(frozen=True, slots=True)
class SetWord:
    """A word as glyphs: the inside of a TJ array between its first `<` and last `>`, and its width in 1/1000 em."""

    glyphs: bytes
    width: float


def is_one_way(text: str) -> bool:
    """Whether a text runs from left to right throughout and holds no invisible sign."""
    return text.isascii() or not any(
        unicodedata.bidirectional(each) in _RIGHT_TO_LEFT or unicodedata.category(each) == "Cf" for each in text
    )


class Setting:
    """A typeface at a size in points."""

    def __init__(self, face: Typeface, size: float) -> None:
        self.face, self.size = face, size
        units = round(size / 0.75 * _UNITS)
        self._font = face.sized(units)
        self._scale = 1000 / units
        self.space, self.space_width = self._space()
        self._shaped: dict[str, SetWord | None] = {}
        self._shaped_before: dict[str, SetWord | None] = {}
        self._pairs: dict[str, tuple[bytes, float]] = {}

    def set_line(self, text: str) -> SetWord | None:
        """A line as glyphs; None when it cannot be set and read back."""
        words = text.split(" ") if self._by_word else [text]
        try:
            found = [self._shaped[word] for word in words]
        except KeyError:
            found = [self._set_word(word) for word in words]
        if None in found:
            return None
        if len(found) == 1:
            return found[0]
        width = sum([each.width for each in found if each], (len(found) - 1) * self.space_width)
        return SetWord(self.space.join([each.glyphs for each in found if each]), width)

    def _set_word(self, word: str) -> SetWord | None:
        if word in self._shaped:
            return self._shaped[word]
        if len(word) > _SHORT and self._by_word and _CODE_SIGNS.issuperset(word):
            return self.set_code(word)
        if len(self._shaped) >= _WORDS:
            self._shaped_before, self._shaped = self._shaped, {}
        before = self._shaped_before
        found = self._shaped[word] = before[word] if word in before else self.set_whole(word)
        return found

    def set_code(self, word: str) -> SetWord:
        """A word of code signs, pair by pair."""
        pairs = self._pairs
        names = [a + b for a, b in zip(word, f"{word[1:]} ", strict=True)]
        try:
            found = [pairs[each] for each in names]
        except KeyError:
            found = [self._pair(each) for each in names]
        return SetWord(b"".join([each[0] for each in found]), sum([each[1] for each in found]))

    def _pair(self, pair: str) -> tuple[bytes, float]:
        """The first of two signs with its distance to the second."""
        infos, places = self._glyphs(pair)
        first = self._written(infos[:1], places[:1])
        self._pairs[pair] = (first.glyphs, first.width)
        return self._pairs[pair]

    def set_whole(self, text: str) -> SetWord | None:
        """A text shaped at once, and read back."""
        if not is_one_way(text):
            return None
        infos, positions = self._glyphs(text)
        if any(not info.codepoint for info in infos):
            return None
        read = "".join(self.face.text_of.get(info.codepoint, "") for info in infos)
        if unicodedata.normalize("NFC", read) != text:
            return None
        return self._written(infos, positions)

    def _glyphs(self, text: str) -> tuple[list[Any], list[Any]]:
        return self.face.glyphs(text, self._font)

    def _written(self, infos: list[Any], positions: list[Any]) -> SetWord:
        """Kerning and offsets as numbers of a TJ array, a mark's height as text rise (in points).

        Kerning is cut to whole 1/1000 em as the layout cuts it, so that a stamped line stands where a laid-out one does.
        """
        parts, width, scale = [], 0.0, self._scale
        for info, place in zip(infos, positions, strict=True):
            told = self.face.width(info.codepoint)
            if place.x_offset or place.y_offset:
                back = told - place.x_advance * scale
                parts.append(_moved(info.codepoint, place.x_offset * scale, place.y_offset * scale * self.size / 1000, back))
            else:
                back = int(told - place.x_advance * scale)
                parts.append(f"{info.codepoint:04x}>{back}<" if back else f"{info.codepoint:04x}")
            width += told - back
        return SetWord("".join(parts).encode(), width)

    def _space(self) -> tuple[bytes, float]:
        glyph = self.face.font.get_nominal_glyph(32) or 0
        return f"{glyph:04x}".encode(), self.face.width(glyph)

    @cached_property
    def _by_word(self) -> bool:
        """Whether no letter of Latin changes beside a space."""
        letters = [chr(code) for code in sorted(self.face.covered) if 0x20 < code < 0x180 or 0x1E00 <= code < 0x2040]
        font = self.face.font
        space = [_advance(*each) for each in zip(*self.face.glyphs(" ", font), strict=True)]
        for letter in letters:
            alone = [_advance(*each) for each in zip(*self.face.glyphs(letter, font), strict=True)]
            spaced = [_advance(*each) for each in zip(*self.face.glyphs(f"{letter} {letter}", font), strict=True)]
            if spaced != alone + space + alone:
                return False
        return True


def _advance(info: Any, place: Any) -> tuple[int, int, int]:
    return info.codepoint, place.x_advance, place.x_offset


def _moved(glyph: int, across: float, up: float, back: float) -> str:
    """A glyph that stands beside or above its place."""
    lead = f">{-across:.3f}<" if across else ""
    trail = f">{back + across:.3f}<" if back + across else ""
    if not up:
        return f"{lead}{glyph:04x}{trail}"
    return f">]TJ {up:.4f} Ts[{lead[1:] or '<'}{glyph:04x}>]TJ 0 Ts[{trail[1:] or '<'}"


@lru_cache(maxsize=32)
def setting(path: Path, language: str, size: float) -> Setting:
    """The setting of a font file for texts of one language at one size."""
    return Setting(typeface(path, language), size)
