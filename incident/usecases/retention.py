"""What is kept, until when and why; legal holds; and deleting for good, with the list of copies that remain."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, func, select

from incident.domain.docket import docket
from incident.domain.incident import Incident, IncidentStatus
from incident.domain.obligation import ObligationState
from incident.domain.organisation import Organisation
from incident.domain.permission import Capability
from incident.domain.regime import Retention
from incident.domain.retention import Keeping, KeepingPeriod, check_years, period_end
from incident.errors import ContentError, IncidentError, RefusedError
from incident.store.copies import Copy, copies
from incident.store.custody_tables import LegalHoldRow
from incident.store.purge import Purged, purge
from incident.store.purge import finish as finish_purge
from incident.store.tables import FilingRow, IncidentRow
from incident.store.vault import read_header, slot_infos
from incident.usecases.catalogue import catalogue
from incident.usecases.clocks import clock_list, clocks_in
from incident.usecases.desk import Desk, organisation, organisation_in
from incident.usecases.incidents import family, incidents
from incident.usecases.people import save_organisation
from incident.usecases.rights import require_in


@dataclass(frozen=True, slots=True)
class Hold:
    """A legal hold on an incident."""

    incident_id: UUID
    reason: str
    placed_at: datetime
    by: UUID
    lifted_at: datetime | None


@dataclass(frozen=True, slots=True)
class RemainingCopy:
    """A copy of the vault that still holds what was deleted, and what opens it."""

    copy: Copy
    is_there: bool
    opened_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PurgeReport:
    """What a purge did, and where it could not reach."""

    references: tuple[str, ...]
    purged: Purged
    remaining: tuple[RemainingCopy, ...]


def keepings(desk: Desk, *, now: datetime) -> tuple[Keeping, ...]:
    """Every ended incident that we can read, with the reasons to keep it; merged ones stand with the one they joined."""
    found = [each for each in incidents(desk) if not each.is_open and each.status is not IncidentStatus.MERGED]
    return tuple(sorted((keeping(desk, each, now=now) for each in found), key=_soonest))


def _soonest(kept: Keeping) -> tuple[bool, date, str]:
    return kept.until_on is None, kept.until_on or date.max, kept.incident.reference


def keeping(desk: Desk, incident: Incident, *, now: datetime) -> Keeping:
    """Until when this ended incident is kept."""
    with desk.workspace.reading() as session:
        profile = organisation_in(session)
        last_on = _last_day(session, incident, profile)
        periods = [*_own(profile, last_on), *_of_law(session, incident, last_on, now=now)]
        if incident.exercise:
            periods = [KeepingPeriod("an exercise: nothing asks to keep it", "", "", last_on)]
        holds = len(_standing(session, incident.id))
    return Keeping(incident, tuple(periods), holds)


def _last_day(session: Session, incident: Incident, profile: Organisation) -> date:
    """The local day of the last thing that happened: the end, or a filing after it."""
    query = select(func.max(FilingRow.filed_at)).where(col(FilingRow.incident_id).in_(family(session, incident.id)))
    moments = [incident.ended_at or incident.declared_at, session.exec(query).first()]
    return max(each for each in moments if each is not None).astimezone(ZoneInfo(profile.timezone)).date()


def _own(profile: Organisation, last_on: date) -> list[KeepingPeriod]:
    if not profile.keep_years:
        return []
    period = f"{profile.keep_years} years"
    return [KeepingPeriod("our own rule", period, "`incident retention keep`", period_end(last_on, period))]


def _of_law(session: Session, incident: Incident, last_on: date, *, now: datetime) -> list[KeepingPeriod]:
    """The periods of duties that fall on this incident, or may: an undecided one keeps, because unknown is not no."""
    rules: dict[str, list[Retention]] = {}
    for regime in catalogue().law.regimes:
        for each in regime.retention:
            rules.setdefault(each.duty, []).append(each)
    found: dict[tuple[str, str], KeepingPeriod] = {}
    arranged = docket(clock_list(clocks_in(session, incident.id, now=now)))
    waiting = [clock for fold in arranged.folds for clock in fold.clocks]
    for clock in (*arranged.pending, *waiting, *arranged.filed, *arranged.not_required):
        obligation = clock.obligation
        for rule in rules.get(obligation.id.split("@")[0], ()):
            if obligation.state is ObligationState.NOT_REQUIRED and "finding" not in rule.what:
                continue
            undecided, until_on = obligation.state is ObligationState.UNDECIDED, period_end(last_on, rule.period)
            period = KeepingPeriod(rule.what, rule.period, rule.citation, until_on, undecided)
            found.setdefault((rule.duty, rule.what), period)
    return list(found.values())


def keep_years(desk: Desk, years: int, *, now: datetime) -> Organisation:
    """Set how many years the organisation keeps ended incidents by its own rule; 0 takes the rule back."""
    check_years(years)
    return save_organisation(desk, replace(organisation(desk), keep_years=str(years) if years else ""), now=now)


def holds(desk: Desk, incident: Incident | None = None) -> tuple[Hold, ...]:
    """Legal holds, lifted ones included, the oldest first; of one incident when it is named."""
    query = select(LegalHoldRow).order_by(col(LegalHoldRow.placed_at))
    if incident is not None:
        query = query.where(LegalHoldRow.incident_id == incident.id)
    with desk.workspace.reading() as session:
        rows = session.exec(query).all()
        return tuple(Hold(each.incident_id, each.reason, each.placed_at, each.by, each.lifted_at) for each in rows)


def place_hold(desk: Desk, incident: Incident, *, reason: str, now: datetime) -> Hold:
    """Forbid deletion until the hold is lifted; open and ended incidents alike."""
    require_in(desk, incident, Capability.WRITE)
    if not reason.strip():
        raise ContentError("Why it must be kept is not said.", "Name the proceedings or the authority's letter.")
    with desk.workspace.change("hold.place", now=now, incident_id=incident.id) as session:
        row = LegalHoldRow(incident_id=incident.id, reason=reason.strip(), placed_at=now, by=desk.me.id)
        session.add(row)
        session.flush()
        return Hold(row.incident_id, row.reason, row.placed_at, row.by, None)


def lift_hold(desk: Desk, incident: Incident, *, now: datetime) -> int:
    """Lift every hold that stands on the incident, and say how many those were."""
    require_in(desk, incident, Capability.CLOSE)
    with desk.workspace.change("hold.lift", now=now, incident_id=incident.id) as session:
        rows = _standing(session, incident.id)
        if not rows:
            raise RefusedError(f"No hold stands on {incident.reference}.", "`incident hold list` shows them.")
        for row in rows:
            row.lifted_at = now
            session.add(row)
        return len(rows)


def _standing(session: Session, incident_id: UUID) -> list[LegalHoldRow]:
    query = select(LegalHoldRow).where(col(LegalHoldRow.incident_id).in_(family(session, incident_id)))
    return list(session.exec(query.where(col(LegalHoldRow.lifted_at).is_(None))).all())


def refuse_purge(desk: Desk, incident: Incident, *, now: datetime, despite: bool = False) -> None:
    """Raise RefusedError when the incident must not be deleted now; `despite` overrides periods, never a hold."""
    require_in(desk, incident, Capability.PURGE)
    if incident.is_open:
        raise RefusedError(f"{incident.reference} is open.", "Close it first: `incident close --reason …`.")
    if incident.status is IncidentStatus.MERGED:
        raise RefusedError(f"{incident.reference} is part of another incident.", "Delete the one it was merged into.")
    kept = keeping(desk, incident, now=now)
    if kept.holds:
        raise RefusedError(f"{incident.reference} is under legal hold.", "`incident hold list` says why; legal lifts it.")
    today = now.astimezone(ZoneInfo(organisation(desk).timezone)).date()
    if not kept.is_past(today) and not despite:
        until = f"kept until {kept.until_on}" if kept.until_on else "kept for as long as no period is set"
        raise RefusedError(
            f"{incident.reference} is {until}.", "`incident retention show` says why; --despite overrides it with your reason."
        )


def purge_incident(desk: Desk, incident: Incident, *, reason: str, now: datetime, despite: bool = False) -> PurgeReport:
    """Delete an ended incident and those merged into it for good; the journal keeps who did it and the reason given."""
    if not reason.strip():
        raise ContentError("Why it is deleted is not said.", "Give the reason; it stays in the journal.")
    refuse_purge(desk, incident, now=now, despite=despite)
    with desk.workspace.reading() as session:
        ids = family(session, incident.id)
        names = dict(session.exec(select(IncidentRow.id, IncidentRow.reference).where(col(IncidentRow.id).in_(ids))).all())
    references = tuple(names[each] for each in ids)
    began = min(each.seq for name in ids for each in desk.workspace.entries(name)[:1])
    purged = purge(desk.workspace, ids, references=references, reason=reason.strip(), now=now)
    return PurgeReport(references, purged, remaining(desk.workspace.path, since=began))


def remaining(vault: Path, *, since: int) -> tuple[RemainingCopy, ...]:
    """The copies that reach to this journal entry or beyond it."""
    return tuple(_remaining(each) for each in copies(vault) if each.seq >= since)


def _remaining(copy: Copy) -> RemainingCopy:
    there = copy.is_there
    openers: tuple[str, ...] = (f"what opened the vault at {copy.made_at:%Y-%m-%d %H:%M} UTC",)
    if there:
        try:
            slots = slot_infos(read_header(Path(copy.folder)))
            openers = tuple(f"passphrase of {each.sign_in}" if each.sign_in else "its recovery code" for each in slots)
        except IncidentError:
            there = False
    return RemainingCopy(copy, there, openers)


def finish(desk: Desk) -> str:
    """Finish a purge that was interrupted; what is still left, empty when nothing is."""
    return finish_purge(desk.workspace)
