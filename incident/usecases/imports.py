"""Takes in what other tools recorded: lines into a timeline, a case as a new incident. All of a file, or nothing.

Everything taken over says where it comes from; a fact is recorded as reported, and none of the answers that the law leaves
to a person's judgement comes in this way.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlmodel import Session, select

from incident.domain.fact_record import Confidence
from incident.domain.facts_document import parse_value
from incident.domain.foreign_case import ForeignCase, ForeignFact, ForeignLine
from incident.domain.incident import Incident
from incident.domain.permission import Capability
from incident.domain.timeline import EntryKind
from incident.domain.vocabulary import FactType
from incident.errors import ContentError, IncidentError
from incident.store.tables import FactRow, TimelineRow
from incident.usecases.catalogue import catalogue
from incident.usecases.desk import Desk
from incident.usecases.incidents import Declaration, declare
from incident.usecases.rights import require_in

_LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class ImportedLines:
    """What became of a file of lines."""

    taken: int
    known: int
    """Lines that stood in the timeline already: the same time, the same words."""
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaseChoice:
    """What a person decides about a case before it becomes an incident."""

    playbook: str
    commander: str
    exercise: bool = False


def import_timeline(
    desk: Desk, incident: Incident, file: Path, *, kind: EntryKind = EntryKind.LOG, privileged: bool = False, now: datetime
) -> ImportedLines:
    """Write the lines of a CSV or JSONL file into the timeline; the same file twice adds nothing the second time.

    Raises ContentError naming the first row that cannot be used: a time without a zone, one that has not come yet.
    """
    from incident.interchange.timeline_file import read_timeline

    require_in(desk, incident, Capability.WRITE)
    found = read_timeline(file)
    for each in found.lines:
        if each.at > now:
            place = each.source.removeprefix("imported from ").split(":")[0]
            raise ContentError(f"{place}: {each.at.isoformat()} has not come yet.", "Check the year and the zone.")
    with desk.workspace.reading() as session:
        standing = _standing(session, incident.id)
    new = [each for each in dict.fromkeys(found.lines) if (each.at, each.text) not in standing]
    unique = list({(each.at, each.text): each for each in new}.values())
    if unique:
        detail = {"file": file.name[:200], "lines": len(unique)}
        with desk.workspace.change("timeline.import", now=now, incident_id=incident.id, detail=detail) as session:
            session.add_all(_row(incident.id, each, kind, desk.me.id, privileged=privileged, now=now) for each in unique)
    return ImportedLines(len(unique), len(found.lines) - len(unique), found.remarks)


def _standing(session: Session, incident_id: UUID) -> frozenset[tuple[datetime, str]]:
    rows = session.exec(select(TimelineRow).where(TimelineRow.incident_id == incident_id)).all()
    return frozenset((each.occurred_at, each.text) for each in rows if not each.hidden)


def _row(
    incident_id: UUID, line: ForeignLine, kind: EntryKind, by: UUID, *, now: datetime, privileged: bool = False
) -> TimelineRow:
    return TimelineRow(
        incident_id=incident_id,
        occurred_at=line.at,
        recorded_at=now,
        precision=line.precision,
        kind=line.kind or kind,
        text=line.text,
        by=by,
        source=line.source,
        privileged=privileged,
    )


def read_case(tool: str, file: Path, *, now: datetime) -> ForeignCase:
    """A record of another tool (`veris`, `iris`, `thehive`) as it would be taken over, for a person to look at first."""
    case = _READERS[tool](file)
    title = " ".join(case.title.split())
    kept, wrong = _usable(case.facts, now=now)
    lines = tuple(each for each in case.lines if each.at <= now)
    if late := len(case.lines) - len(lines):
        wrong.append(f"{late:,} line{'' if late == 1 else 's'} of timeline whose time has not come yet.")
    wrong.append(f"The file itself: `incident evidence add {file.name}` keeps it.")
    if len(title) > _LONGEST_TITLE:
        title = f"{title[: _LONGEST_TITLE - 1]}…"
    return replace(case, title=title, facts=kept, lines=lines, left_out=(*case.left_out, *wrong))


def _veris(file: Path) -> ForeignCase:
    from incident.interchange.veris_import import read_veris

    return read_veris(file)


def _iris(file: Path) -> ForeignCase:
    from incident.interchange.iris_case import read_iris

    return read_iris(file)


def _thehive(file: Path) -> ForeignCase:
    from incident.interchange.thehive_case import read_thehive

    return read_thehive(file)


_READERS: Mapping[str, Callable[[Path], ForeignCase]] = {"veris": _veris, "iris": _iris, "thehive": _thehive}


def _usable(facts: Sequence[ForeignFact], *, now: datetime) -> tuple[tuple[ForeignFact, ...], list[str]]:
    """The facts that our vocabulary takes, and what is wrong with the others."""
    kept, wrong = [], []
    for each in facts:
        try:
            _check(each, now=now)
        except IncidentError as error:
            wrong.append(f"{each.place}: {error.message}")
        else:
            kept.append(each)
    return tuple(kept), wrong


def _check(fact: ForeignFact, *, now: datetime) -> None:
    vocabulary = catalogue().law.vocabulary
    kind = vocabulary.kind(fact.key)
    if kind.judgement:
        raise ContentError(f"{fact.key}: the law leaves this to a person's judgement.", "Answer it here.")
    parsed = parse_value(kind, fact.value, vocabulary)
    if kind.type is not FactType.MOMENT:
        return
    late = parsed > now if isinstance(parsed, datetime) else parsed > now.date()  # type: ignore[operator]
    if late:
        raise ContentError(f"{fact.key}: {fact.value} has not come yet.", "Check the time.")


def import_case(desk: Desk, case: ForeignCase, choice: CaseChoice, *, now: datetime) -> Incident:
    """Open an incident from a case that somebody looked at: its facts as reported, its lines, each with where it comes from."""
    kept, wrong = _usable(case.facts, now=now)
    if wrong:
        raise ContentError(f"{case.origin}: {wrong[0]}", "Read the file again: `incident import`.")
    asked = Declaration(case.title, choice.playbook, choice.commander, severity=case.severity, exercise=choice.exercise)
    incident = declare(desk, asked, now=now)
    if kept or case.lines:
        detail = {"origin": case.origin[:200], "facts": len(kept), "lines": len(case.lines)}
        with desk.workspace.change("incident.import", now=now, incident_id=incident.id, detail=detail) as session:
            session.add_all(_fact_row(incident.id, each, case.origin, desk.me.id, now=now) for each in kept)
            session.add_all(_row(incident.id, each, EntryKind.LOG, desk.me.id, now=now) for each in case.lines)
    return incident


def _fact_row(incident_id: UUID, fact: ForeignFact, origin: str, by: UUID, *, now: datetime) -> FactRow:
    return FactRow(
        incident_id=incident_id,
        key=fact.key,
        value=fact.value,
        source=f"imported from {origin}, {fact.place}",
        confidence=Confidence.REPORTED,
        by=by,
        recorded_at=now,
    )
