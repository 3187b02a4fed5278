"""Takes an incident out of the vault in a format of the trade: on record first, then written whole, never over a file.

The calendar is the exception that is written again and again; what it says is a code name and a time.
"""

import hmac
import json
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

from incident.domain.access import AccessAct
from incident.domain.calendar_date import CalendarDate, CalendarDates, DateKind
from incident.domain.docket import docket
from incident.domain.duty_clock import Clock
from incident.domain.incident import Incident
from incident.domain.obligation import ObligationState
from incident.domain.outgoing import Outgoing
from incident.domain.permission import Capability
from incident.domain.profile import Profile
from incident.errors import ContentError, RefusedError, StoreError
from incident.regular_file import regular_file
from incident.store.durable import sync_folder, write_whole
from incident.usecases.access import record_access
from incident.usecases.clocks import clock_list, clocks
from incident.usecases.desk import Desk
from incident.usecases.exports import export_key, outgoing
from incident.usecases.rights import require_in

_MEGABYTES = 10


class ExportFormat(StrEnum):
    """In which form an incident leaves."""

    VERIS = "veris"
    STIX = "stix"
    MISP = "misp"
    TIMESKETCH = "timesketch"
    CSV = "csv"
    CALENDAR = "calendar"


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written where, for whom."""

    format: ExportFormat
    profile: Profile
    path: Path
    files: int
    size: int
    """Bytes, of all files together."""


def export_incident(
    desk: Desk, incident: Incident, format_: ExportFormat, profile: Profile, *, to: Path, now: datetime
) -> Exported:
    """Write the incident for one reader to a file (CSV: a folder) that is not there yet; recorded as an export."""
    if format_ is ExportFormat.CALENDAR:
        return export_calendar(desk, incident, profile, to=to, now=now)
    if os.path.lexists(to):
        raise RefusedError(f"{to} is there already; nothing is overwritten.", "Name another one with --to.")
    going = outgoing(desk, incident, profile, now=now)
    files = _contents(going, format_, to)
    record_access(desk, AccessAct.EXPORTED, f"the incident as {format_.value}, for {profile.value}", incident, now=now)
    try:
        if format_ is ExportFormat.CSV:
            _write_folder(to, files)
        else:
            _write_file(to, files[to.name])
    except OSError as error:
        raise StoreError(f"{to} cannot be written: {error.strerror}.", "Name a place that you may write to.") from error
    return Exported(format_, profile, to, len(files), sum(map(len, files.values())))


def _contents(going: Outgoing, format_: ExportFormat, to: Path) -> Mapping[str, bytes]:
    """File name → content."""
    if format_ is ExportFormat.CSV:
        from incident.interchange.csv_tables import csv_files

        return csv_files(going)
    return {to.name: _TEXTS[format_](going, to.suffix.lower()).encode()}


def _veris(going: Outgoing, suffix: str) -> str:
    from incident.interchange.veris_export import veris_record

    del suffix
    return _json(veris_record(going))


def _stix(going: Outgoing, suffix: str) -> str:
    from incident.interchange.stix_bundle import stix_bundle

    del suffix
    return _json(stix_bundle(going))


def _misp(going: Outgoing, suffix: str) -> str:
    from incident.interchange.misp_event import misp_event

    del suffix
    return _json(misp_event(going))


def _timesketch(going: Outgoing, suffix: str) -> str:
    from incident.interchange.timesketch import timesketch_csv, timesketch_jsonl

    if suffix not in (".csv", ".jsonl"):
        raise ContentError("Timesketch reads files that end in .csv or .jsonl.", "Name one with --to.")
    return timesketch_csv(going) if suffix == ".csv" else timesketch_jsonl(going)


_TEXTS: Mapping[ExportFormat, Callable[[Outgoing, str], str]] = {
    ExportFormat.VERIS: _veris,
    ExportFormat.STIX: _stix,
    ExportFormat.MISP: _misp,
    ExportFormat.TIMESKETCH: _timesketch,
}


def _json(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _write_file(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        path.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def _write_folder(path: Path, files: Mapping[str, bytes]) -> None:
    """Beside its place first, then renamed: a folder that is there is whole."""
    beside = path.with_name(path.name + ".part")
    beside.mkdir(mode=0o700)
    try:
        for name, content in files.items():
            _write_file(beside / name, content)
        beside.rename(path)
    except OSError:
        for name in files:
            (beside / name).unlink(missing_ok=True)
        with suppress(OSError):
            beside.rmdir()
        raise
    sync_folder(path.parent)


def calendar_dates(desk: Desk, incident: Incident, profile: Profile, *, now: datetime) -> CalendarDates:
    """The dates of an incident under its code name: what falls due, and the questions that would start a clock.

    A regulator and a customer get no questions, and due dates only; what was done or has ended is cancelled.
    """
    require_in(desk, incident, Capability.EXPORT)
    secret = export_key(desk, incident, "calendar")
    own = _keyed(secret, "incident", 12)
    arranged = docket(clock_list(clocks(desk, incident, now=now)))
    found: list[CalendarDate] = []
    for clock in (*arranged.pending, *arranged.filed):
        key = f"{own}-{_keyed(secret, f'duty|{clock.on_behalf_of}|{clock.obligation.id}', 20)}"
        if (date := _date(clock, key, incident, profile)) is not None:
            found.append(date)
    if profile is Profile.PRIVILEGED and incident.is_open:
        for fold in arranged.folds:
            if fold.soonest_at is not None:
                key = f"{own}-{_keyed(secret, f'question|{fold.fact}|{fold.sort_key[0]}', 20)}"
                found.append(CalendarDate(key, fold.soonest_at, DateKind.QUESTION))
    revision = desk.workspace.head().seq  # it only grows, whatever is recorded, reopened or computed anew
    unique = {each.key: each for each in found}
    return CalendarDates(own, incident.code_name, incident.exercise, revision, tuple(unique.values()))


def _date(clock: Clock, key: str, incident: Incident, profile: Profile) -> CalendarDate | None:
    obligation, ours = clock.obligation, profile is Profile.PRIVILEGED
    at = obligation.earliest_at if ours else obligation.due_at
    done = obligation.state is ObligationState.SATISFIED
    shown = done or obligation.state is ObligationState.DUE or (ours and obligation.state is ObligationState.UNDECIDED)
    if at is None or not shown or profile is Profile.PUBLIC:
        return None
    return CalendarDate(key, at, DateKind.DUTY, cancelled=done or not incident.is_open)


def _keyed(secret: bytes, what: str, length: int) -> str:
    return hmac.digest(secret, what.encode(), sha256).hex()[:length]


def export_calendar(desk: Desk, incident: Incident, profile: Profile, *, to: Path, now: datetime) -> Exported:
    """Write or renew a calendar: a file that ends in .ics, or a folder with one file per date; recorded as an export."""
    from incident.interchange.calendar_file import calendar, calendar_files

    dates = calendar_dates(desk, incident, profile, now=now)
    try:
        if to.suffix.lower() == ".ics":
            files = {to: calendar(dates, _before(to), now=now)}
        elif to.is_dir() or not os.path.lexists(to):
            before = {each.name: found for each in to.glob(f"{dates.incident_key}-*.ics") if (found := _before(each))}
            files = {to / name: content for name, content in calendar_files(dates, before, now=now).items()}
        else:
            raise ContentError(f"{to} is neither a file that ends in .ics nor a folder.", "Name one of the two with --to.")
    except ContentError as error:
        raise ContentError(error.message if str(to) in error.message else f"{to}: {error.message}", error.hint) from error
    record_access(desk, AccessAct.EXPORTED, f"the incident's dates as a calendar, for {profile.value}", incident, now=now)
    try:
        if to.suffix.lower() != ".ics":
            to.mkdir(mode=0o700, exist_ok=True)
        for path, content in files.items():
            if _before(path) != content:
                write_whole(path, content)
    except OSError as error:
        raise StoreError(f"{to} cannot be written: {error.strerror}.", "Name a place that you may write to.") from error
    return Exported(ExportFormat.CALENDAR, profile, to, len(files), sum(map(len, files.values())))


def _before(path: Path) -> bytes | None:
    """What stands there, None where nothing does."""
    return regular_file(path, "calendar", megabytes=_MEGABYTES) if os.path.lexists(path) else None
