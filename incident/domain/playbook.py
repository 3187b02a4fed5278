"""A playbook: the steps that lead a team through an incident, in phases, with owners, questions and targets."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from incident.domain.condition import Condition
from incident.domain.responder import Role


class Track(StrEnum):
    """Lines of work that go on in parallel."""

    COMMAND = "command"
    INVESTIGATE = "investigate"
    CONTAIN = "contain"
    NOTIFY = "notify"
    COMMUNICATE = "communicate"


@dataclass(frozen=True, slots=True)
class Target:
    """By when a step should be done: so long after an event (`declared`, or an event of `at`)."""

    within: timedelta
    after: str


@dataclass(frozen=True, slots=True)
class Decision:
    """A question that a named role decides; the default is taken, and recorded as such, when nobody answers."""

    question: str
    options: tuple[str, ...]
    default: str
    by: Role
    within: timedelta | None = None
    """How long the one who decides has, from the moment the step opens; then the default is proposed, never taken silently."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do: whose it is, by when, after what, which facts it asks, what to keep, how to undo it."""

    slug: str
    phase: str
    title: str
    guidance: str
    owner: Role
    track: Track = Track.COMMAND
    target: Target | None = None
    after: tuple[str, ...] = ()
    when: Condition | None = None
    when_text: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    drafts: tuple[str, ...] = ()
    decision: Decision | None = None
    undo: str = ""
    if_silent: str = ""
    gate: bool = False
    """Whether this step opens the privacy track."""
    tags: tuple[str, ...] = ()
    """Names in a public catalogue: `ATT&CK T1566`."""


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of the playbook with its one objective."""

    slug: str
    title: str
    objective: str


@dataclass(frozen=True, slots=True)
class Pivot:
    """Another playbook to go to, and what would show that it is the right one."""

    playbook: str
    sign: str


@dataclass(frozen=True, slots=True)
class Playbook:
    """A playbook with the steps it inherits and its own, in order."""

    slug: str
    title: str
    summary: str
    use_when: str
    not_when: str
    version: str
    phases: tuple[Phase, ...]
    steps: tuple[Step, ...]
    inherits: str = ""
    tags: tuple[str, ...] = ()
    closed_when: tuple[str, ...] = ()
    """Measurable criteria for calling it over."""
    first_checks: tuple[str, ...] = ()
    """What to look at in the first minutes, before anything else."""
    pivots: tuple[Pivot, ...] = ()

    def step(self, slug: str) -> Step | None:
        """The step with this slug, if there is one."""
        return next((each for each in self.steps if each.slug == slug), None)

    def phase(self, slug: str) -> Phase | None:
        """The phase with this slug, if there is one."""
        return next((each for each in self.phases if each.slug == slug), None)
