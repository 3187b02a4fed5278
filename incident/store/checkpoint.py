"""Checkpoints: from time to time a responder's key signs how many entries the journal has, their Merkle root and the head.

They stand beside the journal and are no entries of it. Whoever holds the database key can write the chain anew, but
cannot sign. A checkpoint is made in the transaction of the change that makes it due, so that there is never an entry
without it; it continues the tree that the last one signed, and is not made where something is missing in between:
what was altered is never signed as if it were sound.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from incident.store.keys import canonical
from incident.store.merkle import Frontier, Roots

INTERVAL = 100
"""No more entries than these stand without a checkpoint."""
PERIOD = timedelta(minutes=5)
FORMAT = "incident-checkpoint/1"
_SINCE = re.compile(r"CHECK \(size > (\d+)\)")


@dataclass(frozen=True, slots=True)
class Signer:
    """Whose key signs, for which vault."""

    vault_id: str
    responder_id: UUID
    public_key: bytes
    sign: Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What was signed: the first `size` entries have this Merkle root and this head."""

    size: int
    after: int
    """The size of the checkpoint before it; 0 for the first."""
    at: datetime
    by: UUID
    key: bytes
    root: bytes
    head: str
    vault_id: str
    body: bytes
    """The exact bytes that were signed."""
    signature: bytes

    def holds(self) -> bool:
        """Whether the key named in it made the signature."""
        return signed(self.key, self.body, self.signature)


@lru_cache(maxsize=64)
def _public(key: bytes) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(key)


