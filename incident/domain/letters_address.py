"""How an address is written in its own country: the order of its lines, the place of the postcode, the country line.

The forms follow the addressing guides that postal services publish through the Universal Postal Union: the town's line as
the addressee's country writes it, and for a letter abroad a last line with the country in capitals, in the sender's language.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_TOWN: Mapping[str, tuple[str, ...]] = {
    "US": ("{city} {region} {postcode}",),
    "CA": ("{city} {region}  {postcode}",),
    "AU": ("{city} {region} {postcode}",),
    "GB": ("{city}", "{postcode}"),
    "IE": ("{city}", "{region}", "{postcode}"),
    "NL": ("{postcode}  {city}",),
    "IT": ("{postcode} {city} {region}",),
    "ES": ("{postcode} {city}", "{region}"),
    "BR": ("{city} - {region}", "{postcode}"),
    "MX": ("{postcode} {city}, {region}",),
    "IN": ("{city} {postcode}", "{region}"),
    "NZ": ("{city} {postcode}",),
    "SG": ("{city} {postcode}",),
    "JP": ("{city}, {region} {postcode}",),
    "CN": ("{postcode} {city}, {region}",),
    "KR": ("{city}, {region} {postcode}",),
    "TW": ("{city} {postcode}",),
    "ID": ("{city} {postcode}",),
    "TH": ("{city} {postcode}",),
    "ZA": ("{city}", "{postcode}"),
    "HU": ("{city}", "{postcode}"),
    "CO": ("{city}, {region}", "{postcode}"),
    "TR": ("{postcode} {city}/{region}",),
}
_CONTINENT = ("{postcode} {city}",)
_FAMILY_FIRST = frozenset({"CN", "HU", "JP", "KR", "TW", "VN"})
_POSTCODES: Mapping[str, str] = {
    **dict.fromkeys(("DE", "FR", "ES", "IT", "FI", "MX", "TR", "HR"), r"\d{5}"),
    **dict.fromkeys(("AT", "CH", "BE", "DK", "NO", "AU", "NZ", "HU", "LU"), r"\d{4}"),
    "US": r"\d{5}(-\d{4})?",
    "CA": r"[A-Z]\d[A-Z] ?\d[A-Z]\d",
    "GB": r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}",
    "NL": r"\d{4} ?[A-Z]{2}",
    "PL": r"\d{2}-\d{3}",
    "PT": r"\d{4}-\d{3}",
    "SE": r"\d{3} ?\d{2}",
    "CZ": r"\d{3} ?\d{2}",
    "SK": r"\d{3} ?\d{2}",
    "GR": r"\d{3} ?\d{2}",
    "BR": r"\d{5}-?\d{3}",
    "JP": r"\d{3}-?\d{4}",
    "IN": r"\d{3} ?\d{3}",
    "SG": r"\d{6}",
    "CN": r"\d{6}",
}
_FORMS = {country: re.compile(form) for country, form in _POSTCODES.items()}


@dataclass(frozen=True, slots=True)
class Window:
    """Where an envelope's window is on the folded sheet, in millimetres from the sheet's left and top edges."""

    standard: str
    left: float
    top: float
    width: float
    height: float


WINDOWS: Mapping[str, Window] = {
    "din5008": Window("DIN 5008 form B", 20, 45, 85, 45),
    "bs4264": Window("BS 4264 (DL)", 20, 52, 93, 37),
    "us10": Window("US #10", 22, 51, 110, 29),
}


def window_for(country: str) -> str:
    """The usual window of a sender in this country."""
    return {"GB": "bs4264", "IE": "bs4264", "US": "us10", "CA": "us10"}.get(country, "din5008")


def fits(country: str, postcode: str) -> bool:
    """Whether a postcode has its country's form; where no form is kept here, anything fits."""
    form = _FORMS.get(country)
    return form is None or form.fullmatch(postcode) is not None


def full_name(given: str, family: str, country: str) -> str:
    """Both names in the order of the addressee's country."""
    parts = (family, given) if country in _FAMILY_FIRST else (given, family)
    return " ".join(part for part in parts if part)


def town_lines(country: str, *, city: str, region: str, postcode: str) -> tuple[str, ...]:
    """The lines with town, region and postcode."""
    told = {"city": city, "region": region, "postcode": postcode}
    lines = (form.format(**told).strip(" ,/-") for form in _TOWN.get(country, _CONTINENT))
    return tuple(line for line in lines if line)
