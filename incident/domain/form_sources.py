"""What follows from the facts for a form's boxes: the kinds of breach, how sure a number is, in which countries people live."""

from collections.abc import Mapping

from incident.domain.places import eea_state

_KINDS = ("confidentiality", "integrity", "availability")


def derived_sources(values: Mapping[str, object]) -> dict[str, object]:
    """Sources for a notice's fields that no fact holds by itself; what does not follow is None.

    - `breach.kinds`: which of confidentiality, integrity and availability suffered;
    - `breach.when`: `day`, `range`, from the beginning and the end;
    - `data.protection`: `intact`, `subverted` (encrypted, the key gone too) or `none`;
    - `people.total`, `people.certainty` (`exact`, `approximate`), `people.countries`, `people.eea_countries`;
    - `people.cross_border`: whether people of more than one state of the EEA are affected;
    - `organisation.countries`: where it is established, in a line.
    """
    return {
        "breach.kinds": [each for each in _KINDS if values.get(f"breach.{each}") is True] or None,
        "breach.when": _when(values.get("at.occurred"), values.get("at.occurred_until")),
        "data.protection": _protection(values.get("data.encrypted"), values.get("data.key_compromised")),
        "organisation.countries": _line(values.get("organisation.established_in")),
        **_people(values.get("people")),
    }


def _when(began: object, ended: object) -> str | None:
    if not isinstance(began, str) or not isinstance(ended, str):
        return None
    return "day" if began[:10] == ended[:10] else "range"


def _protection(encrypted: object, key_gone: object) -> str | None:
    if encrypted is False:
        return "none"
    if encrypted is True and isinstance(key_gone, bool):
        return "subverted" if key_gone else "intact"
    return None


def _line(places: object) -> str | None:
    return ", ".join(str(each) for each in places) if isinstance(places, (list, tuple)) and places else None


def _people(rows: object) -> dict[str, object]:
    held = [each for each in rows if isinstance(each, Mapping)] if isinstance(rows, (list, tuple)) else []
    counts = [each.get("count") for each in held]
    whole = bool(held) and all(isinstance(each, int) for each in counts)
    certain = "approximate" if any(each.get("estimated") for each in held) else "exact"
    countries = list(dict.fromkeys(str(each.get("in", "")).split("-")[0] for each in held))
    states = list(dict.fromkeys(state for each in countries if (state := eea_state(each))))
    return {
        "people.total": sum(each for each in counts if isinstance(each, int)) if whole else None,
        "people.certainty": certain if whole else None,
        "people.countries": ", ".join(countries) or None,
        "people.eea_countries": ", ".join(states) or None,
        "people.cross_border": len(states) > 1 if held else None,
    }
