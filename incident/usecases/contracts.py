"""Contract clauses as regimes of the user's own: a file per party beside the user's playbooks.

A contract is no law, and says so; its clock runs like any other. The files are the user's to edit and lie outside
the vault, in the clear.
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

from incident.content.folders import user_folder
from incident.content.regimes import regime_of
from incident.domain.chain import Chains, unknown_obligation
from incident.domain.regime import Regime
from incident.domain.toml_text import read_toml
from incident.errors import ContentError
from incident.interchange.contracts_file import Clause, read_clauses
from incident.store.durable import write_whole
from incident.usecases.assess import Law, load_law

_RECHECK = timedelta(days=365)


def contracts_folder() -> Path:
    """Where the user's clauses lie, one file per party."""
    return user_folder() / "regimes" / "contracts"


def import_contracts(file: Path, *, today: date) -> tuple[Regime, ...]:
    """Read a CSV of clauses and write a regime per party; a bad row writes nothing. The tightest clause first.

    A party keeps its file: the same list read again replaces what it wrote before.
    """
    by_party: dict[str, list[Clause]] = {}
    for each in read_clauses(file):
        by_party.setdefault(each.party, []).append(each)
    law = load_law()
    slugs = _slugs({party: held[0].line for party, held in by_party.items()}, law, file.name)
    documents = {slugs[party]: (_document(slugs[party], party, held, today), held) for party, held in by_party.items()}
    checked = {slug: _checked(text, slug, file.name, held, law) for slug, (text, held) in documents.items()}
    _check_together(checked, {slug: held[0].line for slug, (_, held) in documents.items()}, law, file.name)
    folder = contracts_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise ContentError(f"{folder} cannot be made: {error.strerror}.", "Make room, or mend the folder.") from error
    for slug, (text, _) in documents.items():
        _write(folder / f"{slug}.toml", text)
    load_law.cache_clear()
    return tuple(sorted(checked.values(), key=tightest))


def _slugs(parties: Mapping[str, int], law: Law, file: str) -> dict[str, str]:
    """A slug of its own for each party (with the line of its first clause): the one its file has, else a new one."""
    held = {each.short: each.slug for each in law.regimes if _is_own(each)}
    shipped = {each.slug for each in law.regimes if not _is_own(each)}
    lying = {path.stem for path in contracts_folder().glob("*.toml")}
    taken = set(held.values()) | lying
    found = {}
    for party, line in parties.items():
        slug = held.get(party) or _new_slug(party, taken)
        if slug in shipped:
            where = f"{file}, line {line}"
            raise ContentError(f"{where}: «{party}» is a regime that ships ({slug}).", f"Name yours «{party} (own)».")
        found[party] = slug
        taken.add(slug)
    return found


def _new_slug(party: str, taken: Collection[str]) -> str:
    """A name for a file that nobody has: in Latin letters, marked with a hash where they do not tell parties apart."""
    plain = unicodedata.normalize("NFKD", party).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-")
    marks = hashlib.sha256(party.encode()).hexdigest()
    named = f"contract-{slug}" if slug else f"contract-{marks[:8]}"
    return named if named not in taken else f"{named}-{marks[:8]}"


def own_contracts() -> tuple[Regime, ...]:
    """The user's clauses, the tightest first."""
    return tuple(sorted((each for each in load_law().regimes if _is_own(each)), key=tightest))


def tightest(regime: Regime) -> tuple[float, str]:
    """How soon a contract must be served at the earliest, in hours; without a number last."""
    hours = {"hours": 1, "calendar_days": 24, "business_days": 24, "months": 24 * 28}
    windows = [each.period.amount * hours[each.period.unit.value] for each in regime.duties if each.period is not None]
    return min(windows, default=float("inf")), regime.slug


def _is_own(regime: Regime) -> bool:
    return regime.source == _SOURCE


_SOURCE = "own contract"


def _document(slug: str, party: str, clauses: Sequence[Clause], today: date) -> str:
    """A regime as TOML; JSON strings are TOML strings."""
    quoted = json.dumps
    lines = [
        f"# Clauses with {party}: a contract, not law. Yours to edit.".replace("\n", " "),
        f"slug = {quoted(slug)}",
        f"title = {quoted(f'Contract with {party}', ensure_ascii=False)}",
        f"short = {quoted(party, ensure_ascii=False)}",
        'place = ""',
        f"citation = {quoted(clauses[0].clause or f'contract with {party}', ensure_ascii=False)}",
        f"source = {quoted(_SOURCE)}",
        f"checked_on = {today.isoformat()}",
        f"recheck_by = {(today + _RECHECK).isoformat()}",
        'confidence = "high"',
        'notes = ["A contract, not law. Entered from your own list."]',
    ]
    for number, each in enumerate(clauses, 1):
        lines += ["", *_duty_lines(each, "notice" if number == 1 else f"notice-{number}")]
    return "\n".join(lines) + "\n"


def _duty_lines(each: Clause, slug: str) -> Iterable[str]:
    told = "; ".join(part for part in (each.contact, f"by {each.channel}" if each.channel else "") if part)
    yield from ("[[duties]]", f'slug = "{slug}"')
    for key, value in (
        ("title", f"{each.party}: contractual notice"),
        ("recipient", each.party),
        ("citation", each.clause or f"contract with {each.party}"),
        ("starts", each.anchor),
        ("period", each.period),
        ("calendar", "weekdays" if "business" in each.period else ""),
        ("when", each.when),
        ("note", f"Tell {told}." if told else ""),
    ):
        if value:
            yield f"{key} = {json.dumps(value, ensure_ascii=False)}"


def _checked(text: str, slug: str, file: str, clauses: Sequence[Clause], law: Law) -> Regime:
    try:
        return regime_of(read_toml(text), slug, law.vocabulary)
    except ContentError as error:
        duty = re.search(r"duties\.notice(?:-(\d+))?", error.message)
        line = clauses[int(duty[1] or 1) - 1 if duty else 0].line
        message = error.message.removeprefix(f"{slug}: ")
        raise ContentError(f"{file}, line {line}: {message}", error.hint) from error


def _check_together(checked: Mapping[str, Regime], lines: Mapping[str, int], law: Law, file: str) -> None:
    """Refuse a clause that hangs on an obligation that is not there, or in the end on itself."""
    others = [each for each in law.regimes if each.slug not in checked]
    known = {duty.id for each in (*others, *checked.values()) for duty in each.duties}
    chains = Chains()
    for each in others:
        chains.take(each)
    for slug, regime in checked.items():
        try:
            if (error := unknown_obligation(regime, known)) is not None:
                raise error
            chains.take(regime)
        except ContentError as error:
            raise ContentError(f"{file}, line {lines[slug]}: {error.message}", error.hint) from error


def _write(path: Path, text: str) -> None:
    try:
        write_whole(path, text.encode())
    except OSError as error:
        raise ContentError(f"{path}: it cannot be written: {error.strerror}.", "Make room, or mend the folder.") from error
