"""The files of playbooks: every candidate by slug, the user's before the shipped one; inheritance, and lines of places."""

import re
import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from incident.domain.playbook import Playbook
from incident.domain.problem import Problem
from incident.domain.vocabulary import nearest
from incident.errors import ContentError
from incident.regular_file import regular_file

_MEGABYTES = 4


@dataclass(frozen=True, slots=True)
class PlaybookFile:
    """One file as it was read: its name, its lines, its document."""

    path: Path
    text: str
    document: Mapping[str, Any]
    shipped: bool
    """Whether it stands in the last folder, the one that comes with the program."""

    @property
    def slug(self) -> str:
        """The playbook's slug: the file's name."""
        return self.path.stem

    @property
    def inherits(self) -> str:
        """The playbook it inherits from; empty for none."""
        named = self.document.get("inherits", "")
        return named if isinstance(named, str) else ""

    def place(self, place: str, *, again: bool = False) -> str:
        """The line of `steps.<slug>.<key>`, of a phase's or of a top key, where it stands in this file.

        `again`: of a slug that is there twice the line of the last one.
        """
        lines = self.text.splitlines()
        number = _last_line(lines, place) if again else _line(lines, place)
        if number is not None:
            return f"line {number}"
        return f"{place} (inherited)" if place.startswith(("steps.", "phases.")) and self.inherits else place


def read_files(folders: Sequence[Path]) -> tuple[dict[str, list[PlaybookFile]], list[Problem]]:
    """Every file that is TOML, by slug, the folders in order; and what is wrong with the others."""
    found: dict[str, list[PlaybookFile]] = {}
    problems: list[Problem] = []
    for folder in folders:
        for path in sorted(folder.glob("*.toml")):
            try:
                text = regular_file(path, "playbook", megabytes=_MEGABYTES).decode("utf-8-sig")
                document = tomllib.loads(text)
            except ContentError as error:
                problems.append(Problem(path.name, "the file", error.message, error.hint))
            except UnicodeDecodeError as error:
                problems.append(Problem(path.name, "the file", f"byte {error.start} is not UTF-8.", "Save the file as UTF-8."))
            except tomllib.TOMLDecodeError as error:
                said = str(error).split(" (at ")[0]
                problems.append(Problem(path.name, _line_of(error), f"this is not TOML: {said}.", "Mend the line."))
            except RecursionError:
                problems.append(Problem(path.name, "the file", "this is nested too deeply.", "Take brackets out."))
            else:
                found.setdefault(path.stem, []).append(PlaybookFile(path, text, document, folder == folders[-1]))
    return found, problems


def _line_of(error: Exception) -> str:
    found = re.search(r"line (\d+)", str(error))
    return f"line {found[1]}" if found else "the file"


def _line(lines: Sequence[str], place: str) -> int | None:
    """The number of the line on which a place stands: `title`, `phases.scope`, `steps.contain`, `steps.contain.after`."""
    head, _, rest = place.partition(".")
    if head not in ("steps", "phases") or not rest:
        return next((number for number, text in enumerate(lines, 1) if re.match(rf"{re.escape(head)}\s*=", text)), None)
    slug, _, key = rest.partition(".")
    named = _named(slug)
    mine = next((number for number, text in enumerate(lines) if named.match(text)), None)
    if mine is None:
        return None
    if key:
        begin = next((number for number in range(mine, -1, -1) if lines[number].lstrip().startswith("[[")), 0)
        end = next((number for number in range(mine + 1, len(lines)) if lines[number].startswith("[")), len(lines))
        wanted = re.compile(rf"\s*{re.escape(key.split('.')[0])}\s*=")
        return next((number + 1 for number in range(begin, end) if wanted.match(lines[number])), mine + 1)
    return mine + 1


def _last_line(lines: Sequence[str], place: str) -> int | None:
    named = _named(place.partition(".")[2])
    return max((number for number, text in enumerate(lines, 1) if named.match(text)), default=None)


def _named(slug: str) -> re.Pattern[str]:
    return re.compile(rf"""\s*slug\s*=\s*["']{re.escape(slug)}["']""")


