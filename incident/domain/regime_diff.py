"""What a new pack of law changes: regimes added and removed, duties that read differently, key by key."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from types import MappingProxyType

from incident.domain.condition import conjuncts, in_words
from incident.domain.duty_words import value_words
from incident.domain.obligation import Assessment, Obligation
from incident.domain.regime import Duty, Regime


@dataclass(frozen=True, slots=True)
class LawChange:
    """One difference: the regime or duty, and before and after in words (empty: was not, or is no more, there)."""

    what: str
    key: str
    before: str
    after: str

    @property
    def change(self) -> str:
        """As one sentence: what it was and what it is, or what is new and what is gone."""
        if self.before and self.after:
            return f"{self.before} → {self.after}"
        return f"now also {self.after}" if self.after else f"no longer {self.before}"


_CONDITIONS = {"when": "owed when", "variant_when": "version if", "relief_when": "relief when"}
_SAME_MEANING = frozenset({"checked_on", "regime"})


def law_changes(
    old: Sequence[Regime],
    new: Sequence[Regime],
    *,
    old_faults: Mapping[str, str] = MappingProxyType({}),
    new_faults: Mapping[str, str] = MappingProxyType({}),
) -> tuple[LawChange, ...]:
    """Every difference between two packs, by regime and duty; a regime that cannot be read is none that is gone."""
    before, after = {each.slug: each for each in old}, {each.slug: each for each in new}
    found: list[LawChange] = []
    for slug in sorted(before.keys() | after.keys() | old_faults.keys() | new_faults.keys()):
        if slug in old_faults or slug in new_faults:
            sides = (_readable(slug, before, old_faults), _readable(slug, after, new_faults))
            found.append(LawChange(slug, "regime", *sides))
        elif slug not in after:
            found.append(LawChange(slug, "regime", before[slug].title, ""))
        elif slug not in before:
            found.append(LawChange(slug, "regime", "", after[slug].title))
        else:
            found.extend(_duty_changes(before[slug], after[slug]))
    return tuple(found)


def _readable(slug: str, regimes: Mapping[str, Regime], faults: Mapping[str, str]) -> str:
    """A regime's title, or that its file cannot be read and why; empty where there is neither."""
    if slug in faults:
        return f"CANNOT BE READ, not evaluated ({faults[slug]})"
    return regimes[slug].title if slug in regimes else ""


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
        if each.name in _CONDITIONS:
            yield from _part_changes(
                name,
                _CONDITIONS[each.name],
                [in_words(part) for part in conjuncts(one)],
                [in_words(part) for part in conjuncts(other)],
            )
        elif one != other and each.name not in _SAME_MEANING:
            key = each.name.replace("_", " ")
            yield from _part_changes(name, key, value_words(each.name, one), value_words(each.name, other))


def _part_changes(name: str, key: str, before: Sequence[str], after: Sequence[str]) -> Iterable[LawChange]:
    """The parts that are gone and those that are new; what is as it was is not told."""
    gone = [text for text in before if text not in after]
    come = [text for text in after if text not in before]
    if len(gone) == len(come) == 1:
        yield LawChange(name, key, gone[0], come[0])
        return
    for text in gone:
        yield LawChange(name, key, text, "")
    for text in come:
        yield LawChange(name, key, "", text)


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
