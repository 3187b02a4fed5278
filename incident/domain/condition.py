"""Three-valued conditions over facts, each answer with its reasons.

Written as short sentences in regimes and playbooks:

    organisation.roles has controller
    data.elements has name and data.elements has ssn|drivers_license
    not (data.encrypted and not data.key_compromised)
    risk.low_probability_of_compromise is not true presumed
    people in @place > 500        people total >= 500        people unreachable >= 1
    at.aware known                organisation.established_in has place in EEA

A missing fact makes a test unknown, never false; `presumed` lets the unknown count as fulfilled, where the law
presumes. An empty list of conditions is an error, not «always».
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from incident.domain.fact_test import OPERATORS, equals, has, has_place, is_known, people
from incident.domain.facts import Facts
from incident.errors import ContentError


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


@dataclass(frozen=True, slots=True)
class FactTest:
    """A single sentence about one fact."""

    text: str
    key: str
    apply: Callable[[Facts, str | None], tuple[bool | None, str]]
    presumed: bool = False


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


def evaluate(condition: Condition, facts: Facts, *, place: str | None = None) -> Outcome:
    """Apply a condition to facts; `place` stands for `@place` in duties that fall due once per place."""
    match condition:
        case FactTest():
            value, found = condition.apply(facts, place)
            if value is None and condition.presumed:
                presumed = Tested(condition.text, "unknown: presumed", outcome=True)
                return Outcome(value=True, tested=(presumed,), missing=())
            missing = (condition.key,) if value is None else ()
            text = condition.text.replace("@place", place) if place else condition.text
            return Outcome(value, (Tested(text, found, value),), missing)
        case Not():
            inner = evaluate(condition.part, facts, place=place)
            value = None if inner.value is None else not inner.value
            return Outcome(value, inner.tested, inner.missing)
        case All():
            return _joined([evaluate(part, facts, place=place) for part in condition.parts], deciding=False)
        case Some():
            return _joined([evaluate(part, facts, place=place) for part in condition.parts], deciding=True)


def _joined(outcomes: list[Outcome], *, deciding: bool) -> Outcome:
    """Kleene's strong conjunction (deciding on False) or disjunction (deciding on True)."""
    tested = tuple(each for outcome in outcomes for each in outcome.tested)
    if any(outcome.value is deciding for outcome in outcomes):
        return Outcome(deciding, tested, ())
    if all(outcome.value is not None for outcome in outcomes):
        return Outcome(not deciding, tested, ())
    missing = dict.fromkeys(key for outcome in outcomes if outcome.value is None for key in outcome.missing)
    return Outcome(None, tested, tuple(missing))


def keys_of(condition: Condition) -> tuple[str, ...]:
    """Every fact a condition reads, in reading order."""
    match condition:
        case FactTest():
            return (condition.key,)
        case Not():
            return keys_of(condition.part)
        case All() | Some():
            return tuple(dict.fromkeys(key for part in condition.parts for key in keys_of(part)))


_RESERVED = frozenset({"and", "or", "not", "is", "has", "known", "in", "place", "presumed"})
_TOKEN = re.compile(r"\(|\)|[^\s()]+")


def parse_condition(text: str | Sequence[str], *, where: str) -> Condition:
    """Read a condition; a sequence of sentences must all hold. Raises ContentError naming `where` and the word."""
    if not isinstance(text, str):
        if not text:
            raise ContentError(f"{where}: the list of conditions is empty.", "Leave the key out, or say a condition.")
        parts = tuple(parse_condition(each, where=where) for each in text)
        return parts[0] if len(parts) == 1 else All(parts)
    words = _TOKEN.findall(text)
    if not words:
        raise ContentError(f"{where}: the condition is empty.", "Leave the key out, or say a condition.")
    reader = _Reader(words, text, where)
    condition = reader.some()
    if reader.left:
        raise reader.wrong(f"«{reader.left[0]}» is not expected here")
    return condition


class _Reader:
    """A recursive-descent reader: or < and < not < ( … ) < test."""

    def __init__(self, words: list[str], text: str, where: str) -> None:
        self.left, self.text, self.where = words, text, where

    def wrong(self, what: str) -> ContentError:
        return ContentError(f"{self.where}: {what} in «{self.text}».", "See the grammar in the playbook guide.")

    def take(self, word: str) -> bool:
        if self.left and self.left[0] == word:
            self.left.pop(0)
            return True
        return False

    def next(self, wanted: str) -> str:
        if not self.left:
            raise self.wrong(f"{wanted} is missing at the end")
        return self.left.pop(0)

    def some(self) -> Condition:
        parts = [self.all()]
        while self.take("or"):
            parts.append(self.all())
        return parts[0] if len(parts) == 1 else Some(tuple(parts))

    def all(self) -> Condition:
        parts = [self.part()]
        while self.take("and"):
            parts.append(self.part())
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def part(self) -> Condition:
        if self.take("not"):
            return Not(self.part())
        if self.take("("):
            inner = self.some()
            if not self.take(")"):
                raise self.wrong("a closing bracket is missing")
            return inner
        return self.test()

    def test(self) -> FactTest:
        key = self.next("a fact")
        if key == "people":
            return self.people()
        if not re.fullmatch(r"[a-z_]+(\.[a-z_0-9]+)?", key) or key in _RESERVED:
            raise self.wrong(f"«{key}» is not a fact")
        if self.take("known"):
            return FactTest(f"{key} is known", key, lambda facts, _: is_known(facts, key))
        if self.take("has"):
            return self.has(key)
        if self.take("is"):
            return self.equals(key)
        return self.presumable(f"{key} is true", key, lambda facts, _: equals(facts, key, "true"))

    def presumable(self, text: str, key: str, apply: Callable[[Facts, str | None], tuple[bool | None, str]]) -> FactTest:
        return FactTest(text, key, apply, presumed=self.take("presumed"))

    def has(self, key: str) -> FactTest:
        first = self.next("a token")
        if first == "place":
            if not self.take("in"):
                raise self.wrong("«in» is missing after «place»")
            whole = self.next("a place")
            return self.presumable(f"{key} has a place in {whole}", key, lambda facts, _: has_place(facts, key, whole))
        wanted = frozenset(first.split("|"))
        shown = " or ".join(first.split("|"))
        return self.presumable(f"{key} has {shown}", key, lambda facts, _: has(facts, key, wanted))

    def equals(self, key: str) -> FactTest:
        opposite = self.take("not")
        wanted = self.next("a value")
        text = f"{key} is {'not ' if opposite else ''}{wanted}"
        return self.presumable(text, key, lambda facts, _: equals(facts, key, wanted, opposite=opposite))

    def people(self) -> FactTest:
        word = self.next("«in», «total» or «unreachable»")
        if word not in ("in", "total", "unreachable"):
            raise self.wrong(f"«{word}» does not follow «people»")
        place = self.next("a place") if word == "in" else ""
        operator, number = ">=", 1
        if self.left and self.left[0] in OPERATORS:
            operator = self.left.pop(0)
            digits = self.next("a number")
            if not digits.isdigit():
                raise self.wrong(f"«{digits}» is not a number")
            number = int(digits)
        shown = f"in {place}" if place else word
        text = f"people {shown} {operator} {number}"

        def apply(facts: Facts, at: str | None) -> tuple[bool | None, str]:
            return people(facts, word, at or "" if place == "@place" else place, operator, number)

        return self.presumable(text, "people", apply)
