"""The narrative of a notice as a Word document for outside counsel: headings, paragraphs, lists, and the stamp on each page."""

import io
import re
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from incident.documents.plain import inert

_ITEM = re.compile(r"^\s*(?:[-*•]|(\d+)[.)])\s+(.*)$")
_STRONG = re.compile(r"(\*\*.+?\*\*)")
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and its text in Markdown."""

    heading: str
    text: str
    note: str = ""
    """Where it comes from and who said it."""


@dataclass(frozen=True, slots=True)
class Brief:
    """A document for counsel."""

    title: str
    lines: tuple[str, ...]
    """What stands under the title: reference, recipient, version."""
    sections: tuple[Section, ...]
    stamp: str
    language: str
    made_at: datetime


def docx(brief: Brief) -> bytes:
    """The document; the same brief gives the same bytes."""
    from docx import Document

    document = Document()
    core = document.core_properties
    core.title, core.author, core.language, core.comments = inert(brief.title)[:255], "", brief.language, brief.stamp
    core.created = core.modified = brief.made_at.astimezone(UTC).replace(tzinfo=None)
    for part in (document.sections[0].header, document.sections[0].footer):
        part.paragraphs[0].text = brief.stamp
    document.add_heading(inert(brief.title), level=0)
    for line in brief.lines:
        document.add_paragraph(inert(line))
    for section in brief.sections:
        document.add_heading(inert(section.heading), level=1)
        _prose(document, inert(section.text))
        if section.note:
            document.add_paragraph().add_run(inert(section.note)).italic = True
    return _settled(document)


def _prose(document: Any, text: str) -> None:
    for block in re.split(r"\n\s*\n", text.strip()):
        plain: list[str] = []
        for line in block.splitlines():
            item = _ITEM.match(line)
            if item is None:
                plain.append(line)
                continue
            _paragraph(document, plain)
            plain = []
            _runs(document.add_paragraph(style="List Number" if item.group(1) else "List Bullet"), item.group(2))
        _paragraph(document, plain)


def _paragraph(document: Any, lines: list[str]) -> None:
    if lines:
        _runs(document.add_paragraph(), "\n".join(lines))


def _runs(paragraph: Any, text: str) -> None:
    for part in _STRONG.split(text):
        if part:
            strong = part.startswith("**") and part.endswith("**") and len(part) > 4
            paragraph.add_run(part[2:-2] if strong else part).bold = strong or None


def _settled(document: Any) -> bytes:
    """The archive with one date for every entry: python-docx writes the hour in which it ran."""
    loose, settled = io.BytesIO(), io.BytesIO()
    document.save(loose)
    with zipfile.ZipFile(loose) as source, zipfile.ZipFile(settled, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return settled.getvalue()
