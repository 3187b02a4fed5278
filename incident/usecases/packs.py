"""Two packs of law side by side: what changed in the rules, and what it would change for open incidents."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from incident.content.calendars import LibraryCalendars
from incident.content.folders import regimes_folder
from incident.content.regimes import read_regimes
from incident.content.vocabulary import read_vocabulary
from incident.domain.incident import Incident
from incident.domain.regime_diff import ClockChange, LawChange, clock_changes, law_changes
from incident.errors import ContentError
from incident.usecases.assess import Law
from incident.usecases.clocks import clocks
from incident.usecases.desk import Desk
from incident.usecases.incidents import incidents


@dataclass(frozen=True, slots=True)
class IncidentChange:
    """What a new pack would change for one open incident and principal."""

    incident: Incident
    on_behalf_of: str
    changes: tuple[ClockChange, ...]


def law_of(name: str) -> Law:
    """The law of a folder of regimes; `shipped` is the one of this version. Raises ContentError for no such folder."""
    folder = regimes_folder() if name == "shipped" else Path(name)
    if not folder.is_dir():
        raise ContentError(f"{name}: this is not a folder of regimes.", "Name a folder with <region>/<law>.toml, or `shipped`.")
    own = folder / "vocabulary.toml"
    vocabulary = read_vocabulary(own if own.is_file() else regimes_folder() / "vocabulary.toml")
    book = read_regimes((folder,), vocabulary)
    if not book.regimes:
        raise ContentError(f"{name}: there is no regime in it that can be used.", "Files are <region>/<law>.toml.")
    return Law(book.regimes, book.vocabulary, LibraryCalendars(), book.problems)


def pack_changes(old: Law, new: Law) -> tuple[LawChange, ...]:
    """What reads differently in the new pack."""
    return law_changes(old.regimes, new.regimes, old_faults=_faults(old), new_faults=_faults(new))


def _faults(law: Law) -> dict[str, str]:
    """What is wrong with the files of a pack that cannot be used, by the slug they would have."""
    return {each.place: str(each) for each in law.problems}


def incident_changes(desk: Desk, old: Law, new: Law, *, now: datetime) -> tuple[IncidentChange, ...]:
    """What the new pack would change for every open incident; nothing is written."""
    found = []
    for incident in incidents(desk):
        if not incident.is_open:
            continue
        for each in clocks(desk, incident, now=now):
            changes = clock_changes(old.assess(each.facts, now=now), new.assess(each.facts, now=now))
            if changes:
                found.append(IncidentChange(incident, each.on_behalf_of, changes))
    return tuple(found)
