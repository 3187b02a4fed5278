"""The words a document needs in its language: phrases, labels of data and places; dates and numbers as Babel writes them.

Read from `_words/<language>.toml` of the template folders, the user's laid over the shipped, so that a language is
added without code. A word that is missing is an error: a document is never silently half English. What depends on the
State of a reader in the United States stands in `_words/us_states.toml`, with its sources.
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
_US_STATES = "us_states.toml"
_US_PAPER = "Letter"


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
    locale: str = ""
    """Babel's name of the language and country (`pt_PT`); empty for the words that a frozen page keeps."""

    def phrase(self, key: str) -> str:
        """A phrase; missing is an error that names it."""
        if key not in self.phrases:
            raise DocumentError(f"The phrase «{key}» is missing in «{self.language}».", "Add it to _words.")
        return self.phrases[key]

    def number(self, value: int) -> str:
        """A whole number with this language's separator."""
        if not self.locale:
            return f"{value:,}".replace(",", self.thousands)
        from babel.numbers import format_decimal

        return format_decimal(value, locale=self.locale)

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
        return f"{self.date(local.date())}, {local:%H:%M} {self.city(zone)} (UTC{offset[:3]}:{offset[3:]})"

    def city(self, zone: str) -> str:
        """The city that a time zone is named after."""
        named = (_locale(self.locale).time_zones.get(zone) or {}).get("city") if self.locale else ""
        return named or zone.rsplit("/", 1)[-1].replace("_", " ")

    def element(self, token: str) -> str:
        """A kind of personal data in words."""
        if token not in self.elements:
            raise DocumentError(f"The data «{token}» has no words in «{self.language}».", "Add it to _words.")
        return self.elements[token]

    def place(self, code: str) -> str:
        """A place by name; its code where nobody has a name for it."""
        if code in self.places or not self.locale:
            return self.places.get(code, code)
        return str(_locale(self.locale).territories.get(code, code))

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
    for path in _files(folders, f"{language}.toml") if language.replace("-", "").replace("_", "").isalnum() else []:
        content = _laid_over(content, _read(path))
    if not content:
        raise DocumentError(f"There are no words for «{language}».", f"Add _words/{language}.toml beside the templates.")
    content = _laid_over(content, content.get("paper", {}).get(paper, {}))
    content = _laid_over({**_calendar(content.get("locale", language)), "first_day": "1"}, content)
    phrases = _of_states(folders) if paper == _US_PAPER else {}
    try:
        return Words(
            language=language,
            months=tuple(content["months"]),
            day=content["day"],
            first_day=content["first_day"],
            thousands=content["thousands"],
            locale=content["locale"],
            phrases={**phrases, **content["phrases"]},
            elements=content["elements"],
            places=_places(folders, content),
            countries=_countries(folders),
        )
    except KeyError as error:
        raise DocumentError(
            f"The words for «{language}» are not whole: {error} is missing.", f"Add it to _words/{language}.toml."
        ) from error


def forget_words() -> None:
    """Read the words again the next time: their files may have been edited meanwhile."""
    _words_of.cache_clear()


def _files(folders: Sequence[Path], name: str) -> list[Path]:
    """The files of this name, the last folder's first: each next one is laid over."""
    return [each for folder in reversed(folders) if (each := folder / "_words" / name).is_file()]


@lru_cache(maxsize=32)
def _locale(name: str) -> Any:
    from babel import Locale

    return Locale.parse(name)


def _calendar(name: str) -> dict[str, Any]:
    """How Babel writes days and numbers in a language; nothing where it does not know the language."""
    from babel import UnknownLocaleError
    from babel.numbers import get_group_symbol

    try:
        locale = _locale(name)
    except (UnknownLocaleError, ValueError):
        return {"locale": ""}
    pattern = locale.date_formats["long"].format
    return {
        "locale": str(locale),
        "months": [locale.months["format"]["wide"][number] for number in range(1, 13)],
        "day": pattern % {"d": "{day}", "MMMM": "{month}", "y": "{year}"},
        "thousands": get_group_symbol(locale),
    }


def _places(folders: tuple[Path, ...], content: Mapping[str, Any]) -> dict[str, str]:
    """The places that the language names itself; the States by their own names where it says how they are written."""
    places: dict[str, str] = dict(content["places"])
    written = content.get("us_state", "")
    if written:
        named = (_read(path).get("places", {}) for path in _files(folders, "en.toml"))
        own = {code: name for each in named for code, name in each.items() if code.startswith("US-")}
        places = {code: written.format(name=name) for code, name in own.items()} | places
    return places


def _of_states(folders: tuple[Path, ...]) -> dict[str, str]:
    """What the States want in a letter, as phrases (`us-ma wants`): lists one token a word, addresses one line each."""
    found: dict[str, str] = {}
    for path in _files(folders, _US_STATES):
        for state, table in _read(path).items():
            for key, value in table.items():
                glue = "\n" if key in ("attorney_general", "agencies", "lines") else " "
                found[f"{state} {key}"] = glue.join(value) if isinstance(value, list) else str(value)
    return found


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
    for path in sorted({each for folder in folders for each in (folder / "_words").glob("*.toml") if each.name != _US_STATES}):
        content = _read(path)
        name = _calendar(content.get("locale", path.stem))["locale"]
        territories = _locale(name).territories if name else {}
        named = {**{code: text for code, text in territories.items() if len(code) == 2}, **content.get("places", {})}
        found |= {text.lower(): code for code, text in named.items() if "-" not in code}
    return found
