"""Which characters the documents' fonts can set, and what stands for the others: a sign and a note, never a refusal."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from markupsafe import Markup

STAND_IN = "▯"
_FONTS = Path(__file__).resolve().parent / "fonts"
_TEXT = ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf", "NotoSans-Italic.ttf")
_FALLBACK = "NotoSansMono-Regular.ttf"
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\U000e0000-\U000e007f]"
)
"""Controls, signs that turn the direction of what follows, variation selectors, skin tones and tags: they only change how
another character looks, and could make a signed page read otherwise than its text."""
_NOTED = 24


@dataclass(frozen=True, slots=True)
class StandIn:
    """A character that the fonts do not have, its name, and the fields in which it stands."""

    character: str
    places: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Its code point and Unicode name."""
        code = ord(self.character)
        return f"U+{code:04X} {unicodedata.name(self.character, 'without a name')}"


@lru_cache(maxsize=1)
def covered() -> frozenset[int]:
    """The code points that every weight of the text font has, or its fallback."""
    from fontTools.ttLib import TTFont

    faces = [frozenset(TTFont(_FONTS / name, lazy=True).getBestCmap()) for name in (*_TEXT, _FALLBACK)]
    return faces[0].intersection(*faces[1:-1]) | faces[-1] | {0x09, 0x0A}


def not_covered(text: str) -> tuple[str, ...]:
    """The characters of a text that the fonts do not have, each once, in order."""
    known = covered()
    return tuple(dict.fromkeys(each for each in _INVISIBLE.sub("", text) if ord(each) not in known))


def settable(html: str) -> tuple[str, tuple[StandIn, ...]]:
    """The same document with a stand-in for every character that cannot be set, and which they were."""
    html = _INVISIBLE.sub("", html)
    missing = not_covered(html)
    table = str.maketrans(dict.fromkeys(missing, STAND_IN))
    return html.translate(table), tuple(StandIn(each) for each in missing)


def located(found: tuple[StandIn, ...], texts: Mapping[str, str]) -> tuple[StandIn, ...]:
    """The same stand-ins with the places (label → text) in which they stand; elsewhere means the template itself."""
    return tuple(
        StandIn(each.character, tuple(label for label, text in texts.items() if each.character in text)) for each in found
    )


def with_note(html: str, found: tuple[StandIn, ...], lead: str) -> str:
    """The document with a note at its end that says what each stand-in stands for."""
    if not found:
        return html
    names = "; ".join(each.name for each in found[:_NOTED]) + (f"; + {len(found) - _NOTED}" if len(found) > _NOTED else "")
    note = Markup("<p class='standins'>{} {}</p>").format(lead, names)
    head, end, tail = html.rpartition("</body>")
    return f"{head}{note}{end}{tail}" if end else f"{html}{note}"
