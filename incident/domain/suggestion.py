"""What may have been meant: by the word itself, and by the names people use for it («GDPR», «California»)."""

import re
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher

_MOST = 3
_LONGEST = 80
_ENOUGH = 0.6


def suggested(typed: str, known: Mapping[str, Iterable[str]]) -> str:
    """`Did you mean …?` for a word that is none of `known` (each with its other names); empty where nothing is near."""
    found = likely(typed, known)
    return f"Did you mean {' or '.join(f'«{each}»' for each in found)}?" if found else ""


def likely(typed: str, known: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """The known words nearest to what was typed, the best first; at most three."""
    wanted = _plain(typed[:_LONGEST])
    if not wanted:
        return ()
    ranked = sorted((-_likeness(wanted, (word, *names)), len(word), word) for word, names in known.items())
    best = -ranked[0][0] if ranked else 0.0
    return tuple(word for score, _, word in ranked[:_MOST] if -score >= max(_ENOUGH, best - 0.1))


def _likeness(wanted: str, names: Iterable[str]) -> float:
    return max(_one(wanted, _plain(name), first=number == 0) for number, name in enumerate(names))


def _one(wanted: str, name: str, *, first: bool) -> float:
    """How alike two names are: the same, a whole word or several of it, a beginning, or only in their letters."""
    bonus = 0.05 if first else 0.0
    if wanted == name:
        return 1.0 + bonus
    if re.search(rf"\b{re.escape(wanted)}\b", name):
        return 0.9 - 0.2 * (1 - len(wanted) / len(name)) + bonus
    if name.startswith(wanted) and len(wanted) > 2:
        return 0.75 + bonus
    match = SequenceMatcher(None, wanted, name)
    return 0.85 * match.ratio() + bonus if match.quick_ratio() > 0.5 else 0.0


def _plain(name: str) -> str:
    return " ".join(re.sub(r"[\W_]+", " ", name.casefold()).split())
