"""The conditions of one regime: sentences and the names that stand for them, checked against the vocabulary."""

from collections.abc import Mapping, Sequence
from typing import Any

from incident.domain.chain import anchors_of
from incident.domain.condition import All, Condition, FactTest, Not, Some, tests_of
from incident.domain.condition_text import conjunction, parse_condition
from incident.domain.places import canonical_place, nearest_place
from incident.domain.vocabulary import FactType, Vocabulary, nearest
from incident.errors import ContentError, shown

_LONGEST_SENTENCE = 2000
_MOST_TESTS = 300
"""Of one condition, names spelt out; the longest that ships has 16."""
_DEEPEST_NAME = 20


class ConditionReader:
    """Reads the conditions of one regime; a name is read once and stands for the same condition everywhere."""

    def __init__(self, named: Mapping[str, Any], vocabulary: Vocabulary) -> None:
        self.texts, self.vocabulary = named, vocabulary
        self.named: dict[str, Condition] = {}
        self.open: list[str] = []
        self.weights: dict[int, int] = {}

    def combined(self, held: str | Sequence[str], where: str) -> Condition:
        """All of the sentences; raises ContentError naming `where`."""
        parts = [
            self.named_condition(each, where) if each.startswith("$") else self.sentence(each, where)
            for each in ([held] if isinstance(held, str) else held)
        ]
        found = conjunction(parts, where=where)
        if self.weight(found) > _MOST_TESTS:
            raise ContentError(f"{where}: it asks more than {_MOST_TESTS} things.", "Split the duty.")
        return found

    def weight(self, condition: Condition) -> int:
        """How many tests a condition has with every name spelt out; what is shared is counted each time, and added up once."""
        known = self.weights.get(id(condition))
        if known is None:
            known = 1 if isinstance(condition, FactTest) else sum(self.weight(each) for each in _parts(condition))
            self.weights[id(condition)] = known
        return known

    def named_condition(self, name: str, where: str) -> Condition:
        """The condition that a name stands for."""
        if name in self.named:
            return self.named[name]
        if name in self.open or len(self.open) >= _DEEPEST_NAME:
            chain = " → ".join((*self.open[-4:], name))
            what = "it stands on itself" if name in self.open else "names stand on names too deeply"
            raise ContentError(f"conditions.{name[1:]}: {what}: {shown(chain, longest=200)}.", "Spell it out.")
        if name[1:] not in self.texts:
            hint = f"Did you mean {nearest(name[1:], self.texts)}?"
            raise ContentError(f"{where}: there is no condition named «{shown(name, longest=60)}».", hint)
        self.open.append(name)
        self.named[name] = self.combined(self.texts[name[1:]], f"conditions.{name[1:]}")
        self.open.pop()
        return self.named[name]

    def sentence(self, text: str, where: str) -> Condition:
        """One sentence, checked against the vocabulary."""
        if len(text) > _LONGEST_SENTENCE:
            raise ContentError(f"{where}: «{shown(text, longest=60)}» is longer than any sentence.", "Split it.")
        try:
            condition = parse_condition(text, where=where)
        except ValueError as error:
            raise ContentError(f"{where}: «{shown(text, longest=60)}» holds a number that is none.", "Mend it.") from error
        for test in tests_of(condition):
            self.check(test, where)
            for anchor in anchors_of(test):
                if not anchor.startswith("filed:"):
                    self.vocabulary.kind(anchor)
        return condition

    def check(self, test: FactTest, where: str) -> None:
        """Every fact, token, value and place a test names must exist: a mistyped one would silently never hold."""
        kind = self.vocabulary.kind(test.key) if test.key not in ("filed",) else None
        known = tuple(token for token, _ in kind.choices) if kind is not None else ()
        if kind is not None and kind.type is FactType.FLAG:
            known = ("true", "false")
        for value in test.values:
            if known and value not in known and value != "any":
                raise ContentError(f"{where}: «{value}» is not known for {test.key}.", f"Did you mean {nearest(value, known)}?")
            if not known and kind is not None and kind.type is FactType.PLACES and canonical_place(value) is None:
                raise ContentError(f"{where}: «{value}» is not a place.", f"Did you mean {nearest_place(value)}?")
        for place in test.places:
            if canonical_place(place) is None and place != "EEA":
                raise ContentError(f"{where}: «{place}» is not a place.", f"Did you mean {nearest_place(place)}?")


def _parts(condition: Not | All | Some) -> tuple[Condition, ...]:
    return (condition.part,) if isinstance(condition, Not) else condition.parts
