"""*Mine now*: what is open for the responder at this desk across incidents, and what waits for somebody else's answer."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from incident.domain.fact_record import FactRecord, current
from incident.domain.guide import Guide, GuideStep, StepState
from incident.domain.guide_people import Cast
from incident.domain.incident import Incident
from incident.domain.responder import Role, held_now
from incident.usecases.assignments import assignments
from incident.usecases.catalogue import catalogue
from incident.usecases.desk import Desk, responders
from incident.usecases.facts import fact_records
from incident.usecases.guide import incident_guide
from incident.usecases.incidents import incidents


@dataclass(frozen=True, slots=True)
class MyStep:
    """One step that is open for me, and why it is mine."""

    incident: Incident
    step: GuideStep
    why: str


@dataclass(frozen=True, slots=True)
class MyAnswer:
    """One fact that I was asked to find out."""

    incident: Incident
    key: str
    question: str
    wanted_at: datetime | None
    late: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something of mine that waits for somebody else."""

    incident: Incident
    what: str
    whom: str
    """Who has not answered; empty: nobody has it."""
    by: datetime | None
    late: bool
    deputy: str = ""
    """Who stands in, once it is late."""


@dataclass(frozen=True, slots=True)
class Mine:
    """What a responder has before them, the most pressing first."""

    steps: tuple[MyStep, ...]
    answers: tuple[MyAnswer, ...]
    waiting: tuple[Waiting, ...]


def mine(desk: Desk, *, now: datetime) -> Mine:
    """What is open for me in every open incident that I can read."""
    steps: list[MyStep] = []
    answers: list[MyAnswer] = []
    waiting: list[Waiting] = []
    for incident in incidents(desk, open_only=True):
        found = _Found(desk, incident, now=now)
        steps += found.steps()
        answers += found.answers()
        waiting += found.waiting()
    return Mine(
        tuple(sorted(steps, key=lambda each: (not each.step.overdue, _when(each.step.target_at)))),
        tuple(sorted(answers, key=lambda each: _when(each.wanted_at))),
        tuple(sorted(waiting, key=lambda each: (not each.late, _when(each.by)))),
    )


def _when(at: datetime | None) -> float:
    return at.timestamp() if at is not None else float("inf")


class _Found:
    """One incident, looked at by one responder."""

    def __init__(self, desk: Desk, incident: Incident, *, now: datetime) -> None:
        self.me, self.incident, self.now = desk.me.id, incident, now
        self.cast = Cast(held_now(assignments(desk, incident)), {each.id: each for each in responders(desk)})
        self.guide: Guide = incident_guide(desk, incident, now=now)
        standing = current(fact_records(desk, incident)).values()
        self.unknown: dict[str, FactRecord] = {each.key: each for each in standing if each.unknown and not each.on_behalf_of}

    def steps(self) -> Iterator[MyStep]:
        for each in self.guide.open_steps:
            if why := self.why(each):
                yield MyStep(self.incident, each, why)

    def why(self, each: GuideStep) -> str:
        """Why an open step is mine; empty when it is not."""
        owner, decision = each.owner, each.step.decision
        if owner.holder == self.me:
            asked = f"; {owner.stand_in_name} is asked too, {owner.why}" if owner.stand_in else ""
            return ("handed to you" if owner.handed_over else f"you are {each.step.owner.label}") + asked
        if owner.stand_in == self.me:
            return f"you stand in for {each.holder}: {owner.why}"
        if decision is not None and self.holds(decision.by):
            return f"you decide, as {decision.by.label}"
        if owner.holder is None and self.holds(Role.COMMANDER):
            return f"nobody is {each.step.owner.label}; the commander sees to it"
        return ""

    def holds(self, role: Role) -> bool:
        return self.cast.holders.get(role) == self.me

    def answers(self) -> Iterator[MyAnswer]:
        for key, record in self.unknown.items():
            if record.owner == self.me:
                yield MyAnswer(self.incident, key, _question(key), record.wanted_at, self.is_late(record.wanted_at))

    def is_late(self, at: datetime | None) -> bool:
        return at is not None and at < self.now

    def waiting(self) -> Iterator[Waiting]:
        yield from self.for_answers()
        told = {each.step.slug for each in self.guide.open_steps if self.why(each)}
        for each in self.guide.steps:
            if each.state is StepState.BLOCKED and each.owner.holder == self.me:
                for slug in each.waits_for_steps:
                    other = self.guide.named(slug)
                    if other is not None and other.owner.holder != self.me and slug not in told:
                        told.add(slug)
                        yield self.wait(other.step.title, other.owner.holder, other.target_at)
            elif each.state is StepState.OPEN and each.owner.holder == self.me and each.step.decision is not None:
                decider = self.cast.holders.get(each.step.decision.by)
                if decider != self.me:
                    yield self.wait(f"the decision: {each.step.decision.question}", decider, each.decide_by)

    def for_answers(self) -> Iterator[Waiting]:
        """Facts that somebody else finds out: those I asked for, and those my open steps ask."""
        states = (StepState.OPEN, StepState.WAITING_FOR_FACT)
        mine = [each for each in self.guide.steps if each.owner.holder == self.me and each.state in states]
        asked = {key for each in mine for key in (*each.asks_unknown, *each.waits_for)}
        for key, record in self.unknown.items():
            if record.owner != self.me and (record.by == self.me or key in asked):
                yield self.wait(_question(key), record.owner, record.wanted_at)

    def wait(self, what: str, whom: UUID | None, by: datetime | None) -> Waiting:
        late = self.is_late(by)
        deputy = self.cast.deputy(whom) if late else None
        return Waiting(self.incident, what, self.cast.name(whom), by, late, deputy.name if deputy is not None else "")


def _question(key: str) -> str:
    return catalogue().law.vocabulary.question(key)
