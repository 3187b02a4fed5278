"""The guide of an incident: where each step stands, and the acts on steps — done, skipped, decided, handed over, undone."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from incident.domain.answer import moment_text
from incident.domain.guide import Guide, GuideStep, StepState, guide
from incident.domain.incident import Incident
from incident.domain.playbook import Playbook
from incident.domain.step import StepAct, StepRecord
from incident.errors import ContentError, RefusedError
from incident.store.tables import StepRow
from incident.store.values import value_of
from incident.usecases.asked_facts import asked_facts
from incident.usecases.desk import Desk, responder_named
from incident.usecases.guide_situation import situation
from incident.usecases.incidents import require_open
from incident.usecases.members import members
from incident.usecases.taken_playbooks import playbooks_of


def playbook_of(desk: Desk, incident: Incident) -> Playbook:
    """The playbook as it stood when the incident took it up; later edits of its file do not change it."""
    return playbooks_of(desk, incident).playbook


def incident_guide(desk: Desk, incident: Incident, *, now: datetime) -> Guide:
    """Where every step stands now."""
    followed = playbooks_of(desk, incident)
    return guide(followed.playbook, situation(desk, incident, followed.additions, now=now))


def step_named(desk: Desk, incident: Incident, slug: str, *, now: datetime) -> GuideStep:
    """The step with this slug as it stands; refused with those that look like it."""
    found = incident_guide(desk, incident, now=now)
    step = found.named(slug)
    if step is None:
        near = [each.step.slug for each in found.steps if slug in each.step.slug]
        hint = f"Did you mean {', '.join(near)}?" if near else "`incident guide --all` lists the steps."
        raise RefusedError(f"This playbook has no step «{slug}».", hint)
    return step


@dataclass(frozen=True, slots=True)
class _Said:
    """What somebody says about an act on a step."""

    note: str = ""
    decision: str = ""
    dissent: str = ""
    facts: dict[str, str] | None = None
    defaulted: bool = False
    to: UUID | None = None


def complete_step(
    desk: Desk,
    incident: Incident,
    slug: str,
    *,
    now: datetime,
    note: str = "",
    decision: str = "",
    dissent: str = "",
) -> StepRecord:
    """Mark a step done; a decision step records what was decided, on which facts, and the dissent."""
    require_open(incident)
    found = _doable(desk, incident, slug, now=now)
    options = found.step.decision.options if found.step.decision else ()
    if options and decision not in options:
        raise ContentError(f"«{found.step.title}» is a decision.", f"Say which: {', '.join(options)}.")
    facts = _basis(desk, incident, found) if options else None
    said = _Said(_noted(desk, found, note), decision, dissent.strip(), facts)
    return _record(desk, incident, slug, StepAct.DONE, said, now=now)


def take_default(desk: Desk, incident: Incident, slug: str, *, now: datetime, note: str = "") -> StepRecord:
    """Record a decision's default because nobody decided in time; before that it is refused."""
    require_open(incident)
    found = _doable(desk, incident, slug, now=now)
    decision = found.step.decision
    if decision is None:
        raise RefusedError(f"«{found.step.title}» is no decision.", f"Finish it: `incident step done {slug}`.")
    if not found.default_proposed:
        ends = moment_text(found.decide_by, desk.me.zone) if found.decide_by else ""
        until = f"the time runs until {ends}" if ends else "no time is set for it"
        what = f"«{found.step.title}» can still be decided: {until}."
        raise RefusedError(what, f"Decide: `incident step done {slug} --decision …` ({' / '.join(decision.options)}).")
    said = _Said(_noted(desk, found, note), decision.default, "", _basis(desk, incident, found), defaulted=True)
    return _record(desk, incident, slug, StepAct.DONE, said, now=now)


