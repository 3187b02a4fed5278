"""Repairs the way through a workflow whose steps are sound: one start, ends where nothing follows, no circles."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid5

from incident.errors import shown
from incident.interchange.cacao_graph import Link, circles, ending, links, reachable, roots
from incident.interchange.cacao_step_repair import NOWHERE
from incident.interchange.cacao_words import NAMESPACE, Json, Remark, pointer


def rewire(document: Json, remarks: list[Remark]) -> Json:
    """The playbook with a way from one start through every step that can be reached to an end."""
    _Wiring(document, remarks).repair()
    return document


class _Wiring:
    """The wiring of one playbook while it is repaired."""

    def __init__(self, document: Json, remarks: list[Remark]) -> None:
        self.document, self.remarks = document, remarks
        self.steps: dict[str, Json] = document["workflow"]
        self.end = ""

    def say(self, place: str, text: str) -> None:
        """Note a repair."""
        self.remarks.append(Remark(place, text))

    def name(self, identifier: str) -> str:
        """A step's name, as a message shows it."""
        return shown(str(self.steps[identifier].get("name") or identifier), longest=100)

    def repair(self) -> None:
        """Repair what can be repaired, in an order in which no repair undoes another."""
        for identifier, step in tuple(self.steps.items()):
            for keys, other in links(step):
                if other == identifier:
                    self.say(pointer("workflow", identifier, *keys), "it names itself as the next: the way ends here.")
                if other in (identifier, NOWHERE):
                    self.lead(identifier, keys)
        self.repair_start()
        for identifier, (keys, other) in circles({each: links(step) for each, step in self.steps.items()}, self.steps):
            text = f"it leads back to «{self.name(other)}» without a while-condition: the way ends here."
            self.say(pointer("workflow", identifier, *keys), text)
            self.lead(identifier, keys)
        self.leave_out_unreached()
        self.repair_endless()

    def lead(self, identifier: str, keys: Sequence[str | int]) -> None:
        """Let a link lead to the end."""
        held: Any = self.steps[identifier]
        for key in keys[:-1]:
            held = held[key]
        held[keys[-1]] = self.ended()

    def ended(self) -> str:
        """The end step of the repair."""
        if not self.end:
            self.end = f"end--{uuid5(NAMESPACE, self.document['id'] + '/end')}"
            self.steps.setdefault(self.end, {"type": "end", "name": "End"})
        return self.end

    def repair_start(self) -> None:
        """One start, that nothing leads back to; the others are left out."""
        starts = [each for each, step in self.steps.items() if step["type"] == "start"]
        first = self.document["workflow_start"]
        if not starts:
            starts = [self.new_start(first)]
        elif first not in starts:
            self.say("/workflow_start", "it names no start step: the first start is taken.")
        start = self.document["workflow_start"] = first if first in starts else starts[0]
        for identifier, step in tuple(self.steps.items()):
            for keys, other in links(step):
                if other in starts:
                    self.say(pointer("workflow", identifier, *keys), "it leads back to a start: the way ends here.")
                    self.lead(identifier, keys)
        for other in starts:
            if other != start:
                self.say(pointer("workflow", other), "a second start: left out.")
                del self.steps[other]

    def new_start(self, first: str) -> str:
        """A start before the step that the file begins with, else before the first that nothing leads to."""
        if first not in self.steps:
            led_to = {other for step in self.steps.values() for _, other in links(step)}
            first = next((each for each in self.steps if each not in led_to), next(iter(self.steps)))
        self.say("/workflow", f"there is no start step: one is put before «{self.name(first)}».")
        start = f"start--{uuid5(NAMESPACE, self.document['id'] + '/start')}"
        self.steps[start] = {"type": "start", "name": "Start", "on_completion": first}
        return start

    def leave_out_unreached(self) -> None:
        """Leave out the steps that no way leads to."""
        edges: dict[str, list[Link]] = {each: links(step) for each, step in self.steps.items()}
        reached = reachable(edges, roots(self.document, self.steps))
        for identifier in [each for each in self.steps if each not in reached]:
            self.say(pointer("workflow", identifier), f"«{self.name(identifier)}» cannot be reached from the start: left out.")
            del self.steps[identifier]

    def repair_endless(self) -> None:
        """What only a while-condition keeps going comes to an end after it."""
        for identifier, step in tuple(self.steps.items()):
            if step["type"] not in ("end", "start") and not links(step):
                step["on_completion"] = self.ended()
                self.say(pointer("workflow", identifier), "it leads nowhere: the way ends here.")
        ends = [each for each, step in self.steps.items() if step["type"] == "end"]
        over = ending({each: links(step) for each, step in self.steps.items()}, ends)
        for identifier, step in tuple(self.steps.items()):
            if identifier not in over and step["type"] == "while-condition" and "on_completion" not in step:
                step["on_completion"] = self.ended()
                self.say(pointer("workflow", identifier), "no way leads out of it: it ends when its condition fails.")
