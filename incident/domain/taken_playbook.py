"""A playbook that a running incident took up: a second one joined it, or the first was brought to a newer version."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from incident.domain.playbook import Playbook


class TakenAs(StrEnum):
    """How a playbook came into a running incident."""

    JOINED = "joined"
    """Beside what was there: the steps both have are asked once."""
    ADOPTED = "adopted"
    """In place of an earlier version of the same playbook."""


@dataclass(frozen=True, slots=True)
class TakenPlaybook:
    """A playbook as it stood when the incident took it up, who did so and why."""

    taken_as: TakenAs
    playbook: Playbook
    reason: str
    at: datetime
    by: str
    """The responder's name."""
