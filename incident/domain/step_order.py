"""The order that `after` gives to steps: what comes before what, and whether some wait for each other.

Both walk without recursion, so that a playbook of ten thousand steps is only long.
"""

from collections.abc import Iterable, Mapping, Sequence

from incident.domain.playbook import Step


def in_order(steps: Sequence[Step]) -> tuple[Step, ...]:
    """The steps so that each comes after those it waits for; steps that wait for each other come last, as they stand."""
    by_slug = {each.slug: each for each in steps}
    left = {each.slug: len({slug for slug in each.after if slug in by_slug}) for each in steps}
    followers: dict[str, list[str]] = {}
    for each in steps:
        for slug in dict.fromkeys(each.after):
            followers.setdefault(slug, []).append(each.slug)
    ready = [each.slug for each in steps if not left[each.slug]]
    for slug in ready:  # grows while it is read
        for follower in followers.get(slug, ()):
            left[follower] -= 1
            if not left[follower]:
                ready.append(follower)
    settled = set(ready)
    return (*(by_slug[slug] for slug in ready), *(each for each in steps if each.slug not in settled))


def circle(steps: Iterable[Step]) -> tuple[str, ...]:
    """Slugs of steps that wait for each other, the first one again at the end; empty when there are none."""
    after = {each.slug: each.after for each in steps}
    settled: set[str] = set()
    for start in after:
        found = _circle_from(start, after, settled)
        if found:
            return found
    return ()


def _circle_from(start: str, after: Mapping[str, tuple[str, ...]], settled: set[str]) -> tuple[str, ...]:
    if start in settled:
        return ()
    path, onward = [start], [iter(after[start])]
    on_path = {start}
    while path:
        following = next(onward[-1], None)
        if following is None:
            settled.add(path[-1])
            on_path.discard(path.pop())
            onward.pop()
        elif following in on_path:
            return (*path[path.index(following) :], following)
        elif following in after and following not in settled:
            path.append(following)
            on_path.add(following)
            onward.append(iter(after[following]))
    return ()
