"""Press the letters of an incident: from recipients' files to a folder, with progress, and taken up again after any end.

What the run is follows from its files, texts and options alone: the same command given again goes on where it ended.
The vault keeps that there was a run, its counts, and which codes are spoken for.
"""

from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from itertools import islice
from pathlib import Path
from random import SystemRandom
from uuid import UUID

from incident.documents.letterpress.workers import pressed
from incident.documents.page import Mark
from incident.domain.access import AccessAct
from incident.domain.incident import Incident
from incident.domain.letters import Output, Rejected
from incident.domain.permission import Capability
from incident.domain.profile import Profile
from incident.errors import DocumentError, RefusedError, StoreError
from incident.store.durable import write_whole
from incident.store.letters_tables import RunState
from incident.usecases.access import record_access
from incident.usecases.desk import Desk, organisation
from incident.usecases.letters import RunOrder, rejected_file
from incident.usecases.letters_codes import free_codes, reserved, run_row
from incident.usecases.letters_intake import Intake
from incident.usecases.letters_parts import REJECTED, STOPPED, RunNote, assemble, done_part, finish, run_folder, save_note
from incident.usecases.letters_ready import Run, note_end, ready, reserve, taken_in
from incident.usecases.letters_work import Bench, Chunk, ChunkDone, WatchedOrder, press_chunk
from incident.usecases.rights import require_in

CHUNK = 1_000
PROOFS = 20
"""Letters of a proof: enough to look at, too few to send."""
_DRAWN = 20
"""One chunk in so many has a letter laid out the plain way and compared, and the first has always."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is."""

    done: int
    """Letters, refused ones included."""
    whole: int
    fresh: int
    """Of these, made since this command was given: what a rate is reckoned from."""


@dataclass(slots=True)
class RunResult:
    """What came of a run."""

    folder: str
    mark: Mark
    state: str
    """`finished`, or `cancelled` (then the same command goes on)."""
    letters: int = 0
    refused: int = 0
    pages: int = 0
    sheets: int = 0
    size: int = 0
    whole: int = 0
    resumed: int = 0
    """Letters that stood from before."""
    ways: Counter[str] = field(default_factory=Counter)
    places: Counter[str] = field(default_factory=Counter)
    rejected: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def add(self, each: ChunkDone) -> None:
        """Count a chunk."""
        self.letters += each.letters
        self.refused += each.refused
        self.pages += each.pages
        self.sheets += each.sheets
        self.size += each.size
        self.ways += each.ways
        self.places += each.places


