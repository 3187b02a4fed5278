"""The guide of an incident: where each step stands, and the acts on steps — done, skipped, handed over."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import col, select

from incident.content.playbook_document import playbook_from_document
from incident.domain.fact_record import FactRecord, current
from incident.domain.guide import Guide, GuideStep, Situation, StepState, guide
from incident.domain.incident import Incident
from incident.domain.playbook import Playbook
from incident.domain.responder import held_now
from incident.domain.step import StepAct, StepRecord
from incident.errors import ContentError, RefusedError
from incident.store.tables import IncidentRow, StepRow
from incident.store.values import value_of
from incident.usecases.clocks import clocks
from incident.usecases.desk import Desk, names
from incident.usecases.facts import fact_records
from incident.usecases.incidents import require_open
from incident.usecases.roles import assignments


def playbook_of(desk: Desk, incident: Incident) -> Playbook:
    """The playbook as it stood when the incident was declared; later edits do not change it."""
    with desk.workspace.reading() as session:
        return playbook_from_document(session.get_one(IncidentRow, incident.id).playbook_snapshot)


def step_records(desk: Desk, incident: Incident) -> tuple[StepRecord, ...]:
    """Every act on a step, in order of time."""
    query = select(StepRow).where(StepRow.incident_id == incident.id).order_by(col(StepRow.at))
    with desk.workspace.reading() as session:
        return tuple(value_of(StepRecord, row) for row in session.exec(query).all())


def incident_guide(desk: Desk, incident: Incident, *, now: datetime) -> Guide:
    """Where every step stands now."""
    records = fact_records(desk, incident)
    people = names(desk)
    held = held_now(assignments(desk, incident))
    facts = clocks(desk, incident, now=now)[0].facts
    standing = current(records)
    known = {key for (principal, key), record in standing.items() if not principal and not record.unknown}
    situation = Situation(
        facts=facts,
        known=frozenset(known | set(facts.values)),
        records=step_records(desk, incident),
        holders={role: people.get(holder, "") for role, holder in held.items()},
        declared_at=incident.declared_at,
        changed_at=_changed(records),
        now=now,
    )
    return guide(playbook_of(desk, incident), situation)


def _changed(records: Iterable[FactRecord]) -> dict[str, datetime]:
    """When each of our own facts last took another value after its first."""
    values: dict[str, object] = {}
    changed: dict[str, datetime] = {}
    for record in sorted(records, key=lambda each: each.recorded_at):
        if record.on_behalf_of or record.unknown:
            continue
        if record.key in values and values[record.key] != record.value:
            changed[record.key] = record.recorded_at
        values[record.key] = record.value
    return changed


def _named(desk: Desk, incident: Incident, slug: str, *, now: datetime) -> GuideStep:
    found = incident_guide(desk, incident, now=now)
    step = found.named(slug)
    if step is None:
        near = [each.step.slug for each in found.steps if slug in each.step.slug]
        hint = f"Did you mean {', '.join(near)}?" if near else "`incident guide` lists the steps."
        raise RefusedError(f"This playbook has no step «{slug}».", hint)
    return step


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
    """Mark a step done; a decision step records what was decided, and the dissent."""
    require_open(incident)
    found = _named(desk, incident, slug, now=now)
    if found.state is StepState.BLOCKED:
        raise RefusedError(f"«{found.step.title}» waits for: {', '.join(found.waits_for)}.", "Finish or skip those first.")
    if found.state is StepState.NOT_APPLICABLE:
        raise RefusedError(f"«{found.step.title}» does not apply by the facts.", "Correct the fact if it should.")
    options = found.step.decision.options if found.step.decision else ()
    if options and decision not in options:
        raise ContentError(f"«{found.step.title}» is a decision.", f"Say which: {', '.join(options)}.")
    return _record(desk, incident, slug, StepAct.DONE, now=now, note=note, decision=decision, dissent=dissent)


def skip_step(desk: Desk, incident: Incident, slug: str, *, reason: str, now: datetime) -> StepRecord:
    """Skip a step; the reason stands in the record."""
    require_open(incident)
    _named(desk, incident, slug, now=now)
    if not reason.strip():
        raise ContentError("Why the step is skipped is not said.", "Give the reason.")
    return _record(desk, incident, slug, StepAct.SKIPPED, now=now, note=reason.strip())


def reopen_step(desk: Desk, incident: Incident, slug: str, *, reason: str, now: datetime) -> StepRecord:
    """Put a finished step back on the list, with the reason."""
    require_open(incident)
    _named(desk, incident, slug, now=now)
    return _record(desk, incident, slug, StepAct.REOPENED, now=now, note=reason.strip())


def _record(
    desk: Desk,
    incident: Incident,
    slug: str,
    act: StepAct,
    *,
    now: datetime,
    note: str = "",
    decision: str = "",
    dissent: str = "",
) -> StepRecord:
    detail = {"step": slug}
    with desk.workspace.change(f"step.{act.value}", now=now, incident_id=incident.id, detail=detail) as session:
        row = StepRow(
            incident_id=incident.id,
            step=slug,
            state=act,
            by=desk.me.id,
            at=now,
            note=note,
            decision=decision,
            dissent=dissent,
        )
        session.add(row)
        session.flush()
        return value_of(StepRecord, row)
