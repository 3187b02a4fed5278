"""Anchors: the newest journal entry that was seen, remembered outside the database.

One is a file beside the database, one an item in the operating system's keyring, others are lines in files that people
keep elsewhere (`anchor_line.py`). Whoever rolls the database back or cuts its tail does not hold the master key that
authenticates the file; the keyring and the lines also catch the rollback of the whole folder. An anchor that contradicts
the journal is never replaced by a newer one: it goes on telling until somebody accepts what happened.
"""

import hmac
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from incident.store.device import system_device_store
from incident.store.journal import JournalHead, check_anchor, head_of
from incident.store.keys import subkey
from incident.store.vault import read_header

ANCHOR = "journal.anchor"
_SERVICE = "incident-journal"


@dataclass(frozen=True, slots=True)
class Anchor:
    """A head that was seen, where that is remembered, and how often vault.json had been written by then."""

    where: str
    head: JournalHead
    epoch: int = 0


class KeyringAnchor:
    """The anchor of a vault in the operating system's keyring; any trouble with the keyring means there is none."""

    def __init__(self, vault_id: str) -> None:
        self._vault_id = vault_id

    def read(self) -> Anchor | None:
        """What this device's keyring remembers of the vault."""
        import keyring

        with suppress(Exception):
            held = json.loads(keyring.get_password(_SERVICE, self._vault_id) or "")
            if held["vault"] == self._vault_id:
                return Anchor("keyring", JournalHead(int(held["size"]), str(held["head"])), int(held["epoch"]))
        return None

    def leave(self, head: JournalHead, *, epoch: int) -> bool:
        """Remember this head; whether it could be read back."""
        import keyring

        held = {"vault": self._vault_id, "epoch": epoch, "size": head.seq, "head": head.hash}
        with suppress(Exception):
            keyring.set_password(_SERVICE, self._vault_id, json.dumps(held, sort_keys=True))
        return self.read() == Anchor("keyring", head, epoch)


def keyring_anchor(vault_id: str) -> KeyringAnchor | None:
    """The keyring's anchor, where a keyring that really keeps what it is given works."""
    return KeyringAnchor(vault_id) if system_device_store() is not None else None


def leave_anchor(folder: Path, master: bytes, head: JournalHead, *, epoch: int = 0) -> None:
    """Remember this head in the file, unless a newer one is remembered already."""
    seen = read_anchor(folder, master)
    if seen is None or seen == _ALTERED or seen.seq < head.seq:
        renew_anchor(folder, master, head, epoch=epoch)


def renew_anchor(folder: Path, master: bytes, head: JournalHead, *, epoch: int = 0) -> None:
    """Remember this head in the file whatever stood there: after a change of the master key, or of mind."""
    content = {"epoch": epoch, "seq": head.seq, "hash": head.hash}
    fresh = folder / f"{ANCHOR}.part"
    with fresh.open("w", encoding="utf-8") as file:
        json.dump({**content, "mac": _mac(master, content)}, file)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(folder / ANCHOR)


def read_anchor(folder: Path, master: bytes) -> JournalHead | None:
    """The head that was remembered; None without one. An altered file gives a head that no journal has."""
    seen = _file_anchor(folder, master)
    return seen.head if seen is not None else None


_LONGEST = 4096
"""Bytes; an anchor has a few hundred."""
_ALTERED = JournalHead(1, "the anchor file was altered")


def _file_anchor(folder: Path, master: bytes) -> Anchor | None:
    try:
        with (folder / ANCHOR).open("rb") as file:
            content = json.loads(file.read(_LONGEST))
        mac = content.pop("mac")
        if not hmac.compare_digest(mac, _mac(master, content)):
            return Anchor("anchor", _ALTERED)
        return Anchor("anchor", JournalHead(content["seq"], content["hash"]), content.get("epoch", 0))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, AttributeError, TypeError, RecursionError):
        return Anchor("anchor", _ALTERED)


def _mac(master: bytes, content: Mapping[str, object]) -> str:
    return hmac.new(subkey(master, "anchor"), json.dumps(content, sort_keys=True).encode(), sha256).hexdigest()


def epoch_of(header: Mapping[str, object]) -> int:
    """How often this vault.json has been written."""
    written = header.get("epoch")
    return written if isinstance(written, int) else 0


def seen_anchors(folder: Path, master: bytes, keyring: KeyringAnchor | None) -> tuple[Anchor, ...]:
    """What is remembered of this vault on this machine."""
    found = (_file_anchor(folder, master), keyring.read() if keyring is not None else None)
    return tuple(each for each in found if each is not None)


def check_anchors(connection: Any, anchors: Iterable[Anchor], *, epoch: int) -> Iterator[str]:
    """Every way in which the journal, or vault.json, falls short of what was seen before."""
    for each in anchors:
        yield from check_anchor(connection, each.head, where=each.where)
        if epoch < each.epoch:
            yield f"{each.where}: vault.json was written {each.epoch} times before, now it says {epoch}; it was rolled back"


def leave_anchors(
    connection: Any, folder: Path, master: bytes, keyring: KeyringAnchor | None, *, accept: bool = False
) -> JournalHead:
    """Remember the newest entry everywhere. What contradicts the journal is left standing, unless it is accepted."""
    head, epoch = head_of(connection), epoch_of(read_header(folder))
    file = _file_anchor(folder, master)
    if accept or file is None or file.head == _ALTERED or _falls_behind(connection, file, head, epoch):
        renew_anchor(folder, master, head, epoch=epoch)
    if keyring is not None:
        held = keyring.read()
        if accept or held is None or _falls_behind(connection, held, head, epoch):
            keyring.leave(head, epoch=epoch)
    return head


def _falls_behind(connection: Any, anchor: Anchor, head: JournalHead, epoch: int) -> bool:
    """Whether the anchor is of an earlier state of this very journal."""
    return (anchor.head, anchor.epoch) != (head, epoch) and not list(check_anchors(connection, (anchor,), epoch=epoch))
