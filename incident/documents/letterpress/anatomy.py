"""What a laid-out letter is made of: its static drawing, the places of its slots, its fonts and its structure.

The layout is WeasyPrint's; nothing is moved. A sign that is missing, stands twice where it may not, was broken, or is set
in a font that is not one of ours, is an error: a letter is never printed from a layout that was half understood.
"""

import io
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from incident.documents.letterpress.layout import LaidOut
from incident.documents.letterpress.recipient import Shape
from incident.documents.letterpress.slots import FOOT, Slot
from incident.documents.letterpress.structure import elements_of, linked_content
from incident.documents.letterpress.tracing import Drawing, traced
from incident.documents.letterpress.typeface import Typeface, typeface
from incident.documents.letterpress.variant import FaceUse, Part, Place, Sheet, Variant
from incident.errors import DocumentError

_UNICODE_ROW = re.compile(rb"^<([0-9a-fA-F]{4})> <((?:[0-9a-fA-F]{4})+)>$", re.MULTILINE)
_METRICS = ("/Flags", "/FontBBox", "/ItalicAngle", "/Ascent", "/Descent", "/CapHeight", "/StemV", "/StemH")


@dataclass(frozen=True, slots=True)
class Source:
    """What is to be taken apart: the layout, and what it was made from."""

    laid: LaidOut
    shape: Shape
    slots: tuple[Slot, ...]
    title: str
    language: str
    digest: str
    fonts: Mapping[str, Path]
    faces: Mapping[str, str]
    """Font name in the PDF (`Body-Bold`) → file name."""
    reference: str = ""
    """Of a letter laid out for one recipient: what has to stand on each of its pages."""


def variant_of(source: Source) -> Variant | str:
    """The layout taken apart; a sentence when it is set in a font that is not one of the letter's own."""
    import pikepdf

    with pikepdf.open(io.BytesIO(source.laid.pdf)) as pdf:
        foreign = {_base_font(font) for font in _font_resources(pdf).values()} - set(source.faces)
        if foreign:
            return f"The letter is set in «{', '.join(sorted(foreign))}», which is not one of its own fonts."
        elements = elements_of(pdf)
        linked = linked_content(elements)
        fonts = _fonts(pdf, source)
        signs = {slot.sign: number for number, slot in enumerate(source.slots)}
        drawings = [
            traced(page, frozenset(mcid for held, mcid in linked if held == number), fonts, signs)
            for number, page in enumerate(pdf.pages)
        ]
        if any(source.reference not in drawing.texts for drawing in drawings if source.reference):
            raise DocumentError("A page of a letter does not carry its own reference; the press has stopped.", "Report it.")
        resources, parts = _resources(pdf)
        return Variant(
            digest=source.digest,
            title=source.title,
            language=source.language,
            shape=source.shape,
            sheets=tuple(_sheet(page, drawing) for page, drawing in zip(pdf.pages, drawings, strict=True)),
            places=_places(source, drawings, list(_font_resources(pdf))),
            faces=_faces(pdf, source, drawings),
            elements=elements,
            resources=resources,
            parts=parts,
            metadata=bytes(pdf.Root.Metadata.read_bytes()),
            about=_written(pdf.docinfo, []),
        )


def _sheet(page: Any, drawing: Drawing) -> Sheet:
    box = b"[" + b" ".join(_written(each, []) for each in page.MediaBox) + b"]"
    return Sheet(box, zlib.compress(drawing.tagged, 9), zlib.compress(drawing.plain, 9))


