"""Checks the shape of a CACAO v2.0 playbook: which keys, of which form. Each fault has a JSON pointer and a mend.

What the standard has no key for is noted and left out, not refused: the published schema closes its objects by a word
that its own dialect ignores, so such keys are common. Agents and commands of types outside the (open) vocabularies are
let through, whatever their keys.
"""

import re
from collections.abc import Mapping
from typing import Any

from incident.interchange.cacao_extension import CONDITION, PLAYBOOK, STEP, check_part
from incident.interchange.cacao_rules import STEP_RULES, TOP_RULES, Rule, is_id, is_objects, is_text, is_variable
from incident.interchange.cacao_words import (
    AGENT_NEEDS,
    AGENTS,
    COMMANDS,
    COMMON,
    EVERY_AGENT,
    EVERY_COMMAND,
    EXTENSION,
    LINKS,
    SPEC,
    STEPS,
    VARIABLE,
    Faults,
    Json,
    pointer,
    quoted,
    type_of,
)

MOST_STEPS = 2000
"""More than any playbook that people follow has."""

_NEEDED = ("name", "created_by", "created", "modified", "workflow_start", "workflow")


def check_kind(document: Json, faults: Faults) -> None:
    """Whether this is a playbook at all, and of the version that this program reads."""
    if document.get("type") != "playbook":
        faults.add("/type", f"this is {quoted(document.get('type'))}, no playbook.", "Name a CACAO v2.0 playbook.")
    elif document.get("spec_version") != SPEC:
        found = quoted(document.get("spec_version"))
        found = found if "spec_version" in document else "not said"
        faults.add("/spec_version", f"the version is {found}, and this program reads {SPEC}.", "Convert it, or try --lenient.")


def check_shape(document: Json, faults: Faults) -> None:
    """Every key of the playbook and of what it holds, without following a reference."""
    for key in ("id", *_NEEDED):
        if key not in document:
            faults.add("", f"«{key}» is missing.", "Add it, or try --lenient.")
    _check_table({key: each for key, each in document.items() if key not in ("type", "spec_version")}, TOP_RULES, "", faults)
    check_variables(document, "playbook_variables", "", faults)
    if document.get("authentication_info_definitions"):
        faults.note("/authentication_info_definitions", "credentials are never read: left out.")
    for identifier, step in _entries(document.get("workflow")):
        _check_step(identifier, step, faults)
    for kind in ("agent_definitions", "target_definitions"):
        for identifier, agent in _entries(document.get(kind)):
            _check_agent(identifier, agent, pointer(kind, identifier), faults)
    _check_ours(document.get("playbook_extensions"), PLAYBOOK, pointer("playbook_extensions"), faults)


def check_size(workflow: Any, faults: Faults) -> None:
    """Whether people could follow so many steps."""
    if len(workflow) > MOST_STEPS:
        message = f"it has {len(workflow)} steps, and one that people can follow has at most {MOST_STEPS}."
        faults.add("/workflow", message, "Split the playbook.")


def check_variables(table: Json, key: str, place: str, faults: Faults) -> None:
    """The variables that a playbook or a step declares."""
    for name, each in _entries(table.get(key)):
        where = place + pointer(key, name)
        if not VARIABLE.fullmatch(name):
            faults.add(where, "a variable has a name __like_this__.", "Rename it, or try --lenient.")
        elif not is_variable(each):
            faults.add(where, "a variable has a «type», and its «value» is a text.", "Correct it, or try --lenient.")


def _entries(value: Any) -> list[tuple[str, Any]]:
    return list(value.items()) if isinstance(value, dict) else []


def _check_table(table: Mapping[str, Any], rules: Mapping[str, Rule], place: str, faults: Faults) -> None:
    for key, value in table.items():
        where = place + pointer(key)
        if key not in rules:
            faults.note(where, "CACAO has no such key here: left out.")
        elif not rules[key][0](value):
            faults.add(where, f"{quoted(value)} is not {rules[key][1]}.", "Correct it, or try --lenient.")


