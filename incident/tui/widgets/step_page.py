"""The *now* pane: what to do, whose it is, by when, how; what it asks, what to keep, what was decided on which facts."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from textual.content import Content

from incident.domain.guide import GuideStep
from incident.domain.guide_words import why
from incident.domain.playbook import Decision
from incident.domain.step import StepRecord
from incident.tui.widgets.blocks import Block
from incident.tui.widgets.markdown import markdown_blocks
from incident.tui.widgets.step_words import STATE_WORDS, STEP_SIGNS, is_open_or_waits, when_words, who_words
from incident.tui.widgets.texts import local

_LABEL = 11
"""Cells of the column with the labels."""


@dataclass(frozen=True, slots=True)
class Words:
    """What turns keys, names of templates and people's ids into words."""

    question: Callable[[str], str]
    template: Callable[[str], str]
    people: Mapping[UUID, str]
    zone: str


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around the step."""

    is_next: bool = False
    """The next right thing of all."""
    first_checks: tuple[str, ...] = ()
    meanwhile: tuple[GuideStep, ...] = ()
    """The next right things of the other lines of work."""


def step_page(each: GuideStep, words: Words, around: Around, *, now: datetime) -> tuple[Block, ...]:
    """The blocks of one step."""
    return (
        *_head(each, words, around, now),
        *_spaced(markdown_blocks(each.step.guidance)),
        *_rows(_sections(each, words, around, now)),
    )


def _spaced(blocks: Sequence[Block]) -> Iterator[Block]:
    for number, block in enumerate(blocks):
        yield block if number else Block(block.body, block.lead, 1, block.indent)


def _head(each: GuideStep, words: Words, around: Around, now: datetime) -> Iterator[Block]:
    place = f"{each.step.track.value} · {STEP_SIGNS[each.state]} {STATE_WORDS[each.state]}"
    lead = Content.styled("▶ NOW · ", "bold $accent") if around.is_next else Content("")
    yield Block(Content.assemble(lead, (place, "$secondary")))
    yield Block(Content.styled(each.step.title, "bold"))
    yield Block(who_words(each))
    if each.target_at is not None and is_open_or_waits(each):
        yield Block(when_words(each.target_at, now, words.zone))
    if reason := why(each, words.question):
        yield Block(Content.styled(reason[0].upper() + reason[1:], "$accent"))
    if each.record is not None:
        yield Block(Content.styled(_act(each.record, words), "$secondary"))


def _act(record: StepRecord, words: Words) -> str:
    """The act that stands: what, who, when, the note."""
    note = f": {record.note}" if record.note else ""
    act = record.state.value.replace("_", " ")
    return f"{act} by {words.people.get(record.by, '?')}, {local(record.at, words.zone)}{note}"


_Section = tuple[str, Iterable[Content]]


def _rows(sections: Iterable[_Section]) -> Iterator[Block]:
    gap = 1
    for label, items in sections:
        lead = Content.styled(label, "bold $secondary")
        for item in items:
            yield Block(item, lead, gap, _LABEL)
            lead, gap = Content(""), 0


def _sections(each: GuideStep, words: Words, around: Around, now: datetime) -> Iterator[_Section]:
    step = each.step
    yield "First look", (Content(f"• {text}") for text in around.first_checks)
    if step.decision is not None:
        yield "Decide", _decision(step.decision)
        yield "Who", (_decider(each, step.decision, words, now),)
        yield "It stood on", _basis(each.record, words)
    yield "Find out", (_asked(key, words, unknown=key in each.asks_unknown) for key in step.asks)
    yield "Keep", (Content(f"• {text}") for text in step.evidence)
    yield "Draft", (Content(words.template(slug)) for slug in step.drafts)
    yield "To undo", (Content(text) for text in (step.undo,) if text)
    yield "If silent", (Content(text) for text in (step.if_silent,) if text)
    yield "Meanwhile", (_other(other) for other in around.meanwhile)
    yield "Tags", (Content.styled(text, "$secondary") for text in (", ".join(step.tags),) if text)


def _decision(decision: Decision) -> Iterator[Content]:
    yield Content(decision.question)
    for option in decision.options:
        yield Content(f"• {option}{' (the default)' if option == decision.default else ''}")


def _decider(each: GuideStep, decision: Decision, words: Words, now: datetime) -> Content:
    who = Content.styled(f"{decision.by.label}: {each.decider or 'NOBODY'}", "" if each.decider else "bold $error")
    if each.decide_by is None or not is_open_or_waits(each):
        return who
    return Content.assemble(who, " · ", when_words(each.decide_by, now, words.zone))


def _basis(record: StepRecord | None, words: Words) -> Iterator[Content]:
    facts = (record.facts or {}) if record is not None and record.decision else {}
    for key, text in facts.items():
        yield Content(f"• {words.question(key)} {text}")


def _asked(key: str, words: Words, *, unknown: bool) -> Content:
    if unknown:
        return Content.assemble(("? ", "bold $accent"), words.question(key))
    return Content.assemble(("✔ ", "$success"), (f"{words.question(key)} (answered)", "$secondary"))


def _other(each: GuideStep) -> Content:
    late = Content.styled(" late", "bold $error") if each.overdue else Content("")
    return Content.assemble((f"{each.step.track.value}: ", "$secondary"), each.step.title, late)
