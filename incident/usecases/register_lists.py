"""The register's lists as rows of text: every breach, HIPAA's annual log, the state of every obligation.

Rows come one after the other; the two lists that ask the law ask it for each incident once.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum

from incident.domain.incident import Incident, IncidentStatus
from incident.domain.obligation import ObligationState
from incident.domain.outgoing import duty_leaves, is_pseudonymous
from incident.domain.profile import Profile
from incident.usecases.case_stream import Case, Wanted, cases
from incident.usecases.clocks import clock_list, clocks
from incident.usecases.desk import Desk
from incident.usecases.exports import pseudonyms
from incident.usecases.register import entries

Row = tuple[str, ...]
_LOG = "us-hipaa/annual-log"
_COUNTED = frozenset({ObligationState.DUE, ObligationState.UNDATED, ObligationState.UNDECIDED, ObligationState.SATISFIED})


class RegisterList(StrEnum):
    """Which list."""

    BREACHES = "breaches"
    HIPAA = "hipaa"
    OBLIGATIONS = "obligations"


@dataclass(frozen=True, slots=True)
class ListKind:
    """A list: its title, its columns, and how its rows are read."""

    title: str
    head: Row
    rows: Callable[[Desk, Profile, int | None, datetime], Iterator[Row]]


def list_kind(wanted: RegisterList) -> ListKind:
    """The list by its name."""
    return _KINDS[wanted]


def _breaches(desk: Desk, profile: Profile, year: int | None, now: datetime) -> Iterator[Row]:
    del now
    for each in entries(desk, profile, year=year):
        incident = each.incident
        yield (
            incident.reference,
            incident.code_name,
            incident.title,
            _at(incident.declared_at),
            each.aware,
            each.facts,
            each.effects,
            each.remedial_action,
            each.risk,
            each.risk_reasons,
            "\n".join(each.notified) or "nobody is on record as notified",
            each.outcome,
        )


def _in_year(desk: Desk, year: int | None, facts: tuple[str, ...] = ()) -> Iterator[Case]:
    since, until = (datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)) if year else (None, None)
    for case in cases(desk, Wanted(facts, since=since, until=until)):
        if case.incident.status not in (IncidentStatus.FALSE_ALARM, IncidentStatus.MERGED):
            yield case


def _obligations(desk: Desk, profile: Profile, year: int | None, now: datetime) -> Iterator[Row]:
    for case in _in_year(desk, year):
        incident, text = case.incident, _words(desk, case.incident, profile)
        for clock in clock_list(clocks(desk, incident, now=now)):
            each = clock.obligation
            if not duty_leaves(each.state, profile):
                continue
            late = "" if each.late_by is None or is_pseudonymous(profile) else str(each.late_by)
            yield (
                incident.reference, incident.code_name, each.id, text(clock.on_behalf_of), each.title, each.recipient,
                each.state.value.replace("_", " "), _at(each.due_at), each.zone, _at(clock.filed_at), late, each.citation,
            )  # fmt: skip


def _words(desk: Desk, incident: Incident, profile: Profile) -> Callable[[str], str]:
    return pseudonyms(desk, incident).text if is_pseudonymous(profile) else str


_LOGGED = (
    "at.occurred",
    "at.occurred_until",
    "at.discovered",
    "people",
    "data.elements",
    "data.medium",
    "account.what_happened",
    "account.measures_before",
    "account.measures_taken",
)


def _hipaa(desk: Desk, profile: Profile, year: int | None, now: datetime) -> Iterator[Row]:
    """Breaches by the year of discovery; where nobody said when it was discovered, by that of the declaration."""
    for case in _in_year(desk, None, _LOGGED):
        values = {key: each.value for (whom, key), each in case.standing.items() if not whom and not each.unknown}
        discovered = str(values.get("at.discovered", ""))
        if year is not None and not (discovered or case.incident.declared_at.isoformat()).startswith(f"{year:04d}"):
            continue
        listed = [each.obligation for each in clock_list(clocks(desk, case.incident, now=now))]
        states = {each.id.partition("@")[0]: each for each in listed if each.id.startswith("us-hipaa/")}
        log = states.get(_LOG)
        if log is None or log.state not in _COUNTED:
            continue
        text = _words(desk, case.incident, profile)
        kept = (lambda key: "") if profile is Profile.PUBLIC else (lambda key, v=values, t=text: t(_said(v, key)))
        yield (
            case.incident.reference,
            discovered or "not recorded",
            _said(values, "at.occurred"),
            _said(values, "at.occurred_until"),
            _people(values),
            kept("data.elements"),
            kept("data.medium"),
            kept("account.what_happened"),
            kept("account.measures_before"),
            kept("account.measures_taken"),
            log.state.value.replace("_", " "),
            _at(log.due_at),
        )


def _said(values: Mapping[str, object], key: str) -> str:
    value = values.get(key)
    if value is None:
        return "not recorded"
    return ", ".join(str(each) for each in value) if isinstance(value, (list, tuple)) else str(value)


def _people(values: Mapping[str, object]) -> str:
    rows = values.get("people")
    counts = [each.get("count") for each in rows if isinstance(each, dict)] if isinstance(rows, (list, tuple)) else []
    known = [each for each in counts if isinstance(each, int)]
    return f"{'at least ' if len(known) < len(counts) else ''}{sum(known)}" if known else "not recorded"


def _at(at: datetime | date | None) -> str:
    if at is None:
        return ""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC") if isinstance(at, datetime) else at.isoformat()


_KINDS: Mapping[RegisterList, ListKind] = {
    RegisterList.BREACHES: ListKind(
        "Register of breaches",
        (
            "Reference", "Code name", "Title", "Declared", "Aware", "Facts", "Effects", "Remedial action", "Risk",
            "Reasons", "Notified", "State",
        ),
        _breaches,
    ),
    RegisterList.HIPAA: ListKind(
        "HIPAA annual log",
        (
            "Reference", "Discovered", "Began", "Ended", "Individuals", "Kinds of data", "Medium", "What happened",
            "Safeguards before", "Actions taken", "Annual log", "Log due",
        ),
        _hipaa,
    ),
    RegisterList.OBLIGATIONS: ListKind(
        "State of every obligation",
        (
            "Reference", "Code name", "Obligation", "For", "Duty", "Recipient", "State", "Due", "Zone", "Filed",
            "Late by (s)", "Citation",
        ),
        _obligations,
    ),
}  # fmt: skip