def press_letters(
    desk: Desk,
    incident: Incident,
    order: RunOrder,
    *,
    now: datetime,
    told: Callable[[Progress], None] = lambda progress: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> RunResult:
    """Make all letters of a run, or go on with it. A mix-up raises DocumentError, and the run can never be finished."""
    require_in(desk, incident, Capability.EXPORT)
    run = ready(desk, incident, order, now=now)
    first = run.order.shard[0] == 1
    begun = RunNote(run.identity, order.output.value, "{}/{}".format(*order.shard), 0, 0, now.isoformat(), "begun")
    with run_folder(order.folder, begun) as note:
        names = [each.named for each in run.sources.files]
        with (
            rejected_file(order.folder / REJECTED, names) as rejected,
            taken_in(run, rejected if first else _nobody) as intake,
        ):
            whole = min(intake.accepted, PROOFS) if order.proof else intake.accepted
            if not whole:
                raise RefusedError("No row can get a letter.", f"Read {order.folder / REJECTED} for the reasons.")
            note = replace(note, accepted=whole, chunks=-(-whole // CHUNK))
            save_note(order.folder, note)
            row = reserve(run, intake.accepted)
            record_access(desk, AccessAct.EXPORTED, "letters to people", incident, now=now)
            result = _pressed(run, intake, note, told, cancelled)
        result.rejected = dict(intake.tally.rejected)
        if result.state == "finished":
            _finish(run, note, result, row, names)
    return result


def _nobody(each: Rejected) -> None:
    """Rows that cannot be read are listed by the first shard."""


def _pressed(
    run: Run, intake: Intake, note: RunNote, told: Callable[[Progress], None], cancelled: Callable[[], bool]
) -> RunResult:
    result = RunResult(str(run.order.folder), run.texts.mark, "finished", whole=_share(note, run.order.shard))
    result.notes = run.sources.notes
    bench = _bench(run, note)
    stop = [False]
    made = _made(run, _chunks(run, bench, intake, note, result, stop), note)
    with closing(made):
        try:
            told(Progress(result.letters + result.refused, result.whole, 0))
            for each in made:
                result.add(each)
                done = result.letters + result.refused
                told(Progress(done, result.whole, done - result.resumed))
                stop[0] = stop[0] or cancelled()
        except DocumentError as error:
            _stop(run, note, error)
            raise
    if result.letters + result.refused < result.whole:
        result.state = "cancelled"
    return result


def _share(note: RunNote, shard: tuple[int, int]) -> int:
    """How many letters fall to a shard."""
    at, of = shard
    sizes = (min(CHUNK, note.accepted - (number - 1) * CHUNK) for number in range(1, note.chunks + 1) if number % of == at % of)
    return sum(sizes)


def _made(run: Run, chunks: Iterator[Chunk], note: RunNote) -> Generator[ChunkDone, None, None]:
    """Chunks made one process per core; a run of a few is made in this one, which needs no start."""
    # the key hangs on the text, too: after a purge nobody who lacks the text can open what is left of its layouts
    seed = run.desk.workspace.sign(b"incident letter layouts v1\0") + run.texts.digest.encode()
    order = WatchedOrder(
        run.texts.texts,
        tagged=run.order.output is not Output.PRINT,
        cache_folder=run.desk.workspace.path / "layouts",
        cache_key=sha256(seed).digest(),
        fonts=_fonts(run.order.fonts),
    )
    if _share(note, run.order.shard) <= CHUNK or run.order.processes == 1:
        with order.press() as press:
            for chunk in chunks:
                yield press_chunk(press, chunk)
    else:
        yield from pressed(order, press_chunk, chunks, processes=run.order.processes)


def _fonts(further: Mapping[str, Path]) -> dict[str, Path]:
    """The user's fonts behind the package's own; nothing where there are none."""
    from incident.documents.letterpress.layout import bundled_fonts

    return {**bundled_fonts(), **further} if further else {}


def _chunks(run: Run, bench: Bench, intake: Intake, note: RunNote, result: RunResult, stop: list[bool]) -> Iterator[Chunk]:
    """The chunks of this shard that are not done yet; codes run along, so that each letter has its own whatever is left out."""
    at, of = run.order.shard
    codes = free_codes(run.pool, reserved(run.desk, but=run.identity)) if run.pool else iter(())
    payloads = islice(intake.payloads(), note.accepted)
    for number in range(1, note.chunks + 1):
        held, given = list(islice(payloads, CHUNK)), list(islice(codes, CHUNK if run.pool else 0))
        if stop[0]:
            return
        if number % of != at % of:
            continue
        if (part := done_part(run.order.folder, number)) is not None:
            done = ChunkDone(
                number, part.letters, part.refused, part.pages, part.sheets, part.size, Counter(part.ways), Counter(part.places)
            )
            result.add(done)
            result.resumed += part.letters + part.refused
            continue
        yield Chunk(bench, number, held, given[: len(held)], is_drawn(number))


def is_drawn(number: int) -> bool:
    """Whether a letter of this chunk is laid out the plain way, too: of the first always, of others by chance."""
    return number == 1 or not SystemRandom().randrange(_DRAWN)


def _bench(run: Run, note: RunNote) -> Bench:
    order, ours = run.order, organisation(run.desk)
    title = next(iter(run.texts.texts.values())).title
    return Bench(
        folder=order.folder,
        output=order.output,
        keys=frozenset(run.texts.texts),
        words=run.texts.words,
        language_else=order.language_else,
        duplex=order.duplex,
        separators=order.separators,
        with_codes=order.codes is not None,
        subject=f"{'EXERCISE: ' if run.incident.exercise else ''}{title}",
        sender=(ours.legal_name or ours.name, ours.contact_email),
        stamp=Profile.CUSTOMER.stamp,
        made_at=note.begun_at,
        chunks=note.chunks,
    )


def _stop(run: Run, note: RunNote, error: DocumentError) -> None:
    """The run may not go on: said in its folder and in the vault."""
    write_whole(run.order.folder / STOPPED, f"{error}\nNothing in this folder may be sent.\n".encode())
    save_note(run.order.folder, replace(note, state="stopped"))
    row = run_row(run.desk, run.incident, run.identity)
    if row is not None:
        note_end(run, row, RunState.STOPPED, {"stopped": str(error)[:500]}, "")


def _finish(run: Run, note: RunNote, result: RunResult, row: UUID | None, names: list[str]) -> None:
    """Nothing lacks and nothing is there twice: then the folder says that it is finished."""
    folder, (at, of) = run.order.folder, run.order.shard
    numbers = [number for number in range(1, note.chunks + 1) if number % of == at % of]
    try:
        letters = assemble(folder, numbers, names)
        if letters != result.letters or result.letters + result.refused != result.whole:
            raise DocumentError(
                f"The manifest names {letters} letters, {result.letters} were made of {result.whole}.",
                "Nothing may be sent. Report it.",
            )
        if row is not None:
            counts = {**_counts(result), "accepted": note.accepted, "shard": note.shard}
            manifest = (folder / "manifest.jsonl").read_bytes() if run.order.keep_manifest else b""
            note_end(run, row, RunState.FINISHED, counts, b64encode(manifest).decode())
        finish(folder, replace(note, state="finished"))
    except OSError as error:
        raise StoreError(f"{folder} cannot be written: {error.strerror or error}.", "Make room, then give it again.") from error


def _counts(result: RunResult) -> dict[str, object]:
    numbers = {key: getattr(result, key) for key in ("letters", "refused", "pages", "sheets", "size")}
    return numbers | {key: dict(getattr(result, key)) for key in ("ways", "places", "rejected")}
