"""The gate: one decision that says whether people's data are involved, and which steps a «no» closes.

What closes is only what is about people's data. Steps for other clocks, insurers, partners and the police stay, and so
does every step that is done. The law's clocks are reckoned from the facts and are not touched by this decision.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from incident.domain.condition import evaluate, keys_of
from incident.domain.facts import Facts
from incident.domain.guide_times import Addition, Known, came_back
from incident.domain.playbook import Step, Track
from incident.domain.step import StepAct, StepRecord, StepStanding

_ABOUT_PEOPLE = ("people", "risk.", "data.")
"""Beginnings of the facts that only a breach of people's data makes matter."""
_NOTICES_TO_PEOPLE = ("gdpr-", "hipaa-", "hhs-", "us-", "ca-opc", "au-oaic", "uk-ico", "authority", "individuals")
_OTHER_NOTICES = ("us-sec-8k", "us-ny-dfs")
"""Notices that other laws ask whether or not people's data are involved."""


@dataclass(frozen=True, slots=True)
class ClosedGate:
    """The decision that closed the gate."""

    step: str
    record: StepRecord


def closing_option(step: Step) -> str:
    """The answer of a gate that closes it: the last one, unless that is the default; empty when none does."""
    decision = step.decision
    if not step.gate or decision is None or decision.options[-1] == decision.default:
        return ""
    return decision.options[-1]


def closed_gate(
    steps: Iterable[Step], acts: Mapping[str, StepStanding], additions: Mapping[str, Addition], known: Known, facts: Facts
) -> ClosedGate | None:
    """The decision that closed the gate; None while it is open. Of several gates every one that applies must be closed."""
    found = None
    for step in steps:
        if not step.gate or (step.when is not None and evaluate(step.when, facts).value is False):
            continue
        record = acts.get(step.slug, StepStanding()).record
        closed = record is not None and record.state is StepAct.DONE and record.decision == closing_option(step) != ""
        if record is None or not closed or came_back(step, record, additions.get(step.slug), known) is not None:
            return None
        if found is None or record.at > found.record.at:
            found = ClosedGate(step.slug, record)
    return found


def behind_gate(steps: Sequence[Step]) -> frozenset[str]:
    """Slugs of the steps that a closed gate makes not applicable; `steps` in the order of `after`.

    Those of the lines `notify` and `communicate` that begin a notice about people's data, or whose question or condition
    reads whose data, which data or which risk; and those of `communicate` that wait only for such steps. A step that
    begins a notice of another kind stays.
    """
    behind: set[str] = set()
    for step in steps:
        if step.gate or step.track not in (Track.NOTIFY, Track.COMMUNICATE):
            continue
        reads = (*step.asks, *(keys_of(step.when) if step.when is not None else ()))
        follows = step.track is Track.COMMUNICATE and bool(step.after) and behind.issuperset(step.after)
        about = any(key.startswith(_ABOUT_PEOPLE) for key in reads) or bool(step.drafts) or follows
        if about and all(_about_people(draft) for draft in step.drafts):
            behind.add(step.slug)
    return frozenset(behind)


def _about_people(draft: str) -> bool:
    """Whether a notice is one about people's data; of one that nobody here knows that is not assumed."""
    return draft.startswith(_NOTICES_TO_PEOPLE) and draft not in _OTHER_NOTICES
