"""Reads notice templates: a folder each, `notice.toml` and one `<language>.html.j2` per language.

A broken template is left out and listed with file and line; the others stay usable.
"""

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from incident.content.template_check import check_template
from incident.domain.notice import FieldType, LengthUnit, NoticeField, NoticeForm, NoticeKind, NoticeTemplate
from incident.domain.problem import Problem
from incident.domain.vocabulary import nearest
from incident.errors import ContentError

_TOP = frozenset(
    "title titles recipient form discharges apart citation citations paper unverified sections fields "  # noqa: SIM905
    "portal_language exchange continues reader".split()
)
_FIELD = frozenset(
    "key label labels section type source covers guidance choices max_length required optional row portal visible_if "  # noqa: SIM905
    "applies counts unsettled takes wanted unverified".split()
)
_KINDS = {"follow_up": NoticeKind.SUPPLEMENTARY, **{each.value: each for each in NoticeKind}}
"""The kinds of notice by the words that `applies` may use."""


_READERS = ("regulator", "customer", "public")


def read_templates(folders: Sequence[Path]) -> tuple[tuple[NoticeTemplate, ...], tuple[Problem, ...]]:
    """Every notice template (the first folder that has a name wins), and what is wrong with the rest.

    Layouts and words are looked for in all folders, file by file, so that a copy of one template stands alone.
    """
    found: dict[str, NoticeTemplate] = {}
    problems: list[Problem] = []
    for folder in folders:
        for path in sorted(folder.glob("[!_]*/notice.toml")):
            slug = path.parent.name
            if slug in found:
                continue
            try:
                found[slug] = read_template(path, layouts=tuple(str(each) for each in folders))
            except ContentError as error:
                problems.append(Problem(f"{slug}/notice.toml", "the file", error.message, error.hint))
    return tuple(found[slug] for slug in sorted(found)), tuple(problems)


def read_template(path: Path, *, layouts: tuple[str, ...] = ()) -> NoticeTemplate:
    """One template, its `_layout` and `_words` in these folders (else beside it).

    Raises ContentError naming the file and the key or line.
    """
    where = f"{path.parent.name}/{path.name}"
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ContentError(f"{where}: this is not TOML: {error}.", "Mend the line.") from error
    _known(content, _TOP, where)
    languages = tuple(sorted(each.name.removesuffix(".html.j2") for each in path.parent.glob("*.html.j2")))
    if not languages:
        raise ContentError(f"{where}: there is no text in any language.", "Add `en.html.j2` beside it.")
    try:
        template = NoticeTemplate(
            slug=path.parent.name,
            title=content["title"],
            recipient=content["recipient"],
            form=NoticeForm(content["form"]),
            discharges=tuple(content["discharges"]),
            languages=languages,
            fields=tuple(_field(each, where) for each in content["fields"]),
            paper=content.get("paper", "A4"),
            citation=content.get("citation", ""),
            unverified=content.get("unverified", ""),
            folder=str(path.parent),
            titles=content.get("titles", {}),
            headings=content.get("sections", {}),
            citations=content.get("citations", {}),
            apart=tuple(content.get("apart", ())),
            layouts=layouts,
            portal_language=content.get("portal_language", ""),
            exchange=content.get("exchange", ""),
            continues=tuple(content.get("continues", ())),
            reader=_reader(content.get("reader", ""), where),
        )
    except KeyError as error:
        raise ContentError(f"{where}: {error} is missing.", "Add the key.") from error
    except (ValueError, TypeError, AttributeError) as error:
        raise ContentError(f"{where}: {error}.", "Mend the value.") from error
    check_template(template, where)
    return template


def _known(table: Mapping[str, Any], keys: frozenset[str], where: str) -> None:
    for key in table:
        if key not in keys:
            raise ContentError(f"{where}: «{key}» is not a key here.", f"Did you mean {nearest(key, keys)}?")


def _field(entry: Mapping[str, Any], where: str) -> NoticeField:
    place = f"{where}: fields.{entry.get('key', '?')}"
    _known(entry, _FIELD, place)
    choices: Mapping[str, Any] = entry.get("choices", {})
    return NoticeField(
        key=entry["key"],
        label=entry["label"],
        type=FieldType(entry["type"]),
        source=entry.get("source", ""),
        covers=tuple(entry.get("covers", ())),
        guidance=entry.get("guidance", ""),
        choices=tuple((token, text["en"] if isinstance(text, Mapping) else text) for token, text in choices.items()),
        max_length=entry.get("max_length"),
        required=entry.get("required", False),
        optional=entry.get("optional", False),
        section=entry.get("section", ""),
        labels=entry.get("labels", {}),
        row=entry.get("row", ""),
        portal=entry.get("portal", ""),
        visible_if=entry.get("visible_if", ""),
        applies=tuple(_kind(each, place) for each in entry.get("applies", ())),
        counts=LengthUnit(entry.get("counts", "characters")),
        unsettled=tuple(entry.get("unsettled", ())),
        takes=entry.get("takes", {}),
        choice_labels={token: text for token, text in choices.items() if isinstance(text, Mapping)},
        wanted=entry.get("wanted", False),
        unverified=entry.get("unverified", False),
    )


def _kind(word: str, place: str) -> NoticeKind:
    if word not in _KINDS:
        raise ContentError(f"{place}: «{word}» is not a kind of notice.", f"Write {', '.join(_KINDS)}.")
    return _KINDS[word]


def _reader(word: str, where: str) -> str:
    if word and word not in _READERS:
        raise ContentError(f"{where}: «{word}» is not a reader.", f"Write {', '.join(_READERS)}.")
    return word
