"""Obligations that hang on one another: what no clock could follow is refused when the law is read.

A clock that hangs on itself would never be counted to its end; one that hangs on what is not there never starts.
"""

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field

from incident.domain.condition import FactTest, tests_of
from incident.domain.regime import Duty, Regime
from incident.domain.vocabulary import nearest
from incident.errors import ContentError, shown

LONGEST_CHAIN = 20
"""How many obligations may hang on one another; the longest that ships has four."""


Links = dict[str, frozenset[str]]


@dataclass(slots=True)
class Chains:
    """The obligations of the regimes taken in so far: what each hangs on, and before what it must be sent."""

    hangs_on: Links = field(default_factory=dict)
    earlier: Links = field(default_factory=dict)

    def take(self, regime: Regime) -> None:
        """Take a regime in; one that closes a circle or makes too long a chain raises ContentError and stays out."""
        before = (dict(self.hangs_on), dict(self.earlier))
        try:
            _joined(self.hangs_on, regime, _anchors, "hangs on itself")
            _joined(self.earlier, regime, _before, "must be sent before itself")
        except ContentError:
            self.hangs_on, self.earlier = before
            raise


def _joined(links: Links, regime: Regime, pairs: Callable[[Duty], Iterable[tuple[str, str]]], what: str) -> None:
    found = [pair for duty in regime.duties for pair in pairs(duty)]
    for one, other in found:
        links[one] = links.get(one, frozenset()) | {other}
    for start in dict.fromkeys(one for one, _ in found):
        _walk(start, links, what)


def unknown_obligation(regime: Regime, known: Collection[str]) -> ContentError | None:
    """What is wrong with a regime that names an obligation no regime has."""
    for duty in regime.duties:
        for named in _named(duty):
            if named not in known:
                message = f"duties.{duty.slug}: there is no obligation «{shown(named, longest=80)}»."
                return ContentError(message, f"Did you mean {nearest(named, known)}?")
    return None


def _anchors(duty: Duty) -> Iterable[tuple[str, str]]:
    """The obligations on whose dates a duty's own dates rest."""
    starts = (duty.start, *(limit.start for limit in (duty.cap, duty.not_before) if limit is not None))
    return ((duty.id, start.of) for start in starts if start.of)


def _before(duty: Duty) -> Iterable[tuple[str, str]]:
    """Pairs of which the first must be sent strictly before the second."""
    for relation, other in duty.order:
        if relation == "before":
            yield duty.id, other
        elif relation == "after":
            yield other, duty.id


def _named(duty: Duty) -> Iterable[str]:
    yield from (other for _, other in _anchors(duty))
    yield from (to for _, to in duty.order)
    conditions = (duty.when, duty.variant_when, duty.relief_when, *(each.when for each in (*duty.content, *duty.forbidden)))
    for condition in conditions:
        if condition is not None:
            yield from (name for test in tests_of(condition) for name in filed_in(test))


def _walk(start: str, links: Links, what: str) -> None:
    """Every chain from a start, without recursion; raises ContentError for a circle or too long a chain."""
    path: list[tuple[str, list[str]]] = [(start, sorted(links.get(start, ())))]
    seen: dict[str, int] = {}
    while path:
        if not path[-1][1]:
            path.pop()
            continue
        following = path[-1][1].pop()
        names = [name for name, _ in path]
        if following in names or len(path) >= LONGEST_CHAIN:
            wrong = what if following in names else f"hangs on more than {LONGEST_CHAIN} others"
            shown_path = " → ".join((*names[-4:], following))
            duty = start.partition("/")[2]
            raise ContentError(f"duties.{duty}: it {wrong}: {shown(shown_path, longest=300)}.", "Let it start with an event.")
        if seen.get(following, 0) < len(path):
            seen[following] = len(path)
            path.append((following, sorted(links.get(following, ()))))


_AFTER = re.compile(r" (?:after|of) (\S+)$")


def anchors_of(test: FactTest) -> tuple[str, ...]:
    """What a comparison of two moments counts from: facts, or `filed:` and an obligation."""
    found = _AFTER.search(test.sentence) if test.anchor else None
    return tuple(found[1].split("|")) if found else ()


def filed_in(test: FactTest) -> tuple[str, ...]:
    """The obligations whose sending a test looks at."""
    anchors = tuple(each.removeprefix("filed:") for each in anchors_of(test) if each.startswith("filed:"))
    return (test.obligation, *anchors) if test.obligation else anchors
