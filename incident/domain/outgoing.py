"""What of an incident goes out to one reader: already filtered by profile, names already replaced where the profile asks.

Every export writes this and nothing else, so that a format cannot leak what its profile leaves out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from incident.domain.incident import Incident
from incident.domain.moment import written
from incident.domain.obligation import ObligationState
from incident.domain.profile import Profile, may_leave
from incident.domain.timeline import EntryKind, Precision, TimelineEntry


@dataclass(frozen=True, slots=True)
class OutgoingEntry:
    """One line of the timeline as this reader gets it."""

    id: UUID
    occurred_at: datetime
    recorded_at: datetime
    precision: Precision
    kind: EntryKind
    text: str
    by: str
    source: str
    privileged: bool
    zone: str = "UTC"
    """Whose days are meant where only the day is known."""

    @property
    def written_at(self) -> datetime:
        """When it happened as a file says it: in UTC, or the local midnight of the day where only the day is known."""
        return self.occurred_at.astimezone(UTC if self.precision is Precision.EXACT else ZoneInfo(self.zone))


@dataclass(frozen=True, slots=True)
class OutgoingTable:
    """One list of the incident: a name, its columns, its rows as text."""

    name: str
    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """An incident for one reader."""

    incident: Incident
    profile: Profile
    made_at: datetime
    changed_at: datetime
    """When the newest of what is in it was recorded: the same record gives the same export."""
    zone: str
    organisation: str
    facts: Mapping[str, object] = field(default_factory=dict)
    """Known values by key, as JSON; what this reader does not get, or nobody knows, is absent."""
    entries: tuple[OutgoingEntry, ...] = ()
    tables: tuple[OutgoingTable, ...] = ()

    def flag(self, key: str) -> bool | None:
        """A yes/no fact; None while unknown."""
        value = self.facts.get(key)
        return value if isinstance(value, bool) else None

    def tokens(self, key: str) -> tuple[str, ...]:
        """The tokens of a list; none while unknown."""
        value = self.facts.get(key)
        return tuple(str(each) for each in value) if isinstance(value, (list, tuple)) else ()

    def prose(self, key: str) -> str:
        """A text; blank while unknown."""
        value = self.facts.get(key)
        return value if isinstance(value, str) else ""

    def moment(self, event: str) -> datetime | date | None:
        """When an event happened: an instant, a day, or None while unknown."""
        return written(self.facts.get(f"at.{event}"))

    @property
    def people(self) -> int | None:
        """How many people are affected, added up; None while nobody counted them."""
        rows = self.facts.get("people")
        counts = [each.get("count") for each in rows if isinstance(each, Mapping)] if isinstance(rows, (list, tuple)) else []
        known = [each for each in counts if isinstance(each, int) and not isinstance(each, bool)]
        return sum(known) if known else None


_SAID_TO_CUSTOMERS = (
    "at.occurred",
    "at.detected",
    "at.aware",
    "at.contained",
    "at.handled",
    "breach.",
    "data.",
    "people",
    "account.what_happened",
    "account.data_description",
    "account.people_description",
    "account.likely_consequences",
    "account.measures_taken",
    "account.measures_planned",
    "account.advice",
)
_OURS = "instrument."
_OWED = frozenset({ObligationState.DUE, ObligationState.UNDATED, ObligationState.SATISFIED})


def fact_leaves(key: str, profile: Profile) -> bool:
    """Whether a fact goes out to this reader: a customer gets what concerns the data, the public none."""
    if profile is Profile.PRIVILEGED:
        return True
    if profile is Profile.REGULATOR:
        return not key.startswith(_OURS)
    return profile is Profile.CUSTOMER and any(
        key == each or (each.endswith(".") and key.startswith(each)) for each in _SAID_TO_CUSTOMERS
    )


def duty_leaves(state: ObligationState, profile: Profile) -> bool:
    """Whether a duty goes out: a customer gets what is owed and was done, the public what was done."""
    if profile in (Profile.PRIVILEGED, Profile.REGULATOR):
        return True
    return state in _OWED if profile is Profile.CUSTOMER else state is ObligationState.SATISFIED


def is_pseudonymous(profile: Profile) -> bool:
    """Whether people and machines go by made-up names for this reader."""
    return profile in (Profile.CUSTOMER, Profile.PUBLIC)


def entry_leaves(entry: TimelineEntry, profile: Profile, *, facts: Mapping[UUID, str], filings: frozenset[UUID]) -> bool:
    """Whether a line of the timeline goes out: what was typed by its kind, what the record says by what it is about.

    `facts` are the keys of fact records by id, `filings` the ids of sendings. Steps, roles, drafts and refusals are ours.
    """
    if not may_leave(profile, privileged=entry.privileged):
        return False
    if profile in (Profile.PRIVILEGED, Profile.REGULATOR):
        return True
    if entry.source != FROM_RECORD:
        return entry.kind in (_TYPED_FOR_CUSTOMERS if profile is Profile.CUSTOMER else _TYPED_FOR_PUBLIC)
    if entry.id in facts:
        return fact_leaves(facts[entry.id], profile)
    return entry.kind is EntryKind.STATUS or entry.id in filings


FROM_RECORD = "record"
"""The source of a line that nobody typed: it was read from the record of acts."""
_TYPED_FOR_CUSTOMERS = frozenset({EntryKind.ATTACK, EntryKind.RESPONSE, EntryKind.STATUS, EntryKind.NOTICE})
_TYPED_FOR_PUBLIC = frozenset({EntryKind.STATUS, EntryKind.NOTICE})
