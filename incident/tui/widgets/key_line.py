"""The keys of the screen on its last line; on its last two where one is too short for them."""

from textual.app import ComposeResult
from textual.containers import HorizontalGroup
from textual.events import Resize
from textual.widget import Widget
from textual.widgets import Footer
from textual.widgets._footer import FooterKey


class KeyLine(Footer):
    """A footer that breaks into lines instead of cutting off the keys that come last."""

    def __init__(self) -> None:
        super().__init__(show_command_palette=False)

    def compose(self) -> ComposeResult:
        """As many keys to a line as fit."""
        room, used = self.app.size.width, 0
        row: list[Widget] = []
        for key in super().compose():
            width = len(key.key_display) + len(key.description) + 3 if isinstance(key, FooterKey) else 0
            if row and used + width > room:
                yield HorizontalGroup(*row)
                row, used = [], 0
            row.append(key)
            used += width
        if row:
            yield HorizontalGroup(*row)

    async def on_resize(self, event: Resize) -> None:
        """Break anew."""
        if event.size.width != self._broken_for:
            self._broken_for = event.size.width
            await self.recompose()

    _broken_for = 0
