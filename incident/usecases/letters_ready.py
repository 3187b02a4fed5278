"""A run of letters made ready: its texts, files and codes, what it is, and what the vault keeps of it.

What a run is follows from its files, texts and options alone, so the same command given again is the same run.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from incident.domain.incident import Incident
from incident.domain.letters import Rejected
from incident.errors import RefusedError
from incident.store.letters_tables import LetterRunRow, RunState
from incident.usecases.desk import Desk
from incident.usecases.letters import RunOrder, home_of, judge_of, sources_for, terms_of, window_of
from incident.usecases.letters_codes import CodePool, pool_of, reservation, reserved, run_row
from incident.usecases.letters_intake import Intake, Sources, take_in
from incident.usecases.letters_texts import LetterTexts, letter_texts


@dataclass(frozen=True, slots=True)
class Run:
    """A run that is ready to begin."""

    desk: Desk
    incident: Incident
    order: RunOrder
    texts: LetterTexts
    sources: Sources
    pool: CodePool | None
    identity: str
    now: datetime


def ready(desk: Desk, incident: Incident, order: RunOrder, *, now: datetime) -> Run:
    """Everything that a run needs, looked through; refused when it cannot be pressed."""
    at, of = order.shard
    if not 1 <= at <= of <= 9_999:
        raise RefusedError(f"Shard {at}/{of} is none.", "Write --shard 1/4, 2/4, 3/4, 4/4.")
    if order.output.is_single and (order.duplex or order.separators):
        raise RefusedError(
            "Sheets between batches and blank backs are for files of many letters.", "Choose --make print or pdf."
        )
    sheets = order.duplex or order.separators
    texts = letter_texts(desk, incident, order.version_ids, window=window_of(desk, order), sheets=sheets, proof=order.proof)
    if order.codes is not None and not texts.takes_codes:
        raise RefusedError("The letter has no place for a code.", "Press without --codes, or take a letter that has one.")
    pool = pool_of(order.codes) if order.codes is not None and not order.proof else None
    sources = sources_for(desk, order, now=now)
    run = Run(desk, incident, order, texts, sources, pool, "", now)
    return replace(run, identity=_identity(run))


def _identity(run: Run) -> str:
    order = run.order
    held = {
        "files": [each.sha256 for each in run.sources.files],
        "columns": [each.named for each in run.sources.columns],
        "texts": run.texts.digest,
        "codes": run.pool.sha256 if run.pool else "",
        "options": [order.output.value, order.country, home_of(run.desk, order), order.language, order.language_else],
        "flags": [order.duplex, order.separators, order.keep_same_person, order.without_email, order.proof],
        "fonts": {name: sha256(path.read_bytes()).hexdigest() for name, path in sorted(order.fonts.items())},
        "incident": run.incident.reference,
    }
    return sha256(json.dumps(held, sort_keys=True).encode()).hexdigest()


def taken_in(run: Run, rejected: Callable[[Rejected], None]) -> Intake:
    """The rows of the run's files."""
    order = run.order
    return take_in(
        run.sources,
        terms_of(run.desk, run.incident, order, run.texts),
        rejected,
        judge=judge_of(run.texts, order),
        folder=order.folder,
        keep_same_person=order.keep_same_person,
    )


def reserve(run: Run, wanted: int) -> UUID | None:
    """Keep in the vault that the run begins and which codes it takes, before a letter exists. A proof is not kept."""
    if run.order.proof:
        return None
    if (standing := run_row(run.desk, run.incident, run.identity)) is not None:
        return standing
    codes = reservation(run.pool, reserved(run.desk, but=run.identity), wanted) if run.pool else ""
    detail = {"letters": wanted, "codes": bool(codes), "versions": [str(each) for each in run.texts.versions]}
    with run.desk.workspace.change("letters.begin", now=run.now, incident_id=run.incident.id, detail=detail) as session:
        row = LetterRunRow(
            incident_id=run.incident.id,
            state=RunState.BEGUN,
            identity=run.identity,
            output=run.order.output.value,
            counts={"accepted": wanted},
            codes=codes,
            by=run.desk.me.id,
            at=run.now,
        )
        session.add(row)
        session.flush()
        return row.id


def note_end(run: Run, row_id: UUID, state: RunState, counts: Mapping[str, object], manifest: str) -> None:
    """Keep what came of a run."""
    detail = {"state": state.value, "letters": counts.get("letters", 0)}
    with run.desk.workspace.change("letters.end", now=run.now, incident_id=run.incident.id, detail=detail) as session:
        row = session.get_one(LetterRunRow, row_id)
        row.state, row.counts, row.manifest, row.ended_at = state, dict(counts), manifest, run.now
        session.add(row)
