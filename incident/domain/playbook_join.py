"""Several playbooks in one incident: a second one joins, a newer version is adopted; shared steps are asked once.

A step that both have under the same slug is one step, unless the two decide different things: then the second keeps its
own beside it, under `<slug>-<playbook>`, and each decision is asked. What the second asks or says beyond the first is
added to a shared step; if it was finished before, it comes back on the list and says why. The first playbook's order
stands.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from incident.domain.condition import Condition, Some, as_sentence, laid_out
from incident.domain.guide_times import Addition
from incident.domain.playbook import Decision, Phase, Playbook, Step, Target
from incident.domain.taken_playbook import TakenAs, TakenPlaybook


@dataclass(frozen=True, slots=True)
class Combined:
    """The one playbook that an incident follows, the playbooks it is made of, and what came later to which step."""

    playbook: Playbook
    parts: tuple[Playbook, ...]
    additions: Mapping[str, Addition]


def combined(first: Playbook, taken: Sequence[TakenPlaybook]) -> Combined:
    """The playbook an incident was declared with and what it took up since, in order of time."""
    parts = {first.slug: first}
    additions: dict[str, Addition] = {}
    for each in taken:
        playbook = each.playbook
        arriving = playbook
        if each.taken_as is TakenAs.ADOPTED:
            before, why = parts.get(playbook.slug), f"version {playbook.version} of «{playbook.title}» changed it"
            arriving = _arriving(tuple(parts.values()), playbook)
            before = _arriving(tuple(parts.values()), before) if before is not None else None
        else:
            before, why = joined(tuple(parts.values())), f"«{playbook.title}» adds to it"
            arriving = _set_apart(before, playbook)
        standing = {step.slug: step for step in before.steps} if before is not None else {}
        for step in arriving.steps:
            if step.slug in standing and asks_more(standing[step.slug], step):
                additions[step.slug] = Addition(each.at, why)
        parts[playbook.slug] = playbook
    return Combined(joined(tuple(parts.values())), tuple(parts.values()), additions)


def asks_more(one: Step, other: Step) -> bool:
    """Whether another step of the same slug says or asks something that this one does not."""
    said = " ".join(other.guidance.split()) not in " ".join(one.guidance.split())
    asked = set(other.asks) - set(one.asks) or set(other.drafts) - set(one.drafts)
    decides = other.decision is not None and (one.decision is None or _decide_apart(one.decision, other.decision))
    return said or bool(asked) or decides


def _arriving(parts: Sequence[Playbook], playbook: Playbook) -> Playbook:
    """A version of one of the parts with the slugs that its steps have in the whole."""
    place = next((index for index, each in enumerate(parts) if each.slug == playbook.slug), len(parts))
    return _set_apart(joined(parts[:place]), playbook) if place else playbook


def _set_apart(first: Playbook, second: Playbook) -> Playbook:
    """The second with a slug of its own for each step that decides something else than the first's step of that slug."""
    standing = {each.slug: each for each in first.steps}
    own = {
        each.slug: f"{each.slug}-{second.slug}"
        for each in second.steps
        if each.slug in standing and _decide_apart(standing[each.slug].decision, each.decision)
    }
    if not own:
        return second
    steps = (
        replace(
            each,
            slug=own.get(each.slug, each.slug),
            title=f"{each.title} ({second.title})" if each.slug in own else each.title,
            after=tuple(own.get(slug, slug) for slug in each.after),
        )
        for each in second.steps
    )
    return replace(second, steps=tuple(steps))


def _decide_apart(one: Decision | None, other: Decision | None) -> bool:
    """Whether two decisions are not the same question put to the same role."""
    if one is None or other is None:
        return False
    return replace(one, within=None, options=()) != replace(other, within=None, options=()) or set(one.options) != set(
        other.options
    )


def joined(parts: Sequence[Playbook]) -> Playbook:
    """Playbooks as one: the first with what the others add."""
    whole = parts[0]
    for each in parts[1:]:
        whole = _with(whole, each)
    return whole


def _with(first: Playbook, second: Playbook) -> Playbook:
    second = _set_apart(first, second)
    phases = _phases(first.phases, second.phases)
    order = {each.slug: index for index, each in enumerate(phases)}
    others = {each.slug: each for each in second.steps}
    shared = {each.slug for each in first.steps}
    steps = [_step(each, others[each.slug], second.title) if each.slug in others else each for each in first.steps]
    steps += [each for each in second.steps if each.slug not in shared]
    steps.sort(key=lambda each: order[each.phase])
    return replace(
        first,
        title=f"{first.title}; {second.title}",
        phases=phases,
        steps=tuple(steps),
        tags=_union(first.tags, second.tags),
        closed_when=_union(first.closed_when, second.closed_when),
        first_checks=_union(first.first_checks, second.first_checks),
        pivots=tuple(each for each in (*first.pivots, *second.pivots) if each.playbook not in (first.slug, second.slug)),
    )


def _phases(first: Sequence[Phase], second: Sequence[Phase]) -> tuple[Phase, ...]:
    """The first's phases; one that only the second has stands behind the phase that it follows there."""
    phases = list(first)
    place = 0
    for each in second:
        at = next((index for index, phase in enumerate(phases) if phase.slug == each.slug), None)
        if at is None:
            phases.insert(place, each)
            place += 1
        else:
            place = at + 1
    return tuple(phases)


def _step(one: Step, other: Step, title: str) -> Step:
    """The same step as two playbooks have it: asked once, with what either asks."""
    new = " ".join(other.guidance.split()) not in " ".join(one.guidance.split())
    condition, sentences = _either(one, other)
    decision = one.decision or other.decision
    return replace(
        one,
        guidance=f"{one.guidance}\n\n**{title}:** {other.guidance}" if new else one.guidance,
        target=_earlier(one.target, other.target),
        when=condition,
        when_text=sentences,
        asks=_union(one.asks, other.asks),
        evidence=_union(one.evidence, other.evidence),
        drafts=_union(one.drafts, other.drafts),
        decision=decision,
        undo=one.undo or other.undo,
        if_silent=one.if_silent or other.if_silent,
        gate=one.gate or other.gate,
        tags=_union(one.tags, other.tags),
    )


def _either(one: Step, other: Step) -> tuple[Condition | None, tuple[str, ...]]:
    """The condition under which either playbook asks the step."""
    if one.when_text == other.when_text:
        return one.when, one.when_text
    if one.when is None or other.when is None:
        return None, ()
    parts = {as_sentence(part): part for each in (one.when, other.when) for part in _alternatives(each)}
    condition = laid_out(Some(tuple(parts.values()))) if len(parts) > 1 else one.when
    return condition, (as_sentence(condition),)


def _alternatives(condition: Condition) -> tuple[Condition, ...]:
    return condition.parts if isinstance(condition, Some) else (condition,)


def _earlier(one: Target | None, other: Target | None) -> Target | None:
    if one is None or other is None:
        return one or other
    return other if other.after == one.after and other.within < one.within else one


def _union(one: Iterable[str], other: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*one, *other)))