def _font_resources(pdf: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for page in pdf.pages:
        found |= {name: page.Resources.Font[name] for name in page.Resources.get("/Font", {})}
    return {name: found[name] for name in sorted(found)}


def _base_font(font: Any) -> str:
    return str(font.BaseFont).split("+", 1)[-1]


def _asset(font: Any, source: Source) -> str:
    return source.faces[_base_font(font)]


def _fonts(pdf: Any, source: Source) -> dict[str, Typeface]:
    return {name: typeface(source.fonts[_asset(font, source)], source.language) for name, font in _font_resources(pdf).items()}


def _faces(pdf: Any, source: Source, drawings: list[Drawing]) -> tuple[FaceUse, ...]:
    stamped = {each.font for drawing in drawings for each in drawing.slots}
    found = []
    for name, font in _font_resources(pdf).items():
        glyphs = frozenset().union(*(drawing.glyphs.get(name, frozenset()) for drawing in drawings))
        given = font.DescendantFonts[0].FontDescriptor
        descriptor = b"".join(b"%s %s" % (key.encode(), _written(given[key], [])) for key in _METRICS if key in given)
        asset = _asset(font, source)
        own = typeface(source.fonts[asset], source.language).text_of
        texts = tuple((glyph, text) for glyph, text in read_texts(font) if glyph in glyphs and glyph not in own)
        found.append(FaceUse(asset, name[1:].encode(), tuple(sorted(glyphs)), name in stamped, descriptor, texts))
    return tuple(found)


def read_texts(font: Any) -> list[tuple[int, str]]:
    """What the layout's own ToUnicode says of each glyph: of shapes that no character names, it alone knows."""
    rows = _UNICODE_ROW.findall(bytes(font.ToUnicode.read_bytes()))
    return sorted((int(glyph, 16), bytes.fromhex(text.decode()).decode("utf-16-be", "replace")) for glyph, text in rows)


def _places(source: Source, drawings: list[Drawing], names: list[str]) -> tuple[Place, ...]:
    rooms = {(page, sign): room for page, sign, room in source.laid.rooms}
    found = []
    for page, drawing in enumerate(drawings):
        for each in drawing.slots:
            room = rooms.get((page, source.slots[each.slot].sign), 0.0)
            face = names.index(each.font)
            size, x, y = round(each.size, 4), round(each.x, 4), round(each.y, 4)
            found.append(Place(each.slot, page, each.mcid, x, y, size, each.colour, face, room * 1000 / each.size))
    _refuse_unclear(source, found, len(drawings))
    return tuple(found)


def _refuse_unclear(source: Source, places: list[Place], pages: int) -> None:
    for number, slot in enumerate(source.slots):
        times = sum(place.slot == number for place in places)
        wanted = pages if slot.key == FOOT else 1
        if times != wanted:
            raise DocumentError(
                f"The place for «{slot.key}» was found {times} times in the layout instead of {wanted}.",
                "Give it a line of its own in the template, aligned to the left.",
            )
        if any(place.room <= 0 for place in places if place.slot == number):
            raise DocumentError(f"The place for «{slot.key}» is not the end of its line.", "Let nothing follow it there.")


def _resources(pdf: Any) -> tuple[bytes, tuple[Part, ...]]:
    """Everything but fonts that the streams name."""
    parts: list[Part] = []
    merged: dict[str, dict[str, Any]] = {}
    for page in pdf.pages:
        for kind in (key for key in page.Resources if key not in ("/Font", "/ProcSet")):
            merged.setdefault(kind, {}).update({name: page.Resources[kind][name] for name in page.Resources[kind]})
    body = b"".join(kind.encode() + _written(held, parts) for kind, held in sorted(merged.items()) if held)
    return body, tuple(parts)


def _written(thing: Any, parts: list[Part]) -> bytes:
    """A PDF object in bytes, keys in order; streams become parts and are named by their number."""
    import pikepdf

    if isinstance(thing, pikepdf.Stream):
        dictionary = {key: thing[key] for key in thing.keys() if key not in ("/Length", "/Filter", "/DecodeParms")}  # noqa: SIM118
        body, data = _written(dictionary, parts), zlib.compress(bytes(thing.read_bytes()), 9)
        parts.append(Part(body[2:-2], data))
        return b"\x00%d\x00 0 R" % (len(parts) - 1)
    if isinstance(thing, pikepdf.Dictionary | dict):
        return b"<<" + b"".join(key.encode() + b" " + _written(thing[key], parts) for key in sorted(thing.keys())) + b">>"
    if isinstance(thing, pikepdf.Array | list):
        return b"[" + b" ".join(_written(each, parts) for each in thing) + b"]"
    if isinstance(thing, bool):
        return b"true" if thing else b"false"
    if isinstance(thing, int | Decimal):
        return str(thing).encode()
    return bytes(thing.unparse())
