"""Notice templates of one's own: copy one into the user's folder, check them with file and line, look at one filled in."""

import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from incident.content.folders import content_folders, user_folder
from incident.content.templates import read_template
from incident.documents.page import Dress, Mark, Page, dress, render_page
from incident.documents.plain import page_text
from incident.documents.render import Frame, Letterhead
from incident.documents.words import forget_words
from incident.domain.notice import FieldType, NoticeField, NoticeKind, NoticeTemplate
from incident.domain.problem import Problem
from incident.domain.vocabulary import nearest
from incident.errors import ContentError, DocumentError, IncidentError, RefusedError, StoreError
from incident.usecases.catalogue import catalogue

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_MADE_AT = datetime(2026, 3, 2, 14, 2, tzinfo=UTC)
"""When the invented notice of a preview was made: the same template gives the same preview."""
_SOURCE_FAMILIES = ("organisation.", "basis.", "filed.", "obligation.")
_OTHER_SOURCES = frozenset(
    "principal.name incident.reference incident.title incident.declared_at obligation.due_at obligation.late "  # noqa: SIM905
    "filings.summary notice.report notice.kind notice.earlier_reference breach.kinds breach.when data.protection "
    "people.total people.certainty people.countries people.eea_countries people.cross_border organisation.countries".split()
)


@dataclass(frozen=True, slots=True)
class Checked:
    """What was read and what is wrong with it."""

    sound: tuple[str, ...]
    problems: tuple[Problem, ...]


def copy_template(name: str, source: str, *, titled: str = "") -> Path:
    """Copy a template into the user's folder under a name of its own; the folder that was made."""
    if not _SLUG.fullmatch(name):
        raise ContentError(f"«{name}» is no name for a template.", "Use small letters, digits and hyphens: acme-customers.")
    template = catalogue().template(source)
    target = user_folder() / "notice_templates" / name
    if target.exists():
        raise RefusedError(f"{target} is there already.", "Choose another name, or edit it as it is.")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(template.folder, target)
        if titled:
            _retitle(target / "notice.toml", titled)
    except OSError as error:
        raise StoreError(
            f"{target} cannot be written: {error.strerror}.", "Name another folder in INCIDENT_CONTENT."
        ) from error
    return target


def _retitle(path: Path, title: str) -> None:
    quoted = '"' + title.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"^title\s*=.*$", lambda _: f"title = {quoted}", text, count=1, flags=re.M), encoding="utf-8")


def check_templates(names: tuple[str, ...] = ()) -> Checked:
    """Read every template (or those named); fill one's own and those named once with everything and once with nothing.

    Names unknown facts, undefined variables, content elements that no field covers and missing languages, each with its file
    and, where there is one, its line.
    """
    folders = content_folders("notice_templates")
    paths: dict[str, Path] = {}
    for folder in folders:
        for path in sorted(folder.glob("[!_]*/notice.toml")):
            paths.setdefault(path.parent.name, path)
    if unknown := [each for each in names if each not in paths]:
        raise RefusedError(f"There is no notice «{unknown[0]}».", f"Did you mean {nearest(unknown[0], paths)}?")
    sound, problems = [], []
    for slug in sorted(names or paths):
        own = paths[slug].is_relative_to(user_folder())
        found = _problems(paths[slug], tuple(str(each) for each in folders), filled=own or bool(names))
        problems.extend(found)
        if not found:
            sound.append(slug)
    return Checked(tuple(sound), tuple(problems))


def _problems(path: Path, layouts: tuple[str, ...], *, filled: bool) -> list[Problem]:
    place = f"{path.parent.name}/notice.toml"
    try:
        template = read_template(path, layouts=layouts)
    except ContentError as error:
        return [Problem(place, "the file", error.message, error.hint)]
    lines = path.read_text(encoding="utf-8").splitlines()
    unfillable = _unfillable(template) if filled else []
    return [*_unknown_sources(template, place, lines), *_uncovered(template, place), *unfillable]


def _line_of(lines: list[str], word: str) -> str:
    found = next((number for number, line in enumerate(lines, start=1) if f'"{word}"' in line), None)
    return f"line {found}" if found is not None else "the file"


