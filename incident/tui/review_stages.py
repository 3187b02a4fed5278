"""The review stage by stage, as blocks of text: what the facilitator reads out, what is there, and what is still to say."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from textual.content import Content

from incident.documents.charts import in_terminal
from incident.domain.finding import FindingKind
from incident.domain.metrics import event_label
from incident.domain.review import REVIEW_QUESTIONS, duration_text
from incident.domain.timeline import Precision
from incident.tui.widgets.blocks import Block
from incident.usecases.review_paper import ReviewPaper
from incident.usecases.review_sections import clocks_text, metric_chart


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: its title, what the facilitator asks, and which key says something here."""

    title: str
    ask: str
    blocks: Callable[[ReviewPaper, int], Sequence[Block]]


def _text(*parts: Content | tuple[str, str] | str) -> Content:
    return Content.assemble(*parts)


def _questions(keys: Sequence[str]) -> Callable[[ReviewPaper, int], Sequence[Block]]:
    asked = dict(REVIEW_QUESTIONS)

    def blocks(paper: ReviewPaper, width: int) -> list[Block]:
        del width
        found = []
        for key in keys:
            found.append(Block(_text((asked[key], "bold")), gap=1))
            said = paper.answers.get(key, "")
            found.append(Block(Content(said) if said else _text(("not answered yet (e)", "$secondary")), indent=2))
        return found

    return blocks


def _events(paper: ReviewPaper, width: int) -> list[Block]:
    del width
    found = []
    zone = ZoneInfo(paper.zone)
    for number, each in enumerate(paper.lines, start=1):
        if each.silence is not None:
            said = f"gap: nothing was written down for {duration_text(each.silence.took)}. What was going on?"
            found.append(Block(_text((said, "$warning")), lead=_text(("   ⋯ ", "$warning")), indent=6))
        at = each.at.astimezone(zone)
        when = f"{at:%m-%d %H:%M}" if each.precision is Precision.EXACT else f"{at:%m-%d}"
        found.append(Block(Content(f"{each.text}  ({each.kind})"), lead=Content(f"{number:>4} {when} "), indent=17))
        found += [
            Block(_text((f"surprise: {said}", "bold")), lead=_text(("   ! ", "bold")), indent=6) for said in each.surprises
        ]
    return found


def _why(paper: ReviewPaper, width: int) -> list[Block]:
    del width
    found = [Block(_text(("Factors; there is rarely one cause", "bold")), gap=1)]
    factors = [each for each in paper.findings if each.kind is FindingKind.FACTOR]
    found += [
        Block(Content(f"{each.text}{f' ({each.cause})' if each.cause else ''}"), Content("  • "), 0, 4) for each in factors
    ]
    found += _none(factors, "none yet (f)")
    found.append(Block(_text(("Expected, and seen", "bold")), gap=1))
    for each in paper.findings:
        if each.kind is FindingKind.DIFFERENCE:
            found.append(Block(Content(f"expected: {each.expected}"), Content("  • "), 0, 4))
            found.append(Block(Content(f"seen: {each.text}"), Content(""), 0, 4))
    found += _none([each for each in paper.findings if each.kind is FindingKind.DIFFERENCE], "none yet (d)")
    return [*found, *_questions(("contributing_factors",))(paper, 0)]


def _none(held: Sequence[object], words: str) -> list[Block]:
    return [] if held else [Block(_text((words, "$secondary")), indent=2)]


def _clocks(paper: ReviewPaper, width: int) -> list[Block]:
    found = [Block(Content(clocks_text(paper)), gap=1)]
    for each in paper.margins:
        found.append(Block(Content(each.title), lead=Content(f"  {_met(each.met):<24}"), indent=26))
    found.append(Block(_text(("How long it took", "bold")), gap=1))
    found += [Block(Content(line)) for line in in_terminal(metric_chart(paper), columns=max(40, width - 4))[2:]]
    for metric in paper.metrics:
        if metric.took is None:
            said = f"{metric.name} ({event_label(metric.from_event)} – {event_label(metric.to_event)}): {metric.note}"
            found.append(Block(_text((said, "$secondary")), indent=2))
    return found


