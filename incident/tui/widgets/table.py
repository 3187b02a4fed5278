"""A table that fits its terminal: every column in sight, what is too long ends in an ellipsis, user text is never markup.

Enter belongs to the screen, so that its footer says what Enter does.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.events import Resize
from textual.widgets import DataTable

_PADDING = 2


@dataclass(frozen=True, slots=True)
class Column:
    """A column: as wide as its content up to `most`; those with a `share` divide what is left."""

    label: str
    most: int = 0
    share: int = 0
    least: int = 0
    """In a terminal that leaves less than this to the shares, the columns with `drop` go."""
    drop: bool = False


class Table(DataTable[Text], inherit_bindings=False):
    """Rows with a key; the cursor stays on its row when they are shown anew."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(key, action, show=False) for key, action in (
            ("up", "cursor_up"), ("down", "cursor_down"), ("pageup", "page_up"), ("pagedown", "page_down"),
            ("home", "scroll_top"), ("end", "scroll_bottom"),
        )),
    ]  # fmt: skip

    def __init__(self, *columns: Column, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, cursor_type="row")
        self._described = columns
        self._lines: list[tuple[str, Sequence[str]]] = []

    def show(self, lines: Iterable[tuple[str, Sequence[str]]]) -> None:
        """Show these rows, each with its key; the cursor stays on the row with its key, or where it was."""
        row, key = self.cursor_row, self.chosen
        self._lines = list(lines)
        self._lay_out()
        keys = [each for each, _ in self._lines]
        self.move_cursor(row=keys.index(key) if key in keys else min(row, max(0, len(keys) - 1)))

    @property
    def chosen(self) -> str:
        """The key of the highlighted row; blank when there is none."""
        return self._lines[self.cursor_row][0] if 0 <= self.cursor_row < len(self._lines) else ""

    def choose(self, key: str) -> None:
        """Move the cursor to this row, if it is there."""
        keys = [each for each, _ in self._lines]
        if key in keys:
            self.move_cursor(row=keys.index(key))

    def on_resize(self, event: Resize) -> None:
        """Fit anew; the cursor stays."""
        row = self.cursor_row
        self._lay_out()
        self.move_cursor(row=row)

    def _lay_out(self) -> None:
        widths = self._widths((self.size.width or self.app.size.width) - 1)
        with self.prevent(DataTable.RowHighlighted):
            self.clear(columns=True)
            for number, width in widths.items():
                self.add_column(self._described[number].label, width=width)
            for key, cells in self._lines:
                fitting = (self._cell(cells[number], width) for number, width in widths.items())
                self.add_row(*fitting, key=key)

    def _cell(self, text: str, width: int) -> Text:
        line = " ".join(text.split())
        return Text(line if len(line) <= width else f"{line[: width - 1]}…", no_wrap=True)

    def _widths(self, room: int) -> dict[int, int]:
        """Column number → width; the shares get what the fixed ones leave."""
        found = {number: self._content_width(number) for number in range(len(self._described))}
        shown = list(found)
        while (left := self._left(found, shown, room)) < sum(self._described[each].least for each in shown):
            dropped = [each for each in shown if self._described[each].drop]
            if not dropped:
                break
            shown.remove(dropped[-1])
        shares = sum(self._described[each].share for each in shown) or 1
        for each in shown:
            if self._described[each].share:
                found[each] = max(4, left * self._described[each].share // shares)
        return {each: found[each] for each in shown}

    def _left(self, found: dict[int, int], shown: list[int], room: int) -> int:
        fixed = sum(found[each] for each in shown if not self._described[each].share)
        return room - fixed - _PADDING * len(shown)

    def _content_width(self, number: int) -> int:
        column = self._described[number]
        longest = max((len(" ".join(cells[number].split())) for _, cells in self._lines), default=0)
        return max(len(column.label), min(longest, column.most) if column.most else longest)
