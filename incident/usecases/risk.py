"""The risk instruments of an incident: recorded with every input, shown beside each other, deciding nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from incident.domain.fact_record import Confidence, FactRecord, current
from incident.domain.incident import Incident
from incident.domain.risk import Enisa, FourFactors, HarmTest, enisa, four_factors
from incident.usecases.desk import Desk, names
from incident.usecases.facts import Statement, append_record, fact_records

ENISA, HIPAA, HARM = "instrument.enisa", "instrument.hipaa", "instrument.harm"
"""The keys under which the inputs stand: facts that the law does not read."""


@dataclass(frozen=True, slots=True)
class Instruments:
    """The latest record of each instrument, who made it and when, and what was decided beside it."""

    enisa: Enisa | None
    hipaa: FourFactors | None
    harm: HarmTest | None
    made: Mapping[str, str]
    """By key: `Ana, 2026-08-24 11:20 UTC`."""
    decided: Mapping[str, str]
    """The judgements on record (risk.individuals …), which nobody but a person makes."""


def record_enisa(desk: Desk, incident: Incident, inputs: Mapping[str, object], *, now: datetime) -> Enisa:
    """Keep a severity score with all its inputs; raises ContentError for an input that is not on its scale."""
    score = enisa(inputs)
    value = {
        **{key: str(item) for key, item in inputs.items()},
        "severity": str(float(score.severity)),
        "band": score.band.value,
    }
    _record(desk, incident, ENISA, value, score.reasons, now=now)
    return score


def record_four_factors(
    desk: Desk, incident: Incident, ratings: Mapping[str, str], reasons: Mapping[str, str], *, now: datetime
) -> FourFactors:
    """Keep an assessment of HIPAA's four factors."""
    assessment = four_factors(ratings, reasons)
    _record(desk, incident, HIPAA, {"ratings": dict(ratings), "reasons": dict(reasons)}, assessment.advice, now=now)
    return assessment


def record_harm(
    desk: Desk, incident: Incident, answers: Mapping[str, bool | None], investigation: str, *, now: datetime
) -> HarmTest:
    """Keep the answers to the States' question of harm."""
    test = HarmTest(dict(answers), investigation)
    _record(desk, incident, HARM, {"answers": dict(answers), "investigation": investigation}, test.advice, now=now)
    return test


def _record(desk: Desk, incident: Incident, key: str, value: object, basis: str, *, now: datetime) -> None:
    statement = Statement(key, "", "risk instrument", Confidence.CONFIRMED, basis)
    append_record(desk, incident, statement, value, now=now)


def instruments(desk: Desk, incident: Incident) -> Instruments:
    """The instruments of an incident beside each other."""
    standing = current(fact_records(desk, incident))
    people = names(desk)
    held = {key: standing[("", key)] for key in (ENISA, HIPAA, HARM) if ("", key) in standing}
    made = {key: f"{people.get(each.by, '')}, {each.recorded_at:%Y-%m-%d %H:%M} UTC" for key, each in held.items()}
    judged = ("risk.individuals", "risk.low_probability_of_compromise", "risk.harm_likely")
    decided = {key: _said(standing[("", key)]) for key in judged if ("", key) in standing}
    return Instruments(
        enisa(_mapping(held[ENISA])) if ENISA in held else None,
        four_factors(**_mapping(held[HIPAA])) if HIPAA in held else None,
        HarmTest(**_mapping(held[HARM])) if HARM in held else None,
        made,
        decided,
    )


def _mapping(record: FactRecord) -> dict[str, Any]:
    value = record.value
    found: dict[str, Any] = dict(value) if isinstance(value, Mapping) else {}
    if "malicious" in found:
        found["malicious"] = found["malicious"] == "True"
    return found


def _said(record: FactRecord) -> str:
    value = record.value
    shown = "unknown yet" if record.unknown else ("yes" if value else "no") if isinstance(value, bool) else str(value)
    return f"{shown}{f' — {record.basis}' if record.basis else ''}"
