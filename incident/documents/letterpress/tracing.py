"""A page's drawing followed operator by operator: what stays is the static stream, what carries a sign is a slot."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from incident.documents.letterpress.typeface import Typeface
from incident.errors import DocumentError

Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)
_MARKED = frozenset({"BDC", "BMC", "EMC"})


@dataclass(frozen=True, slots=True)
class FoundSlot:
    """A sign in the drawing: which, and how its text is set (points, from the page's lower left corner)."""

    slot: int
    mcid: int
    x: float
    y: float
    size: float
    colour: bytes
    font: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """One page: the streams that stay (with and without marked content), the slots, and the glyphs per font."""

    tagged: bytes
    plain: bytes
    slots: tuple[FoundSlot, ...]
    glyphs: dict[str, frozenset[int]]
    texts: tuple[str, ...]
    """The runs of text that stay, as their glyphs read."""


@dataclass(slots=True)
class _State:
    matrix: Matrix = IDENTITY
    colour: bytes = b"0 g"


@dataclass(slots=True)
class _Mark:
    at: int
    mcid: int
    is_slot: bool = False


@dataclass(slots=True)
class _Text:
    """A text object under way."""

    at: int
    matrix: Matrix = IDENTITY
    font: str = ""
    size: float = 0.0
    glyphs: dict[str, list[int]] = field(default_factory=dict)


def traced(page: Any, linked: frozenset[int], fonts: dict[str, Typeface], signs: dict[str, int]) -> Drawing:
    """Follow a page; marked content that the structure does not know becomes a pagination artifact."""
    import pikepdf

    tracer = _Tracer(linked, fonts, signs)
    for operands, operator in operators(page):
        tracer.take(operands, operator)
    kept = [each for each in tracer.kept if each is not None]
    plain = [each for each in kept if str(each[1]) not in _MARKED]
    glyphs = {name: frozenset(found) for name, found in tracer.glyphs.items()}
    return Drawing(
        _closed(bytes(pikepdf.unparse_content_stream(kept))),
        _closed(bytes(pikepdf.unparse_content_stream(plain))),
        tuple(tracer.slots),
        glyphs,
        tuple(tracer.texts),
    )


def operators(page: Any) -> Iterator[tuple[list[Any], str]]:
    """A page's operators with their operands."""
    import pikepdf

    for each in pikepdf.parse_content_stream(page):
        yield list(each.operands), str(each.operator)


def _closed(stream: bytes) -> bytes:
    """A stream that leaves the graphics state as it found it, since the slots' texts follow."""
    return b"q\n" + stream + b"\nQ\n"


class _Tracer:
    def __init__(self, linked: frozenset[int], fonts: dict[str, Typeface], signs: dict[str, int]) -> None:
        self.linked, self.fonts, self.signs = linked, fonts, signs
        self.kept: list[Any] = []
        self.slots: list[FoundSlot] = []
        self.texts: list[str] = []
        self.glyphs: dict[str, set[int]] = {}
        self.state, self.stack = _State(), [_State()]
        self.marks: list[_Mark] = []
        self.text: _Text | None = None

    def take(self, operands: list[Any], operator: str) -> None:
        """One operator."""
        import pikepdf

        if operator == "TJ":
            operands = [_dense(operands[0])]
        step = getattr(self, f"_{operator}", None)
        self.kept.append((operands, pikepdf.Operator(operator)))
        if step is not None:
            step(operands)

    def _q(self, operands: list[Any]) -> None:
        self.stack.append(_State(self.state.matrix, self.state.colour))

    def _Q(self, operands: list[Any]) -> None:
        self.state = self.stack.pop()

    def _cm(self, operands: list[Any]) -> None:
        self.state.matrix = product(numbers(operands), self.state.matrix)

    def _rg(self, operands: list[Any]) -> None:
        self.state.colour = b" ".join(f"{float(each):g}".encode() for each in operands) + b" rg"

    def _g(self, operands: list[Any]) -> None:
        self.state.colour = f"{float(operands[0]):g} g".encode()

    def _BDC(self, operands: list[Any]) -> None:
        import pikepdf

        mcid = int(operands[1].get("/MCID", -1))
        if mcid not in self.linked:
            kind = pikepdf.Dictionary(Type=pikepdf.Name.Pagination)
            self.kept[-1] = ([pikepdf.Name.Artifact, kind], pikepdf.Operator("BDC"))
            mcid = -1
        self.marks.append(_Mark(len(self.kept) - 1, mcid))

    def _BMC(self, operands: list[Any]) -> None:
        self.marks.append(_Mark(len(self.kept) - 1, -1))

    def _EMC(self, operands: list[Any]) -> None:
        mark = self.marks.pop()
        if mark.is_slot:
            self.kept[mark.at] = self.kept[-1] = None

    def _BT(self, operands: list[Any]) -> None:
        self.text = _Text(len(self.kept) - 1)

    def _Tm(self, operands: list[Any]) -> None:
        self._current().matrix = numbers(operands)

    def _Tf(self, operands: list[Any]) -> None:
        text = self._current()
        text.font, text.size = str(operands[0]), float(operands[1])

    def _TJ(self, operands: list[Any]) -> None:
        text = self._current()
        held = text.glyphs.setdefault(text.font, [])
        for each in operands[0]:
            if not isinstance(each, int | float) and hasattr(each, "__bytes__"):
                raw = bytes(each)
                held += [int.from_bytes(raw[at : at + 2], "big") for at in range(0, len(raw), 2)]

    def _ET(self, operands: list[Any]) -> None:
        text, self.text = self._current(), None
        said = "".join(self.fonts[name].text_of.get(glyph, "") for name, held in text.glyphs.items() for glyph in held)
        if said in self.signs:
            self._slot(text, self.signs[said])
            return
        if any(sign in said for sign in self.signs):
            raise DocumentError("A slot stands inside other text.", "Give it an element of its own in the template.")
        self.texts.append(said)
        for name, held in text.glyphs.items():
            self.glyphs.setdefault(name, set()).update(held)

    def _slot(self, text: _Text, number: int) -> None:
        a, b, c, d, x, y = product(text.matrix, self.state.matrix)
        if abs(b) + abs(c) + abs(a - d) > 1e-6 or a <= 0:
            raise DocumentError("A slot is set aslant or stretched.", "Set it plainly in the template.")
        mark = self.marks[-1] if self.marks else _Mark(-1, -1)
        mark.is_slot = mark.at >= 0
        del self.kept[text.at :]
        self.slots.append(FoundSlot(number, mark.mcid, x, y, text.size * a, self.state.colour, text.font))

    def _current(self) -> _Text:
        if self.text is None:
            raise DocumentError("The layout writes text outside a text object.", "Report it.")
        return self.text


def _dense(array: Any) -> Any:
    """The same glyph run without the zeros between its letters."""
    import pikepdf

    found: list[Any] = []
    for each in array:
        if isinstance(each, pikepdf.String):
            if found and isinstance(found[-1], bytes):
                found[-1] += bytes(each)
            else:
                found.append(bytes(each))
        elif each:
            found.append(each)
    return pikepdf.Array([pikepdf.String(each) if isinstance(each, bytes) else each for each in found])


def numbers(operands: list[Any]) -> Matrix:
    """Six operands as a matrix."""
    a, b, c, d, e, f = (float(each) for each in operands)
    return a, b, c, d, e, f


def product(m: Matrix, n: Matrix) -> Matrix:
    """The matrix that applies m, then n."""
    return (
        m[0] * n[0] + m[1] * n[2],
        m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2],
        m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4],
        m[4] * n[1] + m[5] * n[3] + n[5],
    )
