"""A variant: a letter's layout of one shape, laid out once, ready to be stamped; frozen, without any recipient in it.

Bodies of PDF objects that name other objects of the same variant do so as `\\x00n\\x00` (part n); the files that embed them
put the real numbers in.
"""

from dataclasses import dataclass

from incident.documents.letterpress.recipient import Shape


@dataclass(frozen=True, slots=True)
class Place:
    """Where a slot's text goes: points from the lower left corner of its page."""

    slot: int
    """Index into `slots_of(shape)`."""
    page: int
    mcid: int
    """The marked content that the structure tree knows it by; -1 for an artifact in the margin."""
    x: float
    y: float
    size: float
    colour: bytes
    face: int
    room: float
    """The widest text that fits, in 1/1000 em."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page without its slots: size, and its content as a deflated stream, with marked content and without."""

    box: bytes
    tagged: bytes
    plain: bytes


@dataclass(frozen=True, slots=True)
class Element:
    """A structure element: what it is, and its kids in order: an index into the elements, or (page, mcid)."""

    tag: bytes
    parent: int
    """-1 for those that stand directly under the letter."""
    kids: tuple[int | tuple[int, int], ...]
    attributes: bytes = b""


@dataclass(frozen=True, slots=True)
class FaceUse:
    """A font of the layout: its file, the name by which the streams call it, and the glyphs that stand there."""

    asset: str
    name: bytes
    glyphs: tuple[int, ...]
    is_stamped: bool
    descriptor: bytes
    """FontDescriptor without name and file."""
    texts: tuple[tuple[int, str], ...] = ()
    """What glyphs stand for that no character of the font names."""


@dataclass(frozen=True, slots=True)
class Part:
    """A stream that the resources name: an image, a pattern."""

    dictionary: bytes
    stream: bytes


@dataclass(frozen=True, slots=True)
class Variant:
    """One letter text in one shape, laid out."""

    digest: str
    """SHA-256 over the page, the shape, the fonts and the versions of everything that lays out."""
    title: str
    language: str
    shape: Shape
    sheets: tuple[Sheet, ...]
    places: tuple[Place, ...]
    faces: tuple[FaceUse, ...]
    elements: tuple[Element, ...]
    resources: bytes
    parts: tuple[Part, ...]
    metadata: bytes
    """XMP, as WeasyPrint writes it for PDF/UA-1."""
    about: bytes
    """The information dictionary."""
