"""The journal's entries about one incident, each with its proof under one signed checkpoint.

The whole list's hashes are read once (32 bytes an entry), so that a thousand proofs cost hardly more than one.
"""

import base64
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from incident.errors import StoreError
from incident.store.checkpoint import Checkpoint, checkpoints, known_keys
from incident.store.merkle import inclusion, leaf, node
from incident.store.proof import PROOF


class _Tree:
    """A list's perfect subtrees by height, so that a range's root is looked up, not computed again."""

    def __init__(self, hashes: Sequence[bytes]) -> None:
        self._levels = [[leaf(each) for each in hashes]]
        while len(self._levels[-1]) > 1:
            pairs = iter(self._levels[-1])
            self._levels.append([node(left, right) for left, right in zip(pairs, pairs, strict=False)])

    def root(self, start: int, end: int) -> bytes:
        """The root over leaves `start` to `end`, as RFC 6962 cuts them."""
        size = end - start
        if size & (size - 1) == 0 and start % size == 0:
            return self._levels[size.bit_length() - 1][start // size]
        middle = start + (1 << (size - 1).bit_length() - 1)
        return node(self.root(start, middle), self.root(middle, end))


def incident_proofs(connection: Any, incident_ids: Sequence[UUID], vault_id: str) -> Iterator[dict[str, object]]:
    """A proof (`incident-proof/1`) of every entry about these incidents under the newest checkpoint, the oldest first.

    Raises StoreError where the journal does not lead to what was signed.
    """
    last = None
    for each in checkpoints(connection):
        last = each if isinstance(each, Checkpoint) else last
    if last is None:
        raise StoreError("No signed checkpoint is there.", "Run `incident journal verify`.")
    query = "SELECT hash FROM journal WHERE seq <= ? ORDER BY seq"
    tree = _Tree([bytes.fromhex(digest) for (digest,) in connection.execute(query, (last.size,))])
    if tree.root(0, last.size) != last.root or not last.holds():
        raise StoreError("The journal was altered since it was signed.", "Run `incident journal verify`.")
    names = dict(connection.execute("SELECT id, name FROM responder").fetchall())
    signer = {"by": str(last.by), "name": names.get(last.by.hex, names.get(str(last.by), "")), "key": last.key.hex()}
    checkpoint = {"body": _text(last.body), "signature": last.signature.hex()}
    for seq, prev, body in _about(connection, incident_ids, last.size):
        yield {
            "format": PROOF,
            "vault": vault_id,
            "entry": {"seq": seq, "prev": prev, "body": _text(body)},
            "path": [each.hex() for each in inclusion(seq - 1, last.size, tree.root)],
            "checkpoint": checkpoint,
            "signer": signer,
        }


def _about(connection: Any, incident_ids: Sequence[UUID], size: int) -> Iterator[tuple[int, str, bytes]]:
    """Entries whose `incident` is one of these: the bytes are canonical, so the key and its value stand there as written."""
    marks = [f'"incident":"{each}"'.encode() for each in incident_ids]
    where = " OR ".join("instr(body, ?)" for _ in marks)
    query = f"SELECT seq, prev, body FROM journal WHERE seq <= ? AND ({where}) ORDER BY seq"  # noqa: S608 - marks only
    for seq, prev, body in connection.execute(query, (size, *marks)):
        yield seq, prev, bytes(body)


def signers(connection: Any) -> list[dict[str, object]]:
    """Who signs in this vault: id, name and every key they have or had, hex."""
    names = dict(connection.execute("SELECT id, name FROM responder").fetchall())
    return [
        {"by": str(each), "name": names.get(each.hex, names.get(str(each), "")), "keys": sorted(k.hex() for k in keys if k)}
        for each, keys in sorted(known_keys(connection, {}).items())
    ]


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
