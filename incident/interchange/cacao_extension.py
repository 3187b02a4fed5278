"""Our extension to CACAO: what a playbook of ours says and the standard has no field for, so that it comes back equal.

The extension holds only what stands nowhere else: a step's title is its `name`, its guidance the text of its manual
command, its owner its agent; the playbook's title, summary and tags are `name`, `description` and `labels`.
"""

from collections.abc import Callable, Mapping
from typing import Any

from incident.domain.playbook import Track
from incident.domain.responder import Role
from incident.interchange.cacao_words import Faults, Json, quoted

FORMAT = "incident-playbook/1"
STEP, PLAYBOOK, CONDITION = "incident-step", "incident-playbook", "incident-condition"
"""The `type` of our part on an action, on the playbook and on an if-condition."""
_MOST_SECONDS = 3650 * 86_400

Kind = tuple[Callable[[Any], bool], str]


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


def _is_seconds(value: object) -> bool:
    """Whole minutes up to ten years, as a playbook's file writes them."""
    return type(value) is int and 0 < value <= _MOST_SECONDS and value % 60 == 0


def _is_role(value: object) -> bool:
    return isinstance(value, str) and value in set(Role)


def _is_track(value: object) -> bool:
    return isinstance(value, str) and value in set(Track)


def _is_map(value: object) -> bool:
    return isinstance(value, dict) and all(map(_is_text, value.values()))


def _is_target(value: object) -> bool:
    return (
        isinstance(value, dict)
        and set(value) == {"seconds", "after"}
        and _is_seconds(value["seconds"])
        and _is_text(value["after"])
    )


def _is_decision(value: object) -> bool:
    if not isinstance(value, dict) or not set(value) <= set(_DECISION) or not set(_DECISION) - {"within_seconds"} <= set(value):
        return False
    return all(check(value[key]) for key, check in _DECISION.items() if value.get(key) is not None)


def _is_pivots(value: object) -> bool:
    return isinstance(value, list) and all(_is_map(each) and set(each) == {"playbook", "sign"} for each in value)


def _is_phases(value: object) -> bool:
    keys = {"slug", "title", "objective"}
    return isinstance(value, list) and bool(value) and all(_is_map(each) and set(each) == keys for each in value)


_DECISION: Mapping[str, Callable[[Any], bool]] = {
    "question": _is_text,
    "options": _is_texts,
    "default": _is_text,
    "by": _is_role,
    "within_seconds": _is_seconds,
}
_TEXT: Kind = (_is_text, "a text")
_TEXTS: Kind = (_is_texts, "a list of texts")

STEP_FIELDS: Mapping[str, Kind] = {
    "slug": _TEXT,
    "phase": _TEXT,
    "track": (_is_track, f"one of {', '.join(Track)}"),
    "target": (_is_target, "an object of `seconds` (whole minutes) and `after`"),
    "after": _TEXTS,
    "asks": _TEXTS,
    "evidence": _TEXTS,
    "drafts": _TEXTS,
    "decision": (_is_decision, "an object of `question`, `options`, `default`, `by` and perhaps `within_seconds`"),
    "undo": _TEXT,
    "if_silent": _TEXT,
    "gate": (_is_flag, "true or false"),
    "tags": _TEXTS,
}
PLAYBOOK_FIELDS: Mapping[str, Kind] = {
    "format": _TEXT,
    "slug": _TEXT,
    "use_when": _TEXT,
    "not_when": _TEXT,
    "version": _TEXT,
    "inherits": _TEXT,
    "closed_when": _TEXTS,
    "first_checks": _TEXTS,
    "pivots": (_is_pivots, "a list of objects of `playbook` and `sign`"),
    "phases": (_is_phases, "a list of objects of `slug`, `title` and `objective`"),
    "order": _TEXTS,
}
CONDITION_FIELDS: Mapping[str, Kind] = {"when": _TEXTS}
_NEEDED: Mapping[str, tuple[str, ...]] = {
    STEP: ("slug", "phase", "track"),
    PLAYBOOK: ("format", "slug", "use_when", "not_when", "version", "phases", "order"),
    CONDITION: ("when",),
}
_FIELDS = {STEP: STEP_FIELDS, PLAYBOOK: PLAYBOOK_FIELDS, CONDITION: CONDITION_FIELDS}

_EMPTY: Mapping[str, Any] = {
    **dict.fromkeys(("after", "asks", "evidence", "drafts", "tags", "closed_when", "first_checks", "pivots"), ()),
    **dict.fromkeys(("undo", "if_silent", "inherits"), ""),
    **dict.fromkeys(("target", "decision"), None),
    "gate": False,
}
"""What a field that is left out says."""


def part_of(kind: str, document: Mapping[str, Any]) -> Json:
    """Our part for a playbook, a step or a condition, out of its document; what says nothing is left out."""
    held = {key: document[key] for key in _FIELDS[kind] if key in document}
    said = {key: value for key, value in held.items() if key in _NEEDED[kind] or value not in ([], "", None, False)}
    return {"type": kind, **said}


def whole(kind: str, part: Mapping[str, Any]) -> Json:
    """The document's fields out of our part, with what was left out."""
    found: Json = {}
    for key in _FIELDS[kind]:
        left_out = _EMPTY.get(key)
        found[key] = part.get(key, list(left_out) if left_out == () else left_out)
    return found


def check_part(kind: str, part: object, place: str, faults: Faults) -> None:
    """What is wrong with our part of a playbook, a step or a condition."""
    if not isinstance(part, dict) or part.get("type") != kind:
        faults.add(place, f"this extension of ours must be an object with the type «{kind}».", "Export the playbook again.")
        return
    fields = _FIELDS[kind]
    for key, value in part.items():
        if key not in fields and key != "type":
            faults.add(f"{place}/{key}", f"{quoted(key)} is no field of this extension.", "Take it out.")
        elif key != "type" and not fields[key][0](value):
            faults.add(f"{place}/{key}", f"{quoted(value)} is not {fields[key][1]}.", "Correct it.")
    for key in _NEEDED[kind]:
        if key not in part:
            faults.add(place, f"«{key}» is missing.", "Export the playbook again.")
    if kind == PLAYBOOK and part.get("format") != FORMAT:
        faults.add(
            f"{place}/format", f"{quoted(part.get('format'))} is no format that this program reads.", f"It reads {FORMAT}."
        )
