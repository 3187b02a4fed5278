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
presumes. `condition_text` reads the sentences. What stands under a `not` is applied as its opposite, test by test, so
that every reason is true to read; tests that are alternatives to each other say so.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import count

from incident.domain.facts import Facts
from incident.domain.wording import in_words as worded

Alternatives = tuple[tuple[int, int], ...]
"""The groups of alternatives a test stands in, the outermost first: the group and which alternative of it."""
_GROUPS = count(1)


@dataclass(frozen=True, slots=True)
class Tested:
    """One test as it was applied: its sentence, the value found, and whether it held (None: unknown)."""

    text: str
    value: str
    outcome: bool | None
    any_of: Alternatives = ()


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
    negated: bool = False
    """It stands under a `not`: its opposite is what is tested."""
    any_of: Alternatives = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite; the unknown stays unknown."""

    part: "Condition"
    applied: "Condition | None" = field(default=None, compare=False, repr=False)
    """The same with the `not` on every single test: what is evaluated, so that each reason is true to read."""

    def __post_init__(self) -> None:
        """Turn the part once."""
        if self.applied is None:
            object.__setattr__(self, "applied", laid_out(self.part, negated=True))


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds; one that fails decides."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Some:
    """At least one part holds; one that holds decides."""

    parts: tuple["Condition", ...]


Condition = FactTest | Not | All | Some


def laid_out(condition: Condition, *, negated: bool = False, any_of: Alternatives = ()) -> Condition:
    """The same condition with every test marked: under a `not`, and of which alternatives it is one."""
    match condition:
        case FactTest():
            return replace(condition, negated=negated, any_of=any_of)
        case Not():
            turned = laid_out(condition.part, negated=not negated, any_of=any_of)
            return turned if negated else Not(condition.part, turned)
        case All() | Some():
            return _parts_laid_out(condition, negated=negated, any_of=any_of)


def _parts_laid_out(condition: All | Some, *, negated: bool, any_of: Alternatives) -> Condition:
    """De Morgan: not all of these is one of the opposites."""
    if isinstance(condition, All) is not negated:
        return All(tuple(laid_out(part, negated=negated, any_of=any_of) for part in condition.parts))
    group = next(_GROUPS)
    marked = ((part, (*any_of, (group, number))) for number, part in enumerate(condition.parts))
    return Some(tuple(laid_out(part, negated=negated, any_of=path) for part, path in marked))


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
            found = _found(condition.applied or condition.part, facts, place, memo)
        else:
            parts = [memo.get((id(part), place)) or _found(part, facts, place, memo) for part in condition.parts]
            found = _joined(parts, deciding=isinstance(condition, Some))
        memo[key] = found
    return found


def _tested(test: FactTest, facts: Facts, place: str | None) -> Outcome:
    value, found = test.apply(facts, place)
    presumed = value is None and test.presumed
    held = True if presumed else value
    if test.negated and held is not None:
        held = not held
    text = test.text.replace("@place", place) if place else test.text
    tested = Tested(f"not {text}" if test.negated else text, "unknown: presumed" if presumed else found, held, test.any_of)
    if held is not None:
        return Outcome(held, (tested,), (), tested)
    wanted = test.anchor if test.anchor and facts.known(test.key) else test.key
    return Outcome(None, (tested,), (wanted,))


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


def conjuncts(condition: Condition | None) -> Iterator[Condition]:
    """What must all hold, each once."""
    if isinstance(condition, Not):
        condition = condition.applied
    if isinstance(condition, All):
        for part in condition.parts:
            yield from conjuncts(part)
    elif condition is not None:
        yield condition


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
    """A condition as one sentence that people read."""
    match condition:
        case FactTest():
            text = worded(f"not {condition.text}" if condition.negated else condition.text)
            return text + (" (presumed while unknown)" if condition.presumed and not condition.negated else "")
        case Not():
            return in_words(condition.applied or condition.part)
        case All():
            return " and ".join(_bracketed(part) for part in condition.parts)
        case Some():
            return "either " + " or ".join(_bracketed(part) for part in condition.parts)


def _bracketed(condition: Condition) -> str:
    words = in_words(condition)
    if isinstance(condition, Not) and condition.applied is not None:
        condition = condition.applied
    return f"({words})" if isinstance(condition, All | Some) else words
