"""Supervisory authorities: who they are, in which languages their form is, in which zone they work."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from incident.domain.places import within


@dataclass(frozen=True, slots=True)
class Authority:
    """An authority for data protection; the channel was not checked on its site and says so by its confidence."""

    place: str
    name: str
    seat: str
    languages: tuple[str, ...]
    """ISO 639-1, the form's first."""
    zone: str
    channel: str = ""
    competent_for: str = ""
    """Empty: for everybody in its place."""
    confidence: str = "low"


@dataclass(frozen=True, slots=True)
class AuthorityTable:
    """Every authority that is known, and when the table was checked."""

    authorities: tuple[Authority, ...]
    checked_on: date
    recheck_by: date

    def of(self, place: str) -> tuple[Authority, ...]:
        """The authorities of a place and of its parts (Germany: the Länder's)."""
        return tuple(each for each in self.authorities if within(each.place, place))

    def for_obligation(self, obligation_id: str) -> tuple[Authority, ...]:
        """Whom an obligation towards an authority means: the place in its id, else the law's own."""
        name, _, place = obligation_id.partition("@")
        regime, _, duty = name.partition("/")
        if duty != "authority":
            return ()
        where = place or next((own for prefix, own in _OWN if regime.startswith(prefix)), "")
        return self.of(where) if where and (regime in _BY_PLACE or not place) else ()


_BY_PLACE = frozenset({"eu-gdpr", "eu-led", "eu-gdpr-omnibus"})
_OWN = (("uk-gdpr", "GB"), ("uk-dpa", "GB"), ("uk-pecr", "GB"), ("ch-fadp", "CH"), ("eu-2018-1725", "EU"))


_MANY = 4


def authority_lines(found: Iterable[Authority]) -> tuple[str, ...]:
    """Each authority in one line: name, seat, languages of the form, zone, channel; many are counted."""
    listed = tuple(found)
    if len(listed) > _MANY:
        country = listed[0].place.split("-")[0]
        return (f"{len(listed)} authorities; that of the organisation's seat is competent: `incident authorities {country}`",)
    return tuple(
        f"{each.name}, {each.seat} ({each.place}{f', {each.competent_for}' if each.competent_for else ''}); "
        f"form in {', '.join(each.languages)}; {each.zone}{f'; {each.channel}, unverified' if each.channel else ''}"
        for each in listed
    )
