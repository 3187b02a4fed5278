"""What a file of letters holds once (fonts, static pages, resources) and the pattern of what each letter adds.

Objects are numbered by hundreds: a letter owns one hundred or a few in a row, so the objects of a letter are one pattern in
which only the hundreds change: a page written for one letter cannot name an object of another.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count

from incident.documents.letterpress.objects import object_stream, offset_entry, stream_object
from incident.documents.letterpress.stamping import Stamper
from incident.documents.letterpress.typeface import FontProgram
from incident.documents.letterpress.variant import Element, FaceUse, Variant
from incident.errors import DocumentError

HUNDREDS = tuple(bytes([each]) for each in (*range(1, 9), *range(14, 32)))
"""What stands in a pattern for a letter's first hundred, its second, and so on."""
FIRST_HUNDRED = 10
"""Of a file of many letters; below are the objects that the file holds once."""
CATALOG, PAGES, TREE, PARENTS, ABOUT, METADATA, DOCUMENT = 1, 2, 3, 4, 5, 6, 7
FIRST_SHARED = 8


@dataclass(slots=True)
class Shared:
    """Objects that a file holds once: bodies for an object stream, and streams."""

    hundreds: Iterator[int] = field(default_factory=lambda: count(FIRST_HUNDRED))
    """Hundreds not yet taken, by letters or by what does not fit below the first."""
    next_number: int = FIRST_SHARED
    bodies: list[tuple[int, bytes]] = field(default_factory=list)
    streams: list[tuple[int, bytes, bytes]] = field(default_factory=list)
    """Number, dictionary, deflated stream."""

    def number(self) -> int:
        """The next free number."""
        number = self.next_number
        self.next_number += 1
        if self.next_number % 100 == 0 and self.next_number >= FIRST_HUNDRED * 100:
            self.next_number = next(self.hundreds) * 100
        return number

    def add(self, body: bytes) -> int:
        """A new object."""
        number = self.number()
        self.bodies.append((number, body))
        return number

    def add_stream(self, dictionary: bytes, stream: bytes) -> int:
        """A new stream."""
        number = self.number()
        self.streams.append((number, dictionary, stream))
        return number

    def written(self, at: int) -> tuple[bytes, list[tuple[int, bytes]]]:
        """Everything written from an offset on, and (number, cross-reference entry) of each."""
        out, entries = [], []
        for number, dictionary, stream in self.streams:
            entries.append((number, offset_entry(at)))
            out.append(stream_object(number, dictionary, stream))
            at += len(out[-1])
        holder = self.number()
        out.append(object_stream(holder, self.bodies))
        entries.append((holder, offset_entry(at)))
        for index, (number, _) in enumerate(self.bodies):
            entries.append((number, b"\x02" + holder.to_bytes(4, "big") + index.to_bytes(2, "big")))
        return b"".join(out), sorted(entries)


@dataclass(frozen=True, slots=True)
class VariantShare:
    """Where a file keeps a variant's shared objects."""

    resources: int
    statics: tuple[int, ...]


def add_font(shared: Shared, use: FaceUse, program: FontProgram) -> int:
    """A font's five objects; the number of the one that resources name."""
    name = f"{program.tag}+{use.asset.removesuffix('.ttf')}".encode()
    file = shared.add_stream(b"/Length1 %d" % program.length, program.file)
    unicode = shared.add_stream(b"", program.to_unicode)
    descriptor = shared.add(b"<</Type/FontDescriptor/FontName/%s%s/FontFile2 %d 0 R>>" % (name, use.descriptor, file))
    info = b"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/CIDToGIDMap/Identity"
    head = b"<</Type/Font/Subtype/CIDFontType2/BaseFont/%s%s" % (name, info)
    descendant = shared.add(b"%s/W%s/FontDescriptor %d 0 R>>" % (head, program.widths, descriptor))
    body = b"<</Type/Font/Subtype/Type0/BaseFont/%s/Encoding/Identity-H/ToUnicode %d 0 R/DescendantFonts[%d 0 R]>>"
    return shared.add(body % (name, unicode, descendant))


def add_variant(shared: Shared, variant: Variant, *, tagged: bool) -> VariantShare:
    """A variant's static pages and images; its resources are numbered now and written by `add_resources`."""
    statics = tuple(shared.add_stream(b"", sheet.tagged if tagged else sheet.plain) for sheet in variant.sheets)
    return VariantShare(shared.number(), statics)


def add_resources(shared: Shared, variant: Variant, share: VariantShare, fonts: Sequence[int]) -> None:
    """The resources of a variant, when the fonts of the file are known."""
    numbers = [shared.number() for _ in variant.parts]
    for number, part in zip(numbers, variant.parts, strict=True):
        shared.streams.append((number, _with_numbers(part.dictionary, numbers), part.stream))
    named = b"".join(b"/%s %d 0 R" % (use.name, font) for use, font in zip(variant.faces, fonts, strict=True))
    body = b"<<%s/Font<<%s>>>>" % (_with_numbers(variant.resources, numbers), named)
    shared.bodies.append((share.resources, body))


def _with_numbers(body: bytes, numbers: Sequence[int]) -> bytes:
    for part, number in enumerate(numbers):
        body = body.replace(b"\x00%d\x00" % part, b"%d" % number)
    return body


def add_frame(shared: Shared, variant: Variant, *, tagged: bool) -> None:
    """Catalogue, information and metadata of a file; pages and trees are written when they are complete."""
    shared.bodies.append((ABOUT, variant.about))
    tags = b"/StructTreeRoot %d 0 R/MarkInfo<</Marked true>>/Metadata %d 0 R" % (TREE, METADATA) if tagged else b""
    view = b"/ViewerPreferences<</DisplayDocTitle true>>/Lang(%s)" % variant.language.encode()
    shared.bodies.append((CATALOG, b"<</Type/Catalog/Pages %d 0 R%s%s>>" % (PAGES, view, tags)))
    if tagged:
        shared.streams.append((METADATA, b"/Type/Metadata/Subtype/XML", variant_metadata(variant)))


