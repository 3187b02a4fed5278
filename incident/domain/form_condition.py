"""When a form asks a field: sentences over its own answers, the kind of notice and the facts of the incident.

    told is yes and not means has letter
    kind is initial|complete
    organisation.established_in has EEA

A name without a dot is a field of the form, or `kind`; a name with a dot is a fact or another source. An answer that nobody
has given decides nothing: the test stays open, as in the law's conditions.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from incident.domain.places import within
from incident.errors import ContentError

_TOKEN = re.compile(r"\(|\)|[^\s()]+")
_NAME = re.compile(r"[a-z_][a-z_0-9]*(\.[a-z_0-9./@A-Z-]+)?")
_WORDS = frozenset({"and", "or", "not", "is", "has", "known", "unknown"})
_DEEPEST = 20

Answers = Mapping[str, object]
_Judge = Callable[[Answers], bool | None]


@dataclass(frozen=True, slots=True)
class FormCondition:
    """A sentence, read: what it names, which answers it waits for, and whether it holds."""

    text: str
    names: tuple[str, ...]
    tokens: tuple[tuple[str, str], ...]
    """Every name with a value it is compared with: a reader checks them against the field's own answers."""
    judge: _Judge

    def holds(self, answers: Answers) -> bool | None:
        """Whether it holds for these answers; None while an answer that would decide it is missing."""
        return self.judge(answers)

    def waits_for_facts(self, answers: Answers) -> bool:
        """Whether a fact that it names is not known yet."""
        return any("." in name and _blank(answers.get(name)) for name in self.names)


@lru_cache(maxsize=2048)
def read_condition(text: str) -> FormCondition:
    """Read a sentence; raises ContentError naming the word that is not understood."""
    words = _TOKEN.findall(text)
    if not words:
        raise ContentError("The condition is empty.", "Leave the key out, or say a condition.")
    if words.count("(") + words.count("not") > _DEEPEST:
        raise ContentError(f"«{text[:60]}…» is nested too deeply.", "Say it in fewer steps.")
    reader = _Reader(words, text)
    judge = reader.some()
    if reader.left:
        raise reader.wrong(f"«{reader.left[0]}» is not expected here")
    return FormCondition(text, tuple(dict.fromkeys(reader.names)), tuple(reader.tokens), judge)


def _blank(value: object) -> bool:
    return value is None or value == [] or (isinstance(value, str) and not value.strip())


def _said(value: object) -> tuple[str, ...]:
    if isinstance(value, bool):
        return ("true" if value else "false",)
    if isinstance(value, (list, tuple)):
        return tuple(str(each) for each in value)
    return (str(value),)


def _any(parts: list[_Judge]) -> _Judge:
    def judge(answers: Answers) -> bool | None:
        found = [part(answers) for part in parts]
        return True if True in found else None if None in found else False

    return judge


def _all(parts: list[_Judge]) -> _Judge:
    def judge(answers: Answers) -> bool | None:
        found = [part(answers) for part in parts]
        return False if False in found else None if None in found else True

    return judge


def _opposite(part: _Judge) -> _Judge:
    def judge(answers: Answers) -> bool | None:
        found = part(answers)
        return None if found is None else not found

    return judge


class _Reader:
    """or < and < not < ( … ) < test, by recursive descent."""

    def __init__(self, words: list[str], text: str) -> None:
        self.left, self.text = words, text
        self.names: list[str] = []
        self.tokens: list[tuple[str, str]] = []

    def wrong(self, what: str) -> ContentError:
        return ContentError(f"{what} in «{self.text}».", "Write `field is a|b`, `field has a`, `field known`, and, or, not.")

    def take(self, word: str) -> bool:
        if self.left[:1] == [word]:
            self.left.pop(0)
            return True
        return False

    def some(self) -> _Judge:
        parts = [self.every()]
        while self.take("or"):
            parts.append(self.every())
        return parts[0] if len(parts) == 1 else _any(parts)

    def every(self) -> _Judge:
        parts = [self.part()]
        while self.take("and"):
            parts.append(self.part())
        return parts[0] if len(parts) == 1 else _all(parts)

    def part(self) -> _Judge:
        if self.take("not"):
            return _opposite(self.part())
        if self.take("("):
            inner = self.some()
            if not self.take(")"):
                raise self.wrong("a closing bracket is missing")
            return inner
        return self.test()

    def test(self) -> _Judge:
        name = self.left.pop(0) if self.left else ""
        if not _NAME.fullmatch(name) or name in _WORDS:
            raise self.wrong(f"«{name}» is not a field or a fact")
        self.names.append(name)
        if self.take("known"):
            return lambda answers: not _blank(answers.get(name))
        if self.take("unknown"):
            return lambda answers: _blank(answers.get(name))
        if self.take("is") or self.take("has"):
            opposite = self.take("not")
            return self.compared(name, opposite=opposite)
        return self.values(name, ("true",))

    def compared(self, name: str, *, opposite: bool) -> _Judge:
        if not self.left or self.left[0] in _WORDS | {"(", ")"}:
            raise self.wrong(f"a value is missing after «{name}»")
        wanted = tuple(self.left.pop(0).split("|"))
        self.tokens.extend((name, each) for each in wanted)
        judge = self.values(name, wanted)
        return _opposite(judge) if opposite else judge

    @staticmethod
    def values(name: str, wanted: tuple[str, ...]) -> _Judge:
        def judge(answers: Answers) -> bool | None:
            value = answers.get(name)
            if _blank(value):
                return None
            return any(said == each or within(said, each) for said in _said(value) for each in wanted)

        return judge
