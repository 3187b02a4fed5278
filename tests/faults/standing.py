"""How a desk stands after a command was disturbed: what its vault records, and which files lie about."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from incident.errors import IncidentError, RefusedError
from incident.store.workspace import slots
from incident.usecases.desk import Desk, responders
from incident.usecases.vaults import unlock
from tests.conftest import PASSPHRASE
from tests.faults.verbs import NEW_PASSPHRASE

_OWN = frozenset({"journal", "checkpoint", "access", "alembic_version", "sqlite_sequence"})
"""Tables that a look, a checkpoint or a migration may touch."""
_PASSING = frozenset(
    [
        "vault/incident.db-wal",
        "vault/incident.db-shm",
        "vault/vault.json.previous",
        "vault/vault.lock",
        "vault/anchor.json",
        "vault/evidence/.lock",
    ]
)
"""Files that come and go with every opening."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a vault records, without looks, and every file of the desk, without what names chance or the clock made."""

    tables: dict[str, str]
    acts: tuple[str, ...]
    files: frozenset[str]


def standing(desk: Path) -> Standing:
    """How a desk stands that nothing disturbed; what contradicts an older backup is a verb's to accept."""
    problems, found = looked_at(desk)
    if found is None or any(not each.startswith("anchor: ") for each in problems):
        raise SystemExit(f"{desk}: {problems}")
    return found


def looked_at(desk: Path) -> tuple[list[str], Standing | None]:
    """What does not hold in the vault, and how the desk stands; None where the vault does not open.

    Opening it is part of it: the program mends what it finds when it opens.
    """
    try:
        opened = _opened(desk)
    except IncidentError as error:
        return [f"the vault does not open: {error}"], None
    try:
        problems = [*opened.workspace.verify().problems, *_half_done(opened)]
        acts = tuple(each.act for each in opened.workspace.entries() if not each.act.startswith("access."))
        tables = _tables(opened)
    finally:
        opened.close()
    return problems, Standing(tables, acts, frozenset(_named(each, desk) for each in desk.rglob("*") if each.is_file()))


def _tables(desk: Desk) -> dict[str, str]:
    with desk.workspace.reading() as session:
        raw: Any = session.connection().connection.driver_connection
        names = [name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        kept = [name for name in names if name not in _OWN]
        return {name: _digest(raw.execute(f"SELECT * FROM {name}").fetchall()) for name in kept}


def _digest(rows: list[tuple[object, ...]]) -> str:
    return sha256("\n".join(sorted(map(repr, rows))).encode()).hexdigest()


def _named(path: Path, desk: Path) -> str:
    name = path.relative_to(desk).as_posix()
    name = re.sub(r"\d{8}T\d{6}Z(-\d+)?", "TIME", re.sub(r"evidence/../", "evidence/", name))
    return re.sub(r"[0-9a-f]{32,}", "NAME", name)


def opens_and_holds(path: Path) -> Iterator[str]:
    """What does not hold in a vault that a verb makes: it is not there, or whole."""
    if not path.exists() or (path.is_dir() and not any(path.iterdir())):
        return
    try:
        opened = unlock(path, sign_in="ana", passphrase=PASSPHRASE)
    except IncidentError as error:
        yield f"{path.name} does not open: {error}"
        return
    yield from opened.workspace.verify().problems
    opened.close()


def _opened(desk: Path) -> Desk:
    try:
        return unlock(desk / "vault", sign_in="ana", passphrase=PASSPHRASE)
    except RefusedError:
        return unlock(desk / "vault", sign_in="ana", passphrase=NEW_PASSPHRASE)


def _half_done(desk: Desk) -> Iterator[str]:
    """Somebody with a slot and no row, or active and without a slot."""
    keys = {each.responder_id for each in slots(desk.workspace.path) if each.responder_id}
    people = {each.id for each in responders(desk) if each.active}
    if keys - people:
        yield "a slot that belongs to nobody active"
    if people - keys:
        yield "an active responder without a slot"


def litter(now: Standing, *known: Standing, killed: bool = False) -> Iterator[str]:
    """Files that neither the old nor the new state has.

    A killed process cannot tidy up outside the vault, and what it was bringing in waits for the sweep of an hour later.
    """
    for each in sorted(now.files.difference(_PASSING, *(one.files for one in known))):
        if not killed or (each.startswith("vault/") and not each.startswith("vault/evidence/")):
            yield f"left over: {each}"
