"""The anchor: the newest journal entry that this vault has shown, kept in a file beside the database.

Whoever rolls the database back, or cuts its tail, does not hold the master key that authenticates the anchor. An anchor
outside the folder (a keyring, a phrase on paper, the foot of a PDF) also catches the rollback of the whole folder.
"""

import hmac
import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from incident.store.journal import JournalHead
from incident.store.keys import subkey

ANCHOR = "journal.anchor"


def leave_anchor(folder: Path, master: bytes, head: JournalHead) -> None:
    """Remember this head, unless a newer one is remembered already."""
    seen = read_anchor(folder, master)
    if seen is not None and seen.seq >= head.seq:
        return
    content = {"seq": head.seq, "hash": head.hash}
    fresh = folder / f"{ANCHOR}.part"
    fresh.write_text(json.dumps({**content, "mac": _mac(master, content)}), encoding="utf-8")
    fresh.replace(folder / ANCHOR)


def read_anchor(folder: Path, master: bytes) -> JournalHead | None:
    """The head that was remembered; None without one. An altered file gives a head that no journal has."""
    try:
        content = json.loads((folder / ANCHOR).read_text(encoding="utf-8"))
        mac = content.pop("mac")
        if not hmac.compare_digest(mac, _mac(master, content)):
            return JournalHead(1, "the anchor file was altered")
        return JournalHead(content["seq"], content["hash"])
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return None


def _mac(master: bytes, content: Mapping[str, object]) -> str:
    return hmac.new(subkey(master, "anchor"), json.dumps(content, sort_keys=True).encode(), sha256).hexdigest()
