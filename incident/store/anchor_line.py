"""Anchors that people keep: a signed line per occasion in a file on a stick or another machine, or eight words on paper."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from incident.errors import ContentError
from incident.store.checkpoint import Checkpoint, Signer, checkpoints, signed
from incident.store.journal import JournalHead, check_anchor
from incident.store.keys import canonical
from incident.store.words import WORDS

FORMAT = "incident-anchor/1"


def anchor_line(signer: Signer, head: JournalHead, *, now: datetime) -> str:
    """One line of JSON that says where the journal stands, signed."""
    content: dict[str, object] = {
        "format": FORMAT,
        "vault": signer.vault_id,
        "size": head.seq,
        "head": head.hash,
        "at": now.astimezone(UTC).isoformat(),
        "by": str(signer.responder_id),
        "key": signer.public_key.hex(),
    }
    return canonical({**content, "signature": signer.sign(canonical(content)).hex()}).decode()


@dataclass(frozen=True, slots=True)
class LinesReport:
    """What became of a file of anchors: how many lines are of this vault and hold, and every fault."""

    held: int
    problems: tuple[str, ...]


def check_lines(connection: Any, text: str, *, vault_id: str, keys: Mapping[UUID, frozenset[bytes]], where: str) -> LinesReport:
    """Check every line of this vault; lines of other vaults are passed over, a file without any of ours is a fault."""
    ours, faults = 0, list[str]()
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        content = _read(line)
        if content is None:
            faults.append(f"{where}, line {number}: it is no anchor")
        elif content["vault"] == vault_id:
            ours += 1
            faults.extend(f"{where}, line {number}: {fault}" for fault in _line_faults(connection, content, keys))
    if not ours:
        faults.append(f"{where}: no line of it is about this vault")
    return LinesReport(ours, tuple(faults))


def _read(line: str) -> dict[str, Any] | None:
    try:
        content = json.loads(line)
        UUID(content["by"]), bytes.fromhex(content["key"]), bytes.fromhex(content["signature"])
        sound = content["format"] == FORMAT and isinstance(content["size"], int) and isinstance(content["head"], str)
        return content if sound and isinstance(content["vault"], str) else None
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _line_faults(connection: Any, content: Mapping[str, Any], keys: Mapping[UUID, frozenset[bytes]]) -> Iterator[str]:
    key = bytes.fromhex(content["key"])
    message = canonical({name: value for name, value in content.items() if name != "signature"})
    if not signed(key, message, bytes.fromhex(content["signature"])):
        yield "its signature does not hold"
    elif key not in keys.get(UUID(content["by"]), frozenset()):
        yield "signed with a key that no responder of this vault has or had"
    for fault in check_anchor(connection, JournalHead(content["size"], content["head"])):
        yield fault.removeprefix("anchor: ")


def phrase_bytes(phrase: str) -> bytes:
    """The eight bytes that a phrase stands for; raises ContentError for another number of words, or an unknown one."""
    words = phrase.lower().replace("«", " ").replace("»", " ").replace(",", " ").split()
    if unknown := [each for each in words if each not in WORDS]:
        raise ContentError(f"«{unknown[0]}» is not a word of a phrase.", "Compare it with the paper, word by word.")
    if len(words) != 8:
        raise ContentError(f"A phrase has eight words; there are {len(words)}.", 'Give them in quotes: --phrase "…".')
    return bytes(WORDS.index(each) for each in words)


def find_phrase(connection: Any, wanted: bytes) -> str:
    """What a phrase stands for in this journal, in words; empty when it is neither an entry's nor a checkpoint's."""
    low = wanted.hex()
    row = connection.execute("SELECT seq FROM journal WHERE hash >= ? AND hash < ?", (low, low + "g")).fetchone()
    if row:
        return f"entry {row[0]}"
    for each in checkpoints(connection):
        if isinstance(each, Checkpoint) and each.root.startswith(wanted):
            return f"checkpoint {each.size}"
    return ""
