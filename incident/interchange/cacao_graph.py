"""Checks what CACAO's schema cannot: that the workflow is one that somebody can walk from its start to an end.

One start; every reference names something that is there; every step can be reached; a circle only through a
while-condition; every way ends. Every walk is a loop over a list, so a long or deep playbook overflows nothing.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from incident.interchange.cacao_words import BRANCHES, BRANCHING, LINKS, STEPS, Faults, Json, pointer, quoted

Link = tuple[tuple[str | int, ...], str]
"""The keys within a step that say where it leads, and the other step."""
Edges = Mapping[str, list[Link]]


def links(step: Mapping[str, Any]) -> list[Link]:
    """Every reference of a step to another step."""
    found: list[Link] = [((key,), step[key]) for key in (*LINKS, *BRANCHES) if isinstance(step.get(key), str)]
    found += [(("next_steps", number), each) for number, each in enumerate(step.get("next_steps", ()))]
    return found + [(("cases", name), each) for name, each in step.get("cases", {}).items()]


def can_be_walked(document: Json) -> bool:
    """Whether the steps are sound enough to follow them, whatever else is wrong."""
    steps = document.get("workflow")
    if not isinstance(steps, dict) or not isinstance(document.get("workflow_start"), str):
        return False
    return all(isinstance(each, dict) and str(each.get("type")) in STEPS and _leads_by_names(each) for each in steps.values())


def _leads_by_names(step: Json) -> bool:
    said, cases = step.get("next_steps", []), step.get("cases", {})
    if not isinstance(said, list) or not isinstance(cases, dict) or not isinstance(step.get("targets", []), list):
        return False
    return all(isinstance(each, str) for each in (*said, *cases.values(), *step.get("targets", [])))


def check_graph(document: Json, faults: Faults) -> None:
    """Every fault of a workflow that can be walked."""
    steps: dict[str, Json] = document["workflow"]
    edges = {identifier: links(step) for identifier, step in steps.items()}
    _check_start(document, steps, faults)
    _check_references(document, edges, faults)
    sound = {name: [each for each in edges[name] if each[1] in steps and each[1] != name] for name in steps}
    back = circles(sound, steps)
    for name, (keys, _) in back:
        mend = "Lead on to the next step, or repeat by a while-condition."
        faults.add(
            _at(name) + pointer(*keys), f"{_named(steps, name)} leads back into a circle without a while-condition.", mend
        )
    reached = reachable(sound, roots(document, steps))
    for name in steps:
        if name not in reached and document.get("workflow_start") in steps:
            faults.add(_at(name), f"{_named(steps, name)} cannot be reached from the start.", "Lead to it, or take it out.")
    stopped = {name for name, out in edges.items() if len(out) != len(sound[name])} | {name for name, _ in back}
    _check_ends(steps, sound, reached, stopped, faults)


def _at(identifier: str) -> str:
    return pointer("workflow", identifier)


def _named(steps: Mapping[str, Json], identifier: str) -> str:
    name = steps[identifier].get("name")
    return f"the step {quoted(name)} ({quoted(identifier)[1:-1]})" if name else f"the step {quoted(identifier)[1:-1]}"


def roots(document: Json, steps: Mapping[str, Json]) -> list[str]:
    """Where a walk begins: at the start, and at the step for exceptions."""
    named = (document.get("workflow_start"), document.get("workflow_exception"))
    return [each for each in named if isinstance(each, str) and each in steps]


def _check_start(document: Json, steps: Mapping[str, Json], faults: Faults) -> None:
    starts = [name for name, step in steps.items() if step["type"] == "start"]
    first = document["workflow_start"]
    if not starts:
        faults.add("/workflow", "there is no start step.", "Add one that leads to the first step, or try --lenient.")
    for extra in starts[1:]:
        faults.add(_at(extra), f"{_named(steps, extra)} is a second start.", "Keep one start, or try --lenient.")
    if first not in steps:
        faults.add("/workflow_start", f"{quoted(first)} is not in the workflow.", "Name the start step.")
    elif steps[first]["type"] != "start":
        faults.add(
            "/workflow_start", f"{_named(steps, first)} is of type {steps[first]['type']}, no start.", "Name the start step."
        )
    exception = document.get("workflow_exception")
    if exception is not None and exception not in steps:
        faults.add("/workflow_exception", f"{quoted(exception)} is not in the workflow.", "Name a step, or take the key out.")


def _check_references(document: Json, edges: Edges, faults: Faults) -> None:
    steps: dict[str, Json] = document["workflow"]
    for name, out in edges.items():
        for keys, other in out:
            place = _at(name) + pointer(*keys)
            if other == name:
                message = f"{_named(steps, name)} names itself as the next."
                faults.add(place, message, "Name the step that follows, or an end step.")
            elif other not in steps:
                message = f"{_named(steps, name)} leads to {quoted(other)}, which is not in the workflow."
                faults.add(place, message, "Name a step that is there, or try --lenient.")
            elif steps[other]["type"] == "start":
                faults.add(place, f"{_named(steps, name)} leads back to the start.", "Name another step.")
    for name in steps:
        _check_actors(name, document, faults)


def _check_actors(name: str, document: Json, faults: Faults) -> None:
    """Whether those who act and what they act on are defined."""
    steps: dict[str, Json] = document["workflow"]
    step = steps[name]
    agent = step.get("agent")
    if step["type"] == "action" and isinstance(agent, str) and agent not in _defined(document, "agent_definitions"):
        message = f"the agent {quoted(agent)} of {_named(steps, name)} is not defined."
        faults.add(f"{_at(name)}/agent", message, "Define it in agent_definitions, or try --lenient.")
    for number, target in enumerate(step.get("targets", ())):
        if target not in _defined(document, "target_definitions"):
            message = f"the target {quoted(target)} of {_named(steps, name)} is not defined."
            faults.add(f"{_at(name)}/targets/{number}", message, "Define it in target_definitions, or try --lenient.")


def _defined(document: Json, key: str) -> Collection[str]:
    held = document.get(key)
    return held if isinstance(held, dict) else ()


def circles(edges: Edges, steps: Mapping[str, Json]) -> list[tuple[str, Link]]:
    """The links (each with its step) that lead back into a circle that no while-condition stands in."""
    found: list[tuple[str, Link]] = []
    done: set[str] = set()
    for first in steps:
        path: dict[str, int] = {}
        waiting = [first] if first not in done else []
        while waiting:
            name = waiting[-1]
            if name in done or steps[name]["type"] == "while-condition":
                done.add(waiting.pop())
                continue
            position = path.get(name, 0)
            if position == len(edges[name]):
                done.add(waiting.pop())
                path.pop(name, None)
                continue
            path[name] = position + 1
            _, other = edges[name][position]
            if other in path:
                found.append((name, edges[name][position]))
            elif other not in done:
                waiting.append(other)
    return found


def reachable(edges: Edges, first: Iterable[str]) -> set[str]:
    """Every step that a walk from these comes to."""
    reached = set(first)
    waiting = list(reached)
    while waiting:
        for _, other in edges[waiting.pop()]:
            if other not in reached:
                reached.add(other)
                waiting.append(other)
    return reached


def ending(edges: Edges, ends: Collection[str]) -> set[str]:
    """Every step from which an end can be reached."""
    back: dict[str, list[Link]] = {name: [] for name in edges}
    for name, out in edges.items():
        for keys, other in out:
            back[other].append((keys, name))
    return reachable(back, ends)


def _check_ends(
    steps: Mapping[str, Json], edges: Edges, reached: Collection[str], stopped: Collection[str], faults: Faults
) -> None:
    """Every way ends; one that is `stopped` by a fault already named is not named again for each step before it."""
    ends = [name for name, step in steps.items() if step["type"] == "end"]
    if not ends:
        faults.add("/workflow", "there is no end step.", "Add one and lead to it, or try --lenient.")
        return
    over = ending(edges, [*ends, *stopped])
    for name in steps:
        if name in reached and name not in over:
            faults.add(_at(name), f"no way from {_named(steps, name)} comes to an end.", "Lead on to an end step.")
        elif name in reached and steps[name]["type"] in BRANCHING and not edges[name]:
            faults.add(_at(name), f"{_named(steps, name)} leads nowhere.", "Name what follows.")
