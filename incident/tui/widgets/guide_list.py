"""The guide column: phases with their progress, steps with their sign and word; Enter belongs to the screen."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Resize
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from incident.domain.guide import GuideStep, PhaseProgress, StepState
from incident.tui.widgets.blocks import inert
from incident.tui.widgets.step_words import STEP_SIGNS, brief_word

_SHORTEST_BAR = 3


@dataclass(frozen=True, slots=True)
class Listed:
    """What the column shows."""

    steps: Sequence[GuideStep]
    progress: Sequence[PhaseProgress]
    next_slug: str
    """The next right thing of all."""
    next_of_tracks: frozenset[str]
    """The next right things of the lines of work."""
    mine: frozenset[str]
    empty: str
    """Said when there is no step."""


class GuideList(OptionList, inherit_bindings=False):
    """A list to move in; it keeps its place when it is shown anew."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "cursor_up", show=False),
        Binding("down", "cursor_down", show=False),
        Binding("pageup", "page_up", show=False),
        Binding("pagedown", "page_down", show=False),
        Binding("home", "first", show=False),
        Binding("end", "last", show=False),
    ]
    _listed: Listed | None = None
    _width = 0

    def show(self, listed: Listed, *, choose: str = "") -> None:
        """List these; the cursor goes to the step named, else stays, else goes to the next right thing."""
        wanted = (choose, self.chosen, listed.next_slug)
        self._listed = listed
        self._lay_out()
        known = {each.step.slug for each in listed.steps}
        slug = next((each for each in wanted if each in known), "")
        slug = slug or next((each.step.slug for each in listed.steps), "")
        self.highlighted = self.get_option_index(slug) if slug else None
        self.scroll_to_highlight()

    @property
    def chosen(self) -> str:
        """The highlighted step's slug; blank for none."""
        option = self.highlighted_option
        return (option.id or "") if option is not None else ""

    def on_resize(self, event: Resize) -> None:
        """Fit the lines anew; the cursor stays."""
        if self._listed is not None and self._room() != self._width:
            place = self.highlighted
            self._lay_out()
            self.highlighted = place

    def _room(self) -> int:
        return max(6, (self.size.width or 38) - 1)

    def _lay_out(self) -> None:
        listed, self._width = self._listed, self._room()
        if listed is None:
            return
        options: list[Option] = []
        phase = ""
        progress = {each.phase.slug: each for each in listed.progress}
        for each in listed.steps:
            if each.step.phase != phase:
                phase = each.step.phase
                options.append(Option(_heading(phase, progress.get(phase), self._width), disabled=True))
            options.append(Option(self._line(each, listed), id=each.step.slug))
        with self.prevent(OptionList.OptionHighlighted):
            self.set_options(options or [Option(listed.empty, disabled=True)])

    def _line(self, each: GuideStep, listed: Listed) -> Content:
        slug = each.step.slug
        word = brief_word(each, mine=slug in listed.mine)
        sign, style = STEP_SIGNS[each.state], "" if each.state is StepState.OPEN else "$secondary"
        if slug == listed.next_slug:
            sign, style = "▶", "bold $accent"
        elif slug in listed.next_of_tracks:
            sign, style = "▷", "bold"
        elif each.state is StepState.DONE:
            style = "$success"
        return fitted(Content.styled(f"{sign} {each.step.title}", style), word, self._width)


def fitted(text: Content, word: Content, width: int) -> Content:
    """A text and a word at the right end of one line; the text gives way."""
    room = width - word.cell_length - 1 if word else width
    return Content.assemble(inert(text).truncate(max(3, room), ellipsis=True, pad=True), " " if word else "", word)


def _heading(slug: str, progress: PhaseProgress | None, width: int) -> Content:
    """A phase: its title, a bar, how many of its steps are finished."""
    if progress is None:
        return Content.styled(slug.replace("-", " ").upper(), "bold $secondary")
    title, count = progress.phase.title.upper(), f"{progress.finished}/{progress.applying}"
    bar = width - len(title) - len(count) - 2
    if bar < _SHORTEST_BAR:
        return fitted(Content.styled(title, "bold $secondary"), Content.styled(count, "$secondary"), width)
    full = bar * progress.finished // progress.applying
    return Content.assemble(
        (f"{title} ", "bold $secondary"), ("━" * full, "$success"), ("─" * (bar - full), "$panel"), (f" {count}", "$secondary")
    )
