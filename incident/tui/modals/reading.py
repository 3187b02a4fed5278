"""A long Markdown text to read, in a box that scrolls; its links lead nowhere."""

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Markdown


class Reading(ModalScreen[None]):
    """Shows a document."""

    AUTO_FOCUS = ".box"
    BINDINGS = [
        Binding("escape,enter,q", "dismiss", "close", show=False),
        Binding("space", "page_down", "a page on", show=False),
    ]

    def __init__(self, title: str, markdown: str) -> None:
        super().__init__()
        self._title, self._markdown = title, markdown

    def compose(self) -> ComposeResult:
        """The document."""
        with VerticalScroll(classes="box") as box:
            box.border_title = Content(self._title)
            box.border_subtitle = "↑ ↓ space scroll · esc closes"
            yield Markdown(self._markdown, open_links=False)

    def action_page_down(self) -> None:
        """A page on."""
        self.query_one(".box", VerticalScroll).scroll_page_down(animate=False)
