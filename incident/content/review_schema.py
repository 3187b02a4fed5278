"""The JSON Schema (2020-12) of a review as data: `incident-review/1`. Instants are ISO 8601 in UTC, durations seconds."""

from typing import Any

from incident.domain.finding import Cause, FindingKind
from incident.domain.incident import IncidentStatus
from incident.domain.metrics import METRICS
from incident.domain.profile import Profile
from incident.domain.review import REVIEW_QUESTIONS, ActionKind, ReviewState
from incident.domain.timeline import EntryKind, Precision

Schema = dict[str, Any]
_TEXT: Schema = {"type": "string"}
_INSTANT: Schema = {"type": "string", "format": "date-time"}
_INSTANT_OR_NONE: Schema = {"type": ["string", "null"], "format": "date-time"}
_DAY: Schema = {"type": "string", "format": "date"}
_DAY_OR_NONE: Schema = {"type": ["string", "null"], "format": "date"}
_SECONDS: Schema = {"type": ["number", "null"], "description": "seconds; null: unknown"}


def _object(properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def _list(properties: Schema) -> Schema:
    return {"type": "array", "items": _object(properties)}


def review_schema() -> Schema:
    """The schema that docs/review.schema.json publishes and `incident schema review` prints."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "incident-review/1: a post-incident review",
        **_object(
            {
                "format": {"const": "incident-review/1"},
                "for": {"enum": [each.value for each in Profile]},
                "stamp": _TEXT,
                "made_at": _INSTANT,
                "state": {"enum": ["not begun", *(each.value for each in ReviewState)]},
                "incident": _incident(),
                "answers": {
                    "type": "object",
                    "description": "blank: not answered; absent: not for this reader",
                    "properties": {key: {"type": "string", "title": text} for key, text in REVIEW_QUESTIONS},
                    "additionalProperties": False,
                },
                "findings": _findings(),
                "decisions": _decisions(),
                "metrics": _metrics(),
                "margins": _margins(),
                "action_items": _items(),
                "known_at_first_filing": {
                    "anyOf": [
                        {"type": "null"},
                        {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2},
                    ],
                    "description": "facts known by then, facts ever spoken about",
                },
                "timeline": _timeline(),
            }
        ),
    }


def _incident() -> Schema:
    return _object(
        {
            "reference": _TEXT,
            "code_name": _TEXT,
            "title": _TEXT,
            "severity": {"type": "integer", "minimum": 1, "maximum": 4},
            "status": {"enum": [each.value for each in IncidentStatus]},
            "declared_at": _INSTANT,
            "ended_at": _INSTANT_OR_NONE,
            "exercise": {"type": "boolean"},
        }
    )


def _findings() -> Schema:
    causes = {"enum": ["", *(each.value for each in Cause)], "description": "VERIS's actions"}
    kinds = {"enum": [each.value for each in FindingKind]}
    return _list({"kind": kinds, "text": _TEXT, "expected": _TEXT, "cause": causes, "line": {"type": ["string", "null"]}})


def _decisions() -> Schema:
    known = {"type": "object", "additionalProperties": _TEXT, "description": "the facts as they stood then"}
    return _list({"at": _INSTANT, "by": _TEXT, "step": _TEXT, "decision": _TEXT, "dissent": _TEXT, "known_then": known})


def _metrics() -> Schema:
    names = {"enum": [name for name, _, _ in METRICS]}
    return _list({"name": names, "from_event": _TEXT, "to_event": _TEXT, "took": _SECONDS, "note": _TEXT})


def _margins() -> Schema:
    return _list(
        {
            "obligation": _TEXT,
            "title": _TEXT,
            "due_at": _INSTANT_OR_NONE,
            "filed_at": _INSTANT_OR_NONE,
            "margin": {**_SECONDS, "description": "seconds left at the first filing; negative: late; null: none"},
            "late_reason": _TEXT,
            "on_behalf_of": _TEXT,
            "zone": _TEXT,
            "took": _SECONDS,
        }
    )


def _items() -> Schema:
    return _list(
        {
            "title": _TEXT,
            "kind": {"enum": [each.value for each in ActionKind]},
            "owner": _TEXT,
            "due_on": _DAY,
            "done_at": _INSTANT_OR_NONE,
            "outcome": _TEXT,
            "follow_ups": _list({"at": _INSTANT, "note": _TEXT, "due_on": _DAY_OR_NONE}),
        }
    )


def _timeline() -> Schema:
    return _list(
        {
            "at": _INSTANT,
            "precision": {"enum": [each.value for each in Precision]},
            "kind": {"enum": [each.value for each in EntryKind]},
            "text": _TEXT,
            "surprises": {"type": "array", "items": _TEXT},
            "silent_before": _SECONDS,
        }
    )
