"""The vocabulary of facts: every key that can be said, its type, its question, its answers."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

from incident.errors import ContentError, shown


class FactType(StrEnum):
    """What kind of answer a fact takes."""

    FLAG = "flag"
    CHOICE = "choice"
    CHOICES = "choices"
    TEXT = "text"
    PROSE = "prose"
    NUMBER = "number"
    MOMENT = "moment"
    PLACES = "places"
    PLACE = "place"
    ZONE = "zone"
    PEOPLE = "people"
    KNOWLEDGE = "knowledge"
    HOLDS = "holds"
    FILINGS = "filings"


@dataclass(frozen=True, slots=True)
class FactKind:
    """One fact that can be said."""

    key: str
    type: FactType
    question: str
    choices: tuple[tuple[str, str], ...] = ()
    """(token, label); empty where the answer is free."""
    unit: str = ""
    judgement: bool = False
    """The law leaves the answer to judgement: a person decides and gives reasons."""
    group: str = ""
    law: bool = True
    """Part of the law's input; False for the narrative that only documents use (`account.*`)."""
    function: str = ""
    """The function that usually knows: `it`, `legal` or `management`."""


_ASKED_OF_LEGAL = frozenset({"organisation", "risk", "options"})


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Every fact by its key, in the order in which a person would be asked."""

    kinds: Mapping[str, FactKind]

    def kind(self, key: str) -> FactKind:
        """The fact with this key; an unknown key is an error, because a mistyped fact must not change a duty."""
        found = self.kinds.get(key)
        if found is None:
            wrong = shown(key, longest=_LONGEST_WORD)
            raise ContentError(f"«{wrong}» is not a fact.", f"Did you mean {nearest(key, self.kinds)}?")
        return found

    def owner(self, key: str) -> str:
        """The function that usually knows this fact: IT, legal or management."""
        found = self.kinds.get(key)
        if found is not None and found.function:
            return "IT" if found.function == "it" else found.function
        return "legal" if key.split(".")[0] in _ASKED_OF_LEGAL else "IT"

    def question(self, key: str) -> str:
        """The question that asks for this fact."""
        found = self.kinds.get(key)
        return found.question if found is not None else key


_LONGEST_WORD = 80
"""Of a mistyped word, as messages repeat it and as the nearest known one is looked for."""


def nearest(word: str, known: Mapping[str, object] | Collection[str]) -> str:
    """The known word that looks most like this one: the same in other letters, with it as a part, or spelt like it."""
    names = sorted(known)
    if not names:
        return "another word; none is known here"
    wanted = word[:_LONGEST_WORD].casefold()
    lowered = {name.casefold(): name for name in names}
    parts = [name for name in names if wanted and wanted in re.split(r"[-_./@ ]", name.casefold())]
    begun = [name for name in names if len(wanted) > 2 and name.casefold().startswith(wanted)]
    close = get_close_matches(wanted, lowered, n=1, cutoff=0.4)
    found = lowered.get(wanted) or min((*begun, *parts), key=len, default="") or (lowered[close[0]] if close else "")
    return f"«{found}»" if found else f"one of {', '.join(names[:8])}{' …' if len(names) > 8 else ''}"
