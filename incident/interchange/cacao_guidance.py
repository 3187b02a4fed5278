"""What a step of somebody else's playbook says, as guidance for people: commands become text to read, never to run."""

import base64
import binascii
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from incident.domain.responder import Role
from incident.errors import shown
from incident.interchange.cacao_words import ROLES, VARIABLE, Json

_LONGEST = 20_000
"""Characters of one text; a step that says more is cut, and says so."""
_TICKS = re.compile(r"`{3,}")
_BY_NAME = (
    (Role.COMMANDER, r"commander|incident (?:manager|lead|coordinator)"),
    (Role.PRIVACY_OFFICER, r"privacy|dpo|data protection"),
    (Role.LEGAL, r"legal|counsel|lawyers?|attorneys?"),
    (Role.COMMUNICATIONS, r"communications?|press|public relations|media"),
    (Role.SUPPORT_LEAD, r"support|help ?desk|service ?desk|customer care"),
    (Role.EXECUTIVE, r"executives?|management|ceo|board"),
    (Role.SCRIBE, r"scribe|note ?taker"),
    (Role.HR, r"hr|human resources"),
    (Role.FINANCE, r"finance|treasury|accounting"),
    (Role.VENDOR_MANAGER, r"vendors?|suppliers?|procurement"),
    (Role.TECHNICAL_LEAD, r"technical lead|tech lead"),
)
_PATTERNS = tuple((role, re.compile(rf"\b(?:{words})\b", re.IGNORECASE)) for role, words in _BY_NAME)


def role_of(identifier: str, agent: Mapping[str, Any]) -> Role | None:
    """The role that an agent stands for: one of ours by its id, else by a word of its name."""
    if identifier in ROLES:
        return ROLES[identifier]
    name = str(agent.get("name", ""))[:200].replace("_", " ").replace("-", " ")
    return next((role for role, pattern in _PATTERNS if pattern.search(name)), None)


def clean(text: str) -> str:
    """Text from outside without what no screen shows; lines stay lines."""
    cut = text if len(text) <= _LONGEST else f"{text[:_LONGEST]} … (cut)"
    lines = cut.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ").split("\n")
    return "\n".join(shown(line).rstrip() for line in lines).strip()


def title_of(step: Mapping[str, Any], fallback: str) -> str:
    """A step's name on one line."""
    found = " ".join(clean(str(step.get("name") or "")).split())
    return found if 0 < len(found) <= 120 else f"{found[:117]}…" if found else fallback


def guidance_of(step: Json, document: Json, first: Sequence[str]) -> str:
    """What to do, in Markdown: under which answer, the description, each command, on what, what to write down."""
    parts = [*first, clean(str(step.get("description") or ""))]
    parts += [text for command in step.get("commands", ()) if (text := _command(command))]
    if step["type"] == "playbook-action":
        parts.append(f"Run the playbook `{step['playbook_id']}` in the tool that has it.")
    targets = document.get("target_definitions", {})
    if named := [title_of(targets[each], each) for each in step.get("targets", ()) if each in targets]:
        parts.append(f"On: {', '.join(named)}.")
    if step.get("out_args"):
        parts.append(f"Write down: {', '.join(_code(each) for each in step['out_args'])}.")
    said = _variables("\n".join(parts), {**document.get("playbook_variables", {}), **step.get("step_variables", {})})
    text = "\n\n".join(dict.fromkeys(part for part in (*parts, *said) if part))
    return text or "The playbook says nothing but the title of this step."


def _code(text: str) -> str:
    return f"`{clean(str(text)).replace('`', chr(39))}`"


def _command(command: Json) -> str:
    """A manual command is a sentence; every other one is shown in a block, with a word that nothing runs it."""
    text = command.get("command")
    text = clean(text) if isinstance(text, str) else ""
    if not text and isinstance(command.get("command_b64"), str):
        text = clean(_decoded(command["command_b64"]))
    about = clean(str(command.get("description") or ""))
    if command["type"] == "manual":
        return "\n\n".join(part for part in (about, text) if part)
    ticks = "`" * max([3, *(len(found) + 1 for found in _TICKS.findall(text))])
    head = f"A command for {_code(command['type'])}. Nothing runs it here; read it before anybody does:"
    return "\n\n".join(part for part in (about, f"{head}\n\n{ticks}\n{text}\n{ticks}" if text else "") if part)


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return text


def _variables(text: str, held: Mapping[str, Any]) -> Iterable[str]:
    """What the variables that a text names stand for."""
    lines = []
    for name in dict.fromkeys(VARIABLE.findall(text)):
        each = held.get(name, {})
        told = [clean(str(each[key])) for key in ("description", "value") if each.get(key)]
        if told:
            lines.append(f"- {_code(name)}: {' = '.join(' '.join(part.split()) for part in told)}")
    return ["\n".join(lines)] if lines else []
