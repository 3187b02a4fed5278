"""The organisation's logo: taken in once, checked, drawn anew, and from then on a small picture that can do nothing.

PNG and JPEG are decoded within limits and written again as PNG, so that nothing but pixels is left. An SVG is read as a tree
of drawing elements; one that could run, link, load or refer to anything outside itself is refused.
"""

import base64
import re
import struct
from io import BytesIO
from xml.parsers import expat

from incident.errors import ContentError

LARGEST_FILE = 2_000_000
"""Bytes of the file that is taken in."""
_MOST_PIXELS = 4_000_000
_KEPT_SIDE = 900
_LARGEST_KEPT = 300_000
_MOST_ELEMENTS = 2_000
_DEEPEST = 24
_DRAWN = frozenset(
    "svg g path rect circle ellipse line polyline polygon defs linearGradient radialGradient stop title desc clipPath".split()  # noqa: SIM905
)
_ATTRIBUTES = frozenset(
    "xmlns version viewBox width height x y x1 y1 x2 y2 cx cy r rx ry d points fill stroke fill-rule clip-rule "  # noqa: SIM905
    "stroke-width stroke-linecap stroke-linejoin stroke-miterlimit stroke-dasharray opacity fill-opacity stroke-opacity "
    "transform id offset stop-color stop-opacity gradientUnits gradientTransform clipPathUnits clip-path "
    "preserveAspectRatio role aria-label".split()
)
_VALUE = re.compile(r"(?:[^()<>&\\]|url\(#[\w-]+\)|(?:rgb|matrix|translate|scale|rotate|skewX|skewY)\([-\d.,%\se]+\))*")
_URI = re.compile(r"data:image/(png|svg\+xml);base64,([A-Za-z0-9+/=]+)")


def logo_uri(content: bytes) -> str:
    """The logo as a `data:` address for a page; ContentError says what is wrong with the file."""
    if len(content) > LARGEST_FILE:
        raise ContentError(f"The logo has {len(content):,} bytes.", f"Up to {LARGEST_FILE:,} are taken.")
    if content.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")):
        return _uri("png", _drawn_anew(content))
    if b"<svg" in content[:4000]:
        return _uri("svg+xml", _plain_svg(content))
    raise ContentError("The logo is neither PNG, JPEG nor SVG.", "Save it as one of these.")


def _uri(kind: str, content: bytes) -> str:
    if len(content) > _LARGEST_KEPT:
        raise ContentError(f"The logo still has {len(content):,} bytes.", "Use a simpler or smaller picture.")
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"


def picture_of(uri: str) -> tuple[str, bytes] | None:
    """Media type and bytes of an address that `logo_uri` could have made; None for every other."""
    found = _URI.fullmatch(uri) if len(uri) <= _LARGEST_KEPT * 2 else None
    if found is None:
        return None
    try:
        content = base64.b64decode(found.group(2), validate=True)
        if found.group(1) == "png":
            return ("image/png", content) if content.startswith(b"\x89PNG") and _pixels(content) <= _MOST_PIXELS else None
        return "image/svg+xml", _plain_svg(content)
    except (ValueError, ContentError):
        return None


def _pixels(png: bytes) -> int:
    """The size that the picture's own head claims: known before anything is unpacked."""
    if len(png) < 24 or png[12:16] != b"IHDR":
        raise ContentError("The picture has no head.", "Save it again as PNG.")
    width, height = struct.unpack(">II", png[16:24])
    return int(width) * int(height)


def _drawn_anew(content: bytes) -> bytes:
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(BytesIO(content), formats=("PNG", "JPEG")) as picture:
            width, height = picture.size
            if width * height > _MOST_PIXELS:
                raise ContentError(
                    f"The logo has {width:,} × {height:,} pixels.", f"Up to {_MOST_PIXELS:,} in all are taken; make it smaller."
                )
            picture.load()
            plain = picture.convert("RGBA")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, MemoryError, Image.DecompressionBombError) as error:
        raise ContentError(f"The logo cannot be read: {error}.", "Save it again as PNG.") from error
    plain.thumbnail((_KEPT_SIDE, _KEPT_SIDE))
    ground = Image.new("RGB", plain.size, "white")  # PDF/A knows no half-transparent pixels that readers agree on
    ground.paste(plain, mask=plain.getchannel("A"))
    out = BytesIO()
    ground.save(out, "PNG", optimize=True)
    return out.getvalue()


class _Reader:
    """Walks an SVG and stops at the first thing that is not drawing."""

    def __init__(self) -> None:
        self.count = self.depth = 0

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        """An element and its attributes."""
        self.count, self.depth = self.count + 1, self.depth + 1
        if self.count > _MOST_ELEMENTS or self.depth > _DEEPEST:
            raise ContentError("The SVG is too large to be a logo.", "Simplify it, or save it as PNG.")
        if name not in _DRAWN:
            raise ContentError(f"The SVG has <{name[:40]}>, which is more than drawing.", "Save it as PNG, or take that out.")
        for key, value in attributes.items():
            self.check(key, value)

    def check(self, key: str, value: str) -> None:
        """An attribute: only of drawing, only with a plain value."""
        plain = value == "http://www.w3.org/2000/svg" if key == "xmlns" else bool(_VALUE.fullmatch(value))
        if key not in _ATTRIBUTES or not plain:
            raise ContentError(f"The SVG has {key[:40]}=«{value[:60]}».", "Save it as PNG, or take that out.")

    def end(self, name: str) -> None:
        """The end of an element."""
        del name
        self.depth -= 1

    def refuse(self, *given: object) -> None:
        """A document type, an entity or a processing instruction has no place in a logo."""
        del given
        raise ContentError("The SVG declares entities or instructions.", "Save it as plain SVG or as PNG.")


def _plain_svg(content: bytes) -> bytes:
    reader, parser = _Reader(), expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = reader.begin, reader.end
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = parser.ProcessingInstructionHandler = reader.refuse
    try:
        parser.Parse(content, True)  # noqa: FBT003 - expat's own
    except expat.ExpatError as error:
        raise ContentError(f"The SVG cannot be read: {error}.", "Save it again.") from error
    return content