def _check_step(identifier: str, step: Any, faults: Faults) -> None:
    place = pointer("workflow", identifier)
    if not isinstance(step, dict):
        faults.add(place, "a step is an object.", "Write it as one.")
        return
    kind = step.get("type")
    if not isinstance(kind, str) or kind not in STEPS:
        faults.add(f"{place}/type", f"{quoted(kind)} is no type of step.", f"One of: {', '.join(STEPS)}.")
        return
    if not is_id(identifier) or type_of(identifier) != kind:
        faults.add(place, f"the key of a step of type {kind} has the form {kind}--UUID.", "Rename it, or try --lenient.")
    needed, perhaps = STEPS[kind]
    allowed = {key: STEP_RULES[key] for key in (*COMMON, *needed, *perhaps) if key != "type"}
    _check_table({key: each for key, each in step.items() if key != "type"}, allowed, place, faults)
    for key in needed:
        if key not in step:
            faults.add(place, f"this {kind} step has no «{key}».", "Add it, or try --lenient.")
    check_variables(step, "step_variables", place, faults)
    _check_links(kind, step, place, faults)
    for number, command in enumerate(step.get("commands", ()) if kind == "action" and is_objects(step.get("commands")) else ()):
        _check_command(command, f"{place}/commands/{number}", faults)
    ours = {"action": STEP, "if-condition": CONDITION}.get(kind)
    if ours:
        _check_ours(step.get("step_extensions"), ours, f"{place}/step_extensions", faults)


def _check_links(kind: str, step: Json, place: str, faults: Faults) -> None:
    said = [key for key in LINKS if key in step]
    if kind == "end" and said:
        faults.add(f"{place}/{said[0]}", "an end step goes nowhere.", "Take the key out.")
    elif "on_completion" in said and len(said) > 1:
        faults.add(place, f"it goes on at «on_completion» and at «{said[1]}».", "Keep one: completion, or success and failure.")
    elif said == ["on_failure"]:
        faults.add(place, "it says where to go on failure and not on success.", "Add «on_success».")
    elif kind in ("action", "playbook-action") and not said:
        faults.add(place, "nothing comes after this step.", "Add «on_completion»; a branch that is over names an end step.")


def _check_command(command: Json, place: str, faults: Faults) -> None:
    kind = command.get("type")
    if not isinstance(kind, str):
        faults.add(place, "a command has a «type».", "Say «manual», or what runs it.")
        return
    if kind not in COMMANDS:
        faults.note(f"{place}/type", f"{quoted(kind)} is no type of command that CACAO names: read as text.")
        return
    for key, value in command.items():
        if key not in (*EVERY_COMMAND, *COMMANDS[kind]):
            faults.note(place + pointer(key), f"a {kind} command has no such key: left out.")
        elif key not in ("headers", "external_references") and not is_text(value):
            faults.add(place + pointer(key), f"{quoted(value)} is not a text.", "Correct it.")
    if not any(key in command for key in ("command", "command_b64")):
        faults.add(place, f"this {kind} command says nothing to do.", "Add «command» or «command_b64».")


def _check_agent(identifier: str, agent: Any, place: str, faults: Faults) -> None:
    if not isinstance(agent, dict) or not is_text(agent.get("type")) or not is_text(agent.get("name")):
        faults.add(place, "it needs a «type» and a «name», both texts.", "Add them.")
        return
    if not is_id(identifier):
        faults.add(place, f"the key {quoted(identifier)} has not the form type--UUID.", "Rename it, or try --lenient.")
    _check_agent_keys(identifier, agent, place, faults)


def _check_agent_keys(identifier: str, agent: Json, place: str, faults: Faults) -> None:
    kind = agent["type"]
    if type_of(identifier) in AGENTS and kind != type_of(identifier):
        faults.add(f"{place}/type", f"{quoted(kind)} does not agree with the key.", f"Write {type_of(identifier)}.")
        return
    if kind not in AGENTS:
        return
    for key in agent:
        if key not in (*EVERY_AGENT, *AGENTS[kind]):
            faults.note(place + pointer(key), f"an agent of type {kind} has no such key: left out.")
    if (needed := AGENT_NEEDS.get(kind)) and needed not in agent:
        faults.add(place, f"a {kind} has «{needed}».", "Add it, or try --lenient.")
    _check_contact(agent.get("contact"), f"{place}/contact", faults)


_PLAIN_CONTACT = re.compile(r"[^\s;|&`$<>\"'\\(){}]{1,254}|[+0-9 ()/.-]{3,40}")


def _check_contact(contact: Any, place: str, faults: Faults) -> None:
    """An address that holds more than an address is hostile text: nobody should paste it anywhere."""
    if not isinstance(contact, dict):
        if contact is not None:
            faults.add(place, "it is not an object.", "Correct it, or try --lenient.")
        return
    for way in ("email", "phone"):
        for name, address in _entries(contact.get(way)):
            if not is_text(address) or not _PLAIN_CONTACT.fullmatch(address):
                message = f"{quoted(address)} is more than an address or a number."
                faults.add(f"{place}/{way}{pointer(name)}", message, "Correct it, or try --lenient, which leaves contacts out.")


def _check_ours(extensions: Any, kind: str, place: str, faults: Faults) -> None:
    if isinstance(extensions, dict) and EXTENSION in extensions:
        check_part(kind, extensions[EXTENSION], f"{place}/{EXTENSION}", faults)
