"""What a run of letters is asked, and what holds for its rows; checking recipients' files before anything is pressed.

`check` changes nothing in the incident; on request its counts become the fact `people`, so that thresholds move.
"""

import csv
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from sqlmodel import select

from incident.domain.fact_record import Confidence
from incident.domain.incident import Incident
from incident.domain.letters import Addressee, Output, Rejected, Tally, Why, people_rows, with_unreachable
from incident.domain.letters_address import WINDOWS, window_for
from incident.domain.letters_rows import Terms
from incident.domain.permission import Capability
from incident.domain.places import canonical_place
from incident.errors import ContentError, RefusedError, StoreError
from incident.interchange.inert_cell import inert
from incident.interchange.recipients import inspected
from incident.interchange.recipients_countries import country_codes, country_lines, region_codes
from incident.store.letters_tables import ColumnMappingRow
from incident.usecases.desk import Desk, organisation
from incident.usecases.facts import Statement, record_value, values_for
from incident.usecases.letters_intake import Intake, Judge, Sources, addressee_of, sources_of, take_in
from incident.usecases.letters_texts import LetterTexts, text_key
from incident.usecases.rights import require_in

REJECTED_HEAD = ("file", "line", "why", "reason", "row")
_SPOKEN = {
    "AT": "de",
    "BR": "pt",
    "CH": "de",
    "DE": "de",
    "ES": "es",
    "FR": "fr",
    "IT": "it",
    "NL": "nl",
    "PL": "pl",
    "PT": "pt",
}


@dataclass(frozen=True, slots=True)
class RunOrder:
    """What somebody asks of a run."""

    files: tuple[Path, ...]
    folder: Path = Path()
    output: Output = Output.ZIP
    version_ids: tuple[UUID, ...] = ()
    mapping: Mapping[str, str] = field(default_factory=dict)
    codes: Path | None = None
    country: str = ""
    """Of rows without one."""
    home: str = ""
    """The sender's; blank: the one in which the organisation is established."""
    language: str = ""
    """Of rows without one; blank: the first letter's."""
    language_else: str = ""
    """The language for people in whose own there is no letter; blank: they are rejected."""
    shard: tuple[int, int] = (1, 1)
    duplex: bool = False
    separators: bool = False
    window: str = ""
    fonts: Mapping[str, Path] = field(default_factory=dict)
    proof: bool = False
    keep_manifest: bool = False
    keep_same_person: bool = False
    without_email: bool = False
    processes: int = 0
    """Blank: one for each core."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found in recipients' files."""

    tally: Tally
    columns: tuple[Mapping[str, str], ...]
    unused: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...]
    rejected: Path | None
    people: tuple[Mapping[str, object], ...] = ()
    """The fact as it was recorded; empty when that was not asked."""


def check(
    desk: Desk,
    incident: Incident,
    order: RunOrder,
    *,
    now: datetime,
    rejected_to: Path | None,
    told: Callable[[Rejected], None],
    texts: LetterTexts | None = None,
    record_people: bool = False,
) -> Checked:
    """Read the files and count; each row without a letter goes to `told`, and to the file `rejected_to`."""
    require_in(desk, incident, Capability.WRITE if record_people else Capability.READ)
    sources = sources_for(desk, order, now=now)
    names = [each.named for each in sources.files]
    with rejected_file(rejected_to, names) as noted:

        def both(each: Rejected) -> None:
            noted(each)
            told(each)

        judge = judge_of(texts, order)
        with take_in(
            sources, terms_of(desk, incident, order, texts), both, judge=judge, keep_same_person=order.keep_same_person
        ) as k:
            count_all(k)
            tally = k.tally
    people: list[dict[str, object]] = []
    if record_people:
        people = _record_people(desk, incident, people_rows(tally, values_for(desk, incident).get("people")), names, now=now)
    columns = tuple(each.named for each in sources.columns)
    unused = tuple(each.unused for each in sources.columns)
    return Checked(tally, columns, unused, sources.notes, rejected_to, tuple(people))


def count_all(intake: Intake) -> None:
    """Count every accepted row."""
    for payload in intake.payloads():
        intake.tally.count(addressee_of(payload))


def _record_people(
    desk: Desk, incident: Incident, rows: list[dict[str, object]], names: Sequence[str], *, now: datetime
) -> list[dict[str, object]]:
    source = f"recipients' file {', '.join(names)}"[:300]
    record_value(desk, incident, Statement("people", "", source, Confidence.CONFIRMED), rows, now=now)
    return rows


def record_unreachable(desk: Desk, incident: Incident, unreachable: Mapping[str, int], source: str, *, now: datetime) -> None:
    """Record per place how many people no letter reached: what a substitute notice hangs on."""
    rows = with_unreachable(values_for(desk, incident).get("people"), unreachable)
    record_value(desk, incident, Statement("people", "", source, Confidence.CONFIRMED), rows, now=now)


