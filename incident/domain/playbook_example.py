"""A worked example of a playbook: a story with its acts in time, played through the guide without a vault.

It shows that a playbook can be walked to its end: each step is finished in an order the guide allows, by the role
that owns it, with every asked fact answered or marked as not known yet. It finds nothing about the law.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from incident.domain.facts import Facts
from incident.domain.guide import FINISHED, Guide, GuideStep, Situation, StepState, guide
from incident.domain.playbook import Playbook
from incident.domain.problem import Problem
from incident.domain.responder import Role
from incident.domain.step import UNKNOWN, StepAct, StepRecord


class Deed(StrEnum):
    """What one act of an example does."""

    FACT = "fact"
    UNKNOWN = "unknown"
    DONE = "done"
    DEFAULT = "default"
    SKIP = "skip"
    UNDO = "undo"


@dataclass(frozen=True, slots=True)
class Expectation:
    """Where steps stand after an act; empty: nothing is said about it."""

    now: str = ""
    """The step in front of the team."""
    states: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """Steps by the word for their state: `open`, `blocked`, `waiting`, `not_applicable`, `done`, `skipped`, `reopened`."""


@dataclass(frozen=True, slots=True)
class Act:
    """One act: when, by which role, what, and what is then expected. Facts are said before the deed."""

    place: str
    after: timedelta
    by: Role
    do: Deed
    steps: tuple[str, ...] = ()
    law: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    """Facts said that the law reads, checked."""
    narrative: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    """Facts said that only documents use (`account.*`)."""
    unknown: tuple[str, ...] = ()
    decision: str = ""
    note: str = ""
    expect: Expectation = Expectation()


@dataclass(frozen=True, slots=True)
class PlaybookExample:
    """A worked example: what happened, when it was declared, what was known, and the acts that finish it."""

    playbook: str
    file: str
    title: str
    story: str
    declared_at: datetime
    law: Mapping[str, object]
    narrative: Mapping[str, object]
    acts: tuple[Act, ...]


STATES: Mapping[str, StepState] = MappingProxyType(
    {
        "open": StepState.OPEN,
        "blocked": StepState.BLOCKED,
        "waiting": StepState.WAITING_FOR_FACT,
        "not_applicable": StepState.NOT_APPLICABLE,
        "done": StepState.DONE,
        "skipped": StepState.SKIPPED,
    }
)
"""The words of an expectation; `reopened` stands beside them."""


def played(example: PlaybookExample, playbook: Playbook) -> tuple[Problem, ...]:
    """What does not hold when the example is played on the playbook; empty: it reaches its end as it says."""
    return tuple(_Play(example, playbook).problems())


def _begins(event: date, now: datetime) -> datetime:
    """When an event has certainly not begun before: an instant itself, a day with its first moment where it is now."""
    return event if isinstance(event, datetime) else datetime.combine(event, time(), now.tzinfo)


class _Play:
    """An example as it runs: what has been said and done so far."""

    def __init__(self, example: PlaybookExample, playbook: Playbook) -> None:
        self.example, self.playbook = example, playbook
        self.now = example.declared_at
        self.law, self.narrative = dict(example.law), dict(example.narrative)
        self.unknown: set[str] = set()
        self.records: list[StepRecord] = []
        self.changed_at: dict[str, datetime] = {}
        self.known_at = dict.fromkeys((*self.law, *self.narrative), self.now)
        self.opened_at: dict[str, datetime] = {}
        self.shown: set[str] = set()
        """What the example has shown so far: a default, a skip, a step re-opened."""

    def problems(self) -> Iterator[Problem]:
        self.look()
        for number, act in enumerate(self.example.acts):
            moment = self.example.declared_at + act.after + timedelta(microseconds=number)
            if moment < self.now:
                yield self.problem(act, "this act is earlier than the one before it.", "Put the acts in order of time.")
            self.now = max(moment, self.now)
            yield from self.say(act)
            for slug in act.steps:
                yield from self.step(act, slug)
            yield from self.expected(act)
        yield from self.ended()

    def problem(self, act: Act, message: str, mend: str) -> Problem:
        return Problem(self.example.file, act.place, message, mend)

    def look(self) -> Guide:
        """The guide as it stands, noting when each step first opened."""
        found = guide(
            self.playbook,
            Situation(
                facts=Facts(MappingProxyType(dict(self.law))),
                known=frozenset(self.law.keys() | self.narrative.keys()),
                records=tuple(self.records),
                holders={},
                declared_at=self.example.declared_at,
                changed_at=dict(self.changed_at),
                now=self.now,
                known_at=dict(self.known_at),
            ),
        )
        for each in found.steps:
            if each.state is StepState.OPEN:
                self.opened_at.setdefault(each.step.slug, self.now)
        return found

    def say(self, act: Act) -> Iterator[Problem]:
        for key in act.law:
            event = act.law[key]
            if isinstance(event, date) and _begins(event, self.now) > self.now:
                yield self.problem(act, f"{key}: {event.isoformat()} lies after this act.", "Say a time that has passed.")
        for held, said in ((self.law, act.law), (self.narrative, act.narrative)):
            for key, value in said.items():
                if key in held and held[key] != value:
                    self.changed_at[key] = self.now
                if held.get(key) != value:
                    self.known_at[key] = self.now
                held[key] = value
                self.unknown.discard(key)
        self.unknown.update(act.unknown)
        self.look()

    def step(self, act: Act, slug: str) -> Iterator[Problem]:
        found = self.look().named(slug)
        if found is None:
            yield self.problem(act, f"there is no step «{slug}» in «{self.playbook.slug}».", "Name a step of it.")
            return
        refusals = tuple(self.refusals(act, found))
        yield from (self.problem(act, f"{slug}: {message}", mend) for message, mend in refusals)
        if not refusals:
            self.records.append(self.record(act, found))
            self.shown.add(act.do.value)
            self.look()

    def record(self, act: Act, found: GuideStep) -> StepRecord:
        kept = {Deed.SKIP: StepAct.SKIPPED, Deed.UNDO: StepAct.REOPENED}.get(act.do, StepAct.DONE)
        decision = found.step.decision
        decided = decision.default if decision and act.do is Deed.DEFAULT else act.decision
        who = UUID(int=list(Role).index(act.by))
        held = self.law.keys() | self.narrative.keys()
        facts = {key: UNKNOWN for key in found.step.asks if key not in held} if decided else None
        return StepRecord(found.step.slug, kept, who, self.now, act.note, decided, facts=facts)

    def refusals(self, act: Act, found: GuideStep) -> Iterator[tuple[str, str]]:
        """Why this act cannot be done to this step, with the mend."""
        if act.do in (Deed.SKIP, Deed.UNDO):
            if not act.note:
                yield "no reason is given.", "Write `note`."
            if act.do is Deed.UNDO and found.state not in (StepState.DONE, StepState.SKIPPED):
                yield "it is not finished, so there is nothing to undo.", "Drop the act."
            return
        if found.state is not StepState.OPEN:
            waits = f"; it waits for {', '.join(found.waits_for)}" if found.waits_for else ""
            yield f"it is {found.state.value.replace('_', ' ')}, not open{waits}.", "Finish what it waits for first."
        missing = [key for key in found.asks_unknown if key not in self.unknown]
        if missing:
            yield f"it asks {', '.join(missing)}, which nobody has said.", "Say it, or record it as unknown."
        yield from self.decides(act, found)

    def decides(self, act: Act, found: GuideStep) -> Iterator[tuple[str, str]]:
        decision, owner = found.step.decision, found.step.owner
        if decision is None:
            if act.decision or act.do is Deed.DEFAULT:
                yield "it decides nothing.", "Drop the decision."
            if act.by is not owner:
                yield f"it is the {owner.label}'s, not the {act.by.label}'s.", f"Write by = {owner.value!r}."
        elif act.do is Deed.DEFAULT:
            opened = self.opened_at.get(found.step.slug, self.now)
            if decision.within is None or opened + decision.within > self.now:
                yield "its time to decide has not passed.", "Wait for it, or decide."
        elif act.decision not in decision.options:
            yield f"«{act.decision}» is not one of {', '.join(decision.options)}.", "Name one of them."
        elif act.by is not decision.by:
            yield f"the {decision.by.label} decides it, not the {act.by.label}.", f"Write by = {decision.by.value!r}."

    def expected(self, act: Act) -> Iterator[Problem]:
        found = self.look()
        ahead = found.now.step.slug if found.now else "nothing"
        if act.expect.now and act.expect.now != ahead:
            yield self.problem(act, f"expected now «{act.expect.now}», found «{ahead}».", "Mend the example or the playbook.")
        for word, slugs in act.expect.states.items():
            for slug in slugs:
                yield from self.stands(act, word, slug, found.named(slug))

    def stands(self, act: Act, word: str, slug: str, found: GuideStep | None) -> Iterator[Problem]:
        if found is None:
            yield self.problem(act, f"there is no step «{slug}» in «{self.playbook.slug}».", "Name a step of it.")
        elif word == "reopened":
            if found.reopened and found.state not in FINISHED:
                self.shown.add("reopened" if act.do is not Deed.UNDO else "undo")
            else:
                yield self.problem(act, f"{slug}: expected to be re-opened, found {found.state.value}.", "Mend one of them.")
        elif found.state is not STATES[word]:
            yield self.problem(act, f"{slug}: expected {word}, found {found.state.value}.", "Mend one of them.")

    def ended(self) -> Iterator[Problem]:
        """Whether everything that applies is finished, and everything an example must show was shown."""
        found = self.look()
        left = [each.step.slug for each in found.steps if each.state not in FINISHED]
        if left:
            yield Problem(self.example.file, "the end", f"not finished: {', '.join(left)}.", "Play it to the end.")
        decided = any(each.decision for each in self.records)
        wanted = {"default": "a default taken", "skip": "a step skipped", "reopened": "a fact that re-opens a step"}
        missing = [text for word, text in wanted.items() if word not in self.shown]
        for text in (*missing, *(() if decided else ("a decision",))):
            yield Problem(self.example.file, "the end", f"the example does not show {text}.", "Add an act that does.")
