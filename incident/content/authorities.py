"""Reads the table of supervisory authorities: `regimes/authorities.toml`."""

from functools import lru_cache
from zoneinfo import ZoneInfo

from incident.content.folders import regimes_folder
from incident.content.regimes import read_document
from incident.domain.authority import Authority, AuthorityTable


@lru_cache(maxsize=1)
def read_authorities() -> AuthorityTable:
    """The table as shipped; it ships with the program, so a fault in it is raised."""
    document = read_document(regimes_folder() / "authorities.toml")
    found = tuple(Authority(**{**each, "languages": tuple(each["languages"])}) for each in document["authority"])
    for each in found:
        ZoneInfo(each.zone)
    return AuthorityTable(found, document["checked_on"], document["recheck_by"])
