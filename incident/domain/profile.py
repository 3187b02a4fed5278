"""Export profiles: for whom something leaves the vault, what is left out for them, and the stamp that says so.

What a profile leaves out is guidance held by this program: whoever is handed the privileged export holds all of it.
"""

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from uuid import UUID

from incident.domain.timeline import EntryKind, TimelineEntry


class Profile(StrEnum):
    """For whom an export is made."""

    PRIVILEGED = "privileged"
    REGULATOR = "regulator"
    CUSTOMER = "customer"
    PUBLIC = "public"

    @property
    def stamp(self) -> str:
        """The sentence that stands on every page or at the head of the export."""
        return _STAMPS[self]


_STAMPS = {
    Profile.PRIVILEGED: "Privileged and confidential: prepared for counsel. It holds all that its maker may read.",
    Profile.REGULATOR: "Prepared for a regulator: privileged passages are left out.",
    Profile.CUSTOMER: "Prepared for a customer: privileged passages and working notes are left out, people have made-up names.",
    Profile.PUBLIC: "For publication: only what became of the incident and who was told, people go by made-up names.",
}
_KINDS = {
    Profile.CUSTOMER: frozenset({EntryKind.ATTACK, EntryKind.RESPONSE, EntryKind.STATUS, EntryKind.NOTICE}),
    Profile.PUBLIC: frozenset({EntryKind.STATUS, EntryKind.NOTICE}),
}


def may_leave(profile: Profile, *, privileged: bool) -> bool:
    """Whether something may go out to this reader: what is privileged goes to counsel alone."""
    return profile is Profile.PRIVILEGED or not privileged


def entries_for(entries: tuple[TimelineEntry, ...], profile: Profile, names: Mapping[UUID, str]) -> tuple[TimelineEntry, ...]:
    """The entries that this reader gets; in their texts people go by the same letters as in the column of names."""
    if profile is Profile.PRIVILEGED:
        return entries
    kept = [each for each in entries if not each.privileged]
    kinds = _KINDS.get(profile)
    if kinds is None:
        return tuple(kept)
    letters = names_for(profile, names)
    spoken = {name: letters[who] for who, name in names.items()}
    return tuple(replace(each, text=_plain(each.text, spoken), source="") for each in kept if each.kind in kinds)


def names_for(profile: Profile, names: Mapping[UUID, str]) -> dict[UUID, str]:
    """The names as this reader sees them: for customers and the public `Person A`, the same person the same letter."""
    if profile not in _KINDS:
        return dict(names)
    ordered = sorted(names, key=lambda each: (names[each], str(each)))
    return {who: f"Person {_letters(number)}" for number, who in enumerate(ordered)}


def _letters(number: int) -> str:
    text = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def _plain(text: str, spoken: Mapping[str, str]) -> str:
    for name in sorted(spoken, key=len, reverse=True):
        text = text.replace(name, spoken[name])
    return text
