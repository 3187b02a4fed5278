"""What a review finds: factors, surprises, differences between expected and seen; marked by people, withdrawn, never edited."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from incident.domain.finding import Cause, Finding, FindingKind, FollowUp
from incident.domain.incident import Incident
from incident.domain.permission import Capability
from incident.domain.review import ReviewState
from incident.errors import ContentError, RefusedError
from incident.store.review_tables import ActionFollowUpRow, ReviewFindingRow
from incident.store.tables import ActionItemRow, ReviewRow
from incident.store.values import value_of
from incident.usecases.desk import Desk
from incident.usecases.rights import require_in
from incident.usecases.timeline import timeline


@dataclass(frozen=True, slots=True)
class NewFinding:
    """What is said about a finding."""

    kind: FindingKind
    text: str
    expected: str = ""
    cause: str = ""
    line: int = 0
    """The number of the timeline's line it is about, from 1; 0: none."""


def add_finding(desk: Desk, incident: Incident, new: NewFinding, *, now: datetime) -> Finding:
    """Record a finding; a surprise names its line of the timeline, a difference what was expected."""
    require_in(desk, incident, Capability.WRITE)
    _check(new)
    entry_id = _line(desk, incident, new.line) if new.line else None
    detail = {"kind": new.kind.value}
    with desk.workspace.change("review.finding", now=now, incident_id=incident.id, detail=detail) as session:
        _refuse_closed(session, incident)
        row = ReviewFindingRow(
            incident_id=incident.id,
            kind=new.kind,
            text=new.text.strip(),
            expected=new.expected.strip(),
            cause=new.cause,
            entry_id=entry_id,
            at=now,
            by=desk.me.id,
        )
        session.add(row)
        session.flush()
        return value_of(Finding, row)


def _check(new: NewFinding) -> None:
    if not new.text.strip():
        raise ContentError("The finding is empty.", "Say it in a sentence, without blame.")
    if new.kind is FindingKind.DIFFERENCE and not new.expected.strip():
        raise ContentError("What was expected is not said.", "Say what people expected at that time, and what they saw.")
    if new.kind is FindingKind.SURPRISE and not new.line:
        raise ContentError("A surprise is about a line of the timeline.", "Name its number.")
    if new.cause and new.cause not in {each.value for each in Cause}:
        raise ContentError(f"«{new.cause}» is no kind of cause.", f"Name one of: {', '.join(each.value for each in Cause)}.")


def _line(desk: Desk, incident: Incident, number: int) -> UUID:
    entries = timeline(desk, incident)
    if not 1 <= number <= len(entries):
        hint = f"It has {len(entries)}; `incident review timeline` shows them."
        raise ContentError(f"The timeline has no line {number}.", hint)
    return entries[number - 1].id


def withdraw_finding(desk: Desk, incident: Incident, finding_id: UUID, *, now: datetime) -> None:
    """Take a finding back; that it stood there stays on record."""
    require_in(desk, incident, Capability.WRITE)
    with desk.workspace.change("review.withdraw", now=now, incident_id=incident.id) as session:
        _refuse_closed(session, incident)
        row = session.get(ReviewFindingRow, finding_id)
        if row is None or row.withdrawn_at is not None or row.incident_id != incident.id:
            raise RefusedError("This finding does not stand.", "`incident review show` lists them.")
        row.withdrawn_at = now
        session.add(row)


def _refuse_closed(session: Session, incident: Incident) -> None:
    row = session.exec(select(ReviewRow).where(ReviewRow.incident_id == incident.id)).first()
    if row is not None and row.state is ReviewState.CLOSED:
        raise RefusedError("The review is closed.", "Take it back to reviewed first.")


def refuse_open_items(session: Session, incident: Incident) -> None:
    """Raise RefusedError while an action item is open: a review is closed when what it asked for is done."""
    query = select(ActionItemRow.id).where(ActionItemRow.incident_id == incident.id, col(ActionItemRow.done_at).is_(None))
    count = len(session.exec(query).all())
    if count:
        said = "1 action item is" if count == 1 else f"{count} action items are"
        raise RefusedError(f"{said} open.", "Finish each with what came of it (or why it is not done), then close.")


def findings(desk: Desk, incident: Incident) -> tuple[Finding, ...]:
    """The findings that stand, the oldest first."""
    query = select(ReviewFindingRow).where(
        ReviewFindingRow.incident_id == incident.id, col(ReviewFindingRow.withdrawn_at).is_(None)
    )
    with desk.workspace.reading() as session:
        return tuple(value_of(Finding, row) for row in session.exec(query.order_by(col(ReviewFindingRow.at))).all())


def follow_ups(desk: Desk, incident: Incident) -> tuple[FollowUp, ...]:
    """How the incident's action items stood, day by day."""
    query = select(ActionFollowUpRow).where(ActionFollowUpRow.incident_id == incident.id).order_by(col(ActionFollowUpRow.at))
    with desk.workspace.reading() as session:
        return tuple(value_of(FollowUp, row) for row in session.exec(query).all())
