"""A page of blocks: each with its lead (a label, a bullet) and a text that wraps beside it, never below it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from textual.content import Content
from textual.events import Resize
from textual.geometry import Size
from textual.widget import Widget

_STEERING = (*range(0x09), *range(0x0B, 0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_INERT = dict.fromkeys(_STEERING, "\N{REPLACEMENT CHARACTER}")
_NARROWEST = 8
"""A text that would get fewer cells than this beside its lead begins below it."""


def inert(content: Content) -> Content:
    """The same without the signs that steer a terminal or turn the direction of what follows."""
    text = content.plain.translate(_INERT)
    return content if text == content.plain else Content(text, list(content.spans))


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or one item beside its lead; `gap` blank lines stand above it."""

    body: Content
    lead: Content = Content("")
    gap: int = 0
    indent: int = 0
    """Cells before the text, the lead included."""

    def lines(self, width: int) -> Iterable[Content]:
        """The block in lines of so many cells."""
        yield from [Content("")] * self.gap
        indent = self.indent
        if width - indent < _NARROWEST:
            if self.lead:
                yield self.lead.truncate(max(1, width), ellipsis=True)
            yield from inert(self.body).wrap(max(1, width))
            return
        first = self.lead.truncate(indent, pad=True)
        for line in inert(self.body).wrap(width - indent):
            yield Content.assemble(first, line)
            first = Content.blank(indent) if indent else Content("")


class Blocks(Widget):
    """Shows a page of blocks; nothing in it is read as markup."""

    def __init__(self, page: Sequence[Block] = (), *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._page = tuple(page)
        self._laid_out: tuple[int, Content, int] | None = None

    def show(self, page: Sequence[Block]) -> None:
        """Show these; the same page again costs nothing."""
        found = tuple(page)
        if found != self._page:
            before = self._height_at(self._laid_out[0]) if self._laid_out else 0
            self._page, self._laid_out = found, None
            self.refresh(layout=before != self._height_at(self.content_size.width))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as the blocks take."""
        return self._height_at(width)

    def render(self) -> Content:
        """The lines at the present width."""
        return self._at(self.content_size.width)[1]

    def on_resize(self, event: Resize) -> None:
        """Another width makes other lines."""
        self.refresh()

    @property
    def plain(self) -> str:
        """What stands there, unwrapped: a line for each block."""
        return "\n".join(f"{each.lead.plain}{each.body.plain}" for each in self._page)

    def _height_at(self, width: int) -> int:
        return self._at(width)[2]

    def _at(self, width: int) -> tuple[int, Content, int]:
        if self._laid_out is None or self._laid_out[0] != width:
            lines = [line for each in self._page for line in each.lines(max(1, width))]
            self._laid_out = width, Content("\n").join(lines), max(1, len(lines))
        return self._laid_out
