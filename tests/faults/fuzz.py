"""F19: files that somebody made to hurt: cut, mangled, nested, swollen. Each reader refuses with a sentence.

As a program (`python -m tests.faults.fuzz KIND FOLDER ROUNDS SEED`) it limits its own memory and processor time first.
"""

import functools
import json
import random
import resource
import shutil
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from incident.errors import IncidentError
from incident.interchange.contracts_file import read_clauses
from incident.interchange.facts_file import read_document
from incident.store import vault
from incident.store.anchor import ANCHOR, read_anchor
from incident.store.keys import stretch
from incident.store.vault import HEADER
from incident.usecases.assess import load_law
from incident.usecases.vaults import unlock
from tests.conftest import PASSPHRASE
from tests.faults.outcome import Outcome
from tests.faults.vaults import a_prepared_vault, opened_slot

MEMORY = 1024 * 1024 * 1024
"""Bytes of address space: what a hostile file may make a process ask for, the interpreter and its libraries included."""
SECONDS = 300
SWOLLEN = 3 * MEMORY
"""Bytes of a sparse file, larger than the process may become."""

FACTS = {
    "organisation": {"roles": ["controller"], "sectors": [], "established_in": ["IE"], "timezone": "Europe/Dublin"},
    "at": {"aware": "2026-03-03T09:00:00+00:00"},
    "people": [{"in": "IE", "count": 250}],
    "data": {"elements": ["name", "dob"], "encrypted": False, "medium": ["electronic"]},
    "risk": {"individuals": "risk"},
}
TOML = b'[at]\naware = 2026-03-03T09:00:00+00:00\n[organisation]\nroles = ["controller"]\nestablished_in = ["IE"]\n'
CSV = "party,window,anchor,contact\nKlinik Süd (invented),24 hours,aware,desk\nInsurer,3 business days,detected,\n".encode()
_ODD: tuple[object, ...] = (
    None,
    True,
    0,
    -1,
    2**31,
    2**70,
    1e308,
    float("nan"),
    "",
    "x" * 5000,
    "\0",
    "\ud800",
    [],
    {},
    [[[[]]]],
    {"a": {}},
)


def mangled(raw: bytes, chance: random.Random) -> bytes:
    """The same bytes with a wound: bits, a cut, a doubled or swapped stretch, or noise."""
    place, length = chance.randrange(len(raw) + 1), chance.randint(1, 40)
    match chance.randrange(6):
        case 0:
            return raw[:place]
        case 1:
            return raw[:place] + bytes(chance.randrange(256) for _ in range(length)) + raw[place:]
        case 2:
            return raw[:place] + raw[place + length :]
        case 3:
            return raw[:place] + raw[place : place + length] * chance.randint(2, 2000) + raw[place:]
        case 4:
            deep = chance.choice((b"[", b'{"a":', b"a.a.", b'"', b"((")) * chance.randint(10, 60_000)
            return raw[:place] + deep + raw[place:]
        case _:
            wound = bytearray(raw)
            for _ in range(chance.randint(1, 4)):
                wound[chance.randrange(len(wound))] ^= 1 << chance.randrange(8)
            return bytes(wound)


def odd(document: object, chance: random.Random) -> object:
    """The same document with one value or key somewhere that does not belong there."""
    if isinstance(document, dict) and document and chance.random() < 0.85:
        key = chance.choice(sorted(document))
        if chance.random() < 0.1:
            return {name: value for name, value in document.items() if name != key}
        return {**document, key: odd(document[key], chance)}
    if isinstance(document, list) and document and chance.random() < 0.85:
        at = chance.randrange(len(document))
        return [*document[:at], odd(document[at], chance), *document[at + 1 :]]
    return chance.choice(_ODD)


def mutant(raw: bytes, chance: random.Random) -> bytes:
    """Bytes wounded, or, of a JSON document, one value exchanged."""
    if raw[:1] == b"{" and chance.random() < 0.6:
        return json.dumps(odd(json.loads(raw), chance)).encode()
    return mangled(raw, chance)


Reader = Callable[[Path], object]


def header_case(folder: Path) -> tuple[Path, Reader]:
    """vault.json, as unlocking reads it."""
    vault.stretch = functools.lru_cache(stretch)  # type: ignore[attr-defined]
    path = a_prepared_vault(folder)
    return path / HEADER, lambda file: unlock(file.parent, sign_in="ana", passphrase=PASSPHRASE).close()


def anchor_case(folder: Path) -> tuple[Path, Reader]:
    """The anchor beside the database."""
    path = a_prepared_vault(folder)
    master = opened_slot(path).master
    return path / ANCHOR, lambda file: read_anchor(file.parent, master)


def facts_case(folder: Path) -> tuple[Path, Reader]:
    """A file of facts in JSON."""
    law, file = load_law(), folder / "facts.json"
    file.write_text(json.dumps(FACTS))
    return file, lambda file: law.facts(read_document(str(file)), source=file.name)


def toml_case(folder: Path) -> tuple[Path, Reader]:
    """A file of facts in TOML."""
    law, file = load_law(), folder / "facts.toml"
    file.write_bytes(TOML)
    return file, lambda file: law.facts(read_document(str(file)), source=file.name)


def contracts_case(folder: Path) -> tuple[Path, Reader]:
    """Clauses of contracts."""
    file = folder / "clauses.csv"
    file.write_bytes(CSV)
    return file, read_clauses


KINDS: dict[str, Callable[[Path], tuple[Path, Reader]]] = {
    "header": header_case,
    "anchor": anchor_case,
    "facts": facts_case,
    "toml": toml_case,
    "contracts": contracts_case,
}


def read(reader: Reader, file: Path) -> str:
    """What went wrong in the program, if anything did: a sentence is right, and so is reading it."""
    try:
        reader(file)
    except IncidentError as error:
        return "" if error.message else "a refusal without words"
    except Exception as error:  # noqa: BLE001 - what the experiment looks for
        return f"{type(error).__name__}: {str(error)[:120]}"
    return ""


def swell(file: Path) -> None:
    """Make it larger than memory; a sparse file costs no disk."""
    with file.open("r+b") as handle:
        handle.truncate(SWOLLEN)


def fuzzed(kind: str, folder: Path, rounds: int, seed: int) -> Outcome:
    """Read `rounds` mutants and one swollen file; errors that are no sentence count as corrupt."""
    folder.mkdir(parents=True, exist_ok=True)
    file, reader = KINDS[kind](folder)
    whole, chance, wrong, note = file.read_bytes(), random.Random(seed), 0, ""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    for number in range(rounds + 1):
        raw = mutant(whole, chance)
        file.write_bytes(raw)
        if number == rounds:
            swell(file)
        problem = read(reader, file)
        wrong += bool(problem)
        if problem and not note:
            shutil.copy(file, folder / "first-wrong") if number < rounds else None
            note = f"seed {seed}, mutant {number}: {problem}; {raw[:200]!r}"
    return Outcome(f"fuzzed {file.name}", rounds + 1, 0, 0, wrong, None, note)


if __name__ == "__main__":
    print(json.dumps(asdict(fuzzed(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])))))
