"""A fact as somebody recorded it: the value, who said so, where it comes from, how sure we are.

Records are never edited; a later record of the same key supersedes the earlier one, and both stay. «Unknown
yet» is a record too: with an owner and a time by which the answer is wanted.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from incident.domain.incident import Incident


class Confidence(StrEnum):
    """How sure the source is."""

    CONFIRMED = "confirmed"
    LIKELY = "likely"
    ESTIMATE = "estimate"
    REPORTED = "reported"


@dataclass(frozen=True, slots=True)
class FactRecord:
    """One statement about one fact. `value` is the contract's JSON value; None with `unknown` says: not known yet."""

    id: UUID
    incident_id: UUID
    key: str
    value: object
    unknown: bool
    source: str
    """Where it comes from: `mailbox audit log`, `call with the vendor`."""
    confidence: Confidence
    basis: str
    """Grounds and reasons; required where the law leaves the answer to judgement."""
    by: UUID
    recorded_at: datetime
    on_behalf_of: str = ""
    """The principal whose duty is handled under delegation; empty for ourselves."""
    owner: UUID | None = None
    """Who finds out, while unknown."""
    wanted_at: datetime | None = None
    """By when the answer is wanted, while unknown."""


def current(records: Iterable[FactRecord]) -> dict[tuple[str, str], FactRecord]:
    """The record that stands for each (on_behalf_of, key): the latest, by time of recording."""
    standing: dict[tuple[str, str], FactRecord] = {}
    for record in sorted(records, key=lambda each: each.recorded_at):
        standing[record.on_behalf_of, record.key] = record
    return standing


SHARED_PREFIXES = ("breach.", "data.encrypted", "data.key_compromised", "data.medium", "at.occurred", "account.")
"""What a principal's assessment takes over from our own record; everything else is said for the principal."""


def known_values(
    standing: Mapping[tuple[str, str], FactRecord], *, on_behalf_of: str = "", of_organisation: Mapping[str, object]
) -> dict[str, object]:
    """The known values for one principal by fact key: the organisation's profile, overlaid by what was recorded.

    For a principal the profile does not apply: its organisation facts are recorded with the delegation.
    """
    values: dict[str, object] = {} if on_behalf_of else dict(of_organisation)
    for (principal, key), record in standing.items():
        if principal and principal != on_behalf_of:
            continue
        if on_behalf_of and not principal and not key.startswith(SHARED_PREFIXES):
            continue
        if (on_behalf_of, key) in standing and principal != on_behalf_of:
            continue
        values.pop(key, None)
        if not record.unknown:
            values[key] = record.value
    return values


INSTRUMENT = "instrument."
"""How the keys of risk instruments begin: kept with every input, read by no law."""
_NOT_LAW = frozenset({"account", "instrument"})


def as_document(values: Mapping[str, object]) -> dict[str, object]:
    """Flat keys (`at.aware`) as the nested document of the contract; narrative (`account.*`) is left out."""
    document: dict[str, object] = {}
    for key, value in sorted(values.items()):
        head, _, tail = key.partition(".")
        if head in _NOT_LAW:
            continue
        if not tail:
            document[key] = value
            continue
        inner = document.setdefault(head, {})
        if isinstance(inner, dict):
            inner[tail] = value
    return document


def principals(records: Iterable[FactRecord]) -> tuple[str, ...]:
    """On whose behalf duties are handled, ourselves (the empty name) first."""
    return ("", *sorted({each.on_behalf_of for each in records if each.on_behalf_of}))


def exercise_mark(incident: Incident) -> str:
    """The word every output of an exercise carries; empty for the real thing."""
    return "EXERCISE" if incident.exercise else ""
