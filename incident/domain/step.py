"""What was done with a step of a playbook."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class StepAct(StrEnum):
    """What a responder did with a step; opening, blocking and «not applicable» are computed."""

    DONE = "done"
    SKIPPED = "skipped"
    HANDED_OVER = "handed_over"
    REOPENED = "reopened"


@dataclass(frozen=True, slots=True)
class StepRecord:
    """One act on a step: who, when, with which note, decision and dissent. The latest act of a step stands."""

    step: str
    state: StepAct
    by: UUID
    at: datetime
    note: str = ""
    decision: str = ""
    dissent: str = ""
