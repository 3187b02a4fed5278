"""What another version of a playbook changes: steps added, dropped and changed, and what is said about the whole."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Any

from incident.domain.playbook import Decision, Phase, Pivot, Playbook, Step, Target

_UNSHOWN = frozenset({"steps", "when", "slug"})


@dataclass(frozen=True, slots=True)
class WordChange:
    """One key whose words changed."""

    key: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class StepChange:
    """A step that both versions have, with what changed in it."""

    slug: str
    title: str
    changes: tuple[WordChange, ...]


@dataclass(frozen=True, slots=True)
class PlaybookDiff:
    """The way from one version of a playbook to another."""

    slug: str
    title: str
    before: str
    """The version that stands."""
    after: str
    """The version that is offered."""
    added: tuple[Step, ...]
    dropped: tuple[Step, ...]
    changed: tuple[StepChange, ...]
    about: tuple[WordChange, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing but perhaps the version's name differs."""
        about = [each for each in self.about if each.key != "version"]
        return not (self.added or self.dropped or self.changed or about)


def playbook_diff(old: Playbook, new: Playbook) -> PlaybookDiff:
    """What changes when `new` takes the place of `old`."""
    before, after = ({each.slug: each for each in playbook.steps} for playbook in (old, new))
    changed = [
        StepChange(slug, step.title, found)
        for slug, step in after.items()
        if slug in before and (found := _of(before[slug], step))
    ]
    return PlaybookDiff(
        slug=new.slug,
        title=new.title,
        before=old.version,
        after=new.version,
        added=tuple(step for slug, step in after.items() if slug not in before),
        dropped=tuple(step for slug, step in before.items() if slug not in after),
        changed=tuple(changed),
        about=_of(old, new),
    )


def _of(old: Step | Playbook, new: Step | Playbook) -> tuple[WordChange, ...]:
    found = []
    for each in fields(new):
        one, other = getattr(old, each.name), getattr(new, each.name)
        if each.name not in _UNSHOWN and one != other:
            found.append(WordChange(each.name.removesuffix("_text"), _words(one), _words(other)))
    return tuple(found)


def _words(value: object) -> str:
    """A value of a playbook as one reads it."""
    for kind, say in _SAYERS:
        if isinstance(value, kind):
            return say(value)
    return "" if value is None else str(value)


def _decision(value: Decision) -> str:
    within = f", within {span_words(value.within)}" if value.within else ""
    return f"{value.question} ({' / '.join(value.options)}; default {value.default}; {value.by.label}{within})"


def span_words(span: timedelta) -> str:
    """A span as a playbook writes it: `30 min`, `4 h`, `3 d`."""
    minutes = int(span.total_seconds() // 60)
    if minutes % 60 or minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 1440} d" if minutes % 1440 == 0 and minutes > 2880 else f"{minutes // 60} h"


_SAYERS: tuple[tuple[type, Callable[[Any], str]], ...] = (
    (str, str),
    (bool, lambda value: "yes" if value else "no"),
    (timedelta, span_words),
    (Target, lambda value: f"{span_words(value.within)} after {value.after}"),
    (Decision, _decision),
    (Phase, lambda value: f"{value.title}: {value.objective}"),
    (Pivot, lambda value: f"{value.playbook}: {value.sign}"),
    (tuple, lambda value: "; ".join(_words(each) for each in value)),
)
