"""The guide: where each step stands and what the next right thing is, computed from acts, facts and time.

A condition that a fact leaves open never makes a step not applicable: the step waits and names the fact. A fact
that changes after a step was done, or that makes a step apply again, puts it back on the list and says why.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from incident.domain.condition import Outcome, Tested, evaluate
from incident.domain.facts import Facts
from incident.domain.playbook import Playbook, Step
from incident.domain.responder import Role
from incident.domain.step import StepAct, StepRecord


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
    """Who holds the owner's role; empty: nobody, a gap."""
    target_at: datetime | None
    overdue: bool
    waits_for: tuple[str, ...]
    """Titles of steps, or keys of facts, that it waits for."""
    asks_unknown: tuple[str, ...]
    reasons: tuple[Tested, ...]
    record: StepRecord | None
    reopened: str = ""
    """Why a step that was finished is on the list again."""


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

    def for_role(self, role: Role) -> tuple[GuideStep, ...]:
        """What is open for one role."""
        return tuple(each for each in self.open_steps if each.step.owner is role)

    @property
    def done(self) -> tuple[int, int]:
        """Steps finished and steps in all that apply."""
        applying = [each for each in self.steps if each.state is not StepState.NOT_APPLICABLE]
        return sum(each.state in FINISHED for each in applying), len(applying)

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


def guide(playbook: Playbook, situation: Situation) -> Guide:
    """Where every step of a playbook stands."""
    latest: dict[str, StepRecord] = {}
    for record in sorted(situation.records, key=lambda each: each.at):
        latest[record.step] = record
    states: dict[str, StepState] = {}
    steps = []
    for step in playbook.steps:
        found = _step(playbook, step, situation, latest.get(step.slug), states)
        states[step.slug] = found.state
        steps.append(found)
    return Guide(playbook, tuple(steps))


def _step(
    playbook: Playbook, step: Step, situation: Situation, record: StepRecord | None, states: Mapping[str, StepState]
) -> GuideStep:
    outcome = evaluate(step.when, situation.facts) if step.when is not None else Outcome(True, (), ())  # noqa: FBT003
    reopened = _reopened(step, record, situation)
    state, waits_for = _state(playbook, step, record, outcome, states, reopened=bool(reopened))
    target_at = _target(step, situation)
    return GuideStep(
        step=step,
        state=state,
        holder=situation.holders.get(step.owner, ""),
        target_at=target_at,
        overdue=state not in FINISHED and target_at is not None and target_at < situation.now,
        waits_for=waits_for,
        asks_unknown=tuple(key for key in step.asks if key not in situation.known),
        reasons=outcome.tested,
        record=record,
        reopened=reopened if state not in (StepState.NOT_APPLICABLE,) else "",
    )


def _state(
    playbook: Playbook,
    step: Step,
    record: StepRecord | None,
    outcome: Outcome,
    states: Mapping[str, StepState],
    *,
    reopened: bool,
) -> tuple[StepState, tuple[str, ...]]:
    if record is not None and record.state is StepAct.DONE and not reopened:
        return StepState.DONE, ()
    if outcome.value is False:
        return StepState.NOT_APPLICABLE, ()
    if record is not None and record.state is StepAct.SKIPPED and not reopened:
        return StepState.SKIPPED, ()
    if outcome.value is None:
        return StepState.WAITING_FOR_FACT, outcome.missing
    blocking = [slug for slug in step.after if states.get(slug, StepState.DONE) not in FINISHED]
    if blocking:
        titles = [found.title for slug in blocking if (found := playbook.step(slug)) is not None]
        return StepState.BLOCKED, tuple(titles)
    return StepState.OPEN, ()


def _reopened(step: Step, record: StepRecord | None, situation: Situation) -> str:
    """A fact that the step asked for took another value after it was finished."""
    if record is None or record.state not in (StepAct.DONE, StepAct.SKIPPED):
        return "taken up again" if record is not None and record.state is StepAct.REOPENED else ""
    changed = [key for key in step.asks if key in situation.changed_at and situation.changed_at[key] > record.at]
    return f"changed since: {', '.join(changed)}" if changed else ""


def _target(step: Step, situation: Situation) -> datetime | None:
    """The target's instant; None while its event has not happened."""
    if step.target is None:
        return None
    if step.target.after == "declared":
        return situation.declared_at + step.target.within
    event = situation.facts.moment(step.target.after)
    if event is None:
        return None
    return _instant(event, situation.facts.zone or "UTC") + step.target.within


def _instant(event: datetime | date, zone: str) -> datetime:
    return event if isinstance(event, datetime) else datetime.combine(event, time(), ZoneInfo(zone))
