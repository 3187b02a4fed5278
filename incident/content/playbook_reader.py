"""Reads one playbook's document, inheritance resolved, into values; names the step and key of whatever is wrong."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any, TypeVar

from incident.content.playbook_files import PlacedError
from incident.domain.condition import Condition, keys_of
from incident.domain.condition_text import parse_condition
from incident.domain.playbook import Decision, Phase, Pivot, Playbook, Step, Target, Track
from incident.domain.responder import Role
from incident.domain.step_order import circle
from incident.domain.vocabulary import Vocabulary, nearest
from incident.errors import ContentError, shown

T = TypeVar("T")

TOP = frozenset(
    """title summary use_when not_when version inherits phases steps drops tags closed_when first_checks
    pivots""".split()  # noqa: SIM905 - a table of words
)
STEP = frozenset(
    """slug phase title guidance owner track target after when asks evidence drafts decision undo
    if_silent gate tags""".split()  # noqa: SIM905 - a table of words
)
_DECISION = frozenset({"question", "options", "default", "by", "within"})
_PHASE = frozenset({"slug", "title", "objective"})
_MOST_STEPS = 2000
_LONGEST_SPAN = timedelta(days=3650)


class PlaybookReader:
    """Reads documents against the facts that exist."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary

    def playbook(self, slug: str, document: Mapping[str, Any], inherits: str) -> Playbook:
        """The playbook; PlacedError for the first thing that is wrong."""
        _known(document, TOP, "")
        phases = tuple(self._phase(each) for each in document.get("phases", ()))
        if not phases or not document.get("steps"):
            raise PlacedError("steps", "a playbook needs phases and steps.", "Inherit `spine`, or write them.")
        if len(document["steps"]) > _MOST_STEPS:
            what = f"{len(document['steps']):,} steps are more than anybody can follow."
            raise PlacedError("steps", what, f"Divide it into playbooks of at most {_MOST_STEPS:,} steps.")
        order = {each.slug: index for index, each in enumerate(phases)}
        steps = [self._step(each, order) for each in document["steps"]]
        steps.sort(key=lambda each: order[each.phase])
        self._check_order(steps, document.get("drops", {}))
        pivots = document.get("pivots", {})
        if not isinstance(pivots, Mapping):
            raise PlacedError("pivots", "this is not a table.", 'Write `pivots = { "ransomware" = "files are encrypted" }`.')
        return Playbook(
            slug=slug,
            title=_text(document, "title", ""),
            summary=_text(document, "summary", ""),
            use_when=_text(document, "use_when", ""),
            not_when=_text(document, "not_when", ""),
            version=str(document.get("version", "1")),
            phases=phases,
            steps=tuple(steps),
            inherits=inherits,
            tags=_texts(document, "tags", ""),
            closed_when=_texts(document, "closed_when", ""),
            first_checks=_texts(document, "first_checks", ""),
            pivots=tuple(Pivot(slug, _text(pivots, slug, "pivots")) for slug in pivots),
        )

    def _phase(self, entry: Mapping[str, Any]) -> Phase:
        place = f"phases.{entry['slug']}"
        _known(entry, _PHASE, place)
        return Phase(entry["slug"], _text(entry, "title", place), _text(entry, "objective", place))

    def _step(self, entry: Mapping[str, Any], phases: Mapping[str, int]) -> Step:
        place = f"steps.{entry['slug']}"
        _known(entry, STEP, place)
        phase = _text(entry, "phase", place)
        if phase not in phases:
            raise PlacedError(f"{place}.phase", f"there is no phase «{phase}».", f"Did you mean {nearest(phase, phases)}?")
        sentences = _sentences(entry, place)
        return Step(
            slug=entry["slug"],
            phase=phase,
            title=_text(entry, "title", place),
            guidance=_text(entry, "guidance", place, mend="Say what to do, in a few lines."),
            owner=_one_of(Role, entry, "owner", place),
            track=_one_of(Track, entry, "track", place) if "track" in entry else Track.COMMAND,
            target=self._target(entry, place),
            after=_texts(entry, "after", place),
            when=self._condition(sentences, place) if "when" in entry else None,
            when_text=sentences,
            asks=self._asks(entry, place),
            evidence=_texts(entry, "evidence", place),
            drafts=_texts(entry, "drafts", place),
            decision=_decision(entry, place),
            undo=_text(entry, "undo", place, needed=False),
            if_silent=_text(entry, "if_silent", place, needed=False),
            gate=_flag(entry, "gate", place),
            tags=_texts(entry, "tags", place),
        )

    def _condition(self, sentences: Sequence[str], place: str) -> Condition:
        where = f"{place}.when"
        condition = _at(where, lambda: parse_condition(sentences, where="the condition"))
        for key in keys_of(condition):
            _at(where, lambda key=key: self.vocabulary.kind(key))  # type: ignore[misc]
        return condition

    def _asks(self, entry: Mapping[str, Any], place: str) -> tuple[str, ...]:
        asked = _texts(entry, "asks", place)
        for key in asked:
            _at(f"{place}.asks", lambda key=key: self.vocabulary.kind(key))  # type: ignore[misc]
        return asked

    def _target(self, entry: Mapping[str, Any], place: str) -> Target | None:
        """`30 min after declared`, `24 h after aware`."""
        if "target" not in entry:
            return None
        where, text = f"{place}.target", _text(entry, "target", place)
        words = text.split()
        if len(words) != 4 or words[2] != "after":  # noqa: PLR2004 - the words of the sentence
            raise PlacedError(where, f"«{shown(text, longest=60)}» is not a target.", "Write `30 min after declared`.")
        if words[3] != "declared":
            _at(where, lambda: self.vocabulary.kind(f"at.{words[3]}"))
        return Target(_span(" ".join(words[:2]), where), words[3])

    def _check_order(self, steps: Sequence[Step], drops: Mapping[str, str]) -> None:
        """Every `after` names a step, and no two wait for each other."""
        known = {each.slug for each in steps}
        for step in steps:
            for slug in step.after:
                if slug in drops:
                    mend = "Name another step, or replace this one."
                    raise PlacedError(f"steps.{step.slug}.after", f"it waits for «{slug}», which is dropped.", mend)
                if slug not in known:
                    mend = f"Did you mean {nearest(slug, known)}?"
                    raise PlacedError(f"steps.{step.slug}.after", f"there is no step «{slug}» to wait for.", mend)
        if found := circle(steps):
            what = "it waits for itself." if len(found) == 2 else f"these steps wait for each other: {_way(found)}."  # noqa: PLR2004
            raise PlacedError(f"steps.{found[0]}.after", what, "Drop one `after`.")


