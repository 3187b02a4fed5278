"""Reminders as the unlocked program keeps them: turned on, computed anew after each change, with ladders of one's own.

The sealed file is a cache. For each incident it names what it was computed from, it decides nothing, and it can be made anew
from the record at any time; only what other members of a sealed incident computed is carried over as it stands.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from hashlib import sha256
from secrets import token_bytes
from uuid import UUID

from sqlmodel import select

from incident.content.law_stamp import law_stamp
from incident.domain.access import AccessAct
from incident.domain.incident import Incident
from incident.domain.ladder import DEFAULTS, DueKind, ladder_of, ladder_text
from incident.domain.permission import Capability
from incident.domain.reminder import Watched
from incident.domain.reminder_text import Schedule
from incident.errors import ContentError, IncidentError, RefusedError, StoreError
from incident.store.cache import row_digests
from incident.store.durable import held_alone
from incident.store.keys import KEY_BYTES
from incident.store.reminder_file import ReminderFile
from incident.store.reminder_key import ReminderPlace
from incident.store.reminder_tables import ReminderKeyRow, ReminderLadderRow
from incident.usecases.access import record_access
from incident.usecases.board_cache import same_law
from incident.usecases.catalogue import catalogue
from incident.usecases.desk import Desk, require
from incident.usecases.dues import dues, key_of, watched_incidents, without_titles

_AT_CLOSING = 5
"""Incidents that are computed anew for another law or program when a desk is closed, so that closing stays quick."""
_TABLES = ("fact", "filing", "step", "assignment", "taken_playbook", "action_item")


def turn_on(desk: Desk, *, now: datetime, in_keyring: bool = False) -> str:
    """Write the sealed file and keep its key on this machine; where the key is. That the key left the vault is recorded."""
    key = _renewed_key(desk, now=now, make=True)
    place = ReminderPlace(desk.workspace.vault_id)
    where = place.keep_key(key.key, in_keyring=in_keyring)
    record_access(desk, AccessAct.EXPORTED, "the reminder key, to this machine", None, now=now)
    _write(desk, key, now=now)
    return where


def turn_off(vault_id: str) -> None:
    """Remove the key from this machine; the sealed file stays for other machines."""
    ReminderPlace(vault_id).forget()


def refresh(desk: Desk, *, now: datetime, most: int | None = None) -> bool:
    """Bring the sealed file up to date where reminders are on; whether nothing is left to be done.

    An incident whose record changed is always computed. After a change of the law, the program or a ladder, `most` of the
    others are, and the next refresh goes on. A renewed master key renews the reminder key, here too if it is kept here.
    """
    if _standing_key(desk) is None:
        return True
    renewed = _renewed_key(desk, now=now, make=False)
    complete = _write(desk, renewed, now=now, most=most)
    place = ReminderPlace(desk.workspace.vault_id)
    if place.is_on:
        with suppress(RefusedError):  # a keyring that is shut just now keeps the old key; `remind` says so
            place.keep_key(renewed.key)
    return complete


def refresh_after(desk: Desk, changed_at: datetime) -> bool:
    """As `refresh`, when a desk that changed something is closed; what keeps it from being written, `remind --status` says."""
    with suppress(IncidentError, OSError):
        return refresh(desk, now=changed_at, most=_AT_CLOSING)
    return True


def _standing_key(desk: Desk) -> ReminderKeyRow | None:
    with desk.workspace.reading() as session:
        return session.exec(select(ReminderKeyRow)).first()


def _mark(desk: Desk) -> str:
    """Which master key the vault has, as a mark that tells nothing of it."""
    return sha256(b"reminders|" + desk.workspace.cache("reminders").key).hexdigest()


def _renewed_key(desk: Desk, *, now: datetime, make: bool) -> ReminderKeyRow:
    mark, standing = _mark(desk), _standing_key(desk)
    if standing is not None and standing.of == mark:
        return standing
    if standing is None and not make:
        raise StoreError("Reminders are not turned on in this vault.", "`incident remind on` does it.")
    with desk.workspace.change("reminder.key", now=now) as session:
        row = session.exec(select(ReminderKeyRow)).first() or ReminderKeyRow(key=b"", of="")
        row.former, row.key, row.of = row.key, token_bytes(KEY_BYTES), mark
        session.add(row)
        session.flush()
        return row


def _write(desk: Desk, key: ReminderKeyRow, *, now: datetime, most: int | None = None) -> bool:
    """Write the file anew, one window after the other: what the last one reads is all that is recorded by then."""
    file = ReminderFile(desk.workspace.path, desk.workspace.vault_id, key.key)
    with held_alone(file.lock):
        before = _standing_schedule(file, key.former)
        known = {each.key: each for each in before.watched} if before is not None else {}
        watched, complete = _watched(desk, known, now=now, most=most)
        file.write(Schedule(now, watched))
    return complete


def _standing_schedule(file: ReminderFile, former: bytes) -> Schedule | None:
    for key in (file.key, former):
        with suppress(StoreError):
            return ReminderFile(file.vault, file.vault_id, key).read() if key else None
    return None


def _watched(desk: Desk, known: Mapping[str, Watched], *, now: datetime, most: int | None) -> tuple[tuple[Watched, ...], bool]:
    """Every incident as reminders know it, and whether all of it is current."""
    found = watched_incidents(desk)
    of, own = _digests(desk, [each.id for each in found], now=now), ladders(desk)
    made, left, complete = [], most, True
    for each in found:
        before, wanted = known.get(key_of(each.id)), of[each.id]
        if before is not None and (each.hidden or before.of == wanted):
            made.append(before)
        elif before is not None and _same_rows(before.of, wanted) and left == 0:
            made.append(before)
            complete = False
        elif not each.hidden:
            left = left - 1 if left and before is not None and _same_rows(before.of, wanted) else left
            made.append(_one(desk, each, wanted, own, now=now))
    return tuple(made), complete


def _same_rows(one: str, other: str) -> bool:
    """Whether two digests are of the same record, whatever law and program made of it."""
    return one.split(".")[0] == other.split(".")[0]


def _one(desk: Desk, incident: Incident, of: str, own: Mapping[str, str], *, now: datetime) -> Watched:
    listed = without_titles(incident.id, dues(desk, incident, now=now), own)
    return Watched(key_of(incident.id), incident.code_name, incident.exercise, of, incident.declared_at, listed)


def _digests(desk: Desk, ids: Iterable[UUID], *, now: datetime) -> dict[UUID, str]:
    """What each incident's reminders hang on: its rows and the organisation; ladders, law, program and the law's day."""
    span = same_law(catalogue().law.regimes, now=now)
    day = span.until.isoformat() if span is not None else f"changing {now:%Y-%m-%dT%H}"
    stamp = sha256(f"{law_stamp()}{sorted(ladders(desk).items())}{day}".encode()).hexdigest()
    with desk.workspace.reading() as session:
        found = row_digests(session, ids, tables=_TABLES, whole="organisation")
    return {each: f"{digest[:32]}.{stamp[:16]}" for each, digest in found.items()}


def ladders(desk: Desk) -> dict[str, str]:
    """The ladders that somebody set, by scope."""
    with desk.workspace.reading() as session:
        return {row.scope: row.rungs for row in session.exec(select(ReminderLadderRow)).all() if row.rungs}


def set_ladder(desk: Desk, scope: str, text: str, *, now: datetime) -> str:
    """Set the ladder of a kind, a body of law, a duty, a step or a fact; blank: the shipped one again. The ladder as read."""
    require(desk, Capability.ADMINISTER)
    _check_scope(scope)
    rungs = ladder_text(ladder_of(text)) if text.strip() else ""
    with desk.workspace.change("reminder.ladder", now=now, detail={"scope": scope, "rungs": rungs}) as session:
        query = select(ReminderLadderRow).where(ReminderLadderRow.scope == scope)
        row = session.exec(query).first() or ReminderLadderRow(scope=scope, rungs="")
        row.rungs = rungs
        session.add(row)
    return rungs or "the shipped one"


def _check_scope(scope: str) -> None:
    loaded = catalogue()
    duties = loaded.law.known_obligations
    known = {*(each.value for each in DueKind), *(each.slug for each in loaded.law.regimes), *duties}
    known |= {step.slug for playbook in loaded.playbooks.values() for step in playbook.steps}
    known |= set(loaded.law.vocabulary.kinds)
    if scope.split("@")[0] not in known:
        kinds = ", ".join(each.value for each in DueKind)
        raise ContentError(f"«{scope}» has no ladder.", f"Name a kind ({kinds}), a body of law, a duty, a step or a fact.")


def ladder_lines(desk: Desk) -> tuple[tuple[str, str, bool], ...]:
    """Every ladder in force: scope, rungs, and whether it is one of our own."""
    own = ladders(desk)
    shipped = [(kind.value, ladder_text(ladder_of(text))) for kind, text in DEFAULTS.items()]
    lines = [(scope, own.get(scope, text), scope in own) for scope, text in shipped]
    kinds = {each.value for each in DueKind}
    return (*lines, *((scope, text, True) for scope, text in sorted(own.items()) if scope not in kinds))
