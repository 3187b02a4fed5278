"""Playbooks as lines and pages: whether it is the right one, what to look at first, what another version changes."""

from collections.abc import Callable, Iterator, Mapping

from textual.content import Content

from incident.domain.playbook import Playbook, Step
from incident.domain.playbook_diff import PlaybookDiff, WordChange
from incident.domain.playbook_page import flowing, step_notes, whose_words
from incident.tui.widgets.blocks import Block

_INDENT = 11


def playbook_brief(playbook: Playbook, titles: Mapping[str, str], *said: str) -> Content:
    """What a playbook is for, and when it is not the right one; `said` is what the incident has to do with it."""
    parts: list[tuple[str, str] | str] = [(f"{playbook.title}\n", "bold"), f"{playbook.summary}\n"]
    parts += [(f"{each}\n", "$accent") for each in said if each]
    parts += [("Use it when ", "bold"), f"{playbook.use_when}\n", ("Not when ", "bold"), f"{playbook.not_when}\n"]
    if playbook.first_checks:
        parts.append(("First checks\n", "bold"))
        parts += [f"  • {each}\n" for each in playbook.first_checks]
    if playbook.pivots:
        parts.append(("Another one is right when\n", "bold"))
        parts += [f"  • {each.sign}: {titles.get(each.playbook, each.playbook)}\n" for each in playbook.pivots]
    return Content.assemble(*parts)


def step_markdown(playbook: Playbook, step: Step, question: Callable[[str], str]) -> str:
    """One step of a playbook, outside any incident."""
    notes = "\n".join(f"- **{label}:** {text}" for label, text in step_notes(playbook, step, question))
    return f"### {step.title}\n\n{playbook.title} · {whose_words(step)}\n\n{flowing(step.guidance)}\n\n{notes}\n"


def diff_page(diff: PlaybookDiff) -> Iterator[Block]:
    """What the offered version would change: + new steps, - steps that go, ~ steps that read differently."""
    versions = f"version {diff.before} → {diff.after}" if diff.before != diff.after else f"version {diff.after}, edited"
    yield Block(Content.styled(f"{diff.title}: {versions}", "bold"))
    for sign, steps in (("+ new", diff.added), ("- gone", diff.dropped)):
        for step in steps:
            yield Block(Content(step.title), Content.styled(sign, "bold"), indent=_INDENT)
    for changed in diff.changed:
        yield Block(Content.styled(changed.title, "bold"), Content.styled("~ changed", "bold"), 1, _INDENT)
        for each in changed.changes:
            yield from _words(each)
    about = [each for each in diff.about if each.key != "version"]
    if about:
        yield Block(Content.styled("The playbook as a whole", "bold"), gap=1)
    for each in about:
        yield from _words(each)


def _words(each: WordChange) -> Iterator[Block]:
    yield Block(Content.styled(each.key.replace("_", " "), "$secondary"), indent=_INDENT)
    for sign, text, style in (("before", each.before, "$secondary"), ("after", each.after, "")):
        if text:
            yield Block(
                Content.styled(" ".join(text.split()), style), Content.styled(f"  {sign}", "$secondary"), indent=_INDENT
            )
