"""A page to read: text in a box that scrolls."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from incident.tui.widgets.blocks import Block, Blocks


class Page(ModalScreen[None]):
    """Shows a text."""

    AUTO_FOCUS = ".box"
    BINDINGS = [("escape,enter,q", "dismiss", "close")]

    def __init__(self, title: str, text: str | Content | Sequence[Block]) -> None:
        super().__init__()
        self._title, self._text = title, text

    def compose(self) -> ComposeResult:
        """The text as it is."""
        with VerticalScroll(classes="box") as box:
            box.border_title = Content(self._title)
            box.border_subtitle = "↑ ↓ scroll · esc closes"
            if isinstance(self._text, (str, Content)):
                yield Static(self._text, markup=False)
            else:
                yield Blocks(self._text)
