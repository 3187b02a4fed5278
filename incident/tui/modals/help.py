"""The keys of a screen."""

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static


class Help(ModalScreen[None]):
    """Lists every key of the screen below."""

    BINDINGS = [("escape,f1,q", "dismiss", "close")]

    def __init__(self, title: str, keys: tuple[tuple[str, str, str], ...]) -> None:
        super().__init__()
        self._title, self._keys = title, keys

    def compose(self) -> ComposeResult:
        """A line per key."""
        with VerticalScroll(classes="box") as box:
            box.border_title = f"Keys · {self._title}" if self._title else "Keys"
            width = max((len(key) for key, _, _ in self._keys), default=4)
            lines = [f"{key:>{width}}  {name} — {text}" for key, name, text in self._keys]
            lines += ["", "ctrl+p opens the palette: type what you want. The mouse works everywhere.", "Esc closes this."]
            yield Static("\n".join(lines), markup=False)
