"""Writes a playbook as CACAO v2.0: manual commands for groups that stand for roles, parallel tracks, conditions.

Nothing that it writes runs by itself. The order of steps is said in the standard's own terms; what the standard has no
field for travels in our extension, so that the import gives the same playbook back.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any
from uuid import uuid5

from incident.domain.responder import Role
from incident.interchange.cacao_extension import CONDITION, FORMAT, PLAYBOOK, STEP, part_of
from incident.interchange.cacao_waves import Step, waves
from incident.interchange.cacao_words import BEGINNING, EXTENSION, NAMESPACE, PRODUCT, SPEC, VARIABLE, Json, agent_of

_ACTIVITIES = {"investigate": "analyze-collected-data", "contain": "eliminate-risk", "notify": "identify-audience",
               "communicate": "deliver-content"}  # fmt: skip
_CATALOGUES = (
    ("mitre-atlas", re.compile(r"\bAML\.T\d{4}(?:\.\d{3})?\b")),
    ("mitre-attack", re.compile(r"\bT\d{4}(?:\.\d{3})?\b")),
)
_APPLIES = "Set it to 'false' only when the facts say no; an unknown is not a no."


def cacao_of(document: Mapping[str, Any], *, now: datetime) -> Json:
    """A playbook (as its document, inheritance resolved) as a CACAO v2.0 object; `now` is its `modified`."""
    built = _Workflow(document)
    built.build()
    activities = sorted({_ACTIVITIES[each["track"]] for each in document["steps"] if each["track"] in _ACTIVITIES})
    found: Json = {
        "type": "playbook",
        "spec_version": SPEC,
        "id": built.id("playbook", ""),
        "name": document["title"],
        "description": document["summary"],
        "playbook_types": ["notification", "mitigation"],
        "playbook_activities": activities,
        "playbook_processing_summary": _summary(built.steps),
        "created_by": PRODUCT,
        "created": BEGINNING,
        "modified": _timestamp(max(now, datetime.fromisoformat(BEGINNING))),
        "labels": list(document["tags"]),
        "playbook_variables": built.variables,
        "workflow_start": built.start,
        "workflow": built.steps,
        "playbook_extensions": {EXTENSION: _playbook_part(document)},
        "agent_definitions": _agents(document["steps"]),
        "extension_definitions": {EXTENSION: _DEFINITION},
    }
    return {key: value for key, value in found.items() if value not in ([], {}) or key == "workflow"}


def _playbook_part(document: Mapping[str, Any]) -> Json:
    """What the document says of the whole, with the order of its steps: an object of the workflow has none."""
    order = [each["slug"] for each in document["steps"]]
    return part_of(PLAYBOOK, {**document, "format": FORMAT, "order": order})


def _timestamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _summary(steps: Mapping[str, Json]) -> Json:
    kinds = {each["type"] for each in steps.values()}
    logic = {"parallel_processing": "parallel" in kinds, "if_logic": "if-condition" in kinds}
    return {"manual_playbook": True, **{key: True for key, said in logic.items() if said}, "extensions": True}


def _agents(steps: Iterable[Step]) -> Json:
    held = {each["owner"] for each in steps} | {each["decision"]["by"] for each in steps if each["decision"]}
    roles = (role for role in Role if role.value in held)
    return {agent_of(role): {"type": "group", "name": role.label, "description": "A role in the response."} for role in roles}


_DEFINITION: Json = {
    "type": "extension-definition",
    "name": "incident: playbooks for people",
    "description": "Phases, tracks, waits, targets, asked facts, evidence, decisions with a default, conditions over facts.",
    "created_by": PRODUCT,
    "schema": "Described in docs/format-cacao.md of the program `incident`. Parts: incident-playbook on the playbook, "
    "incident-step on an action, incident-condition on an if-condition.",
    "version": "1.0.0",
}


class _Workflow:
    """Builds the workflow of one playbook; every id follows from its slug, its version and the step."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document
        self.steps: dict[str, Json] = {}
        self.variables: Json = {}
        self.start = self.id("start", "")

    def id(self, kind: str, key: str) -> str:
        seed = f"{self.document['slug']}@{self.document['version']}/{kind}/{key}"
        return f"{kind}--{uuid5(NAMESPACE, seed)}"

    def build(self) -> None:
        self.steps[self.start] = {"type": "start", "name": "Start"}
        chain = [self.start]
        for number, tracks in enumerate(waves(self.document["steps"], self.document["phases"]), 1):
            chain += self.parallel(number, tracks) if len(tracks) > 1 else [self.block(each) for each in tracks[0]]
        closing = "; ".join(self.document["closed_when"])
        self.link(chain, self.end("", "End", f"Closed when: {closing}." if closing else ""))

    def parallel(self, number: int, tracks: Sequence[Sequence[Step]]) -> list[str]:
        branches = []
        for track in tracks:
            chain = [self.block(each) for each in track]
            name = track[0]["track"]
            self.link(chain, self.end(f"{number}/{name}", f"End of «{name}» in stretch {number}"))
            branches.append(chain[0])
        found = self.id("parallel", str(number))
        names = ", ".join(each[0]["track"] for each in tracks)
        self.steps[found] = {"type": "parallel", "name": f"Side by side: {names}", "next_steps": branches}
        return [found]

    def link(self, chain: Sequence[str], end: str) -> None:
        for one, following in pairwise((*chain, end)):
            self.steps[one]["on_completion"] = following

    def end(self, key: str, name: str, description: str = "") -> str:
        found = self.id("end", key)
        self.steps[found] = {"type": "end", "name": name, **({"description": description} if description else {})}
        return found

    def block(self, step: Step) -> str:
        """An action, behind the condition that it has; the id of whichever comes first."""
        action = self.action(step)
        if not step["when"]:
            return action
        variable = _name(f"applies_{step['slug']}")
        text = " and ".join(step["when"])
        about = f"«{step['title']}» applies: {text}. {_APPLIES}"
        self.variables[variable] = _variable(about, value="unknown", external=True)
        found = self.id("if-condition", step["slug"])
        self.steps[found] = {
            "type": "if-condition",
            "name": f"Unless ruled out: {step['title']}",
            "description": f"{text}. An unknown does not skip the step.",
            "condition": f"{variable}:value != 'false'",
            "on_true": action,
            "step_extensions": {EXTENSION: part_of(CONDITION, step)},
        }
        self.steps[action]["on_completion"] = self.end(f"if/{step['slug']}", f"End of «{step['title']}»")
        return found

    def action(self, step: Step) -> str:
        command = {"type": "manual", "command": step["guidance"]}
        if step["drafts"] or step["track"] in _ACTIVITIES:
            command["playbook_activity"] = "compose-content" if step["drafts"] else _ACTIVITIES[step["track"]]
        found = self.id("action", step["slug"])
        made: Json = {
            "type": "action",
            "name": step["title"],
            "description": _description(step),
            "external_references": [_reference(each) for each in step["tags"]],
            "commands": [command],
            "agent": agent_of(Role(step["owner"])),
            "out_args": [self.answer(key, "What is found out.") for key in step["asks"]],
            "step_extensions": {EXTENSION: part_of(STEP, step)},
        }
        if decision := step["decision"]:
            text = f"{decision['question']} One of: {' / '.join(decision['options'])}."
            made["out_args"].append(self.answer(f"decided_{step['slug']}", text))
        made["out_args"] = list(dict.fromkeys(made["out_args"]))
        self.steps[found] = {key: value for key, value in made.items() if value not in ([], "")}
        return found

    def answer(self, key: str, description: str) -> str:
        name = _name(key)
        self.variables.setdefault(name, _variable(f"{description} ({key})"))
        return name