def whole(file: PlaybookFile, parent: Mapping[str, Any] | None) -> dict[str, Any]:
    """A document over the one it inherits: steps added or replaced by slug, dropped with a reason."""
    own = dict(file.document)
    check_slugs(own, "steps")
    check_slugs(own, "phases")
    if parent is None:
        return own
    drops = own.get("drops", {})
    if not isinstance(drops, Mapping) or not all(isinstance(each, str) and each.strip() for each in drops.values()):
        raise PlacedError("drops", "a dropped step needs its reason.", 'Write `drops = { "step" = "why" }`.')
    inherited = _by_slug(parent, "steps")
    for dropped in drops:
        if dropped not in inherited:
            raise PlacedError("drops", f"«{dropped}» is not inherited.", f"Did you mean {nearest(dropped, inherited)}?")
    phases = _by_slug(parent, "phases") | _by_slug(own, "phases")
    steps = _in_place(inherited, _by_slug(own, "steps"), drops)
    order = {phase: number for number, phase in enumerate(phases)}
    steps.sort(key=lambda each: order.get(str(each.get("phase")), len(order)))
    return {**parent, **own, "steps": steps, "phases": list(phases.values())}


def _in_place(inherited: Mapping[str, Any], own: Mapping[str, Any], drops: Mapping[str, str]) -> list[Any]:
    """Own steps keep the file's order and stand, phase by phase, where the first step that they replace stood."""
    mine: dict[str, list[Any]] = {}
    for each in own.values():
        mine.setdefault(str(each.get("phase")), []).append(each)
    steps: list[Any] = []
    for slug, each in inherited.items():
        if slug in own:
            steps += mine.pop(str(own[slug].get("phase")), [])
        elif slug not in drops:
            steps.append(each)
    return [*steps, *(each for rest in mine.values() for each in rest)]


def _by_slug(document: Mapping[str, Any], kind: str) -> dict[str, Any]:
    return {each["slug"]: each for each in document.get(kind, ())}


def check_slugs(document: Mapping[str, Any], kind: str) -> None:
    """Every step (phase) of one file is a table with a slug of its own."""
    entries = document.get(kind, [])
    if not isinstance(entries, list):
        raise PlacedError(kind, f"these are not {kind}.", f"Begin each with `[[{kind}]]`.")
    seen: set[str] = set()
    for number, each in enumerate(entries, start=1):
        slug = each.get("slug") if isinstance(each, Mapping) else None
        if not isinstance(slug, str) or not re.fullmatch(r"[a-z0-9][a-z0-9-]*", slug):
            what = f"the {number}. of the {kind} has no slug of small letters, digits and hyphens."
            raise PlacedError(kind if slug is None else f"{kind}.{slug}", what, 'Write `slug = "isolate-host"`.')
        if slug in seen:
            raise PlacedError(f"{kind}.{slug}", f"the slug «{slug}» is there twice.", "Give each its own slug.", again=True)
        seen.add(slug)


class PlacedError(ContentError):
    """Something wrong at a place of a playbook: a key, a step, a step's key."""

    def __init__(self, place: str, message: str, hint: str, *, again: bool = False) -> None:
        super().__init__(message, hint)
        self.place, self.again = place, again


def draft_problems(files: Iterable[PlaybookFile], templates: Collection[str]) -> list[Problem]:
    """Notices that no template makes: one that is being mended must not take a playbook, or the whole spine, away."""
    problems = []
    for file in files:
        for step in file.document.get("steps", ()):
            for slug in step.get("drafts", ()):
                if slug not in templates:
                    place = file.place(f"steps.{step['slug']}.drafts")
                    what = f"steps.{step['slug']}: there is no notice «{slug}»; the rest of the playbook is used."
                    problems.append(Problem(file.path.name, place, what, f"Did you mean {nearest(slug, templates)}?"))
    return problems


def target_problems(used: Iterable[tuple[PlaybookFile, Playbook]]) -> list[Problem]:
    """Decisions that may take longer than their step's target: the target would pass while there is still time."""
    problems = []
    for file, playbook in used:
        for step in playbook.steps:
            within = step.decision.within if step.decision is not None else None
            if within is not None and step.target is not None and step.target.within < within:
                what = f"steps.{step.slug}: the target comes before the time to decide is over (`within`)."
                place = file.place(f"steps.{step.slug}.target")
                problems.append(Problem(file.path.name, place, what, "Move the target back, or shorten `within`."))
    return problems


def pivot_problems(files: Iterable[PlaybookFile], known: Iterable[str]) -> list[Problem]:
    """Pivots that lead nowhere: the playbook itself can be used."""
    there = frozenset(known)
    problems = []
    for file in files:
        pivots = file.document.get("pivots", {})
        for slug in pivots if isinstance(pivots, Mapping) else ():
            if slug not in there:
                mend = f"Did you mean {nearest(slug, there)}?"
                problems.append(Problem(file.path.name, file.place("pivots"), f"there is no playbook «{slug}» to go to.", mend))
    return problems