def _way(slugs: Sequence[str]) -> str:
    return " → ".join(slugs if len(slugs) <= 8 else (*slugs[:4], f"… {len(slugs) - 7} more …", *slugs[-3:]))  # noqa: PLR2004


def _at(place: str, act: Callable[[], T]) -> T:
    """What an act gives; what it refuses, at its place."""
    try:
        return act()
    except ContentError as error:
        raise PlacedError(place, error.message, error.hint) from error


def _known(table: Mapping[str, Any], keys: frozenset[str], place: str) -> None:
    for key in table:
        if key not in keys:
            where = f"{place}.{key}" if place else key
            raise PlacedError(where, f"«{shown(key, longest=60)}» is not a key here.", f"Did you mean {nearest(key, keys)}?")


def _text(table: Mapping[str, Any], key: str, place: str, *, needed: bool = True, mend: str = "") -> str:
    value = table.get(key, "")
    where = f"{place}.{key}" if place else key
    if not isinstance(value, str):
        raise PlacedError(where, f"«{key}» is not a text.", "Write it in quotes.")
    if needed and not value.strip():
        raise PlacedError(where, f"there is no {key.replace('_', ' ')}.", mend or "Say it in a line.")
    return value.strip()


def _texts(table: Mapping[str, Any], key: str, place: str) -> tuple[str, ...]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(each, str) and each.strip() for each in value):
        raise PlacedError(f"{place}.{key}" if place else key, f"«{key}» is not a list of texts.", f'Write `{key} = ["…"]`.')
    return tuple(value)


def _flag(table: Mapping[str, Any], key: str, place: str) -> bool:
    value = table.get(key, False)
    if not isinstance(value, bool):
        raise PlacedError(f"{place}.{key}", f"«{key}» is neither true nor false.", f"Write `{key} = true`.")
    return value


def _sentences(entry: Mapping[str, Any], place: str) -> tuple[str, ...]:
    value = entry.get("when", [])
    return (value,) if isinstance(value, str) else _texts(entry, "when", place)


def _one_of(kind: type[T], table: Mapping[str, Any], key: str, place: str) -> T:
    name = _text(table, key, place)
    known = {each.value: each for each in kind}  # type: ignore[attr-defined]
    if name not in known:
        what = f"«{shown(name, longest=60)}» is not a {'role' if kind is Role else key}."
        raise PlacedError(f"{place}.{key}", what, f"Did you mean {nearest(name, known)}?")
    found: T = known[name]
    return found


def _decision(entry: Mapping[str, Any], place: str) -> Decision | None:
    if "decision" not in entry:
        return None
    table, where = entry["decision"], f"{place}.decision"
    if not isinstance(table, Mapping):
        raise PlacedError(
            where, "this is not a decision.", "Write `decision = { question = …, options = […], default = …, by = … }`."
        )
    _known(table, _DECISION, where)
    options, default = _texts(table, "options", where), _text(table, "default", where)
    if len(options) < 2:  # noqa: PLR2004 - a choice
        raise PlacedError(where, "a decision needs two options.", "Name at least two.")
    if default not in options:
        raise PlacedError(where, "the default is not one of the options.", "Name one of them.")
    within = _span(_text(table, "within", where), where) if "within" in table else None
    return Decision(_text(table, "question", where), options, default, _one_of(Role, table, "by", where), within)


def _span(text: str, place: str) -> timedelta:
    """`30 min`, `4 h`, `3 d`."""
    words = text.split()
    units = {"min": "minutes", "h": "hours", "d": "days"}
    mend = "Write `30 min`, `4 h` or `3 d`."
    if len(words) != 2 or not words[0].isdecimal() or len(words[0]) > 6 or words[1] not in units:  # noqa: PLR2004
        raise PlacedError(place, f"«{shown(text, longest=60)}» is not a span of time.", mend)
    span = timedelta(**{units[words[1]]: int(words[0])})
    if not timedelta() < span <= _LONGEST_SPAN:
        raise PlacedError(place, f"«{text}» is not a span of minutes to ten years.", mend)
    return span