def _name(key: str) -> str:
    """The variable that stands for a fact, a decision or a condition."""
    name = f"__{re.sub(r'[^a-zA-Z0-9_-]', '_', key)}__"
    return name if VARIABLE.fullmatch(name) else f"__v_{uuid5(NAMESPACE, key).hex}__"


def _variable(description: str, *, value: str = "", external: bool = False) -> Json:
    said = {"value": value} if value else {}
    return {"type": "string", "description": description, **said, "constant": False, "external": external}


def _reference(tag: str) -> Json:
    for source, form in _CATALOGUES:
        if found := form.search(tag):
            return {"name": tag, "source": source, "external_id": found[0]}
    return {"name": tag}


def _description(step: Step) -> str:
    """What a reader elsewhere needs beside the guidance."""
    target, decision = step["target"], step["decision"]
    lines = (
        ("By", f"{target['seconds'] // 60} minutes after {target['after']}" if target else ""),
        ("Decides", f"{Role(decision['by']).label}; when nobody answers: {decision['default']}" if decision else ""),
        ("Find out", ", ".join(step["asks"])),
        ("Keep", "; ".join(step["evidence"])),
        ("Draft", ", ".join(step["drafts"])),
        ("If nobody answers", step["if_silent"]),
        ("To undo", step["undo"]),
    )
    return "\n".join(f"{label}: {text}" for label, text in lines if text)