def _unknown_sources(template: NoticeTemplate, place: str, lines: list[str]) -> list[Problem]:
    """A source that nothing supplies would leave its field blank for ever."""
    facts = catalogue().law.vocabulary.kinds
    problems = []
    for field in template.fields:
        key = field.source.partition("@")[0]
        known = not key or key in _OTHER_SOURCES or key.startswith(_SOURCE_FAMILIES) or key in facts
        if not known:
            hint = f"Did you mean {nearest(key, [*facts, *_OTHER_SOURCES])}?"
            problems.append(Problem(place, _line_of(lines, field.source), f"{field.key}: there is no fact «{key}».", hint))
    return problems


def _uncovered(template: NoticeTemplate, place: str) -> list[Problem]:
    covered = {each for field in template.fields for each in field.covers}
    wanted = catalogue().law.elements_of(template.duties)
    return [
        Problem(place, "covers", f"no field covers «{each.text}» ({each.citation}).", f'Add covers = ["{each.id}"] to a field.')
        for each in wanted
        if each.id not in covered
    ]


def _unfillable(template: NoticeTemplate) -> list[Problem]:
    problems = []
    for language in template.languages:
        for values in (invented(template), {}):
            try:
                _page(template, language, values)
            except (DocumentError, ContentError) as error:
                problems.append(Problem(f"{template.slug}/{language}.html.j2", "the text", error.message, error.hint))
                break
    return problems


_INVENTED: Mapping[FieldType, Any] = {
    FieldType.NUMBER: 400,
    FieldType.MOMENT: "2026-03-01T13:10:00+00:00",
    FieldType.CHOICES: ["name", "email"],
    FieldType.FLAG: True,
    FieldType.PEOPLE: [{"in": "DE", "count": 400}],
}


def invented(template: NoticeTemplate) -> dict[str, object]:
    """An answer for every field, as a preview shows it."""
    return {each.key: _invented(each) for each in template.fields}


def _invented(field: NoticeField) -> object:
    if field.choices:
        return field.choices[0][0] if field.type is FieldType.CHOICE else [field.choices[0][0]]
    return _INVENTED.get(field.type, f"‹{field.label}›")


def _page(template: NoticeTemplate, language: str, values: Mapping[str, object]) -> Page:
    frame = Frame(
        organisation=Letterhead("Example Ltd (invented)", ("1 Example Street", "Example Town"), "desk@example.org"),
        reference="INC-2026-0000",
        code_name="Preview",
        on_behalf_of="",
        recipient_name="The recipient",
        recipient_address="",
        kind=NoticeKind.COMPLETE,
        version_number=1,
        made_at=_MADE_AT,
        zone="UTC",
        language=language,
        facts={},
    )
    return render_page(template, values, frame)


def _chosen(name: str, language: str) -> tuple[NoticeTemplate, str]:
    template = catalogue().template(name)
    chosen = language or ("en" if "en" in template.languages else template.languages[0])
    if chosen not in template.languages:
        raise RefusedError(f"«{template.title}» is not there in «{chosen}».", f"There is: {', '.join(template.languages)}.")
    return template, chosen


def preview_text(name: str, language: str = "") -> str:
    """A template filled in with invented answers, as text for the terminal."""
    template, chosen = _chosen(name, language)
    page = _page(template, chosen, invented(template))
    return page_text(page.written or page.html)


def preview_pdf(name: str, path: Path, language: str = "") -> Path:
    """The same as a PDF, marked as a draft."""
    from incident.documents.pdf import render_pdf
    from incident.usecases.press import write_private

    template, chosen = _chosen(name, language)
    page = _page(template, chosen, invented(template))
    wear = Dress(Mark.DRAFT, "INC-2026-0000", 1, "0" * 64, 0, "0" * 64)
    pdf = render_pdf(dress(page, wear), title=template.title_in(chosen), language=chosen, notice_json=b"{}", made_at=_MADE_AT)
    write_private(path, pdf)
    return path


def stamp_of(name: str) -> tuple[float, ...]:
    """When the template's files were last changed: a live preview looks again when one of them was."""
    template = catalogue().template(name)
    folders = [Path(template.folder), *(Path(each) / part for each in template.layouts for part in ("_layout", "_words"))]
    return tuple(sorted(each.stat().st_mtime for folder in folders if folder.is_dir() for each in folder.iterdir()))


def reloaded(name: str) -> IncidentError | None:
    """Read the content again; what is wrong with this template now, if anything."""
    catalogue.cache_clear()
    forget_words()
    try:
        catalogue().template(name)
    except IncidentError as error:
        found = [each for each in catalogue().problems if each.file.startswith(f"{name}/")]
        return ContentError(str(found[0]), "Mend it; the preview goes on.") if found else error
    return None
