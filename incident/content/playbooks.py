"""Reads playbooks: TOML, prose first → playbooks with what they inherit, and the list of what is wrong.

A broken playbook is left out and listed with file and line; the others load. Where the user's own file is broken and the
program brings one of that name, the shipped one stands in for it. A user's spine that is sound by itself but not what a
shipped playbook needs is left aside for that playbook. A playbook that an incident started with is kept as
a document, so that it can be read again after the file has changed.
"""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from incident.content.playbook_files import (
    PlacedError,
    PlaybookFile,
    draft_problems,
    pivot_problems,
    read_files,
    target_problems,
    whole,
)
from incident.content.playbook_reader import PlaybookReader
from incident.domain.playbook import Playbook
from incident.domain.problem import Problem
from incident.domain.vocabulary import Vocabulary, nearest

_BASE = "spine"
"""What others inherit; never used by itself."""


def read_playbooks(
    folders: Sequence[Path], vocabulary: Vocabulary, *, notice_templates: Collection[str]
) -> tuple[tuple[Playbook, ...], tuple[Problem, ...]]:
    """Every playbook of the folders (the first folder whose file is sound wins), and what is wrong with the rest."""
    files, problems = read_files(folders)
    reading = _Reading(files, PlaybookReader(vocabulary), problems)
    for slug in sorted(files, key=lambda slug: (any(each.inherits for each in files[slug]), slug)):
        reading.read(slug)
    reading.report_unfit()
    known = frozenset(reading.found) - {_BASE}
    problems += draft_problems((reading.used[slug] for slug in sorted(reading.used)), notice_templates)
    problems += target_problems((reading.used[slug], reading.found[slug]) for slug in sorted(reading.found))
    problems += pivot_problems((reading.used[slug] for slug in sorted(known)), known)
    return tuple(reading.found[slug] for slug in sorted(known)), tuple(problems)


class _Reading:
    """Goes through the files, those that inherit nothing first; of each slug the first sound file is used."""

    def __init__(self, files: Mapping[str, list[PlaybookFile]], reader: PlaybookReader, problems: list[Problem]) -> None:
        self.files, self.reader, self.problems = files, reader, problems
        self.found: dict[str, Playbook] = {}
        self.used: dict[str, PlaybookFile] = {}
        self.unfit: dict[str, dict[str, PlacedError]] = {}
        """The user's own files that shipped playbooks inherit and cannot use: which playbooks, and why."""

    def read(self, slug: str) -> None:
        for file in self.files[slug]:
            try:
                playbook = self.playbook(file)
            except PlacedError as error:
                self.problems.append(self.problem(file, error))
                continue
            self.found[slug], self.used[slug] = playbook, file
            return

    def playbook(self, file: PlaybookFile) -> Playbook:
        """A file's playbook; a shipped one that does not fit on the user's own spine stands on the shipped one."""
        parent = self.parent(file)
        try:
            return self.reader.playbook(file.slug, whole(file, parent), file.inherits)
        except PlacedError as error:
            shipped = next((each for each in self.files.get(file.inherits, ()) if each.shipped), None)
            if not file.shipped or shipped is None or shipped.document is parent:
                raise
            playbook = self.reader.playbook(file.slug, whole(file, shipped.document), file.inherits)
            self.unfit.setdefault(file.inherits, {})[file.slug] = error
            return playbook

    def report_unfit(self) -> None:
        """One problem for each file of the user's that shipped playbooks had to leave aside."""
        for slug, children in self.unfit.items():
            own, shipped = self.used[slug], next(each for each in self.files[slug] if each.shipped)
            lost = sorted(_slugs(shipped, "phases") - _slugs(own, "phases"))
            if lost:
                what = f"it lacks {'the phase' if len(lost) == 1 else 'the phases'} {', '.join(f'«{each}»' for each in lost)}"
            else:
                first = next(iter(children.values()))
                what = f"it does not fit them ({first.place}: {first.message.rstrip('.')})"
            many = len(children)
            need = f"{many} shipped {'playbook inherits' if many == 1 else 'playbooks inherit'} «{slug}», but {what}"
            mend = "Keep the slugs of the phases and steps. Until then those playbooks use the one that comes with the program."
            self.problems.append(Problem(own.path.name, own.place("phases"), f"{need}.", mend))

    def parent(self, file: PlaybookFile) -> Mapping[str, Any] | None:
        """The document that a file inherits from, as far as that is sound."""
        if "inherits" not in file.document or file.inherits == "" == file.document["inherits"]:
            return None
        named = self.used.get(file.inherits)
        if named is not None and not named.inherits:
            return named.document
        broken = file.inherits in self.files and not any(each.inherits for each in self.files[file.inherits])
        sound = {slug for slug, used in self.used.items() if not used.inherits}
        if broken:
            raise PlacedError("inherits", f"«{file.inherits}», which it inherits, is broken.", "Mend that file first.")
        mend = f"Did you mean {nearest(file.inherits, sound)}?"
        raise PlacedError("inherits", f"«{file.inherits}» is not a playbook to inherit from.", mend)

    def problem(self, file: PlaybookFile, error: PlacedError) -> Problem:
        place = file.place(error.place, again=error.again)
        message = error.message if place == error.place else f"{error.place}: {error.message}"
        another = len(self.files[file.slug]) > 1 and file is not self.files[file.slug][-1]
        meanwhile = " Until then the one that comes with the program is used." if another else ""
        return Problem(file.path.name, place, message, f"{error.hint}{meanwhile}")


def _slugs(file: PlaybookFile, kind: str) -> frozenset[str]:
    return frozenset(each["slug"] for each in file.document.get(kind, ()))
