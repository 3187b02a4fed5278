"""How a step is said: its state by a sign and a word, whose it is, by when. Colour only repeats what the words say."""

from datetime import datetime

from textual.content import Content

from incident.domain.guide import FINISHED, GuideStep, StepState
from incident.tui.widgets.texts import local, remaining

STEP_SIGNS = {
    StepState.OPEN: "○",
    StepState.BLOCKED: "◌",
    StepState.WAITING_FOR_FACT: "?",
    StepState.DONE: "✔",
    StepState.SKIPPED: "–",
    StepState.NOT_APPLICABLE: "·",
}
STATE_WORDS = {
    StepState.OPEN: "open",
    StepState.BLOCKED: "waits for a step",
    StepState.WAITING_FOR_FACT: "waits for an answer",
    StepState.DONE: "done",
    StepState.SKIPPED: "skipped",
    StepState.NOT_APPLICABLE: "does not apply",
}
_BRIEF = {
    StepState.BLOCKED: "waits",
    StepState.WAITING_FOR_FACT: "asks",
    StepState.DONE: "done",
    StepState.SKIPPED: "skipped",
    StepState.NOT_APPLICABLE: "n/a",
}


def is_open_or_waits(each: GuideStep) -> bool:
    """Whether somebody still has to do something with it."""
    return each.state not in FINISHED


def brief_word(each: GuideStep, *, mine: bool) -> Content:
    """The one word beside a step in the list: late, again, default, whose it is, or its state."""
    if each.overdue:
        return Content.styled("late, you" if mine and each.holder else "late", "bold $error")
    if each.reopened and is_open_or_waits(each):
        return Content.styled("again", "bold $accent")
    if each.default_proposed:
        return Content.styled("default", "bold $accent")
    if each.state is StepState.OPEN and not each.holder:
        return Content.styled("nobody", "$error")
    if each.state is StepState.OPEN:
        return Content.styled("you", "bold") if mine else Content.styled(each.holder.split()[0], "$secondary")
    return Content.styled(_BRIEF[each.state], "$secondary")


def who_words(each: GuideStep) -> Content:
    """Who has it, and who stands in."""
    holder = each.holder or "NOBODY"
    role = f"handed to {holder}" if each.owner.handed_over else f"{each.step.owner.label}: {holder}"
    parts = [Content.styled(role, "bold" if each.holder else "bold $error")]
    if each.owner.stand_in_name:
        parts.append(Content.styled(f"{each.owner.stand_in_name} stands in: {each.owner.why}", "bold $accent"))
    return Content(" · ").join(parts)


def when_words(at: datetime, now: datetime, zone: str) -> Content:
    """By when, and what is left of it."""
    late = at < now
    text = f"{'due' if late else 'by'} {local(at, zone)} · {remaining(at, now)}{'' if late else ' left'}"
    return Content.styled(text, "bold $error" if late else "")
