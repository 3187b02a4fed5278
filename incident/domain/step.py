"""What was done with a step of a playbook."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

UNKNOWN = "unknown"
"""What stands in a decision's record for a fact that nobody knew."""


class StepAct(StrEnum):
    """What a responder did with a step; opening, blocking and «not applicable» are computed."""

    DONE = "done"
    SKIPPED = "skipped"
    HANDED_OVER = "handed_over"
    REOPENED = "reopened"
    UNDONE = "undone"
    """The last act was a mistake; what stood before it stands again."""


@dataclass(frozen=True, slots=True)
class StepRecord:
    """One act on a step: who, when, with which note, decision and dissent. `StepStanding` says which of them stand."""

    step: str
    state: StepAct
    by: UUID
    at: datetime
    note: str = ""
    decision: str = ""
    dissent: str = ""
    facts: Mapping[str, str] | None = None
    """On what a decision rested: the asked facts by key, in words, as they stood then; `unknown` where nobody knew."""
    defaulted: bool = False
    """Whether the default was taken because nobody decided in time."""
    to: UUID | None = None
    """To whom the step was handed over."""


@dataclass(frozen=True, slots=True)
class StepStanding:
    """What stands of all acts on one step."""

    record: StepRecord | None = None
    """The act that finished it or took it up again; an undone one no longer stands."""
    handed_to: UUID | None = None
    """Who has it, where it was handed over."""


def standing_acts(records: Iterable[StepRecord]) -> dict[str, StepStanding]:
    """What stands for each step that somebody acted upon."""
    acts: dict[str, list[StepRecord]] = {}
    handed: dict[str, UUID | None] = {}
    for record in sorted(records, key=lambda each: each.at):
        before = acts.setdefault(record.step, [])
        if record.state is StepAct.HANDED_OVER:
            handed[record.step] = record.to
        elif record.state is StepAct.UNDONE:
            before[-1:] = []
        else:
            before.append(record)
    return {step: StepStanding(found[-1] if found else None, handed.get(step)) for step, found in acts.items()}
