"""Makes a sound playbook of one that is nearly CACAO: repairs the shape and says each thing that it did.

It builds the playbook anew from what it understands. What cannot be repaired is left for the checks to refuse; what it
leaves out it names. The wiring of the steps is repaired afterwards, by `cacao_rewiring`.
"""

import json
from collections.abc import Callable, Mapping
from uuid import uuid5

from incident.interchange.cacao_extension import CONDITION, PLAYBOOK, STEP, check_part
from incident.interchange.cacao_rewiring import rewire
from incident.interchange.cacao_rules import STEP_RULES, TOP_RULES
from incident.interchange.cacao_shape import MOST_STEPS
from incident.interchange.cacao_step_repair import StepRepair
from incident.interchange.cacao_words import (
    AGENT_NEEDS,
    AGENTS,
    BEGINNING,
    EVERY_AGENT,
    EXTENSION,
    IDENTIFIER,
    NAMESPACE,
    PRODUCT,
    SPEC,
    STEPS,
    VARIABLE,
    Faults,
    Json,
    Remark,
    pointer,
    quoted,
    type_of,
)

_OLD_TYPES = {"single": "action", "playbook": "playbook-action", "decision": "switch-condition", "if": "if-condition",
              "while": "while-condition", "switch": "switch-condition"}  # fmt: skip
"""Names of types in older drafts and in playbooks that only look like CACAO."""


def repaired(document: Json) -> tuple[Json, tuple[Remark, ...]]:
    """A playbook with its faults repaired as far as that goes, and every repair. The checks have the last word."""
    repair = _Repair(document)
    workflow = repair.workflow()
    if not workflow:
        return document, ()
    found = repair.playbook(workflow)
    return rewire(found, repair.remarks), tuple(repair.remarks)


def repair_variables(table: Json, key: str, place: str, say: Callable[[str, str], None]) -> None:
    """Write the values of variables as texts, and leave out what is no variable."""
    held = table.get(key)
    if not isinstance(held, dict):
        return
    for name, each in list(held.items()):
        where = place + pointer(key, name)
        if VARIABLE.fullmatch(name) and isinstance(each, dict) and isinstance(each.get("type"), str):
            if not isinstance(each.get("value"), str | None):
                held[name] = {**each, "value": json.dumps(each["value"])}
                say(where, "its value is no text: written as one.")
        else:
            del held[name]
            say(where, "it is no variable with a name __like_this__ and a type: left out.")


