"""The letters of one incident: whom a row of a file names, why a row cannot be written to, and what was counted.

Pure values. A row is an addressee or it is rejected with a sentence; there is no third way, so nothing is dropped in silence.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple


class Reader(StrEnum):
    """To whom a letter speaks: the person, who answers for a minor, or who is left behind."""

    PERSON = "person"
    GUARDIAN = "guardian"
    NEXT_OF_KIN = "next_of_kin"


class Output(StrEnum):
    """What a run makes of the letters."""

    ZIP = "zip"
    FOLDER = "folder"
    COMBINED = "pdf"
    PRINT = "print"
    EML = "eml"

    @property
    def is_single(self) -> bool:
        """Whether every letter is a file of its own."""
        return self in (Output.ZIP, Output.FOLDER, Output.EML)

    @property
    def text(self) -> str:
        """What it is, for people."""
        return _OUTPUTS[self]


_OUTPUTS: Mapping[Output, str] = {
    Output.ZIP: "one PDF per person, a thousand in a ZIP",
    Output.FOLDER: "one PDF per person, a thousand in a folder",
    Output.COMBINED: "a thousand letters in a PDF, tagged (PDF/UA)",
    Output.PRINT: "a thousand letters in a PDF for a print house, not tagged",
    Output.EML: "one e-mail draft per person who agreed to e-mail",
}


class Addressee(NamedTuple):
    """One person as the press wants them; the file and the line stay known."""

    country: str
    postcode: str
    source: int
    line: int
    key: str
    place: str
    """Where the law sees this person: `DE`, `US-CA`."""
    language: str
    reader: str
    name: str
    address: tuple[str, ...]
    reference: str
    salutation: str
    elements: tuple[str, ...]
    email: str
    """Blank without consent to e-mail."""


class Why(StrEnum):
    """The kinds of reasons for which a row gets no letter."""

    BAD = "the row cannot be used"
    DUPLICATE = "the same person, key or reference stands in an earlier row"
    DO_NOT_CONTACT = "do not contact"
    RETURNED = "mail to this address came back"
    BY_EMAIL = "agreed to e-mail"
    BY_POST = "did not agree to e-mail"


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row without a letter: where it stands and why, in a sentence."""

    source: int
    line: int
    why: Why
    reason: str
    cells: tuple[str, ...] = ()
    """The row as it was read; blank where only its line is known."""
    place: str = ""
    """Blank when it is not known."""


MOST_SETS = 1_000
"""Different sets of elements that are counted one by one; a file with more has free text there."""
OTHERS = "(other sets)"


@dataclass(slots=True)
class Tally:
    """What was counted in a file, or pressed."""

    letters: int = 0
    places: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    readers: Counter[str] = field(default_factory=Counter)
    element_sets: Counter[str] = field(default_factory=Counter)
    emails: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    unreached: Counter[str] = field(default_factory=Counter)
    """By place: people known to be affected whose mail came back."""
    silent: Counter[str] = field(default_factory=Counter)
    """By place: people known to be affected who are not to be written to."""

    def count(self, each: Addressee) -> None:
        """Count a person who gets a letter."""
        self.letters += 1
        self.places[each.place] += 1
        self.languages[each.language] += 1
        self.readers[each.reader] += 1
        self.emails += bool(each.email)
        held = "; ".join(sorted(each.elements)) or "(none named)"
        if held not in self.element_sets and len(self.element_sets) >= MOST_SETS:
            held = OTHERS
        self.element_sets[held] += 1

    def reject(self, each: Rejected) -> None:
        """Count a row without a letter."""
        self.rejected[each.why.value] += 1
        if each.place and each.why is Why.RETURNED:
            self.unreached[each.place] += 1
        elif each.place and each.why is Why.DO_NOT_CONTACT:
            self.silent[each.place] += 1

    @property
    def rows(self) -> int:
        """Every row that was read."""
        return self.letters + sum(self.rejected.values())


def people_rows(tally: Tally, standing: object) -> list[dict[str, object]]:
    """The fact `people` with this file's counts; places that the file does not name stay as they stood.

    A count is an estimate where rows could not be read: their place is not known.
    """
    unread = bool(tally.rejected[Why.BAD.value])
    counted = Counter(tally.places) + tally.unreached + tally.silent
    kept = [dict(row) for row in standing if isinstance(row, Mapping)] if isinstance(standing, (list, tuple)) else []
    rows = [row for row in kept if str(row.get("in")) not in counted]
    for place in sorted(counted):
        row: dict[str, object] = {"in": place, "count": counted[place], "estimated": unread}
        old = next((each for each in kept if each.get("in") == place), {})
        unreachable = tally.unreached[place] or old.get("unreachable")
        rows.append(row | ({"unreachable": unreachable} if unreachable is not None else {}))
    return rows


def with_unreachable(standing: object, unreachable: Mapping[str, int]) -> list[dict[str, object]]:
    """The fact `people` with the numbers of people per place whom no letter reached."""
    kept = [dict(row) for row in standing if isinstance(row, Mapping)] if isinstance(standing, (list, tuple)) else []
    for place, number in sorted(unreachable.items()):
        row = next((each for each in kept if each.get("in") == place), None)
        if row is None:
            kept.append({"in": place, "unreachable": number})
        else:
            row["unreachable"] = number
    return kept
