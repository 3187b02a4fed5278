"""A playbook as a JSON document (kept with the incident that started with it) and as a page to read."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from incident.domain.condition_text import parse_condition
from incident.domain.playbook import Decision, Phase, Playbook, Step, Target, Track
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
        }
        if decision
        else None,
        "undo": step.undo,
        "if_silent": step.if_silent,
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
        decision=Decision(decision["question"], tuple(decision["options"]), decision["default"], Role(decision["by"]))
        if decision
        else None,
        undo=entry["undo"],
        if_silent=entry["if_silent"],
    )


def playbook_text(playbook: Playbook) -> str:
    """The playbook as a Markdown page for reading and printing."""
    lines = [f"# {playbook.title}", "", playbook.summary, "", f"**Use it when** {playbook.use_when}", ""]
    lines += [f"**Not when** {playbook.not_when}", ""]
    for phase in playbook.phases:
        steps = [each for each in playbook.steps if each.phase == phase.slug]
        if steps:
            lines += [f"## {phase.title}", "", f"*{phase.objective}*", ""]
            for step in steps:
                lines += _step_text(step)
    if playbook.closed_when:
        lines += ["## Closed when", "", *(f"- {each}" for each in playbook.closed_when), ""]
    return "\n".join(lines)


def _step_text(step: Step) -> list[str]:
    by = f", within {_span(step.target)}" if step.target else ""
    lines = [f"### {step.title}", "", f"{step.owner.label}{by} · `{step.slug}`", "", step.guidance, ""]
    for label, text in (
        ("Only if", " and ".join(step.when_text)),
        ("After", ", ".join(step.after)),
        ("Find out", ", ".join(step.asks)),
        ("Keep", "; ".join(step.evidence)),
        ("Draft", ", ".join(step.drafts)),
        ("Decide", f"{step.decision.question} ({' / '.join(step.decision.options)})" if step.decision else ""),
        ("If nobody answers", step.if_silent),
        ("To undo", step.undo),
    ):
        if text:
            lines.append(f"- **{label}:** {text}")
    return [*lines, ""]


def _span(target: Target) -> str:
    minutes = int(target.within.total_seconds() // 60)
    amount = f"{minutes} min" if minutes < 120 else f"{minutes // 60} h" if minutes < 2880 else f"{minutes // 1440} d"
    return f"{amount} of {target.after.replace('_', ' ')}"
