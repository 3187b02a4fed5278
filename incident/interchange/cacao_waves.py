"""The order of a playbook's steps as CACAO can say it: stretches one after another, tracks side by side within each.

Our steps wait for named steps; CACAO has sequences and parallel branches that join. A stretch holds no two steps of
different tracks of which one waits for the other, so every wait is kept by the order within a branch or by a join.
"""

from collections.abc import Mapping, Sequence
from typing import Any

Step = Mapping[str, Any]


def waves(steps: Sequence[Step], phases: Sequence[Mapping[str, str]]) -> tuple[tuple[tuple[Step, ...], ...], ...]:
    """The steps (as documents, in an order in which each may be done) by stretch and, within it, by track."""
    order = {each["slug"]: number for number, each in enumerate(phases)}
    placed: dict[str, tuple[int, int]] = {}
    found: dict[tuple[int, int], dict[str, list[Step]]] = {}
    tracks = {each["slug"]: each["track"] for each in steps}
    for step in _sorted(steps):
        waits = [slug for slug in step["after"] if slug in placed]
        phase = max([order[step["phase"]], *(placed[slug][0] for slug in waits)])
        levels = [placed[slug][1] + (tracks[slug] != step["track"]) for slug in waits if placed[slug][0] == phase]
        placed[step["slug"]] = phase, max(levels, default=0)
        found.setdefault(placed[step["slug"]], {}).setdefault(step["track"], []).append(step)
    return tuple(tuple(tuple(branch) for branch in found[key].values()) for key in sorted(found))


def _sorted(steps: Sequence[Step]) -> list[Step]:
    """The steps so that none stands before one that it waits for, else in the order given."""
    by_slug = {each["slug"]: each for each in steps}
    done: set[str] = set()
    found: list[Step] = []
    for first in steps:
        waiting = [first]
        while waiting:
            step = waiting[-1]
            before = [slug for slug in step["after"] if slug in by_slug and slug not in done]
            if before and step["slug"] not in done and len(waiting) <= len(steps):
                waiting.append(by_slug[before[0]])
                continue
            waiting.pop()
            if step["slug"] not in done:
                done.add(step["slug"])
                found.append(step)
    return found
