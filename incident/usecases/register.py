"""The register of breaches (Art. 33(5) GDPR, and the like elsewhere): every incident, notified or not.

Read from the record: facts, effects, remedial action, who was told and when, or why nobody was.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from incident.domain.access import AccessAct
from incident.domain.answer import value_text
from incident.domain.incident import Incident
from incident.domain.outgoing import is_pseudonymous
from incident.domain.profile import Profile
from incident.usecases.access import record_access
from incident.usecases.case_stream import Case, Wanted, cases
from incident.usecases.catalogue import catalogue
from incident.usecases.desk import Desk, organisation
from incident.usecases.exports import pseudonyms
from incident.usecases.notice_sources import sent_text

_FACTS = (
    "at.aware",
    "account.what_happened",
    "account.likely_consequences",
    "account.measures_taken",
    "risk.individuals",
)


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """One line of the register; what nobody recorded says so."""

    incident: Incident
    aware: str
    facts: str
    effects: str
    remedial_action: str
    risk: str
    risk_reasons: str
    notified: tuple[str, ...]
    """Each sending in words: which notice, to whom, when, how."""
    outcome: str


_UNSAID = "not recorded"


def register(desk: Desk, profile: Profile = Profile.PRIVILEGED) -> tuple[RegisterEntry, ...]:
    """Every incident that is not an exercise, the newest first; false alarms with their reasons.

    For a customer without our reasons; for the public without titles and with nothing but what became of it and who was told.
    """
    return tuple(entries(desk, profile))


def entries(desk: Desk, profile: Profile, *, year: int | None = None) -> Iterator[RegisterEntry]:
    """As `register`, one after the other; `year`: those declared in it (UTC)."""
    since, until = (datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)) if year else (None, None)
    zone = organisation(desk).timezone
    for case in cases(desk, Wanted(_FACTS, texts=True, since=since, until=until)):
        yield _for(desk, _entry(case, zone), profile)


def write_access(desk: Desk, profile: Profile, *, now: datetime) -> None:
    """Record that the register leaves the vault, and for whom."""
    record_access(desk, AccessAct.EXPORTED, f"the register, for {profile.value}", None, now=now)


def _for(desk: Desk, entry: RegisterEntry, profile: Profile) -> RegisterEntry:
    if not is_pseudonymous(profile):
        return entry
    text = pseudonyms(desk, entry.incident).text
    told = replace(entry.incident, ended_reason="", title=text(entry.incident.title))
    kept = replace(
        entry,
        incident=told,
        facts=text(entry.facts),
        effects=text(entry.effects),
        remedial_action=text(entry.remedial_action),
        notified=tuple(text(each) for each in entry.notified),
        risk_reasons="",
        outcome=told.status.label,
    )
    if profile is Profile.CUSTOMER:
        return kept
    return replace(kept, incident=replace(told, title=""), facts="", effects="", remedial_action="", risk="")


def _entry(case: Case, zone: str) -> RegisterEntry:
    incident, known = case.incident, catalogue()
    titles = {each: known.templates[slug].title if slug in known.templates else slug for each, slug in case.templates.items()}

    def text(key: str) -> str:
        record = case.standing.get(("", key))
        if record is None or record.unknown:
            return _UNSAID
        kind = known.law.vocabulary.kinds.get(key)
        return value_text(kind, record.value, zone=zone) if kind is not None else str(record.value)

    risk = case.standing.get(("", "risk.individuals"))
    outcome = f"{incident.status.label}: {incident.ended_reason}" if incident.ended_reason else incident.status.label
    return RegisterEntry(
        incident=incident,
        aware=text("at.aware"),
        facts=text("account.what_happened"),
        effects=text("account.likely_consequences"),
        remedial_action=text("account.measures_taken"),
        risk=text("risk.individuals"),
        risk_reasons=risk.basis if risk else "",
        notified=tuple(dict.fromkeys(sent_text(each, zone, titles) for each in case.filings)),
        outcome=outcome,
    )