def signed(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether this Ed25519 key made this signature."""
    try:
        _public(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def create_checkpoints(connection: Any) -> None:
    """Create the table beside the journal, and the triggers that keep it append-only.

    A journal that is longer than an interval already begins to be checkpointed after its last entry; that number is
    part of the table's definition, which the schema's fingerprint in the vault's header covers.
    """
    entries = connection.execute("SELECT count(*) FROM journal").fetchone()[0]
    since = entries if entries > INTERVAL else 0
    connection.execute(
        f"CREATE TABLE IF NOT EXISTS checkpoint (size INTEGER PRIMARY KEY CHECK (size > {since}), body BLOB NOT NULL, "
        "signature BLOB NOT NULL, frontier BLOB NOT NULL)"
    )
    for act in ("update", "delete"):
        connection.execute(f"DROP TRIGGER IF EXISTS checkpoint_no_{act}")
        connection.execute(
            f"CREATE TRIGGER checkpoint_no_{act} BEFORE {act.upper()} ON checkpoint "
            "BEGIN SELECT RAISE(ABORT, 'checkpoints are append-only'); END"
        )


def since(connection: Any) -> int | None:
    """The entry after which checkpoints begin; None in a database that has no table for them."""
    row = connection.execute("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'checkpoint'").fetchone()
    found = _SINCE.search(row[0]) if row else None
    return None if row is None else int(found[1]) if found else 0


def checkpoints(connection: Any, *, first: int = 1) -> Iterator[Checkpoint | int]:
    """Every checkpoint from this size on, in order; the bare size of one that cannot be read."""
    if since(connection) is None:
        return
    rows = connection.execute("SELECT size, body, signature FROM checkpoint WHERE size >= ? ORDER BY size", (first,))
    for size, body, signature in rows:
        yield read_checkpoint(size, _raw(body), _raw(signature)) or size


def _raw(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


def read_checkpoint(size: int, body: bytes, signature: bytes) -> Checkpoint | None:
    """A checkpoint as stored; None for bytes that are none, or of another size."""
    try:
        held = json.loads(body)
        if held["format"] != FORMAT or held["size"] != size:
            return None
        return Checkpoint(
            size=size,
            after=int(held["after"]),
            at=datetime.fromisoformat(held["at"]),
            by=UUID(held["by"]),
            key=bytes.fromhex(held["key"]),
            root=bytes.fromhex(held["root"]),
            head=str(held["head"]),
            vault_id=str(held["vault"]),
            body=body,
            signature=signature,
        )
    except (ValueError, KeyError, TypeError):
        return None


def checkpoint(connection: Any, signer: Signer, *, now: datetime, anyway: bool = False) -> bool:
    """Sign a checkpoint if one is due (`anyway`: if any entry is without); whether one was made.

    The caller is in a writing transaction. None is made after an altered one, or after a gap: that stays to be seen.
    """
    begun = since(connection)
    if begun is None:
        return False
    seq, head = connection.execute("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1").fetchone() or (0, "")
    row = connection.execute("SELECT size, body, signature, frontier FROM checkpoint ORDER BY size DESC LIMIT 1").fetchone()
    last = read_checkpoint(row[0], _raw(row[1]), _raw(row[2])) if row else None
    frontier = Frontier.read(row[0], _raw(row[3])) if row else Frontier()
    bare = seq - max(last.size if last else 0, begun)
    if bare <= 0 or not (anyway or last is None or bare >= INTERVAL or abs(now - last.at) >= PERIOD):
        return False
    if bare > INTERVAL or frontier is None or (row and not _continues(last, frontier)) or not _is_known(connection, signer):
        return False
    after = frontier.size
    with suppress(ValueError):
        for (digest,) in connection.execute("SELECT hash FROM journal WHERE seq > ? ORDER BY seq", (after,)):
            frontier.append(bytes.fromhex(digest))
    if frontier.size != seq:
        return False
    _write(connection, signer, frontier, after=after, head=head, now=now)
    return True


def _continues(last: Checkpoint | None, frontier: Frontier) -> bool:
    return last is not None and frontier.root == last.root and last.holds()


def _is_known(connection: Any, signer: Signer) -> bool:
    """Whether the responder's row has this key; after an interrupted recovery it does not yet."""
    query = "SELECT 1 FROM responder WHERE id = ? AND public_key = ?"
    return connection.execute(query, (signer.responder_id.hex, signer.public_key)).fetchone() is not None


def _write(connection: Any, signer: Signer, frontier: Frontier, *, after: int, head: str, now: datetime) -> None:
    body = canonical(
        {
            "format": FORMAT,
            "vault": signer.vault_id,
            "size": frontier.size,
            "after": after,
            "root": frontier.root.hex(),
            "head": head,
            "at": now.astimezone(UTC).isoformat(),
            "by": str(signer.responder_id),
            "key": signer.public_key.hex(),
        }
    )
    connection.execute(
        "INSERT INTO checkpoint (size, body, signature, frontier) VALUES (?, ?, ?, ?)",
        (frontier.size, body, signer.sign(body), frontier.to_bytes()),
    )


def slot_keys(header: Mapping[str, Any]) -> dict[UUID, bytes]:
    """The responders' public keys as the vault's header has them."""
    slots = [each for each in header["slots"] if each.get("responder_id")]
    return {UUID(each["responder_id"]): bytes.fromhex(each["public_key"]) for each in slots}


def known_keys(connection: Any, slot_keys: Mapping[UUID, bytes]) -> dict[UUID, frozenset[bytes]]:
    """Every public key that a responder has or had: those in the table, and those in the vault's header."""
    known = {each: frozenset({key}) for each, key in slot_keys.items()}
    for row_id, key, former in connection.execute("SELECT id, public_key, former_public_keys FROM responder"):
        with suppress(ValueError, TypeError):
            held = UUID(row_id)
            known[held] = known.get(held, frozenset()) | {_raw(key)} | {bytes.fromhex(each) for each in json.loads(former)}
    return known


class CheckpointAudit:
    """Checks every checkpoint while the entries' hashes go by; `signatures` says of which to check the signature too."""

    def __init__(
        self,
        signed: Iterator[Checkpoint | int],
        begun: int | None,
        keys: Mapping[UUID, frozenset[bytes]],
        vault_id: str,
        *,
        signatures: Callable[[int], bool] = lambda number: True,
    ) -> None:
        self._keys, self._vault_id = keys, vault_id
        self._waiting = signed
        self._next = next(self._waiting, None)
        self._since = begun
        self._signatures = signatures
        self._roots = Roots()
        self._last = 0
        self._altered = False
        self._problems: list[str] = []
        self.count = 0

    def take(self, hashes: Sequence[bytes]) -> None:
        """The next entries' hashes, a batch at a time."""
        before = self._roots.size
        due = []
        while self._next is not None and _size(self._next) <= before + len(hashes):
            due.append(self._next)
            self._next = next(self._waiting, None)
        roots = self._roots.add(hashes, [_size(each) for each in due])
        for each in due:
            size = _size(each)
            self._check(each, roots[size], hashes[size - before - 1].hex())

    def finish(self) -> tuple[str, ...]:
        """After the last entry: what was found, in order."""
        entries = self._roots.size
        while self._next is not None:
            self.count += 1
            self._problems.append(f"checkpoint {_size(self._next)}: signed over more entries than the {entries} that are there")
            self._next = next(self._waiting, None)
        if self._since is not None:
            self._check_gap(entries)
        return tuple(self._problems)

    def _check(self, each: Checkpoint | int, root: bytes, head: str) -> None:
        size = _size(each)
        self.count += 1
        self._check_gap(size)
        if isinstance(each, int):
            self._problems.append(f"checkpoint {size}: it cannot be read")
        else:
            self._problems.extend(f"checkpoint {size}: {fault}" for fault in self._faults(each))
            if (root, head) != (each.root, each.head) and not self._altered:
                self._altered = True
                self._problems.append(
                    f"entries {self._last + 1} to {size}: not those that were signed at {each.at:%Y-%m-%d %H:%M} UTC"
                )
        self._last = size

    def _check_gap(self, size: int) -> None:
        start = max(self._last, self._since or 0)
        if size - start > INTERVAL:
            self._problems.append(
                f"entries {start + 1} to {size}: more than {INTERVAL} without a checkpoint; some were removed"
            )

    def _faults(self, each: Checkpoint) -> Iterator[str]:
        if self._vault_id and each.vault_id != self._vault_id:
            yield "it is another vault's"
        if self._signatures(self.count) and not each.holds():
            yield "its signature does not hold"
        elif each.key not in self._keys.get(each.by, frozenset()):
            yield "signed with a key that no responder of this vault has or had"
        if each.after != self._last:
            yield f"it followed the one over {each.after} entries, which is gone"


def _size(each: Checkpoint | int) -> int:
    return each.size if isinstance(each, Checkpoint) else each