def _met(met: str) -> str:
    return met.partition(":")[0] if met.startswith("LATE") else met.partition(";")[0]


def _decisions(paper: ReviewPaper, width: int) -> list[Block]:
    del width
    found = []
    for each in paper.decisions:
        at = each.at.astimezone(ZoneInfo(paper.zone))
        dissent = f" Dissent: {each.dissent}" if each.dissent else ""
        found.append(
            Block(_text((f"{each.step}: {each.decision}", "bold"), f" — {each.by}, {at:%m-%d %H:%M}.{dissent}"), gap=1)
        )
        known = "; ".join(f"{key}: {value}" for key, value in each.known_then) or "not recorded"
        found.append(Block(Content(f"known then: {known}"), indent=2))
    return [*found, *_none(paper.decisions, "The playbook's decision steps have no recorded decision.")]


def _items(paper: ReviewPaper, width: int) -> list[Block]:
    del width
    found = []
    for number, each in enumerate(paper.items, start=1):
        state = f"done: {each.outcome or 'no outcome said'}" if each.done_at else "open"
        overdue = not each.done_at and each.due_on < paper.made_at.date()
        sign = "✔" if each.done_at else "!" if overdue else "○"
        who = f"{paper.owners.get(each.owner, '')}, {each.due_on}{' OVERDUE' if overdue else ''}, {each.kind.value}; {state}"
        found.append(Block(_text((each.title, "bold"), f" — {who}"), lead=Content(f"  {number} {sign} "), indent=6))
        notes = [one for one in paper.follow_ups if one.item_id == each.id]
        found += [Block(Content(f"{one.at:%Y-%m-%d}: {one.note}"), indent=8) for one in notes]
    return [*found, *_none(paper.items, "none yet (i)")]


STAGES: tuple[Stage, ...] = (
    Stage(
        "Three questions",
        "Nobody is blamed: people did what made sense with what they knew. Begin with what the reader wants to know. e: answer",
        _questions(tuple(key for key, _ in REVIEW_QUESTIONS[:3])),
    ),
    Stage("What happened", "Walk through it in order. What was going on in the gaps? What surprised you? m: mark", _events),
    Stage(
        "What contributed", "What had to come together? What did you expect, what did you see? f: factor, d: difference", _why
    ),
    Stage("Clocks and durations", "Were the clocks met, and from what to what did it take how long?", _clocks),
    Stage("Decisions", "Was it a good decision with what was known then? Judge by that, not by how it went.", _decisions),
    Stage(
        "Lessons",
        "What do we keep, what made it harder, where was it luck? What did people write back? e: answer",
        _questions(tuple(key for key, _ in REVIEW_QUESTIONS[4:])),
    ),
    Stage(
        "Action items", "Who does what by when, to prevent, detect, mitigate or improve? i: item, u: follow up, k: done", _items
    ),
)
"""The stages in order."""

ANSWERED_IN: Mapping[int, tuple[str, ...]] = {
    0: tuple(key for key, _ in REVIEW_QUESTIONS[:3]),
    2: ("contributing_factors",),
    5: tuple(key for key, _ in REVIEW_QUESTIONS[4:]),
}
"""Which questions `e` asks in which stage."""


def to_say(paper: ReviewPaper) -> str:
    """What is still missing before the review can be called reviewed, in a few words."""
    blank = [text for key, text in REVIEW_QUESTIONS[:3] if not paper.answers.get(key, "").strip()]
    if blank:
        return f"next: {blank[0]}"
    if not any(each.kind is FindingKind.FACTOR for each in paper.findings):
        return "next: what contributed?"
    if not paper.items:
        return "next: what will be done?"
    left = sum(each.done_at is None for each in paper.items)
    return f"{left} of {len(paper.items)} action items open" if left else "every action item is done"
