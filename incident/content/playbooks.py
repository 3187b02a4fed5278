"""Reads playbooks: TOML, prose first → playbooks with what they inherit, and the list of what is wrong.

A broken playbook is left out and listed with file and line; the others load. A playbook that an incident
started with is kept as a document, so that it can be read again after the file has changed.
"""

import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from incident.domain.condition import keys_of
from incident.domain.condition_text import parse_condition
from incident.domain.playbook import Decision, Phase, Playbook, Step, Target, Track
from incident.domain.problem import Problem
from incident.domain.responder import Role
from incident.domain.vocabulary import Vocabulary, nearest
from incident.errors import ContentError

_TOP = frozenset("title summary use_when not_when version inherits phases steps drops tags closed_when".split())  # noqa: SIM905
_STEP = frozenset(
    """slug phase title guidance owner track target after when asks evidence drafts decision undo
    if_silent""".split()  # noqa: SIM905 - a table of words
)


def read_playbooks(
    folders: Sequence[Path], vocabulary: Vocabulary, *, notice_templates: Collection[str]
) -> tuple[tuple[Playbook, ...], tuple[Problem, ...]]:
    """Every playbook of the folders (the first folder that has a name wins), and what is wrong with the rest."""
    documents: dict[str, tuple[Path, dict[str, Any]]] = {}
    problems: list[Problem] = []
    for path in _files(folders):
        try:
            documents[path.stem] = (path, tomllib.loads(path.read_text(encoding="utf-8")))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            problems.append(Problem(path.name, _line_of(error), f"this is not TOML: {error}", "Mend the line."))
    playbooks = []
    for slug, (path, document) in sorted(documents.items()):
        reader = _Reader(slug, path, vocabulary, notice_templates)
        try:
            playbooks.append(reader.playbook(_inherited(slug, documents), document.get("inherits", "")))
        except ContentError as error:
            problems.append(Problem(path.name, reader.line(), error.message, error.hint))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            what = f"{error} is missing" if isinstance(error, KeyError) else str(error)
            problems.append(Problem(path.name, reader.line(), f"{reader.place}: {what}", "Mend the key."))
    return tuple(each for each in playbooks if each.slug != "spine"), tuple(problems)


def _files(folders: Sequence[Path]) -> Iterable[Path]:
    seen: set[str] = set()
    for folder in folders:
        for path in sorted(folder.glob("*.toml")):
            if path.stem not in seen:
                seen.add(path.stem)
                yield path


def _line_of(error: Exception) -> str:
    text = str(error)
    return f"line {text.split('line ')[1].split(',')[0]}" if "line " in text else "the file"


def _inherited(slug: str, documents: Mapping[str, tuple[Path, dict[str, Any]]]) -> dict[str, Any]:
    """A playbook's document over the one it inherits: steps added or replaced by slug, dropped with a reason."""
    own = documents[slug][1]
    parent_slug = own.get("inherits", "")
    if not parent_slug:
        return own
    if parent_slug not in documents or documents[parent_slug][1].get("inherits"):
        raise ContentError(f"inherits: «{parent_slug}» is not a playbook to inherit from.", "Inherit `spine`.")
    parent = documents[parent_slug][1]
    drops = own.get("drops", {})
    steps = {each["slug"]: each for each in parent.get("steps", [])}
    for dropped in drops:
        if dropped not in steps:
            raise ContentError(f"drops: «{dropped}» is not inherited.", f"Did you mean {nearest(dropped, steps)}?")
    kept = {name: each for name, each in steps.items() if name not in drops}
    kept |= {each["slug"]: each for each in own.get("steps", [])}
    phases = {each["slug"]: each for each in parent.get("phases", [])}
    phases |= {each["slug"]: each for each in own.get("phases", [])}
    return {**parent, **own, "steps": list(kept.values()), "phases": list(phases.values())}


