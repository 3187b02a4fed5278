"""The guide's steps as a list; Enter belongs to the screen, so that its last line says what Enter does."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import OptionList


class StepList(OptionList, inherit_bindings=False):
    """A list to move in."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "cursor_up", show=False),
        Binding("down", "cursor_down", show=False),
        Binding("pageup", "page_up", show=False),
        Binding("pagedown", "page_down", show=False),
        Binding("home", "first", show=False),
        Binding("end", "last", show=False),
    ]