class _Repair:
    """Builds one playbook anew; `ids` says which id stands for which of the file's."""

    def __init__(self, document: Json) -> None:
        self.document = document
        self.remarks: list[Remark] = []
        self.ids: dict[str, str] = {}

    def say(self, place: str, text: str) -> None:
        self.remarks.append(Remark(place, text))

    def new_id(self, kind: str, old: str) -> str:
        return f"{kind}--{uuid5(NAMESPACE, json.dumps([str(self.document.get('id')), kind, old]))}"

    def workflow(self) -> dict[str, Json]:
        """The steps by the file's own ids; empty when there are none to work with, or too many."""
        found = self.document.get("workflow")
        if isinstance(found, list):
            listed = [each for each in found if isinstance(each, dict)]
            found = {str(each.get("step_uuid", each.get("id", number))): each for number, each in enumerate(listed)}
            self.say("/workflow", "it is a list, as in an older draft: read as an object by the ids of its steps.")
        if not isinstance(found, dict) or len(found) > MOST_STEPS:
            return {}
        steps = {}
        for old, step in found.items():
            if isinstance(step, dict):
                steps[old] = {key: each for key, each in step.items() if key not in ("step_uuid", "id")}
            else:
                self.say(pointer("workflow", old), "it is no object: left out.")
        return steps

    def playbook(self, workflow: Mapping[str, Json]) -> Json:
        for old, step in workflow.items():
            step["type"] = self.kind(old, step)
            self.ids[old] = old if self.fits(old, step["type"]) else self.new_id(step["type"], old)
        changed = sum(old != new for old, new in self.ids.items())
        if changed:
            self.say("/workflow", f"{changed} step ids have not the form type--UUID: given new ones.")
        found = self.top()
        agents, targets = (self.agents(key) for key in ("agent_definitions", "target_definitions"))
        repair = StepRepair(self.ids, agents, targets, self.remarks)
        found["workflow"] = {self.ids[old]: self.step(repair, old, step) for old, step in workflow.items()}
        first = self.document.get("workflow_start")
        found["workflow_start"] = self.ids.get(first, first) if isinstance(first, str) else ""
        exception = self.document.get("workflow_exception")
        if isinstance(exception, str) and self.ids.get(exception) in found["workflow"]:
            found["workflow_exception"] = self.ids[exception]
        elif exception is not None:
            self.say("/workflow_exception", f"{quoted(exception)} is not in the workflow: left out.")
        return {
            **found,
            **{key: each for key, each in (("agent_definitions", agents), ("target_definitions", targets)) if each},
        }

    def fits(self, old: str, kind: str) -> bool:
        return IDENTIFIER.fullmatch(old) is not None and type_of(old) == kind

    def kind(self, old: str, step: Json) -> str:
        said = step.get("type")
        if isinstance(said, str) and said in STEPS:
            return said
        kind = _OLD_TYPES.get(said, "action") if isinstance(said, str) else "action"
        self.say(pointer("workflow", old, "type"), f"{quoted(said)} is no type of step: read as {kind}.")
        return kind

    def step(self, repair: StepRepair, old: str, step: Json) -> Json:
        place = pointer("workflow", old)
        made = repair.step(self.ids[old], step, place)
        kind = {"action": STEP, "if-condition": CONDITION}.get(made["type"])
        self.extension(made, "step_extensions", kind, place)
        needed, perhaps = STEPS[made["type"]]
        for key in [key for key in made if key in STEP_RULES and key not in (*needed, *perhaps)]:
            if not STEP_RULES[key][0](made[key]):
                self.say(f"{place}/{key}", f"{quoted(made[key])} is not {STEP_RULES[key][1]}: left out.")
                del made[key]
        repair_variables(made, "step_variables", place, self.say)
        return made

    def extension(self, made: Json, key: str, kind: str | None, place: str) -> None:
        """Leave our own part out where it is broken: the step is then read as anybody's."""
        held = made.get(key)
        if not kind or not isinstance(held, dict) or EXTENSION not in held:
            return
        faults = Faults("")
        check_part(kind, held[EXTENSION], f"{place}/{key}/{EXTENSION}", faults)
        if faults:
            self.say(faults[0].place, f"{faults[0].message} The whole extension is left out.")
            made[key] = {name: each for name, each in held.items() if name != EXTENSION}
            if not made[key]:
                del made[key]

    def top(self) -> Json:
        """The playbook's own keys, without its steps and agents."""
        document = self.document
        if document.get("spec_version") != SPEC:
            self.say("/spec_version", f"it is {quoted(document.get('spec_version'))}: read as {SPEC}.")
        seed = json.dumps([document.get("id"), document.get("name")], default=str)
        found: Json = {"type": document.get("type"), "spec_version": SPEC}
        defaults = {"id": f"playbook--{uuid5(NAMESPACE, seed)}", "name": "Playbook without a name", "created_by": PRODUCT,
                    "created": BEGINNING, "modified": BEGINNING}  # fmt: skip
        elsewhere = ("workflow", "workflow_start", "workflow_exception", "agent_definitions", "target_definitions")
        for key, value in {**defaults, **document}.items():
            if key in ("type", "spec_version", *elsewhere):
                continue
            if key not in TOP_RULES or not TOP_RULES[key][0](value):
                wrong = f"is not {TOP_RULES[key][1]}" if key in TOP_RULES else "is under a key that CACAO has not"
                self.say(pointer(key), f"{quoted(value)} {wrong}: {'a new one is made' if key in defaults else 'left out'}.")
                value = defaults.get(key)
            elif key in defaults and key not in document:
                self.say(pointer(key), "it is missing: a new one is made.")
            if value is not None:
                found[key] = value
        repair_variables(found, "playbook_variables", "", self.say)
        self.extension(found, "playbook_extensions", PLAYBOOK, "")
        return found

    def agents(self, key: str) -> Json:
        """Agents or targets under ids of the standard's form, without what it has no key for."""
        held = self.document.get(key)
        found: Json = {}
        for old, agent in held.items() if isinstance(held, dict) else ():
            place = pointer(key, old)
            if not isinstance(agent, dict) or not all(isinstance(agent.get(each), str) for each in ("type", "name")):
                self.say(place, "it has no type and name: left out.")
                continue
            kind = agent["type"]
            if AGENT_NEEDS.get(kind, "type") not in agent:
                self.say(place, f"a {kind} has «{AGENT_NEEDS[kind]}», this one has not: read as a group.")
                kind = "group"
            new = self.agent_id(old, kind, place)
            kind = type_of(new) if type_of(new) in AGENTS else kind
            allowed = (*EVERY_AGENT, *AGENTS[kind]) if kind in AGENTS else tuple(agent)
            kept = {name: each for name, each in agent.items() if name in allowed and name != "contact"}
            if left_out := [quoted(name) for name in agent if name not in kept]:
                self.say(place, f"left out: {', '.join(left_out[:10])}.")
            self.ids[old] = new
            found[new] = {**kept, "type": kind}
        return found

    def agent_id(self, old: str, kind: str, place: str) -> str:
        """The agent's id, or a new one where its form is wrong or disagrees with the type."""
        if IDENTIFIER.fullmatch(old) and (type_of(old) == kind or not {type_of(old), kind} & set(AGENTS)):
            return old
        new = self.new_id(kind if kind in AGENTS else "group", old)
        self.say(place, "its id has not the form type--UUID, or disagrees with its type: given a new one.")
        return new
