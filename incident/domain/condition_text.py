"""Reads conditions: short sentences in regimes and playbooks → values of `condition`.

An empty list of conditions is an error, not «always». Equal sentences give the same value, so that an outcome
found once serves every duty that asks the same.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from incident.domain.condition import All, Condition, FactTest, Not, Some, laid_out
from incident.domain.counting import parse_period
from incident.domain.fact_test import (
    OPERATORS,
    compare_moment,
    deemed,
    equals,
    has,
    has_place,
    is_known,
    is_place,
    people,
)
from incident.domain.facts import Facts
from incident.errors import ContentError

_RESERVED = frozenset({"and", "or", "not", "is", "has", "known", "in", "place", "presumed"})
_TOKEN = re.compile(r"\(|\)|[^\s()]+")
_DEEPEST = 50
"""How many brackets or negations one sentence may have: nobody can read more."""


def parse_condition(text: str | Sequence[str], *, where: str) -> Condition:
    """Read a condition; a sequence of sentences must all hold. Raises ContentError naming `where` and the word."""
    if not isinstance(text, str):
        return conjunction([parse_condition(each, where=where) for each in text], where=where)
    try:
        return _read(text)
    except _Unreadable as error:
        raise ContentError(f"{where}: {error}", "See the grammar in the playbook guide.") from error


def conjunction(parts: Sequence[Condition], *, where: str) -> Condition:
    """All of these; raises ContentError when there are none."""
    if not parts:
        raise ContentError(f"{where}: the list of conditions is empty.", "Leave the key out, or say a condition.")
    return parts[0] if len(parts) == 1 else All(tuple(parts))


class _Unreadable(Exception):
    """What is wrong with a sentence."""


@lru_cache(maxsize=8192)
def _read(text: str) -> Condition:
    if not isinstance(text, str):
        raise _Unreadable(f"«{text}» is not a sentence")
    words = _TOKEN.findall(text)
    if not words:
        raise _Unreadable("the condition is empty.")
    if text.count("(") > _DEEPEST or words.count("not") > _DEEPEST:
        raise _Unreadable(f"«{text[:60]}…» is nested too deeply")
    reader = _Reader(words, text)
    condition = reader.some()
    if reader.left:
        raise reader.wrong(f"«{reader.left[0]}» is not expected here")
    return laid_out(condition)


class _Reader:
    """A recursive-descent reader: or < and < not < ( … ) < test."""

    def __init__(self, words: list[str], text: str) -> None:
        self.left, self.text = words, text

    def wrong(self, what: str) -> _Unreadable:
        return _Unreadable(f"{what} in «{self.text}».")

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
        before = [key, *self.left]
        test = self.said(key)
        return replace(test, sentence=" ".join(before[: len(before) - len(self.left)]))

    def said(self, key: str) -> FactTest:
        special = {("people", ""): self.people, ("place", "is"): self.place, ("deemed", "by"): self.deemed}
        for (word, after), read in special.items():
            if key == word and (not after or self.take(after)):
                return read()
        return self.fact(key)

    def fact(self, key: str) -> FactTest:
        if not re.fullmatch(r"[a-z_]+(\.[a-z_0-9]+)?", key) or key in _RESERVED:
            raise self.wrong(f"«{key}» is not a fact")
        if self.take("known"):
            return FactTest(f"{key} is known", key, lambda facts, _: is_known(facts, key))
        if self.take("has"):
            return self.has(key)
        if self.take("is"):
            return self.equals(key)
        if self.left[:1] in (["later"], ["within"]):
            return self.moment(key)
        test = FactTest(f"{key} is true", key, lambda facts, _: equals(facts, key, "true"), values=("true",))
        return self.presumable(test)

    def presumable(self, test: FactTest) -> FactTest:
        return replace(test, presumed=True) if self.take("presumed") else test

    def place(self) -> FactTest:
        places = tuple(self.next("a place").split("|"))
        text = f"place is {' or '.join(places)}"
        return FactTest(text, "people", lambda _, place: is_place(place, places), places=places)

    def deemed(self) -> FactTest:
        obligation = self.next("an obligation")
        text = f"notices under {obligation} were sent"
        return FactTest(text, "filed", lambda facts, _: deemed(facts, obligation), obligation=obligation)

    def moment(self, key: str) -> FactTest:
        later = self.take("later")
        for word in ("than",) if later else ("within",):
            if not self.take(word):
                raise self.wrong(f"«{word}» is missing")
        amount, unit = self.next("a number"), self.next("a unit")
        try:
            period = parse_period(f"{amount} {unit}", where="period")
        except ContentError as error:
            raise self.wrong(f"«{amount} {unit}» is not a period") from error
        link = "after" if later else "of"
        if not self.take(link):
            raise self.wrong(f"«{link}» is missing")
        anchor = self.next("an event")
        text = f"{key} {'later than' if later else 'within'} {amount} {unit.replace('_', ' ')} {link} {anchor}"
        wanted = "filed" if anchor.startswith("filed:") else anchor.split("|")[0]
        test = FactTest(text, key, lambda facts, _: compare_moment(facts, key, anchor, period, later=later))
        return replace(test, anchor=wanted)

    def has(self, key: str) -> FactTest:
        first = self.next("a token")
        if first == "place":
            if not self.take("in"):
                raise self.wrong("«in» is missing after «place»")
            whole = self.next("a place")
            test = FactTest(f"{key} has a place in {whole}", key, lambda facts, _: has_place(facts, key, whole))
            return self.presumable(replace(test, places=() if whole == "EEA" else (whole,)))
        tokens = tuple(first.split("|"))
        wanted = frozenset(tokens)
        text = f"{key} has {' or '.join(tokens)}"
        return self.presumable(FactTest(text, key, lambda facts, _: has(facts, key, wanted), values=tokens))

    def equals(self, key: str) -> FactTest:
        opposite = self.take("not")
        wanted = self.next("a value")
        text = f"{key} is {'not ' if opposite else ''}{wanted}"
        test = FactTest(text, key, lambda facts, _: equals(facts, key, wanted, opposite=opposite), values=(wanted,))
        return self.presumable(test)

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
        elif self.left and self.left[0].isdigit():
            raise self.wrong(f"«{self.left[0]}» has no operator: write > or >= before it")
        text = f"people {f'in {place}' if place else word} {operator} {number}"

        def apply(facts: Facts, at: str | None) -> tuple[bool | None, str]:
            return people(facts, word, at or "" if place == "@place" else place, operator, number)

        places = (place,) if place and place != "@place" else ()
        return self.presumable(FactTest(text, "people", apply, places=places))