def variant_metadata(variant: Variant) -> bytes:
    """The XMP, deflated."""
    from zlib import compress

    return compress(variant.metadata, 9)


class LetterPattern:
    """The objects of one letter of a variant in a file."""

    def __init__(self, stamper: Stamper, share: VariantShare) -> None:
        self.stamper, self.variant = stamper, stamper.variant
        pages, elements = len(self.variant.sheets), len(self.variant.elements)
        self.pages = pages
        self.letter = pages + 1
        """The local number of the element that holds the letter; the one before is its node of the parent tree."""
        self.held = pages + (2 + elements if stamper.tagged else 0)
        """Objects in the letter's object stream: locals 0 … held - 1."""
        self.count = self.held + pages
        """All its objects but the object stream; the last `pages` are content streams."""
        self.blocks = self.count // 100 + 1
        """Hundreds that a letter takes."""
        if self.blocks > len(HUNDREDS):
            raise DocumentError("The letter has too many parts for a press.", "Shorten it, or send it as a notice.")
        self.bodies = [self._page(number, share) for number in range(pages)] + (self._tags() if stamper.tagged else [])
        self.page_bodies = b"\n".join(self.bodies[:pages])
        self._streams: dict[tuple[int, int], tuple[bytes, bytes]] = {}

    def local(self, number: int) -> bytes:
        """A number of this letter as the pattern writes it."""
        return HUNDREDS[number // 100] + b"%02d" % (number % 100)

    def filled(self, pattern: bytes, hundred: int) -> bytes:
        """A pattern for the letter that owns the hundreds from this one on."""
        for each in range(self.blocks):
            pattern = pattern.replace(HUNDREDS[each], b"%d" % (hundred + each))
        return pattern

    def in_a_stream(self, hundred: int, *, since: int = 0) -> tuple[bytes, bytes]:
        """The bodies (from a local number on) as the content of an object stream, and that stream's dictionary."""
        key = (len(str(hundred)), since)
        if key not in self._streams:
            self._streams[key] = self._stream_pattern(*key)
        content, dictionary = self._streams[key]
        return self.filled(content, hundred), dictionary

    def _stream_pattern(self, digits: int, since: int) -> tuple[bytes, bytes]:
        index, at = [], 0
        bodies = self.bodies[since:]
        for number, body in enumerate(bodies, since):
            index.append(b"%s %d" % (self.local(number), at))
            at += _size(body, digits) + 1
        head = b" ".join(index) + b"\n"
        return head + b"\n".join(bodies), b"/Type/ObjStm/N %d/First %d" % (len(bodies), _size(head, digits))

    def _page(self, number: int, share: VariantShare) -> bytes:
        sheet = self.variant.sheets[number]
        tags = b"/StructParents %s/Tabs/S" % self.local(number) if self.stamper.tagged else b""
        contents = b"%d 0 R %s 0 R" % (share.statics[number], self.local(self.held + number))
        body = b"<</Type/Page/Parent %d 0 R/MediaBox%s/Resources %d 0 R/Contents[%s]%s>>"
        return body % (PAGES, sheet.box, share.resources, contents, tags)

    def _tags(self) -> list[bytes]:
        elements = self.variant.elements
        top = b" ".join(self._reference(index) for index, each in enumerate(elements) if each.parent < 0)
        letter = b"<</S/Art/P %d 0 R/K[%s]>>" % (DOCUMENT, top)
        return [self._parents(), letter, *(self._element(each) for each in elements)]

    def _reference(self, element: int) -> bytes:
        return self.local(self.letter + 1 + element) + b" 0 R"

    def _parents(self) -> bytes:
        rows = []
        for page in range(self.pages):
            owners = {
                kid[1]: index
                for index, each in enumerate(self.variant.elements)
                for kid in each.kids
                if isinstance(kid, tuple) and kid[0] == page
            }
            last = max(owners, default=-1)
            cells = b" ".join(self._reference(owners[mcid]) if mcid in owners else b"null" for mcid in range(last + 1))
            rows.append(b"%s[%s]" % (self.local(page), cells))
        return b"<</Limits[%s %s]/Nums[%s]>>" % (self.local(0), self.local(self.pages - 1), b" ".join(rows))

    def _element(self, element: Element) -> bytes:
        parent = self._reference(element.parent) if element.parent >= 0 else self.local(self.letter) + b" 0 R"
        first = next((kid[0] for kid in element.kids if isinstance(kid, tuple)), None)
        page = b"/Pg %s 0 R" % self.local(first) if first is not None else b""
        kids = [self._kid(kid, first) for kid in element.kids]
        held = kids[0] if len(kids) == 1 else b"[%s]" % b" ".join(kids)
        return b"<</S%s/P %s%s%s%s>>" % (element.tag, parent, page, b"/K " + held if kids else b"", element.attributes)

    def _kid(self, kid: int | tuple[int, int], page: int | None) -> bytes:
        if isinstance(kid, int):
            return self._reference(kid)
        if kid[0] == page:
            return b"%d" % kid[1]
        return b"<</Type/MCR/Pg %s 0 R/MCID %d>>" % (self.local(kid[0]), kid[1])


def _size(pattern: bytes, digits: int) -> int:
    """The length of a pattern filled with hundreds of so many digits."""
    return len(pattern) + sum(pattern.count(each) for each in HUNDREDS) * (digits - 1)
