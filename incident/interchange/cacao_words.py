"""The words of CACAO v2.0 that export and import share: types, ids, vocabularies, and our extension to it.

Source: OASIS CACAO Security Playbooks v2.0, Committee Specification 01 (27 November 2023). The vocabularies of
agents, commands and activities are open: a word outside them is passed on as it stands.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from incident.domain.problem import Problem
from incident.domain.responder import Role
from incident.errors import shown

Json = dict[str, Any]

SPEC = "cacao-2.0"
NAMESPACE = UUID("6b0f6a4e-3c43-5d0b-9a5e-2f6d1c7e8a90")
"""Ours: every id that the export makes is a UUIDv5 in it, so that the same playbook has the same ids everywhere."""
BEGINNING = "2026-01-01T00:00:00.000Z"
"""`created` of every export: our files do not carry the day they were begun, and the standard forbids it to move."""
EXTENSION = f"extension-definition--{uuid5(NAMESPACE, 'extension/1')}"
"""Our extension; `docs/format-cacao.md` describes its fields."""
PRODUCT = f"identity--{uuid5(NAMESPACE, 'identity/incident')}"

UUID_FORM = r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-5][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}"
IDENTIFIER = re.compile(rf"([a-z][a-z0-9-]+[a-z0-9])--{UUID_FORM}")
TIMESTAMP = re.compile(
    r"[0-9]{4}-(?:0[1-9]|1[012])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\.[0-9]{1,9})?Z"
)
VARIABLE = re.compile(r"__[a-zA-Z_][a-zA-Z0-9_-]{0,199}__")

LINKS = ("on_completion", "on_success", "on_failure")
"""Where a step of any type goes on."""
BRANCHES = ("on_true", "on_false")
COMMON = frozenset({"type", "name", "description", "external_references", "delay", "timeout", "step_variables", "owner",
                    "step_extensions", *LINKS})  # fmt: skip
STEPS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "start": (("on_completion",), ()),
    "end": ((), ()),
    "action": (("commands", "agent"), ("targets", "in_args", "out_args")),
    "playbook-action": (("playbook_id",), ("playbook_version", "in_args", "out_args")),
    "parallel": (("next_steps",), ()),
    "if-condition": (("condition", "on_true"), ("on_false",)),
    "while-condition": (("condition", "on_true"), ()),
    "switch-condition": (("switch", "cases"), ()),
}
"""Per type of step: what it must have and what it may have beside what all have."""
BRANCHING = ("parallel", "if-condition", "while-condition", "switch-condition")

_TEXT_OR_B64 = ("command", "command_b64")
COMMANDS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("manual", "bash", "caldera-cmd", "powershell", "ssh"), _TEXT_OR_B64),
    **dict.fromkeys(("elastic", "jupyter", "kestrel", "sigma", "yara"), ("command_b64",)),
    "http-api": ("command", "headers", "content", "content_b64"),
    "openc2-http": ("command", "headers", "content_b64"),
}
EVERY_COMMAND = ("type", "description", "version", "playbook_activity", "external_references")
_NET = ("address", "port", "authentication_info", "category")
AGENTS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("group", "individual", "organization"), ("contact",)),
    **dict.fromkeys(("http-api", "linux", "ssh"), _NET),
    "net-address": ("address", "authentication_info", "category"),
    "location": ("logical",),
    "sector": ("sector",),
    "security-category": ("category",),
}
EVERY_AGENT = ("type", "name", "description", "location", "agent_target_extensions")
AGENT_NEEDS: Mapping[str, str] = {
    **dict.fromkeys(("http-api", "linux", "ssh", "net-address"), "address"),
    "sector": "sector",
    "security-category": "category",
}


@dataclass(frozen=True, slots=True)
class Remark:
    """Something the reader of an import should know: where, and what was done about it."""

    place: str
    text: str

    def __str__(self) -> str:
        return shown(f"{self.place}: {self.text}" if self.place else self.text)


class Faults(list[Problem]):
    """What is wrong with one file, each with its place; no more than anybody reads."""

    most = 100

    def __init__(self, file: str) -> None:
        super().__init__()
        self.file = file
        self.notices: list[Remark] = []

    def add(self, place: str, message: str, mend: str) -> None:
        """Note a fault at a JSON pointer."""
        if len(self) < self.most:
            self.append(Problem(self.file, place or "/", message, mend))

    def note(self, place: str, text: str) -> None:
        """Note something that stops nobody."""
        if len(self.notices) < self.most:
            self.notices.append(Remark(place, text))


def pointer(*parts: object) -> str:
    """A JSON pointer (RFC 6901) that a terminal can print; a long key is cut."""
    return "".join("/" + shown(str(each), longest=100).replace("~", "~0").replace("/", "~1") for each in parts)


def quoted(value: object) -> str:
    """A value from outside, as a message may show it."""
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    text = value if isinstance(value, str) else json.dumps(value)
    return f"«{shown(text, longest=100)}»"


def agent_of(role: Role) -> str:
    """The id of the agent that stands for a role: the same in every export."""
    return f"group--{uuid5(NAMESPACE, f'role/{role.value}')}"


ROLES: Mapping[str, Role] = {agent_of(role): role for role in Role}
"""Our agents, by id."""


def type_of(identifier: str) -> str:
    """What an id says it names: `action` of `action--…`."""
    return identifier.partition("--")[0]