def _noted(desk: Desk, found: GuideStep, note: str) -> str:
    """The note; of a decision by somebody who does not hold the role that decides it says so, for every paper."""
    decision = found.step.decision
    if decision is None or found.decider_id == desk.me.id:
        return note.strip()
    held = f", a role that {found.decider} holds" if found.decider else ", a role that nobody holds"
    return "; ".join(each for each in (note.strip(), f"decided for the {decision.by.label}{held}") if each)


def _doable(desk: Desk, incident: Incident, slug: str, *, now: datetime) -> GuideStep:
    found = step_named(desk, incident, slug, now=now)
    if found.state is StepState.BLOCKED:
        raise RefusedError(f"«{found.step.title}» waits for: {', '.join(found.waits_for)}.", "Finish or skip those first.")
    if found.closed:
        raise RefusedError(f"«{found.step.title}» does not apply: {found.closed}.", "Take the gate up again if it should.")
    if found.state is StepState.NOT_APPLICABLE:
        raise RefusedError(f"«{found.step.title}» does not apply by the facts.", "Correct the fact if it should.")
    return found


def _basis(desk: Desk, incident: Incident, found: GuideStep) -> dict[str, str]:
    """The facts a decision rests on, as they stand: what the step asks, what its condition reads."""
    return {each.kind.key: each.text for each in asked_facts(desk, incident, found)}


def skip_step(desk: Desk, incident: Incident, slug: str, *, reason: str, now: datetime) -> StepRecord:
    """Skip a step; the reason stands in the record."""
    require_open(incident)
    step_named(desk, incident, slug, now=now)
    if not reason.strip():
        raise ContentError("Why the step is skipped is not said.", "Give the reason.")
    return _record(desk, incident, slug, StepAct.SKIPPED, _Said(reason.strip()), now=now)


def reopen_step(desk: Desk, incident: Incident, slug: str, *, reason: str, now: datetime) -> StepRecord:
    """Put a finished step back on the list, with the reason."""
    require_open(incident)
    step_named(desk, incident, slug, now=now)
    return _record(desk, incident, slug, StepAct.REOPENED, _Said(reason.strip()), now=now)


def undo_step(desk: Desk, incident: Incident, slug: str, *, now: datetime, reason: str = "") -> StepRecord:
    """Take back the last act on a step because it was a mistake: what stood before it stands again; both stay recorded."""
    require_open(incident)
    found = step_named(desk, incident, slug, now=now)
    if found.record is None:
        raise RefusedError(f"Nothing was done with «{found.step.title}».", "Nothing is to be undone.")
    return _record(desk, incident, slug, StepAct.UNDONE, _Said(reason.strip()), now=now)


def hand_over_step(desk: Desk, incident: Incident, slug: str, name: str, *, now: datetime, note: str = "") -> StepRecord:
    """Give one step to somebody, whoever holds its role; its role stays where it is."""
    require_open(incident)
    found = step_named(desk, incident, slug, now=now)
    person = responder_named(desk, name)
    if all(each.responder_id != person.id for each in members(desk, incident)):
        hint = f"Let them in first: `incident member add {person.sign_in}`."
        raise RefusedError(f"{person.name} cannot read {incident.reference}.", hint)
    if found.owner.holder == person.id:
        raise RefusedError(f"{person.name} has «{found.step.title}» already.", "Name somebody else.")
    return _record(desk, incident, slug, StepAct.HANDED_OVER, _Said(note.strip(), to=person.id), now=now)


def _record(desk: Desk, incident: Incident, slug: str, act: StepAct, said: _Said, *, now: datetime) -> StepRecord:
    detail = {"step": slug, **({"default": True} if said.defaulted else {})}
    with desk.workspace.change(f"step.{act.value}", now=now, incident_id=incident.id, detail=detail) as session:
        row = StepRow(
            incident_id=incident.id,
            step=slug,
            state=act,
            by=desk.me.id,
            at=now,
            note=said.note,
            decision=said.decision,
            dissent=said.dissent,
            facts=said.facts,
            defaulted=said.defaulted,
            to=said.to,
        )
        session.add(row)
        session.flush()
        return value_of(StepRecord, row)
