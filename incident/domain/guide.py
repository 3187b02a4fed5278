"""The guide: where each step stands and what the next right thing is, computed from acts, facts and time.

A condition that a fact leaves open never makes a step not applicable: the step waits and names the fact. A fact
that changes after a step was done, or that makes a step apply again, puts it back on the list and says why. A default
is proposed when the time to decide is over; nobody but a person takes it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from incident.domain.answer import moment_text
from incident.domain.condition import Outcome, Tested, evaluate
from incident.domain.facts import Facts
from incident.domain.guide_gate import behind_gate, closed_gate
from incident.domain.guide_people import Cast, Owner, owner_of
from incident.domain.guide_times import Addition, Known, came_back, opened_at, settled_at, target_of
from incident.domain.playbook import Phase, Playbook, Step, Track
from incident.domain.responder import Role
from incident.domain.step import StepAct, StepRecord, StepStanding, standing_acts
from incident.domain.step_order import in_order


class StepState(StrEnum):
    """Where a step stands."""

    OPEN = "open"
    BLOCKED = "blocked"
    WAITING_FOR_FACT = "waiting_for_fact"
    DONE = "done"
    SKIPPED = "skipped"
    NOT_APPLICABLE = "not_applicable"


FINISHED = frozenset({StepState.DONE, StepState.SKIPPED, StepState.NOT_APPLICABLE})
"""The states after which steps that wait for this one may begin."""


@dataclass(frozen=True, slots=True)
class GuideStep:
    """One step as it stands now."""

    step: Step
    state: StepState
    holder: str
    """Who has it: whom it was handed to, else who holds the owner's role; empty: nobody, a gap."""
    target_at: datetime | None
    overdue: bool
    waits_for: tuple[str, ...]
    """Titles of steps, or keys of facts, that it waits for."""
    asks_unknown: tuple[str, ...]
    reasons: tuple[Tested, ...]
    record: StepRecord | None
    reopened: str = ""
    """Why a step that was finished is on the list again."""
    opened_at: datetime | None = None
    """Since when it can be done; None while it cannot."""
    owner: Owner = Owner()
    """Who has it, who stands in for them and why."""
    decider: str = ""
    """Who decides, where it is a decision; empty: nobody, a gap."""
    decide_by: datetime | None = None
    """Until when the one who decides has time; None: no decision, or no time was set."""
    default_proposed: bool = False
    """The time to decide is over: the default may be recorded, by a person."""
    waits_for_steps: tuple[str, ...] = ()
    """Slugs of the steps that it waits for."""
    closed: str = ""
    """The gate's decision that makes it not apply: `the gate: technical incident only, decided by Ana at …`."""
    decider_id: UUID | None = None
    decided_by: str = ""
    """Who decided, where it is a decision that was taken."""
    target_moved: bool = False
    """The target would have passed before the incident was declared, so it counts from the declaration."""


@dataclass(frozen=True, slots=True)
class PhaseProgress:
    """How far one phase has come: steps finished, and steps that apply."""

    phase: Phase
    finished: int
    applying: int


@dataclass(frozen=True, slots=True)
class Guide:
    """A playbook as it stands for one incident."""

    playbook: Playbook
    steps: tuple[GuideStep, ...]

    @property
    def open_steps(self) -> tuple[GuideStep, ...]:
        """What can be done now: overdue first, then by target, then in the playbook's order."""
        numbered = [(index, each) for index, each in enumerate(self.steps) if each.state is StepState.OPEN]
        far = float("inf")

        def urgency(entry: tuple[int, GuideStep]) -> tuple[bool, float, int]:
            index, each = entry
            return not each.overdue, each.target_at.timestamp() if each.target_at else far, index

        return tuple(each for _, each in sorted(numbered, key=urgency))

    @property
    def now(self) -> GuideStep | None:
        """The next right thing."""
        steps = self.open_steps
        return steps[0] if steps else None

    @property
    def by_track(self) -> dict[Track, GuideStep]:
        """The next right thing of each line of work that has one: they go on in parallel."""
        found: dict[Track, GuideStep] = {}
        for each in self.open_steps:
            found.setdefault(each.step.track, each)
        return found

    @property
    def gaps(self) -> frozenset[Role]:
        """The roles that have or decide an open step while nobody holds them."""
        owners = {each.step.owner for each in self.open_steps if each.owner.holder is None and not each.holder}
        decisions = ((each.step.decision, each.decider) for each in self.open_steps)
        return frozenset(owners | {decision.by for decision, decider in decisions if decision is not None and not decider})

    @property
    def done(self) -> tuple[int, int]:
        """Steps finished and steps in all that apply."""
        applying = [each for each in self.steps if each.state is not StepState.NOT_APPLICABLE]
        return sum(each.state in FINISHED for each in applying), len(applying)

    @property
    def progress(self) -> tuple[PhaseProgress, ...]:
        """How far each phase has come, in order; phases of which nothing applies are left out."""
        found = []
        for phase in self.playbook.phases:
            states = [each.state for each in self.steps if each.step.phase == phase.slug]
            applying = [each for each in states if each is not StepState.NOT_APPLICABLE]
            if applying:
                found.append(PhaseProgress(phase, sum(each in FINISHED for each in applying), len(applying)))
        return tuple(found)

    def named(self, slug: str) -> GuideStep | None:
        """The step with this slug as it stands."""
        return next((each for each in self.steps if each.step.slug == slug), None)


