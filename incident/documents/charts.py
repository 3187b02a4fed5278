"""Charts that are read in black and white: marks by shape and hatching, every value printed beside its mark.

The same frozen chart is drawn with characters for the terminal and as SVG for the PDF.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of a chart: its label, a value and a second, larger one (None: unknown), and the words beside it."""

    label: str
    value: float | None
    upper: float | None
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Horizontal bars: solid to the value, hatched from there to the upper one."""

    title: str
    key: str
    """What solid and hatched mean, in words."""
    bars: tuple[Bar, ...]

    @property
    def largest(self) -> float:
        """The end of the scale."""
        return max((each for bar in self.bars for each in (bar.value, bar.upper) if each is not None), default=0.0)


_SOLID, _HATCH, _LESS = "█", "░", "◀"


def in_terminal(chart: Chart, *, columns: int) -> list[str]:
    """The chart in characters, within so many columns; a value below zero points to the left."""
    label = min(max((len(each.label) for each in chart.bars), default=0), columns // 3)
    words = min(max((len(each.text) for each in chart.bars), default=0), columns // 2)
    room = max(4, columns - label - words - 4)
    lines = [chart.title, f"  {_SOLID}{_SOLID} {chart.key}".replace(" · ", f" · {_HATCH}{_HATCH} ", 1)]
    for each in chart.bars:
        lines.append(f"{_fit(each.label, label)}  {_drawn(each, chart.largest, room)}  {each.text}"[: columns + 20].rstrip())
    return lines


def _fit(text: str, width: int) -> str:
    return (text if len(text) <= width else text[: width - 1] + "…").ljust(width)


def _drawn(bar: Bar, largest: float, room: int) -> str:
    if bar.value is None:
        return "?".ljust(room)
    if bar.value < 0:
        return _LESS.ljust(room)
    solid = _length(bar.value, largest, room)
    upper = _length(bar.upper, largest, room) if bar.upper is not None else solid
    return (_SOLID * solid + _HATCH * max(0, upper - solid)).ljust(room)


def _length(value: float, largest: float, room: int) -> int:
    return max(1, round(value / largest * room)) if largest > 0 and value > 0 else 0


_WIDTH, _LABEL, _WORDS, _LINE, _TOP = 760, 220, 270, 20, 8
_LONGEST = 36
"""Characters of a label that fit beside its bar."""


def in_svg(chart: Chart) -> Markup:
    """The chart as an SVG figure with its title and every value as text; no colour but black, grey and white."""
    height = _TOP * 2 + _LINE * len(chart.bars)
    rows = Markup("").join(_svg_row(each, chart.largest, number) for number, each in enumerate(chart.bars))
    described = "; ".join(f"{each.label}: {each.text}" for each in chart.bars)
    number = abs(hash_of(chart.title))
    return Markup(
        "<figure class='chart' style='margin: 0 0 4mm'><figcaption><b>{title}</b> {key}</figcaption>"
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} {height}' width='100%' role='img' aria-label='{alt}'>"
        "<title>{title}</title><defs><pattern id='hatch{number}' width='5' height='5' patternUnits='userSpaceOnUse'>"
        "<path d='M0 5 L5 0' stroke='#1a1c20' stroke-width='1'/></pattern></defs>{rows}</svg></figure>"
    ).format(
        title=chart.title,
        key=f"(solid: {chart.key.replace(' · ', '; hatched: ', 1)})",
        width=_WIDTH,
        height=height,
        alt=f"{chart.title}. {described}",
        number=number,
        rows=Markup(str(rows).replace("#hatch", f"#hatch{number}")),  # noqa: S704 - drawn here
    )


def hash_of(title: str) -> int:
    """A number for a title, so that two charts of one page do not share a pattern's name."""
    return sum((place + 1) * ord(letter) for place, letter in enumerate(title))


def _svg_row(bar: Bar, largest: float, number: int) -> Markup:
    y, room = _TOP + number * _LINE, _WIDTH - _LABEL - _WORDS
    scale = room / largest if largest > 0 else 0.0
    solid = max(0.0, bar.value or 0.0) * scale
    upper = max(solid, (bar.upper or 0.0) * scale)
    shapes = [_box(_LABEL, y + 3, solid, "#1a1c20")] if solid else []
    if upper > solid:
        shapes.append(_box(_LABEL + solid, y + 3, upper - solid, "url(#hatch)"))
    return Markup(
        "<text x='{end}' y='{base}' font-size='11' font-family='Body' text-anchor='end'>{label}</text>{shapes}"
        "<text x='{after}' y='{base}' font-size='11' font-family='Body'>{words}</text>"
    ).format(
        end=_LABEL - 8,
        base=y + 14,
        label=_fit(bar.label, _LONGEST).rstrip(),
        shapes=Markup("").join(shapes),
        after=round(_LABEL + upper + 6, 1),
        words=escape(bar.text),
    )


def _box(x: float, y: float, width: float, fill: str) -> Markup:
    return Markup("<rect x='{}' y='{}' width='{}' height='14' fill='{}' stroke='#1a1c20' stroke-width='1'/>").format(
        round(x, 1), y, round(width, 1), fill
    )


def charts_markdown(charts: Sequence[Chart]) -> str:
    """The charts as lists: what they say in words."""
    parts = []
    for chart in charts:
        parts.append(f"**{chart.title}** ({chart.key})\n\n" + "\n".join(f"- {each.label}: {each.text}" for each in chart.bars))
    return "\n\n".join(parts)
