"""Action items: what will be done after an incident, by whom, by when; followed up until it is done."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, select

from incident.domain.incident import Incident
from incident.domain.review import ActionItem, ActionKind
from incident.errors import ContentError, RefusedError
from incident.store.review_tables import ActionFollowUpRow
from incident.store.tables import ActionItemRow, IncidentRow
from incident.store.values import value_of
from incident.usecases.desk import Desk, responder_named


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
    query = (
        select(ActionItemRow)
        .where(ActionItemRow.incident_id == incident.id)
        .order_by(col(ActionItemRow.due_on), col(ActionItemRow.created_at))
    )
    with desk.workspace.reading() as session:
        return tuple(value_of(ActionItem, row) for row in session.exec(query).all())


def follow_up(desk: Desk, item_id: UUID, *, note: str, now: datetime, due_on: date | None = None) -> ActionItem:
    """Record how an action item stands; with `due_on` its due day moves, and the note says why."""
    if not note.strip():
        raise ContentError("How it stands is not said.", "Say it in a sentence; for a new day, say why.")
    with desk.workspace.reading() as session:
        found = session.get(ActionItemRow, item_id)
        if found is None or found.done_at is not None:
            raise RefusedError("This action item is not open.", "`incident review show` lists them.")
        incident_id = found.incident_id
    with desk.workspace.change("action.follow_up", now=now, incident_id=incident_id) as session:
        row = session.get_one(ActionItemRow, item_id)
        made = ActionFollowUpRow(
            incident_id=incident_id, item_id=item_id, note=note.strip(), due_on=due_on, at=now, by=desk.me.id
        )
        session.add(made)
        if due_on is not None:
            row.due_on = due_on
            session.add(row)
        session.flush()
        return value_of(ActionItem, row)


@dataclass(frozen=True, slots=True)
class OpenItem:
    """An action item that is not done, with its incident; overdue once its day has passed."""

    reference: str
    code_name: str
    number: int
    """Its number in the incident's list."""
    item: ActionItem
    overdue: bool


def _numbers(session: Session, incident_id: UUID) -> list[UUID]:
    query = select(ActionItemRow.id).where(ActionItemRow.incident_id == incident_id)
    return list(session.exec(query.order_by(col(ActionItemRow.due_on), col(ActionItemRow.created_at))).all())


def open_items(desk: Desk, *, today: date) -> tuple[OpenItem, ...]:
    """Every action item of every incident that is not done, the earliest due first."""
    query = select(ActionItemRow, IncidentRow.reference, IncidentRow.code_name).join(
        IncidentRow, col(IncidentRow.id) == col(ActionItemRow.incident_id)
    )
    query = query.where(col(ActionItemRow.done_at).is_(None)).order_by(col(ActionItemRow.due_on))
    with desk.workspace.reading() as session:
        rows = [(row, name, code) for row, name, code in session.exec(query).all() if not row.hidden]
        numbers = {each: _numbers(session, each) for each in {row.incident_id for row, _, _ in rows}}
        return tuple(
            OpenItem(reference, name, numbers[row.incident_id].index(row.id) + 1, value_of(ActionItem, row), row.due_on < today)
            for row, reference, name in rows
        )
