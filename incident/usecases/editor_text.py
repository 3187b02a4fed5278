"""Write a text in the writer's own editor, in a private folder in memory; what the editor saves is kept while it is open."""

import os
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path

from incident.errors import ContentError, RefusedError
from incident.store.scratch import new_scratch

_LOOK_SECONDS = 1.0


def edited_in_editor(text: str, name: str, keep: Callable[[str], None]) -> str:
    """The text as the writer left it. `keep` is called with each state that the editor saved, so that none can be lost.

    Raises RefusedError when no editor is named or it cannot be started, or ended with a failure.
    """
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or ""
    if not editor.strip():
        raise RefusedError("No editor is named.", "Set EDITOR, for example EDITOR=nano.")
    scratch = new_scratch()
    try:
        path = scratch.path / f"{name}.md"
        path.touch(mode=0o600)
        path.write_text(text + ("\n" if text and not text.endswith("\n") else ""), encoding="utf-8")
        status = _watched([*shlex.split(editor), str(path)], path, text, keep)
        if status:
            raise RefusedError(f"The editor ended with status {status}.", "Nothing was recorded; what it saved is kept.")
        return _read(path)
    finally:
        scratch.close()


def _watched(command: list[str], path: Path, text: str, keep: Callable[[str], None]) -> int:
    try:
        process = subprocess.Popen(command)  # noqa: S603 - the writer's own editor
    except OSError as error:
        raise RefusedError(f"«{command[0]}» cannot be started: {error.strerror}.", "Name another editor in EDITOR.") from error
    seen = text
    while True:
        try:
            status = process.wait(timeout=_LOOK_SECONDS)
        except subprocess.TimeoutExpired:
            status = None
        try:
            saved = _read(path)
        except ContentError:
            if status is not None:
                raise
            saved = seen  # between two steps of a save
        if saved != seen:
            keep(saved)
            seen = saved
        if status is not None:
            return status


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").removesuffix("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ContentError(f"What the editor left cannot be read: {error}.", "Save it as UTF-8 text.") from error
