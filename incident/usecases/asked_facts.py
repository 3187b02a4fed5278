"""The facts a step asks, as a form: type, unit, answers, what stands and how sure it is, or who finds out by when."""

from dataclasses import dataclass
from datetime import datetime

from incident.domain.answer import value_text
from incident.domain.condition import keys_of
from incident.domain.fact_record import FactRecord, current
from incident.domain.guide import GuideStep
from incident.domain.incident import Incident
from incident.domain.step import UNKNOWN
from incident.domain.vocabulary import FactKind
from incident.usecases.catalogue import catalogue
from incident.usecases.desk import Desk, names, organisation
from incident.usecases.facts import fact_records


@dataclass(frozen=True, slots=True)
class AskedFact:
    """One question of a step with what is known of its answer."""

    kind: FactKind
    text: str
    """The answer in words; `unknown` while there is none."""
    known: bool
    confidence: str
    source: str
    """Where the figure comes from."""
    by: str
    recorded_at: datetime | None
    owner: str
    """Who finds out, while it is not known."""
    wanted_at: datetime | None
    usually: str
    """The function that usually knows: IT, legal or management."""
    decides: bool
    """The step's own condition reads it; it is shown, not asked."""


def asked_facts(desk: Desk, incident: Incident, found: GuideStep) -> tuple[AskedFact, ...]:
    """What the step asks, then what its condition reads."""
    standing = {key: each for (principal, key), each in current(fact_records(desk, incident)).items() if not principal}
    profile = organisation(desk).facts()
    people = {str(who): name for who, name in names(desk).items()}
    reads = keys_of(found.step.when) if found.step.when is not None else ()
    kinds = catalogue().law.vocabulary.kinds
    lines = []
    for key in dict.fromkeys((*found.step.asks, *reads)):
        if key in kinds:
            asked = key in found.step.asks
            lines.append(_line(kinds[key], standing.get(key), profile.get(key), people, desk.me.zone, asked=asked))
    return tuple(lines)


def _line(
    kind: FactKind, record: FactRecord | None, of_profile: object, people: dict[str, str], zone: str, *, asked: bool
) -> AskedFact:
    known = record is not None and not record.unknown
    from_profile = record is None and of_profile is not None
    value = record.value if known and record is not None else of_profile if from_profile else None
    return AskedFact(
        kind=kind,
        text=value_text(kind, value, zone=zone) if known or from_profile else UNKNOWN,
        known=known or from_profile,
        confidence=record.confidence.value if known and record is not None else "confirmed" if from_profile else "",
        source="organisation's profile" if from_profile else record.source if record is not None else "",
        by=people.get(str(record.by), "") if record is not None else "",
        recorded_at=record.recorded_at if record is not None else None,
        owner=people.get(str(record.owner), "") if record is not None and record.owner is not None else "",
        wanted_at=record.wanted_at if record is not None else None,
        usually=catalogue().law.vocabulary.owner(kind.key),
        decides=not asked,
    )