@dataclass(frozen=True, slots=True)
class Situation:
    """What a guide is computed from besides the playbook."""

    facts: Facts
    known: frozenset[str]
    """Every fact that is known, the narrative included."""
    records: Sequence[StepRecord]
    holders: Mapping[Role, str]
    declared_at: datetime
    changed_at: Mapping[str, datetime]
    """When each fact last took another value."""
    now: datetime
    known_at: Mapping[str, datetime] = field(default_factory=dict)
    """When each fact took the value it has."""
    changes: Mapping[str, str] = field(default_factory=dict)
    """The last change of a fact in words: `DE 400 → DE 18,200`; of a fact said once its value."""
    additions: Mapping[str, Addition] = field(default_factory=dict)
    """What a playbook that was taken up later adds to a step, by the step's slug."""
    cast: Cast = field(default_factory=Cast)
    """The people behind the names, their deputies."""


def guide(playbook: Playbook, situation: Situation) -> Guide:
    """Where every step of a playbook stands."""
    reckoning = _Reckoning(playbook, situation)
    found = {step.slug: reckoning.step(step) for step in reckoning.ordered}
    return Guide(playbook, tuple(found[each.slug] for each in playbook.steps))


class _Reckoning:
    """Goes through the steps in the order of `after`; what is found for one is what the next ones wait for."""

    def __init__(self, playbook: Playbook, situation: Situation) -> None:
        self.situation = situation
        self.titles = {each.slug: each.title for each in playbook.steps}
        self.acts = standing_acts(situation.records)
        self.states: dict[str, StepState] = {}
        self.settled: dict[str, datetime] = {}
        self.times = Known(situation.declared_at, situation.known_at, situation.changed_at, situation.changes)
        self.ordered = in_order(playbook.steps)
        self.closed = self.closed_by_gate()
        self.behind = behind_gate(self.ordered) if self.closed else frozenset()

    def closed_by_gate(self) -> str:
        """The decision that closed the gate, in words; empty while it is open."""
        given = self.situation
        gate = closed_gate(self.ordered, self.acts, given.additions, self.times, given.facts)
        if gate is None:
            return ""
        who, at = given.cast.name(gate.record.by), moment_text(gate.record.at, given.facts.zone or "UTC")
        return f"the gate: {gate.record.decision}, decided{f' by {who}' if who else ''} at {at}"

    def step(self, step: Step) -> GuideStep:
        acts = self.acts.get(step.slug, StepStanding())
        outcome = _ALWAYS if step.when is None else evaluate(step.when, self.situation.facts)
        back = came_back(step, acts.record, self.situation.additions.get(step.slug), self.times)
        state, waits_for, waits_for_steps = self.state(step, acts.record, outcome, reopened=back is not None)
        self.states[step.slug] = state
        finished = acts.record if state in (StepState.DONE, StepState.SKIPPED) else None
        self.settled[step.slug] = settled_at(step, finished, self.times)
        target, moved = target_of(step.target, self.situation.facts, self.situation.declared_at)
        overdue = state not in FINISHED and target is not None and target < self.situation.now
        since = opened_at(step, back, self.settled, self.times) if state is StepState.OPEN else None
        decision = step.decision
        decide_by = since + decision.within if decision and decision.within and since else target if decision else None
        return GuideStep(
            step=step,
            state=state,
            holder=self.situation.cast.name(acts.handed_to) or self.situation.holders.get(step.owner, ""),
            target_at=target,
            overdue=overdue,
            waits_for=waits_for,
            asks_unknown=tuple(key for key in step.asks if key not in self.situation.known),
            reasons=outcome.tested,
            record=acts.record,
            reopened=back.why if back is not None and state is not StepState.NOT_APPLICABLE else "",
            opened_at=since,
            owner=owner_of(step.owner, acts.handed_to, self.situation.cast, overdue=overdue),
            decider=self.situation.holders.get(decision.by, "") if decision else "",
            decide_by=decide_by,
            default_proposed=since is not None and decide_by is not None and decide_by <= self.situation.now,
            waits_for_steps=waits_for_steps,
            closed=self.closed if state is StepState.NOT_APPLICABLE and step.slug in self.behind else "",
            decider_id=self.situation.cast.holders.get(decision.by) if decision else None,
            decided_by=self.situation.cast.name(acts.record.by) if acts.record and acts.record.decision else "",
            target_moved=moved,
        )

    def state(
        self, step: Step, record: StepRecord | None, outcome: Outcome, *, reopened: bool
    ) -> tuple[StepState, tuple[str, ...], tuple[str, ...]]:
        """The state, what it waits for in words, and the steps among that."""
        finished = record.state if record is not None and not reopened else None
        if finished is StepAct.DONE:
            return StepState.DONE, (), ()
        if outcome.value is False or step.slug in self.behind:
            return StepState.NOT_APPLICABLE, (), ()
        if finished is StepAct.SKIPPED:
            return StepState.SKIPPED, (), ()
        if outcome.value is None:
            return StepState.WAITING_FOR_FACT, outcome.missing, ()
        blocking = tuple(slug for slug in step.after if self.states.get(slug, StepState.DONE) not in FINISHED)
        if blocking:
            return StepState.BLOCKED, tuple(self.titles[slug] for slug in blocking), blocking
        return StepState.OPEN, (), ()


_ALWAYS = Outcome(True, (), ())  # noqa: FBT003 - the answer itself
