"""The words a document needs in its language: months, phrases, labels of data and places.

Read from `_words/<language>.toml` of the template folders, the user's laid over the shipped, so that a language is
added without code. A word that is missing is an error: a document is never silently half English.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from incident.errors import DocumentError

_TABLES = ("phrases", "elements", "places")


@dataclass(frozen=True, slots=True)
class Words:
    """One language."""

    language: str
    months: tuple[str, ...]
    day: str
    """How a day is written: `{day} {month} {year}`."""
    first_day: str
    """How the first of a month is written: `1`, `1er`."""
    thousands: str
    phrases: Mapping[str, str]
    elements: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    countries: Mapping[str, str] = field(default_factory=dict)
    """A country's name in any language, in lower case → its code."""

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
        day = self.first_day if value.day == 1 else str(value.day)
        return self.day.format(day=day, month=self.months[value.month - 1], year=value.year)

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

    def address(self, lines: Sequence[str]) -> tuple[str, ...]:
        """An address whose last line, where it is a country, stands in this language."""
        code = self.countries.get(lines[-1].strip().lower(), "") if lines else ""
        return (*lines[:-1], self.place(code)) if code else tuple(lines)


def words_of(folders: Sequence[Path], language: str, *, paper: str = "") -> Words:
    """The words of a language, the first folder's over the later ones', as a paper's country writes them."""
    return _words_of(tuple(folders), language, paper)


@lru_cache(maxsize=32)
def _words_of(folders: tuple[Path, ...], language: str, paper: str) -> Words:
    content: dict[str, Any] = {}
    for folder in reversed(folders):
        path = folder / "_words" / f"{language}.toml"
        if path.is_file():
            content = _laid_over(content, _read(path))
    content = _laid_over(content, content.get("paper", {}).get(paper, {}))
    try:
        return Words(
            language=language,
            months=tuple(content["months"]),
            day=content["day"],
            first_day=content.get("first_day", "1"),
            thousands=content["thousands"],
            countries=_countries(folders),
            **{table: content[table] for table in _TABLES},
        )
    except KeyError as error:
        raise DocumentError(
            f"There are no words for «{language}»: {error} is missing.", f"Add _words/{language}.toml beside the templates."
        ) from error


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise DocumentError(f"_words/{path.name}: this is not TOML: {error}.", "Mend the line.") from error


def _laid_over(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    laid = dict(under)
    for key, value in over.items():
        laid[key] = {**under.get(key, {}), **value} if isinstance(value, dict) else value
    return laid


@lru_cache(maxsize=8)
def _countries(folders: tuple[Path, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for path in (each for folder in folders for each in sorted((folder / "_words").glob("*.toml"))):
        places = _read(path).get("places", {})
        found |= {name.lower(): code for code, name in places.items() if "-" not in code}
    return found
