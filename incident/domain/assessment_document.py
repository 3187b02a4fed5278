"""An assessment as the contract's JSON document."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from incident.domain.condition import Tested
from incident.domain.facts import When
from incident.domain.obligation import Assessment, Obligation


def to_document(assessment: Assessment) -> dict[str, object]:
    """The answer of `incident assess --json`; instants in UTC with `Z`. Duties that test the same share the list."""
    shared: dict[int, list[dict[str, object]]] = {}
    return {
        "assessed_at": _utc(assessment.assessed_at),
        "law_as_of": assessment.law_as_of.isoformat(),
        "evaluated": list(assessment.evaluated),
        "obligations": [_obligation(each, shared) for each in assessment.obligations],
        "unevaluated": [{"regime": each.regime, "reason": each.reason} for each in assessment.unevaluated],
        "overdue_recheck": list(assessment.overdue_recheck),
    }


def _why(tested: tuple[Tested, ...], shared: dict[int, list[dict[str, object]]]) -> list[dict[str, object]]:
    found = shared.get(id(tested))
    if found is None:
        found = [{"condition": test.text, "value": test.value, "outcome": test.outcome} for test in tested]
        shared[id(tested)] = found
    return found


def _obligation(each: Obligation, shared: dict[int, list[dict[str, object]]]) -> dict[str, object]:
    local = each.due_at.astimezone(ZoneInfo(each.zone)).isoformat() if each.due_at else None
    return {
        "id": each.id,
        "state": each.state.value,
        "title": each.title,
        "recipient": each.recipient,
        "due": _utc(each.due_at),
        "due_local": local,
        "zone": each.zone,
        "unit": each.unit or None,
        "period": str(each.period) if each.period else None,
        "start": {"event": each.start.event, "at": _when(each.start.at)} if each.start else None,
        "not_before": _utc(each.not_before_at),
        "projected": _utc(each.projected_at),
        "order": [{"relation": relation, "to": to} for relation, to in each.order] if each.order else [],
        "hold": {"until": _utc(each.hold.until_at), "base_due": _utc(each.hold.base_due_at)} if each.hold else None,
        "readings": [
            {"name": reading.name, "due": _utc(reading.due_at), "source": reading.source} for reading in each.readings
        ],
        "earliest": _utc(each.earliest_at),
        "late_by": each.late_by,
        "missing": [{"fact": missing.fact, "question": missing.question} for missing in each.missing],
        "why": _why(each.why, shared),
        "citation": each.citation,
        "source": each.source,
        "checked_on": each.checked_on.isoformat(),
        "confidence": each.confidence,
        "effective_from": each.effective_from.isoformat() if each.effective_from else None,
        "effective_until": each.effective_until.isoformat() if each.effective_until else None,
        "content": [
            {
                "id": part.id,
                "text": part.text,
                "citation": part.citation,
                "state": part.state,
                "facts": list(part.facts),
            }
            for part in each.content
        ],
        "forbidden": [{"id": name, "text": text, "citation": citation} for name, text, citation in each.forbidden],
        "notice_templates": list(each.notice_templates),
        "note": each.note or None,
    }


def _utc(at: datetime | None) -> str | None:
    if at is None:
        return None
    return (at if at.tzinfo is UTC else at.astimezone(UTC)).isoformat()[:-6] + "Z"


def _when(at: When) -> str | None:
    return _utc(at) if isinstance(at, datetime) else at.isoformat()
