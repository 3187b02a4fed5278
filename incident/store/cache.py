"""Answers that were computed from the record, kept in one file beside the database so that they need not be computed again.

A cache decides nothing. Each answer names what it was computed from and is passed over when that is no longer so; the file
may be lost, damaged or put back from an older day without changing what anybody sees. It is encrypted under a sub-key of
the master key, and each answer again under the key of its incident: who may not read the incident cannot read the answer,
and a purge that destroys the key destroys it too.
"""

import json
import os
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlmodel import Session

from incident.domain.membership import Circle
from incident.store.keys import unwrap, wrap
from incident.store.seals import Seals, name_of, seal, unseal

_LONGEST = 32 * 2**20
"""Bytes; ten thousand answers need about five million."""
_NONCE = 12
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """One answer, sealed under its incident's key, and the digest of what it was computed from."""

    of: str
    sealed: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class CacheFile:
    """One file of kept answers; any trouble with it means that nothing was kept."""

    path: Path
    key: bytes = field(repr=False)

    def read(self) -> dict[UUID, KeptAnswer]:
        """What was kept, by incident."""
        with suppress(OSError, ValueError, TypeError, AttributeError, RecursionError):
            with self.path.open("rb") as file:
                raw = file.read(_LONGEST)
            plain = unwrap(self.key, raw[:_NONCE], raw[_NONCE:], self._bound)
            kept = json.loads(plain or b"{}")
            return {UUID(each): KeptAnswer(str(of), b64decode(sealed)) for each, (of, sealed) in kept.items()}
        return {}

    def write(self, answers: Mapping[UUID, KeptAnswer]) -> None:
        """Keep these and no others."""
        content = {each.hex: (answer.of, b64encode(answer.sealed).decode()) for each, answer in answers.items()}
        nonce, sealed = wrap(self.key, json.dumps(content).encode(), self._bound)
        fresh = self.path.with_name(f"{self.path.name}.{os.getpid()}.part")
        try:
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(nonce + sealed)
            fresh.replace(self.path)
        except OSError:
            with suppress(OSError):
                fresh.unlink(missing_ok=True)

    @property
    def _bound(self) -> bytes:
        return b"incident-cache/1|" + self.path.name.encode()


def keep(session: Session, incident_id: UUID, values: Mapping[str, object], of: str) -> KeptAnswer | None:
    """An answer to be kept; None for an incident whose key is not ours."""
    seals: Seals = session.info["seals"]
    held = seals.newest(incident_id, Circle.TEAM, lambda *asked: session.info["find"](session, *asked))
    return KeptAnswer(of, seal(*held, values, _place(incident_id, of))) if held is not None else None


def kept(session: Session, incident_id: UUID, answer: KeptAnswer) -> dict[str, Any] | None:
    """The values of a kept answer; None when it was sealed under a key that is not ours."""
    seals: Seals = session.info["seals"]
    key = seals.key(name_of(answer.sealed), lambda *asked: session.info["find"](session, *asked))
    return unseal(key, answer.sealed, _place(incident_id, answer.of)) if key is not None else None


def _place(incident_id: UUID, of: str) -> str:
    return f"cache|{incident_id}|{of}"


def row_digests(session: Session, incident_ids: Iterable[UUID], *, tables: Iterable[str], whole: str) -> dict[UUID, str]:
    """For each incident a digest of its rows in these tables and of every row of the table `whole`, bytes as stored.

    The rows of incidents merged into one are its own.
    """
    raw: Any = session.connection().connection.driver_connection
    owners = {each.hex: each.hex for each in incident_ids}
    common = repr(raw.execute(f'SELECT * FROM "{whole}" ORDER BY id').fetchall()).encode()  # noqa: S608 - our own names
    digests = {each: sha256(common) for each in owners}
    _with_merged(raw, owners)
    for table in tables:
        for row in _rows(raw, f'SELECT incident_id, * FROM "{table}" WHERE incident_id IN (?) ORDER BY id', owners):  # noqa: S608
            digests[owners[row[0]]].update(f"{table}{row}".encode(errors="surrogateescape"))
    return {UUID(each): digest.hexdigest() for each, digest in digests.items()}


def _with_merged(raw: Any, owners: dict[str, str]) -> None:
    """Add whatever was merged into these, and into those, each under the incident it ended in."""
    fresh = list(owners)
    while fresh:
        found = list(_rows(raw, "SELECT id, merged_into FROM incident WHERE merged_into IN (?) ORDER BY id", fresh))
        fresh = [each for each, _ in found if each not in owners]
        owners.update({each: owners[into] for each, into in found if each not in owners})


def _rows(raw: Any, query: str, ids: Iterable[str]) -> Iterator[tuple[Any, ...]]:
    asked = list(ids)
    for start in range(0, len(asked), _AT_ONCE):
        some = asked[start : start + _AT_ONCE]
        yield from raw.execute(query.replace("(?)", f"({','.join('?' * len(some))})"), some)
