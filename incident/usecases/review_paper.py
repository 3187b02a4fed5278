"""A review for one reader: what is left out for them is left out here, once, and every form is written from the rest.

Counsel and a regulator get it whole, but for privileged lines. A customer gets the three questions, what is being done and
the course of events; the public what became of it and who was told.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from incident.domain.finding import Finding, FollowUp, Gap, gaps
from incident.domain.incident import Incident
from incident.domain.metrics import Metric
from incident.domain.outgoing import is_pseudonymous
from incident.domain.permission import Capability
from incident.domain.profile import Profile, may_leave
from incident.domain.review import REVIEW_QUESTIONS, ActionItem, FilingMargin
from incident.domain.step import StepRecord
from incident.domain.timeline import Precision, TimelineEntry
from incident.store.tables import StepRow
from incident.store.values import value_of
from incident.usecases.assignments import assignments
from incident.usecases.catalogue import catalogue
from incident.usecases.desk import Desk, names, organisation
from incident.usecases.exports import outgoing, pseudonyms
from incident.usecases.guide import playbook_of
from incident.usecases.review import review_view
from incident.usecases.review_timeline import told
from incident.usecases.rights import require_in
from incident.usecases.timeline import timeline


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A line of the course of events, with what the review marked on it."""

    id: UUID
    at: datetime
    precision: Precision
    kind: str
    text: str
    surprises: tuple[str, ...] = ()
    silence: Gap | None = None
    """The silence before it."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision with what was known then."""

    at: datetime
    by: str
    step: str
    decision: str
    dissent: str
    known_then: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ReviewPaper:
    """What one reader gets of a review."""

    incident: Incident
    profile: Profile
    organisation: str
    zone: str
    made_at: datetime
    state: str
    team: tuple[str, ...]
    answers: Mapping[str, str]
    """By question; only the questions that this reader gets, unanswered ones blank."""
    findings: tuple[Finding, ...]
    decisions: tuple[Decision, ...]
    items: tuple[ActionItem, ...]
    follow_ups: tuple[FollowUp, ...]
    owners: Mapping[UUID, str]
    margins: tuple[FilingMargin, ...]
    metrics: tuple[Metric, ...]
    known_at_first_filing: tuple[int, int] | None
    lines: tuple[PaperLine, ...]


def review_paper(desk: Desk, incident: Incident, profile: Profile, *, now: datetime, zone: str) -> ReviewPaper:
    """The review as this reader gets it; for members who may take content out."""
    require_in(desk, incident, Capability.EXPORT)
    view = review_view(desk, incident, now=now)
    review, people = view.review, names(desk)
    ours, public = not is_pseudonymous(profile), profile is Profile.PUBLIC
    text = str if ours else pseudonyms(desk, incident).text
    answers = {key: text((review.answers if review else {}).get(key, "")) for key in _asked(profile)}
    return ReviewPaper(
        incident=incident if ours else replace(incident, title="" if public else text(incident.title), ended_reason=""),
        profile=profile,
        organisation="" if public else organisation(desk).name,
        zone=zone,
        made_at=now,
        state=review.state.value if review else "not begun",
        team=_team(desk, incident, people) if ours else (),
        answers=answers,
        findings=view.findings if ours else (),
        decisions=_decisions(desk, incident, people) if ours else (),
        items=() if public else tuple(_item(each, text, ours=ours) for each in view.items),
        follow_ups=view.follow_ups if ours else (),
        owners=people if ours else {},
        margins=view.margins if ours else tuple(_margin(each, text) for each in view.margins if each.filed_at),
        metrics=() if public else view.metrics,
        known_at_first_filing=view.known_at_first_filing if ours else None,
        lines=_lines(desk, incident, profile, view.findings if ours else (), now=now, zone=zone),
    )


def _asked(profile: Profile) -> tuple[str, ...]:
    keys = tuple(key for key, _ in REVIEW_QUESTIONS)
    return () if profile is Profile.PUBLIC else keys[:3] if profile is Profile.CUSTOMER else keys


def _team(desk: Desk, incident: Incident, people: Mapping[UUID, str]) -> tuple[str, ...]:
    return tuple(f"{people.get(each.responder_id, '')} ({each.role.label})" for each in assignments(desk, incident))


def _item(item: ActionItem, text: Callable[[str], str], *, ours: bool) -> ActionItem:
    return item if ours else replace(item, title=text(item.title), outcome="")


def _margin(margin: FilingMargin, text: Callable[[str], str]) -> FilingMargin:
    return replace(margin, late_reason="", title=text(margin.title), on_behalf_of=text(margin.on_behalf_of))


def _decisions(desk: Desk, incident: Incident, people: Mapping[UUID, str]) -> tuple[Decision, ...]:
    query = select(StepRow).where(StepRow.incident_id == incident.id).order_by(col(StepRow.at))
    with desk.workspace.reading() as session:
        records = [value_of(StepRecord, row) for row in session.exec(query).all()]
    playbook = playbook_of(desk, incident)
    found = []
    for each in records:
        if not each.decision:
            continue
        step = playbook.step(each.step)
        taken = f"{each.decision} (the default: nobody decided in time)" if each.defaulted else each.decision
        taken = f"{taken}; {each.note}" if each.note else taken
        then = tuple((_question(key), value) for key, value in sorted((each.facts or {}).items()))
        name = step.title if step is not None else each.step
        found.append(Decision(each.at, people.get(each.by, ""), name, taken, each.dissent, then))
    return tuple(found)


def _question(key: str) -> str:
    kind = catalogue().law.vocabulary.kinds.get(key)
    return kind.question if kind is not None else key


def _lines(
    desk: Desk, incident: Incident, profile: Profile, findings: tuple[Finding, ...], *, now: datetime, zone: str
) -> tuple[PaperLine, ...]:
    if is_pseudonymous(profile):
        going = outgoing(desk, incident, profile, now=now).entries
        return tuple(PaperLine(each.id, each.occurred_at, each.precision, each.kind.value, each.text) for each in going)
    going_out = tuple(each for each in timeline(desk, incident) if may_leave(profile, privileged=each.privileged))
    return marked(told(desk, incident, going_out, zone=zone), findings, incident)


def marked(entries: tuple[TimelineEntry, ...], findings: tuple[Finding, ...], incident: Incident) -> tuple[PaperLine, ...]:
    """The course of events with its silences and with what surprised people."""
    silences = {each.before: each for each in gaps(entries, until=incident.ended_at)}
    surprises: dict[UUID, list[str]] = {}
    for each in findings:
        if each.entry_id is not None:
            surprises.setdefault(each.entry_id, []).append(each.text)
    return tuple(
        PaperLine(
            each.id,
            each.occurred_at,
            each.precision,
            each.kind.value,
            each.text,
            tuple(surprises.get(each.id, ())),
            silences.get(each.id),
        )
        for each in entries
    )
