"""What a new pack of law changes: regimes added and removed, duties that read differently, key by key."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

from incident.domain.condition import in_words
from incident.domain.obligation import Assessment, Obligation
from incident.domain.regime import Duty, Regime


@dataclass(frozen=True, slots=True)
class LawChange:
    """One difference: the regime or duty, and before and after in words (empty: was not, or is no more, there)."""

    what: str
    key: str
    before: str
    after: str


_SAME_MEANING = frozenset({"checked_on", "regime"})


def law_changes(old: Sequence[Regime], new: Sequence[Regime]) -> tuple[LawChange, ...]:
    """Every difference between two packs, by regime and duty."""
    before, after = {each.slug: each for each in old}, {each.slug: each for each in new}
    found: list[LawChange] = []
    for slug in sorted(before.keys() | after.keys()):
        if slug not in after:
            found.append(LawChange(slug, "regime", before[slug].title, ""))
        elif slug not in before:
            found.append(LawChange(slug, "regime", "", after[slug].title))
        else:
            found.extend(_duty_changes(before[slug], after[slug]))
    return tuple(found)


def _duty_changes(old: Regime, new: Regime) -> Iterable[LawChange]:
    before = {(each.id, each.variant): each for each in old.duties}
    after = {(each.id, each.variant): each for each in new.duties}
    for key in sorted(before.keys() | after.keys()):
        name = f"{key[0]} [{key[1]}]" if key[1] else key[0]
        if key not in after:
            yield LawChange(name, "duty", before[key].title, "")
        elif key not in before:
            yield LawChange(name, "duty", "", after[key].title)
        else:
            yield from _key_changes(name, before[key], after[key])


def _key_changes(name: str, old: Duty, new: Duty) -> Iterable[LawChange]:
    for each in fields(Duty):
        one, other = getattr(old, each.name), getattr(new, each.name)
        if each.name in ("when", "variant_when", "relief_when"):
            one, other = (in_words(value) if value is not None else "" for value in (one, other))
        if one != other and each.name not in _SAME_MEANING:
            yield LawChange(name, each.name, str(one), str(other))


@dataclass(frozen=True, slots=True)
class ClockChange:
    """An obligation of an open incident that a new pack would change."""

    obligation: str
    before: str
    after: str


def clock_changes(old: Assessment, new: Assessment) -> tuple[ClockChange, ...]:
    """The obligations whose state or date differs between two answers on the same facts."""
    before, after = ({each.id: each for each in answer.obligations} for answer in (old, new))
    found = []
    for name in sorted(before.keys() | after.keys()):
        one, other = _words(before.get(name)), _words(after.get(name))
        if one != other:
            found.append(ClockChange(name, one, other))
    return tuple(found)


def _words(obligation: Obligation | None) -> str:
    if obligation is None:
        return "not there"
    due = f", due {obligation.due_at:%Y-%m-%d %H:%M} UTC" if obligation.due_at is not None else ""
    return f"{obligation.state.value.replace('_', ' ')}{due}"
