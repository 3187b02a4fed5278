"""A backup's manifest: every file with its size and hash, authenticated under a key of the vault.

Read before anything else is believed. A manifest that is damaged, too large, of a newer version or of another vault is
refused with a sentence that says which.
"""

import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path, PurePosixPath

from incident.errors import StoreError
from incident.store.copies import MANIFEST
from incident.store.durable import write_whole
from incident.store.keys import canonical, subkey

_FORMAT = "incident-backup/1"
_LIMIT = 256 * 1024 * 1024
"""Bytes: a manifest of a million files is smaller."""


@dataclass(frozen=True, slots=True)
class FileLine:
    """One file of a copy."""

    name: str
    """Relative, with slashes."""
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a copy consists of, and what state of the vault it is."""

    id: str
    vault_id: str
    epoch: int
    seq: int
    hash: str
    made_at: datetime
    by: str
    files: tuple[FileLine, ...]
    missing: tuple[str, ...] = ()
    """Evidence objects that the vault itself had lost when the copy was made."""


def write_manifest(folder: Path, manifest: Manifest, master: bytes) -> None:
    """Write the manifest, authenticated; raises OSError."""
    content = {**asdict(manifest), "format": _FORMAT, "made_at": manifest.made_at.isoformat()}
    content["files"] = [asdict(each) for each in manifest.files]
    content["missing"] = list(manifest.missing)
    write_whole(folder / MANIFEST, json.dumps({**content, "mac": _mac(content, master)}, indent=1).encode())


def read_manifest(folder: Path, master: bytes) -> Manifest:
    """The manifest of a copy; raises StoreError, saying why, for one that cannot be trusted."""
    path = folder / MANIFEST
    try:
        if path.stat().st_size > _LIMIT:
            raise StoreError(f"{path} is too large to be a backup's manifest.", "Take another copy.")
        content = json.loads(path.read_bytes())
    except OSError as error:
        raise StoreError(f"{folder} is no backup: it has no {MANIFEST}.", "Name the folder that was printed.") from error
    except (ValueError, RecursionError) as error:
        raise StoreError(f"{path} is damaged or cut short.", "Take another copy.") from error
    if not isinstance(content, dict) or not str(content.get("format", "")).startswith("incident-backup/"):
        raise StoreError(f"{path} is not a backup's manifest.", "Name the folder that was printed.")
    if content["format"] != _FORMAT:
        raise StoreError(f"{folder} was made by another version ({content['format']}).", "Use the version that made it.")
    mac = str(content.pop("mac", ""))
    if not hmac.compare_digest(mac.encode(), _mac(content, master).encode()):
        raise StoreError(f"{path} was altered, or it is another vault's.", "Take another copy.")
    return _manifest(content, path)


def _manifest(content: Mapping[str, object], path: Path) -> Manifest:
    try:
        held = {key: value for key, value in content.items() if key not in ("format", "made_at", "files", "missing")}
        files = tuple(FileLine(**each) for each in content["files"])  # type: ignore[attr-defined]
        made_at = datetime.fromisoformat(str(content["made_at"]))
        manifest = Manifest(**held, made_at=made_at, files=files, missing=tuple(content["missing"]))  # type: ignore[arg-type]
    except (KeyError, TypeError, ValueError) as error:
        raise StoreError(f"{path} is damaged.", "Take another copy.") from error
    for each in manifest.files:
        inside = PurePosixPath(each.name)
        if inside.is_absolute() or ".." in inside.parts or not inside.parts:
            raise StoreError(f"{path} names a file outside its folder.", "Take another copy.")
    return manifest


def _mac(content: Mapping[str, object], master: bytes) -> str:
    return hmac.new(subkey(master, "backup"), canonical(content), sha256).hexdigest()
