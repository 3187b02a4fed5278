"""The playbooks of a running incident: the one it was declared with, those that joined, newer versions it adopted.

An incident keeps what it took as it stood then; a file that changes afterwards is offered, never slipped in.
"""

from datetime import datetime

from sqlmodel import col, select

from incident.content.playbook_document import playbook_from_document, playbook_to_document
from incident.domain.incident import Incident
from incident.domain.playbook import Playbook
from incident.domain.playbook_diff import PlaybookDiff, playbook_diff
from incident.domain.playbook_join import Combined, combined
from incident.domain.taken_playbook import TakenAs, TakenPlaybook
from incident.errors import ContentError, RefusedError
from incident.store.guide_tables import TakenPlaybookRow
from incident.store.tables import IncidentRow
from incident.usecases.catalogue import catalogue
from incident.usecases.desk import Desk, names
from incident.usecases.incidents import require_open


def playbooks_of(desk: Desk, incident: Incident) -> Combined:
    """What the incident follows now: the playbook it was declared with and what it took up since."""
    with desk.workspace.reading() as session:
        first = playbook_from_document(session.get_one(IncidentRow, incident.id).playbook_snapshot)
    return combined(first, taken_playbooks(desk, incident))


def taken_playbooks(desk: Desk, incident: Incident) -> tuple[TakenPlaybook, ...]:
    """What the incident took up after it was declared, in order of time, with who and why."""
    people = names(desk)
    query = (
        select(TakenPlaybookRow)
        .where(TakenPlaybookRow.incident_id == incident.id)
        .order_by(col(TakenPlaybookRow.at), col(TakenPlaybookRow.created_at))
    )
    with desk.workspace.reading() as session:
        return tuple(
            TakenPlaybook(row.taken_as, playbook_from_document(row.snapshot), row.reason, row.at, people.get(row.by, ""))
            for row in session.exec(query).all()
            if not row.hidden
        )


def join_playbook(desk: Desk, incident: Incident, slug: str, *, reason: str, now: datetime) -> Playbook:
    """Let a second playbook join a running incident; the steps both have are asked once. The reason stands in the record."""
    require_open(incident)
    playbook = catalogue().playbook(slug)
    if any(each.slug == slug for each in playbooks_of(desk, incident).parts):
        raise RefusedError(f"{incident.reference} follows «{playbook.title}» already.", "`incident guide` shows its steps.")
    return _take(desk, incident, playbook, TakenAs.JOINED, reason=reason, now=now)


def offered_changes(desk: Desk, incident: Incident) -> tuple[PlaybookDiff, ...]:
    """What the present files would change in the playbooks that the incident follows; nothing where they are the same."""
    present = catalogue().playbooks
    parts = playbooks_of(desk, incident).parts
    diffs = (playbook_diff(each, present[each.slug]) for each in parts if each.slug in present)
    return tuple(each for each in diffs if not each.is_empty)


def adopt_playbook(desk: Desk, incident: Incident, slug: str, *, reason: str, now: datetime) -> PlaybookDiff:
    """Take the present file of a playbook in place of the version that the incident follows; what it changed is returned."""
    require_open(incident)
    changes = offered_changes(desk, incident)
    found = next((each for each in changes if each.slug == slug), None) if slug else None
    if not slug and len(changes) == 1:
        found = changes[0]
    if found is None:
        known = ", ".join(each.slug for each in changes)
        what = f"«{slug}» offers no change." if slug else f"{len(changes)} playbooks of {incident.reference} offer a change."
        raise RefusedError(what, f"Name one of: {known}." if known else "Nothing is to be adopted.")
    _take(desk, incident, catalogue().playbook(found.slug), TakenAs.ADOPTED, reason=reason, now=now)
    return found


def _take(desk: Desk, incident: Incident, playbook: Playbook, how: TakenAs, *, reason: str, now: datetime) -> Playbook:
    if not reason.strip():
        raise ContentError(f"Why «{playbook.title}» is taken up is not said.", "Give the reason.")
    detail = {"playbook": playbook.slug, "version": playbook.version}
    with desk.workspace.change(f"playbook.{how.value}", now=now, incident_id=incident.id, detail=detail) as session:
        session.add(
            TakenPlaybookRow(
                incident_id=incident.id,
                taken_as=how,
                playbook=playbook.slug,
                snapshot=playbook_to_document(playbook),
                reason=reason.strip(),
                at=now,
                by=desk.me.id,
            )
        )
    return playbook
