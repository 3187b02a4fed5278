"""The guide beside writing its answer as JSON: fourteen playbooks at once, sixty open steps, and ten thousand in a chain."""

import json
from dataclasses import replace
from datetime import timedelta

from incident.cli.output import plain
from incident.domain.guide import Situation, guide
from incident.domain.playbook import Playbook, Step
from incident.domain.playbook_join import joined
from incident.domain.playbook_search import search
from incident.domain.responder import Role
from incident.usecases.catalogue import catalogue
from tests.bench import NOW, TWENTY_PLACES, show, took


def guide_bench() -> None:
    """How long the guide takes, and how it grows."""
    found = catalogue()
    playbooks = tuple(found.playbooks.values())
    whole = joined(playbooks)
    facts = found.law.facts(TWENTY_PLACES, source="bench")
    situation = Situation(facts, frozenset(facts.values), (), {}, NOW - timedelta(hours=4), {}, NOW)
    answer = guide(whole, situation)
    text = took(lambda: json.dumps(plain(answer.steps)), 20)
    name = f"guide of {len(playbooks)} playbooks, {len(answer.open_steps)} of {len(whole.steps)} steps open"
    show(name, took(lambda: guide(whole, situation), 60), "json.dumps of its steps", text)
    show("joining them into one", took(lambda: joined(playbooks), 20), "json.dumps of its steps", text)
    show("searching all guidance", took(lambda: search(playbooks, "backup log"), 20), "json.dumps of its steps", text)
    few, many = (took(lambda: guide(_chain(whole, count), situation), 3) for count in (1_000, 10_000))  # noqa: B023
    print(f"10,000 : 1,000 steps in a chain: time {many / few:.1f}× (10 is linear)")


def _chain(playbook: Playbook, count: int) -> Playbook:
    step = Step("s0", playbook.phases[0].slug, "Do it", "Do it.", Role.SCRIBE)
    steps = (replace(step, slug=f"s{n}", after=(f"s{n + 1}",) if n + 1 < count else ()) for n in range(count))
    return replace(playbook, steps=tuple(steps))
