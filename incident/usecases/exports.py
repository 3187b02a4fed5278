"""An incident for one reader: read from the record, filtered by profile, with made-up names where the profile asks.

Every format is written from what `outgoing` returns. The key of the made-up names is derived from the incident's own key:
whoever may read the incident makes the same names, and nobody else can try them out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from incident.domain.access import AccessAct
from incident.domain.fact_record import FactRecord, current, known_values, principals
from incident.domain.incident import Incident
from incident.domain.membership import Circle
from incident.domain.organisation import Organisation
from incident.domain.outgoing import (
    FROM_RECORD,
    Outgoing,
    OutgoingEntry,
    entry_leaves,
    fact_leaves,
    is_pseudonymous,
)
from incident.domain.passage import for_reader, unclear_mark
from incident.domain.permission import Capability
from incident.domain.profile import Profile
from incident.domain.pseudonym import Pseudonyms, spoken_names
from incident.domain.timeline import EntryKind, TimelineEntry
from incident.store.keys import subkey
from incident.store.seals import KeyName, refuse_stranger
from incident.usecases.access import record_access
from incident.usecases.desk import Desk, organisation, responders
from incident.usecases.exports_tables import Reader, tables
from incident.usecases.facts import fact_records
from incident.usecases.filed import filings
from incident.usecases.review_timeline import told
from incident.usecases.rights import require_in
from incident.usecases.timeline import timeline


def outgoing(desk: Desk, incident: Incident, profile: Profile, *, now: datetime) -> Outgoing:
    """The incident as this reader gets it; for members who may take content out."""
    require_in(desk, incident, Capability.EXPORT)
    ours, masks = organisation(desk), pseudonyms(desk, incident)
    reader = _reader(desk, profile, masks)
    records = fact_records(desk, incident)
    told = replace(
        incident,
        title="" if profile is Profile.PUBLIC else reader.text(incident.title),
        ended_reason="" if is_pseudonymous(profile) else incident.ended_reason,
    )
    entries = _entries(desk, incident, reader, records)
    return Outgoing(
        incident=told,
        profile=profile,
        made_at=now,
        changed_at=max((each.recorded_at for each in timeline(desk, incident)), default=incident.declared_at),
        zone=ours.timezone,
        organisation="" if profile is Profile.PUBLIC else ours.legal_name or ours.name,
        facts=_facts(records, ours, reader),
        entries=entries,
        tables=tables(desk, told, reader, entries, now=now),
    )


def timeline_for(desk: Desk, incident: Incident, profile: Profile, *, now: datetime, zone: str) -> tuple[OutgoingEntry, ...]:
    """The course of events as it leaves the vault for this reader, in words; who asked for it is on record."""
    require_in(desk, incident, Capability.EXPORT)
    record_access(desk, AccessAct.EXPORTED, f"the timeline, for {profile.value}", incident, now=now)
    reader, records = _reader(desk, profile, pseudonyms(desk, incident)), fact_records(desk, incident)
    worded = {each.id: each.text for each in told(desk, incident, timeline(desk, incident), zone=zone)}
    entries = _entries(desk, incident, reader, records)
    if is_pseudonymous(profile):
        return entries
    return tuple(replace(each, text=worded.get(each.id, each.text)) for each in entries)


def pseudonyms(desk: Desk, incident: Incident) -> Pseudonyms:
    """What people and machines of this incident are called in exports to customers and the public."""
    ours, people = organisation(desk), responders(desk)
    named = [(each.name, each.sign_in) for each in people]
    named += [(each, "") for each in (ours.contact_name, ours.dpo_name) if " " in each]
    principals_of = dict.fromkeys(filter(None, principals(fact_records(desk, incident))), "Principal")
    return Pseudonyms(export_key(desk, incident, "pseudonym"), spoken_names(named), principals_of)


def names_as_seen(desk: Desk, incident: Incident, profile: Profile) -> Mapping[UUID, str]:
    """The team's names as this reader sees them in every export of this incident."""
    reader, people = _reader(desk, profile, pseudonyms(desk, incident)), responders(desk)
    return {each.id: reader.name(each.id) for each in people}


def export_key(desk: Desk, incident: Incident, purpose: str) -> bytes:
    """A key for one purpose that only members of the incident can derive; the same after members came and went."""
    with desk.workspace.reading() as session:
        seals, find = session.info["seals"], session.info["find"]

        def found(*asked: Any) -> tuple[int, bytes] | None:
            wrapped: tuple[int, bytes] | None = find(session, *asked)
            return wrapped

        key = seals.key(KeyName(incident.id, Circle.TEAM, 1), found)
    if key is None:
        raise refuse_stranger(incident.reference)
    return subkey(key, purpose)


@dataclass(frozen=True, slots=True)
class _Masked:
    """How one reader sees names and texts."""

    profile: Profile
    names: Mapping[UUID, str]
    masks: Pseudonyms

    def text(self, text: str) -> str:
        """A text without passages marked for others; names and addresses replaced where this reader does not get them."""
        said = _said_to(text, self.profile)
        return self.masks.text(said) if is_pseudonymous(self.profile) else said

    def name(self, who: UUID | None) -> str:
        """A responder's name as this reader sees it; blank for nobody."""
        return self.names.get(who, "") if who is not None else ""


def _reader(desk: Desk, profile: Profile, masks: Pseudonyms) -> Reader:
    people = responders(desk)
    hidden = is_pseudonymous(profile)
    return _Masked(profile, {each.id: masks.person(each.name) if hidden else each.name for each in people}, masks)


def _said_to(text: str, profile: Profile) -> str:
    """A text as this reader gets it: with a mark that is not understood only counsel does."""
    if profile is not Profile.PRIVILEGED and unclear_mark(text):
        return "(kept back: a mark in this text is not understood)"
    return for_reader(text, profile).text


def _facts(records: Sequence[FactRecord], ours: Organisation, reader: Reader) -> dict[str, object]:
    known = known_values(current(records), of_organisation=ours.facts())
    left = {key: value for key, value in known.items() if fact_leaves(key, reader.profile)}
    kept = {key: _said_to(value, reader.profile) if isinstance(value, str) else value for key, value in left.items()}
    return {
        key: reader.text(value) if isinstance(value, str) and key.startswith("account.") else value
        for key, value in kept.items()
    }


def _entries(desk: Desk, incident: Incident, reader: Reader, records: Sequence[FactRecord]) -> tuple[OutgoingEntry, ...]:
    facts = {each.id: each.key for each in records}
    sent = {each.id: f"Sent to {each.recipient or 'the recipient'} by {each.channel}" for each in filings(desk, incident)}
    found = [
        each for each in timeline(desk, incident) if entry_leaves(each, reader.profile, facts=facts, filings=frozenset(sent))
    ]
    return tuple(_entry(each, reader, sent, zone=desk.me.zone) for each in found)


def _entry(entry: TimelineEntry, reader: Reader, sent: Mapping[UUID, str], *, zone: str) -> OutgoingEntry:
    """A line as this reader gets it: of what the record says itself, customers and the public get the act, not our words."""
    text, source = entry.text, entry.source
    if is_pseudonymous(reader.profile):
        source = ""
        if entry.source == FROM_RECORD:
            text = sent.get(entry.id, text.split(":", 1)[0] if entry.kind is EntryKind.STATUS else text)
    return OutgoingEntry(
        id=entry.id,
        occurred_at=entry.occurred_at,
        recorded_at=entry.recorded_at,
        precision=entry.precision,
        kind=entry.kind,
        text=reader.text(text),
        by=reader.name(entry.by),
        source=source,
        privileged=entry.privileged,
        zone=zone,
    )
