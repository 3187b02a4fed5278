"""The order of the steps of a CACAO workflow: which comes after which, on which answer, and within what.

A branch that is over goes on after the step that opened it; a way back to a while-condition is the end of its turn.
Everything is a loop over a list: the file may be as deep as it likes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from heapq import heappop, heappush

from incident.errors import ContentError
from incident.interchange.cacao_graph import links
from incident.interchange.cacao_words import BRANCHING, Json

_MOST_WAITS = 20_000
Answer = tuple[str, str]
"""A branching step and the answer of it that leads to another."""


@dataclass(frozen=True, slots=True)
class Way:
    """One step leads to another: on an answer, or under the answer that another step stands under."""

    before: str
    after: str
    answer: Answer | None = None
    as_of: str = ""


@dataclass(slots=True)
class Flow:
    """The steps in an order in which they can be done."""

    order: list[str] = field(default_factory=list)
    before: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The steps that are done before each, without those that only lead on."""
    answer: dict[str, Answer | None] = field(default_factory=dict)
    """The innermost answer under which a step is done, if one is needed."""
    within: dict[str, str] = field(default_factory=dict)
    """The branching step whose branches a step stands in, or blank."""


def flow_of(steps: Mapping[str, Json], start: str, *, passing: Iterable[str]) -> Flow:
    """The order of the steps that can be reached; those of `passing` only lead on and are nobody's to do."""
    flow = Flow()
    ways = _ways(steps, start, flow.within)
    into: dict[str, list[Way]] = {name: [] for name in flow.within}
    for way in ways:
        into[way.after].append(way)
    flow.order = _in_order(ways, into)
    led_on = frozenset(passing)
    done: set[str] = set()
    waits = 0
    for name in flow.order:
        found: dict[str, None] = {}
        known = [way for way in into[name] if way.before in done]
        for way in known:
            found.update(dict.fromkeys(flow.before[way.before] if way.before in led_on else (way.before,)))
        flow.before[name] = tuple(found)
        answers = {way.answer or flow.answer.get(way.as_of or way.before) for way in known}
        flow.answer[name] = answers.pop() if len(answers) == 1 else None
        done.add(name)
        waits += len(found)
        if waits > _MOST_WAITS:
            message = f"/workflow: its steps wait for each other in more than {_MOST_WAITS} ways."
            raise ContentError(message, "Let branches join in one step before others begin.")
    flow.order = [name for name in flow.order if name not in led_on]
    return flow


def _ways(steps: Mapping[str, Json], start: str, within: dict[str, str]) -> list[Way]:
    """Every way from a step to the next that is not an end; fills in what each stands within.

    What follows a branching waits for its branches, so the way past them is left out.
    """
    within[start] = ""
    waiting, ways = [start], []
    known: dict[str, tuple[str, str, str]] = {}
    for name in waiting:
        for keys, other in links(steps[name]):
            branch = str(keys[0]) not in ("on_completion", "on_success", "on_failure")
            inside = name if branch and _goes_on(steps[name]) else within[name]
            found, inside, as_of = _followed(steps, other, inside, within, known)
            if not found:
                continue
            answer = None if as_of else _answer(steps[name], name, keys)
            ways.append(Way(name, found, answer, as_of))
            if found not in within:
                within[found] = inside
                waiting.append(found)
    joined = {(way.as_of, way.after) for way in ways}
    return [way for way in ways if way.as_of or way.answer or (way.before, way.after) not in joined]


def _goes_on(step: Json) -> str:
    return str(step.get("on_completion") or step.get("on_success") or "")


def _followed(
    steps: Mapping[str, Json], other: str, inside: str, within: Mapping[str, str], known: dict[str, tuple[str, str, str]]
) -> tuple[str, str, str]:
    """Where a link leads when ends are passed: the step, what it stands within, and whose answer it stands under.

    `known` remembers where the end of a branch leads, so that many branches in each other cost no more than few.
    """
    as_of, passed = "", []
    found = "", "", ""
    for _ in range(len(steps) + 1):
        back = steps[other]["type"] == "while-condition" and other in within
        if steps[other]["type"] != "end" and not back:
            found = other, inside, as_of
            break
        opener = other if back else inside
        if opener in known:
            found = known[opener]
            break
        if not opener or not _goes_on(steps[opener]):
            break
        passed.append(opener)
        as_of, inside, other = opener, within[opener], _goes_on(steps[opener])
    known.update(dict.fromkeys(passed, found))
    return found


def _answer(step: Json, name: str, keys: tuple[str | int, ...]) -> Answer | None:
    if step["type"] not in BRANCHING:
        return (name, "failed") if keys[0] == "on_failure" else None
    words = {"on_true": "yes", "on_false": "no"}
    if keys[0] == "cases":
        return name, str(keys[1])
    return (name, words[str(keys[0])]) if keys[0] in words else None


def _in_order(ways: Iterable[Way], into: Mapping[str, list[Way]]) -> list[str]:
    """The steps so that each comes after all that lead to it; what stands in a circle comes last, as found."""
    place = {name: number for number, name in enumerate(into)}
    out: dict[str, list[str]] = {name: [] for name in into}
    for way in ways:
        out[way.before].append(way.after)
    missing = {name: len(each) for name, each in into.items()}
    ready = [place[name] for name, count in missing.items() if not count]
    names = list(into)
    order: list[str] = []
    while ready:
        name = names[heappop(ready)]
        order.append(name)
        for other in out[name]:
            missing[other] -= 1
            if not missing[other]:
                heappush(ready, place[other])
    placed = set(order)
    return order + [name for name in names if name not in placed]
