"""The words a document needs in its language: months, phrases, labels of data and places.

Read from `notice_templates/_words/<language>.toml`, so that a language is added without code. A word that is
missing is an error: a document is never silently half English.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from incident.errors import DocumentError


@dataclass(frozen=True, slots=True)
class Words:
    """One language."""

    language: str
    months: tuple[str, ...]
    day: str
    """How a day is written: `{day} {month} {year}`."""
    thousands: str
    phrases: Mapping[str, str]
    elements: Mapping[str, str]
    places: Mapping[str, str]

    def phrase(self, key: str) -> str:
        """A phrase; missing is an error that names it."""
        if key not in self.phrases:
            raise DocumentError(f"The phrase «{key}» is missing in «{self.language}».", "Add it to _words.")
        return self.phrases[key]

    def number(self, value: int) -> str:
        """A whole number with this language's separator."""
        return f"{value:,}".replace(",", self.thousands)

    def date(self, value: date) -> str:
        """A day as the language writes it."""
        return self.day.format(day=value.day, month=self.months[value.month - 1], year=value.year)

    def moment(self, text: str, zone: str) -> str:
        """An ISO instant or day in words, always with its zone."""
        if len(text) == 10:
            return self.date(date.fromisoformat(text))
        local = datetime.fromisoformat(text).astimezone(ZoneInfo(zone))
        offset = f"{local:%z}"
        place = zone.rsplit("/", 1)[-1].replace("_", " ")
        return f"{self.date(local.date())}, {local:%H:%M} {place} (UTC{offset[:3]}:{offset[3:]})"

    def element(self, token: str) -> str:
        """A kind of personal data in words."""
        if token not in self.elements:
            raise DocumentError(f"The data «{token}» has no words in «{self.language}».", "Add it to _words.")
        return self.elements[token]

    def place(self, code: str) -> str:
        """A place by name; its code where the list has no name."""
        return self.places.get(code, code)


@lru_cache(maxsize=16)
def words_of(folder: Path, language: str) -> Words:
    """The words of a language from a `_words` folder; DocumentError when it is not there."""
    path = folder / "_words" / f"{language}.toml"
    try:
        content: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise DocumentError(f"There are no words for «{language}»: {error}.", f"Add _words/{language}.toml.") from error
    return Words(
        language=language,
        months=tuple(content["months"]),
        day=content["day"],
        thousands=content["thousands"],
        phrases=content["phrases"],
        elements=content["elements"],
        places=content["places"],
    )
