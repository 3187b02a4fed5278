"""Reads the worked examples of playbooks (`playbooks/examples/<slug>.toml`) and plays them.

A broken example is listed with file and line and left out; it stops neither its playbook nor the program.
"""

import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

from incident.domain.facts_document import facts_from_document
from incident.domain.playbook import Playbook
from incident.domain.playbook_example import STATES, Act, Deed, Expectation, PlaybookExample, played
from incident.domain.problem import Problem
from incident.domain.responder import Role
from incident.domain.vocabulary import Vocabulary, nearest
from incident.errors import ContentError

_TOP = frozenset({"title", "story", "declared", "zone", "facts", "acts"})
_ACT = frozenset({"after", "by", "do", "step", "steps", "facts", "unknown", "decision", "note", "expect"})
_EXPECT = frozenset({"now", "reopened", *STATES})
_UNITS = {"min": "minutes", "h": "hours", "d": "days"}


def check_examples(
    folders: Sequence[Path],
    playbooks: Mapping[str, Playbook],
    vocabulary: Vocabulary,
    *,
    known_obligations: Collection[str],
) -> tuple[int, tuple[Problem, ...]]:
    """Play every worked example in `examples/` below the folders: how many were played, and what did not hold.

    An example of a playbook that is not there (left out because it is broken, or replaced) is not played.
    """
    examples, problems = read_examples(folders, vocabulary, known_obligations=known_obligations)
    found = list(problems)
    known = [each for each in examples if each.playbook in playbooks]
    for each in known:
        found.extend(played(each, playbooks[each.playbook]))
    return len(known), tuple(found)


def read_examples(
    folders: Sequence[Path], vocabulary: Vocabulary, *, known_obligations: Collection[str]
) -> tuple[tuple[PlaybookExample, ...], tuple[Problem, ...]]:
    """Every worked example of the folders (the first folder that has a name wins), and what is wrong with the rest."""
    examples: list[PlaybookExample] = []
    problems: list[Problem] = []
    for path in _files(folders):
        name = f"examples/{path.name}"
        try:
            text = path.read_text(encoding="utf-8")
            document = tomllib.loads(text)
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            problems.append(Problem(name, "the file", f"this is not TOML: {error}.", "Mend the line."))
            continue
        reader = _Reader(path.stem, text, vocabulary, known_obligations)
        try:
            examples.append(reader.example(document))
        except ContentError as error:
            problems.append(Problem(name, reader.place, error.message, error.hint))
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            what = f"{error} is missing" if isinstance(error, KeyError) else str(error)
            problems.append(Problem(name, reader.place, f"{what}.", "Mend the key."))
    return tuple(examples), tuple(problems)


def _files(folders: Sequence[Path]) -> Iterable[Path]:
    """The examples, but not those of a playbook (or spine) that an earlier folder replaces: they tell of another one."""
    found: dict[str, Path] = {}
    replaced: set[str] = set()
    for folder in folders:
        for path in sorted((folder / "examples").glob("*.toml")):
            if not replaced & {path.stem, "spine"}:
                found.setdefault(path.stem, path)
        replaced |= {path.stem for path in folder.glob("*.toml")}
    return found.values()


class _Reader:
    """Reads one example; `place` is the line being read."""

    def __init__(self, playbook: str, text: str, vocabulary: Vocabulary, known_obligations: Collection[str]) -> None:
        self.playbook, self.vocabulary, self.known_obligations = playbook, vocabulary, known_obligations
        self.lines = [number for number, line in enumerate(text.splitlines(), start=1) if line.strip() == "[[acts]]"]
        self.place = "the top"

    def example(self, document: Mapping[str, Any]) -> PlaybookExample:
        self.known(document, _TOP)
        declared = document["declared"]
        if not isinstance(declared, datetime) or declared.tzinfo is None:
            raise ContentError("declared: this is not an instant with its offset.", "Write 2026-03-02T02:10:00+01:00.")
        law, narrative = self.facts({"organisation.timezone": document["zone"], **document.get("facts", {})})
        return PlaybookExample(
            playbook=self.playbook,
            file=f"examples/{self.playbook}.toml",
            title=document["title"],
            story=document["story"].strip(),
            declared_at=declared,
            law=law,
            narrative=narrative,
            acts=tuple(self.act(each, number) for number, each in enumerate(document["acts"])),
        )

    def known(self, table: Mapping[str, Any], keys: frozenset[str]) -> None:
        for key in table:
            if key not in keys:
                raise ContentError(f"«{key}» is not a key here.", f"Did you mean {nearest(key, keys)}?")

    def act(self, entry: Mapping[str, Any], number: int) -> Act:
        self.place = f"line {self.lines[number]}" if number < len(self.lines) else f"act {number + 1}"
        self.known(entry, _ACT)
        steps = tuple(entry.get("steps", ())) or ((entry["step"],) if "step" in entry else ())
        law, narrative = self.facts(entry.get("facts", {}))
        unknown = tuple(entry.get("unknown", ()))
        for key in unknown:
            self.vocabulary.kind(key)
        deed = Deed(self.word(entry["do"], Deed, "something to do"))
        if deed not in (Deed.FACT, Deed.UNKNOWN) and not steps:
            raise ContentError("no step is named.", "Write `step` or `steps`.")
        return Act(
            place=self.place,
            after=self.span(entry["after"]),
            by=Role(self.word(entry["by"], Role, "a role")),
            do=deed,
            steps=steps,
            law=law,
            narrative=narrative,
            unknown=unknown,
            decision=entry.get("decision", ""),
            note=entry.get("note", ""),
            expect=self.expectation(entry.get("expect", {})),
        )

    def word(self, said: object, kinds: Iterable[str], what: str) -> str:
        known = [str(each) for each in kinds]
        if said not in known:
            raise ContentError(f"«{said}» is not {what}.", f"Did you mean {nearest(str(said), known)}?")
        return str(said)

    def span(self, text: str) -> timedelta:
        """`20 min`, `4 h`, `3 d` after the declaration."""
        words = text.split()
        if len(words) != 2 or not words[0].isdigit() or words[1] not in _UNITS:
            raise ContentError(f"«{text}» is not a span of time.", "Write `20 min`, `4 h` or `3 d`.")
        return timedelta(**{_UNITS[words[1]]: int(words[0])})

    def facts(self, said: Mapping[str, object]) -> tuple[Mapping[str, object], Mapping[str, object]]:
        """The facts said under their flat keys: those the law reads, checked, and the narrative."""
        law: dict[str, Any] = {}
        narrative: dict[str, object] = {}
        for key, value in said.items():
            if not self.vocabulary.kind(key).law:
                narrative[key] = value
                continue
            group, _, name = key.partition(".")
            if name:
                law.setdefault(group, {})[name] = value
            else:
                law[group] = value
        checked = facts_from_document(law, self.vocabulary, known_obligations=self.known_obligations, source="facts")
        return checked.values, MappingProxyType(narrative)

    def expectation(self, entry: Mapping[str, Any]) -> Expectation:
        self.known(entry, _EXPECT)
        states = {word: (slugs,) if isinstance(slugs, str) else tuple(slugs) for word, slugs in entry.items() if word != "now"}
        return Expectation(entry.get("now", ""), MappingProxyType(states))
