"""User text as inert HTML: paragraphs, lines, emphasis and lists; no HTML, no images, no links that lead anywhere."""

from functools import lru_cache

from markdown_it import MarkdownIt
from markupsafe import Markup


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt("zero", {"html": False, "breaks": True})
    parser.enable(["list", "emphasis", "newline"])
    return parser


def prose(text: str) -> Markup:
    """Markdown written by a person as HTML in which everything else is plain, escaped text."""
    return Markup(_parser().render(text))  # noqa: S704 - markdown-it escapes; raw HTML is off


def plain_lines(text: str) -> list[str]:
    """The lines of a text without list signs, blank ones left out: an action list."""
    return [line.strip().lstrip("-*•").strip() for line in text.splitlines() if line.strip(" -*•\t")]
