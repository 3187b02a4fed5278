"""A notice as plain text: one answer as it is typed into a form, and a frozen page as the text of a letter."""

import re
from collections.abc import Mapping
from html import unescape
from html.parser import HTMLParser

from incident.documents.words import Words
from incident.domain.notice import FieldType, NoticeField

_BLOCKS = frozenset("p div h1 h2 h3 h4 ul ol table section header footer address blockquote".split())  # noqa: SIM905
_LINES = frozenset({"tr", "li", "br", "slot-address"})
_SKIPPED = frozenset({"style", "script", "head", "title"})
_INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Control characters, and signs that turn the direction of what follows: a form must not be steered by them."""


def plain_answer(field: NoticeField, value: object, words: Words, zone: str) -> str:
    """An answer in words, without mark-up; empty where nothing is known."""
    if value is None or value == [] or (isinstance(value, str) and not value.strip()):
        return ""
    match field.type:
        case FieldType.CHOICE | FieldType.CHOICES:
            labels = dict(field.choices_in(words.language))
            said = value if isinstance(value, list) else [value]
            return "; ".join(labels.get(str(each)) or words.elements.get(str(each), str(each)) for each in said)
        case FieldType.FLAG:
            return words.phrase("yes" if value else "no")
        case FieldType.MOMENT:
            return words.moment(str(value), zone)
        case FieldType.PEOPLE:
            rows = value if isinstance(value, (list, tuple)) else ()
            return "\n".join(_people(each, words) for each in rows if isinstance(each, Mapping))
        case _:
            return inert(str(value))


def _people(row: Mapping[str, object], words: Words) -> str:
    count = row.get("count")
    said = str(count) if count is not None else words.phrase("unknown yet")
    about = f"{words.phrase('about')} " if row.get("estimated") and count is not None else ""
    return f"{words.place(str(row.get('in', '')))}: {about}{said}"


def inert(text: str) -> str:
    """The text without control characters and signs of direction; line ends as `\\n`."""
    return _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


class _Text(HTMLParser):
    """Collects the words of a page, block by block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._skipping = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A block begins a paragraph, a row or an item a line."""
        self._skipping += tag in _SKIPPED
        if tag in _BLOCKS:
            self.parts.append("\n\n")
        elif tag in _LINES:
            self.parts.append("\n- " if tag == "li" else "\n")
        elif tag in ("td", "th"):
            self.parts.append("  ")

    def handle_endtag(self, tag: str) -> None:
        """The end of a block."""
        self._skipping -= tag in _SKIPPED
        if tag in _BLOCKS:
            self.parts.append("\n\n")

    def handle_data(self, data: str) -> None:
        """Words, but for style sheets and the head."""
        if self._skipping <= 0:
            self.parts.append(re.sub(r"\s+", " ", data))


def page_text(html: str) -> str:
    """The words of a frozen page as plain text, its paragraphs, lines and items kept."""
    reader = _Text()
    reader.feed(html)
    reader.close()
    lines = [" ".join(line.split()) for line in unescape("".join(reader.parts)).split("\n")]
    return inert(re.sub(r"\n{3,}", "\n\n", "\n".join(lines))).strip() + "\n"
