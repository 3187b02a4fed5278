"""JSON Schemas (2020-12) of regimes, playbooks and facts, so that an editor completes keys and marks mistakes."""

from collections.abc import Collection
from typing import Any
from zoneinfo import available_timezones

from incident.content.regime_keys import READINGS, RELATIONS, SLUG_PATTERN
from incident.domain.fact_value import HOLD_FORMS, HOLD_KINDS, KNOWERS
from incident.domain.facts_document import list_keys
from incident.domain.places import every_place
from incident.domain.playbook import Track
from incident.domain.regime import HoldPolicy, LawStatus, PlaceRule
from incident.domain.responder import Role
from incident.domain.vocabulary import FactKind, FactType, Vocabulary

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string", "minLength": 1}
_SLUG: Schema = {"type": "string", "pattern": f"^{SLUG_PATTERN.pattern}$"}
_TEXTS: Schema = {"type": "array", "items": _TEXT}
_READINGS: Schema = {"type": "array", "items": {"enum": list(READINGS)}}
_DAY: Schema = {"type": "string", "format": "date"}
_PERIOD: Schema = {
    "type": "string",
    "pattern": r"^(undated|with|\d+ (hours|calendar_days|business_days|months)|year_end\+\d+ calendar_days)$",
}
_CONDITION: Schema = {"anyOf": [_TEXT, {"type": "array", "items": _TEXT, "minItems": 1}]}
_CONFIDENCE: Schema = {"enum": ["high", "medium", "low"]}
_STARTS: Schema = {
    "type": "string",
    "description": "events of `at` joined by | (earliest) or & (latest), filed:ID, with:ID, none",
}


def _table(properties: Schema, *required: str) -> Schema:
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


def _titled(name: str, schema: Schema) -> Schema:
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": name, **schema}


_LIMIT = _table({"starts": _STARTS, "period": _PERIOD, "lapses_if_later": {"type": "boolean"}}, "starts", "period")
_HOLD = _table(
    {
        "policy": {"enum": [each.value for each in HoldPolicy]},
        "after": _PERIOD,
        "only_if_passed": {"type": "boolean"},
        "oral_days": {"type": "integer", "minimum": 0},
        "kinds": _TEXTS,
        "forms": {"type": "array", "items": {"enum": ["written", "oral"]}},
    },
    "policy",
)
_ELEMENT = _table(
    {
        "id": _TEXT,
        "text": _TEXT,
        "citation": _TEXT,
        "facts": {"type": "array", "items": {"type": "string"}},
        "may_follow": {"type": "boolean"},
        "when": _CONDITION,
        "when_late": {"type": "boolean"},
    },
    "id",
    "text",
)


def _duty_schema() -> Schema:
    order = _table({"relation": {"enum": list(RELATIONS)}, "to": _TEXT}, "relation", "to")
    return _table(
        {
            **{
                key: _TEXT
                for key in (
                    "title",
                    "recipient",
                    "citation",
                    "source",
                    "variant",
                    "places_from",
                    "zone",
                    "law_day",
                    "note",
                )
            },
            "slug": _SLUG,
            "calendar": {"type": "string"},
            "confidence": _CONFIDENCE,
            "checked_on": _DAY,
            "starts": _STARTS,
            "period": _PERIOD,
            "variant_when": _CONDITION,
            "when": _CONDITION,
            "places": {"enum": [each.value for each in PlaceRule]},
            "status": {"enum": [each.value for each in LawStatus]},
            "effective_from": _DAY,
            "effective_until": _DAY,
            "cap": _LIMIT,
            "not_before": _LIMIT,
            "hold": _HOLD,
            "readings": _READINGS,
            "closing": {"type": "string", "description": "time of day"},
            "first_day": {"enum": [0, 1]},
            "relief_when": _CONDITION,
            "always_owed": {"type": "boolean"},
            "order": {"type": "array", "items": order},
            "content": {"type": "array", "items": _ELEMENT},
            "forbidden": {"type": "array", "items": _ELEMENT},
            "notice_templates": _TEXTS,
        },
        *("slug", "title", "recipient", "citation", "starts", "period"),
    )


def regime_schema() -> Schema:
    """The schema of a regime file."""
    fact = _table(
        {"type": {"enum": [each.value for each in FactType]}, "ask": _TEXT, "choices": {"type": "object"}}, "type", "ask"
    )
    kept = _table({key: _TEXT for key in ("duty", "what", "period", "starts", "citation")}, "duty", "what", "period")
    return _titled(
        "incident regime",
        _table(
            {
                **{key: _TEXT for key in ("title", "short", "citation", "source")},
                "slug": _SLUG,
                "place": {"enum": ["", "EEA", *every_place()]},
                "checked_on": _DAY,
                "recheck_by": _DAY,
                "confidence": _CONFIDENCE,
                "imputed": _TEXTS,
                "hold": _HOLD,
                "readings": _READINGS,
                "calendar": {"type": "string"},
                "notes": _TEXTS,
                "conditions": {"type": "object", "additionalProperties": _CONDITION},
                "facts": _table({key: {"type": "object", "additionalProperties": fact} for key in ("options", "risk")}),
                "duties": {"type": "array", "items": _duty_schema(), "minItems": 1},
                "retention": {"type": "array", "items": kept},
                "examples": {"type": "array", "items": {"type": "object"}},
            },
            *("slug", "title", "short", "place", "citation", "source", "checked_on", "recheck_by", "confidence", "duties"),
        ),
    )


