"""Checks a notice template that was read: its languages, its texts, its conditions and the answers they name."""

from pathlib import Path

from incident.domain.form import ELSE
from incident.domain.form_condition import read_condition
from incident.domain.notice import NoticeField, NoticeTemplate
from incident.domain.vocabulary import nearest
from incident.errors import ContentError

_GROUPS = frozenset(
    "organisation at data breach risk options account people filed filings obligation incident principal basis".split()  # noqa: SIM905
)
"""What may stand before the dot of a fact or another source."""


def check_template(template: NoticeTemplate, where: str) -> None:
    """Raise ContentError naming the file and the key, word or line that is wrong."""
    _check_fields(template, where)
    for language in template.languages:
        _check_text(template, language)
        if language != "en":
            _check_words(template, language, where)


def _check_fields(template: NoticeTemplate, where: str) -> None:
    keys = [each.key for each in template.fields]
    if len(set(keys)) != len(keys):
        raise ContentError(f"{where}: a field is there twice.", "Give each field its own key.")
    for field in template.fields:
        place = f"{where}: fields.{field.key}"
        tokens = [token for token, _ in field.choices]
        for token in (*field.unsettled, *field.takes.values()):
            if token not in tokens:
                raise ContentError(f"{place}: «{token}» is not one of its choices.", f"Did you mean {nearest(token, tokens)}?")
        if ELSE in field.takes and len(field.takes) > 1 and list(field.takes)[-1] != ELSE:
            raise ContentError(f"{place}: «{ELSE}» stands for whatever else was said.", "Write it last in `takes`.")
        if field.visible_if:
            _check_condition(template, field, place)


def _check_condition(template: NoticeTemplate, field: NoticeField, place: str) -> None:
    try:
        condition = read_condition(field.visible_if)
    except ContentError as error:
        raise ContentError(f"{place}: visible_if: {error.message}", error.hint) from error
    keys = [each.key for each in template.fields]
    for name in condition.names:
        known = name.split(".")[0] in _GROUPS if "." in name else name in keys or name == "kind"
        if not known:
            among = sorted(_GROUPS) if "." in name else keys
            hint = f"Did you mean {nearest(name.split('.')[0], among)}?"
            raise ContentError(f"{place}: visible_if: there is no field or fact «{name}».", hint)
    for name, token in condition.tokens:
        other = template.field_named(name)
        tokens = [each for each, _ in other.choices] if other else []
        if tokens and token not in tokens:
            message = f"{place}: visible_if: «{token}» is not one of the choices of «{name}»."
            raise ContentError(message, f"Did you mean {nearest(token, tokens)}?")


def _check_text(template: NoticeTemplate, language: str) -> None:
    from jinja2 import Environment, TemplateSyntaxError

    text = (Path(template.folder) / f"{language}.html.j2").read_text(encoding="utf-8")
    try:
        Environment(autoescape=True).parse(text)
    except TemplateSyntaxError as error:
        message = f"{template.slug}/{language}.html.j2, line {error.lineno}: {error.message}."
        raise ContentError(message, "Mend the line.") from error


def _check_words(template: NoticeTemplate, language: str, where: str) -> None:
    lacking = [each.key for each in template.fields if language not in each.labels]
    lacking += [
        f"{each.key}.{token}"
        for each in template.fields
        for token, _ in each.choices
        if language not in each.choice_labels.get(token, {})
    ]
    lacking += [key for key, texts in template.headings.items() if language not in texts]
    lacking += [] if language in template.titles else ["title"]
    lacking += [] if language in template.citations or not template.citation else ["citation"]
    if lacking:
        raise ContentError(f"{where}: no «{language}» words for {', '.join(lacking[:4])}.", "Add them.")
