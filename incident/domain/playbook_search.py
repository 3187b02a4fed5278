"""Searching all guidance: playbooks and steps by words, the best first; a step that many playbooks share is found once."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from incident.domain.playbook import Playbook, Step

_WORD = re.compile(r"\w+(?:[.\-&]\w+)*")
_TITLE, _TAG, _WITHIN, _GUIDANCE = 6, 4, 2, 1


@dataclass(frozen=True, slots=True)
class Found:
    """A playbook, or a step of it, that has the words; `also_in` names the other playbooks with the same step."""

    playbook: str
    step: str
    """The step's slug; empty for the playbook itself."""
    title: str
    excerpt: str
    score: int
    also_in: tuple[str, ...] = ()


def search(playbooks: Iterable[Playbook], words: str) -> tuple[Found, ...]:
    """Where all the words (or beginnings of words) stand, by weight: titles, then tags, then guidance."""
    wanted = tuple(dict.fromkeys(_WORD.findall(words.casefold())))
    if not wanted:
        return ()
    steps: dict[tuple[str, str, str], Found] = {}
    found: list[Found] = []
    for playbook in sorted(playbooks, key=lambda each: each.slug):
        about = (playbook.summary, playbook.use_when, playbook.not_when, *playbook.first_checks)
        score = _score(wanted, (playbook.title, playbook.slug), playbook.tags, about)
        if score:
            found.append(Found(playbook.slug, "", playbook.title, _excerpt(wanted, about), score))
        for step in playbook.steps:
            own = (step.title, step.slug), step.tags, _texts(step)
            score = _score(wanted, *own, within=(playbook.title, playbook.slug))
            if score and any(_score((word,), *own) for word in wanted):
                _keep(steps, playbook.slug, step, Found(playbook.slug, step.slug, step.title, "", score), wanted)
    return tuple(sorted((*found, *steps.values()), key=lambda each: (-each.score, each.playbook, each.step)))


def _keep(steps: dict[tuple[str, str, str], Found], slug: str, step: Step, made: Found, wanted: Sequence[str]) -> None:
    key = (step.slug, step.title, step.guidance)
    if key in steps:
        one = steps[key]
        steps[key] = Found(one.playbook, one.step, one.title, one.excerpt, one.score, (*one.also_in, slug))
    else:
        steps[key] = Found(made.playbook, made.step, made.title, _excerpt(wanted, _texts(step)), made.score)


def _texts(step: Step) -> tuple[str, ...]:
    question = (step.decision.question,) if step.decision else ()
    return (step.guidance, *step.evidence, step.undo, step.if_silent, *question, *step.asks)


def _score(
    wanted: Sequence[str], titles: Sequence[str], tags: Sequence[str], texts: Sequence[str], *, within: Sequence[str] = ()
) -> int:
    """The weight of every word at all its places; 0 when a word is missing everywhere. `within`: the playbook's names."""
    total = 0
    held = ((_TITLE, titles), (_TAG, tags), (_WITHIN, within), (_GUIDANCE, texts))
    places = tuple((weight, " ".join(each).casefold()) for weight, each in held)
    for word in wanted:
        begins = re.compile(rf"(?<!\w){re.escape(word)}")
        weights = [weight for weight, text in places if begins.search(text)]
        if not weights:
            return 0
        total += sum(weights)
    return total


_AROUND = 60


def _excerpt(wanted: Sequence[str], texts: Sequence[str]) -> str:
    """The line around the first word that is found in the texts; the beginning of the first text else."""
    for text in texts:
        flat = " ".join(text.split())
        for word in wanted:
            at = flat.casefold().find(word)
            if at >= 0:
                begin = flat.rfind(" ", 0, max(0, at - _AROUND)) + 1 if at > _AROUND else 0
                end = flat.find(" ", at + len(word) + _AROUND)
                return f"{'…' if begin else ''}{flat[begin : end if end > 0 else None]}{'…' if end > 0 else ''}"
    return " ".join(texts[0].split())[: 2 * _AROUND] if texts else ""
