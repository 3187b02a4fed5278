"""Playbooks to and from CACAO v2.0. Content only: no vault is opened, nothing of an incident leaves, nothing is run.

An import becomes a file of the user's own, complete by itself and read back by the reader of playbooks before it counts.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from incident.content.folders import shipped_folder, user_folder
from incident.content.playbook_document import playbook_from_document, playbook_to_document
from incident.content.playbook_files import PlacedError, check_slugs
from incident.content.playbook_reader import PlaybookReader
from incident.content.playbook_writer import playbook_toml
from incident.domain.playbook import Playbook
from incident.domain.problem import Problem
from incident.domain.toml_text import LONGEST_TOML, read_toml
from incident.errors import ContentError, RefusedError
from incident.interchange.cacao_check import checked_file
from incident.interchange.cacao_export import cacao_of
from incident.interchange.cacao_import import playbook_document
from incident.interchange.cacao_words import Json, Remark
from incident.store.durable import write_whole
from incident.usecases.catalogue import catalogue

_BASE = "spine"


@dataclass(frozen=True, slots=True)
class ImportedPlaybook:
    """What an import gave: the playbook and its file, or what is wrong with it; what was repaired, what to know."""

    faults: tuple[Problem, ...] = ()
    repairs: tuple[Remark, ...] = ()
    notices: tuple[Remark, ...] = ()
    playbook: Playbook | None = None
    path: Path | None = None
    """The file that was written; none when the same playbook was here already."""
    shadows: bool = False
    """Whether the file now stands before a playbook that ships."""


def exported_playbook(slug: str, *, now: datetime) -> Json:
    """A playbook as a CACAO v2.0 object, with what it inherits."""
    return cacao_of(playbook_to_document(catalogue().playbook(slug)), now=now)


def export_playbook(slug: str, file: Path, *, now: datetime) -> Json:
    """Write a playbook as CACAO v2.0 into a file that is not there yet."""
    found = exported_playbook(slug, now=now)
    _write_new(file, json.dumps(found, ensure_ascii=False, indent=2) + "\n")
    return found


def import_playbook(file: Path, *, lenient: bool, folder: Path | None) -> ImportedPlaybook:
    """Read a CACAO v2.0 playbook and write it into the user's folder of playbooks, or into `folder`.

    With faults nothing is written. `lenient` repairs what can be repaired first.
    """
    checked = checked_file(file, lenient=lenient)
    if checked.faults:
        return ImportedPlaybook(checked.faults, checked.repairs, checked.notices)
    shipped = {each.stem for each in shipped_folder("playbooks").glob("*.toml")} | {_BASE}
    try:
        document, remarks = playbook_document(checked.document, taken=shipped)
        playbook, text = _read_back(document, file.name)
    except PlacedError as error:
        return ImportedPlaybook((Problem(file.name, error.place, error.message, error.hint),), checked.repairs, checked.notices)
    except ContentError as error:
        raise ContentError(f"{file.name}: {error.message}", error.hint) from error
    found = ImportedPlaybook((), checked.repairs, (*checked.notices, *remarks), playbook)
    if folder is None and _is_here(playbook):
        return found
    path = (folder or user_folder() / "playbooks") / f"{playbook.slug}.toml"
    _make(path.parent)
    _write_new(path, text)
    catalogue.cache_clear()
    return replace(found, path=path, shadows=folder is None and playbook.slug in shipped)


def _read_back(document: Mapping[str, object], file: str) -> tuple[Playbook, str]:
    """The playbook as its file gives it, and that file's text."""
    if not document["steps"]:
        raise PlacedError("/workflow", "there is no step for anybody to do.", "Give it an action.")
    if document["slug"] == _BASE:
        raise PlacedError("slug", f"«{_BASE}» is what other playbooks inherit.", "Export a playbook instead.")
    text = playbook_toml(playbook_from_document(document), head=f"Imported from {file} (CACAO v2.0). Yours to edit.")
    if len(text.encode()) > LONGEST_TOML:
        raise PlacedError("/workflow", "it is longer than any playbook's file: more than two megabytes.", "Split it.")
    read = read_toml(text)
    for kind in ("steps", "phases"):
        check_slugs(read, kind)
    check_slugs({"phases": [{"slug": document["slug"]}]}, "phases")
    content = catalogue()
    reader = PlaybookReader(content.law.vocabulary)
    return reader.playbook(str(document["slug"]), read, ""), text


def _is_here(playbook: Playbook) -> bool:
    here = catalogue().playbooks.get(playbook.slug)
    return here is not None and replace(here, inherits="") == playbook


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise ContentError(f"{folder} cannot be made: {error.strerror}.", "Make room, or mend the folder.") from error


def _write_new(path: Path, text: str) -> None:
    """Write a file as a whole or not at all, and never over another."""
    if os.path.lexists(path):
        raise RefusedError(f"{path} is there already.", "Name another place with --to, or move that file away.")
    try:
        write_whole(path, text.encode())
    except OSError as error:
        raise ContentError(f"{path}: it cannot be written: {error.strerror}.", "Make room, or mend the folder.") from error
