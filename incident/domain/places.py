"""Places: ISO 3166-1 countries and the ISO 3166-2 parts that breach law distinguishes.

`within("US-CA", "US")` holds; the reverse does not. The territories of the United States are written as its
parts (`US-PR`), which is how their statutes count.
"""

from difflib import get_close_matches

EEA = frozenset(
    "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE IS LI NO".split()
)  # fmt: skip
"""The member states of the European Union, and Iceland, Liechtenstein and Norway."""

_OF_THE_UNION = {"AX": "FI", "GP": "FR", "MQ": "FR", "GF": "FR", "RE": "FR", "YT": "FR", "MF": "FR"}
"""Parts of member states with a country code of their own (Art. 349 and 355 TFEU; Åland by its accession protocol)."""

_COUNTRIES = frozenset(
    """AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ
    CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR
    GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO
    JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR
    MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO
    RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV
    TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW""".split()
)  # fmt: skip

_PARTS: dict[str, frozenset[str]] = {
    "US": frozenset(
        """AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH
        OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY PR GU VI AS MP""".split()
    ),
    "CA": frozenset("AB BC MB NB NL NS NT NU ON PE QC SK YT".split()),
    "DE": frozenset("BW BY BE BB HB HH HE MV NI NW RP SL SN ST SH TH".split()),
    "AU": frozenset("ACT NSW NT QLD SA TAS VIC WA".split()),
    "GB": frozenset("ENG SCT WLS NIR".split()),
}  # fmt: skip

_TERRITORIES = {"PR": "US-PR", "GU": "US-GU", "VI": "US-VI", "AS": "US-AS", "MP": "US-MP"}
_EACH = "DE, FR … (each country)"
_COMMON_MISTAKES = {"UK": "GB", "EL": "GR", "EU": _EACH, "EEA": _EACH, "USA": "US", "GER": "DE"}


def canonical_place(code: str) -> str | None:
    """The code in its canonical form, or None when no such place is known."""
    code = code.strip()
    if code in _TERRITORIES:
        return _TERRITORIES[code]
    country, _, part = code.partition("-")
    if country not in _COUNTRIES:
        return None
    if not part:
        return country
    return code if part in _PARTS.get(country, frozenset()) else None


def every_place() -> tuple[str, ...]:
    """Every code that names a place, sorted; a territory of the United States may be written in two ways."""
    parts = (f"{country}-{part}" for country, held in _PARTS.items() for part in held)
    return tuple(sorted({*_COUNTRIES, *parts}))


def nearest_place(code: str) -> str:
    """A suggestion for a code that is not a place."""
    upper = code.strip()[:40].upper()
    if upper in _COMMON_MISTAKES:
        return _COMMON_MISTAKES[upper]
    known = [*sorted(_COUNTRIES), *(f"{country}-{part}" for country in _PARTS for part in sorted(_PARTS[country]))]
    close = get_close_matches(upper, known, n=1, cutoff=0.5)
    return close[0] if close else "DE, US-CA, CA-QC"


def within(part: str, whole: str) -> bool:
    """Whether `part` is `whole` or lies in it; `EEA` is a whole of countries."""
    if whole == "EEA":
        return eea_state(part) is not None
    return part == whole or part.startswith(whole + "-")


def eea_state(place: str) -> str | None:
    """The state of the European Economic Area that a place is or lies in; None outside it."""
    country = place.split("-")[0]
    state = _OF_THE_UNION.get(country, country)
    return state if state in EEA else None


def us_states() -> tuple[str, ...]:
    """The States and jurisdictions of the United States as places, sorted."""
    return tuple(sorted(f"US-{part}" for part in _PARTS["US"]))
