"""An assessment as the contract's JSON document."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from incident.domain.condition import Tested
from incident.domain.explanation import Explanation
from incident.domain.facts import When
from incident.domain.obligation import Assessment, Obligation
from incident.domain.reasoning import alternative_label, missing_words
from incident.domain.wording import in_words, value_in_words


def to_document(assessment: Assessment) -> dict[str, object]:
    """The answer of `incident assess --json`; instants in UTC with `Z`. Duties that test the same share the list."""
    shared = _Shared()
    return {
        "assessed_at": _utc(assessment.assessed_at),
        "law_as_of": assessment.law_as_of.isoformat(),
        "evaluated": list(assessment.evaluated),
        "obligations": [_obligation(each, shared) for each in assessment.obligations],
        "unevaluated": [{"regime": each.regime, "reason": each.reason} for each in assessment.unevaluated],
        "overdue_recheck": list(assessment.overdue_recheck),
    }


def explanation_document(found: Explanation) -> dict[str, object]:
    """One obligation explained: the contract's row, the counting, and what would change it."""
    return {
        "obligation": _obligation(found.obligation, _Shared()),
        "filed_at": _utc(found.filed_at),
        "counting": list(found.counting),
        "changes": [{"fact": each.fact, "now": each.now, "if": each.answer, "then": each.outcome} for each in found.changes],
    }


@dataclass(slots=True)
class _Shared:
    """What obligations have in common: duties test the same conditions, and the rows are written once."""

    lists: dict[int, list[dict[str, object]]] = field(default_factory=dict)
    rows: dict[int, dict[str, object]] = field(default_factory=dict)
    groups: dict[int, int] = field(default_factory=dict)
    """The groups of alternatives, numbered as they come."""

    def why(self, tested: tuple[Tested, ...]) -> list[dict[str, object]]:
        """The tests of an obligation in reading order; those with an `any_of` of the same number are alternatives."""
        found = self.lists.get(id(tested))
        if found is None:
            rows = self.rows
            found = [rows.get(id(test)) or self.row(test) for test in tested]
            self.lists[id(tested)] = found
        return found

    def row(self, test: Tested) -> dict[str, object]:
        """One reason: a statement that is true to read, what was found, whether it holds, and its sentence in the regime."""
        text, outcome = test.text, test.outcome
        found: dict[str, object] = {
            "condition": in_words(text),
            "value": value_in_words(text, test.value, outcome=outcome),
            "outcome": outcome,
            "test": text,
        }
        if test.any_of:
            found["any_of"] = alternative_label(test, self.groups)
        self.rows[id(test)] = found
        return found


def _obligation(each: Obligation, shared: _Shared) -> dict[str, object]:
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
        "missing": [{"fact": missing.fact, "question": missing_words(missing, each)} for missing in each.missing],
        "why": shared.why(each.why),
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