def terms_of(desk: Desk, incident: Incident, order: RunOrder, texts: LetterTexts | None) -> Terms:
    """What holds for every row."""
    home = home_of(desk, order)
    if order.country and canonical_place(order.country.upper()) is None:
        raise ContentError(f"«{order.country}» is no country.", "Give its code: --country DE.")
    language = order.language or (
        next(iter(texts.texts)).partition(":")[0] if texts and texts.texts else _SPOKEN.get(home, "en")
    )
    lines = country_lines(_SPOKEN.get(home, "en"))
    return Terms(incident.reference, home, country_codes(), lines, region_codes(), language, order.country)


def home_of(desk: Desk, order: RunOrder) -> str:
    """The sender's country."""
    established = organisation(desk).established_in or ()
    home = order.home.upper() or (established[0].partition("-")[0] if established else "")
    if canonical_place(home) is None:
        raise ContentError(
            f"«{home}» is no country." if home else "From which country the letters are sent is not known.",
            "Say it: --from DE.",
        )
    return home


def window_of(desk: Desk, order: RunOrder) -> str:
    """Where the envelope's window is: as asked, else as is usual in the sender's country."""
    window = order.window or window_for(home_of(desk, order))
    if window not in WINDOWS:
        raise ContentError(f"«{window}» is no window.", f"Choose {', '.join(WINDOWS)}.")
    return window


def judge_of(texts: LetterTexts | None, order: RunOrder) -> Judge:
    """What speaks against a letter beyond the row itself: no text in the language, no place for what it gives, the channel."""
    keys = frozenset(texts.texts) if texts else frozenset()
    languages = texts.languages if texts else frozenset()

    def judge(each: Addressee) -> Rejected | None:
        if texts is not None:
            language = each.language if each.language in languages else order.language_else
            if language not in languages:
                return _against(each, Why.BAD, f"There is no approved letter in the language «{each.language}».")
            without = texts.without[text_key(keys, language, each.reader)]
            for name in ("elements", "salutation"):
                if name in without and getattr(each, name):
                    return _against(each, Why.BAD, f"The letter has no place for the {name} of a person.")
        if order.output is Output.EML and not each.email:
            return _against(each, Why.BY_POST, "Did not agree to e-mail: needs a letter on paper.")
        if order.without_email and each.email:
            return _against(each, Why.BY_EMAIL, "Agreed to e-mail: gets an e-mail instead.")
        return None

    return judge


def _against(each: Addressee, why: Why, reason: str) -> Rejected:
    return Rejected(each.source, each.line, why, reason, (), each.place)


@contextmanager
def rejected_file(path: Path | None, names: Sequence[str]) -> Iterator[Callable[[Rejected], None]]:
    """A CSV of rows without a letter, private, made anew; refused where another file stands. None: no file."""
    if path is None:
        yield lambda each: None
        return
    _refuse_other(path)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file, lineterminator="\r\n")
            rows.writerow(REJECTED_HEAD)

            def note(each: Rejected) -> None:
                cells = [inert(each_cell) for each_cell in each.cells]
                rows.writerow([inert(names[each.source]), each.line, each.why.value, inert(each.reason), *cells])

            yield note
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror or error}.", "Make room, or name another file.") from error


def _refuse_other(path: Path) -> None:
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            ours = file.readline(200).startswith(",".join(REJECTED_HEAD[:3]))
    except FileNotFoundError:
        return
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror}.", "Name another file.") from error
    if not ours and path.stat().st_size:
        raise RefusedError(f"{path} is there already and is something else.", "Name another file: --rejected FILE.")


def sources_for(desk: Desk, order: RunOrder, *, now: datetime) -> Sources:
    """The files with their columns: as mapped now (and remembered from now on), else as remembered, else recognised."""
    sources = sources_of([inspected(each) for each in order.files], order.mapping, lambda header: remembered(desk, header))
    if order.mapping:
        for each in sources.columns:
            _remember(desk, each.header, order.mapping, now=now)
    return sources


def remembered(desk: Desk, header: Sequence[str]) -> dict[str, str]:
    """How the columns of files with this header were named by hand."""
    query = select(ColumnMappingRow).where(ColumnMappingRow.header == _digest(header))
    with desk.workspace.reading() as session:
        row = session.exec(query).first()
        return {str(role): str(column) for role, column in row.mapping.items()} if row is not None else {}


def _remember(desk: Desk, header: Sequence[str], mapping: Mapping[str, str], *, now: datetime) -> None:
    if remembered(desk, header) == dict(mapping):
        return
    with desk.workspace.change("letters.mapping", now=now) as session:
        row = session.exec(select(ColumnMappingRow).where(ColumnMappingRow.header == _digest(header))).first()
        row = row or ColumnMappingRow(header=_digest(header), mapping={})
        row.mapping = dict(mapping)
        session.add(row)


def _digest(header: Sequence[str]) -> str:
    return sha256(json.dumps(list(header)).encode()).hexdigest()
