"""Writes a playbook as the TOML file that a person edits: complete by itself, prose first, nothing inherited."""

import json
from collections.abc import Iterable
from datetime import timedelta

from incident.domain.playbook import Decision, Playbook, Step, Track

_UNITS = ((timedelta(days=1), "d"), (timedelta(hours=1), "h"), (timedelta(minutes=1), "min"))


def playbook_toml(playbook: Playbook, *, head: str = "") -> str:
    """The file's text; what the playbook inherits is written out. `head` becomes a comment on top."""
    lines = [f"# {line}".rstrip() for line in head.splitlines()]
    for key in ("title", "summary", "use_when", "not_when", "version"):
        lines.append(f"{key} = {_text(getattr(playbook, key))}")
    for key in ("tags", "first_checks", "closed_when"):
        lines += _list(key, getattr(playbook, key))
    if playbook.pivots:
        lines += ["", "[pivots]", *(f"{_text(each.playbook)} = {_text(each.sign)}" for each in playbook.pivots)]
    for phase in playbook.phases:
        lines += ["", "[[phases]]"]
        lines += [f"{key} = {_text(getattr(phase, key))}" for key in ("slug", "title", "objective")]
    for step in playbook.steps:
        lines += ["", "[[steps]]", *_step(step)]
    return "\n".join(lines) + "\n"


def _step(step: Step) -> Iterable[str]:
    for key in ("slug", "phase", "title"):
        yield f"{key} = {_text(getattr(step, key))}"
    yield f"owner = {_text(step.owner.value)}"
    track = "" if step.track is Track.COMMAND else step.track.value
    target = f"{_span(step.target.within)} after {step.target.after}" if step.target is not None else ""
    yield from _said(track=track, target=target)
    yield from _list("after", step.after)
    yield from _list("when", step.when_text)
    yield f"guidance = {_prose(step.guidance)}"
    for key in ("asks", "evidence", "drafts", "tags"):
        yield from _list(key, getattr(step, key))
    yield from _said(undo=step.undo, if_silent=step.if_silent)
    if step.gate:
        yield "gate = true"
    if step.decision is not None:
        yield f"decision = {_decision(step.decision)}"


def _said(**texts: str) -> Iterable[str]:
    yield from (f"{key} = {_text(value)}" for key, value in texts.items() if value)


def _decision(decision: Decision) -> str:
    options = ", ".join(map(_text, decision.options))
    within = f", within = {_text(_span(decision.within))}" if decision.within is not None else ""
    said = f"question = {_text(decision.question)}, options = [{options}], default = {_text(decision.default)}"
    return f"{{ {said}, by = {_text(decision.by.value)}{within} }}"


def _span(within: timedelta) -> str:
    """`30 min`, `4 h`, `3 d`: the largest unit that it is a whole number of."""
    unit, name = next(((unit, name) for unit, name in _UNITS if not within % unit), _UNITS[-1])
    return f"{within // unit} {name}"


def _list(key: str, values: Iterable[str]) -> Iterable[str]:
    texts = [_text(each) for each in values]
    if not texts:
        return
    line = f"{key} = [{', '.join(texts)}]"
    if len(line) <= 120:
        yield line
    else:
        yield from (f"{key} = [", *(f"  {each}," for each in texts), "]")


def _text(value: str) -> str:
    """A text as TOML: JSON's texts are TOML's, but for one character that TOML wants escaped."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _prose(value: str) -> str:
    """A text over several lines, as it is read; the reader takes the line ends around it away."""
    lines = [_text(line)[1:-1].replace('\\"', '"').replace('""', '"\\"') for line in value.split("\n")]
    return '"""\n' + "\n".join(lines) + '\n"""'
