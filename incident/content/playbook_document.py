"""A playbook as a JSON document: what an incident keeps of the playbook it started with."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from incident.domain.condition_text import parse_condition
from incident.domain.playbook import Decision, Phase, Pivot, Playbook, Step, Target, Track
from incident.domain.responder import Role


def playbook_to_document(playbook: Playbook) -> dict[str, Any]:
    """The whole playbook as JSON values, inheritance resolved."""
    return {
        "format": "incident-playbook/1",
        "slug": playbook.slug,
        "title": playbook.title,
        "summary": playbook.summary,
        "use_when": playbook.use_when,
        "not_when": playbook.not_when,
        "version": playbook.version,
        "inherits": playbook.inherits,
        "tags": list(playbook.tags),
        "closed_when": list(playbook.closed_when),
        "first_checks": list(playbook.first_checks),
        "pivots": [{"playbook": each.playbook, "sign": each.sign} for each in playbook.pivots],
        "phases": [{"slug": each.slug, "title": each.title, "objective": each.objective} for each in playbook.phases],
        "steps": [_step_document(each) for each in playbook.steps],
    }


def _step_document(step: Step) -> dict[str, Any]:
    target = step.target
    decision = step.decision
    return {
        "slug": step.slug,
        "phase": step.phase,
        "title": step.title,
        "guidance": step.guidance,
        "owner": step.owner.value,
        "track": step.track.value,
        "target": {"seconds": int(target.within.total_seconds()), "after": target.after} if target else None,
        "after": list(step.after),
        "when": list(step.when_text),
        "asks": list(step.asks),
        "evidence": list(step.evidence),
        "drafts": list(step.drafts),
        "decision": {
            "question": decision.question,
            "options": list(decision.options),
            "default": decision.default,
            "by": decision.by.value,
            "within_seconds": int(decision.within.total_seconds()) if decision.within else None,
        }
        if decision
        else None,
        "undo": step.undo,
        "if_silent": step.if_silent,
        "gate": step.gate,
        "tags": list(step.tags),
    }


def playbook_from_document(document: Mapping[str, Any]) -> Playbook:
    """The playbook that a document of `playbook_to_document` describes."""
    return Playbook(
        slug=document["slug"],
        title=document["title"],
        summary=document["summary"],
        use_when=document["use_when"],
        not_when=document["not_when"],
        version=document["version"],
        phases=tuple(Phase(**each) for each in document["phases"]),
        steps=tuple(_step(each) for each in document["steps"]),
        inherits=document["inherits"],
        tags=tuple(document["tags"]),
        closed_when=tuple(document["closed_when"]),
        first_checks=tuple(document.get("first_checks", ())),
        pivots=tuple(Pivot(each["playbook"], each["sign"]) for each in document.get("pivots", ())),
    )


def _step(entry: Mapping[str, Any]) -> Step:
    target, decision, when = entry["target"], entry["decision"], entry["when"]
    return Step(
        slug=entry["slug"],
        phase=entry["phase"],
        title=entry["title"],
        guidance=entry["guidance"],
        owner=Role(entry["owner"]),
        track=Track(entry["track"]),
        target=Target(timedelta(seconds=target["seconds"]), target["after"]) if target else None,
        after=tuple(entry["after"]),
        when=parse_condition(when, where=entry["slug"]) if when else None,
        when_text=tuple(when),
        asks=tuple(entry["asks"]),
        evidence=tuple(entry["evidence"]),
        drafts=tuple(entry["drafts"]),
        decision=_decision(decision) if decision else None,
        undo=entry["undo"],
        if_silent=entry["if_silent"],
        gate=entry.get("gate", False),
        tags=tuple(entry.get("tags", ())),
    )


def _decision(entry: Mapping[str, Any]) -> Decision:
    seconds = entry.get("within_seconds")
    return Decision(
        question=entry["question"],
        options=tuple(entry["options"]),
        default=entry["default"],
        by=Role(entry["by"]),
        within=timedelta(seconds=seconds) if seconds else None,
    )
