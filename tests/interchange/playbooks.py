"""Playbooks for the tests of CACAO: any that a person could write, and small ones of other tools (all invented)."""

import json
from copy import deepcopy
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from incident.domain.condition_text import parse_condition
from incident.domain.playbook import Decision, Phase, Pivot, Playbook, Step, Target, Track
from incident.domain.responder import Role

REFERENCE = Path(__file__).resolve().parents[3] / "shared" / "data"
"""The published playbooks and the schema, beside the checkout; not part of it."""

CONDITIONS = ("data.encrypted is not true", "people total >= 500", "data.elements has name|ssn", "at.aware known")
FACTS = ("at.detected", "at.aware", "account.what_happened", "data.elements", "people")
TEMPLATES = ("gdpr-authority",)

_CHARACTERS = st.characters(exclude_categories=("Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"))
_LINES = st.text(_CHARACTERS, max_size=30) | st.sampled_from(
    ('"""', '""""""', "\\", "\\n", "```", "'''", "# no", '"', "A\\u0041")
)
TEXT = _LINES.map(str.strip).filter(bool)
PROSE = st.lists(_LINES, min_size=1, max_size=4).map(lambda lines: "\n".join(lines).strip()).filter(bool)
SLUG = st.from_regex(r"[a-z0-9][a-z0-9-]{0,12}", fullmatch=True)
_TEXTS = st.lists(TEXT, max_size=3).map(tuple)
_MINUTES = st.integers(1, 60 * 24 * 40).map(lambda minutes: timedelta(minutes=minutes))
_OPTIONS = st.lists(TEXT, min_size=2, max_size=4, unique=True)


@st.composite
def _decisions(draw: st.DrawFn) -> Decision:
    options = draw(_OPTIONS)
    within = draw(st.none() | _MINUTES)
    return Decision(draw(TEXT), tuple(options), draw(st.sampled_from(options)), draw(st.sampled_from(Role)), within)


@st.composite
def _steps(draw: st.DrawFn, slug: str, phase: str, before: list[str]) -> Step:
    when = tuple(draw(st.lists(st.sampled_from(CONDITIONS), max_size=2, unique=True)))
    target = st.builds(Target, _MINUTES, st.sampled_from(("declared", "aware")))
    return Step(
        slug=slug,
        phase=phase,
        title=draw(TEXT),
        guidance=draw(PROSE),
        owner=draw(st.sampled_from(Role)),
        track=draw(st.sampled_from(Track)),
        target=draw(st.none() | target),
        after=tuple(draw(st.lists(st.sampled_from(before), max_size=3, unique=True))) if before else (),
        when=parse_condition(when, where=slug) if when else None,
        when_text=when,
        asks=tuple(draw(st.lists(st.sampled_from(FACTS), max_size=3, unique=True))),
        evidence=draw(_TEXTS),
        drafts=draw(st.sampled_from(((), TEMPLATES))),
        decision=draw(st.none() | _decisions()),
        undo=draw(st.just("") | TEXT),
        if_silent=draw(st.just("") | TEXT),
        gate=draw(st.booleans()),
        tags=draw(_TEXTS | st.just(("ATT&CK T1566", "ATLAS AML.T0051.001"))),
    )


@st.composite
def playbooks(draw: st.DrawFn) -> Playbook:
    """A sound playbook: phases in order, steps that wait for any others without a circle."""
    phases = [Phase(slug, draw(TEXT), draw(TEXT)) for slug in draw(st.lists(SLUG, min_size=1, max_size=3, unique=True))]
    slugs = draw(st.lists(SLUG, min_size=1, max_size=7, unique=True))
    steps: list[Step] = []
    for slug in slugs:
        steps.append(draw(_steps(slug, draw(st.sampled_from(phases)).slug, [each.slug for each in steps])))
    order = [each.slug for each in phases]
    pivots = draw(st.dictionaries(SLUG, TEXT, max_size=3))
    return Playbook(
        slug=draw(SLUG),
        title=draw(TEXT),
        summary=draw(TEXT),
        use_when=draw(TEXT),
        not_when=draw(TEXT),
        version=draw(TEXT),
        phases=tuple(phases),
        steps=tuple(sorted(steps, key=lambda each: order.index(each.phase))),
        inherits=draw(st.sampled_from(("", "spine"))),
        tags=tuple(dict.fromkeys(draw(_TEXTS))),
        closed_when=draw(_TEXTS),
        first_checks=draw(_TEXTS),
        pivots=tuple(Pivot(slug, sign) for slug, sign in pivots.items()),
    )


def an_id(kind: str, number: int) -> str:
    """An id of the standard's form."""
    return f"{kind}--00000000-0000-4000-8000-{number:012d}"


START, END, AGENT = an_id("start", 1), an_id("end", 1), an_id("group", 1)


def an_action(name: str, following: str, **keys: Any) -> dict[str, Any]:
    """A manual action of an invented team."""
    commands = [{"type": "manual", "command": f"{name}."}]
    return {"type": "action", "name": name, "commands": commands, "agent": AGENT, "on_completion": following, **keys}


def a_foreign_playbook(workflow: dict[str, Any] | None = None, **keys: Any) -> dict[str, Any]:
    """A sound playbook of another tool: a start, an action, an end, unless a workflow is given."""
    steps = workflow or {an_id("action", 1): an_action("Look at the log", END)}
    first = next(iter(steps))
    return deepcopy(
        {
            "type": "playbook",
            "spec_version": "cacao-2.0",
            "id": an_id("playbook", 1),
            "name": "Strange sign-ins (invented)",
            "created_by": an_id("identity", 1),
            "created": "2026-01-05T08:00:00.000Z",
            "modified": "2026-01-06T08:00:00.000Z",
            "workflow_start": START,
            "workflow": {START: {"type": "start", "on_completion": first}, **steps, END: {"type": "end"}},
            "agent_definitions": {AGENT: {"type": "group", "name": "Night shift (invented)"}},
            **keys,
        }
    )


def written(folder: Path, document: object, name: str = "foreign.json") -> Path:
    """The document as a file."""
    path = folder / name
    path.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
    return path
