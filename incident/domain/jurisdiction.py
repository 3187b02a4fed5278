"""In which places a duty falls due: the lead authority, every State with residents, or once."""

from collections.abc import Iterable
from dataclasses import dataclass

from incident.domain.facts import UNKNOWN, Facts
from incident.domain.places import eea_state, within
from incident.domain.regime import Duty, PlaceRule

SOMEWHERE = "US-*"
"""A State that is not known yet: people of a wider place may live in it."""


@dataclass(frozen=True, slots=True)
class Venue:
    """One place a duty falls due in; without a place, the facts that would name it, or why there is none."""

    place: str = ""
    missing: tuple[str, ...] = ()
    nowhere: str = ""
    pretend: str = ""
    """The stand-in for a place that is not known, used to test its conditions."""


_ONCE = (Venue(),)


def venues(duty: Duty, facts: Facts) -> tuple[Venue, ...]:
    """The places in which this duty falls due by these facts."""
    match duty.places:
        case PlaceRule.NONE:
            return _ONCE
        case PlaceRule.LEAD_AUTHORITY:
            return _lead_authority(facts)
        case PlaceRule.STATE:
            return _states(facts)
        case PlaceRule.MEMBER_STATE:
            return _member_states(duty, facts)
        case PlaceRule.DOMICILE:
            return _domicile(facts)


def _lead_authority(facts: Facts) -> tuple[Venue, ...]:
    """GDPR Art. 55, 56; EDPB 9/2022 para. 73: a representative gives no one-stop-shop."""
    established = facts.tokens("organisation.established_in")
    lead = facts.get("organisation.lead_authority")
    in_eea = _eea_states(established or ())
    if isinstance(lead, str) and within(lead, "EEA") and (established is None or in_eea):
        return (Venue(lead),)
    if established is None:
        return (Venue(missing=("organisation.established_in",)),)
    unfinished = "organisation.established_in" in facts.partial
    if len(in_eea) == 1 and not unfinished:
        return (Venue(in_eea[0]),)
    if in_eea:
        wanted = "organisation.established_in" if unfinished and len(in_eea) == 1 else "organisation.lead_authority"
        return (Venue(missing=(wanted,)),)
    if unfinished:
        return (Venue(missing=("organisation.established_in",)),)
    return _by_residence(facts)


def _by_residence(facts: Facts) -> tuple[Venue, ...]:
    rows = facts.people
    if rows is None:
        return (Venue(missing=("people",)),)
    found = [Venue(place) for place in _eea_states(row.place for row in rows if row.count != 0)]
    if "people" in facts.partial:
        found.append(Venue(missing=("people",)))
    return tuple(found) or (Venue(nowhere="nobody affected lives in the EEA"),)


def _states(facts: Facts) -> tuple[Venue, ...]:
    rows = facts.people
    if rows is None:
        return (Venue(missing=("people",), pretend=SOMEWHERE),)
    places = sorted({row.place for row in rows if row.place.startswith("US-") and row.count != 0})
    found = [Venue(place) for place in places]
    if "people" in facts.partial or any(row.place == "US" and row.count != 0 for row in rows):
        found.append(Venue(pretend=SOMEWHERE))
    return tuple(found) or (Venue(nowhere="nobody affected lives in the United States"),)


def _domicile(facts: Facts) -> tuple[Venue, ...]:
    key = "organisation.established_in"
    established = facts.tokens(key)
    if established is None:
        return (Venue(missing=(key,), pretend=SOMEWHERE),)
    states = [Venue(place) for place in sorted(established) if place.startswith("US-")]
    if key in facts.partial or "US" in established:
        states.append(Venue(missing=(key,), pretend=SOMEWHERE))
    return tuple(states) or (Venue(nowhere="the organisation is not established in a State of the United States"),)


def _member_states(duty: Duty, facts: Facts) -> tuple[Venue, ...]:
    if duty.places_from == "people":
        return _by_residence(facts)
    named = facts.get(duty.places_from)
    if named is UNKNOWN:
        return (Venue(missing=(duty.places_from,)),)
    tokens = facts.tokens(duty.places_from) or (frozenset({named}) if isinstance(named, str) else frozenset())
    found = [Venue(place) for place in _eea_states(tokens)]
    if duty.places_from in facts.partial:
        found.append(Venue(missing=(duty.places_from,)))
    return tuple(found) or (Venue(nowhere="no EEA state is named"),)


def _eea_states(places: Iterable[str]) -> list[str]:
    """The states of the EEA among these places, each once, sorted."""
    return sorted({state for place in places if (state := eea_state(place)) is not None})