def playbook_schema(vocabulary: Vocabulary) -> Schema:
    """The schema of a playbook file."""
    role: Schema = {"enum": [each.value for each in Role]}
    decision = _table(
        {"question": _TEXT, "options": _TEXTS, "default": _TEXT, "by": role, "within": {"type": "string", "pattern": _SPAN}},
        *("question", "options", "default", "by"),
    )
    step = _table(
        {
            **{key: _TEXT for key in ("slug", "phase", "title", "guidance", "undo", "if_silent")},
            "owner": role,
            "track": {"enum": [each.value for each in Track]},
            "target": {"type": "string", "description": "for example `2 h after declared`"},
            "after": _TEXTS,
            "when": _CONDITION,
            "asks": {"type": "array", "items": {"enum": sorted(vocabulary.kinds)}},
            "evidence": _TEXTS,
            "drafts": _TEXTS,
            "decision": decision,
            "gate": {"type": "boolean", "description": "the step that opens the privacy track"},
            "tags": _TEXTS,
        },
        "slug",
    )
    phase = _table({"slug": _TEXT, "title": _TEXT, "objective": _TEXT}, "slug", "title")
    return _titled(
        "incident playbook",
        _table(
            {
                **{key: _TEXT for key in ("title", "summary", "use_when", "not_when", "inherits")},
                "version": {"type": ["string", "integer"]},
                "phases": {"type": "array", "items": phase},
                "steps": {"type": "array", "items": step},
                **{key: _TEXTS for key in ("tags", "closed_when", "first_checks")},
                "drops": {"type": "object", "additionalProperties": _TEXT, "description": "inherited steps left out, with why"},
                "pivots": {"type": "object", "additionalProperties": _TEXT, "description": "other playbooks: when to go there"},
            },
            "title",
        ),
    )


def facts_schema(vocabulary: Vocabulary, obligations: Collection[str] = ()) -> Schema:
    """The schema of a file of facts; absent means unknown. `obligations` are the known ids, without places."""
    groups: dict[str, Schema] = {}
    top: Schema = {"partial": {"type": "array", "items": {"enum": sorted(list_keys(vocabulary))}}}
    for key, kind in vocabulary.kinds.items():
        if not kind.law:
            continue
        group, _, name = key.partition(".")
        value = {**_value(kind), "description": kind.question}
        if name:
            groups.setdefault(group, {})[name] = value
        else:
            top[key] = value
    known: Schema = {
        "place": {"enum": list(every_place())},
        "moment": {"type": "string", "pattern": _MOMENT, "description": _MOMENT_WORDS},
        "instant": {"type": "string", "pattern": _INSTANT, "description": "ISO 8601 with offset"},
        "count": {"type": "integer", "minimum": 0},
        "obligation": {"type": "string", "pattern": _one_of(obligations)},
        "scope": {"type": "string", "pattern": _one_of((*obligations, *{each.partition("/")[0] for each in obligations}))},
    }
    schema = _table({**{group: _table(held) for group, held in groups.items()}, **top})
    return _titled("incident facts", {**schema, "$defs": known})


_SPAN = r"^[0-9]+ (min|h|d)$"
_PART_OF_DAY = r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.,][0-9]{1,9})?)?"
_DATE = r"(19[7-9][0-9]|2[01][0-9]{2})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_INSTANT = rf"^{_DATE}[Tt ]{_PART_OF_DAY} ?([Zz]|[+-][0-9]{{2}}(:?[0-9]{{2}})?)$"
_MOMENT = rf"^{_DATE}([Tt ]{_PART_OF_DAY} ?([Zz]|[+-][0-9]{{2}}(:?[0-9]{{2}})?))?$"
_MOMENT_WORDS = "ISO 8601 with offset, or a date for the whole local day"


def _one_of(names: Collection[str]) -> str:
    """A pattern of known names, of which obligations may fall due in a place."""
    known = "|".join(sorted(names)) if names else r"[a-z0-9-]+(/[a-z0-9-]+)?"
    return rf"^({known})(@[A-Z]{{2}}(-[A-Z0-9]{{1,3}})?)?$"


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


_ROWS: dict[FactType, Schema] = {
    FactType.PEOPLE: _table(
        {"in": _ref("place"), "count": _ref("count"), "estimated": {"type": "boolean"}, "unreachable": _ref("count")}, "in"
    ),
    FactType.KNOWLEDGE: _table({"by": {"enum": list(KNOWERS)}, "at": _ref("moment")}, "by", "at"),
    FactType.HOLDS: _table(
        {
            "kind": {"enum": list(HOLD_KINDS)},
            "form": {"enum": list(HOLD_FORMS)},
            "stated": _ref("moment"),
            "until": _ref("moment"),
            "scope": {"anyOf": [_ref("scope"), {"type": "array", "items": _ref("scope")}]},
        },
        "kind",
    ),
    FactType.FILINGS: _table(
        {"obligation": _ref("obligation"), "at": _ref("instant"), "to": {"type": "string"}}, "obligation", "at"
    ),
    FactType.PLACES: _ref("place"),
}


def _value(kind: FactKind) -> Schema:
    if kind.type in _ROWS:
        return {"type": "array", "items": _ROWS[kind.type]}
    choice: Schema = {"enum": [token for token, _ in kind.choices]} if kind.choices else {"type": "string"}
    return {
        FactType.FLAG: {"type": "boolean"},
        FactType.NUMBER: _ref("count"),
        FactType.CHOICE: choice,
        FactType.CHOICES: {"type": "array", "items": choice},
        FactType.PLACE: _ref("place"),
        FactType.ZONE: {"enum": sorted(available_timezones())},
        FactType.MOMENT: _ref("moment"),
    }.get(kind.type, {"type": "string"})
