"""What a page draws, whoever wrote it: every glyph with its place, size and colour, every path, every image.

Two pages with the same marks look the same at any resolution. Subsets keep the numbers of their glyphs, so that a glyph is
known by its number and its style, whatever its font is called in the file.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from incident.documents.letterpress.tracing import IDENTITY, Matrix, numbers, operators, product

_PAINTS = frozenset({"f", "f*", "S", "s", "B", "B*", "b", "b*", "W", "W*", "n"})
_PATH = {"m": 2, "l": 2, "c": 6, "v": 4, "y": 4, "re": 4}


class Mark(NamedTuple):
    """One thing drawn: what it is, where (points from the lower left corner), and how large."""

    what: str
    x: float
    y: float
    size: float = 0.0


class _State:
    def __init__(self, given: "_State | None" = None) -> None:
        self.matrix: Matrix = given.matrix if given else IDENTITY
        self.colours: dict[str, str] = dict(given.colours) if given else {}


def marks_of(page: Any) -> list[Mark]:
    """The marks of a page."""
    return list(_Reader(page).marks())


class _Reader:
    def __init__(self, page: Any) -> None:
        self.page = page
        self.state, self.stack = _State(), list[_State]()
        self.path: list[str] = []
        self.line: Matrix = IDENTITY
        self.font: Any = None
        self.size, self.rise = 0.0, 0.0
        self.fonts = {name: _Font(font) for name, font in page.Resources.get("/Font", {}).items()}

    def marks(self) -> Iterator[Mark]:
        """Follow the content."""
        for operands, name in operators(self.page):
            if name == "TJ":
                yield from self._glyphs(operands[0])
            elif name in _PAINTS:
                yield from self._painted(name)
            elif name == "Do":
                yield Mark(f"image {operands[0]}", *self._corner(0, 0))
            elif name in _PATH:
                self.path.append(self._segment(name, [float(each) for each in operands]))
            else:
                self._turn(name, list(operands))

    def _turn(self, name: str, operands: list[Any]) -> None:
        """Operators that change the state and draw nothing."""
        match name:
            case "q":
                self.stack.append(_State(self.state))
            case "Q":
                self.state = self.stack.pop()
            case "cm":
                self.state.matrix = product(numbers(operands), self.state.matrix)
            case "rg" | "g" | "RG" | "G" | "w" | "gs":
                self.state.colours[name] = " ".join(str(each) for each in operands)
            case "Tm":
                self.line = numbers(operands)
            case "Tf":
                self.font, self.size = self.fonts[str(operands[0])], float(operands[1])
            case "Ts":
                self.rise = float(operands[0])

    def _glyphs(self, array: Any) -> Iterator[Mark]:
        at = 0.0
        for each in array:
            if isinstance(each, int | float) or not hasattr(each, "__bytes__"):
                at -= float(each) / 1000 * self.size
                continue
            raw = bytes(each)
            for glyph in (int.from_bytes(raw[start : start + 2], "big") for start in range(0, len(raw), 2)):
                matrix = product((1, 0, 0, 1, at, self.rise), product(self.line, self.state.matrix))
                what = f"{self.font.style} {glyph} {self.state.colours.get('rg')}"
                yield Mark(what, matrix[4], matrix[5], self.size * matrix[0])
                at += self.font.widths.get(glyph, 0) / 1000 * self.size
        self.line = product((1, 0, 0, 1, at, 0), self.line)

    def _painted(self, name: str) -> Iterator[Mark]:
        if self.path and name != "n":
            stroke = [self.state.colours.get(key) for key in (("RG", "G", "w") if name in "SsBb" else ("rg", "g"))]
            yield Mark(f"{name} {' '.join(self.path)} {stroke}", 0, 0)
        if name not in ("W", "W*"):
            self.path = []

    def _segment(self, name: str, given: list[float]) -> str:
        points = (
            [self._corner(given[at], given[at + 1]) for at in range(0, len(given), 2)]
            if name != "re"
            else [
                self._corner(given[0], given[1]),
                self._corner(given[0] + given[2], given[1] + given[3]),
            ]
        )
        return name + " ".join(f"{x:.2f},{y:.2f}" for x, y in points)

    def _corner(self, x: float, y: float) -> tuple[float, float]:
        a, b, c, d, e, f = self.state.matrix
        return x * a + y * c + e, x * b + y * d + f


class _Font:
    def __init__(self, font: Any) -> None:
        self.style = _style(font)
        self.widths = _widths(font.DescendantFonts[0].get("/W", []))


def _style(font: Any) -> str:
    name = str(font.BaseFont).lower()
    return "bold" if "bold" in name else "italic" if "italic" in name or "oblique" in name else "plain"


def _widths(array: Any) -> dict[int, float]:
    found: dict[int, float] = {}
    first = 0
    for each in array:
        if isinstance(each, int):
            first = int(each)
        else:
            found.update({first + index: float(width) for index, width in enumerate(each)})
    return found
