"""A playbook as a page to read: Markdown for the screen and for anything that prints Markdown."""

import re
from collections.abc import Callable, Iterator

from incident.domain.condition import in_words
from incident.domain.playbook import Decision, Playbook, Step
from incident.domain.playbook_diff import span_words

Question = Callable[[str], str]
"""What a fact asks, by its key."""


def playbook_page(playbook: Playbook, question: Question) -> str:
    """The playbook in the order in which it is worked: whether it is the right one, what to look at first, its steps."""
    lines = [f"# {playbook.title}", "", playbook.summary, ""]
    lines += [f"**Use it when** {playbook.use_when}", "", f"**Not when** {playbook.not_when}", ""]
    if playbook.first_checks:
        lines += ["## First checks", "", *(f"- {each}" for each in playbook.first_checks), ""]
    for phase in playbook.phases:
        steps = [each for each in playbook.steps if each.phase == phase.slug]
        if steps:
            lines += [f"## {phase.title}", "", f"*{phase.objective}*", ""]
            for step in steps:
                lines += _step(playbook, step, question)
    if playbook.pivots:
        lines += ["## Go to another playbook", "", *(f"- `{each.playbook}`: {each.sign}" for each in playbook.pivots), ""]
    if playbook.closed_when:
        lines += ["## Closed when", "", *(f"- {each}" for each in playbook.closed_when), ""]
    tags = f" · {', '.join(playbook.tags)}" if playbook.tags else ""
    return "\n".join([*lines, f"Version {playbook.version}{tags}", ""])


def _step(playbook: Playbook, step: Step, question: Question) -> list[str]:
    lines = [f"### {step.title}", "", f"{whose_words(step)} · `{step.slug}`", "", flowing(step.guidance), ""]
    lines += [f"- **{label}:** {text}" for label, text in step_notes(playbook, step, question)]
    return [*lines, ""]


def flowing(text: str) -> str:
    """Prose without the line ends of its file: a line for each paragraph and for each item of a list."""
    lines: list[str] = []
    for line in text.strip().splitlines():
        bare = line.strip()
        if not bare or not lines or not lines[-1] or _ITEM.match(bare):
            lines.append(bare)
        else:
            lines[-1] += f" {bare}"
    return "\n".join(lines)


_ITEM = re.compile(r"([-*•]|\d+[.)]) ")


def whose_words(step: Step) -> str:
    """Who does a step, by when, on which track."""
    by = f", within {span_words(step.target.within)} of {step.target.after.replace('_', ' ')}" if step.target else ""
    gate = " · opens the privacy track" if step.gate else ""
    return f"{step.owner.label}{by} · {step.track.value}{gate}"


def step_notes(playbook: Playbook, step: Step, question: Question) -> Iterator[tuple[str, str]]:
    """What stands below a step's guidance, label by label; empty ones are left out."""
    titles = [found.title for slug in step.after if (found := playbook.step(slug)) is not None]
    for label, text in (
        ("Only if", in_words(step.when) if step.when is not None else ""),
        ("After", "; ".join(titles)),
        ("Find out", " ".join(question(key) for key in step.asks)),
        ("Keep", "; ".join(step.evidence)),
        ("Draft", ", ".join(step.drafts)),
        ("Decide", decision_words(step.decision) if step.decision else ""),
        ("If nobody answers", step.if_silent),
        ("To undo", step.undo),
        ("Tags", ", ".join(step.tags)),
    ):
        if text:
            yield label, text


def decision_words(decision: Decision) -> str:
    """The question, its options, who decides and what stands when nobody does."""
    time = f" within {span_words(decision.within)}" if decision.within else ""
    options = " / ".join(decision.options)
    return f"{decision.question} ({options}). {decision.by.label} decides{time}; else: {decision.default}."
