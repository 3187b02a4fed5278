"""Reads a file of facts: JSON or TOML by its suffix, `-` for JSON on standard input."""

import sys
from pathlib import Path

from incident.domain.toml_text import read_json, read_toml
from incident.errors import ContentError
from incident.regular_file import regular_file

_MEGABYTES = 8
"""No file of facts is larger; what is read takes many times its size in memory."""


def read_document(name: str) -> dict[str, object]:
    """The document in a file; raises ContentError naming the file and the place of the fault."""
    try:
        raw = _standard_input() if name == "-" else regular_file(Path(name), "file of facts", megabytes=_MEGABYTES)
        text = raw.decode("utf-8-sig")
        document = read_toml(text) if name.endswith(".toml") else read_json(text)
    except UnicodeDecodeError as error:
        raise ContentError(f"{name}: byte {error.start} is not UTF-8.", "Save the file as UTF-8.") from error
    except ContentError as error:
        raise ContentError(f"{name}: {error.message}", error.hint) from error
    if not isinstance(document, dict):
        raise ContentError(f"{name}: facts are an object of keys.", 'Write {"at": {"aware": "…"}}.')
    return document


def _standard_input() -> bytes:
    """What stands on standard input; it may be closed, or a terminal that ends with Ctrl-D."""
    if sys.stdin is None:
        raise ContentError("standard input is closed.", "Pipe the facts in, or name a file.")
    found = sys.stdin.buffer.read(_MEGABYTES * 1024 * 1024 + 1)
    if len(found) > _MEGABYTES * 1024 * 1024:
        raise ContentError(f"this is larger than any file of facts: more than {_MEGABYTES} megabytes.", "Send less.")
    return found
