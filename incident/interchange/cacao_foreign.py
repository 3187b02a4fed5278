"""The parts of a playbook of another tool as parts of ours: phases, steps, owners, and decisions instead of conditions."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from incident.domain.responder import Role
from incident.interchange.cacao_extension import FORMAT, STEP, whole
from incident.interchange.cacao_flow import Flow
from incident.interchange.cacao_guidance import clean, guidance_of, role_of, title_of
from incident.interchange.cacao_words import BRANCHING, Json, Remark, quoted

_FALLBACK = Role.TECHNICAL_LEAD
_DECIDES = Role.COMMANDER
"""Who decides what another tool would compute."""
_LEFT_OUT = ("derived_from", "related_to", "markings", "signatures", "external_references")


def slug_of(text: str, taken: Iterable[str] = (), fallback: str = "step") -> str:
    """A name of small letters, digits and hyphens that nothing else has."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:48].strip("-") or fallback
    held = set(taken)
    number = 2
    found = slug
    while found in held:
        found = f"{slug}-{number}"
        number += 1
    return found


class ForeignReading:
    """Translates the steps of one playbook; `nobody` names the agents that stand for no role of ours."""

    def __init__(self, document: Json, flow: Flow) -> None:
        self.document, self.flow = document, flow
        self.steps: dict[str, Json] = document["workflow"]
        self.nobody: dict[str, None] = {}
        self.tops: dict[str, str] = {}

    def remarks(self) -> Iterable[Remark]:
        """What the reader should know about the translation."""
        if decided := sum(self.steps[name]["type"] in BRANCHING for name in self.flow.order):
            text = f"{decided} of its conditions became decisions of the {_DECIDES.label}; what counts when nobody answers "
            yield Remark("", f"{text}was chosen here: look at each.")
        if self.nobody:
            names = ", ".join(list(self.nobody)[:10])
            text = f"no role of ours goes by the name of {names}: their steps are the {_FALLBACK.label}'s."
            yield Remark("/agent_definitions", text)

    def playbook(self, phases: Iterable[Json], steps: Iterable[Json], *, taken: Iterable[str]) -> Json:
        """The playbook's document, with a slug that is not taken."""
        document = self.document
        title = title_of(document, "Playbook")
        return {
            "format": FORMAT,
            "slug": slug_of(title, taken, "playbook"),
            "title": title,
            "summary": clean(str(document.get("description", ""))) or f"{title}, from another tool.",
            "tags": list(dict.fromkeys(tag for each in document.get("labels", ()) if (tag := clean(each)))),
            "use_when": f"the incident is what its title says; it came from another tool as {document['id']}.",
            "not_when": "a playbook of your own fits better; nobody here has tried this one yet.",
            "version": document["modified"],
            "inherits": "",
            "closed_when": [],
            "first_checks": [],
            "pivots": [],
            "phases": list({each["slug"]: each for each in phases}.values()),
            "steps": list(steps),
        }

    def left_out(self) -> Iterable[Remark]:
        """What of the playbook is not taken over."""
        if found := [key for key in _LEFT_OUT if self.document.get(key)]:
            yield Remark("", f"not taken over: {', '.join(found)}.")

    def phases(self) -> dict[str, Json]:
        """The phase of each step: one for each stretch between branchings, and one for each branching."""
        found: dict[str, Json] = {}
        taken: dict[str, Json] = {}
        stretch = ""
        for name in self.flow.order:
            top = self.outermost(name)
            stretch = "" if top else stretch or name
            key = top or stretch
            if key not in taken:
                taken[key] = self.new_phase(top, len(taken) + 1, [each["slug"] for each in taken.values()])
            found[name] = taken[key]
        return found

    def step(self, name: str, slugs: Mapping[str, str], phase: str) -> Json:
        """A step of ours for an action or a condition."""
        step = self.steps[name]
        decides = step["type"] in BRANCHING
        fields: dict[str, Any] = whole(STEP, {"slug": slugs[name], "phase": phase, "track": "command"})
        answer = self.flow.answer[name]
        first = [f"Only if «{title_of(self.steps[answer[0]], answer[0])}» is answered: {clean(answer[1])}."] if answer else []
        return {
            **fields,
            "title": title_of(step, f"Step {slugs[name]}"),
            "guidance": self.question(step, first) if decides else guidance_of(step, self.document, first),
            "owner": (_DECIDES if decides else self.owner(step)).value,
            "after": [slugs[each] for each in self.flow.before[name]],
            "when": [],
            "decision": self.decision(step) if decides else None,
        }

    def outermost(self, name: str) -> str:
        """The branching step in which a step stands, and that in none itself; blank for a step of the main line."""
        passed = []
        while name not in self.tops:
            passed.append(name)
            within = self.flow.within[name]
            if not within or within in passed:
                self.tops[name] = name if self.steps[name]["type"] in BRANCHING else ""
                break
            name = within
        top = self.tops[name]
        self.tops.update(dict.fromkeys(passed, top))
        return top

    def new_phase(self, top: str, number: int, taken: list[str]) -> Json:
        """A phase that begins with a branching, or a stretch without one."""
        opener = self.steps[top] if top else {}
        title = title_of(opener, f"Part {number}")
        objective = " ".join(clean(str(opener.get("description") or "")).split())[:200]
        return {
            "slug": slug_of(title, taken, f"part-{number}"),
            "title": title,
            "objective": objective or "Follow the steps in order.",
        }

    def owner(self, step: Json) -> Role:
        """The role of the step's agent, or who takes what names nobody."""
        identifier = step.get("agent", "")
        agent = self.document.get("agent_definitions", {}).get(identifier, {})
        role = role_of(identifier, agent)
        if role is None and identifier:
            self.nobody[quoted(agent.get("name", identifier))] = None
        return role or _FALLBACK

    def question(self, step: Json, first: Sequence[str]) -> str:
        """What a person is asked, where another tool would compute it."""
        asked = clean(str(step.get("condition") or step.get("switch") or ""))
        said = clean(str(step.get("description") or ""))
        kind = (
            "Repeat the steps that follow while this holds"
            if step["type"] == "while-condition"
            else "Another tool would compute this"
        )
        code = asked.replace("`", "'").replace("\n", " ")
        named = f"{kind}; here a person decides." if asked == step.get("name") else f"{kind}; here a person decides: `{code}`"
        return "\n\n".join(part for part in (*first, said, named) if part)

    def decision(self, step: Json) -> Json:
        """What a person decides, with the answers that the condition knows."""
        options = [clean(each) for each in step.get("cases", ())] or ["yes", "no"]
        question = " ".join(clean(str(step.get("name") or step.get("condition") or step.get("switch"))).split())
        unique = list(dict.fromkeys(each for each in options if each))
        unique += ["none of these", "not decided"][: max(0, 2 - len(unique))]
        default = "default" if "default" in unique else unique[0]
        return {"question": question, "options": unique, "default": default, "by": _DECIDES.value, "within_seconds": None}
