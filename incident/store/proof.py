"""What leaves the vault so that strangers can check the journal: a proof of one entry, or all of its bytes.

Entries name acts, rows and fields and commit to content under salts that stay in the vault: neither discloses what was
recorded. The formats stand in docs/format-journal.md; scripts/verify_journal.py checks them without this program.
"""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

from incident.errors import RefusedError, StoreError
from incident.store.checkpoint import Checkpoint, checkpoints, known_keys
from incident.store.journal import raw_entries
from incident.store.merkle import Frontier, inclusion, root_by

PROOF = "incident-proof/1"
EXPORT = "incident-export/1"
_INSTRUCTIONS = """This folder holds a journal: every change that was made in a vault of the program `incident`, in order.

entries.jsonl      one entry a line: its number, its hash, and its exact bytes (base64)
checkpoints.jsonl  one signed checkpoint a line: its exact bytes (base64) and the signature (hex)
keys.json          the vault's id, and the names and public keys (Ed25519, hex) of those who sign

To check it, take verify_journal.py (150 lines, it needs Python and the library `cryptography`) from a source that you
trust, not from whoever gave you this folder, and run:

    python verify_journal.py FOLDER

It prints the public keys that signed, and the journal's head. Ask the signers, by telephone or in person, whether these
are their keys; compare the head with one that was printed or written down before. The folder alone shows that nothing was
altered since it was signed with these keys, and not whose they are.

The entries hold no content: they name acts, rows and fields, and commit to content under salts that stay in the vault.
The formats are described in docs/format-journal.md, so that anybody can write a program of their own.
"""


def proof(connection: Any, seq: int, vault_id: str) -> dict[str, object]:
    """A proof that one entry stands in the journal under a signed checkpoint."""
    row = connection.execute("SELECT prev, body FROM journal WHERE seq = ?", (seq,)).fetchone()
    if row is None:
        raise RefusedError(f"The journal has no entry {seq}.", "`incident journal list` shows the entries.")
    over = next((each for each in checkpoints(connection, first=seq)), None)
    if not isinstance(over, Checkpoint):
        raise StoreError(f"No signed checkpoint covers entry {seq}.", "Run `incident journal verify`.")
    path = inclusion(seq - 1, over.size, lambda start, end: _root(connection, start, end))
    if root_by(_hash(connection, seq), seq - 1, over.size, path) != over.root or not over.holds():
        raise StoreError(f"Entry {seq} cannot be proven: the journal was altered.", "Run `incident journal verify`.")
    return {
        "format": PROOF,
        "vault": vault_id,
        "entry": {"seq": seq, "prev": row[0], "body": _text(bytes(row[1]))},
        "path": [each.hex() for each in path],
        "checkpoint": _line(over),
        "signer": {"by": str(over.by), "name": _names(connection).get(over.by, ""), "key": over.key.hex()},
    }


def _root(connection: Any, start: int, end: int) -> bytes:
    tree = Frontier()
    query = "SELECT hash FROM journal WHERE seq > ? AND seq <= ? ORDER BY seq"
    for (digest,) in connection.execute(query, (start, end)):
        tree.append(bytes.fromhex(digest))
    return tree.root


def _hash(connection: Any, seq: int) -> bytes:
    return bytes.fromhex(connection.execute("SELECT hash FROM journal WHERE seq = ?", (seq,)).fetchone()[0])


def _names(connection: Any) -> dict[UUID, str]:
    return {UUID(row_id): name for row_id, name in connection.execute("SELECT id, name FROM responder")}


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _line(each: Checkpoint) -> dict[str, object]:
    return {"body": _text(each.body), "signature": each.signature.hex()}


def write_export(connection: Any, folder: Path, vault_id: str, stamp: str = "") -> tuple[int, int]:
    """Write the whole journal into a folder, `stamp` saying for whom; how many entries and checkpoints were written."""
    entries = _write_lines(
        folder / "entries.jsonl",
        ({"seq": seq, "hash": digest, "body": _text(body)} for seq, _, digest, body in raw_entries(connection)),
    )
    signed = _write_lines(
        folder / "checkpoints.jsonl", (_line(each) for each in checkpoints(connection) if isinstance(each, Checkpoint))
    )
    names = _names(connection)
    signers = [
        {"by": str(each), "name": names.get(each, ""), "keys": sorted(key.hex() for key in keys if key)}
        for each, keys in sorted(known_keys(connection, {}).items())
    ]
    content = {"format": EXPORT, "vault": vault_id, "entries": entries, "checkpoints": signed, "signers": signers}
    (folder / "keys.json").write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    (folder / "INSTRUCTIONS.txt").write_text(f"{stamp}\n\n{_INSTRUCTIONS}".lstrip(), encoding="utf-8")
    return entries, signed


def _write_lines(path: Path, lines: Iterator[dict[str, object]]) -> int:
    count = 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for line in lines:
            file.write(json.dumps(line, separators=(",", ":")) + "\n")
            count += 1
    return count
