"""Three-valued conditions over facts, each answer with its reasons.

Written as short sentences in regimes and playbooks:

    organisation.roles has controller
    data.elements has name and data.elements has ssn|drivers_license
    not (data.encrypted and not data.key_compromised)
    risk.low_probability_of_compromise is not true presumed
    people in @place > 500        people total >= 500        people unreachable >= 1
    at.aware known                organisation.established_in has place in EEA
    place is US-AL|US-MI          deemed by us-hipaa/individuals
    at.handled later than 1 months after filed:eu-nis2/notification

A missing fact makes a test unknown, never false; `presumed` lets the unknown count as fulfilled, where the law
presumes. `condition_text` reads the sentences.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from incident.domain.facts import Facts


@dataclass(frozen=True, slots=True)
class Tested:
    """One test as it was applied: its sentence, the value found, and whether it held (None: unknown)."""

    text: str
    value: str
    outcome: bool | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer of a condition with its tests in reading order and the facts that would decide it."""

    value: bool | None
    tested: tuple[Tested, ...]
    missing: tuple[str, ...]
    because: Tested | None = None
    """The single test that settled it, where it is settled."""


@dataclass(frozen=True, slots=True)
class FactTest:
    """A single sentence about one fact."""

    text: str
    key: str
    apply: Callable[[Facts, str | None], tuple[bool | None, str]] = field(compare=False, repr=False)
    presumed: bool = False
    values: tuple[str, ...] = ()
    """The tokens or the value it names, for checking them against the vocabulary."""
    places: tuple[str, ...] = ()
    obligation: str = ""
    anchor: str = ""
    """The other fact a comparison needs: named as missing when only that one is."""
    sentence: str = ""
    """As it was written: reads back as the same test."""


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite; the unknown stays unknown."""

    part: "Condition"


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds; one that fails decides."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Some:
    """At least one part holds; one that holds decides."""

    parts: tuple["Condition", ...]


Condition = FactTest | Not | All | Some


Memo = dict[tuple[int, str | None], Outcome]
"""Outcomes already found for one set of facts, by condition and place: duties share most of their conditions."""


def evaluate(condition: Condition, facts: Facts, *, place: str | None = None, memo: Memo | None = None) -> Outcome:
    """Apply a condition to facts; `place` stands for `@place` in duties that fall due once per place.

    `memo` keeps outcomes between calls on the same facts; the conditions must outlive it.
    """
    return _found(condition, facts, place, {} if memo is None else memo)


def _found(condition: Condition, facts: Facts, place: str | None, memo: Memo) -> Outcome:
    key = (id(condition), place)
    found = memo.get(key)
    if found is None:
        if isinstance(condition, FactTest):
            found = _tested(condition, facts, place)
        elif isinstance(condition, Not):
            inner = _found(condition.part, facts, place, memo)
            value = None if inner.value is None else not inner.value
            found = Outcome(value, inner.tested, inner.missing, inner.because)
        else:
            parts = [memo.get((id(part), place)) or _found(part, facts, place, memo) for part in condition.parts]
            found = _joined(parts, deciding=isinstance(condition, Some))
        memo[key] = found
    return found


def _tested(test: FactTest, facts: Facts, place: str | None) -> Outcome:
    value, found = test.apply(facts, place)
    if value is None and test.presumed:
        presumed = Tested(test.text, "unknown: presumed", outcome=True)
        return Outcome(value=True, tested=(presumed,), missing=(), because=presumed)
    wanted = test.anchor if test.anchor and facts.known(test.key) else test.key
    missing = (wanted,) if value is None else ()
    text = test.text.replace("@place", place) if place else test.text
    tested = Tested(text, found, value)
    return Outcome(value, (tested,), missing, tested if value is not None else None)


def _joined(outcomes: list[Outcome], *, deciding: bool) -> Outcome:
    """Kleene's strong conjunction (deciding on False) or disjunction (deciding on True)."""
    tested: tuple[Tested, ...] = ()
    decided: Outcome | None = None
    unknown = False
    for outcome in outcomes:
        tested += outcome.tested
        if decided is None and outcome.value is deciding:
            decided = outcome
        unknown = unknown or outcome.value is None
    if decided is not None:
        return Outcome(deciding, tested, (), decided.because)
    if not unknown:
        return Outcome(not deciding, tested, (), outcomes[0].because)
    missing = dict.fromkeys(key for outcome in outcomes if outcome.value is None for key in outcome.missing)
    return Outcome(None, tested, tuple(missing))


def both(one: Outcome, other: Outcome) -> Outcome:
    """The outcome of two conditions that must both hold."""
    return _joined([one, other], deciding=False)


def tests_of(condition: Condition) -> tuple[FactTest, ...]:
    """Every single test of a condition, in reading order."""
    match condition:
        case FactTest():
            return (condition,)
        case Not():
            return tests_of(condition.part)
        case All() | Some():
            return tuple(test for part in condition.parts for test in tests_of(part))


def keys_of(condition: Condition) -> tuple[str, ...]:
    """Every fact a condition reads, in reading order."""
    return tuple(dict.fromkeys(test.key for test in tests_of(condition)))


def as_sentence(condition: Condition) -> str:
    """A condition as the grammar writes it: reads back as the same condition."""
    match condition:
        case FactTest():
            return condition.sentence
        case Not():
            return f"not ({as_sentence(condition.part)})"
        case All():
            return " and ".join(f"({as_sentence(part)})" for part in condition.parts)
        case Some():
            return " or ".join(f"({as_sentence(part)})" for part in condition.parts)


def in_words(condition: Condition) -> str:
    """A condition as one sentence with its brackets."""
    match condition:
        case FactTest():
            return condition.text + (" (presumed while unknown)" if condition.presumed else "")
        case Not():
            return f"not ({in_words(condition.part)})"
        case All():
            return " and ".join(_bracketed(part) for part in condition.parts)
        case Some():
            return " or ".join(_bracketed(part) for part in condition.parts)


def _bracketed(condition: Condition) -> str:
    words = in_words(condition)
    return f"({words})" if isinstance(condition, All | Some) else words
