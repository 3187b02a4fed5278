"""Markdown of a playbook as blocks: paragraphs, emphasis, code, headings and lists. No HTML, no images, no links to follow."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from textual.content import Content

from incident.tui.widgets.blocks import Block

_STYLES = {"strong": "bold", "em": "italic"}


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt("zero", {"html": False})
    return parser.enable(["list", "emphasis", "newline", "backticks", "heading", "fence", "blockquote", "escape"])


@lru_cache(maxsize=256)
def markdown_blocks(text: str) -> tuple[Block, ...]:
    """The blocks of a text."""
    place = _Place()
    return tuple(block for token in _parser().parse(text.strip()) for block in place.blocks(token))


@dataclass
class _Place:
    """Where in the text we are: how deep in lists, and what the next paragraph begins with."""

    counters: list[int] = field(default_factory=list)
    """One for each list we are in; 0 for bullets, else the number of the next item."""
    lead: str = ""
    heading: bool = False
    begun: bool = False

    def blocks(self, token: Token) -> Iterator[Block]:
        match token.type:
            case "bullet_list_open":
                self.counters.append(0)
            case "ordered_list_open":
                self.counters.append(int(token.attrGet("start") or 1))
            case "bullet_list_close" | "ordered_list_close":
                self.counters.pop()
            case "list_item_open":
                self.lead = self._next_lead()
            case "heading_open" | "heading_close":
                self.heading = token.nesting > 0
            case "inline":
                yield self._block(inline(token.children or ()))
            case "fence" | "code_block":
                yield self._block(Content.styled(token.content.rstrip("\n"), "$secondary"))

    def _next_lead(self) -> str:
        number = self.counters[-1]
        if not number:
            return "• "
        self.counters[-1] += 1
        return f"{number}. "

    def _block(self, body: Content) -> Block:
        depth = max(0, len(self.counters) - 1) * 2
        lead, self.lead = self.lead, ""
        gap = 0 if not self.begun or lead else 1
        self.begun = True
        if not self.counters:
            return Block(body.stylize("bold") if self.heading else body, gap=gap)
        lead = lead or "  "
        return Block(body, Content(f"{' ' * depth}{lead}"), gap if not lead.strip() else 0, depth + len(lead))


def inline(tokens: Iterable[Token]) -> Content:
    """The words of a paragraph with their emphasis; a line's end in the file is a blank here."""
    parts: list[tuple[str, str]] = []
    styles: list[str] = []
    for token in tokens:
        kind = token.type.removesuffix("_open").removesuffix("_close")
        if kind in _STYLES and token.nesting:
            styles = [*styles, _STYLES[kind]] if token.nesting > 0 else styles[:-1]
        elif token.type == "softbreak":
            parts.append((" ", ""))
        elif token.type == "hardbreak":
            parts.append(("\n", ""))
        else:
            code = ["$accent"] if token.type == "code_inline" else []
            parts.append((token.content, " ".join([*styles, *code])))
    return Content.assemble(*parts)
