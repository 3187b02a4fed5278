"""From an approved page to a variant: signs into the slots, one layout, taken apart once, named by everything it hangs on."""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from incident.documents.letterpress.anatomy import Source, variant_of
from incident.documents.letterpress.layout import FONTS, LayoutDesk
from incident.documents.letterpress.recipient import Recipient, Shape, shape_of
from incident.documents.letterpress.slots import signed_html, slots_of, written_html
from incident.documents.letterpress.variant import Variant

_FORMAT = "1"
"""Of a variant; a change here makes older cached layouts unknown."""
_MADE_BY = ("weasyprint", "pydyf", "uharfbuzz", "pikepdf", "fonttools")
_FACE = re.compile(r"@font-face\s*{([^}]*)}")
_BODY, _CODE = "Body", "Code"


@dataclass(frozen=True, slots=True)
class LetterText:
    """An approved letter in one language, dressed for printing (`page.dress`): what every recipient is told."""

    html: str
    title: str
    language: str
    written: str = ""
    """The same with the characters that no font has, for the text of an e-mail; empty where `html` has them all."""


def compile_variant(text: LetterText, shape: Shape, desk: LayoutDesk) -> Variant | str:
    """The letter in one shape, laid out and taken apart; a sentence when the layout complains."""
    slots = slots_of(shape)
    html = with_fallbacks(signed_html(text.html, shape), desk.fonts)
    laid = desk.attempt(html, title=text.title, language=text.language, signs=[slot.sign for slot in slots])
    if isinstance(laid, str):
        return laid
    digest = variant_digest(text, shape, desk.fonts)
    return variant_of(Source(laid, shape, slots, text.title, text.language, digest, desk.fonts, faces_of(html)))


def compile_alone(text: LetterText, recipient: Recipient, desk: LayoutDesk) -> Variant | str:
    """One recipient's letter laid out by itself: a variant without slots, never kept."""
    shape = shape_of(recipient)
    html = with_fallbacks(written_html(text.html, shape, recipient), desk.fonts)
    laid = desk.attempt(html, title=text.title, language=text.language)
    if isinstance(laid, str):
        return laid
    digest = sha256(laid.pdf).hexdigest()
    source = Source(laid, shape, (), text.title, text.language, digest, desk.fonts, faces_of(html), recipient.reference)
    return variant_of(source)


def variant_digest(text: LetterText, shape: Shape, fonts: Mapping[str, Path]) -> str:
    """SHA-256 over everything from which the layout follows."""
    made_by = {name: version(name) for name in _MADE_BY}
    faces = {name: _file_digest(path) for name, path in sorted(fonts.items())}
    held = [_FORMAT, text.html, text.title, text.language, asdict(shape), faces, made_by]
    return sha256(json.dumps(held, sort_keys=True).encode()).hexdigest()


@lru_cache(maxsize=32)
def _file_digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


def with_fallbacks(html: str, fonts: Mapping[str, Path]) -> str:
    """The page with the user's further fonts behind its own, for scripts that those do not have."""
    further = [name for name, path in fonts.items() if path.parent != FONTS]
    if not further:
        return html
    faces = "".join(f"@font-face {{ font-family: {_family(name)}; src: url(asset:{name}) }} " for name in further)
    families = ", ".join([_BODY, _CODE, *(_family(name) for name in further)])
    return html.replace("</head>", f"<style>{faces}html {{ font-family: {families} }}</style></head>", 1)


def _family(name: str) -> str:
    return "Further" + sha256(name.encode()).hexdigest()[:8]


def faces_of(html: str) -> dict[str, str]:
    """Font name as a PDF gives it (`Body-Bold`) → file, from the page's own @font-face rules."""
    found: dict[str, str] = {}
    for rule in _FACE.findall(html):
        told = {key.strip(): value.strip() for key, _, value in (each.partition(":") for each in rule.split(";"))}
        asset = told.get("src", "").removeprefix("url(asset:").removesuffix(")")
        style = "-Bold" if told.get("font-weight") == "bold" else ""
        for slant in ("-Italic", "-Oblique") if told.get("font-style") == "italic" else ("",):
            found[told.get("font-family", "") + style + slant] = asset
    return found
