"""The post-incident review: the team's answers and action items, beside what the record computes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from incident.domain.fact_record import FactRecord
from incident.domain.finding import Finding, FindingKind, FollowUp
from incident.domain.incident import Incident
from incident.domain.metrics import FACTS, Metric, is_to_authority, is_to_people, metrics
from incident.domain.notice import Filing
from incident.domain.obligation import ObligationState
from incident.domain.responder import Role
from incident.domain.review import (
    REVIEW_QUESTIONS,
    ActionItem,
    FilingMargin,
    Review,
    ReviewState,
    taken,
)
from incident.errors import ContentError, RefusedError, refuse_lost
from incident.store.tables import AssignmentRow, FilingRow, ReviewRow, StepRow
from incident.store.values import value_of
from incident.usecases.action_items import action_items
from incident.usecases.clocks import clock_list, clocks
from incident.usecases.desk import Desk
from incident.usecases.facts import fact_records
from incident.usecases.filed import filings
from incident.usecases.findings import findings, follow_ups, refuse_open_items
from incident.usecases.incidents import family

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
    findings: tuple[Finding, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()

    def of_kind(self, kind: FindingKind) -> tuple[Finding, ...]:
        """The findings of one kind, the oldest first."""
        return tuple(each for each in self.findings if each.kind is kind)


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
        if state is ReviewState.CLOSED:
            refuse_open_items(session, incident)
        row.state = state
        session.add(row)
        session.flush()
        return value_of(Review, row)


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
        findings=findings(desk, incident),
        follow_ups=follow_ups(desk, incident),
    )


def _moments(desk: Desk, incident: Incident, *, now: datetime) -> dict[str, datetime | date]:
    facts = clocks(desk, incident, now=now)[0].facts
    found = {key: value for key in FACTS if isinstance(value := facts.get(key), (datetime, date))}
    with desk.workspace.reading() as session:
        return {**found, **acts_of(session, incident)}


def acts_of(session: Session, incident: Incident) -> dict[str, datetime | date]:
    """The events that the record itself knows: when the team and its lawyers came in, and what was first and last sent."""
    ids = family(session, incident.id)
    done = session.exec(select(StepRow.at).where(StepRow.incident_id == incident.id)).all()
    told = session.exec(
        select(AssignmentRow.assumed_at).where(
            AssignmentRow.incident_id == incident.id, col(AssignmentRow.role).in_((Role.PRIVACY_OFFICER, Role.LEGAL))
        )
    ).all()
    sent = session.exec(
        select(FilingRow.obligation, FilingRow.filed_at).where(
            col(FilingRow.incident_id).in_(ids), FilingRow.on_behalf_of == ""
        )
    ).all()
    return events_of(incident.declared_at, done, told, sent)


def events_of(
    declared_at: datetime, steps: Iterable[datetime], told: Iterable[datetime], sent: Iterable[tuple[str, datetime]]
) -> dict[str, datetime | date]:
    """The events from their times; one that nothing tells of is absent."""
    filed = list(sent)
    people = [at for obligation, at in filed if is_to_people(obligation)]
    found = {
        "incident.acknowledged": min((declared_at, *steps)),
        "incident.privacy_told": min(told, default=None),
        "filed.regulator": min((at for obligation, at in filed if is_to_authority(obligation)), default=None),
        "filed.individuals": min(people, default=None),
        "filed.individuals_last": max(people, default=None),
    }
    return {name: at for name, at in found.items() if at is not None}


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
