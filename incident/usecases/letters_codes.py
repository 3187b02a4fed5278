"""Codes from a pool file: one for each letter, never one twice, whatever was pressed before and however it ended.

Codes are given in the order of the letters, so a run taken up again gives each person the same one. What is spoken for is
kept in the vault as keyed hashes before the first letter is made.
"""

import re
from array import array
from base64 import b64decode, b64encode
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b, sha256
from itertools import islice
from pathlib import Path
from uuid import UUID

from sqlmodel import select

from incident.domain.incident import Incident
from incident.errors import ContentError, RefusedError, shown
from incident.store.letters_tables import LetterRunRow
from incident.usecases.desk import Desk
from incident.usecases.letters_spill import Spill

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{3,63}")
_LINE = 4096


@dataclass(frozen=True, slots=True)
class CodePool:
    """A file with one code a line."""

    path: Path
    sha256: str
    count: int


def pool_of(path: Path) -> CodePool:
    """Look a pool through: every line one code, none twice. Raises ContentError naming the line."""
    digest, count = sha256(), 0
    with Spill(run=60_000) as seen:
        for line, code in _lines(path):
            if not _CODE.fullmatch(code):
                raise ContentError(
                    f"{path.name}, line {line}: «{shown(code, longest=40)}» is no code.",
                    "One code a line: letters, digits, . _ / -",
                )
            digest.update(code.encode() + b"\n")
            seen.add(blake2b(code.casefold().encode(), digest_size=16).digest(), line.to_bytes(6, "big"))
            count += 1
        before = b""
        for key, place in seen.merged():
            if key == before:
                raise ContentError(
                    f"{path.name}, line {int.from_bytes(place, 'big')}: this code stands there twice.", "Take it out."
                )
            before = key
    if not count:
        raise ContentError(f"{path} holds no code.", "One code a line.")
    return CodePool(path, digest.hexdigest(), count)


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        with path.open("rb") as file:
            line = 0
            while raw := file.readline(_LINE):
                line += 1
                text = raw.decode("ascii", errors="replace").strip().removeprefix("\ufeff").strip('"')
                if text and not (line == 1 and text.casefold() in ("code", "codes")):
                    yield line, text
    except OSError as error:
        raise ContentError(f"{path}: {error.strerror}.", "Name the file with the codes.") from error


@dataclass(frozen=True, slots=True)
class Reserved:
    """Codes that were spoken for by earlier runs, as sorted hashes."""

    salt: str
    hashes: "array[int]"

    def digest(self, code: str) -> int:
        """The hash of a code; means nothing outside of this vault."""
        return int.from_bytes(blake2b(code.casefold().encode(), digest_size=8, key=self.salt.encode()[:64]).digest(), "big")

    def holds(self, code: str) -> bool:
        """Whether a code was given to somebody."""
        wanted = self.digest(code)
        at = bisect_left(self.hashes, wanted)
        return at < len(self.hashes) and self.hashes[at] == wanted


def reserved(desk: Desk, *, but: str) -> Reserved:
    """What all runs of this vault but the one with this identity have reserved, as far as this desk can read them."""
    held: array[int] = array("Q")
    with desk.workspace.reading() as session:
        for row in session.exec(select(LetterRunRow)):
            if row.hidden:
                raise RefusedError(
                    "Another incident's letters took codes, and you cannot read which.",
                    "Ask a member of that incident to press.",
                )
            if row.codes and row.identity != but:
                held.frombytes(b64decode(row.codes))
    return Reserved(desk.workspace.vault_id, array("Q", sorted(held)))


def free_codes(pool: CodePool, taken: Reserved) -> Iterator[str]:
    """The pool's codes in its order, without those that are spoken for."""
    return (code for _, code in _lines(pool.path) if not taken.holds(code))


def reservation(pool: CodePool, taken: Reserved, wanted: int) -> str:
    """Hashes of the first free codes, to be kept; refused when the pool is too small."""
    hashes = array("Q", sorted(taken.digest(code) for code in islice(free_codes(pool, taken), wanted)))
    if len(hashes) < wanted:
        raise RefusedError(
            f"{pool.path.name} has {len(hashes)} free codes of {pool.count}; {wanted} letters want one each.",
            f"Get {wanted - len(hashes)} more; nothing was pressed and no code was used.",
        )
    return b64encode(hashes.tobytes()).decode()


def run_row(desk: Desk, incident: Incident, identity: str) -> UUID | None:
    """The run with this identity, if there was one."""
    query = select(LetterRunRow).where(LetterRunRow.incident_id == incident.id)
    with desk.workspace.reading() as session:
        return next((row.id for row in session.exec(query) if row.identity == identity), None)
