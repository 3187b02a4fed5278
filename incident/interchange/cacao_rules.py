"""The forms of CACAO v2.0's keys, as a table: a check, and the words that say what was wanted."""

from collections.abc import Callable, Mapping
from typing import Any

from incident.interchange.cacao_words import BRANCHES, IDENTIFIER, LINKS, TIMESTAMP, type_of

Check = Callable[[Any], bool]


def is_text(value: Any) -> bool:
    """Whether it is a text."""
    return isinstance(value, str)


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, str) for each in value)


def _is_labels(value: Any) -> bool:
    return value == [] or _is_texts(value)


def _is_object(value: Any) -> bool:
    return isinstance(value, dict)


def is_objects(value: Any) -> bool:
    """Whether it is a list of objects."""
    return isinstance(value, list) and all(isinstance(each, dict) for each in value)


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def _is_number(value: Any) -> bool:
    return type(value) is int and value >= 0


def _is_percent(value: Any) -> bool:
    return _is_number(value) and value <= 100


def is_id(value: Any) -> bool:
    """Whether it is an id of the form type--UUID."""
    return isinstance(value, str) and IDENTIFIER.fullmatch(value) is not None


def _is_ids(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(map(is_id, value))


def _is_two_ids(value: Any) -> bool:
    return _is_ids(value) and len(value) > 1


def _is_time(value: Any) -> bool:
    return isinstance(value, str) and TIMESTAMP.fullmatch(value) is not None


def _is_commands(value: Any) -> bool:
    return is_objects(value) and bool(value)


def _is_cases(value: Any) -> bool:
    return isinstance(value, dict) and bool(value) and all(map(is_id, value.values()))


def is_variable(value: Any) -> bool:
    """Whether it is a variable: with a type, and a text or nothing as its value."""
    if not isinstance(value, dict) or not is_text(value.get("type")):
        return False
    return value.get("value") is None or is_text(value["value"])


def _is_extensions(value: Any) -> bool:
    return isinstance(value, dict) and all(is_id(key) and type_of(key) == "extension-definition" for key in value)


def _is_references(value: Any) -> bool:
    return is_objects(value) and all(is_text(each.get("name")) for each in value)


_TEXT = (is_text, "a text")
_ID = (is_id, "an id of the form type--UUID")
_TIME = (_is_time, "a time of the form 2026-03-02T14:02:00.000Z")
_OBJECT = (_is_object, "an object")
_EXTENSIONS = (_is_extensions, "an object whose keys are extension-definition--UUID")
_IDS = (_is_ids, "a list of ids of the form type--UUID")
_REFERENCES = (_is_references, "a list of objects with a `name`")
Rule = tuple[Check, str]
"""What a value must be, and the words for it."""

TOP_RULES: Mapping[str, Rule] = {
    **dict.fromkeys(("name", "description"), _TEXT),
    **dict.fromkeys(("id", "created_by", "workflow_start", "workflow_exception"), _ID),
    **dict.fromkeys(("created", "modified", "valid_from", "valid_until"), _TIME),
    **dict.fromkeys(("playbook_types", "labels"), (_is_labels, "a list of texts")),
    **dict.fromkeys(("playbook_activities", "industry_sectors"), (_is_texts, "a list of texts, not empty")),
    **dict.fromkeys(("derived_from", "related_to", "markings"), _IDS),
    **dict.fromkeys(("priority", "severity", "impact"), (_is_percent, "a whole number from 0 to 100")),
    **dict.fromkeys(
        ("playbook_processing_summary", "authentication_info_definitions", "extension_definitions", "data_marking_definitions",
         "agent_definitions", "target_definitions", "workflow"),
        _OBJECT,
    ),
    "playbook_variables": _OBJECT,
    "playbook_extensions": _EXTENSIONS,
    "external_references": _REFERENCES,
    "revoked": (_is_flag, "true or false"),
    "signatures": (is_objects, "a list of objects"),
}  # fmt: skip
STEP_RULES: Mapping[str, Rule] = {
    **dict.fromkeys(("name", "description", "condition", "switch", "playbook_version"), _TEXT),
    **dict.fromkeys(("owner", "agent", "playbook_id", *LINKS, *BRANCHES), _ID),
    **dict.fromkeys(("delay", "timeout"), (_is_number, "a whole number of milliseconds")),
    **dict.fromkeys(("in_args", "out_args"), (_is_texts, "a list of names of variables, not empty")),
    "external_references": _REFERENCES,
    "step_variables": _OBJECT,
    "step_extensions": _EXTENSIONS,
    "commands": (_is_commands, "a list of objects, not empty"),
    "targets": _IDS,
    "next_steps": (_is_two_ids, "a list of two or more ids"),
    "cases": (_is_cases, "an object of ids, not empty"),
}
