"""Contract clauses as regimes of the user's own: a file per party beside the user's playbooks.

A contract is no law, and says so; its clock runs like any other. The files are the user's to edit and lie outside
the vault, in the clear.
"""

import json
import os
import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path

from incident.content.folders import user_folder
from incident.content.regimes import regime_of
from incident.domain.regime import Regime
from incident.errors import ContentError
from incident.interchange.contracts_file import Clause, read_clauses
from incident.usecases.assess import Law, load_law

_RECHECK = timedelta(days=365)


def contracts_folder() -> Path:
    """Where the user's clauses lie, one file per party."""
    return user_folder() / "regimes" / "contracts"


def import_contracts(file: Path, *, today: date) -> tuple[Regime, ...]:
    """Read a CSV of clauses and write a regime per party; a bad row writes nothing. The tightest clause first."""
    clauses = read_clauses(file)
    law = load_law()
    shipped = {each.slug for each in law.regimes if not _is_own(each)}
    documents = {}
    for party in dict.fromkeys(each.party for each in clauses):
        slug = f"contract-{_slug(party)}"
        if slug in shipped:
            raise ContentError(f"{file.name}: «{party}» is a regime that ships ({slug}).", f"Name yours «{party} (own)».")
        held = [each for each in clauses if each.party == party]
        documents[slug] = (_document(slug, party, held, today), held[0].line)
    checked = tuple(_checked(text, slug, file.name, line, law) for slug, (text, line) in documents.items())
    folder = contracts_folder()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for slug, (text, _) in documents.items():
        _write(folder / f"{slug}.toml", text)
    load_law.cache_clear()
    return tuple(sorted(checked, key=tightest))


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


def _slug(party: str) -> str:
    plain = unicodedata.normalize("NFKD", party).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if not slug:
        raise ContentError(f"«{party}» gives no name for a file.", "Write the party in Latin letters.")
    return slug[:60]


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


def _checked(text: str, slug: str, file: str, line: int, law: Law) -> Regime:
    import tomllib

    try:
        return regime_of(tomllib.loads(text), slug, law.vocabulary)
    except ContentError as error:
        message = error.message.removeprefix(f"{slug}: ")
        raise ContentError(f"{file}, line {line}: {message}", error.hint) from error


def _write(path: Path, text: str) -> None:
    part = path.with_suffix(".part")
    part.write_text(text, encoding="utf-8")
    os.replace(part, path)
