"""Countries as files write them and as envelopes show them: names from the CLDR, through Babel."""

from collections.abc import Mapping
from functools import lru_cache

from incident.domain.place_names import place_names
from incident.domain.places import canonical_place, us_states

_READ = ("en", "de", "fr", "es", "it", "nl", "pl", "pt")
_USUAL: Mapping[str, str] = {
    "uk": "GB",
    "usa": "US",
    "u.s.a.": "US",
    "great britain": "GB",
    "england": "GB",
    "deutschland": "DE",
}


@lru_cache(maxsize=1)
def country_codes() -> dict[str, str]:
    """What a file may call a country (in small letters) → its ISO code."""
    codes = {code for code in _territories("en") if len(code) == 2 and canonical_place(code) == code}
    found = {code.casefold(): code for code in codes}
    for language in _READ:
        found |= {name.casefold(): code for code, name in _territories(language).items() if code in codes}
    return found | dict(_USUAL)


def _territories(language: str) -> dict[str, str]:
    from babel import Locale

    return {str(code): str(name) for code, name in Locale.parse(language).territories.items()}


@lru_cache(maxsize=8)
def country_lines(language: str) -> dict[str, str]:
    """ISO code → the last line of a letter abroad: the country in capitals, in the sender's language."""
    from babel import UnknownLocaleError

    english = _territories("en")
    try:
        spoken = _territories(language)
    except (UnknownLocaleError, ValueError):
        spoken = english
    return {code: spoken.get(code, english[code]).upper() for code in set(country_codes().values())}


@lru_cache(maxsize=1)
def region_codes() -> dict[str, str]:
    """`us ca`, `us california` → `US-CA`; the provinces of Canada likewise."""
    names = place_names()
    found: dict[str, str] = {}
    for place in (*us_states(), *(each for each in names if each.startswith("CA-"))):
        country, _, part = place.partition("-")
        for said in (part, names.get(place, part).removeprefix("the "), place):
            found[f"{country} {said}".casefold()] = place
    return found | {"us washington": "US-WA", "us dc": "US-DC", "us district of columbia": "US-DC", "ca québec": "CA-QC"}
