"""A line to type in beside a list: Escape leaves the line, not the screen."""

from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input

SIGNS = frozenset({"attach", "search"})
"""Actions on keys that are signs: while a line is typed in, they are typed."""


class LineInput(Input):
    """An input that says when it is left."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False), Binding("down", "onward", show=False)]

    @dataclass
    class Left(Message):
        """The line was left; `dropped`: what was typed is not wanted any more."""

        line: "LineInput"
        dropped: bool

        @property
        def control(self) -> "LineInput":
            """The line."""
            return self.line

    def action_leave(self) -> None:
        """Back, and drop what was typed."""
        self.post_message(self.Left(self, True))  # noqa: FBT003 - a field of the message

    def action_onward(self) -> None:
        """Back, and keep what was typed."""
        self.post_message(self.Left(self, False))  # noqa: FBT003 - a field of the message
