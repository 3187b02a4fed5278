"""Makes a sound step of one that is nearly CACAO; used by `cacao_repair`, which knows the playbook around it."""

from collections.abc import Mapping
from typing import Any

from incident.domain.responder import Role
from incident.interchange.cacao_rules import STEP_RULES
from incident.interchange.cacao_words import (
    BRANCHES,
    BRANCHING,
    COMMANDS,
    COMMON,
    EVERY_COMMAND,
    LINKS,
    NAMESPACE,
    STEPS,
    Json,
    Remark,
    agent_of,
    pointer,
    quoted,
)

_OLD_KEYS = {"next_step": "on_completion", "next": "on_completion", "on_true_step": "on_true", "on_false_step": "on_false"}
_UNKNOWN = Role.TECHNICAL_LEAD
"""Who takes a step that names nobody."""
_NO_TEXTS = ("headers", "external_references")
"""What a command may have beside texts."""
NOWHERE = f"end--{NAMESPACE}"
"""Stands for «nothing follows here» until the wiring is repaired, which makes the end step itself."""


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _table(value: Any) -> Json:
    return value if isinstance(value, dict) else {}


class StepRepair:
    """Repairs the steps of one playbook, with the ids, agents and targets that it has."""

    def __init__(self, ids: Mapping[str, str], agents: Json, targets: Json, remarks: list[Remark]) -> None:
        self.ids, self.agents, self.targets, self.remarks = ids, agents, targets, remarks
        self.place = ""

    def say(self, text: str, *keys: object) -> None:
        """Note a repair at the step or a key of it."""
        self.remarks.append(Remark(self.place + pointer(*keys), text))

    def step(self, identifier: str, raw: Mapping[str, Any], place: str) -> Json:
        """The step with every key that its type needs, and none that it has not."""
        self.place = place
        kind = str(raw["type"])
        needed, perhaps = STEPS[kind]
        said = self.renamed(raw)
        made: Json = {"type": kind}
        for key, value in said.items():
            if key == "type":
                continue
            if key in (*COMMON, *needed, *perhaps):
                made[key] = value
            elif key != "implemented_by" or kind != "action":
                self.say(f"{quoted(key)} is no key of a step of type {kind}: left out.", key)
        self.repair_links(kind, made)
        if kind == "action":
            self.repair_action(made, raw)
        elif kind in BRANCHING:
            self.repair_branches(kind, made)
        elif kind == "playbook-action" and not STEP_RULES["playbook_id"][0](made.get("playbook_id")):
            self.say("it names no playbook by an id: read as an action.")
            made = {key: each for key, each in made.items() if key not in ("playbook_id", "playbook_version")}
            made["type"] = "action"
            self.repair_action(made, raw)
        return made

    def renamed(self, raw: Mapping[str, Any]) -> Json:
        """The step under the standard's own keys."""
        said: Json = {}
        for key, value in raw.items():
            new = "cases" if key == "conditions" and isinstance(value, dict) else _OLD_KEYS.get(key, key)
            if new != key:
                self.say(f"read as «{new}».", key)
            said.setdefault(new, value)
        return said

    def link(self, value: Any, *keys: object) -> str:
        """The step that a reference names, or nowhere."""
        if isinstance(value, str) and value in self.ids:
            return self.ids[value]
        self.say(f"{quoted(value)} is not in the workflow: the way ends here.", *keys)
        return NOWHERE

    def repair_links(self, kind: str, made: Json) -> None:
        """Keep one way on, to a step that is there."""
        said = [key for key in LINKS if key in made]
        allowed = () if kind == "end" else ("on_completion",) if "on_completion" in said or kind == "start" else LINKS
        for key in said:
            if key in allowed:
                made[key] = self.link(made[key], key)
            else:
                del made[key]
                self.say(
                    "a second way on beside the first: left out." if allowed else "an end step goes nowhere: left out.", key
                )
        if "on_failure" in made and "on_success" not in made:
            made["on_success"] = NOWHERE
        if kind in ("start", "action", "playbook-action") and not any(key in made for key in LINKS):
            made["on_completion"] = NOWHERE
            self.say("nothing comes after it: the way ends here.")

    def repair_action(self, made: Json, raw: Mapping[str, Any]) -> None:
        """Give it a command, an agent that is defined, and targets that are."""
        kept = [each for each in map(self.command, _list(made.get("commands"))) if each]
        if not kept:
            text = str(made.get("description") or made.get("name") or "Do what the step's name says.")
            kept = [{"type": "manual", "command": text}]
            self.say("it has no command: its text becomes a manual one.", "commands")
        made["commands"] = kept
        agent = made.get("agent")
        agent = self.ids.get(agent, agent) if isinstance(agent, str) else None
        made["agent"] = agent if agent in self.agents else self.somebody(made, raw)
        if "targets" in made:
            made["targets"] = self.kept_targets(made["targets"])
            if not made["targets"]:
                del made["targets"]

    def command(self, command: Any) -> Json:
        """A command with the keys it may have; empty when it says nothing to do."""
        kind = command.get("type") if isinstance(command, dict) else None
        if not isinstance(kind, str):
            return {}
        if kind not in COMMANDS:
            return dict(command)
        allowed = (*EVERY_COMMAND, *COMMANDS[kind])
        kept = {key: each for key, each in command.items() if key in allowed and (key in _NO_TEXTS or isinstance(each, str))}
        if left_out := [quoted(key) for key in command if key not in kept]:
            self.say(f"left out of the {kind} command: {', '.join(left_out[:10])}.", "commands")
        return kept if {"command", "command_b64"} & set(kept) else {}

    def somebody(self, made: Json, raw: Mapping[str, Any]) -> str:
        """The agent of a step that names none: what carries it out elsewhere, else our technical lead."""
        found = agent_of(_UNKNOWN)
        self.agents.setdefault(found, {"type": "group", "name": _UNKNOWN.label})
        said = f"{quoted(made['agent'])} is not defined" if "agent" in made else "it names nobody who does it"
        by = raw.get("implemented_by")
        by = f" (there: {quoted(by['name'])})" if isinstance(by, dict) and isinstance(by.get("name"), str) else ""
        self.say(f"{said}{by}: given to the {_UNKNOWN.label}.", "agent")
        return found

    def kept_targets(self, targets: Any) -> list[str]:
        """The targets that are defined, as a target or at least as an agent."""
        kept = []
        for number, target in enumerate(_list(targets)):
            new = self.ids.get(target, target) if isinstance(target, str) else ""
            if new not in self.targets and new in self.agents:
                self.targets[new] = self.agents[new]
                self.say("it is defined as an agent only: as a target, too.", "targets", number)
            if new in self.targets:
                kept.append(new)
            else:
                self.say(f"{quoted(target)} is not defined: left out.", "targets", number)
        return kept

    def repair_branches(self, kind: str, made: Json) -> None:
        """Give it what it asks and where each answer leads."""
        for key in BRANCHES:
            if key in made:
                made[key] = self.link(made[key], key)
        if kind in ("if-condition", "while-condition"):
            self.ask("condition", made)
            made.setdefault("on_true", NOWHERE)
        elif kind == "switch-condition":
            self.ask("switch", made)
            cases = _table(made.get("cases"))
            made["cases"] = {name: self.link(each, "cases", name) for name, each in cases.items()} or {"default": NOWHERE}
        else:
            found = [self.link(each, "next_steps", number) for number, each in enumerate(_list(made.get("next_steps")))]
            if len(found) < 2:
                self.say("it has fewer than two branches: filled up with ends.", "next_steps")
            made["next_steps"] = [*found, *[NOWHERE] * (2 - len(found))]

    def ask(self, key: str, made: Json) -> None:
        """Take what it asks from its name where it is missing."""
        if not isinstance(made.get(key), str):
            made[key] = str(made.get("name") or "not said")
            self.say("it is missing: taken from the step's name.", key)
