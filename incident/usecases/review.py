"""The post-incident review: the team's answers and action items, beside what the record computes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from incident.domain.fact_record import FactRecord
from incident.domain.incident import Incident
from incident.domain.notice import Filing
from incident.domain.obligation import ObligationState
from incident.domain.review import (
    REVIEW_QUESTIONS,
    ActionItem,
    ActionKind,
    FilingMargin,
    Metric,
    Review,
    ReviewState,
    metrics,
    taken,
)
from incident.errors import ContentError, RefusedError, refuse_lost
from incident.store.tables import ActionItemRow, ReviewRow, StepRow
from incident.store.values import value_of
from incident.usecases.clocks import clock_list, clocks
from incident.usecases.desk import Desk, responder_named
from incident.usecases.facts import fact_records
from incident.usecases.filed import filings

_NEXT = {
    ReviewState.DRAFT: (ReviewState.IN_REVIEW,),
    ReviewState.IN_REVIEW: (ReviewState.DRAFT, ReviewState.REVIEWED),
    ReviewState.REVIEWED: (ReviewState.IN_REVIEW, ReviewState.CLOSED),
    ReviewState.CLOSED: (ReviewState.REVIEWED,),
}


@dataclass(frozen=True, slots=True)
class ReviewView:
    """The review as it stands: written answers, action items, durations, and how every clock was met."""

    review: Review | None
    items: tuple[ActionItem, ...]
    metrics: tuple[Metric, ...]
    margins: tuple[FilingMargin, ...]
    open_questions: tuple[str, ...]
    known_at_first_filing: tuple[int, int] | None
    """Facts known and facts spoken about at all by the first filing; None before it."""


def answer_review(
    desk: Desk, incident: Incident, answers: Mapping[str, str], *, now: datetime, seen: Mapping[str, str] | None = None
) -> Review:
    """Write answers of the review; questions not named keep theirs. A closed review is reopened first.

    `seen` holds the answers that the writer had before them: newer ones of somebody else are not overwritten.
    """
    known = dict(REVIEW_QUESTIONS)
    for key in answers:
        if key not in known:
            raise ContentError(f"The review has no question «{key}».", f"It asks: {', '.join(sorted(known))}.")
    detail = {"answers": sorted(answers)}
    with desk.workspace.change("review.answer", now=now, incident_id=incident.id, detail=detail) as session:
        row = session.exec(select(ReviewRow).where(ReviewRow.incident_id == incident.id)).first()
        if row is None:
            row = ReviewRow(incident_id=incident.id, state=ReviewState.DRAFT, answers={}, by=desk.me.id)
        if row.state is ReviewState.CLOSED:
            raise RefusedError("The review is closed.", "Take it back to reviewed first.")
        for key, wanted in answers.items() if seen is not None else ():
            refuse_lost(known[key], seen=(seen or {}).get(key, ""), standing=row.answers.get(key, ""), wanted=wanted)
        row.answers = {**row.answers, **answers}
        row.by = desk.me.id
        session.add(row)
        session.flush()
        return value_of(Review, row)


def advance_review(desk: Desk, incident: Incident, state: ReviewState, *, now: datetime) -> Review:
    """Move the review: draft → in review → reviewed → closed, or one step back."""
    with desk.workspace.change("review.advance", now=now, incident_id=incident.id, detail={"state": state.value}) as session:
        row = session.exec(select(ReviewRow).where(ReviewRow.incident_id == incident.id)).first()
        if row is None:
            raise RefusedError("There is no review yet.", "Answer its first question.")
        if state not in _NEXT[row.state]:
            allowed = " or ".join(each.value for each in _NEXT[row.state])
            raise RefusedError(f"A review that is {row.state.value} cannot become {state.value}.", f"Next: {allowed}.")
        if state in (ReviewState.REVIEWED, ReviewState.CLOSED):
            blank = [text for key, text in REVIEW_QUESTIONS[:3] if not str(row.answers.get(key, "")).strip()]
            if blank:
                raise RefusedError(f"Not answered yet: {blank[0]}", "Answer the first three questions.")
        row.state = state
        session.add(row)
        session.flush()
        return value_of(Review, row)


def add_action_item(
    desk: Desk, incident: Incident, title: str, *, owner: str, due_on: date, kind: ActionKind, now: datetime
) -> ActionItem:
    """Record something that will be done: by whom and by when."""
    if not title.strip():
        raise ContentError("The action item is empty.", "Say what will be done.")
    person = responder_named(desk, owner)
    with desk.workspace.change("action.add", now=now, incident_id=incident.id) as session:
        row = ActionItemRow(incident_id=incident.id, title=title.strip(), kind=kind, owner=person.id, due_on=due_on)
        session.add(row)
        session.flush()
        return value_of(ActionItem, row)


def finish_action_item(desk: Desk, item_id: UUID, *, outcome: str, now: datetime) -> ActionItem:
    """Record that an action item is done, and what came of it."""
    with desk.workspace.reading() as session:
        found = session.get(ActionItemRow, item_id)
        if found is None:
            raise RefusedError(f"There is no action item {item_id}.", "`incident review show` lists them.")
        incident_id = found.incident_id
    with desk.workspace.change("action.finish", now=now, incident_id=incident_id) as session:
        row = session.get_one(ActionItemRow, item_id)
        row.done_at, row.outcome = now, outcome
        session.add(row)
        session.flush()
        return value_of(ActionItem, row)


def action_items(desk: Desk, incident: Incident) -> tuple[ActionItem, ...]:
    """The action items of an incident, the earliest due first."""
    query = select(ActionItemRow).where(ActionItemRow.incident_id == incident.id).order_by(col(ActionItemRow.due_on))
    with desk.workspace.reading() as session:
        return tuple(value_of(ActionItem, row) for row in session.exec(query).all())


def review_view(desk: Desk, incident: Incident, *, now: datetime) -> ReviewView:
    """The review as it stands now."""
    with desk.workspace.reading() as session:
        row = session.exec(select(ReviewRow).where(ReviewRow.incident_id == incident.id)).first()
        review = value_of(Review, row) if row is not None else None
    answers = review.answers if review else {}
    return ReviewView(
        review=review,
        items=action_items(desk, incident),
        metrics=metrics(_moments(desk, incident, now=now)),
        margins=margins(desk, incident, now=now),
        open_questions=tuple(text for key, text in REVIEW_QUESTIONS if not str(answers.get(key, "")).strip()),
        known_at_first_filing=_known_at_first_filing(desk, incident),
    )


def _moments(desk: Desk, incident: Incident, *, now: datetime) -> dict[str, datetime | date]:
    facts = clocks(desk, incident, now=now)[0].facts
    found: dict[str, datetime | date] = {}
    for key in ("at.occurred", "at.occurred_until", "at.detected", "at.aware", "at.contained", "at.handled"):
        value = facts.get(key)
        if isinstance(value, (datetime, date)):
            found[key] = value
    found["incident.acknowledged"] = _acknowledged(desk, incident)
    return found


def _acknowledged(desk: Desk, incident: Incident) -> datetime:
    """The first act of a responder: the declaration, or a step done earlier than it."""
    with desk.workspace.reading() as session:
        done = session.exec(select(StepRow.at).where(StepRow.incident_id == incident.id)).all()
    return min((incident.declared_at, *done))


def margins(desk: Desk, incident: Incident, *, now: datetime) -> tuple[FilingMargin, ...]:
    """How every dated or filed duty was met, the closest first; duties without a date come last."""
    first: dict[tuple[str, str], Filing] = {}
    for each in filings(desk, incident):
        first.setdefault((each.on_behalf_of, each.obligation), each)
    lines = []
    for clock in clock_list(clocks(desk, incident, now=now)):
        obligation = clock.obligation
        filing = first.get((clock.on_behalf_of, obligation.id))
        dated = obligation.due_at is not None and obligation.state is ObligationState.DUE
        if filing is None and not dated:
            continue
        margin = obligation.due_at - filing.filed_at if filing and obligation.due_at else None
        start = obligation.start.at if obligation.start else None
        whose = f" (for {clock.on_behalf_of})" if clock.on_behalf_of else ""
        lines.append(
            FilingMargin(
                obligation=obligation.id,
                title=obligation.title + whose,
                due_at=obligation.due_at,
                filed_at=filing.filed_at if filing else None,
                margin=margin,
                late_reason=filing.late_reason if filing else "",
                on_behalf_of=clock.on_behalf_of,
                zone=obligation.zone,
                took=taken(start, filing.filed_at, ZoneInfo(obligation.zone)) if filing else None,
            )
        )
    return tuple(sorted(lines, key=lambda each: (each.margin is None, each.margin)))


def _known_at_first_filing(desk: Desk, incident: Incident) -> tuple[int, int] | None:
    sent = filings(desk, incident)
    if not sent:
        return None
    records = fact_records(desk, incident)
    by_then = [each for each in records if each.recorded_at <= sent[0].filed_at]
    return len(_spoken(by_then, known=True)), len(_spoken(records, known=False))


def _spoken(records: list[FactRecord] | tuple[FactRecord, ...], *, known: bool) -> set[tuple[str, str]]:
    standing = {(each.on_behalf_of, each.key): each for each in records}
    return {name for name, each in standing.items() if not (known and each.unknown)}
