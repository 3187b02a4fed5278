"""What came back: undeliverable letters by reason and place, and the runs of the press so far.

Only counts are kept. Ten or more people whom no letter reaches are what laws hang a substitute notice on.
"""

from base64 import b64decode
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlmodel import col, select

from incident.domain.incident import Incident
from incident.domain.letters_columns import folded
from incident.domain.permission import Capability
from incident.domain.places import canonical_place
from incident.errors import ContentError, shown
from incident.interchange.recipients import BadRow, Row, header_of, inspected, rows
from incident.store.letters_tables import LetterRunRow
from incident.usecases.desk import Desk
from incident.usecases.letters import record_unreachable
from incident.usecases.rights import require_in

SUBSTITUTE = 10
"""People with insufficient addresses from whom on a substitute notice has to be a public one (45 CFR 164.404(d)(2))."""
_REFERENCES = ("reference", "our reference", "key", "id", "aktenzeichen")
_REASONS = ("reason", "grund", "return reason", "why", "motif", "motivo")
_MOST_REASONS = 100


@dataclass(slots=True)
class Returned:
    """Letters that came back."""

    letters: int = 0
    unknown: int = 0
    """Their reference stands in no manifest and the file gives no place."""
    twice: int = 0
    unread: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    places: Counter[str] = field(default_factory=Counter)
    recorded: bool = False

    @property
    def threshold_places(self) -> tuple[str, ...]:
        """Places with ten or more."""
        return tuple(sorted(place for place, number in self.places.items() if number >= SUBSTITUTE))


def returned(
    desk: Desk, incident: Incident, path: Path, manifest: Path | None, *, now: datetime, record_people: bool = False
) -> Returned:
    """Count a file of undeliverable letters; with `record_people` the counts per place become a fact."""
    require_in(desk, incident, Capability.WRITE if record_people else Capability.READ)
    held = _wanted(path)
    places = _places_of(manifest, held) if manifest is not None else {}
    found = Returned()
    for reference, (reason, place, count) in held.items():
        found.letters += 1
        found.twice += count - 1
        if reason not in found.reasons and len(found.reasons) >= _MOST_REASONS:
            reason = "(other reasons)"
        found.reasons[reason] += 1
        where = place or places.get(reference, "")
        if where:
            found.places[where] += 1
        else:
            found.unknown += 1
    if record_people:
        if not found.places:
            raise ContentError(f"{path.name}: of no letter is it known where the person lives.", "Name the run's --manifest.")
        record_unreachable(desk, incident, found.places, f"undeliverable letters, {path.name}"[:200], now=now)
        found.recorded = True
    return found


def _wanted(path: Path) -> dict[str, tuple[str, str, int]]:
    """Reference → reason, place where the file gives one, how often it stands there. Returned mail is a small part of all."""
    held: dict[str, tuple[str, str, int]] = {}
    file = inspected(path)
    header = [folded(each) for each in header_of(file)]
    at = _column(header, _REFERENCES, path, "reference")
    why = _column(header, _REASONS, path, "reason")
    where = header.index("place") if "place" in header else -1
    for row in _good(rows(file)):
        if len(row.cells) <= max(at, why, where) or not row.cells[at].strip():
            raise ContentError(
                f"{path.name}, line {row.line}: no reference or no reason.", "Mend the line; nothing was counted."
            )
        reference, reason = row.cells[at].strip(), row.cells[why].strip().casefold()[:80] or "no reason given"
        place = row.cells[where].strip() if where >= 0 else ""
        if place and canonical_place(place) is None:
            raise ContentError(f"{path.name}, line {row.line}: «{shown(place, longest=30)}» is no place.", "Write DE or US-CA.")
        count = held[reference][2] + 1 if reference in held else 1
        held[reference] = (reason, place, count)
    return held


def _good(found: Iterator[Row | BadRow]) -> Iterator[Row]:
    next(found)
    for row in found:
        if isinstance(row, BadRow):
            raise ContentError(f"Line {row.line}: {row.reason}", "Mend the line; nothing was counted.")
        yield row


def _column(header: Sequence[str], names: Sequence[str], path: Path, what: str) -> int:
    for name in names:
        if name in header:
            return header.index(name)
    raise ContentError(f"{path.name} has no column with the {what}.", f"Call it {names[0]}.")


def _places_of(manifest: Path, wanted: Mapping[str, object]) -> dict[str, str]:
    file = inspected(manifest)
    header = header_of(file)
    if not {"key", "reference", "place"} <= set(header):
        raise ContentError(f"{manifest.name} is no manifest of letters.", "Name manifest.csv of the run's folder.")
    key, reference, place = (header.index(name) for name in ("key", "reference", "place"))
    found = {}
    for row in _good(rows(file)):
        for said in (row.cells[reference], row.cells[key]):
            if said in wanted:
                found[said] = row.cells[place]
    return found


@dataclass(frozen=True, slots=True)
class RunLine:
    """One run of the press."""

    at: datetime
    state: str
    output: str
    letters: int
    codes: int
    counts: Mapping[str, object]


def runs(desk: Desk, incident: Incident) -> tuple[RunLine, ...]:
    """The runs of an incident, the oldest first."""
    require_in(desk, incident, Capability.READ)
    query = select(LetterRunRow).where(LetterRunRow.incident_id == incident.id).order_by(col(LetterRunRow.at))
    with desk.workspace.reading() as session:
        return tuple(_line(row) for row in session.exec(query))


def _line(row: LetterRunRow) -> RunLine:
    counts: Mapping[str, object] = row.counts or {}
    letters = counts.get("letters", 0)
    return RunLine(
        row.at, row.state.value, row.output, letters if isinstance(letters, int) else 0, len(b64decode(row.codes)) // 8, counts
    )
