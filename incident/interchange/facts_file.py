"""Reads a file of facts: JSON or TOML by its suffix, `-` for JSON on standard input."""

import json
import sys
import tomllib
from pathlib import Path

from incident.errors import ContentError

_LIMIT = 8 * 1024 * 1024


def read_document(name: str) -> dict[str, object]:
    """The document in a file; raises ContentError naming the file and the place of the fault."""
    try:
        raw = sys.stdin.buffer.read(_LIMIT + 1) if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise ContentError(f"{name}: {error.strerror}.", "Name a file of facts, or `-` for standard input.") from error
    if len(raw) > _LIMIT:
        raise ContentError(f"{name}: this is larger than any file of facts.", "Name another file.")
    try:
        text = raw.decode("utf-8-sig")
        document = tomllib.loads(text) if name.endswith(".toml") else json.loads(text, object_pairs_hook=_no_doubles)
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        kind = "TOML" if name.endswith(".toml") else "JSON"
        raise ContentError(f"{name}: this is not {kind}: {error}.", "Mend the place it names.") from error
    if not isinstance(document, dict):
        raise ContentError(f"{name}: facts are an object of keys.", 'Write {"at": {"aware": "…"}}.')
    return document


def _no_doubles(pairs: list[tuple[str, object]]) -> dict[str, object]:
    seen: dict[str, object] = {}
    for key, value in pairs:
        if key in seen:
            raise ValueError(f"the key «{key}» is there twice")
        seen[key] = value
    return seen
