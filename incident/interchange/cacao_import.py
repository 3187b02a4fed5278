"""Reads a sound CACAO playbook as a playbook of ours: with our extension equal to what was exported, else translated.

What comes from elsewhere becomes guidance for people: actions are steps, conditions are decisions, commands are text.
Nothing is run, fetched or evaluated, and credentials and contacts are not read.
"""

from collections.abc import Iterable
from typing import Any

from incident.errors import shown
from incident.interchange.cacao_extension import CONDITION, PLAYBOOK, STEP, whole
from incident.interchange.cacao_flow import flow_of
from incident.interchange.cacao_foreign import ForeignReading, slug_of
from incident.interchange.cacao_guidance import guidance_of, title_of
from incident.interchange.cacao_words import EXTENSION, Json, Remark, pointer, quoted


def playbook_document(document: Json, *, taken: Iterable[str] = ()) -> tuple[Json, tuple[Remark, ...]]:
    """The playbook's document, and what its reader should know; a foreign one gets a slug that is not `taken`."""
    reading = _Reading(document, taken)
    found = reading.playbook()
    plain = _plain(found)
    if plain != found:
        reading.say("", "characters that no screen shows were written out, as \\u202e.")
    return plain, tuple(reading.remarks)


def _plain(value: Any) -> Any:
    """A document in which every text can be printed on a terminal; lines and tabs stay."""
    if isinstance(value, str):
        lines = () if value.isprintable() else value.split("\n")
        return "\n".join("\t".join(map(shown, line.split("\t"))) for line in lines) if lines else value
    if isinstance(value, dict):
        return {_plain(key): _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list) else value


def _ours(step: Json, kind: str) -> Json | None:
    part = step.get("step_extensions", {}).get(EXTENSION)
    return part if isinstance(part, dict) and part.get("type") == kind else None


class _Reading:
    """The reading of one playbook; `slugs` names the step of ours that a step became."""

    def __init__(self, document: Json, taken: Iterable[str]) -> None:
        self.document, self.taken = document, frozenset(taken)
        self.steps: dict[str, Json] = document["workflow"]
        self.remarks: list[Remark] = []
        self.part: Json | None = document.get("playbook_extensions", {}).get(EXTENSION)
        self.slugs: dict[str, str] = {}
        self.own_steps: frozenset[str] = frozenset()
        self.when: dict[str, list[str]] = {}
        passing = [name for name, step in self.steps.items() if self.leads_on(step)]
        self.flow = flow_of(self.steps, document["workflow_start"], passing=passing)
        self.foreign = ForeignReading(document, self.flow)
        self.name_steps()

    def say(self, place: str, text: str) -> None:
        self.remarks.append(Remark(place, text))

    def playbook(self) -> Json:
        phases = (
            self.own_phases() if self.part is not None else {key: each["slug"] for key, each in self.foreign.phases().items()}
        )
        made = {self.slugs[name]: self.step(name, phases[name]) for name in self.flow.order}
        self.remarks += self.foreign.remarks()
        if self.part is not None:
            self.drop_waits(made)
            return self.own_playbook(self.part, self.in_order(made, self.part["order"]))
        self.remarks += self.foreign.left_out()
        return self.foreign.playbook(self.foreign.phases().values(), made.values(), taken=self.taken)

    def leads_on(self, step: Json) -> bool:
        """Whether a step is only a way to others, and for nobody to do."""
        if step["type"] == "if-condition" and self.part is not None and (part := _ours(step, CONDITION)):
            if part["when"]:
                self.when[step["on_true"]] = part["when"]
            return True
        return step["type"] in ("start", "parallel", "end")

    def name_steps(self) -> None:
        """Ours keep their slugs; a copy of one, and what comes from elsewhere, gets a slug of its own."""
        taken: set[str] = set()
        for name in self.flow.order:
            part = _ours(self.steps[name], STEP) if self.part is not None else None
            if part is not None and part["slug"] not in taken:
                self.slugs[name] = part["slug"]
                taken.add(part["slug"])
        self.own_steps = frozenset(self.slugs)
        for number, name in enumerate(self.flow.order, 1):
            if name not in self.slugs:
                self.slugs[name] = slug_of(title_of(self.steps[name], ""), taken, f"step-{number}")
                taken.add(self.slugs[name])

    def own_playbook(self, part: Json, steps: list[Json]) -> Json:
        document = self.document
        held = whole(PLAYBOOK, part)
        del held["order"]
        texts = {"title": document["name"], "summary": document.get("description", "")}
        return {**held, **texts, "tags": list(document.get("labels", ())), "steps": steps}

    def own_phases(self) -> dict[str, str]:
        """The phase of each step by its slug; a step from elsewhere is in the phase of what it comes after."""
        found: dict[str, str] = {}
        for name in self.flow.order:
            if name in self.own_steps:
                found[name] = self.steps[name]["step_extensions"][EXTENSION]["phase"]
            else:
                before = [found[each] for each in self.flow.before[name] if each in found]
                found[name] = before[-1] if before else self.first_phase()
        return found

    def first_phase(self) -> str:
        return str(self.part["phases"][0]["slug"]) if self.part is not None else ""

    def step(self, name: str, phase: str) -> Json:
        return self.own(name, self.steps[name]) if name in self.own_steps else self.foreign.step(name, self.slugs, phase)

    def own(self, name: str, step: Json) -> Json:
        fields = whole(STEP, step["step_extensions"][EXTENSION])
        commands = step["commands"]
        plain = len(commands) == 1 and commands[0]["type"] == "manual" and "command" in commands[0]
        return {
            **fields,
            "title": step.get("name", fields["slug"]),
            "guidance": commands[0]["command"] if plain else guidance_of({**step, "description": ""}, self.document, ()),
            "owner": self.foreign.owner(step).value,
            "when": list(self.when.get(name, ())),
        }

    def drop_waits(self, made: dict[str, Json]) -> None:
        """A step that was taken out elsewhere is waited for no more."""
        for slug, step in made.items():
            gone = [each for each in step["after"] if each not in made]
            if gone:
                step["after"] = [each for each in step["after"] if each in made]
                self.say(
                    pointer("workflow", slug),
                    f"it waited for {', '.join(map(quoted, gone[:10]))}, which is not there any more.",
                )

    def in_order(self, made: dict[str, Json], order: Iterable[str]) -> list[Json]:
        """Our steps in the order in which they were exported; one that somebody added follows what it comes after."""
        kept = [slug for slug in dict.fromkeys(order) if slug in made]
        held = set(kept)
        previous = ""
        for name in self.flow.order:
            slug = self.slugs[name]
            if slug not in held:
                kept.insert(kept.index(previous) + 1 if previous else 0, slug)
                held.add(slug)
                if name not in self.own_steps:
                    self.say(pointer("workflow", name), f"«{made[slug]['title']}» was added elsewhere: taken in as a step.")
            previous = slug
        return [made[slug] for slug in kept]
