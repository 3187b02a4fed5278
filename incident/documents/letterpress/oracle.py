"""Proof by others: a finished file read by readers that had no part in writing it, and letters laid out the plain way.

The reading finds each sampled recipient's reference on every page of the letter, and nobody else's in it. The plain
layout (WeasyPrint, one letter, no slots) must draw the same glyphs at the same places in the same colours. What differs
stops the job.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from incident.documents.letterpress.compilation import with_fallbacks
from incident.documents.letterpress.press import Press
from incident.documents.letterpress.recipient import Recipient, shape_of
from incident.documents.letterpress.slots import written_html
from incident.errors import DocumentError

if TYPE_CHECKING:
    from incident.documents.letterpress.drawn import Mark

_NEAR = 0.3
"""Points by which a glyph may stand beside its twin: the plain layout cuts kerning to whole 1/1000 em, letter by letter, and
sets accents that are glyphs of their own a fortieth too far."""


@dataclass(frozen=True, slots=True)
class Written:
    """Where in a file a recipient's letter stands: its first page (from 1) and how many it has."""

    recipient: Recipient
    first: int
    pages: int


def verify_file(pdf: bytes, held: Sequence[Written], sample: Sequence[int]) -> int:
    """Read the sampled letters (indices into `held`) with other readers; the number of pages read. Raises on a mix-up."""
    import pikepdf

    references = {each.recipient.reference for each in held}
    pages = 0
    with pikepdf.open(io.BytesIO(pdf), inherit_page_attributes=False) as file:
        if len(file.pages) != sum(each.pages for each in held):
            raise _differs("The file", "has another number of pages than its letters have")
        for index in sample:
            for number, text in enumerate(_page_texts(file, held[index])):
                _verify_text(text, held[index].recipient, references, number)
                pages += 1
    return pages


def _page_texts(file: Any, written: Written) -> Iterator[str]:
    """The text of a letter's pages as pypdf reads them, out of the file as qpdf reads it."""
    import pikepdf
    from pypdf import PdfReader

    with pikepdf.new() as single:
        for number in range(written.pages):
            page = file.pages[written.first - 1 + number]
            single.pages.append(page)
        for page in single.pages:
            for key in ("/StructParents", "/Tabs"):
                if key in page:
                    del page[key]
        out = io.BytesIO()
        single.save(out)
    for page in PdfReader(out).pages:
        runs: list[str] = []
        page.extract_text(visitor_text=lambda text, *_, runs=runs: runs.append(text))
        yield " ".join(runs)


def _verify_text(text: str, recipient: Recipient, references: set[str], number: int) -> None:
    words = set(text.split())
    found = words & references
    if found != {recipient.reference}:
        others = sorted(found - {recipient.reference})
        said = f"bears the reference of another: {others[0]}" if others else "does not bear its reference"
        raise _differs(f"Page {number + 1} of «{recipient.key}»", said)


def plain_pdf(press: Press, recipient: Recipient) -> bytes:
    """A recipient's letter as WeasyPrint alone makes it, without slots, stamps or anything of this press."""
    text = press.texts[recipient.language]
    html = with_fallbacks(written_html(text.html, shape_of(recipient), recipient), press.desk.fonts)
    return press.desk.lay_out(html, title=text.title, language=text.language).pdf


def verify_drawing(pdf: bytes, plain: bytes, recipient: Recipient, *, first: int = 1) -> int:
    """Compare a letter (from page `first` of a file) with its plain layout; the number of marks compared."""
    import pikepdf

    from incident.documents.letterpress.drawn import marks_of

    compared = 0
    with pikepdf.open(io.BytesIO(pdf)) as ours, pikepdf.open(io.BytesIO(plain)) as theirs:
        for number, page in enumerate(theirs.pages):
            if first - 1 + number >= len(ours.pages):
                raise _differs(f"«{recipient.key}»", "has fewer pages than its plain layout")
            mine, other = marks_of(ours.pages[first - 1 + number]), marks_of(page)
            if not _same(mine, other):
                raise _differs(f"Page {number + 1} of «{recipient.key}»", "is drawn otherwise than its plain layout")
            compared += len(mine)
    return compared


def _same(mine: Sequence["Mark"], other: Sequence["Mark"]) -> bool:
    """Whether each mark has a twin of its own within `_NEAR`."""
    cells: dict[tuple[str, int, int], list[Mark]] = {}
    for each in other:
        cells.setdefault((each.what, round(each.x), round(each.y)), []).append(each)
    return len(mine) == len(other) and all(_met(each, cells) for each in mine)


def _met(mark: "Mark", cells: "dict[tuple[str, int, int], list[Mark]]") -> bool:
    for across in (0, -1, 1):
        for down in (0, -1, 1):
            cell = cells.get((mark.what, round(mark.x) + across, round(mark.y) + down), [])
            for each in cell:
                if max(abs(mark.x - each.x), abs(mark.y - each.y), abs(mark.size - each.size)) <= _NEAR:
                    cell.remove(each)
                    return True
    return False


def validated(pdf: bytes) -> str:
    """The verdict of an installed PDF/UA validator: empty when it finds nothing, or its first finding; never a refusal."""
    from importlib.util import find_spec

    if find_spec("page") is None:
        return ""
    import page

    if not hasattr(page, "validate_pdf_bytes"):
        return ""
    verdict = str(page.validate_pdf_bytes(pdf, profile="ua1"))
    return "" if "no failures" in verdict else next((line for line in verdict.splitlines() if line.startswith("[")), verdict)


def _differs(what: str, said: str) -> DocumentError:
    return DocumentError(f"{what} {said}; the press has stopped.", "Nothing of this job may be sent. Report it.")