class _Reader:
    """Reads one document; `place` is the step or key being read, for the message and its line."""

    def __init__(self, slug: str, path: Path, vocabulary: Vocabulary, notice_templates: Collection[str]) -> None:
        self.slug, self.path, self.vocabulary = slug, path, vocabulary
        self.notice_templates = frozenset(notice_templates)
        self.place = "the file"

    def line(self) -> str:
        """The line on which the step or key being read stands, if it stands in this file."""
        wanted = self.place.removeprefix("steps.")
        try:
            for number, text in enumerate(self.path.read_text(encoding="utf-8").splitlines(), start=1):
                if f'"{wanted}"' in text or text.startswith(f"{wanted} "):
                    return f"line {number}"
        except OSError:
            return self.place
        return self.place

    def playbook(self, document: Mapping[str, Any], inherits: str) -> Playbook:
        self.known(document, _TOP)
        phases = tuple(Phase(each["slug"], each["title"], each["objective"]) for each in document["phases"])
        order = {each.slug: index for index, each in enumerate(phases)}
        steps = [self.step(each, order) for each in document["steps"]]
        steps.sort(key=lambda each: order[each.phase])
        self.check_order(steps)
        self.place = "title"
        return Playbook(
            slug=self.slug,
            title=document["title"],
            summary=document["summary"],
            use_when=document["use_when"],
            not_when=document["not_when"],
            version=str(document["version"]),
            phases=phases,
            steps=tuple(steps),
            inherits=inherits,
            tags=tuple(document.get("tags", ())),
            closed_when=tuple(document.get("closed_when", ())),
        )

    def known(self, table: Mapping[str, Any], keys: frozenset[str]) -> None:
        for key in table:
            if key not in keys:
                raise ContentError(f"{self.place}: «{key}» is not a key here.", f"Did you mean {nearest(key, keys)}?")

    def step(self, entry: Mapping[str, Any], phases: Mapping[str, int]) -> Step:
        self.place = f"steps.{entry.get('slug', '?')}"
        self.known(entry, _STEP)
        if entry["phase"] not in phases:
            hint = f"Did you mean {nearest(entry['phase'], phases)}?"
            raise ContentError(f"{self.place}: there is no phase «{entry['phase']}».", hint)
        if not str(entry["guidance"]).strip():
            raise ContentError(f"{self.place}: there is no guidance.", "Say what to do, in a few lines.")
        sentences = entry.get("when", [])
        sentences = [sentences] if isinstance(sentences, str) else sentences
        step = Step(
            slug=entry["slug"],
            phase=entry["phase"],
            title=entry["title"],
            guidance=entry["guidance"].strip(),
            owner=self.role(entry["owner"]),
            track=Track(entry.get("track", "command")),
            target=self.target(entry.get("target")),
            after=tuple(entry.get("after", ())),
            when=parse_condition(sentences, where=self.place) if "when" in entry else None,
            when_text=tuple(sentences),
            asks=tuple(entry.get("asks", ())),
            evidence=tuple(entry.get("evidence", ())),
            drafts=tuple(entry.get("drafts", ())),
            decision=self.decision(entry.get("decision")),
            undo=entry.get("undo", ""),
            if_silent=entry.get("if_silent", ""),
        )
        self.check_names(step)
        return step

    def check_names(self, step: Step) -> None:
        for key in (*step.asks, *(keys_of(step.when) if step.when is not None else ())):
            try:
                self.vocabulary.kind(key)
            except ContentError as error:
                raise ContentError(f"{self.place}: {error.message}", error.hint) from error
        for slug in step.drafts:
            if slug not in self.notice_templates:
                hint = f"Did you mean {nearest(slug, self.notice_templates)}?"
                raise ContentError(f"{self.place}: there is no notice «{slug}».", hint)

    def role(self, name: str) -> Role:
        try:
            return Role(name)
        except ValueError as error:
            known = tuple(each.value for each in Role)
            raise ContentError(f"{self.place}: «{name}» is not a role.", f"Did you mean {nearest(name, known)}?") from error

    def target(self, text: str | None) -> Target | None:
        """`30 min after declared`, `24 h after aware`."""
        if text is None:
            return None
        words = text.split()
        units = {"min": "minutes", "h": "hours", "d": "days"}
        if len(words) != 4 or not words[0].isdigit() or words[1] not in units or words[2] != "after":
            raise ContentError(f"{self.place}: «{text}» is not a target.", "Write `30 min after declared`.")
        if words[3] != "declared":
            self.vocabulary.kind(f"at.{words[3]}")
        return Target(timedelta(**{units[words[1]]: int(words[0])}), words[3])

    def decision(self, entry: Mapping[str, Any] | None) -> Decision | None:
        if entry is None:
            return None
        options = tuple(entry["options"])
        if entry["default"] not in options:
            raise ContentError(f"{self.place}: the default is not one of the options.", "Name one of them.")
        return Decision(entry["question"], options, entry["default"], self.role(entry["by"]))

    def check_order(self, steps: Sequence[Step]) -> None:
        """Every `after` names a step, and no two wait for each other."""
        by_slug = {each.slug: each for each in steps}
        if len(by_slug) != len(steps):
            raise ContentError("steps: a slug is there twice.", "Give each step its own slug.")
        settled: set[str] = set()
        for each in steps:
            self.place = f"steps.{each.slug}"
            self.follow(each, by_slug, (), settled)

    def follow(self, step: Step, known: Mapping[str, Step], path: tuple[str, ...], settled: set[str]) -> None:
        if step.slug in path:
            circle = " → ".join((*path[path.index(step.slug) :], step.slug))
            raise ContentError(f"{self.place}: these steps wait for each other: {circle}.", "Drop one `after`.")
        if step.slug in settled:
            return
        for slug in step.after:
            if slug not in known:
                hint = f"Did you mean {nearest(slug, known)}?"
                raise ContentError(f"{self.place}: `after` names no step: «{slug}».", hint)
            self.follow(known[slug], known, (*path, step.slug), settled)
        settled.add(step.slug)
